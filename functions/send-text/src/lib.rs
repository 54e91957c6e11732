//! Sends a text message to a handler.
//!
//! Trigger: queue `text-message`. Effect: the provider has the text, and the message is marked. Delivered twice: nothing.
//! A number that is refused for good: marked and logged. Outage of the provider: retried, then dead-lettered.

use std::sync::Arc;

use domain::message::{Message, Outgoing};
use lambda::batch::{Delivery, Outcome, Step};
use workflow::desk::Desk;
use workflow::ports::{Cipher, Outage, Texts};
use workflow::texts::{Sent, TextOrder, send};

/// The step.
#[derive(Clone)]
pub struct SendText {
    /// The tables.
    pub desk: Desk,
    /// Keys of mobile numbers.
    pub cipher: Arc<dyn Cipher>,
    /// The provider.
    pub texts: Arc<dyn Texts>,
}

impl Step for SendText {
    type Message = Outgoing;

    async fn perform(&self, outgoing: Outgoing, _: &Delivery) -> Result<Outcome, Outage> {
        let Message::Text { template, account, enrolment, opinion } = &outgoing.message else {
            return Ok(Outcome::rejected("MESSAGE_KIND"));
        };
        let order = TextOrder { message: &outgoing.id, template: *template, account, enrolment, opinion: *opinion };
        Ok(match send(&self.desk, &*self.cipher, &*self.texts, order).await? {
            Sent::Sent => Outcome::Done,
            Sent::Duplicate => Outcome::Duplicate,
            Sent::Failed(code) => Outcome::rejected(code),
        })
    }
}
