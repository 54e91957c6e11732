//! Brings the rosters of an enrolment over to the one that renews it, and frees it again when that one is withdrawn.
//!
//! Trigger: queue `renewal`. Effect of a roster: an upload and its file in quarantine, where its event starts the import
//! that every file goes through. Of a withdrawal: one commit. Delivered twice: the same upload, the same file, nothing
//! else. A roster that is gone or too large: its batch says so. Outage: retried, then dead-lettered.

use std::sync::Arc;

use domain::message::{Message, Outgoing};
use lambda::batch::{Delivery, Outcome, Step};
use workflow::desk::Desk;
use workflow::ports::{Objects, Outage};
use workflow::renewals::{bring_over, free};

/// The step.
#[derive(Clone)]
pub struct RenewRoster {
    /// The tables.
    pub desk: Desk,
    /// The buckets.
    pub objects: Arc<dyn Objects>,
}

impl Step for RenewRoster {
    type Message = Outgoing;
    /// A roster's file is held in memory.
    const CONCURRENCY: usize = 1;

    async fn perform(&self, outgoing: Outgoing, _: &Delivery) -> Result<Outcome, Outage> {
        let recorded = match &outgoing.message {
            Message::RenewRoster { enrolment, n } => {
                bring_over(&self.desk, &*self.objects, &outgoing.id, (enrolment, *n)).await?
            }
            Message::FreeRenewed { enrolment, by } => free(&self.desk, &outgoing.id, (enrolment, by)).await?,
            _ => return Ok(Outcome::rejected("MESSAGE_KIND")),
        };
        Ok(recorded.into())
    }
}
