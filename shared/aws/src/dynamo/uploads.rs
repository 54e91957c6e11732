//! Uploads. The state stands beside the document, where conditions and transitions reach it: `state.state` names it.

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure};
use domain::ids::UploadId;
use domain::upload::{Upload, UploadState};
use workflow::ports::{Outage, RowsSoFar, Uploads};
use workflow::scope::Scope;

use super::items::{self, DOC, Item, Row, take, to_value};
use super::{Dynamo, keys};
use crate::config::Table;
use crate::outage::{done, outage};

/// Life of an upload in the table, in seconds: half a year. What was accepted lives on in the enrolment.
const LIFE_S: i64 = 180 * 24 * 3600;
/// Attribute of the state, and of its name within.
pub(super) const STATE: &str = "state";
/// Condition of a settlement.
pub(super) const IS_RECEIVED: &str = "#state.#state = :received";

/// Life of what was told of an import, in seconds.
const PROGRESS_LIFE_S: i64 = 24 * 3600;

/// The item of an upload. Whatever its state, the document says `issued`: the state is not kept twice.
pub(super) fn item(upload: &Upload) -> Result<Item, Outage> {
    let document = Upload { state: UploadState::Issued, ..upload.clone() };
    Row::of(&keys::upload(&upload.id), &document)?
        .nested(STATE, &upload.state)?
        .expires(upload.issued_at, LIFE_S)
        .finish()
}

/// The upload of an item.
pub(super) fn read(mut item: Item) -> Result<Upload, Outage> {
    let state = take(&mut item, STATE)?;
    Ok(Upload { state, ..items::doc(item)? })
}

/// Name of the state that may be settled.
pub(super) fn received() -> AttributeValue {
    AttributeValue::S("received".to_owned())
}

#[async_trait]
impl Uploads for Dynamo {
    async fn issue(&self, upload: &Upload) -> Result<(), Outage> {
        self.put(Table::Runtime, item(upload)?).await
    }

    async fn upload(&self, id: &UploadId, scope: &Scope) -> Result<Option<Upload>, Outage> {
        // Consistent: a client that has just seen “accepted” attaches the file next.
        let found = self.item(Table::Runtime, &keys::upload(id), true).await?.map(read).transpose()?;
        Ok(found.filter(|upload| scope.covers(&upload.path)))
    }

    async fn receive(&self, id: &UploadId, sequencer: &str) -> Result<Option<Upload>, Outage> {
        let update = self
            .client
            .update_item()
            .table_name(self.tables.name(Table::Runtime)?)
            .set_key(Some(keys::upload(id).attributes()))
            .update_expression("SET #state = :state, #doc.#sequencer = :sequencer")
            .condition_expression("#state.#state = :issued")
            .expression_attribute_names("#doc", DOC)
            .expression_attribute_names("#state", STATE)
            .expression_attribute_names("#sequencer", "sequencer")
            .expression_attribute_values(":issued", AttributeValue::S("issued".to_owned()))
            .expression_attribute_values(":state", to_value(&UploadState::Received)?)
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
        item.map(read).transpose()
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
        done("settle-upload", put.send().await)
    }

    async fn report(&self, id: &UploadId, rows: RowsSoFar) -> Result<(), Outage> {
        let row = Row::of(&keys::progress(id), &rows)?.expires(self.clock.now(), PROGRESS_LIFE_S);
        self.put(Table::Runtime, row.finish()?).await
    }

    async fn rows_so_far(&self, id: &UploadId) -> Result<Option<RowsSoFar>, Outage> {
        self.doc(Table::Runtime, &keys::progress(id), true).await
    }
}
