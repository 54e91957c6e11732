//! A clock that stands still.

use std::sync::{Arc, Mutex};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, tz};
use workflow::ports::Clock;

/// A clock that stands where it is put. Clones are the same clock.
#[derive(Debug, Clone)]
pub struct FixedClock(Arc<Mutex<Timestamp>>);

impl Default for FixedClock {
    /// At [`sample::now`](crate::sample::now).
    fn default() -> Self {
        Self::at(crate::sample::now())
    }
}

impl FixedClock {
    /// A clock at an instant.
    pub fn at(instant: Timestamp) -> Self {
        Self(Arc::new(Mutex::new(instant)))
    }

    /// Moves the clock to an instant, backwards too.
    pub fn set(&self, instant: Timestamp) {
        *self.0.lock().expect("no holder of the lock panics") = instant;
    }

    /// Moves the clock to 09:00 of a business day.
    pub fn set_day(&self, day: Date) {
        let morning = day.at(9, 0, 0, 0);
        self.set(tz::offset(8).to_timestamp(morning).expect("a day in range"));
    }

    /// Moves the clock on.
    pub fn advance(&self, by: SignedDuration) {
        *self.0.lock().expect("no holder of the lock panics") += by;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("no holder of the lock panics")
    }
}
