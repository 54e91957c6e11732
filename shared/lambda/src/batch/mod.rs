//! Work that arrives as records: queue messages, stream records, the timetable.
//!
//! A function gives a [`Step`]; the runners ([`sqs`], [`stream`], [`schedule`]) decode, run it with a panic and a
//! deadline around it, log what became of it, and tell Lambda exactly which records to deliver again.
//!
//! ```text
//! what happened to the record     is                          and the record
//! Done                            the effect                  is acknowledged
//! Duplicate                       nothing, it was there       is acknowledged
//! Rejected(code)                  a stored or logged fact     is acknowledged: a retry would answer the same
//! Err(Outage), panic, deadline    unknown                     is delivered again, at last to the dead letters
//! undecodable                     a bug of ours or a forgery  see the runner
//! ```

pub mod s3;
pub mod schedule;
pub mod sqs;
pub mod stream;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Instant;

use futures::FutureExt;
use serde::de::DeserializeOwned;
use workflow::ports::Outage;

use crate::telemetry;

/// Records of one batch that run at the same time, unless the step says otherwise.
pub const CONCURRENCY: usize = 4;

/// Deliveries after which a queue gives a message up: `maxReceiveCount` of every queue in the template.
pub const DELIVERIES_MAX: u32 = 5;

/// What a function does with one record.
///
/// Implementations are structs of ports; they must be idempotent, since every record may come twice, also at once.
/// Work on the processor (workbooks, images, PDFs) belongs on `tokio::task::spawn_blocking`: all records of a batch
/// share one thread.
pub trait Step: Sync {
    /// What the record says.
    type Message: DeserializeOwned + Send;

    /// Records of one batch that run at the same time.
    const CONCURRENCY: usize = CONCURRENCY;

    /// Carries out one record. An error is an outage and nothing else: it means “try again later”.
    fn perform(
        &self,
        message: Self::Message,
        delivery: &Delivery,
    ) -> impl Future<Output = Result<Outcome, Outage>> + Send;
}

/// What became of a record that was carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Its effect is there.
    Done,
    /// Its effect was there before.
    Duplicate,
    /// It will never have an effect, and trying again would not help. A stable code, without personal data.
    Rejected(Cow<'static, str>),
}

impl Outcome {
    /// A record that will never have an effect.
    pub fn rejected(code: impl Into<Cow<'static, str>>) -> Self {
        Self::Rejected(code.into())
    }
}

/// How a record came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The queue's or stream's name for this record; the same at every delivery.
    pub id: String,
    /// Deliveries so far, this one included; 1 where the source does not count.
    pub receive_count: u32,
    /// When the step is stopped.
    pub deadline: Instant,
}

impl Delivery {
    /// Whether the queue gives the message up unless it is carried out now.
    pub fn is_last(&self) -> bool {
        self.receive_count >= DELIVERIES_MAX
    }
}

/// Whether a record is finished with or has to come again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    Acknowledge,
    Redeliver,
}

/// Runs a step once, with a panic and the deadline around it, and logs what became of it.
pub(crate) async fn attempt<S: Step>(step: &S, message: S::Message, delivery: &Delivery) -> Verdict {
    let started = Instant::now();
    if started >= delivery.deadline {
        tracing::warn!("Put a record back: no time left to begin it");
        return Verdict::Redeliver;
    }
    // Nothing of a step outlives its panic: what it had written is a whole commit or nothing.
    let guarded = AssertUnwindSafe(step.perform(message, delivery)).catch_unwind();
    let ended = tokio::time::timeout_at(delivery.deadline.into(), guarded).await;
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    match ended {
        Ok(Ok(Ok(Outcome::Done))) => tracing::info!(duration_ms, "Carried out a record"),
        Ok(Ok(Ok(Outcome::Duplicate))) => tracing::info!(duration_ms, "Acknowledged a record carried out before"),
        Ok(Ok(Ok(Outcome::Rejected(code)))) => {
            tracing::warn!(duration_ms, rejection.code = %code, "Rejected a record: {code}");
        }
        Ok(Ok(Err(outage))) => {
            let cause = telemetry::chain(&outage);
            tracing::error!(duration_ms, error.operation = outage.operation, error.chain = cause, "A record failed");
            return Verdict::Redeliver;
        }
        Ok(Err(_panic)) => {
            tracing::error!(duration_ms, "A record failed: the step panicked");
            return Verdict::Redeliver;
        }
        Err(_elapsed) => {
            tracing::error!(duration_ms, "A record failed: the time was up");
            return Verdict::Redeliver;
        }
    }
    Verdict::Acknowledge
}
