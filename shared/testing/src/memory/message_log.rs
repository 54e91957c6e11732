//! The log of messages.

use async_trait::async_trait;
use domain::ids::MessageId;
use domain::message_log::MessageRecord;
use workflow::ports::{MessageFilter, MessageList, MessageLog, Outage, Page, PageRequest};

use super::MemoryStore;
use super::page::{Order, page};
use super::tables::record_key;

#[async_trait]
impl MessageLog for MemoryStore {
    async fn message(&self, id: &MessageId) -> Result<Option<MessageRecord>, Outage> {
        Ok(self.tables().records.get(id).cloned())
    }

    async fn messages(
        &self,
        list: &MessageList,
        filter: &MessageFilter,
        request: &PageRequest,
    ) -> Result<Page<MessageRecord>, Outage> {
        let listed = |record: &&MessageRecord| match list {
            MessageList::Of(account) => record.account.as_ref() == Some(account),
            MessageList::About(subject) => record.about.as_ref() == Some(subject),
            MessageList::Below(node) => node.covers(&record.path),
        };
        let tables = self.tables();
        let records = tables.records.values().filter(listed).filter(|record| filter.admits(record));
        Ok(page(records.map(|record| (record_key(record), record.clone())), Order::Descending, request))
    }
}
