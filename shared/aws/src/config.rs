//! What the environment says, one struct per concern. [`environment`] is the only place that reads it.
//!
//! A function's template names only what the function may touch, so everything is optional until it is used; using what
//! is not named is an outage that says which variable is missing.

use domain::message::Queue;
use workflow::ports::{Bucket, Outage};

/// A variable of the process; an empty one counts as missing.
#[expect(clippy::disallowed_methods, reason = "the home of the environment for the adapters")]
pub fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The function's template does not name what the function uses.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not set")]
pub struct Missing(&'static str);

/// A setting with the variable it comes from.
#[derive(Debug, Clone)]
struct Setting {
    variable: &'static str,
    value: Option<String>,
}

impl Setting {
    fn read(variable: &'static str, lookup: &impl Fn(&str) -> Option<String>) -> Self {
        Self { variable, value: lookup(variable) }
    }

    fn get(&self) -> Result<&str, Outage> {
        self.value.as_deref().ok_or_else(|| Outage::new("read-configuration", Missing(self.variable)))
    }
}

/// A table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Table {
    /// Organisation, units, accounts, plans, wrapped keys.
    Registry,
    /// Enrolments.
    Enrolments,
    /// People under cover.
    Cover,
    /// Work pools.
    Tasks,
    /// Trails and ledger.
    Journal,
    /// Messages that have not been sent.
    Outbox,
    /// Uploads, idempotency, consumed messages, sessions, sequences, scheduled messages, exports.
    Runtime,
    /// What became of messages.
    Messages,
}

/// Names of the tables.
#[derive(Debug, Clone)]
pub struct Tables([Setting; 8]);

impl Tables {
    /// `TABLE_REGISTRY`, `TABLE_ENROLMENTS`, `TABLE_COVER`, `TABLE_TASKS`, `TABLE_JOURNAL`, `TABLE_OUTBOX`,
    /// `TABLE_RUNTIME`, `TABLE_MESSAGES`.
    pub fn from_environment(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let variables = [
            "TABLE_REGISTRY",
            "TABLE_ENROLMENTS",
            "TABLE_COVER",
            "TABLE_TASKS",
            "TABLE_JOURNAL",
            "TABLE_OUTBOX",
            "TABLE_RUNTIME",
            "TABLE_MESSAGES",
        ];
        Self(variables.map(|variable| Setting::read(variable, &lookup)))
    }

    /// The name of a table.
    pub fn name(&self, table: Table) -> Result<&str, Outage> {
        self.0[table as usize].get()
    }
}

/// Names of the buckets.
#[derive(Debug, Clone)]
pub struct Buckets {
    quarantine: Setting,
    documents: Setting,
}

impl Buckets {
    /// `BUCKET_QUARANTINE`, `BUCKET_DOCUMENTS`.
    pub fn from_environment(lookup: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            quarantine: Setting::read("BUCKET_QUARANTINE", &lookup),
            documents: Setting::read("BUCKET_DOCUMENTS", &lookup),
        }
    }

    /// The name of a bucket.
    pub fn name(&self, bucket: Bucket) -> Result<&str, Outage> {
        match bucket {
            Bucket::Quarantine => self.quarantine.get(),
            Bucket::Documents => self.documents.get(),
        }
    }
}

/// Addresses of the work queues.
#[derive(Debug, Clone)]
pub struct QueueUrls([Setting; Queue::ALL.len()]);

impl QueueUrls {
    /// `QUEUE_TEXT_MESSAGE`, `QUEUE_RECEIPT_MAIL`, `QUEUE_CERTIFICATE`, `QUEUE_COVER`, `QUEUE_EXPORT`, `QUEUE_MAIL`,
    /// `QUEUE_RENEWAL`, `QUEUE_UNIT_MOVE`.
    pub fn from_environment(lookup: impl Fn(&str) -> Option<String>) -> Self {
        let variable = |queue| match queue {
            Queue::TextMessage => "QUEUE_TEXT_MESSAGE",
            Queue::ReceiptMail => "QUEUE_RECEIPT_MAIL",
            Queue::Certificate => "QUEUE_CERTIFICATE",
            Queue::Cover => "QUEUE_COVER",
            Queue::Export => "QUEUE_EXPORT",
            Queue::Mail => "QUEUE_MAIL",
            Queue::Renewal => "QUEUE_RENEWAL",
            Queue::UnitMove => "QUEUE_UNIT_MOVE",
        };
        Self(Queue::ALL.map(|queue| Setting::read(variable(queue), &lookup)))
    }

    /// The address of a queue.
    pub fn url(&self, queue: Queue) -> Result<&str, Outage> {
        self.0[queue as usize].get()
    }
}

/// Addresses of the dead letters, by name of their queue.
#[derive(Debug, Clone)]
pub struct DeadLetterUrls(Setting);

impl DeadLetterUrls {
    /// `DEAD_LETTERS`: `text-message=https://… cover=https://…`.
    pub fn from_environment(lookup: impl Fn(&str) -> Option<String>) -> Self {
        Self(Setting::read("DEAD_LETTERS", &lookup))
    }

    /// Name and address of each.
    pub fn all(&self) -> Result<Vec<(&str, &str)>, Outage> {
        Ok(self.0.get()?.split_whitespace().filter_map(|pair| pair.split_once('=')).collect())
    }
}

/// Ids of the KMS keys.
#[derive(Debug, Clone)]
pub struct Keys {
    fields: Setting,
    tokens: Setting,
}

impl Keys {
    /// `KEY_FIELDS`, `KEY_TOKENS`.
    pub fn from_environment(lookup: impl Fn(&str) -> Option<String>) -> Self {
        Self { fields: Setting::read("KEY_FIELDS", &lookup), tokens: Setting::read("KEY_TOKENS", &lookup) }
    }

    /// The key that wraps the data key of personal fields.
    pub fn fields(&self) -> Result<&str, Outage> {
        self.fields.get()
    }

    /// The key that signs access tokens.
    pub fn tokens(&self) -> Result<&str, Outage> {
        self.tokens.get()
    }
}

/// How the platform presents itself.
#[derive(Debug, Clone)]
pub struct Identity {
    public_url: Setting,
    mail_from: Setting,
    operations: Setting,
}

impl Identity {
    /// `PUBLIC_URL`, `MAIL_FROM`, `MAIL_OPERATIONS`.
    pub fn from_environment(lookup: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            public_url: Setting::read("PUBLIC_URL", &lookup),
            mail_from: Setting::read("MAIL_FROM", &lookup),
            operations: Setting::read("MAIL_OPERATIONS", &lookup),
        }
    }

    /// Mailbox of those who run the platform.
    pub fn operations(&self) -> Result<&str, Outage> {
        self.operations.get()
    }

    /// Origin of the portal, without a slash at the end.
    pub fn public_url(&self) -> Result<&str, Outage> {
        self.public_url.get()
    }

    /// Sender of mails.
    pub fn mail_from(&self) -> Result<&str, Outage> {
        self.mail_from.get()
    }
}

/// Which providers texts and mails go through.
#[derive(Clone)]
pub struct Providers {
    text_gateway: Option<String>,
    text_sign: Setting,
    mail_server: Option<String>,
}

impl Providers {
    /// `TEXT_GATEWAY`, `TEXT_SIGN`, `MAIL_SERVER`.
    pub fn from_environment(lookup: impl Fn(&str) -> Option<String>) -> Self {
        Self {
            text_gateway: lookup("TEXT_GATEWAY"),
            text_sign: Setting::read("TEXT_SIGN", &lookup),
            mail_server: lookup("MAIL_SERVER"),
        }
    }

    /// Address of the HTTP gateway of texts; none for SNS. Holds a secret.
    pub fn text_gateway(&self) -> Option<&str> {
        self.text_gateway.as_deref()
    }

    /// The sender's signature of texts (签名), without its brackets.
    pub fn text_sign(&self) -> Result<&str, Outage> {
        self.text_sign.get()
    }

    /// Address of the SMTP server; none for SES. Holds a secret.
    pub fn mail_server(&self) -> Option<&str> {
        self.mail_server.as_deref()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    fn echo(name: &str) -> Option<String> {
        Some(name.to_owned())
    }

    #[test]
    fn every_name_comes_from_its_own_variable() {
        let tables = Tables::from_environment(echo);
        let all = [
            (Table::Registry, "TABLE_REGISTRY"),
            (Table::Enrolments, "TABLE_ENROLMENTS"),
            (Table::Cover, "TABLE_COVER"),
            (Table::Tasks, "TABLE_TASKS"),
            (Table::Journal, "TABLE_JOURNAL"),
            (Table::Outbox, "TABLE_OUTBOX"),
            (Table::Runtime, "TABLE_RUNTIME"),
            (Table::Messages, "TABLE_MESSAGES"),
        ];
        for (table, variable) in all {
            assert_eq!(tables.name(table).unwrap(), variable);
        }
        let queues = QueueUrls::from_environment(echo);
        let urls = Queue::ALL.map(|queue| queues.url(queue).unwrap());
        let expected = [
            "QUEUE_TEXT_MESSAGE",
            "QUEUE_RECEIPT_MAIL",
            "QUEUE_CERTIFICATE",
            "QUEUE_COVER",
            "QUEUE_EXPORT",
            "QUEUE_MAIL",
            "QUEUE_RENEWAL",
            "QUEUE_UNIT_MOVE",
        ];
        assert_eq!(urls, expected);
    }

    #[test]
    fn what_is_missing_is_named_when_it_is_used() {
        let outage = Tables::from_environment(|_| None).name(Table::Cover).unwrap_err();
        assert_eq!(outage.source.to_string(), "TABLE_COVER is not set");
    }
}
