//! Plans (活动管理) over HTTP: plan variants, self-check rules, subsidies and gifted cover, each in versions or for a
//! period; with what it would change in sample cases, and a trial on a stored enrolment, before anything is published.
//!
//! Trigger: API Gateway. Effect: one commit per change, with its trail entry. Failure: a problem; nothing is changed.

mod effects;
mod plans;
mod reliefs;
mod rules;
mod shared;
mod terms;
#[cfg(test)]
mod tests;
mod trials;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use workflow::desk::Desk;

/// The routes.
pub fn routes(desk: Desk) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(plans::list, plans::open))
        .routes(routes!(plans::one))
        .routes(routes!(plans::begin))
        .routes(routes!(plans::edit, plans::discard))
        .routes(routes!(plans::publish, plans::recall))
        .routes(routes!(plans::trail))
        .routes(routes!(trials::plan))
        .routes(routes!(effects::plan))
        .routes(routes!(rules::show))
        .routes(routes!(rules::begin))
        .routes(routes!(rules::edit, rules::discard))
        .routes(routes!(rules::publish, rules::recall))
        .routes(routes!(rules::trail))
        .routes(routes!(trials::rules))
        .routes(routes!(effects::rules))
        .routes(routes!(reliefs::list, reliefs::grant))
        .routes(routes!(reliefs::end))
        .routes(routes!(effects::reliefs))
        .routes(routes!(reliefs::trail))
        .with_state(desk)
}
