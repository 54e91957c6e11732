//! Trail entries of what changes no subject: ID numbers seen in full, a task handed to somebody else.

use domain::account::Actor;
use domain::enrolment::Enrolment;
use domain::trail::{Topic, TrailEntry};
use jiff::Timestamp;

use crate::commit::{Commit, CommitError};
use crate::desk::Desk;
use crate::ports::Outage;

/// Tries to find a place in the trail that nobody has taken at the very same microsecond.
const TRIES: usize = 8;

/// A subject as it stands.
#[derive(Debug, Clone)]
pub struct Standing<'a> {
    /// What it is.
    pub topic: Topic,
    /// The version seen.
    pub version: u64,
    /// Its state.
    pub state: &'a str,
    /// Since when.
    pub since: Timestamp,
}

impl<'a> Standing<'a> {
    /// An enrolment as it stands.
    pub fn of(e: &'a Enrolment) -> Self {
        Self { topic: Topic::enrolment(e), version: e.version, state: e.state.as_str(), since: e.state_since }
    }
}

/// An entry about an enrolment as it stands.
pub fn entry(desk: &Desk, actor: &Actor, e: &Enrolment, action: &str, note: String) -> TrailEntry {
    about(desk, actor, Standing::of(e), action, note)
}

/// An entry about a subject as it stands.
///
/// It has no version of its own: it stands after the step that made the version seen, at the place of its microsecond.
pub fn about(desk: &Desk, actor: &Actor, subject: Standing<'_>, action: &str, note: String) -> TrailEntry {
    let at = desk.clock.now();
    TrailEntry {
        topic: subject.topic,
        version: subject.version,
        n: usize::try_from(at.as_microsecond()).unwrap_or_default(),
        at,
        account: Some(actor.account.clone()),
        actor_name: actor.name.clone(),
        action: action.to_owned(),
        from: subject.state.to_owned(),
        to: subject.state.to_owned(),
        note,
        duration_ms: i64::try_from(at.duration_since(subject.since).as_millis()).unwrap_or(i64::MAX),
    }
}

/// Commits `beside` together with the entry, at the first free place from its own on.
pub async fn commit(desk: &Desk, entry: TrailEntry, beside: Commit) -> Result<(), CommitError> {
    for more in 0..TRIES {
        let n = entry.n.saturating_add(more);
        let trail = vec![TrailEntry { n, ..entry.clone() }];
        match desk.store.commit(Commit { trail, ..beside.clone() }).await {
            Err(CommitError::Version) => {}
            outcome => return outcome,
        }
    }
    Err(Outage::new("append-trail", "no place in the trail").into())
}

/// Writes that somebody is about to see ID numbers of an enrolment in full (rules: personal data). Only then they are
/// shown.
pub async fn seen(desk: &Desk, actor: &Actor, e: &Enrolment, note: String) -> Result<(), Outage> {
    looked(desk, actor, Standing::of(e), note).await
}

/// Writes that somebody is about to see numbers of a subject in full. Only then they are shown.
pub async fn looked(desk: &Desk, actor: &Actor, subject: Standing<'_>, note: String) -> Result<(), Outage> {
    let entry = about(desk, actor, subject, "view-unmasked", note);
    commit(desk, entry, Commit::default()).await.map_err(|error| match error {
        CommitError::Outage(outage) => outage,
        other => Outage::new("append-trail", other),
    })
}
