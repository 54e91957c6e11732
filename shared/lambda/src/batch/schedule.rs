//! The timetable: one record an invocation, the JSON the schedule sends. A failure fails the invocation, which Lambda
//! tries again.

use std::time::Instant;

use lambda_runtime::{LambdaEvent, Runtime, service_fn};
use serde_json::Value;
use tracing::Instrument;

use super::{Delivery, Step, Verdict, attempt};
use crate::telemetry;

/// The timetable's step did not do its work this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the scheduled work failed")]
pub struct ScheduledWorkFailed;

/// Serves a schedule until Lambda stops the process.
pub async fn run<S: Step>(step: S) -> Result<(), lambda_runtime::Error> {
    let step = &step;
    let serve = service_fn(move |event: LambdaEvent<Value>| {
        let span = telemetry::invocation(&event.context);
        let deadline = telemetry::deadline(&event.context);
        async move {
            let id = &event.context.request_id;
            process(event.payload, id, step, deadline).await.map_err(lambda_runtime::Error::from)
        }
        .instrument(span)
    });
    Runtime::new(serve).run().await
}

/// Carries out one scheduled event; `id` names the invocation.
pub async fn process<S: Step>(event: Value, id: &str, step: &S, deadline: Instant) -> Result<(), ScheduledWorkFailed> {
    let delivery = Delivery { id: id.to_owned(), receive_count: 1, deadline };
    let Ok(message) = serde_json::from_value(event) else {
        tracing::error!(rejection.code = "UNDECODABLE", "Could not read a scheduled event");
        return Err(ScheduledWorkFailed);
    };
    match attempt(step, message, &delivery).await {
        Verdict::Acknowledge => Ok(()),
        Verdict::Redeliver => Err(ScheduledWorkFailed),
    }
}
