//! Enrolments: one item each, with a summary that lists read instead of the whole.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::enrolment::Enrolment;
use domain::ids::{EnrolmentId, UnitId};
use domain::organisation::NodePath;
use jiff::Timestamp;
use jiff::civil::Date;
use workflow::ports::{DueForRenewal, EnrolmentSummary, Enrolments, Outage, Page, PageRequest};
use workflow::scope::Scope;

use super::items::{Item, Row, take};
use super::{Dynamo, keys, page};
use crate::config::Table;

/// What lists show; the indexes project it.
pub(super) const SUMMARY: &str = "summary";
/// Where the unit stands.
pub(super) const PATH: &str = "path";

/// The item of an enrolment.
pub(super) fn item(enrolment: &Enrolment) -> Result<Item, Outage> {
    let summary = EnrolmentSummary::of(enrolment);
    let row = Row::of(&keys::enrolment(&enrolment.id), enrolment)?
        .nested(SUMMARY, &summary)?
        .number("version", enrolment.version)
        .text("unit", enrolment.unit.id.as_str())
        .text("created", keys::instant(enrolment.created_at))
        .text("number", enrolment.application_number.as_str())
        .text(keys::LISTED, keys::listed(enrolment.created_at, &enrolment.id))
        .text(PATH, enrolment.unit.path.as_str());
    let row = keys::lists(keys::Listed::Enrolments(enrolment.state), &enrolment.unit.path)
        .fold(row, |row, (depth, list)| row.text(keys::LIST_ATTRIBUTES[depth], list));
    let Some(ends) = enrolment.cover_ends().filter(|_| enrolment.awaits_renewal()) else { return row.finish() };
    let row = row.text("ends", ends.to_string());
    let nodes = enrolment.unit.path.lineage().zip(keys::RENEWAL_ATTRIBUTES);
    nodes.fold(row.text(keys::COVER_ENDS, ends.to_string()), |row, (node, name)| row.text(name, node)).finish()
}

#[async_trait]
impl Enrolments for Dynamo {
    async fn enrolment(&self, id: &EnrolmentId, scope: &Scope) -> Result<Option<Enrolment>, Outage> {
        let found: Option<Enrolment> = self.doc(Table::Enrolments, &keys::enrolment(id), true).await?;
        Ok(found.filter(|enrolment| scope.covers(&enrolment.unit.path)))
    }

    async fn enrolments_of(
        &self,
        unit: &UnitId,
        scope: &Scope,
        before: Option<Timestamp>,
        request: &PageRequest,
    ) -> Result<Page<EnrolmentSummary>, Outage> {
        let condition = if before.is_some() { "#unit = :unit AND #created < :before" } else { "#unit = :unit" };
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Enrolments)?)
            .index_name(keys::BY_UNIT)
            .key_condition_expression(condition)
            .projection_expression("#pk, #sk, #unit, #created, #summary, #path")
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_names("#sk", keys::SK)
            .expression_attribute_names("#unit", "unit")
            .expression_attribute_names("#created", "created")
            .expression_attribute_names("#summary", SUMMARY)
            .expression_attribute_names("#path", PATH)
            .expression_attribute_values(":unit", AttributeValue::S(unit.to_string()))
            .scan_index_forward(false);
        let query = before.into_iter().fold(query, |query, before| {
            query.expression_attribute_values(":before", AttributeValue::S(keys::instant(before)))
        });
        let found = page::page(query, &[keys::PK, keys::SK, "unit", "created"], request).await?;
        let mut items = Vec::with_capacity(found.items.len());
        for mut item in found.items {
            let path: NodePath = take(&mut item, PATH)?;
            if !scope.covers(&path) {
                // A unit stands in one place: outside the scope there is nothing to go on with either.
                return Ok(Page { items: Vec::new(), next: None });
            }
            items.push(take(&mut item, SUMMARY)?);
        }
        Ok(Page { items, next: found.next })
    }

    async fn due_for_renewal(
        &self,
        node: &NodePath,
        (first, last): (Date, Date),
        request: &PageRequest,
    ) -> Result<Page<DueForRenewal>, Outage> {
        let depth = keys::depth(node);
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Enrolments)?)
            .index_name(keys::RENEWALS[depth])
            .key_condition_expression("#node = :node AND #ends BETWEEN :first AND :last")
            .projection_expression("#pk, #sk, #unit, #summary, #node, #ends")
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_names("#sk", keys::SK)
            .expression_attribute_names("#unit", "unit")
            .expression_attribute_names("#summary", SUMMARY)
            .expression_attribute_names("#node", keys::RENEWAL_ATTRIBUTES[depth])
            .expression_attribute_names("#ends", keys::COVER_ENDS)
            .expression_attribute_values(":node", AttributeValue::S(node.as_str().to_owned()))
            .expression_attribute_values(":first", AttributeValue::S(first.to_string()))
            .expression_attribute_values(":last", AttributeValue::S(last.to_string()));
        let by = [keys::PK, keys::SK, keys::RENEWAL_ATTRIBUTES[depth], keys::COVER_ENDS];
        let found = page::page(query, &by, request).await?;
        let due = |mut item: Item| -> Result<DueForRenewal, Outage> {
            Ok(DueForRenewal {
                summary: take(&mut item, SUMMARY)?,
                unit: take(&mut item, "unit")?,
                cover_ends: take(&mut item, keys::COVER_ENDS)?,
            })
        };
        let items = found.items.into_iter().map(due).collect::<Result<_, _>>()?;
        Ok(Page { items, next: found.next })
    }
}
