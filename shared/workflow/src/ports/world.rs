//! Clock, identifiers, encryption and the receipt series.

use async_trait::async_trait;
use domain::enrolment::IssuedReceipt;
use jiff::civil::{Date, DateTime};
use jiff::{Timestamp, tz};

use super::Outage;

/// The clock.
pub trait Clock: Send + Sync {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Today's business date, in Asia/Shanghai (UTC+8, no summer time since 1991).
    fn today(&self) -> Date {
        business_date(self.now())
    }
}

/// The business date of an instant.
pub fn business_date(at: Timestamp) -> Date {
    business_time(at).date()
}

/// The date and time that a clock on the wall of an office shows.
pub fn business_time(at: Timestamp) -> DateTime {
    at.to_zoned(tz::TimeZone::fixed(tz::offset(8))).datetime()
}

/// The instant a business day begins at.
pub fn business_day_begins(day: Date) -> Option<Timestamp> {
    Some(day.to_zoned(tz::TimeZone::fixed(tz::offset(8))).ok()?.timestamp())
}

/// New identifiers and secrets.
pub trait Ids: Send + Sync {
    /// A new identifier that sorts by time.
    fn ulid(&self) -> ulid::Ulid;

    /// Random bytes for a secret, 32 of them.
    fn secret(&self) -> [u8; 32];
}

/// The sealed text or object is damaged, or was sealed for another place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the sealed data cannot be opened")]
pub struct CipherProblem;

/// Encryption of personal data, field by field and object by object, and the keyed blind index it is found by.
pub trait Cipher: Send + Sync {
    /// Seals bytes for a place (`roster/<key>`, `account/<id>/mobile`): they open only for the same place.
    fn seal(&self, place: &str, plain: &[u8]) -> Vec<u8>;

    /// Opens sealed bytes.
    fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, CipherProblem>;

    /// Blind index of a value under a label (`id-number`, `name`): the same value always gives the same 32 hex digits,
    /// which say nothing without the key.
    fn blind(&self, label: &str, value: &str) -> String;
}

/// How far a series of receipts has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeriesStanding {
    /// 票据代码
    pub code: String,
    /// 票据号码 of the receipt taken last; none if none was.
    pub last_number: Option<String>,
    /// How many were taken.
    pub taken: u64,
    /// How many are left; none if the series has no end.
    pub left: Option<u64>,
    /// Whether its receipts are samples (样例), good for trying the platform out only.
    pub sample: bool,
}

/// Where receipt code, number and check code come from: the fiscal system, or the clearly marked sample series.
#[async_trait]
pub trait ReceiptSeries: Send + Sync {
    /// The next receipt of the series.
    async fn next(&self, on: Date) -> Result<IssuedReceipt, Outage>;

    /// How far every series has come that receipts are taken from on that day.
    async fn standing(&self, on: Date) -> Result<Vec<SeriesStanding>, Outage>;
}
