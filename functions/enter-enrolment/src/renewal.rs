//! Renewals (续保管理): what is due, and the draft that goes on where an enrolment ends.

use axum::extract::State;
use domain::ids::EnrolmentId;
use domain::money::Fen;
use domain::unit::Discretion;
use http::StatusCode;
use jiff::civil::Date;
use lambda::enrolments::{Counter, EnrolmentOutcome, outcome};
use lambda::http::{Answer, Command, Empty, IdempotencyKey, Json, Listing, Paging, Path, Problem, Query, Signed};
use lambda::lists::RenewalFilter;
use serde::Serialize;
use utoipa::ToSchema;
use workflow::discretion;
use workflow::ports::DueForRenewal;
use workflow::renewals;

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
#[utoipa::path(get, path = "/renewals", tag = "enrolment", params(RenewalFilter, Paging),
    responses((status = 200, body = Listing<DueView>)))]
pub async fn due(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Query(filter): Query<RenewalFilter>,
    paging: Paging,
) -> Result<Json<Listing<DueView>>, Problem> {
    let today = c.desk.clock.today();
    let (node, ends) = filter.ends(&*c.desk.store, &actor, today).await?;
    let page = c.desk.store.due_for_renewal(&node, ends, paging.request()).await?;
    let units = page.items.iter().map(|due| &due.summary.path).collect();
    let discretion = discretion::of(&*c.desk.store, &actor.node, units).await?;
    Ok(Json(paging.listing(page, |due| view(due, &discretion, today))))
}

fn view(due: DueForRenewal, discretion: &Discretion, today: Date) -> DueView {
    let days_left = due.days_left(today);
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
        days_left,
    }
}
