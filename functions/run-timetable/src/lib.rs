//! The timetable: what no request and no message triggers.
//!
//! Trigger: schedule, every five minutes. Effect: messages due today move into the outbox; messages that the stream left
//! behind are published; mails are left about tasks that became overdue, and about dead letters. Run twice: nothing more.
//! Outage: the next run does it.

use std::sync::Arc;

use lambda::batch::{Delivery, Outcome, Step};
use serde_json::Value;
use workflow::desk::Desk;
use workflow::outbox::sweep;
use workflow::ports::{Outage, Queues};
use workflow::watch;

/// The step.
#[derive(Clone)]
pub struct RunTimetable {
    /// The tables.
    pub desk: Desk,
    /// The queues.
    pub queues: Arc<dyn Queues>,
}

impl Step for RunTimetable {
    type Message = Value;

    async fn perform(&self, _: Value, _: &Delivery) -> Result<Outcome, Outage> {
        let swept = sweep(&self.desk, &*self.queues).await?;
        tracing::info!(
            released.count = swept.released,
            published.count = swept.published,
            "Swept the outbox: {} released, {} published",
            swept.released,
            swept.published
        );
        let overdue = watch::overdue(&self.desk).await?;
        let dead = watch::dead_letters(&self.desk, &*self.queues).await?;
        if overdue > 0 || dead > 0 {
            tracing::info!(overdue.mails = overdue, dead.mails = dead, "Told of overdue tasks and dead letters");
        }
        Ok(Outcome::Done)
    }
}
