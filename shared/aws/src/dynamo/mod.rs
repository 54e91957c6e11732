//! The tables: [`Dynamo`] keeps every contract of [`workflow::ports::Store`].
//!
//! Reads are eventually consistent unless a decision hangs on them; docs/tables.md says which and why.

mod accounts;
mod actions;
mod books;
mod commit;
mod directory;
mod enrolments;
mod exports;
mod items;
mod keys;
mod lists;
mod message_log;
mod outbox;
mod page;
mod people;
mod phrases;
mod references;
mod registry;
mod restrictions;
mod sequences;
mod sessions;
mod sign_ins;
mod tallies;
mod tasks;
#[cfg(test)]
mod tests;
mod tickets;
mod trails;
mod units;
mod uploads;
mod wrapped_key;

use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::types::builders::KeysAndAttributesBuilder;
use serde::de::DeserializeOwned;
use workflow::ports::{Clock, Outage};

use self::items::Item;
use self::keys::Key;
pub use self::outbox::outgoing;
use crate::config::{Table, Tables};
use crate::outage::outage;

/// Keys of one batch read (DynamoDB: 100).
const BATCH_KEYS_MAX: usize = 100;
/// Most tries of what a batch read left out.
const BATCH_ATTEMPTS_MAX: u32 = 6;

/// A batch read left keys out each time it was tried.
#[derive(Debug, thiserror::Error)]
#[error("throttled {BATCH_ATTEMPTS_MAX} times")]
struct Throttled;

/// The tables.
#[derive(Clone)]
pub struct Dynamo {
    client: Client,
    tables: Tables,
    clock: Arc<dyn Clock>,
}

impl Dynamo {
    /// The tables behind a client. The clock dates messages and the life of what DynamoDB may forget.
    pub fn new(client: Client, tables: Tables, clock: Arc<dyn Clock>) -> Self {
        Self { client, tables, clock }
    }

    /// Reads one item; `consistent` sees every write that was answered before, and costs twice as much.
    async fn item(&self, table: Table, key: &Key, consistent: bool) -> Result<Option<Item>, Outage> {
        if !key.fits() {
            return Ok(None);
        }
        let get = self.client.get_item().table_name(self.tables.name(table)?).set_key(Some(key.attributes()));
        Ok(get.consistent_read(consistent).send().await.map_err(outage("get-item"))?.item)
    }

    /// Reads the aggregate of one item.
    async fn doc<T: DeserializeOwned>(&self, table: Table, key: &Key, consistent: bool) -> Result<Option<T>, Outage> {
        self.item(table, key, consistent).await?.map(items::doc).transpose()
    }

    /// Reads up to [`BATCH_KEYS_MAX`] items of a table, and again whatever an answer left out.
    async fn read_batch(
        &self,
        operation: &'static str,
        table: Table,
        wanted: KeysAndAttributesBuilder,
    ) -> Result<Vec<Item>, Outage> {
        let table = self.tables.name(table)?;
        let mut left = Some(wanted.build().map_err(|problem| Outage::new(operation, problem))?);
        let mut found = Vec::new();
        for attempt in 1..=BATCH_ATTEMPTS_MAX {
            let Some(wanted) = left.take() else { return Ok(found) };
            let answer = self.client.batch_get_item().request_items(table, wanted).send().await;
            let mut answer = answer.map_err(outage(operation))?;
            found.extend(answer.responses.as_mut().and_then(|all| all.remove(table)).unwrap_or_default());
            left = answer.unprocessed_keys.and_then(|mut all| all.remove(table));
            if left.is_none() {
                return Ok(found);
            }
            pause(attempt).await;
        }
        Err(Outage::new(operation, Throttled))
    }

    /// Writes one item, whatever was there.
    async fn put(&self, table: Table, item: Item) -> Result<(), Outage> {
        let put = self.client.put_item().table_name(self.tables.name(table)?).set_item(Some(item));
        put.send().await.map_err(outage("put-item"))?;
        Ok(())
    }
}

/// First pause before a call is tried again, in milliseconds; it doubles each time.
const PAUSE_FIRST_MS: u64 = 25;

/// Waits before the `attempt`-th repetition (from 1), half of it by chance, so that those who collided do not meet again.
async fn pause(attempt: u32) {
    let whole_ms = PAUSE_FIRST_MS << attempt.saturating_sub(1).min(6);
    let chance_ms = u64::from_le_bytes(crate::world::random()) % (whole_ms / 2);
    tokio::time::sleep(Duration::from_millis(whole_ms / 2 + chance_ms)).await;
}
