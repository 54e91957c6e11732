//! The restricted list of people (限制名单) over HTTP: entered, looked up, lifted by a supervisor.
//!
//! Trigger: API Gateway. Effect: one commit per command – the entry, the mark that imports read, the trail. An ID number
//! comes in bodies only and goes out masked.

use std::sync::Arc;

use axum::extract::State;
use domain::account::Permission;
use domain::ids::{NodeId, RestrictionId};
use domain::refusal::Refusal;
use domain::restriction::Restriction;
use http::StatusCode;
use jiff::civil::Date;
use lambda::http::{Answer, Command, IdempotencyKey, Json, Listing, Paging, Path, Problem, Query, Signed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use workflow::desk::Desk;
use workflow::ports::Cipher;
use workflow::restrictions::{self, NewRestriction};

/// What these handlers need.
#[derive(Clone)]
pub struct Register {
    /// The tables, the clock, identifiers.
    pub desk: Desk,
    /// Keys of sealed numbers and blind indexes.
    pub cipher: Arc<dyn Cipher>,
}

/// The routes.
pub fn routes(register: Register) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(list, add)).routes(routes!(search)).routes(routes!(lift)).with_state(register)
}

/// A person to restrict.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RestrictionInput {
    /// The whole ID number.
    id_number: String,
    /// Why; at most 200 characters.
    reason: String,
    /// First day; today if absent.
    #[schema(value_type = Option<String>, format = "date")]
    from: Option<Date>,
    /// Last day; for good if absent.
    #[schema(value_type = Option<String>, format = "date")]
    until: Option<Date>,
}

/// An entry of the list.
#[derive(Debug, Serialize, ToSchema)]
struct RestrictionView {
    /// Identifier.
    id: String,
    /// The office whose list it is in.
    office: String,
    /// 身份证号码, masked.
    id_number: String,
    /// 限制原因
    reason: String,
    /// First day.
    from: String,
    /// Last day; for good if absent.
    until: Option<String>,
    /// Whether it holds today.
    in_force: bool,
    /// 录入时间
    at: String,
    /// 录入人
    by_name: String,
    /// 解除, once lifted.
    lifted: Option<LiftedView>,
}

/// How an entry was lifted.
#[derive(Debug, Serialize, ToSchema)]
struct LiftedView {
    /// When.
    at: String,
    /// Who.
    by_name: String,
    /// Why.
    reason: String,
}

impl RestrictionView {
    fn of(entry: Restriction, today: Date) -> Self {
        Self {
            in_force: entry.lifted.is_none() && entry.span.holds_on(today),
            id: entry.span.id.to_string(),
            office: entry.office.to_string(),
            id_number: entry.masked,
            reason: entry.reason,
            from: entry.span.from.to_string(),
            until: entry.span.until.map(|day| day.to_string()),
            at: entry.at.to_string(),
            by_name: entry.by_name,
            lifted: entry.lifted.map(|lifted| LiftedView {
                at: lifted.at.to_string(),
                by_name: lifted.by_name,
                reason: lifted.reason,
            }),
        }
    }
}

/// Put a person on the restricted list of one's office: no roster takes the person from then on.
#[utoipa::path(post, path = "/restricted-people", tag = "restricted", params(IdempotencyKey),
    request_body = RestrictionInput, responses((status = 201, body = RestrictionView)))]
async fn add(State(r): State<Register>, command: Command<RestrictionInput>) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let RestrictionInput { id_number, reason, from, until } = body;
    let today = r.desk.clock.today();
    let answer = |e: &Restriction| Answer::json(StatusCode::CREATED, &RestrictionView::of(e.clone(), today));
    let kept = |e: &Restriction| once.record(&answer(e));
    let work = async {
        let new = NewRestriction { id_number, reason, from, until };
        Ok(answer(&restrictions::add(&r.desk, &*r.cipher, &actor, new, &kept).await?))
    };
    once.run(&*r.desk.store, work).await
}

/// Why an entry is lifted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LiftInput {
    /// At most 200 characters.
    reason: String,
}

/// Take a person off the list (解除限制). The entry stays to be read.
#[utoipa::path(post, path = "/restricted-people/{restriction}/lift", tag = "restricted",
    params(("restriction" = String, Path), IdempotencyKey),
    request_body = LiftInput, responses((status = 200, body = RestrictionView)))]
async fn lift(
    State(r): State<Register>,
    Path(id): Path<RestrictionId>,
    command: Command<LiftInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let today = r.desk.clock.today();
    let answer = |e: &Restriction| Answer::json(StatusCode::OK, &RestrictionView::of(e.clone(), today));
    let kept = |e: &Restriction| once.record(&answer(e));
    let work = async { Ok(answer(&restrictions::lift_entry(&r.desk, &actor, &id, body.reason, &kept).await?)) };
    once.run(&*r.desk.store, work).await
}

/// Whose list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ListQuery {
    /// An office, for headquarters; one's own if absent.
    #[param(value_type = Option<String>)]
    office: Option<NodeId>,
}

/// The restricted list of an office, as far as it was entered within one's scope, the newest entry first.
#[utoipa::path(get, path = "/restricted-people", tag = "restricted", params(ListQuery, Paging),
    responses((status = 200, body = Listing<RestrictionView>)))]
async fn list(
    State(r): State<Register>,
    Signed { actor, .. }: Signed,
    Query(query): Query<ListQuery>,
    paging: Paging,
) -> Result<Json<Listing<RestrictionView>>, Problem> {
    if !actor.may(Permission::RestrictPeople) {
        return Err(Refusal::not_permitted().into());
    }
    let own = restrictions::office_of(&actor.node);
    let office = query.office.or(own).ok_or_else(Problem::not_found)?;
    let today = r.desk.clock.today();
    let page = r.desk.store.restrictions(&office, &actor.node, paging.request()).await?;
    Ok(Json(paging.listing(page, |entry| RestrictionView::of(entry, today))))
}

/// Whom to look for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RestrictionSearch {
    /// The whole ID number.
    id_number: String,
}

/// The entries that hold, or will hold, for a person, by the whole ID number.
#[utoipa::path(post, path = "/restricted-people/search", tag = "restricted",
    request_body = RestrictionSearch, responses((status = 200, body = Vec<RestrictionView>)))]
async fn search(
    State(r): State<Register>,
    Signed { actor, .. }: Signed,
    Json(input): Json<RestrictionSearch>,
) -> Result<Json<Vec<RestrictionView>>, Problem> {
    let found = restrictions::find(&r.desk, &*r.cipher, &actor, &input.id_number).await??;
    let today = r.desk.clock.today();
    Ok(Json(found.into_iter().map(|entry| RestrictionView::of(entry, today)).collect()))
}
