//! Activates cover, a chunk of a plan's members at a time.
//!
//! Trigger: queue `cover`. Effect: one write per member, then one commit that records the progress and asks for the next
//! chunk. Delivered twice: the same cover is written again, which changes nothing. Outage: retried, then dead-lettered.

use std::sync::Arc;

use domain::message::{Message, Outgoing};
use lambda::batch::{Delivery, Outcome, Step};
use workflow::cover::activate;
use workflow::desk::Desk;
use workflow::ports::{Cipher, Objects, Outage};

/// The step.
#[derive(Clone)]
pub struct ActivateCover {
    /// The tables.
    pub desk: Desk,
    /// The buckets.
    pub objects: Arc<dyn Objects>,
    /// Keys of sealed rosters and blind indexes.
    pub cipher: Arc<dyn Cipher>,
}

impl Step for ActivateCover {
    type Message = Outgoing;
    const CONCURRENCY: usize = 1;

    async fn perform(&self, outgoing: Outgoing, _: &Delivery) -> Result<Outcome, Outage> {
        let Message::Cover { enrolment, plan, from } = &outgoing.message else {
            return Ok(Outcome::rejected("MESSAGE_KIND"));
        };
        let chunk = (enrolment, plan.as_str(), *from);
        let recorded = activate(&self.desk, &*self.objects, &*self.cipher, &outgoing.id, chunk).await?;
        Ok(recorded.into())
    }
}
