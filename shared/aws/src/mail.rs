//! Mail through SES.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{Destination, EmailContent, RawMessage};
use jiff::Timestamp;
use mail_builder::MessageBuilder;
use workflow::ports::{Clock, Mail, Mails, Outage, SendFailure};

use crate::config::Identity;
use crate::outage::{code, outage};

/// Codes after which the same mail to the same address never goes out.
const PERMANENT: [&str; 3] = ["MessageRejected", "BadRequestException", "InvalidParameterValue"];
/// Name of the sender.
const SENDER: &str = "职工互助保障平台";

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
    async fn send(&self, mail: &Mail) -> Result<(), SendFailure> {
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
        let Err(error) = call.send().await else { return Ok(()) };
        match code(&error) {
            Some(code) if PERMANENT.contains(&code) => Err(SendFailure::Permanent(code.to_owned())),
            _ => Err(outage("send-mail")(error).into()),
        }
    }
}

/// The mail as MIME. A repetition carries the same `Message-ID`, so that mailboxes can tell.
fn mime(mail: &Mail, from: &str, now: Timestamp) -> std::io::Result<Vec<u8>> {
    let domain = from.rsplit_once('@').map_or(from, |(_, domain)| domain);
    let message = MessageBuilder::new()
        .message_id(format!("{}@{domain}", mail.id))
        .date(now.as_second())
        .from((SENDER, from))
        .to(mail.to.as_str())
        .subject(mail.subject.as_str())
        .text_body(mail.text.as_str());
    match &mail.attachment {
        Some((name, content_type, bytes)) => message.attachment(content_type.as_str(), name.as_str(), bytes.as_slice()),
        None => message,
    }
    .write_to_vec()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn a_repeated_mail_has_the_same_id_and_a_readable_attachment() {
        let mail = Mail {
            id: "e-1-receipt-2".into(),
            to: "payer@example.com".into(),
            subject: "电子票据".into(),
            text: "见附件".into(),
            attachment: Some(("票据.pdf".into(), "application/pdf".into(), b"%PDF-1.7".to_vec())),
        };
        let now: Timestamp = "2026-11-22T03:04:05Z".parse().unwrap();
        let raw = String::from_utf8(mime(&mail, "no-reply@union.example", now).unwrap()).unwrap();
        for part in [
            "Message-ID: <e-1-receipt-2@union.example>",
            "Date: Sun, 22 Nov 2026 03:04:05 +0000",
            "To: <payer@example.com>",
            "Content-Type: application/pdf",
            "JVBERi0xLjc",
        ] {
            assert!(raw.contains(part), "{part} is missing in\n{raw}");
        }
        assert!(raw.is_ascii(), "headers and bodies are encoded");
    }
}
