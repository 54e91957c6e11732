//! Accounts, roles, the organisation tree and the settings of offices (权限管理), over HTTP.
//!
//! Trigger: API Gateway. Effect: one commit per change – the record with its version, the end of sessions, a link to set a
//! password into the outbox, the trail entry that tells before and after. Fails with problems.

mod accounts;
mod actions;
mod changes;
mod roles;
mod settings;
#[cfg(test)]
mod tests;
mod tree;

use std::sync::Arc;

use domain::account::{Actor, Permission};
use domain::refusal::Refusal;
use lambda::http::{Answer, Failure, Once, Problem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use workflow::desk::{Desk, StepError};
use workflow::ports::Cipher;

/// What the administration needs.
#[derive(Clone)]
pub struct Chancery {
    /// Tables, clock, identifiers.
    pub desk: Desk,
    /// Keys of mobile numbers and links.
    pub cipher: Arc<dyn Cipher>,
}

/// The routes.
pub fn routes(chancery: Chancery) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(accounts::list, changes::open))
        .routes(routes!(accounts::candidates))
        .routes(routes!(accounts::open, changes::change))
        .routes(routes!(changes::close))
        .routes(routes!(changes::reopen))
        .routes(routes!(changes::reset_totp))
        .routes(routes!(changes::send_link))
        .routes(routes!(actions::list))
        .routes(routes!(actions::of_account))
        .routes(routes!(actions::about_account))
        .routes(routes!(actions::about_node))
        .routes(routes!(roles::list))
        .routes(routes!(tree::list, tree::add))
        .routes(routes!(tree::rename))
        .routes(routes!(settings::read, settings::change))
        .with_state(chancery)
}

/// Refuses who may not.
fn must(actor: &Actor, permission: Permission) -> Result<(), Problem> {
    if actor.may(permission) { Ok(()) } else { Err(Refusal::not_permitted().into()) }
}

/// A step that failed, where no answer is kept.
fn problem(error: StepError) -> Problem {
    match Failure::from(error) {
        Failure::Problem(problem) => problem,
        Failure::Answered(_) => Problem::internal("a read was answered before"),
    }
}

impl Chancery {
    /// Carries a command out once.
    async fn once(
        &self,
        once: &Once,
        work: impl Future<Output = Result<Answer, StepError>>,
    ) -> Result<Answer, Problem> {
        once.run(&*self.desk.store, async { work.await.map_err(Failure::from) }).await
    }
}
