//! Running numbers: one atomic addition each. A repeated call whose answer was lost leaves a gap, never a double.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use workflow::ports::{Outage, Sequence, Sequences};

use super::items::take;
use super::{Dynamo, keys};
use crate::config::Table;
use crate::outage::outage;

const LAST: &str = "last_number";

#[async_trait]
impl Sequences for Dynamo {
    async fn next(&self, sequence: Sequence) -> Result<u64, Outage> {
        let update = self
            .client
            .update_item()
            .table_name(self.tables.name(Table::Runtime)?)
            .set_key(Some(keys::sequence(sequence).attributes()))
            .update_expression(format!("ADD {LAST} :one"))
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()))
            .return_values(ReturnValue::UpdatedNew);
        let written = update.send().await.map_err(outage("next-number"))?;
        take(&mut written.attributes.unwrap_or_default(), LAST)
    }

    async fn last(&self, sequence: Sequence) -> Result<u64, Outage> {
        let get = self
            .client
            .get_item()
            .table_name(self.tables.name(Table::Runtime)?)
            .set_key(Some(keys::sequence(sequence).attributes()));
        let found = get.send().await.map_err(outage("last-number"))?.item;
        found.map_or(Ok(0), |mut item| take(&mut item, LAST))
    }
}
