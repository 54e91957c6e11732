//! Table streams: new items in the order they were written.
//!
//! Records run one after the other. The first that fails is named in the reply and ends the batch: Lambda delivers
//! again from there, in order. An undecodable item is logged and passed over, unlike in a queue: a shard is served in
//! order, so keeping it would hold up everything behind it, and the item itself is still in its table, where the
//! sweep finds it.

use std::time::Instant;

use aws_lambda_events::dynamodb::{Event, EventRecord};
use aws_lambda_events::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use lambda_runtime::{LambdaEvent, Runtime, service_fn};
use tracing::Instrument;

use super::{Delivery, Step, Verdict, attempt};
use crate::telemetry;

/// A record without a sequence number, from which Lambda could not go on: the whole batch comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a record has no sequence number")]
pub struct NoSequenceNumber;

/// Serves a stream of new images until Lambda stops the process. The event source must have
/// `ReportBatchItemFailures`.
pub async fn run<S: Step>(step: S) -> Result<(), lambda_runtime::Error> {
    let step = &step;
    let serve = service_fn(move |event: LambdaEvent<Event>| {
        let span = telemetry::invocation(&event.context);
        let deadline = telemetry::deadline(&event.context);
        async move { Ok::<_, lambda_runtime::Error>(process(event.payload, step, deadline).await?) }.instrument(span)
    });
    Runtime::new(serve).run().await
}

/// Carries out records in order up to the first that fails, and names it. Removed items are passed over.
pub async fn process<S: Step>(
    event: Event,
    step: &S,
    deadline: Instant,
) -> Result<DynamoDbEventResponse, NoSequenceNumber> {
    let mut reply = DynamoDbEventResponse::default();
    for record in event.records {
        let id = record.change.sequence_number.clone().filter(|n| !n.is_empty()).ok_or(NoSequenceNumber)?;
        let delivery = Delivery { id, receive_count: 1, deadline };
        if one(step, record, &delivery).await == Verdict::Redeliver {
            let mut failure = DynamoDbBatchItemFailure::default();
            failure.item_identifier = Some(delivery.id);
            reply.batch_item_failures.push(failure);
            break;
        }
    }
    Ok(reply)
}

async fn one<S: Step>(step: &S, record: EventRecord, delivery: &Delivery) -> Verdict {
    if record.event_name == "REMOVE" {
        return Verdict::Acknowledge;
    }
    let span = tracing::info_span!("record", message.id = delivery.id);
    let work = async {
        match serde_dynamo::from_item(record.change.new_image) {
            Ok(message) => attempt(step, message, delivery).await,
            Err(_may_quote_the_item) => {
                tracing::error!(rejection.code = "UNDECODABLE", "Passed over an item that could not be read");
                Verdict::Acknowledge
            }
        }
    };
    work.instrument(span).await
}
