//! Bank cards and passbooks.

use super::{normalise, private_text};
use crate::reason::Reason;

/// A bank account number of 12 to 23 digits.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BankCard(Box<str>);

private_text!(BankCard);

impl BankCard {
    /// Reads a number as typed. Forms ask for it twice and refuse with `BANK_CARD_MISMATCH` where the two differ.
    ///
    /// # Errors
    /// `BANK_CARD_FORMAT`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let text = normalise(text);
        let fits = (12..=23).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        if fits { Ok(Self(text.into())) } else { Err(Reason::BankCardFormat) }
    }

    fn read(text: &str) -> Result<Self, [Reason; 1]> {
        Self::parse(text).map_err(|reason| [reason])
    }

    /// `BANK_CARD_LUHN` for a number of card length (16, 18 or 19 digits) that fails Luhn's check. Some real cards fail it.
    #[must_use]
    pub fn warning(&self) -> Option<Reason> {
        (matches!(self.0.len(), 16 | 18 | 19) && !passes_luhn(&self.0)).then_some(Reason::BankCardLuhn)
    }

    /// The full number; personal data.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `6228 **** **** 6784`: the first and last four digits, whatever the length.
    #[must_use]
    pub fn masked(&self) -> String {
        format!("{} **** **** {}", &self.0[..4], &self.0[self.0.len() - 4..])
    }
}

/// Luhn's check of ISO/IEC 7812: every second digit from the right counts double, less 9 above 9.
fn passes_luhn(digits: &str) -> bool {
    let weighted = digits.bytes().rev().enumerate().map(|(at, byte)| match u32::from(byte - b'0') {
        digit if at % 2 == 0 => digit,
        digit if digit < 5 => 2 * digit,
        digit => 2 * digit - 9,
    });
    weighted.sum::<u32>().is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn warns_of_a_failed_luhn_check() {
        let check = |text: &str, warning| assert_eq!(BankCard::parse(text).unwrap().warning(), warning, "{text}");
        check("6228480018123456784", None);
        check("6217000010000001233", None);
        check("6225882708965808", None);
        check("6212280200141664948", None);
        check("6228480018123456785", Some(Reason::BankCardLuhn));
        check("6225882708965809", Some(Reason::BankCardLuhn));
        // A company account or passbook is no card.
        check("123456789012", None);
        check("12345678901234567", None);
    }

    #[test]
    fn refuses_other_text() {
        for wrong in ["", "12345678901", "123456789012345678901234", "6228-4800-1812-3456", "622848001812345678X"] {
            assert_eq!(BankCard::parse(wrong), Err(Reason::BankCardFormat), "{wrong}");
        }
    }

    #[test]
    fn prints_masked() {
        let card = BankCard::parse("6228 4800 1812 3456 784").unwrap();
        assert_eq!(card.as_str(), "6228480018123456784");
        assert_eq!(format!("{card:?}"), "BankCard(6228 **** **** 6784)");
    }
}
