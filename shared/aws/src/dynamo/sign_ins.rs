//! The sign-in log: the journal entries of an account, by time.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::ids::AccountId;
use domain::sign_in::SignInRecord;
use workflow::ports::{Outage, Page, PageRequest, SignIns};

use super::items::{self, Item, Row};
use super::{Dynamo, keys, page};
use crate::config::Table;

/// Life of an entry, in seconds: a year. At least six months are required of network logs (网络安全法 art. 21).
const LIFE_S: i64 = 365 * 24 * 3600;

/// The item of an entry.
pub(super) fn item(record: &SignInRecord) -> Result<Item, Outage> {
    Row::of(&keys::sign_in(&record.account, record.at, &record.id), record)?.expires(record.at, LIFE_S).finish()
}

#[async_trait]
impl SignIns for Dynamo {
    async fn record_sign_in(&self, record: &SignInRecord) -> Result<(), Outage> {
        self.put(Table::Journal, item(record)?).await
    }

    async fn sign_ins(&self, account: &AccountId, request: &PageRequest) -> Result<Page<SignInRecord>, Outage> {
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Journal)?)
            .key_condition_expression("pk = :pk AND begins_with(sk, :sign_in)")
            .expression_attribute_values(":pk", AttributeValue::S(keys::subject(account.as_str())))
            .expression_attribute_values(":sign_in", AttributeValue::S(keys::SIGN_IN.to_owned()))
            .scan_index_forward(false);
        let found = page::page(query, &[keys::PK, keys::SK], request).await?;
        let items: Result<Vec<SignInRecord>, Outage> = found.items.into_iter().map(items::doc).collect();
        Ok(Page { items: items?, next: found.next })
    }
}
