//! What a draft would change, tried on a stored enrolment or a sample. Nothing is written.

use domain::enrolment::{Enrolment, Line};
use domain::money::Fen;
use domain::organisation::{OfficeSettings, Unit};
use domain::plan::{Occupation, PlanVariant, SexRule, participation_percent};
use domain::receipt::{Relief, SharesHeld, borne, contribution_total};
use domain::self_check::{Flagged, PlanFacts, SelfCheckInput, SelfCheckResult, SelfCheckRules, self_check};
use jiff::civil::Date;

use crate::completion;

/// What a plan comes to for an enrolment or a sample.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Effect {
    /// Version of the plan.
    pub version: String,
    /// Contribution; none on overflow.
    pub contribution: Option<Fen>,
    /// 补贴; none on overflow.
    pub subsidy: Option<Fen>,
    /// 赠险; none on overflow.
    pub gifted: Option<Fen>,
    /// What the unit has to pay; none on overflow.
    pub due: Option<Fen>,
    /// Participation rate in whole percent, once headcounts are given.
    pub participation_percent: Option<u64>,
    /// Shares of each member are within the plan's maximum.
    pub shares_allowed: bool,
    /// What the self-check finds about this plan.
    pub self_check: SelfCheckResult,
}

/// What an enrolment is tried by, beside the plan.
#[derive(Debug, Clone, Copy)]
pub struct Circumstances<'a> {
    /// The unit.
    pub unit: &'a Unit,
    /// Settings of its office.
    pub office: &'a OfficeSettings,
    /// The rules of the self-check.
    pub rules: &'a SelfCheckRules,
    /// What the office grants.
    pub granted: &'a [Relief],
    /// The day of completion.
    pub day: Date,
}

/// A unit that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SampleCase {
    /// Participants of ordinary occupation.
    pub ordinary: u32,
    /// Participants of high-risk occupation.
    pub high_risk: u32,
    /// Shares of each.
    pub shares: u32,
    /// Staff of the unit.
    pub staff: u32,
    /// Women among them.
    pub female_staff: u32,
}

/// What the line of a plan comes to as it is stored: with what was granted at the last completion. A self-check that was
/// never stored is run as if the enrolment were completed on the day.
pub fn as_stored(e: &Enrolment, line: &Line, by: &Circumstances<'_>) -> Effect {
    let check = || completion::check(e, (by.unit, by.office), by.rules, by.day);
    let found = e.self_check.clone().unwrap_or_else(check);
    effect(e, line, of_plan(found, &line.plan.code))
}

/// What the line would come to with another version of its plan, if the enrolment were completed on the day.
///
/// Ages, overlaps and restrictions of named members stay as the import found them: only the next import asks again.
pub fn with_plan(e: &Enrolment, line: &Line, plan: PlanVariant, by: &Circumstances<'_>) -> Effect {
    let mut tried = line.clone();
    tried.plan = plan;
    let (held, rounding) = (tried.held(), by.office.rounding);
    tried.borne = borne(&tried.plan, &held, by.granted, by.day, rounding).unwrap_or_default();
    let mut with = e.clone();
    if let Some(place) = with.lines.iter_mut().find(|other| other.plan.code == tried.plan.code) {
        *place = tried.clone();
    }
    let found = completion::check(&with, (by.unit, by.office), by.rules, by.day);
    effect(&with, &tried, of_plan(found, &tried.plan.code))
}

/// What a plan comes to for a sample, to which nobody grants anything.
pub fn on_sample(plan: &PlanVariant, sample: SampleCase, rules: &SelfCheckRules) -> Effect {
    let held = [(Occupation::Ordinary, sample.ordinary), (Occupation::HighRisk, sample.high_risk)];
    let held = held.map(|(occupation, members)| SharesHeld { occupation, shares: sample.shares, members });
    let participants = sample.ordinary.saturating_add(sample.high_risk);
    let facts = PlanFacts {
        plan,
        participants,
        high_risk: sample.high_risk,
        over_age: Flagged::default(),
        unexpired: Flagged::default(),
        restricted: Flagged::default(),
        over_shares: Flagged::default(),
        renewal: None,
    };
    let input = SelfCheckInput {
        office: None,
        staff: sample.staff,
        female_staff: sample.female_staff,
        unit_restricted: false,
        over_age_proof: false,
        grace_days: 0,
        plans: vec![facts],
    };
    let staff = if plan.sex == SexRule::Female { sample.female_staff } else { sample.staff };
    let contribution = contribution_total(plan, &held);
    Effect {
        version: plan.version.clone(),
        contribution,
        subsidy: Some(Fen::ZERO),
        gifted: Some(Fen::ZERO),
        due: contribution,
        participation_percent: participation_percent(participants, staff),
        shares_allowed: (1..=plan.max_shares).contains(&sample.shares),
        self_check: self_check(rules, &input),
    }
}

fn effect(e: &Enrolment, line: &Line, self_check: SelfCheckResult) -> Effect {
    let staff = if line.plan.sex == SexRule::Female { e.female_staff } else { e.staff };
    let most = line.roster.as_ref().map_or(0, |roster| roster.shares_most).max(line.shares);
    Effect {
        version: line.plan.version.clone(),
        contribution: line.contribution(),
        subsidy: line.subsidy(),
        gifted: line.gifted(),
        due: line.due(),
        participation_percent: staff.and_then(|staff| participation_percent(line.participants(), staff)),
        shares_allowed: most <= line.plan.max_shares,
        self_check,
    }
}

/// The findings about one plan and about the unit as a whole.
fn of_plan(mut found: SelfCheckResult, plan: &str) -> SelfCheckResult {
    found.findings.retain(|finding| finding.plan.as_deref().is_none_or(|code| code == plan));
    found
}
