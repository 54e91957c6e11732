//! Keeping the restricted list of people: a supervisor enters an ID number with a reason, and lifts the entry again.

use domain::account::{Actor, Permission};
use domain::identity::ResidentId;
use domain::ids::{AccountId, NodeId, RestrictionId};
use domain::organisation::NodePath;
use domain::refusal::{Problem, Refusal};
use domain::restriction::{Lifted, Restriction, RestrictionSpan, check, lift};
use domain::trail::{Topic, TopicKind, TrailEntry};
use jiff::civil::Date;

use crate::commit::{Commit, CommitError, IdempotencyRecord};
use crate::cover::person_key;
use crate::desk::{Desk, StepError};
use crate::ports::{Cipher, Outage, PersonKey, RestrictionChange};
use crate::scope::Scope;
use crate::texts::sealed;

/// Builds the answer to keep.
pub type Answering<'a> = &'a (dyn Fn(&Restriction) -> IdempotencyRecord + Send + Sync);

/// What a supervisor enters.
#[derive(Debug, Clone)]
pub struct NewRestriction {
    /// The whole ID number.
    pub id_number: String,
    /// Why.
    pub reason: String,
    /// First day; today if absent.
    pub from: Option<Date>,
    /// Last day; for good if absent.
    pub until: Option<Date>,
}

/// Where an entry's ID number is sealed for.
pub fn place(id: &RestrictionId) -> String {
    format!("restriction/{id}")
}

/// The office an account keeps the list of: its own, or headquarters.
pub fn office_of(node: &NodePath) -> Option<NodeId> {
    let lineage = node.lineage().take(2).last()?;
    NodeId::parse(lineage.trim_matches('/').rsplit('/').next()?).ok()
}

fn permitted(actor: &Actor) -> Result<(), Refusal> {
    if actor.may(Permission::RestrictPeople) { Ok(()) } else { Err(Refusal::not_permitted()) }
}

/// Reads a whole ID number.
pub fn person(desk: &Desk, id_number: &str) -> Result<ResidentId, Refusal> {
    ResidentId::parse(id_number, desk.clock.today())
        .map_err(|reasons| Refusal::invalid(reasons.iter().map(|reason| Problem::of("/id_number", reason)).collect()))
}

/// Puts a person on the list of the actor's office. One commit: the entry, the mark that imports read, the trail.
pub async fn add(
    desk: &Desk,
    cipher: &dyn Cipher,
    actor: &Actor,
    new: NewRestriction,
    answer: Answering<'_>,
) -> Result<Restriction, StepError> {
    permitted(actor)?;
    let today = desk.clock.today();
    let from = new.from.unwrap_or(today);
    let mut problems = check(&new.reason, from, new.until);
    let id_number = match person(desk, &new.id_number) {
        Ok(id_number) => id_number,
        Err(refusal) => {
            problems.splice(0..0, refusal.problems);
            return Err(Refusal::invalid(problems).into());
        }
    };
    Refusal::unless_none(problems)?;
    let office = office_of(&actor.node).ok_or_else(|| Outage::new("restrict-person", "the account sits nowhere"))?;
    let person = person_key(cipher, id_number.as_str());
    let before = own_span(desk, &person, &office).await?;
    if before.as_ref().is_some_and(|span| !span.is_over(today)) {
        return Err(Refusal::conflict("ALREADY_RESTRICTED", "该人员已在本办事处的限制名单中").into());
    }
    let id = RestrictionId::of(&office, desk.ids.ulid());
    let entry = Restriction {
        sealed_id_number: sealed(cipher, &place(&id), id_number.as_str().as_bytes()),
        span: RestrictionSpan { id, from, until: new.until },
        office,
        path: actor.node.clone(),
        person: person.0,
        masked: id_number.masked(),
        reason: new.reason,
        at: desk.clock.now(),
        by: actor.account.clone(),
        by_name: actor.name.clone(),
        lifted: None,
    };
    let change = RestrictionChange::Add { entry: Box::new(entry.clone()), instead_of: before };
    written(desk, &entry, change, trail(&entry, actor, (1, "restrict"), &entry.reason), answer).await?;
    Ok(entry)
}

/// Lifts an entry that was entered within the actor's scope.
pub async fn lift_entry(
    desk: &Desk,
    actor: &Actor,
    id: &RestrictionId,
    reason: String,
    answer: Answering<'_>,
) -> Result<Restriction, StepError> {
    permitted(actor)?;
    let entry = desk.store.restriction(id).await?.filter(|entry| Scope::of(actor).covers(&entry.path));
    let entry = entry.ok_or(StepError::NotFound)?;
    let by = Lifted { at: desk.clock.now(), by_name: actor.name.clone(), reason };
    let entry = lift(&entry, by, desk.clock.today())?;
    let reason = entry.lifted.as_ref().map(|lifted| lifted.reason.clone()).unwrap_or_default();
    let change = RestrictionChange::Lift(Box::new(entry.clone()));
    written(desk, &entry, change, trail(&entry, actor, (2, "lift"), &reason), answer).await?;
    Ok(entry)
}

async fn written(
    desk: &Desk,
    entry: &Restriction,
    change: RestrictionChange,
    trail: TrailEntry,
    answer: Answering<'_>,
) -> Result<(), StepError> {
    let idempotency = Some(answer(entry));
    let commit = Commit { restriction: Some(change), trail: vec![trail], idempotency, ..Commit::default() };
    match desk.store.commit(commit).await {
        Ok(()) => Ok(()),
        Err(CommitError::Answered(record)) => Err(StepError::Answered(record)),
        Err(CommitError::Version) => {
            Err(Refusal::conflict("RESTRICTION_CHANGED", "限制名单刚刚有变化，请刷新后重试").into())
        }
        Err(CommitError::Outage(outage)) => Err(outage.into()),
        Err(other) => Err(Outage::new("restrict-person", other).into()),
    }
}

/// The entries that hold or will hold for a person, as far as they were entered within the actor's scope.
pub async fn find(
    desk: &Desk,
    cipher: &dyn Cipher,
    actor: &Actor,
    id_number: &str,
) -> Result<Result<Vec<Restriction>, Refusal>, Outage> {
    let id_number = match permitted(actor).and_then(|()| person(desk, id_number)) {
        Ok(id_number) => id_number,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let person = person_key(cipher, id_number.as_str());
    let known = desk.store.known(std::slice::from_ref(&person)).await?.pop().flatten().unwrap_or_default();
    let mut found = Vec::new();
    for span in known.restrictions {
        found.extend(desk.store.restriction(&span.id).await?.filter(|entry| Scope::of(actor).covers(&entry.path)));
    }
    Ok(Ok(found))
}

/// What the person is marked with by one office.
async fn own_span(desk: &Desk, person: &PersonKey, office: &NodeId) -> Result<Option<RestrictionSpan>, Outage> {
    let known = desk.store.known(std::slice::from_ref(person)).await?.pop().flatten().unwrap_or_default();
    let own = |span: &RestrictionSpan| span.id.parts().is_some_and(|(of, _)| of == *office);
    Ok(known.restrictions.into_iter().find(own))
}

fn trail(entry: &Restriction, actor: &Actor, (version, action): (u64, &str), note: &str) -> TrailEntry {
    let account: Option<AccountId> = Some(actor.account.clone());
    TrailEntry {
        // No name: it is about a person.
        topic: Topic::new(entry.span.id.to_string(), TopicKind::Restriction, &entry.path, ""),
        version,
        n: 0,
        at: entry.lifted.as_ref().map_or(entry.at, |lifted| lifted.at),
        account,
        actor_name: actor.name.clone(),
        action: action.to_owned(),
        from: String::new(),
        to: String::new(),
        note: note.to_owned(),
        duration_ms: 0,
    }
}
