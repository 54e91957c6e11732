//! Bringing over what a unit held that was merged into another, or handed over to another agency: its enrolments, one after
//! the other, each with the cover of its members and its entries in the books.
//!
//! The unit's enrolments are found by the unit they name. A message names one of them; its cover is brought over
//! chunk by chunk, then one commit makes it the survivor's, then its books follow: what was posted before that commit is
//! moved, what is posted after it is posted for the survivor. Only then is the next enrolment looked for. So an enrolment
//! belongs to exactly one of the two at any moment, whoever reads it, and a crash anywhere repeats what changes nothing.

use std::ops::Range;

use domain::account::Account;
use domain::enrolment::{Command, Enrolment, UnitRef};
use domain::ids::{AccountId, EnrolmentId, MessageId, UnitId};
use domain::message::Scheduled;
use domain::organisation::Unit;
use domain::trail::{Topic, TrailEntry};
use domain::unit::UnitMove;
use jiff::{Timestamp, ToSpan};

use crate::commit::{AccountChange, Commit, CommitError, Consumed, EndedSessions, UnitWrite};
use crate::cover::{CHUNK_MEMBERS, person_key};
use crate::desk::{Beside, Desk, Recorded, record};
use crate::enrolments::office_of;
use crate::ports::{AccountFilter, Cipher, Objects, Outage, PageRequest, PersonKey};
use crate::rosters;
use crate::scope::Scope;

/// The consumer's name.
pub const CONSUMER: &str = "move-unit";
/// Enrolments of the merged unit that are looked at together.
const LOOKED_AT: u32 = 20;
/// Accounts that are looked at together.
const ACCOUNTS: u32 = 100;
/// Most mergers one after the other, each survivor merged into the next.
const HOPS_MAX: usize = 32;
/// How often the end of a move is recorded anew because one of the units changed meanwhile.
const TRIES: usize = 12;

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moved {
    /// It is done, and the next message asked for, if there is one.
    Done,
    /// It was done before.
    Duplicate,
    /// No such unit was merged or handed over: a fact to log, not an outage.
    NoMerger,
}

/// A worker with its ports.
pub struct Mover<'a> {
    /// The tables, the clock.
    pub desk: &'a Desk,
    /// Rosters.
    pub objects: &'a dyn Objects,
    /// Keys of sealed rosters and blind indexes.
    pub cipher: &'a dyn Cipher,
}

impl Mover<'_> {
    /// Does what a message asks for.
    pub async fn perform(&self, id: &MessageId, step: &UnitMove) -> Result<Moved, Outage> {
        let store = &self.desk.store;
        if store.consumed(CONSUMER, id).await? {
            return Ok(Moved::Duplicate);
        }
        let Some(merged) = store.unit(&step.unit, &Scope::Platform).await? else { return Ok(Moved::NoMerger) };
        let Some(survivor) = self.goes_on(step, &merged).await? else { return Ok(Moved::NoMerger) };
        let mut after = None;
        match &step.enrolment {
            None => self.settle_accounts(step, &survivor).await?,
            Some(enrolment) => {
                let e = store.enrolment(enrolment, &Scope::Platform).await?;
                let e = e.ok_or_else(|| Outage::new("move-unit", "an enrolment is gone"))?;
                if let Some(from) = self.move_cover(&e, &survivor.id, step.from).await? {
                    return self.go_on(id, step.members(from)).await;
                }
                self.move_enrolment(&e, &survivor).await?;
                store.move_books(&e.id, &survivor.id, &survivor.path).await?;
                after = Some(e.created_at);
            }
        }
        match self.next(&merged, &survivor, after).await? {
            Some(enrolment) => self.go_on(id, step.next(enrolment)).await,
            None => self.end(id, step, &merged).await,
        }
    }

    /// The unit that goes on with what was this one's, however often its survivors were merged since: the unit itself, if it
    /// only stands elsewhere now; none if it is as it was.
    async fn goes_on(&self, step: &UnitMove, unit: &Unit) -> Result<Option<Unit>, Outage> {
        let mut unit = unit.clone();
        for _ in 0..HOPS_MAX {
            let Some(into) = &unit.merged_into else {
                return Ok(Some(unit).filter(|unit| unit.id != step.unit || unit.path != step.left));
            };
            let Some(next) = self.desk.store.unit(into, &Scope::Platform).await? else { return Ok(None) };
            unit = next;
        }
        Err(Outage::new("move-unit", "too many mergers one after the other"))
    }

    /// Closes the accounts of a unit that was merged, but for those that came along, which are the survivor's already; or
    /// brings the accounts of a unit that stands elsewhere now there.
    async fn settle_accounts(&self, step: &UnitMove, target: &Unit) -> Result<(), Outage> {
        let filter = AccountFilter::under(&step.left);
        let mut page = PageRequest { limit: ACCOUNTS, after: None };
        loop {
            let found = self.desk.store.accounts_under(&filter, &page).await?;
            for account in found.items {
                self.settle_account(&account.id, step, target).await?;
            }
            match found.next {
                Some(after) => page.after = Some(after),
                None => return Ok(()),
            }
        }
    }

    async fn settle_account(&self, id: &AccountId, step: &UnitMove, target: &Unit) -> Result<(), Outage> {
        // The list may be behind: what is changed is the account as it stands.
        let held = self.desk.store.credentials_of(id).await?.map(|credentials| credentials.account);
        let Some(held) = held.filter(|account| step.left.covers(&account.node)) else { return Ok(()) };
        let version = held.version.saturating_add(1);
        let (settled, action, note) = if target.id == step.unit {
            let moved = Account { node: target.path.clone(), version, ..held.clone() };
            (moved, "move-account", "单位归属变更".to_owned())
        } else if held.active {
            let closed = Account { active: false, version, ..held.clone() };
            (closed, "close-account", format!("单位已合并到{}", target.name))
        } else {
            return Ok(());
        };
        let commit = Commit {
            trail: vec![self.entry(Topic::account(&settled), version, action, note)],
            // Whoever may go on signs in again, for the place the account is at now.
            ended_sessions: Some(EndedSessions { account: id.clone(), clears_totp: false }),
            accounts: vec![AccountChange::Edit { before: Box::new(held), after: Box::new(settled) }],
            ..Commit::default()
        };
        self.desk.store.commit(commit).await.map_err(|error| match error {
            CommitError::Outage(outage) => outage,
            other => Outage::new("settle-account", other),
        })
    }

    /// Brings a chunk of the cover of an enrolment's members over, from the `from`-th on; answers where the next chunk
    /// begins, if there is one.
    async fn move_cover(&self, e: &Enrolment, unit: &UnitId, from: usize) -> Result<Option<usize>, Outage> {
        if e.unit.id == *unit {
            // Cover names the unit, not its place; and of an enrolment that was brought over it names the survivor.
            return Ok(None);
        }
        let chunk = from..from.saturating_add(CHUNK_MEMBERS);
        let mut all = 0_usize;
        for line in e.lines.iter().filter(|line| e.period(&line.plan.code).is_some()) {
            let Some(roster) = &line.roster else { continue };
            if line.covered < roster.members() {
                // It would be written for the unit that the enrolment named when writing began.
                return Err(Outage::new("move-cover", "the cover is still being written"));
            }
            let count = usize::try_from(roster.members()).unwrap_or(usize::MAX);
            let of_line = within(&chunk, all, count);
            if !of_line.is_empty() {
                let members = rosters::load(self.objects, self.cipher, Some(roster)).await?;
                let members = members.get(of_line).unwrap_or_default();
                let people: Vec<PersonKey> =
                    members.iter().map(|member| person_key(self.cipher, member.id.as_str())).collect();
                self.desk.store.move_cover(&people, (&e.id, &line.plan.code), unit).await?;
            }
            all = all.saturating_add(count);
        }
        Ok((chunk.end < all).then_some(chunk.end))
    }

    /// Makes an enrolment the survivor's. Its handler stays who it was, if that one came along.
    async fn move_enrolment(&self, e: &Enrolment, survivor: &Unit) -> Result<(), Outage> {
        let handler = self.desk.store.account(&e.handler).await?;
        let came_along = |account: &Account| account.active && account.unit.as_ref() == Some(&survivor.id);
        let handler = handler.filter(came_along).map_or_else(|| survivor.handler.clone(), |account| account.id);
        let unit = UnitRef::of(survivor, office_of(survivor)?);
        let command = |_: &Enrolment| Ok(Command::Move { unit: unit.clone(), handler: handler.clone() });
        match record(self.desk, &e.id, Beside::default(), command).await? {
            Recorded::Done(_) | Recorded::Duplicate => Ok(()),
            Recorded::Refused(refusal) => Err(Outage::new("move-enrolment", refusal.code)),
        }
    }

    /// The next enrolment to bring over: none newer than the last one is left.
    async fn next(
        &self,
        merged: &Unit,
        survivor: &Unit,
        last: Option<Timestamp>,
    ) -> Result<Option<EnrolmentId>, Outage> {
        // Two may have been created at the same instant.
        let before = last.and_then(|last| last.checked_add(1.nanosecond()).ok());
        let mut page = PageRequest { limit: LOOKED_AT, after: None };
        loop {
            let found = self.desk.store.enrolments_of(&merged.id, &Scope::Platform, before, &page).await?;
            for summary in found.items {
                let e = self.desk.store.enrolment(&summary.id, &Scope::Platform).await?;
                // The index may still name the unit that an enrolment has left.
                if e.is_some_and(|e| (&e.unit.id, &e.unit.path) != (&survivor.id, &survivor.path)) {
                    return Ok(Some(summary.id));
                }
            }
            match found.next {
                Some(after) => page.after = Some(after),
                None => return Ok(None),
            }
        }
    }

    /// Asks for the next message.
    async fn go_on(&self, id: &MessageId, next: UnitMove) -> Result<Moved, Outage> {
        let commit = Commit { consumed: Some(consumed(id)), messages: vec![next.outgoing()], ..Commit::default() };
        match self.desk.store.commit(commit).await {
            Ok(()) => Ok(Moved::Done),
            Err(CommitError::Consumed) => Ok(Moved::Duplicate),
            Err(CommitError::Outage(outage)) => Err(outage),
            Err(other) => Err(Outage::new("move-unit", other)),
        }
    }

    /// Nothing is left: both units are free for other mergers, and the next day everything is looked through once more.
    async fn end(&self, id: &MessageId, step: &UnitMove, merged: &Unit) -> Result<Moved, Outage> {
        for _ in 0..TRIES {
            let mut commit = Commit { consumed: Some(consumed(id)), ..Commit::default() };
            if !step.again {
                let units = [Some(&merged.id), merged.merged_into.as_ref()];
                for unit in units.into_iter().flatten() {
                    commit = self.freed(commit, unit, step.done()).await?;
                }
                let tomorrow = self.desk.clock.today().tomorrow();
                let outgoing = step.look_again().outgoing();
                commit.scheduled.extend(tomorrow.ok().map(|on| Scheduled { on, outgoing }));
            }
            match self.desk.store.commit(commit).await {
                Ok(()) => return Ok(Moved::Done),
                Err(CommitError::Consumed) => return Ok(Moved::Duplicate),
                Err(CommitError::Version) => {}
                Err(CommitError::Outage(outage)) => return Err(outage),
                Err(other) => return Err(Outage::new("end-move", other)),
            }
        }
        Err(Outage::new("end-move", "the units kept changing"))
    }

    /// The commit with one of the units no longer on the move.
    async fn freed(&self, mut commit: Commit, id: &UnitId, moved: u32) -> Result<Commit, Outage> {
        let found = self.desk.store.unit(id, &Scope::Platform).await?;
        let before = found.ok_or_else(|| Outage::new("end-move", "a unit is gone"))?;
        let after = Unit { moving: false, version: before.version.saturating_add(1), ..before.clone() };
        let note = format!("参保单已全部移交，共{moved}张");
        commit.trail.push(self.entry(Topic::unit(&after), after.version, "end-move", note));
        commit.units.push(UnitWrite { before: Some(Box::new(before)), after: Box::new(after) });
        Ok(commit)
    }

    fn entry(&self, topic: Topic, version: u64, action: &str, note: String) -> TrailEntry {
        TrailEntry {
            topic,
            version,
            n: 0,
            at: self.desk.clock.now(),
            account: None,
            actor_name: "系统".to_owned(),
            action: action.to_owned(),
            from: String::new(),
            to: String::new(),
            note,
            duration_ms: 0,
        }
    }
}

fn consumed(message: &MessageId) -> Consumed {
    Consumed { consumer: CONSUMER, message: message.clone() }
}

/// Which of `count` members, the first of whom is the `first` of all, are in the chunk.
fn within(chunk: &Range<usize>, first: usize, count: usize) -> Range<usize> {
    let from = chunk.start.saturating_sub(first).min(count);
    from..chunk.end.saturating_sub(first).min(count).max(from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_go_over_all_plans() {
        assert_eq!(within(&(0..2000), 0, 8), 0..8);
        assert_eq!(within(&(0..2000), 1990, 50), 0..10);
        assert_eq!(within(&(2000..4000), 1990, 50), 10..50);
        assert_eq!(within(&(2000..4000), 0, 1990), 1990..1990);
        assert_eq!(within(&(0..2000), 2040, 5), 0..0);
    }
}
