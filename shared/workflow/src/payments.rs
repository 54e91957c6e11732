//! What a payment confirmation needs beside the enrolment.

use domain::enrolment::Enrolment;
use domain::number::NumberKind;
use domain::refusal::Refusal;

use crate::desk::Desk;
use crate::numbers;
use crate::ports::{Outage, Sequence, business_date};

/// The next place in the sequence of certificates.
pub async fn certificate_sequence(desk: &Desk) -> Result<u64, Outage> {
    desk.store.next(Sequence::Certificate).await
}

/// The certificate number of an enrolment at a place in the sequence.
pub fn certificate_number(desk: &Desk, e: &Enrolment, sequence: u64) -> Result<String, Refusal> {
    let today = business_date(desk.clock.now());
    numbers::write(NumberKind::Certificate, e.unit.office_code, today, sequence)
        .map_err(|_| Refusal::conflict("NUMBERS_USED_UP", "确认书号码已用完，请联系平台管理员"))
}
