//! Lists of enrolments: a unit's own, and those of a subtree for the back office.

use axum::extract::State;
use domain::enrolment::State as Stand;
use domain::money::Fen;
use domain::receipt::FundSource;
use domain::unit::Discretion;
use lambda::enrolments::Counter;
use lambda::http::{Json, Listing, Paging, Problem, Query, Signed};
use lambda::lists::EnrolmentFilter;
use serde::Serialize;
use utoipa::ToSchema;
use workflow::discretion;
use workflow::ports::{EnrolmentSummary, Page};

/// An enrolment as the list shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolmentRow {
    /// Identifier.
    id: String,
    /// 申请书号
    application_number: String,
    /// 单位名称
    unit_name: String,
    /// State, `first-review`.
    state: &'static str,
    /// 状态
    state_name: &'static str,
    /// Since when it stands there.
    state_since: String,
    /// 录入日期
    created_at: String,
    /// 原因 of the last return.
    return_reason: Option<String>,
    /// 保障活动, by name.
    plans: Vec<String>,
    /// 参保人数 of all plans.
    participants: u32,
    /// 是否新业态
    new_employment_form: bool,
    /// 总会费, in fen.
    contribution_fen: Option<i64>,
    /// 补贴, in fen.
    subsidy_fen: Option<i64>,
    /// 赠险, in fen.
    gifted_fen: Option<i64>,
    /// 应付, in fen.
    amount_due_fen: Option<i64>,
    /// 剩余开票金额, in fen.
    remaining_fen: Option<i64>,
    /// 会费来源: what the receipts that stand come to, by source.
    funds: Vec<FundView>,
    /// First and last day of cover of all plans together, once paid.
    period: Option<[String; 2]>,
    /// 缴费通知单打印次数
    notice_prints: u32,
    /// 确认书号码, once paid.
    certificate_number: Option<String>,
    /// 确认书打印次数
    certificate_prints: u32,
    /// Whether the signed, sealed scan (扫描件) is there.
    scanned: bool,
}

/// Money of a source.
#[derive(Debug, Serialize, ToSchema)]
pub struct FundView {
    /// `union-funds`, `administrative-funds` or `self-paid`.
    #[schema(value_type = String)]
    source: FundSource,
    /// In fen.
    amount_fen: i64,
}

/// The enrolments of one's unit, or for the back office those of all units below one's node or another in it; newest
/// first. A page that finds little may end before it is full, with a `next`.
#[utoipa::path(get, path = "/enrolments", tag = "enrolment", params(EnrolmentFilter, Paging),
    responses((status = 200, body = Listing<EnrolmentRow>)))]
pub async fn list(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Query(filter): Query<EnrolmentFilter>,
    paging: Paging,
) -> Result<Json<Listing<EnrolmentRow>>, Problem> {
    let store = &*c.desk.store;
    let page = match (filter.list(store, &actor).await?, &filter.application_number) {
        (None, _) => Page { items: Vec::new(), next: None },
        (Some(list), None) => store.enrolments(&list, paging.request()).await?,
        (Some(list), Some(number)) => {
            let found = EnrolmentFilter::numbered(store, number, &list).await?;
            Page { items: found.into_iter().collect(), next: None }
        }
    };
    let discretion = discretion::of(store, &actor.node, page.items.iter().map(|e| &e.path).collect()).await?;
    Ok(Json(paging.listing(page, |e| row(e, &discretion))))
}

fn row(e: EnrolmentSummary, discretion: &Discretion) -> EnrolmentRow {
    let remaining = e.amount_due.zip(e.receipted).and_then(|(due, receipted)| due.checked_sub(receipted));
    EnrolmentRow {
        id: e.id.to_string(),
        application_number: e.application_number,
        unit_name: e.unit_name.listed(&e.path, discretion),
        state: e.state.as_str(),
        state_name: e.state.chinese(),
        state_since: e.state_since.to_string(),
        created_at: e.created_at.to_string(),
        return_reason: e.return_reason,
        plans: e.plans,
        participants: e.participants,
        new_employment_form: e.new_employment_form,
        contribution_fen: e.contribution.map(Fen::fen),
        subsidy_fen: e.subsidy.map(Fen::fen),
        gifted_fen: e.gifted.map(Fen::fen),
        amount_due_fen: e.amount_due.map(Fen::fen),
        remaining_fen: remaining.map(Fen::fen),
        funds: e.funds.into_iter().map(|(source, amount)| FundView { source, amount_fen: amount.fen() }).collect(),
        period: e.period.map(|p| [p.start().to_string(), p.end().to_string()]),
        notice_prints: e.notice_prints,
        certificate_number: e.certificate_number,
        certificate_prints: e.certificate_prints,
        scanned: e.scanned,
    }
}

/// How many enrolments a list has.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolmentTotals {
    /// All of them.
    total: u32,
    /// Whether there are at least so many: counting stops at a thousand of a state.
    at_least: bool,
    /// By state, in the order of the workflow.
    states: Vec<StateCount>,
}

/// How many stand in a state.
#[derive(Debug, Serialize, ToSchema)]
pub struct StateCount {
    /// State, `first-review`.
    state: &'static str,
    /// 状态
    state_name: &'static str,
    /// How many.
    count: u32,
}

/// How many enrolments the same filter lists, by state.
#[utoipa::path(get, path = "/enrolments/counts", tag = "enrolment", params(EnrolmentFilter),
    responses((status = 200, body = EnrolmentTotals)))]
pub async fn counts(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Query(filter): Query<EnrolmentFilter>,
) -> Result<Json<EnrolmentTotals>, Problem> {
    let store = &*c.desk.store;
    let (by_state, at_least) = match (filter.list(store, &actor).await?, &filter.application_number) {
        (None, _) => (Vec::new(), false),
        (Some(list), None) => {
            let counts = store.count_enrolments(&list).await?;
            (counts.by_state, counts.at_least)
        }
        (Some(list), Some(number)) => {
            let found = EnrolmentFilter::numbered(store, number, &list).await?;
            (found.map(|e| (e.state, 1)).into_iter().collect(), false)
        }
    };
    let states: Vec<StateCount> = by_state.into_iter().map(state_count).collect();
    let total = states.iter().map(|state| state.count).fold(0, u32::saturating_add);
    Ok(Json(EnrolmentTotals { total, at_least, states }))
}

fn state_count((state, count): (Stand, u32)) -> StateCount {
    StateCount { state: state.as_str(), state_name: state.chinese(), count }
}
