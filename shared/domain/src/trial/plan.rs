//! What another version of a plan would come to in sample cases.

use super::findings::{FindingChange, changes};
use super::{Case, CaseKind, borders};
use crate::identity::Sex;
use crate::money::Fen;
use crate::plan::PlanVariant;
use crate::reason::Reason;
use crate::receipt::contribution_total;
use crate::self_check::SelfCheckRules;

/// What a plan comes to in a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanOutcome {
    /// 会费; none where a member is refused, and beyond the range of 64 bits.
    pub contribution: Option<Fen>,
    /// Why an import would refuse a member; nothing if all are admitted.
    pub refused: Vec<Reason>,
}

/// A case under the version before and under the one that is tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanCase {
    /// The case.
    pub case: Case,
    /// What it came to; none without a version before.
    pub before: Option<PlanOutcome>,
    /// What it comes to.
    pub after: PlanOutcome,
    /// What a reviewer would see otherwise; nothing without a version before.
    pub changes: Vec<FindingChange>,
}

impl PlanCase {
    /// Whether anything differs.
    #[must_use]
    pub fn changed(&self) -> bool {
        // Refused for the same reason it is the same, whichever figure the reason names.
        let told = |outcome: &PlanOutcome| {
            (outcome.contribution, outcome.refused.iter().map(Reason::code).collect::<Vec<_>>())
        };
        self.before.as_ref().map(told) != Some(told(&self.after)) || !self.changes.is_empty()
    }
}

/// Tries a version of a plan, beside the one it would replace, at whose borders the cases stand. Nobody grants anything
/// to them.
#[must_use]
pub fn plan_effect(before: Option<&PlanVariant>, after: &PlanVariant, rules: &SelfCheckRules) -> Vec<PlanCase> {
    let from = before.unwrap_or(after);
    let mut cases = vec![Case::of(CaseKind::Ordinary, borders::PARTICIPANTS)];
    cases.extend(borders::measured(rules.participation_of(from, None)));
    cases.extend(borders::admitted(from));
    let compared = cases.into_iter().map(|case| {
        let found = |plan: &PlanVariant| case.checked(plan, rules, None);
        PlanCase {
            before: before.map(|plan| outcome(&case, plan)),
            after: outcome(&case, after),
            changes: before.map(|plan| changes(&found(plan), &found(after))).unwrap_or_default(),
            case,
        }
    });
    compared.collect()
}

fn outcome(case: &Case, plan: &PlanVariant) -> PlanOutcome {
    let (minimum, maximum) = (plan.age.minimum, plan.max_shares);
    let man = case.kind == CaseKind::Man && !plan.sex.admits(Sex::Male);
    let faults = [
        (man, Reason::SexNotEligible),
        (case.age < minimum, Reason::AgeBelowMinimum { minimum }),
        (case.shares > maximum, Reason::SharesExceeded { asked: case.shares, held: 0, maximum }),
    ];
    let refused: Vec<Reason> = faults.into_iter().filter(|(is, _)| *is).map(|(_, reason)| reason).collect();
    let contribution = if refused.is_empty() { contribution_total(plan, &case.held()) } else { None };
    PlanOutcome { contribution, refused }
}
