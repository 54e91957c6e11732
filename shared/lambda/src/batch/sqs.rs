//! Queues: records run side by side, and only those that failed come again.
//!
//! An undecodable body is logged and reported as failed, so that redelivery carries it to the dead letters. It is not
//! acknowledged although a retry cannot help: only our own functions write to these queues, so it means that a newer
//! version wrote it (a deployment under way; the retry may well find the newer reader) or that somebody did who must
//! not. Either way the dead letters keep it until a person has looked, and an alarm rings.
//!
//! For standard queues: a FIFO queue would have to stop at the first failure.

use std::sync::Arc;
use std::time::Instant;

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use futures::StreamExt;
use lambda_runtime::{LambdaEvent, Runtime, service_fn};
use tracing::Instrument;
use workflow::ports::Patience;

use super::{Delivery, Step, Verdict, attempt};
use crate::telemetry;

/// A record without an id, which cannot be reported: the invocation fails and the whole batch comes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a record has no message id")]
pub struct NoMessageId;

/// Serves a queue until Lambda stops the process. The event source must have `ReportBatchItemFailures`.
pub async fn run<S: Step>(step: S) -> Result<(), lambda_runtime::Error> {
    serve(step, None).await
}

/// The same for work that depends on somebody who may be away for an hour: what failed comes again ever later.
pub async fn run_patiently<S: Step>(step: S, patience: Arc<dyn Patience>) -> Result<(), lambda_runtime::Error> {
    serve(step, Some(patience)).await
}

async fn serve<S: Step>(step: S, patience: Option<Arc<dyn Patience>>) -> Result<(), lambda_runtime::Error> {
    let (step, patience) = (&step, patience.as_deref());
    let serve = service_fn(move |event: LambdaEvent<SqsEvent>| {
        let span = telemetry::invocation(&event.context);
        let deadline = telemetry::deadline(&event.context);
        let work =
            async move { Ok::<_, lambda_runtime::Error>(process(event.payload, step, patience, deadline).await?) };
        work.instrument(span)
    });
    Runtime::new(serve).run().await
}

/// Carries out every record of a batch, at most [`Step::CONCURRENCY`] at a time, and names those to deliver again.
/// What has not ended by `deadline` is among them; with patience they come again ever later.
pub async fn process<S: Step>(
    event: SqsEvent,
    step: &S,
    patience: Option<&dyn Patience>,
    deadline: Instant,
) -> Result<SqsBatchResponse, NoMessageId> {
    // An empty id in the reply would fail the whole batch, a record missing from it would be lost: check before any
    // record runs.
    let records = event.records.into_iter().map(|record| {
        let id = record.message_id.clone().filter(|id| !id.is_empty()).ok_or(NoMessageId)?;
        let receive_count = record.attributes.get("ApproximateReceiveCount").and_then(|n| n.parse().ok()).unwrap_or(1);
        Ok((record, Delivery { id, receive_count, deadline }))
    });
    let records = records.collect::<Result<Vec<_>, NoMessageId>>()?;
    let mut verdicts = futures::stream::iter(records)
        .map(|(record, delivery)| async move { (one(step, record, patience, &delivery).await, delivery.id) })
        .buffered(S::CONCURRENCY.max(1));
    let mut reply = SqsBatchResponse::default();
    while let Some((verdict, id)) = verdicts.next().await {
        if verdict == Verdict::Redeliver {
            reply.add_failure(id);
        }
    }
    Ok(reply)
}

async fn one<S: Step>(step: &S, record: SqsMessage, patience: Option<&dyn Patience>, delivery: &Delivery) -> Verdict {
    let span = tracing::info_span!("record", message.id = delivery.id, message.receive_count = delivery.receive_count);
    let work = async {
        match serde_json::from_str(record.body.as_deref().unwrap_or_default()) {
            Ok(message) => {
                let verdict = attempt(step, message, delivery).await;
                if let (Verdict::Redeliver, Some(patience)) = (verdict, patience) {
                    wait(patience, &record, delivery).await;
                }
                verdict
            }
            Err(error) => {
                // The error's own text may quote the body.
                let (line, column) = (error.line(), error.column());
                tracing::error!(rejection.code = "UNDECODABLE", line, column, "Could not read a record");
                Verdict::Redeliver
            }
        }
    };
    work.instrument(span).await
}

/// Puts off the next delivery. The last one is not put off: the queue gives the message up when it becomes visible. What
/// cannot be put off comes again after the queue's own time.
async fn wait(patience: &dyn Patience, record: &SqsMessage, delivery: &Delivery) {
    let (Some(queue), Some(receipt)) = (&record.event_source_arn, &record.receipt_handle) else { return };
    let wait_s = if delivery.is_last() { 0 } else { patience.wait_s(delivery.receive_count) };
    if let Err(outage) = patience.put_off(queue, receipt, wait_s).await {
        let cause = telemetry::chain(&outage);
        tracing::warn!(error.operation = outage.operation, error.chain = cause, "Could not put a record off");
    }
}
