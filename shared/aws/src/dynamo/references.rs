//! Reference data: one item for each book, all its versions in it.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::ids::NodeId;
use domain::plan::PlanBook;
use domain::receipt::ReliefBook;
use domain::self_check::RuleBook;
use workflow::ports::{Book, Outage, References};

use super::items::{self, Item, Row};
use super::{Dynamo, keys};
use crate::config::Table;
use crate::outage::outage;

#[async_trait]
impl References for Dynamo {
    async fn plan_books(&self) -> Result<Vec<PlanBook>, Outage> {
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Registry)?)
            .key_condition_expression("pk = :pk")
            .expression_attribute_values(":pk", AttributeValue::S(keys::PLAN_BOOKS.to_owned()));
        let mut books = Vec::new();
        let mut found = query.into_paginator().items().send();
        while let Some(item) = found.try_next().await.map_err(outage("read-plans"))? {
            books.push(items::doc(item)?);
        }
        Ok(books)
    }

    async fn plan_book(&self, code: &str) -> Result<Option<PlanBook>, Outage> {
        self.doc(Table::Registry, &keys::plan_book(code), true).await
    }

    async fn rule_book(&self) -> Result<RuleBook, Outage> {
        Ok(self.doc(Table::Registry, &keys::rule_book(), true).await?.unwrap_or_default())
    }

    async fn relief_book(&self, office: &NodeId) -> Result<ReliefBook, Outage> {
        let found = self.doc(Table::Registry, &keys::relief_book(office), true).await?;
        Ok(found.unwrap_or_else(|| ReliefBook::empty(office.clone())))
    }
}

/// The item of a book.
pub(super) fn item(book: &Book) -> Result<Item, Outage> {
    let row = match book {
        Book::Plan(book) => Row::of(&keys::plan_book(&book.code), book),
        Book::Rules(book) => Row::of(&keys::rule_book(), book),
        Book::Reliefs(book) => Row::of(&keys::relief_book(&book.office), book),
    };
    row?.number("version", book.version()).finish()
}
