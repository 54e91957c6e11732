//! The real clock and the real dice: the only homes of the raw calls.

use jiff::Timestamp;
use ulid::Ulid;
use workflow::ports::{Clock, Ids};

/// The system clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the home of the clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// Identifiers and secrets from the system clock and a cryptographic random source.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemIds;

impl Ids for SystemIds {
    fn ulid(&self) -> Ulid {
        let millisecond = u64::try_from(SystemClock.now().as_millisecond()).unwrap_or_default();
        Ulid::from_parts(millisecond, u128::from_be_bytes(random()))
    }

    fn secret(&self) -> [u8; 32] {
        random()
    }
}

/// Random bytes. A machine without a random source cannot keep a secret: nothing sensible can go on.
#[expect(
    clippy::expect_used,
    reason = "the random source does not fail on the systems this runs on, and nothing may go on without it"
)]
pub(crate) fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    aws_lc_rs::rand::fill(&mut bytes).expect("the operating system has a random source");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_carry_the_time_and_differ() {
        let before = SystemClock.now().as_millisecond();
        let (one, other) = (SystemIds.ulid(), SystemIds.ulid());
        assert_ne!(one, other);
        assert!(
            (before..=SystemClock.now().as_millisecond()).contains(&i64::try_from(one.timestamp_ms()).unwrap_or(-1))
        );
        assert_ne!(SystemIds.secret(), SystemIds.secret());
    }
}
