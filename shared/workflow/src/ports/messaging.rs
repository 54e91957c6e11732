//! Queues and the providers of text messages and mail.

use async_trait::async_trait;
use domain::message::Outgoing;

use super::Outage;

/// Why a provider did not take a message.
#[derive(Debug, thiserror::Error)]
pub enum SendFailure {
    /// It never will: a bad number or address. Carries the provider's code, no personal data.
    #[error("refused for good: {0}")]
    Permanent(String),
    /// It may later.
    #[error(transparent)]
    Temporary(#[from] Outage),
}

/// Work queues.
#[async_trait]
pub trait Queues: Send + Sync {
    /// Sends messages, each to its queue. Answers per message, in the order given.
    async fn send(&self, messages: &[Outgoing]) -> Vec<Result<(), Outage>>;
}

/// A provider of text messages.
#[async_trait]
pub trait Texts: Send + Sync {
    /// Sends a text to a mainland mobile number of 11 digits.
    async fn send(&self, mobile: &str, text: &str) -> Result<(), SendFailure>;
}

/// A mail with at most one attachment.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Message id, stable over retries.
    pub id: String,
    /// Recipient.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Plain text.
    pub text: String,
    /// File name, content type and bytes.
    pub attachment: Option<(String, String, Vec<u8>)>,
}

/// A provider of mail.
#[async_trait]
pub trait Mails: Send + Sync {
    /// Sends a mail.
    async fn send(&self, mail: &Mail) -> Result<(), SendFailure>;
}
