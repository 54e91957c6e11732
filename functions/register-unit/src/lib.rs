//! Unit registration over HTTP: by whoever applies, or by a registrar on the unit's behalf; its review; its correction.
//!
//! Trigger: API Gateway. Effect: one commit per step, which also opens or closes the task, takes or releases the unit's
//! code, and leaves the texts; approval makes unit and account in it. Refused: with every broken rule and its place.

mod input;
mod public;
mod staff;
#[cfg(test)]
mod tests;
mod view;

use std::sync::Arc;

use lambda::enrolments::Counter;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use workflow::ports::Cipher;
use workflow::registrations::Registry;

/// What registering units needs.
#[derive(Clone)]
pub struct Office {
    /// Tables, clock, identifiers, buckets.
    pub counter: Counter,
    /// Keys of contacts, codes and links.
    pub cipher: Arc<dyn Cipher>,
}

impl Office {
    fn registry(&self) -> Registry<'_> {
        Registry { desk: &self.counter.desk, cipher: &*self.cipher }
    }
}

/// The routes.
pub fn routes(office: Office) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(public::offices))
        .routes(routes!(public::agencies))
        .routes(routes!(public::request_image))
        .routes(routes!(public::image_status))
        .routes(routes!(public::send_code))
        .routes(routes!(public::apply))
        .routes(routes!(public::status))
        .routes(routes!(public::correct))
        .routes(routes!(staff::enter))
        .routes(routes!(staff::list))
        .routes(routes!(staff::read))
        .routes(routes!(staff::application))
        .routes(routes!(staff::contact))
        .routes(routes!(staff::images))
        .routes(routes!(staff::trail))
        .routes(routes!(staff::review))
        .routes(routes!(staff::correct))
        .with_state(office)
}
