//! The outbox holds only what has not been sent; messages for a later day wait in the runtime table under their day.

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, Delete, Put, TransactWriteItem};
use domain::ids::MessageId;
use domain::message::Outgoing;
use domain::message_log::{MessageRecord, RecordChange};
use futures::{StreamExt, TryStreamExt, stream};
use jiff::{Timestamp, civil::Date};
use serde::Deserialize;
use workflow::ports::{Outage, Outbox};

use super::items::{self, Item, Row};
use super::{Dynamo, keys};
use crate::config::Table;
use crate::outage::outage;

const WRITTEN_AT: &str = "written_at";
/// Most pages one sweep scans: at 1 MB each, more messages than one sweep can send.
const SCAN_PAGES_MAX: u32 = 20;
/// Scheduled messages moved at the same time.
const MOVES_AT_ONCE: usize = 8;

/// The item of a message.
pub(super) fn item(message: &Outgoing, now: Timestamp) -> Result<Item, Outage> {
    Row::of(&keys::message(&message.id), message)?.text(WRITTEN_AT, keys::instant(now)).finish()
}

/// Reads the message out of the new image of a stream record of the outbox table.
pub fn outgoing(image: serde_dynamo::Item) -> Result<Outgoing, Outage> {
    #[derive(Deserialize)]
    struct Image {
        doc: Outgoing,
    }
    let image: Image = serde_dynamo::from_item(image)
        .map_err(|_| Outage::new("read-item", items::ItemProblem::OtherShape("outbox message")))?;
    Ok(image.doc)
}

#[async_trait]
impl Outbox for Dynamo {
    async fn unsent(&self, before: Timestamp, limit: u32) -> Result<Vec<Outgoing>, Outage> {
        let scan = self
            .client
            .scan()
            .table_name(self.tables.name(Table::Outbox)?)
            .filter_expression("#at < :before")
            .expression_attribute_names("#at", WRITTEN_AT)
            .expression_attribute_values(":before", AttributeValue::S(keys::instant(before)));
        let (mut found, mut start) = (Vec::new(), None);
        for _ in 0..SCAN_PAGES_MAX {
            let some = scan.clone().set_exclusive_start_key(start).send().await.map_err(outage("read-outbox"))?;
            found.extend(some.items.unwrap_or_default());
            start = some.last_evaluated_key;
            if start.is_none() || found.len() >= limit as usize {
                break;
            }
        }
        found.truncate(limit as usize);
        found.into_iter().map(items::doc).collect()
    }

    async fn sent(&self, id: &MessageId) -> Result<(), Outage> {
        let delete = self
            .client
            .delete_item()
            .table_name(self.tables.name(Table::Outbox)?)
            .set_key(Some(keys::message(id).attributes()));
        delete.send().await.map_err(outage("clear-outbox"))?;
        Ok(())
    }

    async fn release_scheduled(&self, day: Date, now: Timestamp, limit: u32) -> Result<u32, Outage> {
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Runtime)?)
            .consistent_read(true)
            .key_condition_expression("pk = :day")
            .expression_attribute_values(":day", AttributeValue::S(keys::due_on(day)))
            .limit(i32::try_from(limit.max(1)).unwrap_or(i32::MAX));
        let due = query.send().await.map_err(outage("read-scheduled"))?.items.unwrap_or_default();
        stream::iter(due)
            .map(|item| async move { self.release(day, items::doc(item)?, now).await })
            .buffer_unordered(MOVES_AT_ONCE)
            .try_fold(0, |moved, is_moved| async move { Ok(moved + u32::from(is_moved)) })
            .await
    }
}

impl Dynamo {
    /// Moves one scheduled message into the outbox; false if somebody else did.
    async fn release(&self, day: Date, message: Outgoing, now: Timestamp) -> Result<bool, Outage> {
        let put = Put::builder()
            .table_name(self.tables.name(Table::Outbox)?)
            .set_item(Some(item(&message, now)?))
            .build()
            .map_err(|problem| Outage::new("release-scheduled", problem))?;
        let delete = Delete::builder()
            .table_name(self.tables.name(Table::Runtime)?)
            .set_key(Some(keys::due(day, &message.id).attributes()))
            .condition_expression("attribute_exists(pk)")
            .build()
            .map_err(|problem| Outage::new("release-scheduled", problem))?;
        let transaction = self
            .client
            .transact_write_items()
            .transact_items(TransactWriteItem::builder().put(put).build())
            .transact_items(TransactWriteItem::builder().delete(delete).build());
        // The worker that sends it knows where it belongs.
        let record = MessageRecord::queued(&message, None, now).map(RecordChange::End);
        let record = record.map(|change| self.change_record(&change)).transpose()?;
        let transaction =
            record.into_iter().fold(transaction, |transaction, record| transaction.transact_items(record));
        match transaction.send().await {
            Ok(_) => Ok(true),
            // Another sweep has moved it or is moving it now; the next sweep sees whatever is left.
            Err(error)
                if matches!(
                    error.as_service_error(),
                    Some(TransactWriteItemsError::TransactionCanceledException(_))
                ) =>
            {
                Ok(false)
            }
            Err(error) => Err(outage("release-scheduled")(error)),
        }
    }
}
