//! Brings over what a unit held that was merged or handed over to another agency: its enrolments, one after the other, with their cover and their books.
//!
//! Trigger: queue `unit-move`. Effect: a chunk of cover, or an enrolment with its books, then one commit that asks for the
//! next message. Delivered twice, late or out of order: what is brought over already stays as it is. Outage – cover that is
//! still being written is one –: retried, then dead-lettered.

use std::sync::Arc;

use domain::message::{Message, Outgoing};
use lambda::batch::{Delivery, Outcome, Step};
use workflow::desk::Desk;
use workflow::ports::{Cipher, Objects, Outage};
use workflow::unit_moves::{Moved, Mover};

/// The step.
#[derive(Clone)]
pub struct MoveUnit {
    /// The tables.
    pub desk: Desk,
    /// The buckets.
    pub objects: Arc<dyn Objects>,
    /// Keys of sealed rosters and blind indexes.
    pub cipher: Arc<dyn Cipher>,
}

impl Step for MoveUnit {
    type Message = Outgoing;
    /// A roster is held in memory.
    const CONCURRENCY: usize = 1;

    async fn perform(&self, outgoing: Outgoing, _: &Delivery) -> Result<Outcome, Outage> {
        let Message::MoveUnit(step) = &outgoing.message else { return Ok(Outcome::rejected("MESSAGE_KIND")) };
        let mover = Mover { desk: &self.desk, objects: &*self.objects, cipher: &*self.cipher };
        Ok(match mover.perform(&outgoing.id, step).await? {
            Moved::Done => Outcome::Done,
            Moved::Duplicate => Outcome::Duplicate,
            Moved::NoMerger => Outcome::rejected("NO_MERGER"),
        })
    }
}
