//! What became of messages.

use async_trait::async_trait;
use domain::ids::{AccountId, MessageId};
use domain::message_log::{Fate, MessageRecord};
use domain::organisation::NodePath;
use domain::texts::TemplateId;
use jiff::Timestamp;

use super::{Outage, Page, PageRequest};

/// Which messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MessageList {
    /// Those of an account.
    Of(AccountId),
    /// Those about a subject, by its identifier.
    About(String),
    /// Those of a node and everything below it.
    Below(NodePath),
}

/// Which of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MessageFilter {
    /// What became of them.
    pub fate: Option<Fate>,
    /// By which template.
    pub template: Option<TemplateId>,
    /// Queued at this instant or later.
    pub from: Option<Timestamp>,
    /// Queued before this instant.
    pub before: Option<Timestamp>,
}

impl MessageFilter {
    /// Whether it ends before it begins.
    pub fn is_empty(&self) -> bool {
        self.from.zip(self.before).is_some_and(|(from, before)| before <= from)
    }

    /// Whether a message passes.
    pub fn admits(&self, record: &MessageRecord) -> bool {
        self.fate.is_none_or(|fate| record.fate == fate)
            && self.template.is_none_or(|template| record.template == template)
            && self.from.is_none_or(|from| record.queued_at >= from)
            && self.before.is_none_or(|before| record.queued_at < before)
    }
}

/// Reads the log of messages; commits write it.
#[async_trait]
pub trait MessageLog: Send + Sync {
    /// The record of a message (strongly consistent).
    async fn message(&self, id: &MessageId) -> Result<Option<MessageRecord>, Outage>;

    /// A page of a list, newest first. Costs what the page shows; by fate or template, what is looked at within the
    /// instants of the filter.
    async fn messages(
        &self,
        list: &MessageList,
        filter: &MessageFilter,
        page: &PageRequest,
    ) -> Result<Page<MessageRecord>, Outage>;
}
