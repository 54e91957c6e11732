//! Activating cover: after payment each member's cover is written, a chunk per message, each idempotent.

use domain::enrolment::{Command, Enrolment, RosterPointer};
use domain::ids::{EnrolmentId, MessageId};
use domain::refusal::Refusal;
use domain::roster::Member;

use crate::commit::Consumed;
use crate::desk::{Beside, Desk, Recorded, record};
use crate::ports::{Cipher, CoverRecord, Objects, Outage, PersonKey, PersonWrite};
use crate::rosters;
use crate::scope::Scope;

/// Members whose cover one message writes.
pub const CHUNK_MEMBERS: usize = 2_000;
/// The consumer's name.
pub const CONSUMER: &str = "activate-cover";

/// Blind index of a person.
pub fn person_key(cipher: &dyn Cipher, id_number: &str) -> PersonKey {
    PersonKey(cipher.blind("id-number", id_number))
}

/// Keyed index of a name.
pub fn name_index(cipher: &dyn Cipher, name: &str) -> String {
    cipher.blind("name", name)
}

/// Writes the cover of one chunk of a plan's members, then records the progress, which asks for the next chunk in the
/// same transaction. A crash in between writes the same cover again, which changes nothing.
pub async fn activate(
    desk: &Desk,
    objects: &dyn Objects,
    cipher: &dyn Cipher,
    message: &MessageId,
    (enrolment, plan, from): (&EnrolmentId, &str, usize),
) -> Result<Recorded, Outage> {
    let Some(e) = desk.store.enrolment(enrolment, &Scope::Platform).await? else { return Ok(unknown()) };
    let Some((template, roster, covered)) = cover_of(&e, plan) else { return Ok(unknown()) };
    let members = rosters::load(objects, cipher, Some(roster)).await?;
    let upto = members.len().min(from.saturating_add(CHUNK_MEMBERS));
    if usize::try_from(covered).is_ok_and(|covered| covered >= upto) {
        return Ok(Recorded::Duplicate);
    }
    let chunk = members.get(from..upto).unwrap_or_default();
    let writes: Vec<PersonWrite> = chunk.iter().map(|member| write(cipher, member, &template)).collect();
    desk.store.write_cover(&writes).await?;
    let covered = u32::try_from(upto).unwrap_or(u32::MAX);
    let beside =
        Beside { consumed: Some(Consumed { consumer: CONSUMER, message: message.clone() }), ..Beside::default() };
    record(desk, enrolment, beside, |_| Ok(Command::RecordCover { plan: plan.to_owned(), covered })).await
}

fn unknown() -> Recorded {
    Recorded::Refused(Refusal::conflict("NO_COVER", "没有可以生效的保障"))
}

/// The cover that each member of a paid plan gets, its shares aside.
fn cover_of<'e>(e: &'e Enrolment, plan: &str) -> Option<(CoverRecord, &'e RosterPointer, u32)> {
    let line = e.line(plan)?;
    let period = e.period(plan)?;
    let record = CoverRecord {
        enrolment: e.id.clone(),
        unit: e.unit.id.clone(),
        plan: line.plan.code.clone(),
        plan_version: line.plan.version.clone(),
        shares: 0,
        start: period.start(),
        end: period.end(),
    };
    Some((record, line.roster.as_ref()?, line.covered))
}

fn write(cipher: &dyn Cipher, member: &Member, cover: &CoverRecord) -> PersonWrite {
    PersonWrite {
        key: person_key(cipher, member.id.as_str()),
        name_index: name_index(cipher, member.name.as_str()),
        cover: CoverRecord { shares: member.shares, ..cover.clone() },
    }
}
