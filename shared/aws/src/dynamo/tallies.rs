//! Counts. Each event is one conditional put over the count that was seen; a failed condition brings the count that is
//! there, so nothing is read beforehand and no two events can make the same step.

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::put_item::PutItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValuesOnConditionCheckFailure};
use jiff::Timestamp;
use workflow::ports::{Limit, Outage, Tallies, Tally};

use super::items::{EXPIRES, Item, Row, take};
use super::{Dynamo, keys};
use crate::config::Table;
use crate::outage::outage;

const COUNT: &str = "events";
/// Steps that others may make before this one. Each is an event under the same limit, so more than any limit allows.
const ROUNDS_MAX: u32 = 64;

/// Others were faster each time.
#[derive(Debug, thiserror::Error)]
#[error("overtaken {ROUNDS_MAX} times")]
struct Overtaken;

#[async_trait]
impl Tallies for Dynamo {
    async fn count(&self, name: &str, limit: Limit, now: Timestamp) -> Result<Result<u32, Timestamp>, Outage> {
        let mut seen = None;
        for _ in 0..ROUNDS_MAX {
            let next = match limit.next(seen, now) {
                Ok(next) => next,
                Err(until) => return Ok(Err(until)),
            };
            match self.step(name, seen, next).await? {
                Step::Done => return Ok(Ok(next.count)),
                Step::Overtaken(there) => seen = there,
            }
        }
        Err(Outage::new("count", Overtaken))
    }

    async fn forget(&self, name: &str) -> Result<(), Outage> {
        let table = self.tables.name(Table::Runtime)?;
        let delete = self.client.delete_item().table_name(table).set_key(Some(keys::tally(name).attributes()));
        delete.send().await.map_err(outage("forget-count"))?;
        Ok(())
    }
}

enum Step {
    Done,
    /// The count that is there instead of the one seen.
    Overtaken(Option<Tally>),
}

impl Dynamo {
    async fn step(&self, name: &str, seen: Option<Tally>, next: Tally) -> Result<Step, Outage> {
        let row = Row::new(&keys::tally(name)).number(COUNT, next.count).expires(next.until, 0);
        let put = self
            .client
            .put_item()
            .table_name(self.tables.name(Table::Runtime)?)
            .set_item(Some(row.finish()?))
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        let put = match seen {
            None => put.condition_expression("attribute_not_exists(pk)"),
            Some(seen) => put
                .condition_expression("#count = :count AND #expires = :until")
                .expression_attribute_names("#count", COUNT)
                .expression_attribute_names("#expires", EXPIRES)
                .expression_attribute_values(":count", AttributeValue::N(seen.count.to_string()))
                .expression_attribute_values(":until", AttributeValue::N(seen.until.as_second().to_string())),
        };
        let Err(error) = put.send().await else { return Ok(Step::Done) };
        match error.as_service_error() {
            Some(PutItemError::ConditionalCheckFailedException(failed)) => {
                Ok(Step::Overtaken(failed.item.clone().map(tally).transpose()?))
            }
            _ => Err(outage("count")(error)),
        }
    }
}

fn tally(mut item: Item) -> Result<Tally, Outage> {
    let until = Timestamp::from_second(take(&mut item, EXPIRES)?).map_err(|problem| Outage::new("count", problem))?;
    Ok(Tally { count: take(&mut item, COUNT)?, until })
}
