//! Sends a text message: about an enrolment, with a link to set a password, or with a code.
//!
//! Trigger: queue `text-message`. Effect: the provider has the text; then one commit marks the message and records its fate.
//! Delivered twice: nothing. A number that is refused for good: recorded as failed. Outage of the provider: noted in the log
//! of messages, retried ever later, then dead-lettered.

use std::sync::Arc;

use domain::message::{Outgoing, Queue};
use lambda::batch::{Delivery, Outcome, Step};
use workflow::desk::Desk;
use workflow::message_log::put_off;
use workflow::ports::{Cipher, Outage, Texts};
use workflow::texts::{Sent, Writer};

/// The step.
#[derive(Clone)]
pub struct SendText {
    /// The tables.
    pub desk: Desk,
    /// Keys of mobile numbers, codes and links.
    pub cipher: Arc<dyn Cipher>,
    /// The provider.
    pub texts: Arc<dyn Texts>,
    /// Origin of the portal, without a slash at the end.
    pub public_url: String,
}

impl Step for SendText {
    type Message = Outgoing;

    async fn perform(&self, outgoing: Outgoing, delivery: &Delivery) -> Result<Outcome, Outage> {
        if outgoing.message.queue() != Queue::TextMessage {
            return Ok(Outcome::rejected("MESSAGE_KIND"));
        }
        let writer = Writer { desk: &self.desk, cipher: &*self.cipher, public_url: &self.public_url };
        match writer.send(&*self.texts, &outgoing).await {
            Ok(Sent::Sent) => Ok(Outcome::Done),
            Ok(Sent::Duplicate) => Ok(Outcome::Duplicate),
            Ok(Sent::Failed(code)) => Ok(Outcome::rejected(code)),
            Ok(Sent::Dropped) => Ok(Outcome::Done),
            Err(outage) => {
                put_off(&self.desk, &outgoing, &outage, delivery.is_last()).await;
                Err(outage)
            }
        }
    }
}
