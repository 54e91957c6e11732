//! The self-check of an enrolment that is being completed, from what the enrolment knows of its rosters.

use domain::enrolment::{AttachmentKind, Enrolment};
use domain::organisation::{OfficeSettings, Unit};
use domain::plan::Occupation;
use domain::self_check::{
    Flagged, OfficeMeasure, PlanFacts, SelfCheckInput, SelfCheckResult, SelfCheckRules, self_check,
};
use jiff::civil::Date;

/// Runs the rules, measured as the office has set. Restricted people and people with too many shares never reach a roster – their rows fail at import
/// – so those two find nobody here.
pub fn check(
    e: &Enrolment,
    (unit, office): (&Unit, &OfficeSettings),
    rules: &SelfCheckRules,
    today: Date,
) -> SelfCheckResult {
    let plans = e.lines.iter().map(|line| PlanFacts {
        plan: &line.plan,
        participants: line.participants(),
        high_risk: line.participants_of(Occupation::HighRisk),
        over_age: line.roster.as_ref().map(|r| r.over_age.clone()).unwrap_or_default(),
        unexpired: line.roster.as_ref().map(|r| r.unexpired.clone()).unwrap_or_default(),
        restricted: Flagged::default(),
        over_shares: Flagged::default(),
        renewal: e.old_end(&line.plan.code).map(|end| (end, e.first_day(&line.plan.code, today))),
    });
    let input = SelfCheckInput {
        office: Some(OfficeMeasure { code: e.unit.office_code, min_staff_for_ratio: office.min_staff_for_ratio }),
        staff: e.staff.unwrap_or(0),
        female_staff: e.female_staff.unwrap_or(0),
        unit_restricted: unit.restricted,
        over_age_proof: e.attachments.iter().any(|a| a.kind == AttachmentKind::OverAgeProof),
        grace_days: e.renews.as_ref().map_or(office.renewal_grace_days, |renewal| renewal.grace_days),
        plans: plans.collect(),
    };
    self_check(rules, &input)
}
