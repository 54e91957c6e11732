//! The log of messages: one item a message, listed by account, by subject, and by every node above it.

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use domain::ids::MessageId;
use domain::message_log::{Fate, MessageRecord, RecordChange};
use jiff::{Timestamp, ToSpan};
use workflow::ports::{MessageFilter, MessageList, MessageLog, Outage, Page, PageRequest};

use super::items::{self, Item, Row};
use super::{Dynamo, keys, page};
use crate::config::Table;

/// Life of a record, in seconds: two years, as long as somebody may ask what a unit was told about a year of cover.
const LIFE_S: i64 = 2 * 365 * 24 * 3600;
const ACCOUNT: &str = "account";
const ABOUT: &str = "about";
const FATE: &str = "fate";
const TEMPLATE: &str = "template";
const RESENT: &str = "resent";
const QUEUED_AT: &str = "queued_at";

/// The item of a record.
fn item(record: &MessageRecord) -> Result<Item, Outage> {
    let mut row = Row::of(&keys::record(&record.id), record)?
        .text(FATE, record.fate.as_str())
        .text(TEMPLATE, record.template.as_str())
        .text(QUEUED_AT, keys::instant(record.queued_at))
        .expires(record.queued_at, LIFE_S);
    for (depth, node) in keys::lineage(&record.path) {
        row = row.text(keys::LOG_ATTRIBUTES[depth], node);
    }
    if let Some(account) = &record.account {
        row = row.text(ACCOUNT, account.as_str());
    }
    if let Some(about) = &record.about {
        row = row.text(ABOUT, about.as_str());
    }
    if let Some(again) = &record.resent_as {
        row = row.text(RESENT, again.as_str());
    }
    row.finish()
}

impl Dynamo {
    /// The change of a record as an action; its condition is [`RecordChange::stands`].
    pub(super) fn change_record(&self, change: &RecordChange) -> Result<TransactWriteItem, Outage> {
        let put = Put::builder().table_name(self.tables.name(Table::Messages)?).set_item(Some(item(change.record())?));
        let fate = |fate: Fate| AttributeValue::S(fate.as_str().to_owned());
        let put = match change {
            RecordChange::Open(_) => put.condition_expression("attribute_not_exists(pk)"),
            RecordChange::Attempt(_) => put
                .condition_expression("attribute_not_exists(pk) OR #fate IN (:queued, :retrying, :dead)")
                .expression_attribute_names("#fate", FATE)
                .expression_attribute_values(":queued", fate(Fate::Queued))
                .expression_attribute_values(":retrying", fate(Fate::Retrying))
                .expression_attribute_values(":dead", fate(Fate::Dead)),
            RecordChange::End(_) => put,
            RecordChange::Repeat(_) => put
                .condition_expression("#fate IN (:failed, :dead) AND attribute_not_exists(#resent)")
                .expression_attribute_names("#fate", FATE)
                .expression_attribute_names("#resent", RESENT)
                .expression_attribute_values(":failed", fate(Fate::Failed))
                .expression_attribute_values(":dead", fate(Fate::Dead)),
        };
        let put = put.build().map_err(|problem| Outage::new("commit", problem))?;
        Ok(TransactWriteItem::builder().put(put).build())
    }
}

#[async_trait]
impl MessageLog for Dynamo {
    async fn message(&self, id: &MessageId) -> Result<Option<MessageRecord>, Outage> {
        self.doc(Table::Messages, &keys::record(id), true).await
    }

    async fn messages(
        &self,
        list: &MessageList,
        filter: &MessageFilter,
        request: &PageRequest,
    ) -> Result<Page<MessageRecord>, Outage> {
        if filter.is_empty() {
            return Ok(Page { items: Vec::new(), next: None });
        }
        let (index, hash, value) = match list {
            MessageList::Of(account) => (keys::BY_ACCOUNT, ACCOUNT, account.as_str()),
            MessageList::About(subject) => (keys::BY_SUBJECT, ABOUT, subject.as_str()),
            MessageList::Below(node) => {
                let depth = keys::depth(node);
                (keys::LOGS[depth], keys::LOG_ATTRIBUTES[depth], node.as_str())
            }
        };
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Messages)?)
            .index_name(index)
            .key_condition_expression("#hash = :hash")
            .expression_attribute_names("#hash", hash)
            .expression_attribute_values(":hash", AttributeValue::S(value.to_owned()))
            .scan_index_forward(false);
        let found = page::page(narrowed(query, filter), &[keys::PK, keys::SK, hash, QUEUED_AT], request).await?;
        let items: Result<Vec<MessageRecord>, Outage> = found.items.into_iter().map(items::doc).collect();
        Ok(Page { items: items?, next: found.next })
    }
}

/// The part of a list that a filter admits. Instants are keys; fate and template are looked for.
fn narrowed(query: QueryFluentBuilder, filter: &MessageFilter) -> QueryFluentBuilder {
    let mut query = query;
    if filter.from.is_some() || filter.before.is_some() {
        // A key takes one condition: both ends are always given, the upper one just below the instant that is out.
        let from = keys::instant(filter.from.unwrap_or(Timestamp::MIN));
        let last = filter.before.unwrap_or(Timestamp::MAX).checked_sub(1.nanosecond()).unwrap_or(Timestamp::MIN);
        query = query
            .key_condition_expression("#hash = :hash AND #queued_at BETWEEN :from AND :last")
            .expression_attribute_names("#queued_at", QUEUED_AT)
            .expression_attribute_values(":from", AttributeValue::S(from))
            .expression_attribute_values(":last", AttributeValue::S(keys::instant(last)));
    }
    let sought = [(FATE, filter.fate.map(Fate::as_str)), (TEMPLATE, filter.template.map(|id| id.as_str()))];
    let sought: Vec<_> = sought.into_iter().filter_map(|(name, value)| Some((name, value?))).collect();
    if sought.is_empty() {
        return query;
    }
    let conditions: Vec<String> = sought.iter().map(|(name, _)| format!("#{name} = :{name}")).collect();
    sought.into_iter().fold(query.filter_expression(conditions.join(" AND ")), |query, (name, value)| {
        query
            .expression_attribute_names(format!("#{name}"), name)
            .expression_attribute_values(format!(":{name}"), AttributeValue::S(value.to_owned()))
    })
}
