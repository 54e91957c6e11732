//! The restricted list of people: an entry in the registry under its office, and a mark at the person, written together.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::{AttributeValue, TransactWriteItem, Update};
use domain::ids::{NodeId, RestrictionId};
use domain::organisation::NodePath;
use domain::restriction::{Restriction, RestrictionSpan};
use workflow::ports::{Outage, Page, PageRequest, PersonKey, RestrictionChange, Restrictions};

use super::actions::{Action, Meaning};
use super::items::{self, DOC, Item, Row, to_value};
use super::{Dynamo, keys, page};
use crate::config::Table;

/// Where the account sits that entered it.
const PATH: &str = "path";

/// The identifier names no entry.
#[derive(Debug, thiserror::Error)]
#[error("not an entry of an office's list")]
struct NoEntry;

#[async_trait]
impl Restrictions for Dynamo {
    async fn restrictions(
        &self,
        office: &NodeId,
        node: &NodePath,
        request: &PageRequest,
    ) -> Result<Page<Restriction>, Outage> {
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Registry)?)
            .key_condition_expression("pk = :office")
            .filter_expression("begins_with(#path, :node)")
            .expression_attribute_names("#path", PATH)
            .expression_attribute_values(":office", AttributeValue::S(keys::restrictions(office)))
            .expression_attribute_values(":node", AttributeValue::S(node.as_str().to_owned()))
            .scan_index_forward(false);
        let found = page::page(query, &[keys::PK, keys::SK], request).await?;
        let items: Result<Vec<Restriction>, Outage> = found.items.into_iter().map(items::doc).collect();
        Ok(Page { items: items?, next: found.next })
    }

    async fn restriction(&self, id: &RestrictionId) -> Result<Option<Restriction>, Outage> {
        match keys::restriction(id) {
            Some(key) => self.doc(Table::Registry, &key, true).await,
            None => Ok(None),
        }
    }
}

impl Dynamo {
    /// The two actions of a change.
    pub(super) fn change_restriction(&self, change: &RestrictionChange) -> Result<[Action; 2], Outage> {
        match change {
            RestrictionChange::Add { entry, instead_of } => {
                let put = self.put_if(Table::Registry, item(entry)?, "attribute_not_exists(pk)")?;
                let (condition, was) = match instead_of {
                    Some(span) => ("#mark = :was", Some(span)),
                    None => ("attribute_not_exists(#mark)", None),
                };
                let mark = self.mark(entry, "SET #mark = :span", condition, Some(&entry.span), was)?;
                Ok([super::actions::action(Meaning::Version, put)?, mark])
            }
            RestrictionChange::Lift(entry) => {
                let put = self.put_if(Table::Registry, item(entry)?, "#doc.#lifted = :none")?;
                let put = put
                    .expression_attribute_names("#doc", DOC)
                    .expression_attribute_names("#lifted", "lifted")
                    .expression_attribute_values(":none", AttributeValue::Null(true));
                let mark = self.mark(entry, "REMOVE #mark", "#mark = :was", None, Some(&entry.span))?;
                Ok([super::actions::action(Meaning::Version, put)?, mark])
            }
        }
    }

    fn mark(
        &self,
        entry: &Restriction,
        update: &str,
        condition: &str,
        span: Option<&RestrictionSpan>,
        was: Option<&RestrictionSpan>,
    ) -> Result<Action, Outage> {
        let mut builder = Update::builder()
            .table_name(self.tables.name(Table::Cover)?)
            .set_key(Some(keys::person(&PersonKey(entry.person.clone())).attributes()))
            .update_expression(update)
            .condition_expression(condition)
            .expression_attribute_names("#mark", keys::restricted(&entry.office));
        for (name, value) in [(":span", span), (":was", was)] {
            if let Some(value) = value {
                builder = builder.expression_attribute_values(name, to_value(value)?);
            }
        }
        let update = builder.build().map_err(|problem| Outage::new("commit", problem))?;
        Ok((Meaning::Version, TransactWriteItem::builder().update(update).build()))
    }
}

fn item(entry: &Restriction) -> Result<Item, Outage> {
    let key = keys::restriction(&entry.span.id).ok_or_else(|| Outage::new("restrict-person", NoEntry))?;
    Row::of(&key, entry)?.text(PATH, entry.path.as_str()).finish()
}
