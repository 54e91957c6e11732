//! The payment notice (缴费通知单): printed from receipt entry on, every print counted.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::enrolment::Command as Ask;
use domain::ids::EnrolmentId;
use domain::refusal::Refusal;
use http::header::ETAG;
use lambda::enrolments::{Commanded, Counter, EnrolmentOutcome};
use lambda::http::{Answer, Command, Empty, IdempotencyKey, IfMatch, Json, Path, Problem, Signed, etag};
use serde::Serialize;
use utoipa::ToSchema;
use workflow::notices;

use crate::LINK_LIFE;

/// The last print of the notice.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeLink {
    /// Prints so far.
    prints: u32,
    /// When the last was asked for.
    printed_at: String,
    /// Link to the PDF, good for five minutes.
    url: String,
}

/// The last print of the payment notice; refused while it is being rendered.
#[utoipa::path(get, path = "/enrolments/{enrolment}/notice", tag = "receipt",
    params(("enrolment" = String, Path)), responses((status = 200, body = NoticeLink), (status = 409)))]
pub async fn view(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Path(id): Path<EnrolmentId>,
) -> Result<Response, Problem> {
    let e = c.readable(&actor, &id).await?;
    let notice = e.notice.ok_or_else(Problem::not_found)?;
    if let Some(problem) = notice.problem {
        return Err(Refusal::conflict("NOTICE_NOT_RENDERABLE", problem).into());
    }
    if !notices::rendered(&c.desk, &notice).await? {
        return Err(Refusal::conflict("NOTICE_NOT_RENDERED", "缴费通知单正在生成，请稍后再试").into());
    }
    let file_name = format!("缴费通知单-{}.pdf", e.application_number);
    let url = c.links.link(&notices::key(&e.id, notice.prints), &file_name, LINK_LIFE).await?;
    let shown = NoticeLink { prints: notice.prints, printed_at: notice.requested_at.to_string(), url };
    Ok(([(ETAG, etag(e.version))], Json(shown)).into_response())
}

/// Print the payment notice; every print is counted.
#[utoipa::path(post, path = "/enrolments/{enrolment}/notice/prints", tag = "receipt",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    responses((status = 200, body = EnrolmentOutcome)))]
pub async fn print(
    State(c): State<Counter>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<Empty>,
) -> Result<Answer, Problem> {
    let Command { actor, once, .. } = command;
    Commanded { actor: &actor, once: &once, id: &id, seen }.carry_out(&c.desk, |_| Ok(Ask::PrintNotice)).await
}
