//! Export jobs: an account's lie together, newest last.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::export::Export;
use domain::ids::{AccountId, ExportId};
use workflow::ports::{Exports, Outage, Page, PageRequest};

use super::items::{self, Item, Row};
use super::{Dynamo, keys, page};
use crate::config::Table;

/// Life of a job in the table, in seconds: thirty days.
const LIFE_S: i64 = 30 * 24 * 3600;

/// The item of a job.
pub(super) fn item(export: &Export) -> Result<Item, Outage> {
    Row::of(&keys::export(&export.account, &export.id), export)?
        .number("version", export.version)
        .expires(export.requested_at, LIFE_S)
        .finish()
}

#[async_trait]
impl Exports for Dynamo {
    async fn export(&self, account: &AccountId, id: &ExportId) -> Result<Option<Export>, Outage> {
        self.doc(Table::Runtime, &keys::export(account, id), true).await
    }

    async fn exports(&self, account: &AccountId, request: &PageRequest) -> Result<Page<Export>, Outage> {
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Runtime)?)
            .key_condition_expression("pk = :pk AND begins_with(sk, :export)")
            .expression_attribute_values(":pk", AttributeValue::S(keys::exports(account)))
            .expression_attribute_values(":export", AttributeValue::S(keys::EXPORT.to_owned()))
            .scan_index_forward(false);
        let found = page::page(query, &[keys::PK, keys::SK], request).await?;
        let items: Result<Vec<Export>, Outage> = found.items.into_iter().map(items::doc).collect();
        Ok(Page { items: items?, next: found.next })
    }
}
