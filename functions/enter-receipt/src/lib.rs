//! Receipt entry (开票录入) over HTTP: who pays how much from which fund, and to whom the receipt is made out; and what
//! finance does with receipts that turn out wrong.
//!
//! Trigger: API Gateway. Effect: one commit per command. Amounts are integers in fen.

mod view;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::account::Permission;
use domain::enrolment::Command as Ask;
use domain::ids::{EnrolmentId, ReceiptId};
use domain::refusal::Refusal;
use http::header::ETAG;
use lambda::enrolments::{Commanded, Counter, EnrolmentOutcome};
use lambda::http::{Answer, Command, Empty, IdempotencyKey, IfMatch, Json, Path, Problem, Signed, etag};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use workflow::receipts;

use crate::view::{Preview, ReceiptInput, Receipts, ReissueInput, VoidInput};

/// The routes.
pub fn routes(counter: Counter) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(list, add))
        .routes(routes!(edit, delete))
        .routes(routes!(preview))
        .routes(routes!(submit))
        .routes(routes!(void))
        .routes(routes!(reissue))
        .with_state(counter)
}

/// The receipts of an enrolment, and what remains of each plan.
#[utoipa::path(get, path = "/enrolments/{enrolment}/receipts", tag = "receipt",
    params(("enrolment" = String, Path)), responses((status = 200, body = Receipts)))]
async fn list(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Path(id): Path<EnrolmentId>,
) -> Result<Response, Problem> {
    let e = c.readable(&actor, &id).await?;
    Ok(([(ETAG, etag(e.version))], Json(Receipts::of(&e)?)).into_response())
}

/// Add a receipt request.
#[utoipa::path(post, path = "/enrolments/{enrolment}/receipts", tag = "receipt",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    request_body = ReceiptInput, responses((status = 200, body = EnrolmentOutcome)))]
async fn add(
    State(c): State<Counter>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<ReceiptInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let number = async { Ok(receipts::batch_number(&c.desk).await?) };
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out_after(&c.desk, number, |_, batch_number| {
            let id = ReceiptId::from_ulid(c.desk.ids.ulid());
            Ok(Ask::AddReceipt { id, batch_number, request: body.into() })
        })
        .await
}

/// Replace a receipt request.
#[utoipa::path(put, path = "/enrolments/{enrolment}/receipts/{receipt}", tag = "receipt",
    params(("enrolment" = String, Path), ("receipt" = String, Path), IdempotencyKey, IfMatch),
    request_body = ReceiptInput, responses((status = 200, body = EnrolmentOutcome)))]
async fn edit(
    State(c): State<Counter>,
    Path((id, receipt)): Path<(EnrolmentId, ReceiptId)>,
    seen: IfMatch,
    command: Command<ReceiptInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out(&c.desk, |_| Ok(Ask::EditReceipt { id: receipt, request: body.into() }))
        .await
}

/// Delete a receipt request.
#[utoipa::path(delete, path = "/enrolments/{enrolment}/receipts/{receipt}", tag = "receipt",
    params(("enrolment" = String, Path), ("receipt" = String, Path), IdempotencyKey, IfMatch),
    responses((status = 200, body = EnrolmentOutcome)))]
async fn delete(
    State(c): State<Counter>,
    Path((id, receipt)): Path<(EnrolmentId, ReceiptId)>,
    seen: IfMatch,
    command: Command<Empty>,
) -> Result<Answer, Problem> {
    let Command { actor, once, .. } = command;
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out(&c.desk, |_| Ok(Ask::DeleteReceipt(receipt)))
        .await
}

/// What a receipt would say (票据预览). Changes nothing.
#[utoipa::path(post, path = "/enrolments/{enrolment}/receipts/preview", tag = "receipt",
    params(("enrolment" = String, Path)), request_body = ReceiptInput, responses((status = 200, body = Preview)))]
async fn preview(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Path(id): Path<EnrolmentId>,
    Json(input): Json<ReceiptInput>,
) -> Result<Json<Preview>, Problem> {
    if !actor.may(Permission::EnterReceipts) {
        return Err(Refusal::not_permitted().into());
    }
    let e = c.readable(&actor, &id).await?;
    Ok(Json(Preview::of(&e, input.into())?))
}

/// Submit the receipts to finance: every plan's remaining amount is 0.
#[utoipa::path(post, path = "/enrolments/{enrolment}/receipts/submission", tag = "receipt",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    responses((status = 200, body = EnrolmentOutcome)))]
async fn submit(
    State(c): State<Counter>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<Empty>,
) -> Result<Answer, Problem> {
    let Command { actor, once, .. } = command;
    Commanded { actor: &actor, once: &once, id: &id, seen }.carry_out(&c.desk, |_| Ok(Ask::SubmitReceipts)).await
}

/// Void an issued receipt (作废): finance.
#[utoipa::path(post, path = "/enrolments/{enrolment}/receipts/{receipt}/void", tag = "receipt",
    params(("enrolment" = String, Path), ("receipt" = String, Path), IdempotencyKey, IfMatch),
    request_body = VoidInput, responses((status = 200, body = EnrolmentOutcome)))]
async fn void(
    State(c): State<Counter>,
    Path((id, receipt)): Path<(EnrolmentId, ReceiptId)>,
    seen: IfMatch,
    command: Command<VoidInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out(&c.desk, |_| Ok(Ask::VoidReceipt { id: receipt, reason: body.reason }))
        .await
}

/// Issue a receipt in place of a voided one (重开), for the same amount, and mail it: finance.
#[utoipa::path(post, path = "/enrolments/{enrolment}/receipts/{receipt}/reissue", tag = "receipt",
    params(("enrolment" = String, Path), ("receipt" = String, Path), IdempotencyKey, IfMatch),
    request_body = ReissueInput, responses((status = 200, body = EnrolmentOutcome)))]
async fn reissue(
    State(c): State<Counter>,
    Path((id, of)): Path<(EnrolmentId, ReceiptId)>,
    seen: IfMatch,
    command: Command<ReissueInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let number = async { Ok(receipts::batch_number(&c.desk).await?) };
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out_after(&c.desk, number, |_, batch_number| {
            let id = ReceiptId::from_ulid(c.desk.ids.ulid());
            Ok(Ask::ReissueReceipt { of, id, batch_number, made_out: body.into() })
        })
        .await
}
