//! The tree with its accounts, and what they did: indexes that keep themselves, since their attributes are part of the
//! items.
//!
//! All accounts are one partition of `by-place`, and all nodes another. Both change rarely, and a subtree is a range of the sort key:
//! reading it costs what it holds.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem, Update};
use domain::account::Account;
use domain::ids::AccountId;
use domain::organisation::{Node, NodePath};
use domain::trail::TrailEntry;
use workflow::commit::EndedSessions;
use workflow::ports::{AccountFilter, ActionQuery, Directory, Outage, Page, PageRequest, business_date};

use super::actions::{Action, Meaning, action};
use super::books::filtered;
use super::items::{self, DOC, Item, Row};
use super::{Dynamo, keys, page};
use crate::config::Table;
use crate::outage::outage;

/// What is listed by place.
const LISTED: &str = "listed";
const PLACE: &str = "place";
const ACCOUNTS: &str = "account";
const NODES: &str = "node";
/// Who did what a trail entry tells, and when.
pub(super) const ACTOR: &str = "actor";
pub(super) const ACTED: &str = "acted";

/// An account as it is stored.
pub(super) fn account_item(account: &Account) -> Result<Item, Outage> {
    // `!` comes before everything that identifiers hold: who sits at a node comes before who sits below it.
    let place = format!("{}!{}", account.node.as_str(), account.user_name);
    Row::of(&keys::account(&account.id), account)?.text(LISTED, ACCOUNTS).text(PLACE, place).finish()
}

/// A node as it is stored.
pub(super) fn node_item(node: &Node) -> Result<Item, Outage> {
    Row::of(&keys::node(&node.id), node)?.text(LISTED, NODES).text(PLACE, node.path.as_str()).finish()
}

/// A trail entry as it is stored: in the trail of what it is about, in the lists of where that lies, by what people call it,
/// and among what its author did.
pub(super) fn trail_item(entry: &TrailEntry) -> Result<Item, Outage> {
    let TrailEntry { topic, at, .. } = entry;
    let row = Row::of(&keys::trail(&topic.id, entry.version, entry.n), entry)?
        .text(keys::LISTED_AT, keys::listed_at(business_date(*at), *at));
    let row =
        keys::trail_lists(&topic.path).fold(row, |row, (depth, list)| row.text(keys::LIST_ATTRIBUTES[depth], list));
    let row = if topic.name.is_empty() { row } else { row.text(keys::NUMBER, keys::trail_name(&topic.name)) };
    let row = match &entry.account {
        Some(account) => row.text(ACTOR, account.as_str()).text(ACTED, keys::instant(*at)),
        None => row,
    };
    row.finish()
}

#[async_trait]
impl Directory for Dynamo {
    async fn nodes_under(&self, node: &NodePath) -> Result<Vec<Node>, Outage> {
        let mut nodes = Vec::new();
        let mut found = self.by_place(NODES, node)?.into_paginator().items().send();
        while let Some(item) = found.try_next().await.map_err(outage("read-nodes"))? {
            nodes.push(items::doc(item)?);
        }
        Ok(nodes)
    }

    async fn accounts_under(&self, filter: &AccountFilter, request: &PageRequest) -> Result<Page<Account>, Outage> {
        let mut query = self.by_place(ACCOUNTS, &filter.under)?;
        let mut conditions = Vec::new();
        if let Some(text) = &filter.text {
            conditions.push("(contains(#doc.#name, :text) OR begins_with(#doc.#user, :text))");
            query = query
                .expression_attribute_names("#name", "name")
                .expression_attribute_names("#user", "user_name")
                .expression_attribute_values(":text", AttributeValue::S(text.clone()));
        }
        if let Some(role) = filter.role {
            conditions.push("contains(#doc.#roles, :role)");
            query = query
                .expression_attribute_names("#roles", "roles")
                .expression_attribute_values(":role", items::to_value(&role)?);
        }
        if let Some(active) = filter.active {
            conditions.push("#doc.#active = :active");
            query = query
                .expression_attribute_names("#active", "active")
                .expression_attribute_values(":active", AttributeValue::Bool(active));
        }
        if !conditions.is_empty() {
            query = query.filter_expression(conditions.join(" AND ")).expression_attribute_names("#doc", DOC);
        }
        let found = page::page(query, &[keys::PK, keys::SK, LISTED, PLACE], request).await?;
        let items: Result<Vec<Account>, Outage> = found.items.into_iter().map(items::doc).collect();
        Ok(Page { items: items?, next: found.next })
    }

    async fn actions_of(&self, account: &AccountId, request: &PageRequest) -> Result<Page<TrailEntry>, Outage> {
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Journal)?)
            .index_name(keys::BY_ACTOR)
            .scan_index_forward(false)
            .key_condition_expression("#actor = :actor")
            .expression_attribute_names("#actor", ACTOR)
            .expression_attribute_values(":actor", AttributeValue::S(account.to_string()));
        let found = page::page(query, &[keys::PK, keys::SK, ACTOR, ACTED], request).await?;
        let items: Result<Vec<TrailEntry>, Outage> = found.items.into_iter().map(items::doc).collect();
        Ok(Page { items: items?, next: found.next })
    }

    async fn done_in(&self, asked: &ActionQuery, request: &PageRequest) -> Result<Page<TrailEntry>, Outage> {
        let (depth, list) = keys::trail_list(&asked.node);
        let (index, attribute, key) = match &asked.name {
            Some(name) => (keys::BY_NUMBER, keys::NUMBER, keys::trail_name(name)),
            None => (keys::LISTS[depth], keys::LIST_ATTRIBUTES[depth], list),
        };
        if !keys::fits(&key) {
            return Ok(Page { items: Vec::new(), next: None });
        }
        let mut query = self.listed(index, attribute, key, keys::listed_between(asked.from, asked.to))?;
        // A list of a country or an office holds nothing else; by name it may be anybody's.
        if asked.name.is_some() || keys::depth(&asked.node) > depth {
            query = filtered(query, "begins_with(#doc.#topic.#path, :under)")
                .expression_attribute_names("#topic", "topic")
                .expression_attribute_names("#path", "path")
                .expression_attribute_values(":under", AttributeValue::S(asked.node.as_str().to_owned()));
        }
        if let Some(kind) = asked.kind {
            query = filtered(query, "#doc.#topic.#kind = :kind")
                .expression_attribute_names("#topic", "topic")
                .expression_attribute_names("#kind", "kind")
                .expression_attribute_values(":kind", items::to_value(&kind)?);
        }
        if let Some(action) = &asked.action {
            query = filtered(query, "#doc.#action = :action")
                .expression_attribute_names("#action", "action")
                .expression_attribute_values(":action", AttributeValue::S(action.clone()));
        }
        let found = page::patient_page(query, &[keys::PK, keys::SK, attribute, keys::LISTED_AT], request).await?;
        let items: Result<Vec<TrailEntry>, Outage> = found.items.into_iter().map(items::doc).collect();
        Ok(Page { items: items?, next: found.next })
    }
}

impl Dynamo {
    fn by_place(
        &self,
        listed: &str,
        under: &NodePath,
    ) -> Result<aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder, Outage> {
        Ok(self
            .client
            .query()
            .table_name(self.tables.name(Table::Registry)?)
            .index_name(keys::BY_PLACE)
            .key_condition_expression("#listed = :listed AND begins_with(#place, :under)")
            .expression_attribute_names("#listed", LISTED)
            .expression_attribute_names("#place", PLACE)
            .expression_attribute_values(":listed", AttributeValue::S(listed.to_owned()))
            .expression_attribute_values(":under", AttributeValue::S(under.as_str().to_owned())))
    }

    /// The actions of a changed node, 0 being expected of a new one: the node, and its row in the list of the tree.
    pub(super) fn write_node(&self, node: &Node, expected: u64) -> Result<[Action; 2], Outage> {
        let put = self.put_if(Table::Registry, node_item(node)?, "#doc.#version = :expected")?;
        let put = if expected == 0 {
            put.condition_expression("attribute_not_exists(pk)")
        } else {
            put.expression_attribute_names("#doc", DOC)
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":expected", AttributeValue::N(expected.to_string()))
        };
        let row = Row::of(&keys::tree(&node.path), node)?.finish()?;
        let row = Put::builder().table_name(self.tables.name(Table::Registry)?).set_item(Some(row));
        Ok([action(Meaning::Version, put)?, action(Meaning::Version, row)?])
    }

    /// The action that begins a new generation of sessions, and takes the second factor away if asked to.
    pub(super) fn end_sessions(&self, ended: &EndedSessions) -> Result<TransactWriteItem, Outage> {
        let update = Update::builder()
            .table_name(self.tables.name(Table::Registry)?)
            .set_key(Some(keys::credentials(&ended.account).attributes()))
            .condition_expression("attribute_exists(pk)")
            .expression_attribute_names("#generation", super::registry::GENERATION)
            .expression_attribute_values(":one", AttributeValue::N("1".to_owned()));
        let update = if ended.clears_totp {
            update
                .update_expression("ADD #generation :one REMOVE #totp")
                .expression_attribute_names("#totp", super::registry::TOTP)
        } else {
            update.update_expression("ADD #generation :one")
        };
        let update = update.build().map_err(|problem| Outage::new("commit", problem))?;
        Ok(TransactWriteItem::builder().update(update).build())
    }
}
