//! Sends a text message: about an enrolment, with a link to set a password, or with a code.
//!
//! Trigger: queue `text-message`. Effect: the provider has the text, and the message is marked. Delivered twice: nothing.
//! A number that is refused for good: marked and logged. Outage of the provider: retried, then dead-lettered.

use std::sync::Arc;

use domain::message::{Outgoing, Queue};
use lambda::batch::{Delivery, Outcome, Step};
use workflow::desk::Desk;
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

    async fn perform(&self, outgoing: Outgoing, _: &Delivery) -> Result<Outcome, Outage> {
        if outgoing.message.queue() != Queue::TextMessage {
            return Ok(Outcome::rejected("MESSAGE_KIND"));
        }
        let writer = Writer { desk: &self.desk, cipher: &*self.cipher, public_url: &self.public_url };
        Ok(match writer.send(&*self.texts, &outgoing).await? {
            Sent::Sent => Outcome::Done,
            Sent::Duplicate => Outcome::Duplicate,
            Sent::Failed(code) => Outcome::rejected(code),
        })
    }
}
