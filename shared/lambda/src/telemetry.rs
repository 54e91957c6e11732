//! Logs: one JSON object a line on standard output, where Lambda takes them up.
//!
//! docs/logging.md says what is logged and where. In short: a line reads as a sentence and its fields can be queried
//! (dotted names, unit last); a failure is logged once, at the boundary that handles it; **no personal data**, in
//! fields, sentences, error texts or panics. What a person typed is never logged; identifiers, codes, counts and
//! durations are.

use std::error::Error;
use std::fmt::Write as _;
use std::sync::Once;
use std::time::{Duration, Instant, SystemTime};

use lambda_runtime::Context;
use tracing::Span;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::config::Environment;

/// Kept free at the end of an invocation, so that its reply leaves before Lambda ends it.
pub const REPLY_MARGIN: Duration = Duration::from_millis(500);

/// Longer than any function runs.
const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// Starts logging at `LOG_LEVEL`, such as `debug` or `info,hyper=warn` (`info` unless set, or if it cannot be read).
/// Doing it again changes nothing.
pub fn init(environment: &Environment) {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        // `Targets` rather than `EnvFilter`, whose regular expressions are half a megabyte of every function.
        let filter = environment.optional("LOG_LEVEL").and_then(|level| level.parse::<Targets>().ok());
        let filter = filter.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
        let lines = tracing_subscriber::fmt::layer().json().flatten_event(true).with_current_span(false);
        tracing_subscriber::registry().with(lines).with(filter).init();
        // A panic's message may quote what a person typed (a slice that splits a name does), so only its place is kept.
        std::panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            tracing::error!(panic.location = place, "A step panicked at {place}");
        }));
    });
}

/// The span of one invocation: every line below it carries these two.
pub(crate) fn invocation(context: &Context) -> Span {
    let trace = context.xray_trace_id.as_deref().unwrap_or_default();
    tracing::info_span!("invocation", request.id = context.request_id, trace.id = trace)
}

/// When the work of an invocation must be done: [`REPLY_MARGIN`] before Lambda ends it.
#[expect(clippy::disallowed_methods, reason = "Lambda tells the deadline by the system's clock")]
pub(crate) fn deadline(context: &Context) -> Instant {
    Instant::now() + left(context.deadline(), SystemTime::now()).saturating_sub(REPLY_MARGIN)
}

/// The time from `now` until a deadline. `cargo lambda watch` writes the time left where Lambda writes the instant,
/// which lies in 1970 then; no deadline of Lambda does.
fn left(deadline: SystemTime, now: SystemTime) -> Duration {
    let written = deadline.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    if written < YEAR { written } else { deadline.duration_since(now).unwrap_or_default() }
}

/// An error with everything that caused it, `put-item failed: dispatch failure: connection refused`.
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Writing to a string cannot fail.
        let _ = write!(text, ": {error}");
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use workflow::ports::Outage;

    use super::*;

    #[test]
    fn a_deadline_is_an_instant_or_what_is_left() {
        let at = |s| SystemTime::UNIX_EPOCH + Duration::from_secs(s);
        assert_eq!(left(at(1_800_000_060), at(1_800_000_000)), Duration::from_secs(60));
        assert_eq!(left(at(1_800_000_000), at(1_800_000_060)), Duration::ZERO, "it has passed");
        assert_eq!(left(at(600), at(1_800_000_000)), Duration::from_secs(600), "cargo lambda watch");
    }

    #[test]
    fn a_chain_names_every_cause() {
        let cause = std::io::Error::other("connection refused");
        assert_eq!(chain(&Outage::new("put-item", cause)), "put-item failed: connection refused");
    }
}
