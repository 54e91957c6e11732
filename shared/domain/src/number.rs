//! Numbers of applications, certificates, receipt batches, claims and archives (rules: numbers).

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::reason::Reason;

/// The four digits of an office (办事处), such as 2602.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OfficeCode([u8; 4]);

impl OfficeCode {
    /// Reads four digits.
    ///
    /// # Errors
    /// `NUMBER_FORMAT`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        match <[u8; 4]>::try_from(text.as_bytes()) {
            Ok(digits) if digits.iter().all(u8::is_ascii_digit) => Ok(Self(digits)),
            _ => Err(Reason::NumberFormat),
        }
    }

    /// The four digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for OfficeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for OfficeCode {
    type Error = Reason;

    fn try_from(text: String) -> Result<Self, Reason> {
        Self::parse(&text)
    }
}

impl From<OfficeCode> for String {
    fn from(code: OfficeCode) -> Self {
        code.as_str().to_owned()
    }
}

/// What a number names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NumberKind {
    /// 申请书号: `A` + office + yyyymmdd + 8 digits.
    Application,
    /// 确认书号: `G` + office + yyyymmdd + 8 digits.
    Certificate,
    /// 开票批次号: `S` + yyyymmdd + 10 digits, whatever the office.
    ReceiptBatch,
    /// 案件号: `CL` + office + yyyymmdd + 8 digits.
    Claim,
    /// 归档号: yyyy + office + 6 digits.
    Archive,
}

/// How the numbers of a kind are written, left to right.
struct Shape {
    prefix: &'static str,
    office_first: bool,
    date_digits: usize,
    office_last: bool,
    sequence_digits: usize,
}

impl NumberKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Application, Self::Certificate, Self::ReceiptBatch, Self::Claim, Self::Archive];

    /// First value of the kind's sequence. Archive numbers have six digits and count from 1.
    #[must_use]
    pub fn first_sequence(self) -> u64 {
        match self {
            Self::Application | Self::Certificate | Self::Claim => 10_000_001,
            Self::ReceiptBatch => 1_000_000_001,
            Self::Archive => 1,
        }
    }

    /// Last value that fits the kind's digits.
    #[must_use]
    pub fn last_sequence(self) -> u64 {
        10_u64.pow(self.shape().sequence_digits as u32) - 1
    }

    /// Whether numbers of this kind name their office.
    #[must_use]
    pub fn names_office(self) -> bool {
        let shape = self.shape();
        shape.office_first || shape.office_last
    }

    /// Writes a number from the office, the business date and a value of the kind's sequence.
    ///
    /// # Errors
    /// `NUMBER_FORMAT` for a value outside the sequence: never a number of another length.
    pub fn write(self, office: OfficeCode, date: Date, sequence: u64) -> Result<String, Reason> {
        let in_range = (self.first_sequence()..=self.last_sequence()).contains(&sequence);
        if !in_range || !(0..=9999).contains(&date.year()) {
            return Err(Reason::NumberFormat);
        }
        let Shape { prefix, office_first, date_digits, office_last, sequence_digits } = self.shape();
        let day = date.strftime("%Y%m%d").to_string();
        let office_if = |written| if written { office.as_str() } else { "" };
        let (before, day, after) = (office_if(office_first), &day[..date_digits], office_if(office_last));
        Ok(format!("{prefix}{before}{day}{after}{sequence:0sequence_digits$}"))
    }

    fn shape(self) -> Shape {
        let dated = |prefix, office_first, sequence_digits| Shape {
            prefix,
            office_first,
            date_digits: 8,
            office_last: false,
            sequence_digits,
        };
        match self {
            Self::Application => dated("A", true, 8),
            Self::Certificate => dated("G", true, 8),
            Self::ReceiptBatch => dated("S", false, 10),
            Self::Claim => dated("CL", true, 8),
            Self::Archive => {
                Shape { prefix: "", office_first: false, date_digits: 4, office_last: true, sequence_digits: 6 }
            }
        }
    }
}

/// The parts of a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// What it names.
    pub kind: NumberKind,
    /// Its office, where the kind has one.
    pub office: Option<OfficeCode>,
    /// Its business date; 1 January of an archive number's year.
    pub date: Date,
    /// Its value of the kind's sequence.
    pub sequence: u64,
}

impl Number {
    /// Takes a number of any kind apart.
    ///
    /// # Errors
    /// `NUMBER_FORMAT` for anything that [`NumberKind::write`] does not write.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        NumberKind::ALL.into_iter().find_map(|kind| Self::parse_as(kind, text)).ok_or(Reason::NumberFormat)
    }

    fn parse_as(kind: NumberKind, text: &str) -> Option<Self> {
        let Shape { prefix, office_first, date_digits, office_last, sequence_digits } = kind.shape();
        let mut rest = text.strip_prefix(prefix).filter(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))?;
        let mut take = |digits: usize| {
            let (part, after) = rest.split_at_checked(digits)?;
            rest = after;
            Some(part)
        };
        let before = take(if office_first { 4 } else { 0 })?;
        let day = take(date_digits)?;
        let after = take(if office_last { 4 } else { 0 })?;
        let sequence = take(sequence_digits)?.parse().ok()?;
        let date = Date::strptime("%Y%m%d", if day.len() == 4 { format!("{day}0101") } else { day.to_owned() }).ok()?;
        let office = OfficeCode::parse(if office_first { before } else { after }).ok();
        let in_range = (kind.first_sequence()..=kind.last_sequence()).contains(&sequence);
        (rest.is_empty() && in_range && office.is_some() == kind.names_office()).then_some(Self {
            kind,
            office,
            date,
            sequence,
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn office(code: &str) -> OfficeCode {
        OfficeCode::parse(code).unwrap()
    }

    #[test]
    fn writes_and_reads_the_published_examples() {
        let check = |kind: NumberKind, on: Date, sequence, expect: &str| {
            assert_eq!(kind.write(office("2602"), on, sequence).as_deref(), Ok(expect));
            let office = kind.names_office().then(|| office("2602"));
            let date = if kind == NumberKind::Archive { on.first_of_year() } else { on };
            assert_eq!(Number::parse(expect), Ok(Number { kind, office, date, sequence }));
        };
        check(NumberKind::Application, date(2024, 12, 4), 10_000_821, "A26022024120410000821");
        check(NumberKind::Certificate, date(2024, 12, 4), 10_000_822, "G26022024120410000822");
        check(NumberKind::ReceiptBatch, date(2024, 12, 10), 1_000_025_282, "S202412101000025282");
        check(NumberKind::Claim, date(2025, 3, 5), 10_000_285, "CL26022025030510000285");
        check(NumberKind::Archive, date(2025, 3, 5), 123, "20252602000123");
    }

    #[test]
    fn refuses_what_it_does_not_write() {
        for wrong in [
            "",
            "A",
            "A2602202412041000082",
            "A260220241204100008211",
            "A26022024130410000821",
            "A26022024120400000001",
            "B26022024120410000821",
            "a26022024120410000821",
            "CL2602202503051000028X",
            "20252602000000",
            "２０２５2602000123",
        ] {
            assert_eq!(Number::parse(wrong), Err(Reason::NumberFormat), "{wrong}");
        }
        let out_of_range = |kind: NumberKind, sequence| kind.write(office("0012"), date(2025, 1, 1), sequence);
        for kind in NumberKind::ALL {
            assert_eq!(out_of_range(kind, kind.last_sequence() + 1), Err(Reason::NumberFormat));
            assert_eq!(out_of_range(kind, kind.first_sequence() - 1), Err(Reason::NumberFormat));
        }
    }

    #[test]
    fn an_office_has_four_digits() {
        assert_eq!(serde_json::to_string(&office("0012")).unwrap(), "\"0012\"");
        for wrong in ["", "12", "00123", "26O2", "２６０２"] {
            assert!(OfficeCode::parse(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn reads_what_it_writes(kind in 0..5_usize, code in 0..10_000_u32, days in 0..30_000_i64, step in 0..900_000_u64) {
            let (kind, office) = (NumberKind::ALL[kind], office(&format!("{code:04}")));
            let on = date(1990, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            let sequence = kind.first_sequence() + step;
            let number = Number::parse(&kind.write(office, on, sequence).unwrap()).unwrap();
            prop_assert_eq!((number.kind, number.sequence), (kind, sequence));
            prop_assert_eq!(number.office, kind.names_office().then_some(office));
        }
    }
}
