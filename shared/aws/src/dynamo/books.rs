//! The books: entries and payments are listed under every node above their unit, in the order of business days.

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::ids::{EnrolmentId, UnitId};
use domain::ledger::{LedgerEntry, LedgerTotals};
use domain::organisation::NodePath;
use domain::payment::PaymentRecord;
use futures::{StreamExt, TryStreamExt, stream};
use workflow::ports::{Books, LedgerQuery, Outage, Page, PageRequest, PaymentQuery, TOTALLED_MAX};

use super::items::{self, DOC, Item, Row};
use super::keys::{self, Listed};
use super::{Dynamo, page};
use crate::config::Table;
use crate::outage::outage;

/// Entries of an enrolment that are written at the same time.
const WRITES_AT_ONCE: usize = 16;
/// Codes of an entry's plans, each between bars, so that no name is found inside another.
const PLANS: &str = "plans";

pub(super) fn ledger_item(entry: &LedgerEntry) -> Result<Item, Outage> {
    let row = Row::of(&keys::ledger(&entry.subject, entry.version, entry.n), entry)?
        .text(PLANS, entry.plans().fold("|".to_owned(), |plans, plan| plans + plan + "|"))
        .text(keys::LISTED_AT, keys::listed_at(entry.day, entry.at));
    listed(row, keys::lists(Listed::Ledger, &entry.path)).finish()
}

pub(super) fn payment_item(payment: &PaymentRecord) -> Result<Item, Outage> {
    let row = Row::of(&keys::payment(&payment.enrolment, payment.version), payment)?
        .text(keys::NUMBER, payment.application_number.as_str())
        .text(keys::LISTED_AT, keys::listed_at(payment.arrived_on, payment.confirmed_at));
    listed(row, keys::lists(Listed::Payment, &payment.path)).finish()
}

fn listed(row: Row, lists: impl Iterator<Item = (usize, String)>) -> Row {
    lists.fold(row, |row, (depth, list)| row.text(keys::LIST_ATTRIBUTES[depth], list))
}

#[async_trait]
impl Books for Dynamo {
    async fn payments(&self, query: &PaymentQuery, request: &PageRequest) -> Result<Page<PaymentRecord>, Outage> {
        let (index, attribute, key) = match &query.application_number {
            Some(number) => (keys::BY_NUMBER, keys::NUMBER, number.clone()),
            None => {
                let (depth, list) = keys::list(Listed::Payment, &query.node);
                (keys::LISTS[depth], keys::LIST_ATTRIBUTES[depth], list)
            }
        };
        if !keys::fits(&key) {
            return Ok(Page { items: Vec::new(), next: None });
        }
        let asked = self.listed(index, attribute, key, keys::listed_between(query.from, query.to))?;
        let asked = query.channel.into_iter().try_fold(asked, |asked, channel| {
            let channel = items::to_value(&channel)?;
            Ok::<_, Outage>(filtered(asked, "#doc.channel = :channel").expression_attribute_values(":channel", channel))
        })?;
        let found = page::page(asked, &[keys::PK, keys::SK, attribute, keys::LISTED_AT], request).await?;
        let payments: Result<Vec<PaymentRecord>, Outage> = found.items.into_iter().map(items::doc).collect();
        // By number it may be anybody's.
        let items = payments?.into_iter().filter(|payment| query.node.covers(&payment.path)).collect();
        Ok(Page { items, next: found.next })
    }

    async fn ledger(&self, query: &LedgerQuery, request: &PageRequest) -> Result<Page<LedgerEntry>, Outage> {
        let (asked, attribute) = self.entries(query)?;
        let found = page::page(asked, &[keys::PK, keys::SK, attribute, keys::LISTED_AT], request).await?;
        let items: Result<Vec<LedgerEntry>, Outage> = found.items.into_iter().map(items::doc).collect();
        Ok(Page { items: items?, next: found.next })
    }

    async fn ledger_totals(&self, query: &LedgerQuery) -> Result<LedgerTotals, Outage> {
        let (asked, _) = self.entries(query)?;
        let mut totals = LedgerTotals::default();
        let mut start = None;
        loop {
            let some = asked.clone().set_exclusive_start_key(start).send().await.map_err(outage("total-ledger"))?;
            for item in some.items.unwrap_or_default() {
                if totals.entries == TOTALLED_MAX {
                    totals.cut = true;
                    return Ok(totals);
                }
                let added = totals.add(&items::doc(item)?, query.plan.as_deref());
                added.ok_or_else(|| Outage::new("total-ledger", "more than 64 bits hold"))?;
            }
            start = some.last_evaluated_key;
            if start.is_none() {
                return Ok(totals);
            }
        }
    }

    async fn move_books(&self, enrolment: &EnrolmentId, unit: &UnitId, path: &NodePath) -> Result<(), Outage> {
        let mut moved = Vec::new();
        for item in self.recorded(enrolment, keys::LEDGER).await? {
            let entry: LedgerEntry = items::doc(item)?;
            moved.push(ledger_item(&LedgerEntry { path: path.clone(), ..entry })?);
        }
        for item in self.recorded(enrolment, keys::PAYMENT).await? {
            let payment: PaymentRecord = items::doc(item)?;
            moved.push(payment_item(&PaymentRecord { unit: unit.clone(), path: path.clone(), ..payment })?);
        }
        // An entry is written once, by its step: nobody else writes it meanwhile.
        let writes: Vec<_> = moved.into_iter().map(|item| self.put(Table::Journal, item)).collect();
        stream::iter(writes).buffer_unordered(WRITES_AT_ONCE).try_collect().await
    }
}

impl Dynamo {
    /// What is recorded about an enrolment under keys of one kind (strongly consistent).
    async fn recorded(&self, enrolment: &EnrolmentId, kind: &str) -> Result<Vec<Item>, Outage> {
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Journal)?)
            .key_condition_expression("pk = :subject AND begins_with(sk, :kind)")
            .expression_attribute_values(":subject", AttributeValue::S(keys::subject(enrolment.as_str())))
            .expression_attribute_values(":kind", AttributeValue::S(kind.to_owned()))
            .consistent_read(true);
        query.into_paginator().items().send().try_collect().await.map_err(outage("read-books"))
    }

    /// A query of the entries asked for, and the attribute its index goes by.
    fn entries(&self, query: &LedgerQuery) -> Result<(QueryFluentBuilder, &'static str), Outage> {
        let (depth, list) = keys::list(Listed::Ledger, &query.node);
        let attribute = keys::LIST_ATTRIBUTES[depth];
        let mut asked = self.listed(keys::LISTS[depth], attribute, list, keys::listed_between(query.from, query.to))?;
        if let Some(plan) = &query.plan {
            let plan = AttributeValue::S(format!("|{plan}|"));
            asked = also(asked, "contains(#plans, :plan)")
                .expression_attribute_names("#plans", PLANS)
                .expression_attribute_values(":plan", plan);
        }
        if let Some(event) = query.event {
            let event = items::to_value(&event)?;
            asked = filtered(asked, "#doc.event = :event").expression_attribute_values(":event", event);
        }
        Ok((asked, attribute))
    }

    /// A query of one list between two places, the last first.
    pub(super) fn listed(
        &self,
        index: &str,
        attribute: &str,
        key: String,
        (first, last): (String, String),
    ) -> Result<QueryFluentBuilder, Outage> {
        let query = self.client.query().table_name(self.tables.name(Table::Journal)?).index_name(index);
        Ok(query
            .key_condition_expression("#list = :list AND listed_at BETWEEN :first AND :last")
            .expression_attribute_names("#list", attribute)
            .expression_attribute_values(":list", AttributeValue::S(key))
            .expression_attribute_values(":first", AttributeValue::S(first))
            .expression_attribute_values(":last", AttributeValue::S(last))
            .scan_index_forward(false))
    }
}

/// One more condition on the items of a query.
fn also(query: QueryFluentBuilder, condition: &str) -> QueryFluentBuilder {
    let before = query.get_filter_expression().clone().map(|c| format!("{c} AND ")).unwrap_or_default();
    query.filter_expression(format!("{before}{condition}"))
}

/// One more condition on the aggregate of the items.
pub(super) fn filtered(query: QueryFluentBuilder, condition: &str) -> QueryFluentBuilder {
    also(query, condition).expression_attribute_names("#doc", DOC)
}
