//! Publishes the outbox: each message to its queue.
//!
//! Trigger: stream of the outbox table, new items only. Effect: the message is in its queue, and out of the outbox.
//! Delivered twice: it is in its queue twice; consumers know it by its id. Outage: retried from there, in order.

use std::sync::Arc;

use domain::message::Outgoing;
use lambda::batch::{Delivery, Outcome, Step};
use serde::Deserialize;
use workflow::desk::Desk;
use workflow::outbox::publish;
use workflow::ports::{Outage, Queues};

/// The step.
#[derive(Clone)]
pub struct RelayOutbox {
    /// The tables.
    pub desk: Desk,
    /// The queues.
    pub queues: Arc<dyn Queues>,
}

/// An item of the outbox.
#[derive(Debug, Deserialize)]
pub struct OutboxItem {
    /// The message.
    pub doc: Outgoing,
}

impl Step for RelayOutbox {
    type Message = OutboxItem;

    async fn perform(&self, item: OutboxItem, _: &Delivery) -> Result<Outcome, Outage> {
        publish(&self.desk, &*self.queues, &[item.doc]).await?;
        Ok(Outcome::Done)
    }
}
