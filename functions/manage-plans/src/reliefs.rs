//! Subsidies (补贴) and gifted cover (赠险) of an office: granted for a plan variant and a period, ended, never edited.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::account::{Actor, Permission};
use domain::ids::{NodeId, ReliefId};
use domain::money::Fen;
use domain::organisation::{Node, NodeKind};
use domain::receipt::{FundSource, Relief, ReliefBook, ReliefKind, SubsidyRule};
use domain::refusal::{Problem as Fault, Refusal};
use http::StatusCode;
use http::header::ETAG;
use jiff::civil::Date;
use lambda::http::{
    Answer, Command, Failure, IdempotencyKey, IfMatch, Json, Listing, Paging, Path, Problem, Signed, etag,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::desk::Desk;
use workflow::ports::reliefs_subject;
use workflow::scope::Scope;

use crate::shared::{BookChanged, BookTrailView, Revision, may_read, seen, today, trail_of};

/// A new subsidy or gifted cover.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReliefInput {
    /// Code of the plan variant, in whichever version.
    pub plan_code: String,
    /// How much of the contribution.
    rule: ReliefRuleTerms,
    /// Who bears it.
    bearer: BearerTerms,
    /// First day on which an enrolment that is completed gets it: today or later.
    #[schema(value_type = String, format = "date")]
    from: Date,
    /// Last such day; none while it is open.
    #[schema(value_type = Option<String>, format = "date")]
    until: Option<Date>,
}

/// How much of the contribution.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
enum ReliefRuleTerms {
    /// The same for each member, at most the member's contribution.
    FixedPerMember {
        /// In fen.
        amount_fen: i64,
    },
    /// A part of the contribution, rounded to fen as the office has set.
    Percentage {
        /// In hundredths of a percent, at most 10,000.
        basis_points: u16,
    },
    /// The full fee of each member's first shares.
    FirstShares {
        /// Shares of each member.
        shares: u32,
    },
}

/// Who bears it.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
enum BearerTerms {
    /// 补贴
    Subsidy {
        /// 补贴单位
        title: String,
        /// 税号; may be empty.
        #[serde(default)]
        tax_number: String,
        /// `union-funds`, `administrative-funds` or `self-paid`.
        #[schema(value_type = String)]
        fund_source: FundSource,
    },
    /// 赠险: nobody pays it.
    GiftedCover {},
}

/// The last day of a subsidy or gifted cover.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReliefEndInput {
    /// Today or later. One that would end before it begins is taken out.
    #[schema(value_type = String, format = "date")]
    last_day: Date,
}

/// Everything an office grants.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReliefsView {
    /// Identifier of the office.
    office: String,
    /// 办事处
    office_name: String,
    /// Version of the whole, as in `ETag`.
    version: u64,
    /// The newest first.
    reliefs: Vec<ReliefView>,
}

/// A subsidy or gifted cover.
#[derive(Debug, Serialize, ToSchema)]
struct ReliefView {
    /// Identifier.
    id: String,
    /// 补贴 or 赠险
    kind_name: &'static str,
    /// Code of the plan variant.
    plan_code: String,
    /// How much of the contribution.
    rule: ReliefRuleTerms,
    /// Who bears it.
    bearer: BearerTerms,
    /// First day.
    from: String,
    /// Last day; none while it is open.
    until: Option<String>,
    /// Whether an enrolment that is completed today gets it.
    applies_today: bool,
}

impl ReliefInput {
    /// The relief, under an identifier.
    pub fn relief(self, id: ReliefId) -> Relief {
        let rule = match self.rule {
            ReliefRuleTerms::FixedPerMember { amount_fen } => {
                SubsidyRule::FixedPerMember { amount: Fen::new(amount_fen) }
            }
            ReliefRuleTerms::Percentage { basis_points } => SubsidyRule::Percentage { basis_points },
            ReliefRuleTerms::FirstShares { shares } => SubsidyRule::FirstShares { shares },
        };
        let kind = match self.bearer {
            BearerTerms::Subsidy { title, tax_number, fund_source } => {
                let bearer_title = title.trim().to_owned();
                ReliefKind::Subsidy { bearer_title, tax_number: tax_number.trim().to_owned(), fund_source }
            }
            BearerTerms::GiftedCover {} => ReliefKind::GiftedCover,
        };
        Relief { id, plan_code: self.plan_code, rule, kind, from: self.from, until: self.until }
    }
}

fn shown(relief: &Relief, today: Date) -> ReliefView {
    let rule = match relief.rule {
        SubsidyRule::FixedPerMember { amount } => ReliefRuleTerms::FixedPerMember { amount_fen: amount.fen() },
        SubsidyRule::Percentage { basis_points } => ReliefRuleTerms::Percentage { basis_points },
        SubsidyRule::FirstShares { shares } => ReliefRuleTerms::FirstShares { shares },
    };
    let bearer = match relief.kind.clone() {
        ReliefKind::Subsidy { bearer_title, tax_number, fund_source } => {
            BearerTerms::Subsidy { title: bearer_title, tax_number, fund_source }
        }
        ReliefKind::GiftedCover => BearerTerms::GiftedCover {},
    };
    ReliefView {
        id: relief.id.to_string(),
        kind_name: relief.kind.chinese(),
        plan_code: relief.plan_code.clone(),
        rule,
        bearer,
        from: relief.from.to_string(),
        until: relief.until.map(|day| day.to_string()),
        applies_today: relief.applies_on(today),
    }
}

/// What an office grants, ended ones included; the version of the whole as `ETag`.
#[utoipa::path(get, path = "/offices/{office}/reliefs", tag = "plans", params(("office" = String, Path)),
    responses((status = 200, body = ReliefsView)))]
pub async fn list(
    State(desk): State<Desk>,
    Signed { actor, .. }: Signed,
    Path(office): Path<NodeId>,
) -> Result<Response, Problem> {
    may_read(&actor)?;
    let node = office_in_scope(&desk, &actor, &office).await?;
    let book = desk.store.relief_book(&office).await?;
    let today = today(&desk);
    let view = ReliefsView {
        office: office.to_string(),
        office_name: node.name,
        version: book.version,
        reliefs: book.reliefs.iter().rev().map(|relief| shown(relief, today)).collect(),
    };
    Ok(([(ETAG, etag(book.version))], Json(view)).into_response())
}

/// Grant a subsidy or gifted cover. Every enrolment of the office that is completed within its period gets it.
#[utoipa::path(post, path = "/offices/{office}/reliefs", tag = "plans",
    params(("office" = String, Path), IdempotencyKey, IfMatch),
    request_body = ReliefInput, responses((status = 201, body = BookChanged)))]
pub async fn grant(
    State(desk): State<Desk>,
    Path(office): Path<NodeId>,
    IfMatch(from): IfMatch,
    command: Command<ReliefInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let work = async {
        let book = changeable(&desk, &actor, &office, from).await?;
        let relief = body.relief(ReliefId::from_ulid(desk.ids.ulid()));
        let known = desk.store.plan_book(&relief.plan_code).await?.is_some();
        let until = relief.until.map_or_else(|| "另行通知".to_owned(), |day| day.to_string());
        let note = format!("{}：{}，自{}至{until}", relief.kind.chinese(), relief.plan_code, relief.from);
        let next = judged(known, book.grant(relief, today(&desk)))?;
        Revision { desk: &desk, actor: &actor, once: &once, status: StatusCode::CREATED }
            .write((next, "grant", note))
            .await
    };
    once.run(&*desk.store, work).await
}

/// The plan's own problem stands before those of the other fields.
pub fn judged(plan_known: bool, judged: Result<ReliefBook, Refusal>) -> Result<ReliefBook, Refusal> {
    if plan_known {
        return judged;
    }
    let unknown = Fault::new("/plan_code", "PLAN_UNKNOWN", "没有这个保障活动细类");
    let others = judged.err().map(|refusal| refusal.problems).unwrap_or_default();
    Err(Refusal::invalid(std::iter::once(unknown).chain(others).collect()))
}

/// End a subsidy or gifted cover. Enrolments completed until then keep it.
#[utoipa::path(post, path = "/offices/{office}/reliefs/{relief}/end", tag = "plans",
    params(("office" = String, Path), ("relief" = String, Path), IdempotencyKey, IfMatch),
    request_body = ReliefEndInput, responses((status = 200, body = BookChanged)))]
pub async fn end(
    State(desk): State<Desk>,
    Path((office, relief)): Path<(NodeId, ReliefId)>,
    IfMatch(from): IfMatch,
    command: Command<ReliefEndInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let by = Revision { desk: &desk, actor: &actor, once: &once, status: StatusCode::OK };
    by.carry_out(changeable(&desk, &actor, &office, from), |book| {
        let ended = book.reliefs.iter().find(|known| known.id == relief);
        let what = ended.map_or_else(String::new, |ended| format!("{}：{}", ended.kind.chinese(), ended.plan_code));
        let before = ended.and_then(|ended| ended.until).map_or_else(|| "（无）".to_owned(), |day| day.to_string());
        let next = book.end(&relief, body.last_day, today(&desk))?;
        let note = format!("{what}，until：{before} → {}", body.last_day);
        Ok((next, "end", note))
    })
    .await
}

/// Who granted and ended what, and when.
#[utoipa::path(get, path = "/offices/{office}/reliefs/trail", tag = "plans",
    params(("office" = String, Path), Paging), responses((status = 200, body = Listing<BookTrailView>)))]
pub async fn trail(
    State(desk): State<Desk>,
    Signed { actor, .. }: Signed,
    Path(office): Path<NodeId>,
    paging: Paging,
) -> Result<Json<Listing<BookTrailView>>, Problem> {
    may_read(&actor)?;
    office_in_scope(&desk, &actor, &office).await?;
    Ok(Json(trail_of(&desk, &reliefs_subject(&office), paging).await?))
}

/// The office, if there is one of that name in somebody's scope.
async fn office_in_scope(desk: &Desk, actor: &Actor, office: &NodeId) -> Result<Node, Problem> {
    let node = desk.store.node(office).await?;
    let visible = |node: &Node| node.kind == NodeKind::Office && Scope::of(actor).covers(&node.path);
    node.filter(visible).ok_or_else(Problem::not_found)
}

/// The book, for somebody who may change it and has seen it as it is.
async fn changeable(desk: &Desk, actor: &Actor, office: &NodeId, from: u64) -> Result<ReliefBook, Failure> {
    let (_, book) = granted(desk, actor, office).await?;
    seen(book.version, from)?;
    Ok(book)
}

/// The office and what it grants, for somebody who may change it.
pub async fn granted(desk: &Desk, actor: &Actor, office: &NodeId) -> Result<(Node, ReliefBook), Problem> {
    if !actor.may(Permission::ManagePlans) {
        return Err(Refusal::not_permitted().into());
    }
    let node = office_in_scope(desk, actor, office).await?;
    let book = desk.store.relief_book(office).await?;
    Ok((node, book))
}
