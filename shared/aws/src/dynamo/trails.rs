//! Trails: the journal entries of a subject, in the order of its versions.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::trail::TrailEntry;
use workflow::ports::{Outage, Page, PageRequest, Trails};

use super::{Dynamo, items, keys, page};
use crate::config::Table;

#[async_trait]
impl Trails for Dynamo {
    async fn trail(&self, subject: &str, request: &PageRequest) -> Result<Page<TrailEntry>, Outage> {
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Journal)?)
            .key_condition_expression("pk = :pk AND begins_with(sk, :trail)")
            .expression_attribute_values(":pk", AttributeValue::S(keys::subject(subject)))
            .expression_attribute_values(":trail", AttributeValue::S(keys::TRAIL.to_owned()));
        let found = page::page(query, &[keys::PK, keys::SK], request).await?;
        let items: Result<Vec<TrailEntry>, Outage> = found.items.into_iter().map(items::doc).collect();
        Ok(Page { items: items?, next: found.next })
    }
}
