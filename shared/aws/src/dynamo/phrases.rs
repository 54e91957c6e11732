//! Phrases for opinions: an item per account, apart from it, since no sign-in needs them.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::ids::AccountId;
use domain::phrases::Phrases;
use workflow::ports::{Outage, PhraseBook};

use super::items::Row;
use super::{Dynamo, keys};
use crate::config::Table;
use crate::outage::done;

#[async_trait]
impl PhraseBook for Dynamo {
    async fn phrases(&self, account: &AccountId) -> Result<Phrases, Outage> {
        Ok(self.doc(Table::Registry, &keys::phrases(account), true).await?.unwrap_or_default())
    }

    async fn put_phrases(&self, account: &AccountId, phrases: &Phrases) -> Result<bool, Outage> {
        let item = Row::of(&keys::phrases(account), phrases)?.number("version", phrases.version).finish()?;
        let before = phrases.version.saturating_sub(1);
        let put = self.client.put_item().table_name(self.tables.name(Table::Registry)?).set_item(Some(item));
        let put = if before == 0 {
            put.condition_expression("attribute_not_exists(pk)")
        } else {
            put.condition_expression("#version = :before")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":before", AttributeValue::N(before.to_string()))
        };
        done("put-phrases", put.send().await)
    }
}
