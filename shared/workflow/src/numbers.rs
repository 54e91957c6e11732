//! Numbers of applications, certificates and receipt batches.

use domain::number::{NumberKind, OfficeCode};
use jiff::civil::Date;

use crate::desk::Desk;
use crate::ports::{Outage, Sequence, business_date};

/// The next number of a kind, for today.
pub async fn next(desk: &Desk, kind: NumberKind, office: OfficeCode) -> Result<String, Outage> {
    let value = desk.store.next(sequence_of(kind)?).await?;
    write(kind, office, business_date(desk.clock.now()), value)
}

/// The number that the `value`-th place of a kind's sequence gives.
pub fn write(kind: NumberKind, office: OfficeCode, day: Date, value: u64) -> Result<String, Outage> {
    let place = kind.first_sequence().saturating_add(value).saturating_sub(1);
    kind.write(office, day, place).map_err(|_| Outage::new("write-number", "the sequence is used up"))
}

fn sequence_of(kind: NumberKind) -> Result<Sequence, Outage> {
    match kind {
        NumberKind::Application => Ok(Sequence::Application),
        NumberKind::Certificate => Ok(Sequence::Certificate),
        NumberKind::ReceiptBatch => Ok(Sequence::ReceiptBatch),
        NumberKind::Claim | NumberKind::Archive => Err(Outage::new("write-number", "no such sequence")),
    }
}
