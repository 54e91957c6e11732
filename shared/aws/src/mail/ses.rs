//! Mail through SES.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{Destination, EmailContent, RawMessage};
use workflow::ports::{Clock, Mail, Mails, Outage, ProviderId, SendFailure};

use super::mime;
use crate::config::Identity;
use crate::outage::{code, outage};

/// Codes after which the same mail to the same address never goes out.
const PERMANENT: [&str; 3] = ["MessageRejected", "BadRequestException", "InvalidParameterValue"];

/// The SES provider of mail.
#[derive(Clone)]
pub struct SesMails {
    client: Client,
    identity: Identity,
    clock: Arc<dyn Clock>,
}

impl SesMails {
    /// The provider behind a client; mails come from the identity's address and carry the clock's time.
    pub fn new(client: Client, identity: Identity, clock: Arc<dyn Clock>) -> Self {
        Self { client, identity, clock }
    }
}

#[async_trait]
impl Mails for SesMails {
    async fn send(&self, mail: &Mail) -> Result<ProviderId, SendFailure> {
        let from = self.identity.mail_from()?;
        let raw = mime(mail, from, self.clock.now()).map_err(|problem| Outage::new("send-mail", problem))?;
        let raw = RawMessage::builder().data(Blob::new(raw)).build();
        let raw = raw.map_err(|problem| Outage::new("send-mail", problem))?;
        let call = self
            .client
            .send_email()
            .from_email_address(from)
            .destination(Destination::builder().to_addresses(&mail.to).build())
            .content(EmailContent::builder().raw(raw).build());
        let error = match call.send().await {
            Ok(taken) => return Ok(taken.message_id),
            Err(error) => error,
        };
        match code(&error) {
            Some(code) if PERMANENT.contains(&code) => Err(SendFailure::Permanent(code.to_owned())),
            _ => Err(outage("send-mail")(error).into()),
        }
    }
}
