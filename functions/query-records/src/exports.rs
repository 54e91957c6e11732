//! Exports: asking for one, following it, downloading it.

use axum::extract::State;
use domain::account::{Actor, Permission};
use domain::export::{Export, ExportKind, ExportState, KEPT_DAYS};
use domain::ids::ExportId;
use domain::refusal::Refusal;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use lambda::http::{Answer, Command, Fault, IdempotencyKey, Json, Listing, Paging, Path, Problem, Signed};
use lambda::lists::{self, EnrolmentFilter, LedgerFilter, PaymentFilter, PoolFilter, RenewalFilter, UnitFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::exports::{self, Conditions, Wanted, WhichEnrolments};
use workflow::ports::{Page, business_date};

use crate::{LINK_LIFE, Records};

/// What to export, as the list of its kind takes its filter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum ExportInput {
    /// 参保单, of `GET /enrolments`.
    Enrolments {
        /// Which.
        #[serde(default)]
        filter: EnrolmentFilter,
    },
    /// 参保人员 of the enrolments that `GET /enrolments` lists.
    Rosters {
        /// Of which enrolments.
        #[serde(default)]
        filter: EnrolmentFilter,
        /// ID and mobile numbers in full, for those who may see such; the trail of each enrolment says so.
        #[serde(default)]
        in_full: bool,
    },
    /// 票据 of the enrolments that `GET /enrolments` lists.
    Receipts {
        /// Of which enrolments.
        #[serde(default)]
        filter: EnrolmentFilter,
    },
    /// 到账, of `GET /payments`.
    Payments {
        /// Which.
        #[serde(default)]
        filter: PaymentFilter,
    },
    /// 业财明细, of `GET /ledger`: line by line.
    Ledger {
        /// Which entries.
        #[serde(default)]
        filter: LedgerFilter,
    },
    /// 单位, of `GET /units`.
    Units {
        /// Which.
        #[serde(default)]
        filter: UnitFilter,
        /// The name in full, or the mobile number, of one of its valid contacts, as `POST /unit-searches` takes it; then the
        /// filter is not looked at.
        #[serde(default)]
        contact: Option<String>,
    },
    /// 工作池, of `GET /tasks`.
    Tasks {
        /// Which tasks.
        filter: PoolFilter,
    },
    /// 续保, of `GET /renewals`.
    Renewals {
        /// Which enrolments.
        #[serde(default)]
        filter: RenewalFilter,
    },
}

impl ExportInput {
    /// What an account wants, as far as it may see the list.
    async fn wanted(self, c: &Records, actor: &Actor) -> Result<Wanted, Problem> {
        let (store, today) = (&*c.counter.desk.store, c.counter.desk.clock.today());
        let wanted = |kind, conditions| Wanted { kind, conditions, in_full: false };
        Ok(match self {
            Self::Enrolments { filter } => wanted(ExportKind::Enrolments, enrolments(c, actor, filter).await?),
            Self::Rosters { filter, in_full } => {
                Wanted { in_full, ..wanted(ExportKind::Rosters, enrolments(c, actor, filter).await?) }
            }
            Self::Receipts { filter } => wanted(ExportKind::Receipts, enrolments(c, actor, filter).await?),
            Self::Payments { filter } => {
                wanted(ExportKind::Payments, Conditions::Payments(filter.query(store, actor, today).await?))
            }
            Self::Ledger { filter } => {
                wanted(ExportKind::Ledger, Conditions::Ledger(filter.query(store, actor, today).await?))
            }
            Self::Units { filter, contact: None } => wanted(ExportKind::Units, Conditions::Units(filter.list(actor)?)),
            Self::Units { contact: Some(contact), .. } => {
                let found = lists::units_of_contact(&*c.cipher, actor, &contact)?;
                wanted(ExportKind::Units, Conditions::Units(found))
            }
            Self::Tasks { filter } => {
                let (pool, tab) = filter.pool(store, actor).await?;
                wanted(ExportKind::Tasks, Conditions::Tasks(pool, tab))
            }
            Self::Renewals { filter } => {
                let (node, ends) = filter.ends(store, actor, today).await?;
                wanted(ExportKind::Renewals, Conditions::Renewals(node, ends))
            }
        })
    }
}

/// What a list says of a parameter of its query, said of the body.
fn in_filter(problem: Problem) -> Problem {
    if problem.status != StatusCode::BAD_REQUEST.as_u16() {
        return problem;
    }
    let moved = |fault: &Fault| match fault.pointer.strip_prefix("query:") {
        Some(name) => Fault { pointer: format!("/filter/{name}"), ..fault.clone() },
        None => fault.clone(),
    };
    Problem::malformed(problem.errors.iter().map(moved).collect())
}

async fn enrolments(c: &Records, actor: &Actor, filter: EnrolmentFilter) -> Result<Conditions, Problem> {
    let list = filter.list(&*c.counter.desk.store, actor).await?;
    let list = list.ok_or_else(|| Refusal::conflict("NOTHING_TO_EXPORT", "查询条件互相排斥，没有可导出的内容"))?;
    Ok(Conditions::Enrolments(WhichEnrolments { list, application_number: filter.application_number }))
}

/// An export.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportView {
    /// Identifier.
    id: String,
    /// `enrolments`, `rosters`, `receipts`, `payments`, `ledger`, `units`, `tasks` or `renewals`.
    #[schema(value_type = String)]
    kind: ExportKind,
    /// 参保单
    kind_name: &'static str,
    /// `queued`, `running`, `ready`, `failed` or `expired`.
    state: &'static str,
    /// 状态
    state_name: &'static str,
    /// Whether ID numbers are in full.
    in_full: bool,
    /// Rows written so far.
    rows: u32,
    /// Records of the list gone through so far.
    records: u32,
    /// When it was asked for.
    requested_at: String,
    /// When it became ready or failed.
    ended_at: Option<String>,
    /// Until when it can be downloaded.
    kept_until: Option<String>,
    /// File name.
    file_name: String,
    /// Bytes, once ready.
    size: Option<u64>,
    /// Why it failed.
    reason: Option<String>,
    /// Link, good for five minutes: of one that is ready, when it is asked for by itself.
    url: Option<String>,
}

fn view(export: &Export, now: Timestamp) -> ExportView {
    let mut view = ExportView {
        id: export.id.to_string(),
        kind: export.kind,
        kind_name: export.kind.chinese(),
        state: "running",
        state_name: "进行中",
        in_full: export.in_full,
        rows: export.rows(),
        records: export.records,
        requested_at: export.requested_at.to_string(),
        ended_at: None,
        kept_until: None,
        file_name: export.file_name(business_date(export.requested_at)),
        size: None,
        reason: None,
        url: None,
    };
    match &export.state {
        _ if export.stalled(now) => {
            (view.state, view.state_name) = ("failed", "失败");
            view.reason = Some("长时间没有进展，请重新导出".to_owned());
        }
        ExportState::Writing { .. } if export.version == 1 => (view.state, view.state_name) = ("queued", "排队中"),
        ExportState::Writing { .. } | ExportState::Assembling => {}
        ExportState::Ready { at, size, .. } => {
            let kept_until = kept_until(*at);
            let kept = now < kept_until;
            (view.state, view.state_name) = if kept { ("ready", "已完成") } else { ("expired", "已过期") };
            view.ended_at = Some(at.to_string());
            view.kept_until = Some(kept_until.to_string());
            view.size = Some(*size);
        }
        ExportState::Failed { at, reason, .. } => {
            (view.state, view.state_name) = ("failed", "失败");
            view.ended_at = Some(at.to_string());
            view.reason = Some(reason.clone());
        }
    }
    view
}

fn kept_until(ready_at: Timestamp) -> Timestamp {
    ready_at.checked_add(SignedDuration::from_hours(KEPT_DAYS * 24)).unwrap_or(Timestamp::MAX)
}

/// Export a list as a workbook, in the background: what the list shows whoever asks, within their data scope.
#[utoipa::path(post, path = "/exports", tag = "records", params(IdempotencyKey), request_body = ExportInput,
    responses((status = 201, body = ExportView), (status = 404)))]
pub async fn request(State(c): State<Records>, command: Command<ExportInput>) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let work = async {
        let wanted = body.wanted(&c, &actor).await.map_err(in_filter)?;
        let answer = |export: &Export| Answer::json(StatusCode::CREATED, &view(export, export.requested_at));
        let kept = |export: &Export| once.record(&answer(export));
        Ok(answer(&exports::request(&c.counter.desk, &actor, wanted, &kept).await?))
    };
    once.run(&*c.counter.desk.store, work).await
}

/// One's exports, newest first; each is forgotten after thirty days.
#[utoipa::path(get, path = "/exports", tag = "records", params(Paging),
    responses((status = 200, body = Listing<ExportView>)))]
pub async fn list(
    State(c): State<Records>,
    Signed { actor, .. }: Signed,
    paging: Paging,
) -> Result<Json<Listing<ExportView>>, Problem> {
    let now = c.counter.desk.clock.now();
    let Page { items, next } = c.counter.desk.store.exports(&actor.account, paging.request()).await?;
    let items = items.into_iter().filter(|export| exports::still_shown(&actor, export)).collect();
    Ok(Json(paging.listing(Page { items, next }, |export| view(&export, now))))
}

/// One of one's exports: how far it has come, and a link once it is ready.
#[utoipa::path(get, path = "/exports/{export}", tag = "records", params(("export" = String, Path)),
    responses((status = 200, body = ExportView)))]
pub async fn one(
    State(c): State<Records>,
    Signed { actor, .. }: Signed,
    Path(id): Path<ExportId>,
) -> Result<Json<ExportView>, Problem> {
    let found = c.counter.desk.store.export(&actor.account, &id).await?;
    let export = found.filter(|export| exports::still_shown(&actor, export)).ok_or_else(Problem::not_found)?;
    if export.in_full && !actor.may(Permission::UnmaskNumbers) {
        return Err(Refusal::not_permitted().into());
    }
    let now = c.counter.desk.clock.now();
    let mut view = view(&export, now);
    if let ExportState::Ready { at, key, .. } = &export.state
        && now < kept_until(*at)
    {
        view.url = Some(c.counter.links.link(key, &view.file_name, LINK_LIFE).await?);
    }
    Ok(Json(view))
}
