//! The outbox: published from the table's stream, and swept for what a lost record left behind.

use domain::message::Outgoing;
use jiff::{SignedDuration, ToSpan};

use crate::desk::Desk;
use crate::ports::{Outage, Queues, business_date};

/// A message older than this is taken to have been left behind by the stream.
const LEFT_BEHIND_AFTER: SignedDuration = SignedDuration::from_secs(120);
/// Most messages one sweep publishes.
const SWEEP_MAX: u32 = 500;
/// Days back for which scheduled messages are looked for, should the timetable have stood still.
const DAYS_BACK: i64 = 7;

/// Sends messages and takes those out of the outbox that were sent. A crash in between sends them again: consumers
/// know a message by its id. Answers the first outage after trying all.
pub async fn publish(desk: &Desk, queues: &dyn Queues, messages: &[Outgoing]) -> Result<usize, Outage> {
    let mut published = 0;
    let mut first_outage = None;
    for (message, sent) in messages.iter().zip(queues.send(messages).await) {
        match sent {
            Ok(()) => {
                desk.store.sent(&message.id).await?;
                published += 1;
            }
            Err(outage) => first_outage = first_outage.or(Some(outage)),
        }
    }
    first_outage.map_or(Ok(published), Err)
}

/// What one run of the timetable did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Swept {
    /// Scheduled messages that became due.
    pub released: u32,
    /// Messages the stream had left behind.
    pub published: usize,
}

/// Moves what is due today into the outbox and publishes what was left behind in it.
pub async fn sweep(desk: &Desk, queues: &dyn Queues) -> Result<Swept, Outage> {
    let now = desk.clock.now();
    let mut released: u32 = 0;
    for back in (0..=DAYS_BACK).rev() {
        if let Ok(day) = business_date(now).checked_sub(back.days()) {
            released = released.saturating_add(desk.store.release_scheduled(day, now, SWEEP_MAX).await?);
        }
    }
    let before = now.checked_sub(LEFT_BEHIND_AFTER).unwrap_or(now);
    let left_behind = desk.store.unsent(before, SWEEP_MAX).await?;
    let published = publish(desk, queues, &left_behind).await?;
    Ok(Swept { released, published })
}
