//! Unit administration and a unit's own maintenance over HTTP: search, view, edit, papers, contacts, handler, standing, agency,
//! merger.
//!
//! Trigger: API Gateway. Effect: one commit per change, with what was there before and after in the trail; a new contact
//! gets an account and a text in it. Refused: with every broken rule and its place.

mod edit;
mod merger;
mod search;
#[cfg(test)]
mod tests;
mod view;

use std::sync::Arc;

use lambda::enrolments::Counter;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use workflow::ports::Cipher;

/// What maintaining units needs.
#[derive(Clone)]
pub struct Bureau {
    /// Tables, clock, identifiers, buckets.
    pub counter: Counter,
    /// Keys of contacts and links.
    pub cipher: Arc<dyn Cipher>,
}

/// The routes.
pub fn routes(bureau: Bureau) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(search::list))
        .routes(routes!(search::by_contact))
        .routes(routes!(view::read, edit::edit))
        .routes(routes!(view::images, edit::replace_images))
        .routes(routes!(view::trail))
        .routes(routes!(edit::edit_address))
        .routes(routes!(edit::set_standing))
        .routes(routes!(edit::set_handler))
        .routes(routes!(edit::change_agency))
        .routes(routes!(edit::add_contact))
        .routes(routes!(view::contact, edit::edit_contact))
        .routes(routes!(edit::set_contact_active))
        .routes(routes!(merger::preview, merger::merge))
        .with_state(bureau)
}
