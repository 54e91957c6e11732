//! Merging units (单位合并): what would move, and the one commit that marks it. What the merged unit held is brought over
//! afterwards, message by message ([`crate::unit_moves`]).

use domain::account::{Account, Actor, Permission};
use domain::enrolment::State;
use domain::ids::{AccountId, UnitId};
use domain::organisation::Unit;
use domain::refusal::Refusal;
use domain::trail::{Topic, TrailEntry};
use domain::unit::{Merged, UnitMove, merge, merger_obstacles};
use futures::future::try_join;

use crate::commit::{AccountChange, Commit, CommitError, IdempotencyRecord, UnitWrite};
use crate::desk::{Desk, StepError};
use crate::ports::{EnrolmentCounts, EnrolmentList, Outage};
use crate::scope::Scope;

/// Two units that somebody wants to be one.
pub struct Pair<'a> {
    /// The tables, the clock.
    pub desk: &'a Desk,
    /// Who.
    pub actor: &'a Actor,
    /// The unit that ends.
    pub merged: &'a UnitId,
    /// The unit that goes on.
    pub survivor: &'a UnitId,
}

/// What a merger would do.
pub struct Preview {
    /// The unit that would end.
    pub merged: Unit,
    /// The unit that would go on.
    pub survivor: Unit,
    /// What would move: the enrolments of the one, by state.
    pub enrolments: EnrolmentCounts,
    /// Everything that stands in the way.
    pub obstacles: Vec<Refusal>,
}

/// What somebody has seen and decided.
pub struct Decided<'a> {
    /// Version of the merged unit that was seen.
    pub merged_seen: u64,
    /// Version of the survivor that was seen.
    pub survivor_seen: u64,
    /// Contacts that come along; the others are disabled.
    pub kept: &'a [AccountId],
    /// Builds the answer to keep from the merged unit as the step leaves it.
    pub answer: &'a (dyn Fn(&Unit) -> IdempotencyRecord + Send + Sync),
}

impl Pair<'_> {
    /// What the merger would do, and what stands in its way.
    pub async fn preview(&self) -> Result<Preview, StepError> {
        let (merged, survivor) = self.units().await?;
        let (enrolments, obstacles) = self.judged(&merged, &survivor).await?;
        Ok(Preview { merged, survivor, enrolments, obstacles })
    }

    /// Merges the units: one commit marks both, moves the accounts of the contacts that come along, and leaves the message
    /// that begins to bring the rest over.
    pub async fn merge(&self, decided: Decided<'_>) -> Result<Unit, StepError> {
        let (merged, survivor) = self.units().await?;
        seen(&merged, decided.merged_seen, &survivor, decided.survivor_seen)?;
        let (_, obstacles) = self.judged(&merged, &survivor).await?;
        if let Some(first) = obstacles.into_iter().next() {
            return Err(first.into());
        }
        let after = merge(&merged, &survivor, decided.kept)?;
        let mut commit = self.commit(&merged, &survivor, &after);
        for id in decided.kept {
            let held = self.desk.store.credentials_of(id).await?.map(|credentials| credentials.account);
            let held = held.filter(|account| account.unit.as_ref() == Some(&merged.id)).ok_or(StepError::NotFound)?;
            let edited = Account {
                node: survivor.path.clone(),
                unit: Some(survivor.id.clone()),
                version: held.version.saturating_add(1),
                ..held.clone()
            };
            let note = format!("{} → {}", merged.name, survivor.name);
            commit.trail.push(self.entry(Topic::account(&edited), edited.version, "move-account", note));
            commit.accounts.push(AccountChange::Edit { before: Box::new(held), after: Box::new(edited) });
        }
        commit.idempotency = Some((decided.answer)(&after.merged));
        match self.desk.store.commit(commit).await {
            Ok(()) => Ok(after.merged),
            Err(CommitError::Answered(record)) => Err(StepError::Answered(record)),
            Err(CommitError::Outage(outage)) => Err(outage.into()),
            Err(other) => {
                let (merged, survivor) = self.units().await?;
                seen(&merged, decided.merged_seen, &survivor, decided.survivor_seen)?;
                // An account changed meanwhile: the same again may be done.
                Err(Outage::new("merge-units", other).into())
            }
        }
    }

    /// Both units, if the actor may merge them.
    async fn units(&self) -> Result<(Unit, Unit), StepError> {
        if !self.actor.may(Permission::ManageUnits) {
            return Err(Refusal::not_permitted().into());
        }
        let scope = Scope::of(self.actor);
        let store = &self.desk.store;
        let (merged, survivor) = try_join(store.unit(self.merged, &scope), store.unit(self.survivor, &scope)).await?;
        merged.zip(survivor).ok_or(StepError::NotFound)
    }

    /// What the merged unit has, and everything that stands in the way.
    async fn judged(&self, merged: &Unit, survivor: &Unit) -> Result<(EnrolmentCounts, Vec<Refusal>), Outage> {
        let store = &self.desk.store;
        let of_merged = EnrolmentList::of(merged.path.clone());
        let (all, others) = try_join(store.count_enrolments(&of_merged), open_enrolments(self.desk, survivor)).await?;
        let open = all.by_state.iter().filter(|(state, _)| OPEN.contains(state)).map(|(_, count)| *count).sum();
        let obstacles = merger_obstacles(merged, survivor, (open, others));
        Ok((all, obstacles))
    }

    fn commit(&self, merged: &Unit, survivor: &Unit, after: &Merged) -> Commit {
        let write = |before: &Unit, after: &Unit| UnitWrite {
            before: Some(Box::new(before.clone())),
            after: Box::new(after.clone()),
        };
        let told = |unit: &Unit| format!("{}（{}）", unit.name, unit.code);
        let into = format!("合并到{}", told(survivor));
        let mut absorbed = vec![format!("{}合并到本单位", told(merged))];
        absorbed.extend((after.survivor.classified != survivor.classified).then(|| "涉密单位：否 → 是".to_owned()));
        absorbed.extend((after.survivor.restricted != survivor.restricted).then(|| "限制参保：否 → 是".to_owned()));
        let more = after.survivor.record.contacts.iter().skip(survivor.record.contacts.len());
        let names: Vec<_> = more.map(|contact| contact.contact.name.as_str()).collect();
        absorbed.extend((!names.is_empty()).then(|| format!("转入联系人：{}", names.join("、"))));
        Commit {
            units: vec![write(merged, &after.merged), write(survivor, &after.survivor)],
            trail: vec![
                TrailEntry {
                    from: standing(merged).to_owned(),
                    to: "merged".to_owned(),
                    ..self.entry(Topic::unit(merged), after.merged.version, "merge", into)
                },
                TrailEntry {
                    from: standing(survivor).to_owned(),
                    to: standing(survivor).to_owned(),
                    ..self.entry(Topic::unit(survivor), after.survivor.version, "absorb", absorbed.join("；"))
                },
            ],
            messages: vec![UnitMove::begin(&after.merged, merged.path.clone()).outgoing()],
            ..Commit::default()
        }
    }

    fn entry(&self, topic: Topic, version: u64, action: &str, note: String) -> TrailEntry {
        TrailEntry {
            topic,
            version,
            n: 0,
            at: self.desk.clock.now(),
            account: Some(self.actor.account.clone()),
            actor_name: self.actor.name.clone(),
            action: action.to_owned(),
            from: String::new(),
            to: String::new(),
            note,
            duration_ms: 0,
        }
    }
}

/// The states of an open enrolment (未完毕): something is still to be done about it, be it the archiving of its certificate,
/// which the unit that is printed on it signs and seals.
const OPEN: [State; 8] = [
    State::Drafting,
    State::FirstReview,
    State::SecondReview,
    State::FinalReview,
    State::Invoicing,
    State::AwaitingPayment,
    State::AwaitingPrint,
    State::AwaitingArchive,
];

/// How many open enrolments a unit has.
pub(crate) async fn open_enrolments(desk: &Desk, unit: &Unit) -> Result<u32, Outage> {
    let list = EnrolmentList { states: OPEN.to_vec(), ..EnrolmentList::of(unit.path.clone()) };
    Ok(desk.store.count_enrolments(&list).await?.total())
}

fn standing(unit: &Unit) -> &'static str {
    if unit.active { "active" } else { "inactive" }
}

/// Both are in the versions seen.
fn seen(merged: &Unit, merged_seen: u64, survivor: &Unit, survivor_seen: u64) -> Result<(), StepError> {
    if merged.version != merged_seen {
        return Err(StepError::Changed { current: merged.version });
    }
    if survivor.version != survivor_seen {
        let text = format!("存续单位“{}”刚刚被修改，请重新查看后再合并", survivor.name);
        return Err(Refusal::conflict("SURVIVOR_CHANGED", text).into());
    }
    Ok(())
}
