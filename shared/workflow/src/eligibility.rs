//! Who may join a roster: the rules a row is checked by, and what the platform knows of its person.
//!
//! Imports and corrections judge by these alone, so that a row passes in the one exactly when it passes in the other.

use std::collections::{HashMap, HashSet};

use domain::cover::{CoverPeriod, start_date};
use domain::enrolment::Enrolment;
use domain::identity::{IdKey, PersonName, ResidentId};
use domain::ids::UploadId;
use domain::plan::PlanVariant;
use domain::refusal::Refusal;
use domain::roster::{Checked, KnownCover, KnownPerson, Member, Outcome, PlanRules, RowRules, SharesFrom, apply_known};
use jiff::civil::Date;

use crate::cover::{name_index, person_key};
use crate::desk::{Desk, office_of};
use crate::ports::{self, Cipher, Objects, Outage, PersonKey};
use crate::rosters;

/// A plan that rows are for, with the roster they would join.
pub struct Target {
    /// The plan variant.
    pub plan: PlanVariant,
    shares: u32,
    before: Option<String>,
    members: Vec<Member>,
    on_roster: HashSet<IdKey>,
    designated: Option<Date>,
    old_end: Option<Date>,
    grace_days: u32,
}

impl Target {
    /// Takes the member of an entry off the roster, to be judged anew, with the place it stood at; none if nobody has it.
    pub fn take(&mut self, entry: &str) -> Option<(usize, Member)> {
        let place = rosters::place_of(&self.members, entry)?;
        let member = self.members.remove(place);
        self.on_roster.remove(&member.id.key());
        Some((place, member))
    }

    /// The roster with a member at the place where one was taken off.
    pub fn restore(mut self, place: usize, member: Member, today: Date) -> NewRoster {
        let start = self.first_day(today);
        self.members.insert(place.min(self.members.len()), member);
        NewRoster { plan: self.plan.code, before: self.before, added: 0, members: self.members, start }
    }

    /// The first day of cover as far as it is known.
    fn first_day(&self, today: Date) -> Date {
        start_date(self.designated, self.old_end, self.grace_days, today).unwrap_or(today)
    }

    /// The period that ages and overlaps are judged by.
    fn period(&self, today: Date) -> Option<CoverPeriod> {
        CoverPeriod::of_term(self.first_day(today), self.plan.term_months)
    }
}

/// The plans that rows are for, each with the roster it has now.
pub async fn targets(
    objects: &dyn Objects,
    cipher: &dyn Cipher,
    e: &Enrolment,
    plans: &[String],
) -> Result<Result<Vec<Target>, Refusal>, Outage> {
    let mut targets = Vec::new();
    for plan in plans {
        let Some(line) = e.line(plan) else {
            return Ok(Err(Refusal::conflict("PLAN_NOT_CHOSEN", "参保单中已没有这个保障活动")));
        };
        let members = rosters::load(objects, cipher, line.roster.as_ref()).await?;
        targets.push(Target {
            plan: line.plan.clone(),
            shares: line.shares,
            before: line.roster.as_ref().map(|roster| roster.key.clone()),
            on_roster: members.iter().map(|member| member.id.key()).collect(),
            members,
            designated: e.designated_start,
            old_end: e.old_end(plan),
            grace_days: e.renews.as_ref().map_or(0, |renewal| renewal.grace_days),
        });
    }
    Ok(Ok(targets))
}

/// What rows are checked by, beside their plans.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The upload that carried the rows.
    pub upload: Option<UploadId>,
    /// The business date.
    pub today: Date,
    /// Whether the office asks for every mobile number.
    pub mobile_required: bool,
}

impl Terms {
    /// The terms of an enrolment today, as its office has set them, for rows that an upload carried.
    pub async fn of(desk: &Desk, e: &Enrolment, upload: Option<UploadId>) -> Result<Self, Outage> {
        let office = office_of(desk, e).await?;
        Ok(Self { upload, today: desk.clock.today(), mobile_required: office.phone_required })
    }
}

/// What rows for these plans are checked against; `by_column` if each row says its shares of each plan.
pub fn rules<'t>(targets: &'t [Target], by_column: bool, terms: &Terms) -> Result<RowRules<'t>, Refusal> {
    let Terms { upload, today, mobile_required } = terms.clone();
    let plans = targets.iter().map(|target| {
        let period = target.period(today);
        let period = period.ok_or_else(|| Refusal::conflict("DATE_OUT_OF_RANGE", "保障期间超出日期范围"))?;
        let shares = if by_column { SharesFrom::Column } else { SharesFrom::Enrolment(target.shares) };
        Ok(PlanRules { plan: &target.plan, shares, period, on_roster: &target.on_roster })
    });
    Ok(RowRules { upload, today, mobile_required, plans: plans.collect::<Result<_, Refusal>>()? })
}

/// The blind index of each person. A hundred thousand of them take a moment: not for an async thread.
pub fn indexed(cipher: &dyn Cipher, people: &[ResidentId]) -> HashMap<IdKey, PersonKey> {
    let mut by_key = HashMap::with_capacity(people.len());
    for id in people {
        by_key.entry(id.key()).or_insert_with(|| person_key(cipher, id.as_str()));
    }
    by_key
}

/// What the platform knows of people, by ID number; strangers are not in it.
pub type Known = HashMap<IdKey, ports::KnownPerson>;

/// Looks everybody up by blind index, in batches.
pub async fn known(store: &dyn ports::Store, people: HashMap<IdKey, PersonKey>) -> Result<Known, Outage> {
    let (ids, keys): (Vec<_>, Vec<_>) = people.into_iter().unzip();
    let found = store.known(&keys).await?;
    Ok(ids.into_iter().zip(found).filter_map(|(id, person)| Some((id, person?))).collect())
}

/// Judges checked rows by what the platform knows of their people.
pub fn judge(checked: Checked, rules: &RowRules<'_>, known: &Known, cipher: &dyn Cipher) -> Outcome {
    apply_known(checked, rules, &|id: &ResidentId, name: Option<&PersonName>| {
        known.get(&id.key()).map(|person| as_rules_see(person, name, cipher, rules.today))
    })
}

fn as_rules_see(
    person: &ports::KnownPerson,
    name: Option<&PersonName>,
    cipher: &dyn Cipher,
    today: Date,
) -> KnownPerson {
    let same = |name: &PersonName| name_index(cipher, name.as_str()) == person.name_index;
    let covers = person.covers.iter().filter_map(|cover| {
        let period = CoverPeriod::new(cover.start, cover.end)?;
        Some(KnownCover { plan_code: cover.plan.clone(), period, shares: cover.shares })
    });
    KnownPerson {
        name_matches: person.name_index.is_empty() || name.is_none_or(same),
        restricted: person.restricted_on(today),
        covers: covers.collect(),
    }
}

/// The roster of a plan as accepted rows leave it.
pub struct NewRoster {
    /// Code of the plan.
    pub plan: String,
    /// Key of the roster it follows.
    pub before: Option<String>,
    /// Members that joined.
    pub added: usize,
    /// All members.
    pub members: Vec<Member>,
    /// The day their ages are reckoned by.
    pub start: Date,
}

/// The rosters after `joining` joined, in the order of the targets.
pub fn joined(targets: Vec<Target>, joining: Vec<Vec<Member>>, today: Date) -> Vec<NewRoster> {
    let join = |(target, new): (Target, Vec<Member>)| {
        let start = target.first_day(today);
        let (added, mut members) = (new.len(), target.members);
        members.extend(new);
        NewRoster { plan: target.plan.code, before: target.before, added, members, start }
    };
    targets.into_iter().zip(joining).map(join).collect()
}
