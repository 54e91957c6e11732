//! What guards the doors: counted events, tickets that are good once, and the log of who came.

use async_trait::async_trait;
use domain::ids::AccountId;
use domain::sign_in::SignInRecord;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Outage, Page, PageRequest};

/// How often something may happen. Times are whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// So many times.
    pub times: u32,
    /// With no `lock`: within this time from the first. With one: none is forgotten before this time after the last.
    pub within: SignedDuration,
    /// How long nothing more is taken after the last time allowed; then counting starts anew.
    pub lock: Option<SignedDuration>,
}

/// A count that is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// How many.
    pub count: u32,
    /// Until when it counts.
    pub until: Timestamp,
}

impl Limit {
    /// So many times within a time from the first.
    pub const fn rate(times: u32, within: SignedDuration) -> Self {
        Self { times, within, lock: None }
    }

    /// The count with one more event at `now`.
    ///
    /// # Errors
    /// Until when no more is taken.
    pub fn next(&self, before: Option<Tally>, now: Timestamp) -> Result<Tally, Timestamp> {
        let before = before.filter(|tally| tally.until.as_second() > now.as_second());
        let count = before.map_or(0, |tally| tally.count);
        if count >= self.times {
            return Err(before.map_or(now, |tally| tally.until));
        }
        let count = count.saturating_add(1);
        let from_now = |time: SignedDuration| Timestamp::from_second(now.as_second().saturating_add(time.as_secs()));
        let until = match (self.lock, before) {
            (Some(lock), _) if count == self.times => from_now(lock),
            (None, Some(tally)) => Ok(tally.until),
            _ => from_now(self.within),
        };
        Ok(Tally { count, until: until.unwrap_or(Timestamp::MAX) })
    }
}

/// Counts.
#[async_trait]
pub trait Tallies: Send + Sync {
    /// Counts an event: atomic, so that of any number at once no more than the limit are taken. Answers how many there
    /// are with it, or – as an inner error – until when no more is taken; that one is not counted.
    async fn count(&self, name: &str, limit: Limit, now: Timestamp) -> Result<Result<u32, Timestamp>, Outage>;

    /// Starts counting anew.
    async fn forget(&self, name: &str) -> Result<(), Outage>;
}

/// Something that is good once, and not for long. It has no `Debug`: what it holds may be secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its name, `<kind>#<what it is for>`; holds no personal data.
    pub name: String,
    /// What it is worth.
    pub holds: String,
    /// From when on it is worth nothing.
    pub expires_at: Timestamp,
}

/// Tickets.
#[async_trait]
pub trait Tickets: Send + Sync {
    /// Keeps a ticket, in place of an earlier one of its name.
    async fn keep_ticket(&self, ticket: &Ticket) -> Result<(), Outage>;

    /// The ticket (strongly consistent); none if there is none or it has expired.
    async fn ticket(&self, name: &str, now: Timestamp) -> Result<Option<Ticket>, Outage>;

    /// Takes the ticket away: of any number who ask at once exactly one gets it.
    async fn take_ticket(&self, name: &str, now: Timestamp) -> Result<Option<Ticket>, Outage>;
}

/// The sign-in log.
#[async_trait]
pub trait SignIns: Send + Sync {
    /// Writes an entry.
    async fn record_sign_in(&self, record: &SignInRecord) -> Result<(), Outage>;

    /// An account's entries, newest first.
    async fn sign_ins(&self, account: &AccountId, page: &PageRequest) -> Result<Page<SignInRecord>, Outage>;
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOCKING: Limit =
        Limit { times: 3, within: SignedDuration::from_hours(24), lock: Some(SignedDuration::from_mins(15)) };

    fn at(second: i64) -> Timestamp {
        Timestamp::constant(1_000_000 + second, 0)
    }

    fn tally(count: u32, until: i64) -> Tally {
        Tally { count, until: at(until) }
    }

    #[test]
    fn a_rate_counts_from_the_first() {
        let limit = Limit::rate(2, SignedDuration::from_secs(60));
        assert_eq!(limit.next(None, at(0)), Ok(tally(1, 60)));
        assert_eq!(limit.next(Some(tally(1, 60)), at(59)), Ok(tally(2, 60)));
        assert_eq!(limit.next(Some(tally(2, 60)), at(59)), Err(at(60)));
        assert_eq!(limit.next(Some(tally(2, 60)), at(60)), Ok(tally(1, 120)));
    }

    #[test]
    fn a_lock_counts_from_the_last_and_then_anew() {
        let day = 24 * 3600;
        assert_eq!(LOCKING.next(None, at(0)), Ok(tally(1, day)));
        assert_eq!(LOCKING.next(Some(tally(1, day)), at(10)), Ok(tally(2, day + 10)));
        assert_eq!(LOCKING.next(Some(tally(2, day + 10)), at(20)), Ok(tally(3, 920)));
        assert_eq!(LOCKING.next(Some(tally(3, 920)), at(919)), Err(at(920)));
        assert_eq!(LOCKING.next(Some(tally(3, 920)), at(920)), Ok(tally(1, day + 920)));
    }
}
