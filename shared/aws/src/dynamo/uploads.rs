//! Uploads. The state stands beside the document too, for the conditions.

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use domain::ids::UploadId;
use domain::upload::{Upload, UploadState};
use workflow::ports::{Outage, Uploads};
use workflow::scope::Scope;

use super::items::{self, DOC, Item, Row};
use super::{Dynamo, keys};
use crate::config::Table;
use crate::outage::outage;

/// Life of an upload in the table, in seconds: half a year. What was accepted lives on in the enrolment.
const LIFE_S: i64 = 180 * 24 * 3600;
/// Attribute of the state.
pub(super) const STATE: &str = "state";
/// Condition of a settlement.
pub(super) const IS_RECEIVED: &str = "#state = :received";

/// The item of an upload.
pub(super) fn item(upload: &Upload) -> Result<Item, Outage> {
    Row::of(&keys::upload(&upload.id), upload)?
        .text(STATE, state(&upload.state))
        .expires(upload.issued_at, LIFE_S)
        .finish()
}

/// The state that may be settled.
pub(super) fn received() -> AttributeValue {
    AttributeValue::S(state(&UploadState::Received).to_owned())
}

fn state(state: &UploadState) -> &'static str {
    match state {
        UploadState::Issued => "issued",
        UploadState::Received => "received",
        UploadState::Accepted { .. } => "accepted",
        UploadState::Rejected { .. } => "rejected",
    }
}

#[async_trait]
impl Uploads for Dynamo {
    async fn issue(&self, upload: &Upload) -> Result<(), Outage> {
        self.put(Table::Runtime, item(upload)?).await
    }

    async fn upload(&self, id: &UploadId, scope: &Scope) -> Result<Option<Upload>, Outage> {
        // Consistent: a client that has just seen “accepted” attaches the file next.
        let found: Option<Upload> = self.doc(Table::Runtime, &keys::upload(id), true).await?;
        Ok(found.filter(|upload| scope.covers(&upload.path)))
    }

    async fn receive(&self, id: &UploadId, sequencer: &str) -> Result<Option<Upload>, Outage> {
        let update = self
            .client
            .update_item()
            .table_name(self.tables.name(Table::Runtime)?)
            .set_key(Some(keys::upload(id).attributes()))
            .update_expression("SET #state = :received, #doc.#state = :received, #doc.#sequencer = :sequencer")
            .condition_expression("#state = :issued")
            .expression_attribute_names("#doc", DOC)
            .expression_attribute_names("#state", STATE)
            .expression_attribute_names("#sequencer", "sequencer")
            .expression_attribute_values(":issued", AttributeValue::S(state(&UploadState::Issued).to_owned()))
            .expression_attribute_values(":received", received())
            .expression_attribute_values(":sequencer", AttributeValue::S(sequencer.to_owned()))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let item = match update.send().await {
            Ok(written) => written.attributes,
            Err(error) => match error.as_service_error() {
                Some(UpdateItemError::ConditionalCheckFailedException(as_it_stands)) => as_it_stands.item.clone(),
                _ => return Err(outage("receive-upload")(error)),
            },
        };
        item.map(items::doc).transpose()
    }

    async fn settle(&self, upload: &Upload) -> Result<bool, Outage> {
        let put = self
            .client
            .put_item()
            .table_name(self.tables.name(Table::Runtime)?)
            .set_item(Some(item(upload)?))
            .condition_expression(IS_RECEIVED)
            .expression_attribute_names("#state", STATE)
            .expression_attribute_values(":received", received());
        match put.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_conditional_check_failed_exception()) => {
                Ok(false)
            }
            Err(error) => Err(outage("settle-upload")(error)),
        }
    }
}
