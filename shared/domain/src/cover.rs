//! When cover begins, how long it lasts, and what continues it (rules: cover period and waiting).

use std::fmt;

use jiff::Span;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Both days belong to the period: it runs from 0:00 of `start` to 24:00 of `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Days", into = "Days")]
pub struct CoverPeriod {
    start: Date,
    end: Date,
}

#[derive(Serialize, Deserialize)]
struct Days {
    start: Date,
    end: Date,
}

impl CoverPeriod {
    /// A period from its first to its last day; `None` if it would be empty.
    #[must_use]
    pub fn new(start: Date, end: Date) -> Option<Self> {
        (start <= end).then_some(Self { start, end })
    }

    /// A period of whole months: 12 from 2024-11-10 end on 2025-11-09, 12 from 2024-02-29 on 2025-02-28, the last day
    /// of a month that lacks the day of `start`. `None` for no months, and beyond the calendar.
    #[must_use]
    pub fn of_term(start: Date, months: u32) -> Option<Self> {
        let term = (months > 0).then(|| Span::new().try_months(months).ok())??;
        let landed = start.checked_add(term).ok()?;
        let end = if landed.day() < start.day() { landed } else { landed.yesterday().ok()? };
        Self::new(start, end)
    }

    /// First day.
    #[must_use]
    pub fn start(self) -> Date {
        self.start
    }

    /// Last day.
    #[must_use]
    pub fn end(self) -> Date {
        self.end
    }

    /// Whether `day` is covered.
    #[must_use]
    pub fn contains(self, day: Date) -> bool {
        (self.start..=self.end).contains(&day)
    }

    /// Whether the two share a day.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.start <= other.end && other.start <= self.end
    }
}

/// 2024年11月10日0时 至 2025年11月09日24时
impl fmt::Display for CoverPeriod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { start, end } = self;
        write!(f, "{}0时 至 {}24时", start.strftime("%Y年%m月%d日"), end.strftime("%Y年%m月%d日"))
    }
}

impl TryFrom<Days> for CoverPeriod {
    type Error = &'static str;

    fn try_from(days: Days) -> Result<Self, Self::Error> {
        Self::new(days.start, days.end).ok_or("a cover period ends before it starts")
    }
}

impl From<CoverPeriod> for Days {
    fn from(CoverPeriod { start, end }: CoverPeriod) -> Self {
        Self { start, end }
    }
}

/// First day of cover: the designated effective date; else, for a renewal paid no later than `grace_days` after the
/// old end, the day after that end; else the day after the payment was confirmed. `None` at the end of the calendar.
#[must_use]
pub fn start_date(
    designated: Option<Date>,
    renewal_of_end: Option<Date>,
    grace_days: u32,
    payment_confirmed_on: Date,
) -> Option<Date> {
    let renewal_of_end = renewal_of_end.filter(|end| days_after(*end, payment_confirmed_on) <= i64::from(grace_days));
    designated.or_else(|| renewal_of_end.unwrap_or(payment_confirmed_on).tomorrow().ok())
}

/// Whether cover that starts on `start` continues cover that ended on `old_end`, so that no new waiting period begins:
/// it starts no later than `grace_days` after the old end, or the very next day.
#[must_use]
pub fn continues(old_end: Date, start: Date, grace_days: u32) -> bool {
    days_after(old_end, start) <= i64::from(grace_days.max(1))
}

/// The number of `day` in cover that began on `continuous_since`, from 1: what waiting periods count. `None` before it.
#[must_use]
pub fn day_of_cover(continuous_since: Date, day: Date) -> Option<u32> {
    u32::try_from(days_after(continuous_since, day)).ok()?.checked_add(1)
}

fn days_after(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ends_the_day_before_the_term_is_over() {
        let check = |start, months, end| assert_eq!(CoverPeriod::of_term(start, months).unwrap().end(), end);
        check(date(2024, 11, 10), 12, date(2025, 11, 9));
        check(date(2024, 2, 29), 12, date(2025, 2, 28));
        check(date(2024, 2, 29), 48, date(2028, 2, 28));
        check(date(2024, 3, 1), 12, date(2025, 2, 28));
        check(date(2023, 3, 1), 12, date(2024, 2, 29));
        check(date(2024, 8, 31), 6, date(2025, 2, 28));
        check(date(2025, 1, 1), 36, date(2027, 12, 31));
    }

    #[test]
    fn refuses_an_impossible_term() {
        assert_eq!(CoverPeriod::of_term(date(2025, 1, 1), 0), None);
        assert_eq!(CoverPeriod::of_term(Date::MAX, 12), None);
        assert_eq!(CoverPeriod::of_term(date(2025, 1, 1), u32::MAX), None);
        assert_eq!(CoverPeriod::new(date(2025, 1, 2), date(2025, 1, 1)), None);
        assert!(serde_json::from_str::<CoverPeriod>(r#"{"start":"2025-01-02","end":"2025-01-01"}"#).is_err());
    }

    #[test]
    fn shows_hours_in_chinese() {
        let period = CoverPeriod::of_term(date(2024, 11, 10), 12).unwrap();
        assert_eq!(period.to_string(), "2024年11月10日0时 至 2025年11月09日24时");
    }

    #[test]
    fn starts_as_designated_or_renewed_or_paid() {
        let (paid, old_end) = (date(2025, 3, 20), date(2025, 3, 5));
        let check =
            |designated, renewal, grace, start| assert_eq!(start_date(designated, renewal, grace, paid), Some(start));
        check(Some(date(2025, 4, 1)), Some(old_end), 15, date(2025, 4, 1));
        check(None, Some(old_end), 15, date(2025, 3, 6));
        check(None, Some(old_end), 14, date(2025, 3, 21));
        check(None, Some(date(2025, 4, 30)), 15, date(2025, 5, 1));
        check(None, None, 15, date(2025, 3, 21));
        assert_eq!(start_date(None, None, 15, Date::MAX), None);
    }

    #[test]
    fn continues_within_the_grace_period() {
        let old_end = date(2025, 3, 5);
        let check = |start, grace, expect| assert_eq!(continues(old_end, start, grace), expect, "{start} {grace}");
        check(date(2025, 3, 6), 0, true);
        check(date(2025, 3, 7), 0, false);
        check(date(2025, 3, 20), 15, true);
        check(date(2025, 3, 21), 15, false);
        assert_eq!(day_of_cover(date(2025, 1, 1), date(2025, 1, 31)), Some(31));
        assert_eq!(day_of_cover(date(2025, 1, 1), date(2024, 12, 31)), None);
    }

    proptest! {
        /// Terms follow each other without a gap or an overlap, and n months end in the n-th month.
        #[test]
        fn the_day_after_the_end_starts_the_next_term(days in 0..40_000_i64, months in 1..120_u32) {
            let start = date(1990, 1, 1).checked_add(Span::new().days(days)).unwrap();
            let period = CoverPeriod::of_term(start, months).unwrap();
            let next = period.end().tomorrow().unwrap();
            let month_number = |day: Date| i64::from(day.year()) * 12 + i64::from(day.month());
            if next.day() == start.day() {
                prop_assert_eq!(month_number(next) - month_number(start), i64::from(months));
            } else {
                prop_assert_eq!((next.day(), month_number(next) - month_number(start)), (1, i64::from(months) + 1));
                prop_assert!(start.day() > period.end().day());
            }
            prop_assert!(!period.overlaps(CoverPeriod::of_term(next, months).unwrap()));
        }

        /// Leap years and month ends: a term ends the day before the same day of its last month, or on that month's last
        /// day where it has no such day; a year from 29 February ends on 28 February.
        #[test]
        fn a_term_ends_the_day_before_the_same_day(days in 0..40_000_i64, months in 1..120_u32) {
            let start = date(1990, 1, 1).checked_add(Span::new().days(days)).unwrap();
            let end = CoverPeriod::of_term(start, months).unwrap().end();
            let month = start.first_of_month().checked_add(Span::new().months(i64::from(months))).unwrap();
            let last = month.last_of_month();
            let expect = if last.day() < start.day() {
                last
            } else {
                month.with().day(start.day()).build().unwrap().yesterday().unwrap()
            };
            prop_assert_eq!(end, expect);
            let year = CoverPeriod::of_term(start, 12).unwrap();
            let leap_day = (start.month(), start.day()) == (2, 29);
            let length = year.end().duration_since(year.start()).as_hours() / 24 + 1;
            prop_assert!(length == 365 || length == 366, "{} has {}", start, length);
            prop_assert!(!leap_day || (year.end().month(), year.end().day()) == (2, 28));
        }

        /// Cover begins as designated, whatever was paid when; else continuous with the old cover, or the day after the
        /// payment.
        #[test]
        fn a_designated_day_comes_before_all(
            designated in prop::option::of(0..800_i32), old in prop::option::of(0..800_i32), grace in 0..40_u32,
            paid in 0..800_i32,
        ) {
            let day = |n: i32| date(2024, 1, 1).checked_add(Span::new().days(n)).unwrap();
            let start = start_date(designated.map(day), old.map(day), grace, day(paid)).unwrap();
            match (designated, old) {
                (Some(designated), _) => prop_assert_eq!(start, day(designated)),
                (None, Some(old)) if paid - old <= i32::try_from(grace).unwrap() => {
                    prop_assert_eq!(start, day(old + 1));
                    prop_assert!(continues(day(old), start, grace));
                }
                _ => prop_assert_eq!(start, day(paid + 1)),
            }
        }

        #[test]
        fn overlap_is_a_shared_day(a in 0..60_i32, b in 0..60_i32, c in 0..60_i32, d in 0..60_i32) {
            let day = |n: i32| date(2025, 1, 1).checked_add(Span::new().days(n)).unwrap();
            let (Some(one), Some(two)) = (CoverPeriod::new(day(a), day(b)), CoverPeriod::new(day(c), day(d))) else {
                return Ok(());
            };
            prop_assert_eq!(one.overlaps(two), (0..60).any(|n| one.contains(day(n)) && two.contains(day(n))));
        }
    }
}
