//! Sends a mail to those who run the platform: overdue tasks, dead letters.
//!
//! Trigger: queue `mail`. Effect: the provider has the mail; then one commit marks the message and records its fate.
//! Delivered twice: nothing. An address that is refused for good: recorded as failed. Outage of the provider: noted in the log
//! of messages, retried ever later, then dead-lettered.

use std::sync::Arc;

use domain::message::{Outgoing, Queue};
use lambda::batch::{Delivery, Outcome, Step};
use workflow::desk::Desk;
use workflow::message_log::put_off;
use workflow::ports::{Cipher, Mails, Outage};
use workflow::reports::Reporter;
use workflow::texts::Sent;

/// The step.
#[derive(Clone)]
pub struct SendMail {
    /// The tables.
    pub desk: Desk,
    /// Keys of what the log of messages keeps.
    pub cipher: Arc<dyn Cipher>,
    /// The provider.
    pub mails: Arc<dyn Mails>,
    /// Mailbox of those who run the platform.
    pub operations: String,
}

impl Step for SendMail {
    type Message = Outgoing;

    async fn perform(&self, outgoing: Outgoing, delivery: &Delivery) -> Result<Outcome, Outage> {
        if outgoing.message.queue() != Queue::Mail {
            return Ok(Outcome::rejected("MESSAGE_KIND"));
        }
        let reporter = Reporter { desk: &self.desk, cipher: &*self.cipher, operations: &self.operations };
        match reporter.send(&*self.mails, &outgoing).await {
            Ok(Sent::Sent | Sent::Dropped) => Ok(Outcome::Done),
            Ok(Sent::Duplicate) => Ok(Outcome::Duplicate),
            Ok(Sent::Failed(code)) => Ok(Outcome::rejected(code)),
            Err(outage) => {
                put_off(&self.desk, &outgoing, &outage, delivery.is_last()).await;
                Err(outage)
            }
        }
    }
}
