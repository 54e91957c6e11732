//! Payment notices: what is printed on them, and where a print lies once it is rendered.
//!
//! A rendered print changes nothing that anybody decides by, so it leaves the enrolment's version alone: whoever goes
//! on with the receipts meanwhile is not told that something changed. That its PDF is there is told by the mark of the
//! message that asked for it.

use bytes::Bytes;
use domain::enrolment::{Command, Enrolment, Notice};
use domain::ids::{EnrolmentId, MessageId};
use domain::organisation::Node;

use crate::certificates::{CONSUMER, UnitFacts, consumed, unit_facts};
use crate::desk::{Desk, Recorded, record};
use crate::ports::{Cipher, Objects, Outage};
use crate::scope::Scope;

/// Everything a print of a notice is made of.
pub struct Manuscript {
    /// The enrolment.
    pub enrolment: Enrolment,
    /// The print.
    pub notice: Notice,
    /// The unit's data.
    pub facts: UnitFacts,
    /// The office.
    pub office: Node,
}

/// Key of a print's PDF in the documents bucket.
pub fn key(enrolment: &EnrolmentId, print: u32) -> String {
    format!("notices/{enrolment}/{print}.pdf")
}

/// Whether the last print is rendered.
pub async fn rendered(desk: &Desk, notice: &Notice) -> Result<bool, Outage> {
    Ok(notice.problem.is_none() && desk.store.consumed(CONSUMER, &notice.message).await?)
}

/// Gathers what a print is made of; none if it is not wanted any more: rendered already, or a newer one asked for.
pub async fn gather(
    desk: &Desk,
    cipher: &dyn Cipher,
    message: &MessageId,
    enrolment: &EnrolmentId,
    print: u32,
) -> Result<Option<Manuscript>, Outage> {
    let e = desk.store.enrolment(enrolment, &Scope::Platform).await?;
    let notice = e.as_ref().and_then(|e| e.notice.clone()).filter(|n| n.prints == print && n.problem.is_none());
    let Some((enrolment, notice)) = e.zip(notice) else { return Ok(None) };
    if desk.store.consumed(CONSUMER, message).await? {
        return Ok(None);
    }
    let facts = unit_facts(desk, cipher, &enrolment).await?;
    let office = desk.store.node(&enrolment.unit.office).await?;
    let office = office.ok_or_else(|| Outage::new("read-office", "the enrolment's office is missing"))?;
    Ok(Some(Manuscript { enrolment, notice, facts, office }))
}

/// Files a rendered print, then marks its message. The same print is filed under the same key. False if it was marked
/// before.
pub async fn file(
    desk: &Desk,
    objects: &dyn Objects,
    message: &MessageId,
    manuscript: &Manuscript,
    pdf: Vec<u8>,
) -> Result<bool, Outage> {
    let key = key(&manuscript.enrolment.id, manuscript.notice.prints);
    objects.put(&key, Bytes::from(pdf), "application/pdf").await?;
    desk.store.consume(CONSUMER, message).await
}

/// Records why a print cannot be rendered; the handler sees it.
pub async fn fail(
    desk: &Desk,
    message: &MessageId,
    manuscript: &Manuscript,
    problem: String,
) -> Result<Recorded, Outage> {
    let print = manuscript.notice.prints;
    let fact = |_: &Enrolment| Ok(Command::RecordNoticeProblem { print, problem: problem.clone() });
    record(desk, &manuscript.enrolment.id, consumed(message), fact).await
}
