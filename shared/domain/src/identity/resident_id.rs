//! Resident ID numbers, GB 11643-1999.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{mask, normalise, private_text};
use crate::reason::Reason;

const LENGTH: usize = 18;
const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS: &[u8; 11] = b"10X98765432";
const EARLIEST_BIRTH_YEAR: i16 = 1900;
/// Province digits of GB/T 2260, and 81–83 on the residence permits of Hong Kong, Macao and Taiwan residents.
///
/// Counties are not looked up: people keep the code of an abolished county, so an unknown one would be worth a warning
/// at most. A list of counties, once one is kept, belongs beside this table.
const PROVINCES: [u8; 35] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64, 65, 71, 81, 82, 83,
];

/// Sex as the 17th digit of an ID number tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sex {
    /// 女
    Female,
    /// 男
    Male,
}

impl Sex {
    /// 女 or 男.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Female => "女",
            Self::Male => "男",
        }
    }
}

/// A valid number of a resident ID card, a residence permit (81–83) or a foreigner's permanent residence card (9…).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResidentId {
    digits: [u8; LENGTH],
    birth_date: Date,
}

private_text!(ResidentId);

/// The 17 digits that determine an ID number, in 8 bytes: the key of sets and maps of many people.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdKey(u64);

/// Shows nothing: the key is the number.
impl std::fmt::Debug for IdKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("IdKey(…)")
    }
}

impl ResidentId {
    /// Reads a number as typed; `today` bounds the birth date.
    ///
    /// # Errors
    /// Every one of `ID_LENGTH`, `ID_FIFTEEN`, `ID_CHARACTER`, `ID_REGION`, `ID_BIRTH_DATE` and `ID_CHECK_DIGIT` that
    /// holds, or `ID_MISSING` alone when nothing is left after normalising. Positions are judged only when the length
    /// and the characters are right.
    pub fn parse(text: &str, today: Date) -> Result<Self, Vec<Reason>> {
        let text = normalise(text);
        let bytes = text.as_bytes();
        if bytes.is_empty() {
            return Err(vec![Reason::IdMissing]);
        }
        let all_digits = |bytes: &[u8]| bytes.iter().all(u8::is_ascii_digit);
        let mut reasons = Vec::new();
        match text.chars().count() {
            LENGTH => {}
            15 if all_digits(bytes) => reasons.push(Reason::IdFifteen),
            _ => reasons.push(Reason::IdLength),
        }
        let (last, body) = bytes.split_last().unwrap_or((&0, &[]));
        if !all_digits(body) || !(last.is_ascii_digit() || *last == b'X') {
            reasons.push(Reason::IdCharacter);
        }
        match <[u8; LENGTH]>::try_from(bytes) {
            Ok(digits) if reasons.is_empty() => Self::from_digits(digits, today),
            _ => Err(reasons),
        }
    }

    /// `digits` are 17 digits and a digit or `X`.
    fn from_digits(digits: [u8; LENGTH], today: Date) -> Result<Self, Vec<Reason>> {
        let birth_date = birth_date(&digits, today);
        let mut reasons = Vec::new();
        // The area digits of a foreigner's card name the issuing place in a scheme of its own.
        if digits[0] != b'9' && !PROVINCES.contains(&(10 * (digits[0] - b'0') + digits[1] - b'0')) {
            reasons.push(Reason::IdRegion);
        }
        if birth_date.is_none() {
            reasons.push(Reason::IdBirthDate);
        }
        if check_character(&digits) != digits[LENGTH - 1] {
            reasons.push(Reason::IdCheckDigit);
        }
        match birth_date {
            Some(birth_date) if reasons.is_empty() => Ok(Self { digits, birth_date }),
            _ => Err(reasons),
        }
    }

    /// Reads a stored number: its birth date was bounded when it first came in.
    fn read(text: &str) -> Result<Self, Vec<Reason>> {
        Self::parse(text, Date::MAX)
    }

    /// The full number; personal data.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.digits).unwrap_or_default()
    }

    /// A key for sets and maps; personal data like the number itself.
    #[must_use]
    pub fn key(&self) -> IdKey {
        IdKey(number(&self.digits[..LENGTH - 1]))
    }

    /// Female when the 17th digit is even.
    #[must_use]
    pub fn sex(&self) -> Sex {
        if self.digits[LENGTH - 2].is_multiple_of(2) { Sex::Female } else { Sex::Male }
    }

    /// Day of birth.
    #[must_use]
    pub fn birth_date(&self) -> Date {
        self.birth_date
    }

    /// Whole years lived on `date` (周岁): one more from each birthday, from 1 March for a 29 February that the year
    /// lacks; 0 before birth.
    #[must_use]
    pub fn age_on(&self, date: Date) -> u32 {
        let birth = self.birth_date;
        let birthday_passed = (date.month(), date.day()) >= (birth.month(), birth.day());
        let years = i32::from(date.year()) - i32::from(birth.year()) - i32::from(!birthday_passed);
        u32::try_from(years).unwrap_or(0)
    }

    /// `110101********1233`.
    #[must_use]
    pub fn masked(&self) -> String {
        mask(self.as_str(), 6, 4)
    }
}

fn birth_date(digits: &[u8; LENGTH], today: Date) -> Option<Date> {
    let part = |range: std::ops::Range<usize>| i16::try_from(number(&digits[range])).ok();
    let (year, month, day) = (part(6..10)?, part(10..12)?, part(12..14)?);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    (year >= EARLIEST_BIRTH_YEAR && date <= today).then_some(date)
}

fn number(digits: &[u8]) -> u64 {
    digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
}

fn check_character(digits: &[u8; LENGTH]) -> u8 {
    let sum: u32 = digits.iter().zip(WEIGHTS).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum();
    CHECK_CHARACTERS[(sum % 11) as usize]
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const TODAY: Date = date(2025, 1, 1);

    #[test]
    fn accepts_valid_numbers() {
        let check = |text: &str, sex, born: Date| {
            let id = ResidentId::parse(text, TODAY).unwrap();
            assert_eq!((id.as_str(), id.sex(), id.birth_date()), (text, sex, born));
        };
        check("110101199003071233", Sex::Male, date(1990, 3, 7));
        check("370202198511304561", Sex::Female, date(1985, 11, 30));
        check("610103197001010025", Sex::Female, date(1970, 1, 1));
        check("810000199408230021", Sex::Female, date(1994, 8, 23));
        check("830000199201300022", Sex::Female, date(1992, 1, 30));
        check("911123198808080018", Sex::Male, date(1988, 8, 8));
        check("440306199912319995", Sex::Male, date(1999, 12, 31));
    }

    #[test]
    fn refuses_with_every_reason() {
        use Reason::*;
        let check = |text: &str, expect: &[Reason]| {
            assert_eq!(ResidentId::parse(text, TODAY).unwrap_err(), expect, "{text}");
        };
        check(" \u{200B}　", &[IdMissing]);
        check("110101199003071234", &[IdCheckDigit]);
        check("110101199002301235", &[IdBirthDate, IdCheckDigit]);
        check("110101199002301236", &[IdBirthDate]);
        check("990101199003071233", &[IdCheckDigit]);
        check("44030619991231999x", &[IdCheckDigit]);
        check("610104620927690", &[IdFifteen]);
        check("11010119900307123", &[IdLength]);
        check("1101011990030712333", &[IdLength]);
        check("61010462092769A", &[IdLength, IdCharacter]);
        check("11010119900307X233", &[IdCharacter]);
        check("11010119900307一二三四", &[IdCharacter]);
        check("000000000000000000", &[IdRegion, IdBirthDate, IdCheckDigit]);
        check("110101189912311235", &[IdBirthDate, IdCheckDigit]);
    }

    #[test]
    fn is_born_no_later_than_today() {
        let text = "110101199003071233";
        assert!(ResidentId::parse(text, date(1990, 3, 7)).is_ok());
        assert_eq!(ResidentId::parse(text, date(1990, 3, 6)), Err(vec![Reason::IdBirthDate]));
    }

    #[test]
    fn ages_on_birthdays() {
        let check = |text: &str, on, age| assert_eq!(ResidentId::parse(text, TODAY).unwrap().age_on(on), age);
        check("110101199003071233", date(2025, 3, 6), 34);
        check("110101199003071233", date(2025, 3, 7), 35);
        check("110101199003071233", date(1990, 1, 1), 0);
        let leap = valid("11010120000229001", TODAY).unwrap();
        assert_eq!(leap.age_on(date(2018, 2, 28)), 17);
        assert_eq!(leap.age_on(date(2018, 3, 1)), 18);
    }

    #[test]
    fn prints_masked() {
        let id = ResidentId::parse("110101199003071233", TODAY).unwrap();
        assert_eq!(id.masked(), "110101********1233");
        assert_eq!(format!("{id:?} {:?}", id.key()), "ResidentId(110101********1233) IdKey(…)");
    }

    #[test]
    fn is_a_string_in_json() {
        let id = ResidentId::parse("110101199003071233", TODAY).unwrap();
        let json = serde_json::to_string(&id).unwrap();
        assert_eq!(json, "\"110101199003071233\"");
        assert_eq!(serde_json::from_str::<ResidentId>(&json).unwrap(), id);
        let error = serde_json::from_str::<ResidentId>("\"110101199003071234\"").unwrap_err().to_string();
        assert!(error.contains("ID_CHECK_DIGIT") && !error.contains("110101"), "{error}");
    }

    fn valid(body: &str, today: Date) -> Result<ResidentId, Vec<Reason>> {
        let mut digits = [b'0'; LENGTH];
        digits[..LENGTH - 1].copy_from_slice(body.as_bytes());
        digits[LENGTH - 1] = check_character(&digits);
        ResidentId::from_digits(digits, today)
    }

    proptest! {
        /// MOD 11-2 finds every single wrong digit and every swap of neighbours.
        #[test]
        fn a_slip_of_the_hand_is_found(sequence in 0..1000_u32, at in 0..LENGTH - 1, other in b'0'..=b'9', swap in any::<bool>()) {
            let id = valid(&format!("11010119900307{sequence:03}"), TODAY).unwrap();
            let mut digits = id.digits;
            if swap && at + 1 < LENGTH - 1 { digits.swap(at, at + 1) } else { digits[at] = other }
            let slipped = String::from_utf8(digits.to_vec()).unwrap();
            prop_assert_eq!(ResidentId::parse(&slipped, TODAY).is_ok(), digits == id.digits);
        }

        #[test]
        fn nothing_panics(text in any::<String>()) {
            let _ = ResidentId::parse(&text, TODAY);
        }
    }
}
