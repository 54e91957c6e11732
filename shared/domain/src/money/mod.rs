//! Money is a whole number of fen (1/100 yuan); nothing here rounds or floats.

use std::fmt;

use serde::{Deserialize, Serialize};

mod words;

pub use words::amount_in_words;

/// An amount of CNY in fen. Negative amounts are differences and reversals.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fen(i64);

impl Fen {
    /// 0.00 yuan.
    pub const ZERO: Self = Self(0);

    /// An amount of `fen` hundredths of a yuan.
    #[must_use]
    pub const fn new(fen: i64) -> Self {
        Self(fen)
    }

    /// The amount in fen.
    #[must_use]
    pub const fn fen(self) -> i64 {
        self.0
    }

    /// `self + other`; `None` beyond the range of 64 bits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// `self - other`; `None` beyond the range of 64 bits.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// `self × count`, such as a fee for a number of persons or shares.
    #[must_use]
    pub fn checked_times(self, count: u32) -> Option<Self> {
        self.0.checked_mul(i64::from(count)).map(Self)
    }

    /// Sum of all amounts; `None` when it leaves the range of 64 bits.
    pub fn sum(amounts: impl IntoIterator<Item = Self>) -> Option<Self> {
        amounts.into_iter().try_fold(Self::ZERO, Self::checked_add)
    }

    /// Yuan with two decimals and thousands grouped, as documents show it: `1,500.00`.
    #[must_use]
    pub fn grouped(self) -> String {
        let plain = self.to_string();
        let (sign, digits) = plain.strip_prefix('-').map_or(("", plain.as_str()), |rest| ("-", rest));
        let yuan_digits = digits.len() - ".00".len();
        let mut text = sign.to_owned();
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && at < yuan_digits && (yuan_digits - at).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        text
    }
}

/// Yuan with two decimals and no grouping: `1500.00`.
impl fmt::Display for Fen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let fen = self.0.unsigned_abs();
        f.pad(&format!("{sign}{}.{:02}", fen / 100, fen % 100))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn shows_yuan_with_two_decimals() {
        let check = |fen, plain: &str, grouped: &str| {
            assert_eq!((Fen::new(fen).to_string().as_str(), Fen::new(fen).grouped().as_str()), (plain, grouped));
        };
        check(0, "0.00", "0.00");
        check(5, "0.05", "0.05");
        check(-5, "-0.05", "-0.05");
        check(99_999, "999.99", "999.99");
        check(150_000, "1500.00", "1,500.00");
        check(-123_456_789, "-1234567.89", "-1,234,567.89");
        check(i64::MIN, "-92233720368547758.08", "-92,233,720,368,547,758.08");
    }

    #[test]
    fn arithmetic_answers_none_beyond_its_range() {
        let most = Fen::new(i64::MAX);
        assert_eq!(most.checked_add(Fen::new(1)), None);
        assert_eq!(Fen::new(i64::MIN).checked_sub(Fen::new(1)), None);
        assert_eq!(most.checked_times(2), None);
        assert_eq!(Fen::sum([most, Fen::new(1), Fen::new(-1)]), None);
        assert_eq!(Fen::sum([Fen::new(237_500), Fen::new(-87_500), Fen::new(90_000)]), Some(Fen::new(240_000)));
    }

    #[test]
    fn is_an_integer_in_json() {
        assert_eq!(serde_json::to_string(&Fen::new(9500)).unwrap(), "9500");
        assert!(serde_json::from_str::<Fen>("95.0").is_err());
    }

    proptest! {
        #[test]
        fn grouping_only_adds_commas(fen in any::<i64>()) {
            prop_assert_eq!(Fen::new(fen).grouped().replace(',', ""), Fen::new(fen).to_string());
        }

        #[test]
        fn display_holds_every_digit(fen in any::<i64>()) {
            prop_assert_eq!(Fen::new(fen).to_string().replace('.', "").parse::<i64>().unwrap(), fen);
        }
    }
}
