//! Views that show ID numbers in full: each leaves a trail entry (rules: personal data).

use domain::account::Actor;
use domain::enrolment::Enrolment;
use domain::trail::TrailEntry;

use crate::commit::{Commit, CommitError};
use crate::desk::Desk;
use crate::ports::Outage;

/// The action in the trail.
pub const ACTION: &str = "view-unmasked";
/// Tries to find a place in the trail that nobody has taken at the very same microsecond.
const TRIES: usize = 8;

/// Writes that somebody is about to see ID numbers of an enrolment in full. Only then they are shown.
///
/// A view changes nothing, so it has no version of its own: the entry stands after the step that made the version seen,
/// at the place of its microsecond.
pub async fn record(desk: &Desk, actor: &Actor, e: &Enrolment, note: String) -> Result<(), Outage> {
    let at = desk.clock.now();
    let first = usize::try_from(at.as_microsecond()).map_err(|_| Outage::new("record-view", "the clock is wrong"))?;
    let entry = TrailEntry {
        subject: e.id.to_string(),
        version: e.version,
        n: first,
        at,
        account: Some(actor.account.clone()),
        actor_name: actor.name.clone(),
        action: ACTION.to_owned(),
        from: e.state.as_str().to_owned(),
        to: e.state.as_str().to_owned(),
        note,
        duration_ms: i64::try_from(at.duration_since(e.state_since).as_millis()).unwrap_or(i64::MAX),
    };
    for n in first..first.saturating_add(TRIES) {
        let trail = vec![TrailEntry { n, ..entry.clone() }];
        match desk.store.commit(Commit { trail, ..Commit::default() }).await {
            Ok(()) => return Ok(()),
            Err(CommitError::Version) => {}
            Err(CommitError::Outage(outage)) => return Err(outage),
            Err(other) => return Err(Outage::new("record-view", other)),
        }
    }
    Err(Outage::new("record-view", "no place in the trail"))
}
