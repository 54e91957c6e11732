//! Rosters over HTTP (人员清单维护): their members looked up, corrected and removed, the failed rows of an import shown
//! and corrected in place.
//!
//! Trigger: API Gateway. Effect: one commit per command, before which objects are written that only this commit names.
//! A roster is read whole, so this function has the memory and time of an import.

mod books;
mod corrections;
mod failed;
mod member_correction;
mod members;
mod removal;

use std::sync::Arc;

use axum::extract::FromRef;
use domain::account::{Actor, Permission};
use domain::enrolment::{Enrolment, State};
use domain::ids::EnrolmentId;
use domain::refusal::Refusal;
use lambda::enrolments::Counter;
use lambda::http::{Failure, Problem};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use workflow::ports::{Cipher, Objects};
use workflow::scope::Scope;

/// Longest cell of a row that is corrected, in characters: more than any valid name, number or occupation needs.
pub(crate) const CELL_CHARACTERS_MAX: usize = 200;

/// What these handlers need.
#[derive(Clone)]
pub struct Cabinet {
    /// The tables.
    pub counter: Counter,
    /// The buckets.
    pub objects: Arc<dyn Objects>,
    /// Keys of sealed rosters and blind indexes.
    pub cipher: Arc<dyn Cipher>,
}

impl FromRef<Cabinet> for Counter {
    fn from_ref(cabinet: &Cabinet) -> Self {
        cabinet.counter.clone()
    }
}

/// The routes.
pub fn routes(cabinet: Cabinet) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(members::search))
        .routes(routes!(removal::remove))
        .routes(routes!(member_correction::correct))
        .routes(routes!(failed::list))
        .routes(routes!(corrections::correct))
        .with_state(cabinet)
}

impl Cabinet {
    /// The draft as the actor has seen it: nothing is written for somebody whose command would be refused.
    async fn draft(&self, actor: &Actor, id: &EnrolmentId, seen: u64) -> Result<Enrolment, Failure> {
        let e = self.counter.desk.store.enrolment(id, &Scope::of(actor)).await?.ok_or_else(Problem::not_found)?;
        if e.version != seen {
            return Err(Problem::version_changed(e.version).into());
        }
        if !actor.may(Permission::EnterEnrolment) {
            return Err(Refusal::not_permitted().into());
        }
        if e.state != State::Drafting {
            let text = format!("参保单处于“{}”状态，不能修改人员清单", e.state.chinese());
            return Err(Refusal::conflict("WRONG_STATE", text).into());
        }
        Ok(e)
    }
}
