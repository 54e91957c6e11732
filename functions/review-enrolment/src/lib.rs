//! Work pools, reviews and the phrases reviewers use, over HTTP.
//!
//! Trigger: API Gateway. Effect: a task acquired or released by one conditional write; one commit per review.

mod phrases;
mod pool;

use axum::extract::State;
use domain::enrolment::{Command as Ask, ReturnTo};
use domain::ids::EnrolmentId;
use jiff::civil::Date;
use lambda::enrolments::{Commanded, Counter, EnrolmentOutcome};
use lambda::http::{Answer, Command, IdempotencyKey, IfMatch, Path, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes.
pub fn routes(counter: Counter) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(pool::list))
        .routes(routes!(pool::acquire))
        .routes(routes!(pool::acquire_many))
        .routes(routes!(pool::release))
        .routes(routes!(pool::dispatch))
        .routes(routes!(phrases::list, phrases::replace))
        .routes(routes!(review))
        .with_state(counter)
}

/// A conclusion.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum ReviewConclusion {
    /// 同意
    Approve,
    /// 退回
    Return,
}

/// A review.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReviewInput {
    /// 同意 or 退回
    conclusion: ReviewConclusion,
    /// Opinion of an approval (optional), reason of a return (required); at most 200 characters.
    #[serde(default)]
    opinion: String,
    /// Where a return goes: `unit` or `first-review`.
    #[schema(value_type = Option<String>)]
    to: Option<ReturnTo>,
    /// Designated start of cover, by a first reviewer.
    #[schema(value_type = Option<String>)]
    effective_date: Option<Date>,
    /// Whether a final review is needed; a second reviewer must say, where the office leaves it to the reviewer.
    final_review: Option<bool>,
}

impl ReviewInput {
    fn command(self) -> Ask {
        let Self { conclusion, opinion, to, effective_date: start, final_review } = self;
        match conclusion {
            ReviewConclusion::Approve => Ask::Approve { opinion, start, final_review },
            ReviewConclusion::Return => Ask::Return { to: to.unwrap_or(ReturnTo::Unit), reason: opinion },
        }
    }
}

/// Conclude the review of an acquired task.
#[utoipa::path(post, path = "/enrolments/{enrolment}/reviews", tag = "review",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    request_body = ReviewInput, responses((status = 200, body = EnrolmentOutcome)))]
async fn review(
    State(c): State<Counter>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<ReviewInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    Commanded { actor: &actor, once: &once, id: &id, seen }.carry_out(&c.desk, |_| Ok(body.command())).await
}
