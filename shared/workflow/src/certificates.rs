//! Certificates: what is printed on them, and the token by which anybody verifies one.

use bytes::Bytes;
use domain::enrolment::{Command, Enrolment, RenderedCertificate};
use domain::ids::{EnrolmentId, MessageId};
use domain::organisation::{Node, Unit};
use domain::roster::Member;
use sha2::{Digest, Sha256};

use crate::commit::Consumed;
use crate::desk::{Beside, Desk, Recorded, record};
use crate::ports::{Cipher, Objects, Outage};
use crate::scope::Scope;
use crate::{rosters, texts};

/// The consumer's name.
pub const CONSUMER: &str = "render-certificate";
/// Label of verification tokens.
const TOKEN_LABEL: &str = "certificate-token";

/// The unit's data as printed.
#[derive(Clone, PartialEq, Eq)]
pub struct UnitFacts {
    /// The unit.
    pub unit: Unit,
    /// 经办人
    pub handler_name: String,
    /// 经办人电话
    pub handler_mobile: String,
    /// Keyed fingerprint of all that is printed of it.
    pub fingerprint: String,
}

/// The unit's data as it is now.
pub async fn unit_facts(desk: &Desk, cipher: &dyn Cipher, e: &Enrolment) -> Result<UnitFacts, Outage> {
    let unit = desk.store.unit(&e.unit.id, &Scope::Platform).await?;
    let unit = unit.ok_or_else(|| Outage::new("read-unit", "the enrolment's unit is missing"))?;
    let account = desk.store.account(&unit.handler).await?;
    let handler_name = account.as_ref().map(|a| a.name.clone()).unwrap_or_default();
    let sealed = account.and_then(|a| a.sealed_mobile);
    let handler_mobile = sealed.and_then(|sealed| texts::open(cipher, &unit.handler, &sealed)).unwrap_or_default();
    let printed = [&unit.name, &unit.union_name, &unit.address, &handler_name, &handler_mobile].map(String::as_str);
    let fingerprint = cipher.blind("unit-facts", &printed.join("\u{1f}"));
    Ok(UnitFacts { unit, handler_name, handler_mobile, fingerprint })
}

/// Everything a revision of a certificate is made of.
pub struct Manuscript {
    /// The enrolment.
    pub enrolment: Enrolment,
    /// The unit's data.
    pub facts: UnitFacts,
    /// The office.
    pub office: Node,
    /// Members of each plan, in the order of the plans.
    pub rosters: Vec<(String, Vec<Member>)>,
    /// The verification token.
    pub token: String,
}

/// Gathers what a revision is made of; none if it is not wanted any more: rendered already, or a newer one asked for.
pub async fn gather(
    desk: &Desk,
    objects: &dyn Objects,
    cipher: &dyn Cipher,
    enrolment: &EnrolmentId,
    revision: u32,
) -> Result<Option<Manuscript>, Outage> {
    let e = desk.store.enrolment(enrolment, &Scope::Platform).await?;
    let wanted =
        |e: &Enrolment| e.certificate.as_ref().is_some_and(|c| c.revision == revision && c.current().is_none());
    let Some(e) = e.filter(wanted) else { return Ok(None) };
    let facts = unit_facts(desk, cipher, &e).await?;
    let office = desk.store.node(&e.unit.office).await?;
    let office = office.ok_or_else(|| Outage::new("read-office", "the enrolment's office is missing"))?;
    let mut members = Vec::new();
    for line in &e.lines {
        members.push((line.plan.code.clone(), rosters::load(objects, cipher, line.roster.as_ref()).await?));
    }
    let token = token(cipher, &e.id, revision);
    Ok(Some(Manuscript { enrolment: e, facts, office, rosters: members, token }))
}

/// Files a rendered revision and records it. The same revision is filed under the same key.
pub async fn file(
    desk: &Desk,
    objects: &dyn Objects,
    message: &MessageId,
    manuscript: &Manuscript,
    revision: u32,
    pdf: Vec<u8>,
) -> Result<Recorded, Outage> {
    let id = &manuscript.enrolment.id;
    let key = format!("certificates/{id}/{revision}.pdf");
    let sha256 = Sha256::digest(&pdf).iter().map(|byte| format!("{byte:02x}")).collect();
    objects.put(&key, Bytes::from(pdf), "application/pdf").await?;
    let unit_facts = manuscript.facts.fingerprint.clone();
    let rendered = RenderedCertificate { revision, key, sha256, at: desk.clock.now(), unit_facts, printed_for: None };
    record(desk, id, consumed(message), |_| Ok(Command::RecordCertificate(rendered.clone()))).await
}

/// Records why a revision cannot be rendered; the handler sees it.
pub async fn fail(
    desk: &Desk,
    message: &MessageId,
    enrolment: &EnrolmentId,
    revision: u32,
    problem: String,
) -> Result<Recorded, Outage> {
    let fact = |_: &Enrolment| Ok(Command::RecordCertificateProblem { revision, problem: problem.clone() });
    record(desk, enrolment, consumed(message), fact).await
}

/// The mark of a message this consumer has done.
pub(crate) fn consumed(message: &MessageId) -> Beside {
    Beside { consumed: Some(Consumed { consumer: CONSUMER, message: message.clone() }), ..Beside::default() }
}

/// The token of a revision's QR code: what it names, and a keyed tag of that.
pub fn token(cipher: &dyn Cipher, enrolment: &EnrolmentId, revision: u32) -> String {
    let named = format!("{enrolment}.{revision}");
    format!("{named}.{}", cipher.blind(TOKEN_LABEL, &named))
}

/// Address of the public page that verifies a token.
pub fn verification_url(public_url: &str, token: &str) -> String {
    format!("{public_url}/verify/{token}")
}

/// Reads a token; none if it is forged or altered.
pub fn read_token(cipher: &dyn Cipher, given: &str) -> Option<(EnrolmentId, u32)> {
    let (named, _) = given.rsplit_once('.')?;
    let (id, revision) = named.split_once('.')?;
    let (id, revision) = (EnrolmentId::parse(id).ok()?, revision.parse().ok()?);
    let genuine = token(cipher, &id, revision);
    let same = genuine.len() == given.len() && genuine.bytes().zip(given.bytes()).fold(0, |d, (a, b)| d | (a ^ b)) == 0;
    same.then_some((id, revision))
}
