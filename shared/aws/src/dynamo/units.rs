//! Units, found by any part of their name, by code and by contact; registrations; the tree as a list.

use std::collections::BTreeSet;

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::{AttributeValue, ConditionCheck, Delete, KeysAndAttributes, Put, TransactWriteItem};
use domain::ids::{RegistrationId, UnitId};
use domain::organisation::{Node, NodePath, Unit};
use domain::registration::Registration;
use domain::unit::{UnitTerm, terms};
use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use workflow::commit::{CodeChange, TermChanges, UnitWrite};
use workflow::ports::{CodeHolder, Outage, Page, PageRequest, RegistrationList, UnitQuery, UnitSearch, Units};
use workflow::scope::Scope;

use super::actions::{Action, Meaning, action};
use super::items::{self, DOC, Item, Row, take, text, to_value};
use super::{BATCH_KEYS_MAX, Dynamo, keys, page};
use crate::config::Table;
use crate::outage::outage;

/// The unit of a term.
const UNIT: &str = "unit";
/// What is looked for, and the range key of the indexes.
const TEXT: &str = "text";
/// What stands before it in the name.
const HEAD: &str = "head";
/// Reads of units at the same time.
const READS_AT_ONCE: usize = 8;

/// What is read of a unit to know whether it is classified.
#[derive(Deserialize)]
struct Classification {
    id: UnitId,
    #[serde(default)]
    classified: bool,
}

/// The item of a unit.
fn item(unit: &Unit) -> Result<Item, Outage> {
    Row::of(&keys::unit(&unit.id), unit)?.number("version", unit.version).finish()
}

/// The item of one of a unit's terms: in the partition of every node above the unit.
fn term_item(unit: &Unit, place: usize, term: &UnitTerm) -> Result<Item, Outage> {
    let row = Row::new(&keys::unit_term(&unit.id, place))
        .text(UNIT, unit.id.as_str())
        .text(TEXT, &term.text)
        .text(HEAD, &term.head);
    keys::unit_terms(&unit.path, &term.group)
        .fold(row, |row, (depth, key)| row.text(keys::UNIT_ATTRIBUTES[depth], key))
        .finish()
}

#[async_trait]
impl Units for Dynamo {
    async fn registration(&self, id: &RegistrationId, scope: &Scope) -> Result<Option<Registration>, Outage> {
        let found: Option<Registration> = self.doc(Table::Registry, &keys::registration(id), true).await?;
        Ok(found.filter(|registration| scope.covers(&registration.form.agency.path)))
    }

    async fn registrations(
        &self,
        list: &RegistrationList,
        request: &PageRequest,
    ) -> Result<Page<Registration>, Outage> {
        let (depth, key) = keys::unit_terms_at(&list.node, &keys::registration_group(list.state));
        let asked = self.in_group(depth, key)?.scan_index_forward(false);
        let found = page::page(asked, &[keys::PK, keys::SK, keys::UNIT_ATTRIBUTES[depth], TEXT], request).await?;
        let partitions = found.items.iter().filter_map(|item| text(item, keys::PK));
        let ids: Vec<RegistrationId> = partitions.filter_map(keys::registration_in).collect();
        let items: Vec<Option<Registration>> = stream::iter(ids)
            .map(|id| async move { self.doc(Table::Registry, &keys::registration(&id), false).await })
            .buffered(READS_AT_ONCE)
            .try_collect()
            .await?;
        Ok(Page { items: items.into_iter().flatten().collect(), next: found.next })
    }

    async fn code_holder(&self, code: &str) -> Result<Option<CodeHolder>, Outage> {
        self.doc(Table::Registry, &keys::unit_code(code), true).await
    }

    async fn find_units(&self, query: &UnitQuery, request: &PageRequest) -> Result<Page<Unit>, Outage> {
        let (group, part) = match &query.by {
            UnitSearch::All => (domain::unit::all_group(), ""),
            UnitSearch::NamePart(part) => (domain::unit::name_group(part), part.as_str()),
            UnitSearch::Contact(index) => (domain::unit::contact_group(index), ""),
        };
        let (depth, key) = keys::unit_terms_at(&query.node, &group);
        let attribute = keys::UNIT_ATTRIBUTES[depth];
        let mut asked = self.in_group(depth, key)?;
        if !part.is_empty() {
            asked = asked
                .key_condition_expression("#group = :group AND begins_with(#text, :part)")
                .expression_attribute_names("#text", TEXT)
                .expression_attribute_values(":part", AttributeValue::S(part.to_owned()));
        }
        // A name that holds the part twice is shown where it holds it first.
        let is_first = |item: &Item| {
            let (head, tail) = (text(item, HEAD).unwrap_or_default(), text(item, TEXT).unwrap_or_default());
            format!("{head}{tail}").find(part) == Some(head.len())
        };
        let found =
            page::page_of(asked, &[keys::PK, keys::SK, attribute, TEXT], request, page::LIMIT_MAX, is_first).await?;
        let ids: Result<Vec<UnitId>, Outage> = found.items.into_iter().map(|mut item| take(&mut item, UNIT)).collect();
        let units: Vec<Option<Unit>> = stream::iter(ids?)
            .map(|id| async move { self.doc(Table::Registry, &keys::unit(&id), false).await })
            .buffered(READS_AT_ONCE)
            .try_collect()
            .await?;
        Ok(Page { items: units.into_iter().flatten().collect(), next: found.next })
    }

    async fn classified(&self, units: &BTreeSet<UnitId>) -> Result<BTreeSet<UnitId>, Outage> {
        let ids: Vec<_> = units.iter().collect();
        let batches: Vec<_> = ids.chunks(BATCH_KEYS_MAX).map(|batch| self.classified_of(batch)).collect();
        let found: Vec<Vec<UnitId>> = stream::iter(batches).buffer_unordered(READS_AT_ONCE).try_collect().await?;
        Ok(found.into_iter().flatten().collect())
    }

    async fn subtree(&self, node: &NodePath) -> Result<Vec<Node>, Outage> {
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Registry)?)
            .key_condition_expression("pk = :tree AND begins_with(sk, :path)")
            .expression_attribute_values(":tree", AttributeValue::S(keys::TREE.to_owned()))
            .expression_attribute_values(":path", AttributeValue::S(node.as_str().to_owned()));
        let mut nodes = Vec::new();
        let mut found = query.into_paginator().items().send();
        while let Some(item) = found.try_next().await.map_err(outage("read-tree"))? {
            nodes.push(items::doc(item)?);
        }
        Ok(nodes)
    }
}

impl Dynamo {
    /// All of a partition of the index of a depth.
    fn in_group(&self, depth: usize, partition: String) -> Result<QueryFluentBuilder, Outage> {
        let query = self.client.query().table_name(self.tables.name(Table::Registry)?).index_name(keys::UNITS[depth]);
        Ok(query
            .key_condition_expression("#group = :group")
            .expression_attribute_names("#group", keys::UNIT_ATTRIBUTES[depth])
            .expression_attribute_values(":group", AttributeValue::S(partition)))
    }

    /// The classified ones of up to [`BATCH_KEYS_MAX`] units.
    async fn classified_of(&self, units: &[&UnitId]) -> Result<Vec<UnitId>, Outage> {
        let keys = units.iter().map(|unit| keys::unit(unit).attributes()).collect();
        let wanted = KeysAndAttributes::builder()
            .set_keys(Some(keys))
            .projection_expression("#doc.#id, #doc.#classified")
            .expression_attribute_names("#doc", DOC)
            .expression_attribute_names("#id", "id")
            .expression_attribute_names("#classified", "classified");
        let mut found = Vec::new();
        for mut item in self.read_batch("read-units", Table::Registry, wanted).await? {
            let unit: Classification = take(&mut item, DOC)?;
            found.extend(unit.classified.then_some(unit.id));
        }
        Ok(found)
    }

    pub(super) fn write_registration(&self, registration: &Registration, expected: u64) -> Result<Action, Outage> {
        let r = registration;
        let place = format!("{}#{}", keys::instant(r.state_since), r.id);
        let row = Row::of(&keys::registration(&r.id), r)?.number("version", r.version).text(TEXT, &place);
        let row = keys::registrations(&r.form.agency.path, r.stored_state)
            .fold(row, |row, (depth, key)| row.text(keys::UNIT_ATTRIBUTES[depth], key));
        self.write_version(row.finish()?, expected)
    }

    /// The unit if it still has the version before, and those of its terms that changed.
    pub(super) fn write_unit(&self, write: &UnitWrite) -> Result<Vec<Action>, Outage> {
        let UnitWrite { before, after } = write;
        let mut actions = vec![self.write_version(item(after)?, before.as_ref().map_or(0, |unit| unit.version))?];
        let TermChanges { put, removed } = write.term_changes();
        for (place, term) in put {
            let put = Put::builder()
                .table_name(self.tables.name(Table::Registry)?)
                .set_item(Some(term_item(after, place, &term)?));
            actions.push(action(Meaning::Version, put)?);
        }
        for place in removed {
            let delete = Delete::builder()
                .table_name(self.tables.name(Table::Registry)?)
                .set_key(Some(keys::unit_term(&after.id, place).attributes()))
                .build()
                .map_err(|problem| Outage::new("commit", problem))?;
            actions.push((Meaning::Version, TransactWriteItem::builder().delete(delete).build()));
        }
        Ok(actions)
    }

    pub(super) fn change_code(&self, change: &CodeChange) -> Result<Action, Outage> {
        let key = keys::unit_code(change.code());
        match change {
            CodeChange::Take { by, .. } => self.create(Meaning::Code, Table::Registry, Row::of(&key, by)?.finish()?),
            CodeChange::Pass { from, to, .. } => {
                let put = self.put_if(Table::Registry, Row::of(&key, to)?.finish()?, "#doc = :holder")?;
                action(
                    Meaning::Code,
                    put.expression_attribute_names("#doc", DOC).expression_attribute_values(":holder", to_value(from)?),
                )
            }
            CodeChange::Release { by, .. } => {
                let delete = Delete::builder()
                    .table_name(self.tables.name(Table::Registry)?)
                    .set_key(Some(key.attributes()))
                    .condition_expression("#doc = :holder")
                    .expression_attribute_names("#doc", DOC)
                    .expression_attribute_values(":holder", to_value(by)?)
                    .build()
                    .map_err(|problem| Outage::new("commit", problem))?;
                Ok((Meaning::Code, TransactWriteItem::builder().delete(delete).build()))
            }
        }
    }

    /// The unit may open enrolments: it is neither closed nor merged into another at this very moment.
    pub(super) fn unit_is_open(&self, unit: &UnitId) -> Result<Action, Outage> {
        let check = ConditionCheck::builder()
            .table_name(self.tables.name(Table::Registry)?)
            .set_key(Some(keys::unit(unit).attributes()))
            .condition_expression("#doc.#active = :yes")
            .expression_attribute_names("#doc", DOC)
            .expression_attribute_names("#active", "active")
            .expression_attribute_values(":yes", AttributeValue::Bool(true))
            .build()
            .map_err(|problem| Outage::new("commit", problem))?;
        Ok((Meaning::Unit, TransactWriteItem::builder().condition_check(check).build()))
    }

    fn write_version(&self, item: Item, expected: u64) -> Result<Action, Outage> {
        if expected == 0 {
            return self.create(Meaning::Version, Table::Registry, item);
        }
        let put = self.put_if(Table::Registry, item, "#version = :expected")?;
        let put = put.expression_attribute_names("#version", "version");
        action(Meaning::Version, put.expression_attribute_values(":expected", AttributeValue::N(expected.to_string())))
    }

    /// Writes a unit with its terms and its code, replacing what was there. For setting up.
    pub async fn put_unit(&self, unit: &Unit) -> Result<(), Outage> {
        self.put(Table::Registry, item(unit)?).await?;
        for (place, term) in terms(unit).iter().enumerate() {
            self.put(Table::Registry, term_item(unit, place, term)?).await?;
        }
        let holder = CodeHolder::Unit(unit.id.clone());
        self.put(Table::Registry, Row::of(&keys::unit_code(&unit.code), &holder)?.finish()?).await
    }

    /// Writes a unit if there is none of its id; false if there is.
    pub async fn found_unit(&self, unit: &Unit) -> Result<bool, Outage> {
        if self.item(Table::Registry, &keys::unit(&unit.id), true).await?.is_some() {
            return Ok(false);
        }
        self.put_unit(unit).await?;
        Ok(true)
    }
}
