//! For registrars, and for those who look on.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::account::{Actor, Permission};
use domain::ids::RegistrationId;
use domain::refusal::Refusal;
use domain::registration::Registration;
use domain::task::Level;
use domain::trail::Topic;
use http::StatusCode;
use http::header::ETAG;
use lambda::http::{
    Answer, Command, IdempotencyKey, IfMatch, Json, Listing, Paging, Path, Problem, Query, Signed, etag,
};
use lambda::trails::{TrailLine, trail_line};
use lambda::units::{ContactInput, ImageLinks, image_links};
use workflow::asides::{self, Standing};
use workflow::desk::StepError;
use workflow::ports::RegistrationList;
use workflow::registrations::{self, Conclusion, Corrector, Seen};

use crate::Office;
use crate::input::{ApplicationInput, ConclusionInput, RegistrationsQuery, ReviewInput};
use crate::view::{RegistrationOutcome, RegistrationRow, RegistrationView, typed};

impl Office {
    async fn readable(&self, actor: &Actor, id: &RegistrationId) -> Result<Seen, Problem> {
        may_look(actor)?;
        self.registry().readable(actor, id).await?.ok_or_else(Problem::not_found)
    }

    /// The contact in full, which leaves an entry in the trail.
    async fn looked_up_contact(&self, actor: &Actor, seen: &Seen) -> Result<ContactInput, Problem> {
        let r = &seen.registration;
        let standing = Standing {
            topic: Topic::registration(r),
            version: r.version,
            state: seen.state().as_str(),
            since: r.state_since,
        };
        asides::looked(&self.counter.desk, actor, standing, "查看联系人的完整信息".to_owned()).await?;
        Ok(ContactInput::of_facts(&self.registry().contact(r)?))
    }
}

fn may_look(actor: &Actor) -> Result<(), Refusal> {
    let may = actor.may(Permission::ReadUnits) || actor.may(Permission::Work(Level::Registration));
    if may { Ok(()) } else { Err(Refusal::not_permitted()) }
}

fn outcome(status: StatusCode, registration: &Registration) -> Answer {
    Answer::json(status, &RegistrationOutcome::of(registration)).version(registration.version)
}

/// Register a unit on its behalf: no code is asked for, and whoever enters it may not review it.
#[utoipa::path(post, path = "/registrations/on-behalf", tag = "registration", params(IdempotencyKey),
    request_body = ApplicationInput, responses((status = 201, body = RegistrationOutcome)))]
pub(crate) async fn enter(State(office): State<Office>, command: Command<ApplicationInput>) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let answer = |r: &Registration| once.record(&outcome(StatusCode::CREATED, r));
    let work = async {
        let entered = office.registry().enter(&actor, &body.application(), &answer).await?;
        Ok(outcome(StatusCode::CREATED, &entered))
    };
    once.run(&*office.counter.desk.store, work).await
}

/// Applications in a state, whichever came to it last first: those that were rejected wait to be corrected.
#[utoipa::path(get, path = "/registrations", tag = "registration", params(RegistrationsQuery, Paging),
    responses((status = 200, body = Listing<RegistrationRow>)))]
pub(crate) async fn list(
    State(office): State<Office>,
    Signed { actor, .. }: Signed,
    Query(query): Query<RegistrationsQuery>,
    paging: Paging,
) -> Result<Json<Listing<RegistrationRow>>, Problem> {
    may_look(&actor)?;
    let node = query.node.unwrap_or_else(|| actor.node.clone());
    if !actor.node.covers(&node) {
        return Err(Problem::not_found());
    }
    let list = RegistrationList { node, state: query.state.stored() };
    let page = office.counter.desk.store.registrations(&list, paging.request()).await?;
    Ok(Json(paging.listing(page, |r| RegistrationRow::of(&r))))
}

/// An application.
#[utoipa::path(get, path = "/registrations/{registration}", tag = "registration",
    params(("registration" = String, Path)), responses((status = 200, body = RegistrationView)))]
pub(crate) async fn read(
    State(office): State<Office>,
    Signed { actor, .. }: Signed,
    Path(id): Path<RegistrationId>,
) -> Result<Response, Problem> {
    let seen = office.readable(&actor, &id).await?;
    let version = etag(seen.registration.version);
    Ok(([(ETAG, version)], Json(RegistrationView::of(&seen))).into_response())
}

/// The contact of an application in full. The trail says who looked.
#[utoipa::path(get, path = "/registrations/{registration}/contact", tag = "registration",
    params(("registration" = String, Path)), responses((status = 200, body = ContactInput)))]
pub(crate) async fn contact(
    State(office): State<Office>,
    Signed { actor, .. }: Signed,
    Path(id): Path<RegistrationId>,
) -> Result<Json<ContactInput>, Problem> {
    if !actor.may(Permission::UnmaskNumbers) {
        return Err(Refusal::not_permitted().into());
    }
    let seen = office.readable(&actor, &id).await?;
    Ok(Json(office.looked_up_contact(&actor, &seen).await?))
}

/// A rejected application as it was typed, to be corrected on the unit's behalf. The trail says who looked.
#[utoipa::path(get, path = "/registrations/{registration}/application", tag = "registration",
    params(("registration" = String, Path)), responses((status = 200, body = ApplicationInput), (status = 409)))]
pub(crate) async fn application(
    State(office): State<Office>,
    Signed { actor, .. }: Signed,
    Path(id): Path<RegistrationId>,
) -> Result<Json<ApplicationInput>, Problem> {
    if !actor.may(Permission::UnmaskNumbers) || !actor.may(Permission::ManageUnits) {
        return Err(Refusal::not_permitted().into());
    }
    let seen = office.readable(&actor, &id).await?;
    seen.is_to_be_corrected()?;
    let contact = office.looked_up_contact(&actor, &seen).await?;
    Ok(Json(typed(&seen.registration, contact)))
}

/// Links to the images of the papers, good for five minutes.
#[utoipa::path(get, path = "/registrations/{registration}/images", tag = "registration",
    params(("registration" = String, Path)), responses((status = 200, body = Vec<ImageLinks>)))]
pub(crate) async fn images(
    State(office): State<Office>,
    Signed { actor, .. }: Signed,
    Path(id): Path<RegistrationId>,
) -> Result<Json<Vec<ImageLinks>>, Problem> {
    let seen = office.readable(&actor, &id).await?;
    Ok(Json(image_links(&*office.counter.links, &seen.registration.form.images).await?))
}

/// The trail of an application, oldest first.
#[utoipa::path(get, path = "/registrations/{registration}/trail", tag = "registration",
    params(("registration" = String, Path), Paging), responses((status = 200, body = Listing<TrailLine>)))]
pub(crate) async fn trail(
    State(office): State<Office>,
    Signed { actor, .. }: Signed,
    Path(id): Path<RegistrationId>,
    paging: Paging,
) -> Result<Json<Listing<TrailLine>>, Problem> {
    office.readable(&actor, &id).await?;
    let page = office.counter.desk.store.trail(id.as_str(), paging.request()).await?;
    Ok(Json(paging.listing(page, trail_line)))
}

/// Conclude the review of an acquired task.
#[utoipa::path(post, path = "/registrations/{registration}/reviews", tag = "registration",
    params(("registration" = String, Path), IdempotencyKey, IfMatch), request_body = ReviewInput,
    responses((status = 200, body = RegistrationOutcome)))]
pub(crate) async fn review(
    State(office): State<Office>,
    Path(id): Path<RegistrationId>,
    IfMatch(version): IfMatch,
    command: Command<ReviewInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let conclusion = match body.conclusion {
        ConclusionInput::Approve => Conclusion::Approve(body.reason),
        ConclusionInput::Reject => Conclusion::Reject(body.reason),
    };
    let answer = |r: &Registration| once.record(&outcome(StatusCode::OK, r));
    let work = async {
        let next = registrations::review(&office.registry(), &actor, &id, version, conclusion, &answer).await?;
        Ok(outcome(StatusCode::OK, &next))
    };
    once.run(&*office.counter.desk.store, work).await
}

/// Submit a rejected application again on the unit's behalf, corrected.
#[utoipa::path(put, path = "/registrations/{registration}", tag = "registration",
    params(("registration" = String, Path), IdempotencyKey, IfMatch), request_body = ApplicationInput,
    responses((status = 200, body = RegistrationOutcome)))]
pub(crate) async fn correct(
    State(office): State<Office>,
    Path(id): Path<RegistrationId>,
    IfMatch(version): IfMatch,
    command: Command<ApplicationInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let answer = |r: &Registration| once.record(&outcome(StatusCode::OK, r));
    let work = async {
        let seen = office.registry().readable(&actor, &id).await?.ok_or(StepError::NotFound)?;
        if !actor.may(Permission::ManageUnits) {
            return Err(Refusal::not_permitted().into());
        }
        let by = Corrector::Registrar { actor: &actor, answer: &answer };
        let next = office.registry().correct(seen, by, version, &body.application()).await?;
        Ok(outcome(StatusCode::OK, &next))
    };
    once.run(&*office.counter.desk.store, work).await
}
