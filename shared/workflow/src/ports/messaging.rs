//! Queues and the providers of text messages and mail.

use async_trait::async_trait;
use domain::message::Outgoing;
use domain::texts::Written;

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

    /// The queues that have dead letters, by name, and about how many each.
    async fn dead_letters(&self) -> Result<Vec<(String, u32)>, Outage>;
}

/// Puts off the next delivery of a message that its worker could not carry out.
#[async_trait]
pub trait Patience: Send + Sync {
    /// How long to wait after the `n`-th delivery, counted from 1, in seconds.
    fn wait_s(&self, n: u32) -> u32;

    /// Has the message that a queue delivered under this receipt come again after so many seconds; `queue` is the queue's ARN.
    async fn put_off(&self, queue: &str, receipt: &str, wait_s: u32) -> Result<(), Outage>;
}

/// What a provider calls a message it has taken, if it says so: what its support asks for. No personal data.
pub type ProviderId = Option<String>;

/// A text on its way to a provider. It has no `Debug`: it may hold a code or a link.
#[derive(Clone, PartialEq, Eq)]
pub struct ShortMessage {
    /// Message id, stable over retries.
    pub id: String,
    /// Recipient: a mainland mobile number of 11 digits.
    pub mobile: String,
    /// What is said, without the signature every text of a sender carries (签名): that is the adapter's.
    pub said: Written,
}

/// A provider of text messages.
#[async_trait]
pub trait Texts: Send + Sync {
    /// Sends a text. A provider may take it and its answer be lost: that is temporary, and the text may come twice.
    async fn send(&self, message: &ShortMessage) -> Result<ProviderId, SendFailure>;
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
    async fn send(&self, mail: &Mail) -> Result<ProviderId, SendFailure>;
}
