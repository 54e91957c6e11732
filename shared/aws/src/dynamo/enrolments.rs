//! Enrolments: one item each, with a summary that lists read instead of the whole.

use async_trait::async_trait;
use aws_sdk_dynamodb::types::AttributeValue;
use domain::enrolment::Enrolment;
use domain::ids::{EnrolmentId, UnitId};
use domain::organisation::NodePath;
use workflow::ports::{EnrolmentSummary, Enrolments, Outage, Page, PageRequest};
use workflow::scope::Scope;

use super::items::{Item, Row, take};
use super::{Dynamo, keys, page};
use crate::config::Table;

/// What lists show; the by-unit index projects it.
const SUMMARY: &str = "summary";
/// Where the unit stands.
const PATH: &str = "path";

/// The item of an enrolment.
pub(super) fn item(enrolment: &Enrolment) -> Result<Item, Outage> {
    let summary = EnrolmentSummary {
        id: enrolment.id.clone(),
        application_number: enrolment.application_number.clone(),
        unit_name: enrolment.unit.name.clone(),
        state: enrolment.state,
        created_at: enrolment.created_at,
        return_reason: enrolment.return_reason().map(str::to_owned),
    };
    Row::of(&keys::enrolment(&enrolment.id), enrolment)?
        .nested(SUMMARY, &summary)?
        .number("version", enrolment.version)
        .text("unit", enrolment.unit.id.as_str())
        .text("created", keys::instant(enrolment.created_at))
        .text(PATH, enrolment.unit.path.as_str())
        .finish()
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
        request: &PageRequest,
    ) -> Result<Page<EnrolmentSummary>, Outage> {
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Enrolments)?)
            .index_name(keys::BY_UNIT)
            .key_condition_expression("#unit = :unit")
            .projection_expression("#pk, #sk, #unit, #created, #summary, #path")
            .expression_attribute_names("#pk", keys::PK)
            .expression_attribute_names("#sk", keys::SK)
            .expression_attribute_names("#unit", "unit")
            .expression_attribute_names("#created", "created")
            .expression_attribute_names("#summary", SUMMARY)
            .expression_attribute_names("#path", PATH)
            .expression_attribute_values(":unit", AttributeValue::S(unit.to_string()))
            .scan_index_forward(false);
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
}
