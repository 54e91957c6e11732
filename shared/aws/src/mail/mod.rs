//! Providers of mail: which one, the configuration says. What they send is the same MIME.

mod ses;
mod smtp;

use jiff::Timestamp;
use mail_builder::MessageBuilder;
use workflow::ports::Mail;

pub use self::ses::SesMails;
pub use self::smtp::{SmtpMails, SmtpServer};

/// Name of the sender.
const SENDER: &str = "职工互助保障平台";

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
