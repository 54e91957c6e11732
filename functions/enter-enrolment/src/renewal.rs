//! Renewals (续保管理): what is due, and the draft that goes on where an enrolment ends.

use axum::extract::State;
use domain::account::Permission;
use domain::enrolment::RENEWAL_OPENS_DAYS;
use domain::ids::{EnrolmentId, UnitId};
use domain::money::Fen;
use domain::organisation::NodePath;
use domain::refusal::Refusal;
use domain::unit::Discretion;
use http::StatusCode;
use jiff::ToSpan;
use jiff::civil::Date;
use lambda::enrolments::{Counter, EnrolmentOutcome, outcome};
use lambda::http::{
    Answer, Command, Empty, Fault, IdempotencyKey, Json, Listing, Paging, Path, Problem, Query, Signed,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use workflow::discretion;
use workflow::ports::DueForRenewal;
use workflow::renewals;
use workflow::scope::Scope;

/// Days after its end for which an enrolment is listed unless asked otherwise.
const LISTED_AFTER_DAYS: i64 = 90;

/// Renew an enrolment: from 60 days before its cover ends, once. The draft has its plans in the version in effect, shares
/// and headcounts; its rosters arrive as imports, each person checked again.
#[utoipa::path(post, path = "/enrolments/{enrolment}/renewal", tag = "enrolment",
    params(("enrolment" = String, Path), IdempotencyKey), responses((status = 201, body = EnrolmentOutcome)))]
pub async fn open(
    State(c): State<Counter>,
    Path(of): Path<EnrolmentId>,
    command: Command<Empty>,
) -> Result<Answer, Problem> {
    let Command { actor, once, .. } = command;
    let work = async {
        let answer = |e: &_| once.record(&outcome(StatusCode::CREATED, e));
        let e = renewals::open(&c.desk, &actor, &of, &answer).await?;
        Ok(outcome(StatusCode::CREATED, &e))
    };
    once.run(&*c.desk.store, work).await
}

/// Which enrolments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct DueQuery {
    /// Path of a node, to look at its subtree; one's own if absent.
    #[param(value_type = Option<String>)]
    node: Option<NodePath>,
    /// A unit in one's scope, to look at its enrolments only.
    #[param(value_type = Option<String>)]
    unit: Option<UnitId>,
    /// First last day of cover; 90 days ago if absent.
    #[param(value_type = Option<String>)]
    from: Option<Date>,
    /// Last one; in 60 days if absent.
    #[param(value_type = Option<String>)]
    to: Option<Date>,
}

/// An enrolment to renew.
#[derive(Debug, Serialize, ToSchema)]
pub struct DueView {
    /// Identifier.
    id: String,
    /// 申请书号
    application_number: String,
    /// Identifier of the unit.
    unit: String,
    /// 单位名称
    unit_name: String,
    /// 保障活动, by name.
    plans: Vec<String>,
    /// 参保人数 of all plans.
    participants: u32,
    /// Total contribution, in fen.
    contribution_fen: Option<i64>,
    /// 保障到期日: the last day of the plan that ends first.
    cover_ends: String,
    /// Days until then; below 0 afterwards.
    days_left: i64,
}

/// Paid enrolments that end soon or ended lately and that nothing renews, the first to end first.
#[utoipa::path(get, path = "/renewals", tag = "enrolment", params(DueQuery, Paging),
    responses((status = 200, body = Listing<DueView>)))]
pub async fn due(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Query(query): Query<DueQuery>,
    paging: Paging,
) -> Result<Json<Listing<DueView>>, Problem> {
    if !actor.may(Permission::ReadEnrolments) {
        return Err(Refusal::not_permitted().into());
    }
    let node = match &query.unit {
        Some(unit) => c.desk.store.unit(unit, &Scope::of(&actor)).await?.ok_or_else(Problem::not_found)?.path,
        None => query.node.unwrap_or_else(|| actor.node.clone()),
    };
    if !actor.node.covers(&node) {
        return Err(Problem::not_found());
    }
    let today = c.desk.clock.today();
    let days = |days: i64| today.checked_add(days.days()).unwrap_or(today);
    let ends =
        (query.from.unwrap_or_else(|| days(-LISTED_AFTER_DAYS)), query.to.unwrap_or_else(|| days(RENEWAL_OPENS_DAYS)));
    if ends.1 < ends.0 {
        let fault = Fault::new("query:to", "DATE_RANGE", "结束日期不能早于开始日期");
        return Err(Problem::malformed(vec![fault]));
    }
    let page = c.desk.store.due_for_renewal(&node, ends, paging.request()).await?;
    let units = page.items.iter().map(|due| &due.summary.path).collect();
    let discretion = discretion::of(&*c.desk.store, &actor.node, units).await?;
    Ok(Json(paging.listing(page, |due| view(due, &discretion, today))))
}

fn view(due: DueForRenewal, discretion: &Discretion, today: Date) -> DueView {
    let DueForRenewal { summary, unit, cover_ends } = due;
    DueView {
        id: summary.id.to_string(),
        application_number: summary.application_number,
        unit: unit.to_string(),
        unit_name: summary.unit_name.listed(&summary.path, discretion),
        plans: summary.plans,
        participants: summary.participants,
        contribution_fen: summary.contribution.map(Fen::fen),
        cover_ends: cover_ends.to_string(),
        days_left: cover_ends.duration_since(today).as_hours() / 24,
    }
}
