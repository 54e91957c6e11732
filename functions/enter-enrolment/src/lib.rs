//! Drafting over HTTP: the plans to choose from, new enrolments and renewals, and everything up to their completion.
//!
//! Trigger: API Gateway. Effect: one commit per command. Failure: a problem; nothing is changed.

mod findings;
mod input;
mod list;
mod read;
mod renewal;
mod view;

use axum::extract::State;
use domain::account::Permission;
use domain::enrolment::Command as Ask;
use domain::ids::{EnrolmentId, UploadId};
use domain::refusal::Refusal;
use domain::upload::Purpose;
use http::StatusCode;
use lambda::enrolments::{Commanded, Counter, EnrolmentOutcome, outcome};
use lambda::http::{Answer, Command, Empty, Failure, IdempotencyKey, IfMatch, Path, Problem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use workflow::desk::office_of;
use workflow::ports::business_date;
use workflow::scope::Scope;
use workflow::{completion, enrolments, references, uploads};

use crate::input::{AttachmentInput, DetailsInput, NewEnrolmentInput, PlansInput, UnnamedInput, WithdrawalInput};

/// The routes.
pub fn routes(counter: Counter) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(read::plans))
        .routes(routes!(read::roster_templates))
        .routes(routes!(list::list, open))
        .routes(routes!(list::counts))
        .routes(routes!(read::one))
        .routes(routes!(set_plans))
        .routes(routes!(set_details))
        .routes(routes!(set_unnamed))
        .routes(routes!(attach))
        .routes(routes!(detach))
        .routes(routes!(complete))
        .routes(routes!(withdraw))
        .routes(routes!(renewal::open))
        .routes(routes!(renewal::due))
        .with_state(counter)
}

/// Open an enrolment of one's own unit, or of a unit in one's scope on its behalf.
#[utoipa::path(post, path = "/enrolments", tag = "enrolment", params(IdempotencyKey),
    request_body = NewEnrolmentInput, responses((status = 201, body = EnrolmentOutcome), (status = 404)))]
async fn open(State(c): State<Counter>, command: Command<NewEnrolmentInput>) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let work = async {
        let answer = |e: &_| once.record(&outcome(StatusCode::CREATED, e));
        let e = enrolments::open(&c.desk, &actor, body.unit.as_ref(), &answer).await?;
        Ok(outcome(StatusCode::CREATED, &e))
    };
    once.run(&*c.desk.store, work).await
}

/// Choose plans and shares. A plan that stays with the same shares keeps its roster.
#[utoipa::path(put, path = "/enrolments/{enrolment}/plans", tag = "enrolment",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    request_body = PlansInput, responses((status = 200, body = EnrolmentOutcome)))]
async fn set_plans(
    State(c): State<Counter>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<PlansInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let today = business_date(c.desk.clock.now());
    let published = async { Ok(references::plans_on(&*c.desk.store, today).await?) };
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out_after(&c.desk, published, |e, published| body.command(e, &published))
        .await
}

/// Enter the unit's headcounts and a remark.
#[utoipa::path(put, path = "/enrolments/{enrolment}/details", tag = "enrolment",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    request_body = DetailsInput, responses((status = 200, body = EnrolmentOutcome)))]
async fn set_details(
    State(c): State<Counter>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<DetailsInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let DetailsInput { staff, female_staff, remark } = body;
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out(&c.desk, |_| Ok(Ask::SetDetails { staff, female_staff, remark }))
        .await
}

/// Set the unnamed headcounts of a plan.
#[utoipa::path(put, path = "/enrolments/{enrolment}/unnamed-members", tag = "enrolment",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    request_body = UnnamedInput, responses((status = 200, body = EnrolmentOutcome)))]
async fn set_unnamed(
    State(c): State<Counter>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<UnnamedInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let UnnamedInput { plan, ordinary, high_risk } = body;
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out(&c.desk, |_| Ok(Ask::SetUnnamed { plan, ordinary, high_risk }))
        .await
}

/// Attach an accepted upload.
#[utoipa::path(post, path = "/enrolments/{enrolment}/attachments", tag = "enrolment",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    request_body = AttachmentInput, responses((status = 200, body = EnrolmentOutcome)))]
async fn attach(
    State(c): State<Counter>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<AttachmentInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let purposes = [Purpose::EnrolmentAttachment, Purpose::OverAgeProof];
    let accepted = async {
        // Before the upload is looked at: what became of it is nobody else's.
        if !actor.may(Permission::EnterEnrolment) {
            return Err(Failure::from(Refusal::not_permitted()));
        }
        Ok(uploads::accepted(&c.desk, &actor, &id, &body.upload, &purposes).await?)
    };
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out_after(&c.desk, accepted, |_, attachment| Ok(Ask::AddAttachment(attachment)))
        .await
}

/// Take an attachment away.
#[utoipa::path(delete, path = "/enrolments/{enrolment}/attachments/{upload}", tag = "enrolment",
    params(("enrolment" = String, Path), ("upload" = String, Path), IdempotencyKey, IfMatch),
    responses((status = 200, body = EnrolmentOutcome)))]
async fn detach(
    State(c): State<Counter>,
    Path((id, upload)): Path<(EnrolmentId, UploadId)>,
    seen: IfMatch,
    command: Command<Empty>,
) -> Result<Answer, Problem> {
    let Command { actor, once, .. } = command;
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out(&c.desk, |_| Ok(Ask::RemoveAttachment(upload)))
        .await
}

/// Complete the draft: the self-check runs, subsidies and gifted cover are reckoned, and the enrolment goes to first
/// review.
#[utoipa::path(post, path = "/enrolments/{enrolment}/completion", tag = "enrolment",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    responses((status = 200, body = EnrolmentOutcome)))]
async fn complete(
    State(c): State<Counter>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<Empty>,
) -> Result<Answer, Problem> {
    let Command { actor, once, .. } = command;
    let store = &*c.desk.store;
    let today = business_date(c.desk.clock.now());
    let known = async {
        let e = store.enrolment(&id, &Scope::of(&actor)).await?.ok_or_else(Problem::not_found)?;
        let (unit, granted) = (store.unit(&e.unit.id, &Scope::Platform), store.relief_book(&e.unit.office));
        let (unit, office, rules, granted) =
            futures::future::try_join4(unit, office_of(&c.desk, &e), store.rule_book(), granted).await?;
        Ok::<_, Failure>((unit.ok_or_else(Problem::not_found)?, office, rules.on(today), granted.reliefs))
    };
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out_after(&c.desk, known, |e, (unit, office, rules, granted)| {
            let self_check = completion::check(e, (&unit, &office), &rules, today);
            Ok::<_, Refusal>(Ask::Complete { self_check, granted })
        })
        .await
}

/// Withdraw the enrolment.
#[utoipa::path(post, path = "/enrolments/{enrolment}/withdrawal", tag = "enrolment",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    request_body = WithdrawalInput, responses((status = 200, body = EnrolmentOutcome)))]
async fn withdraw(
    State(c): State<Counter>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<WithdrawalInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out(&c.desk, |_| Ok(Ask::Withdraw { reason: body.reason }))
        .await
}
