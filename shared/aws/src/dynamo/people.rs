//! People under cover: one item per person, each cover an attribute of its own, so that writing one is atomic, repeatable
//! and one write unit, whatever else is written at the same moment.

use std::collections::{BTreeSet, HashMap};

use async_trait::async_trait;
use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes};
use domain::ids::{EnrolmentId, NodeId, UnitId};
use domain::restriction::RestrictionSpan;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::civil::Date;
use workflow::ports::{CoverRecord, KnownPerson, Outage, People, PersonKey, PersonWrite};

use super::items::{Item, ItemProblem, from_value, text, to_value};
use super::{BATCH_KEYS_MAX, Dynamo, keys};
use crate::config::Table;
use crate::outage::{done, outage};

/// Batch reads at the same time.
const READS_AT_ONCE: usize = 8;
/// Covers written at the same time.
const WRITES_AT_ONCE: usize = 32;
const NAME_INDEX: &str = "name_index";

/// A cover as it is stored under its (enrolment, plan): unit, plan version, shares, first and last day.
type StoredCover = (UnitId, String, u32, Date, Date);

#[async_trait]
impl People for Dynamo {
    async fn known(&self, people: &[PersonKey]) -> Result<Vec<Option<KnownPerson>>, Outage> {
        // A batch may not name a key twice.
        let asked: Vec<_> = people.iter().collect::<BTreeSet<_>>().into_iter().cloned().collect();
        let batches: Vec<_> = asked.chunks(BATCH_KEYS_MAX).map(<[_]>::to_vec).collect();
        let found: Vec<Vec<Item>> =
            stream::iter(batches).map(|batch| self.batch(batch)).buffer_unordered(READS_AT_ONCE).try_collect().await?;
        let mut known = HashMap::with_capacity(asked.len());
        for item in found.into_iter().flatten() {
            let pk = text(&item, keys::PK).map(str::to_owned);
            known.insert(pk, person(item)?);
        }
        Ok(people.iter().map(|key| known.get(&Some(keys::person(key).pk)).cloned()).collect())
    }

    async fn write_cover(&self, writes: &[PersonWrite]) -> Result<(), Outage> {
        let writes: Vec<_> = writes.iter().map(|write| self.write(write)).collect();
        stream::iter(writes).buffer_unordered(WRITES_AT_ONCE).try_collect().await
    }

    async fn move_cover(
        &self,
        people: &[PersonKey],
        (enrolment, plan): (&EnrolmentId, &str),
        unit: &UnitId,
    ) -> Result<(), Outage> {
        let attribute = keys::cover(enrolment, plan);
        let writes: Vec<_> = people.iter().map(|key| self.name_unit(key, &attribute, unit)).collect();
        stream::iter(writes).buffer_unordered(WRITES_AT_ONCE).try_collect().await
    }
}

impl Dynamo {
    /// Marks a person as restricted by an office, without an entry of its list: for samples.
    pub async fn restrict(&self, person: &PersonKey, office: &NodeId, span: &RestrictionSpan) -> Result<(), Outage> {
        let update = self
            .client
            .update_item()
            .table_name(self.tables.name(Table::Cover)?)
            .set_key(Some(keys::person(person).attributes()))
            .update_expression("SET #restricted = :span")
            .expression_attribute_names("#restricted", keys::restricted(office))
            .expression_attribute_values(":span", to_value(span)?);
        update.send().await.map_err(outage("restrict-person"))?;
        Ok(())
    }

    /// Reads up to [`BATCH_KEYS_MAX`] people.
    async fn batch(&self, people: Vec<PersonKey>) -> Result<Vec<Item>, Outage> {
        let keys = people.iter().map(|key| keys::person(key).attributes()).collect();
        self.read_batch("read-people", Table::Cover, KeysAndAttributes::builder().set_keys(Some(keys))).await
    }

    async fn write(&self, write: &PersonWrite) -> Result<(), Outage> {
        let CoverRecord { enrolment, unit, plan, plan_version, shares, start, end } = &write.cover;
        let stored: StoredCover = (unit.clone(), plan_version.clone(), *shares, *start, *end);
        let update = self
            .client
            .update_item()
            .table_name(self.tables.name(Table::Cover)?)
            .set_key(Some(keys::person(&write.key).attributes()))
            .update_expression("SET #cover = if_not_exists(#cover, :cover), #name = if_not_exists(#name, :name)")
            .expression_attribute_names("#cover", keys::cover(enrolment, plan))
            .expression_attribute_names("#name", NAME_INDEX)
            .expression_attribute_values(":cover", to_value(&stored)?)
            .expression_attribute_values(":name", AttributeValue::S(write.name_index.clone()));
        update.send().await.map_err(outage("write-cover"))?;
        Ok(())
    }
}

/// The attribute of a cover as the unit in it: its first part.
const UNIT_OF_COVER: &str = "#cover[0]";

impl Dynamo {
    /// Names another unit on a cover, if the person has it.
    async fn name_unit(&self, key: &PersonKey, attribute: &str, unit: &UnitId) -> Result<(), Outage> {
        let update = self
            .client
            .update_item()
            .table_name(self.tables.name(Table::Cover)?)
            .set_key(Some(keys::person(key).attributes()))
            .update_expression(format!("SET {UNIT_OF_COVER} = :unit"))
            .condition_expression("attribute_exists(#cover)")
            .expression_attribute_names("#cover", attribute)
            .expression_attribute_values(":unit", to_value(unit)?);
        done("move-cover", update.send().await).map(|_| ())
    }
}

/// Reads a person; covers in the order of their enrolments.
fn person(item: Item) -> Result<KnownPerson, Outage> {
    let name_index = text(&item, NAME_INDEX).unwrap_or_default().to_owned();
    let (mut covers, mut restrictions): (Vec<CoverRecord>, Vec<RestrictionSpan>) = (Vec::new(), Vec::new());
    for (name, value) in item {
        let read = |problem| Outage::new("read-people", problem);
        if let Some(name) = name.strip_prefix(keys::COVER) {
            covers.push(cover(name, value).map_err(read)?);
        } else if name.starts_with(keys::RESTRICTED) {
            restrictions.push(from_value(value).map_err(read)?);
        }
    }
    covers.sort_by(|a, b| (&a.enrolment, &a.plan).cmp(&(&b.enrolment, &b.plan)));
    restrictions.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(KnownPerson { name_index, restrictions, covers })
}

/// Reads a cover from what follows the prefix of its attribute's name, `<enrolment>#<plan>`, and its value.
fn cover(name: &str, value: AttributeValue) -> Result<CoverRecord, ItemProblem> {
    let (enrolment, plan) = name.split_once('#').ok_or(ItemProblem::OtherShape("cover"))?;
    let enrolment = EnrolmentId::parse(enrolment).map_err(|_| ItemProblem::OtherShape("cover"))?;
    let (unit, plan_version, shares, start, end): StoredCover = from_value(value)?;
    Ok(CoverRecord { enrolment, unit, plan: plan.to_owned(), plan_version, shares, start, end })
}
