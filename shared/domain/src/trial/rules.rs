//! What another set of self-check rules would find in sample cases.

use super::findings::{FindingChange, changes};
use super::{Case, borders};
use crate::number::OfficeCode;
use crate::plan::{PlanVariant, SexRule};
use crate::self_check::{OfficeMeasure, SelfCheckResult, SelfCheckRules};

/// A case in which something is found otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesCase {
    /// The case.
    pub case: Case,
    /// Code of the plan variant that is enrolled in.
    pub plan: String,
    /// 保障活动细类
    pub variant: String,
    /// The office the unit belongs to; none in particular if absent.
    pub office: Option<OfficeCode>,
    /// What a reviewer would see otherwise; at least one.
    pub changes: Vec<FindingChange>,
}

/// What a set of rules would change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesEffect {
    /// How many cases were tried.
    pub cases: usize,
    /// Those in which something is found otherwise.
    pub changed: Vec<RulesCase>,
}

/// Compares what two sets of rules find; without a set before, nothing was found. `plans` are those in effect.
///
/// Participation is tried at the borders of the set before: for the first plan that is open to all, the first one for women, and
/// every plan that a parameter of either set names; in a unit of no office in particular, and in one of every office that a
/// parameter names. Everything else is tried once, on the first plan.
#[must_use]
pub fn rules_effect(before: Option<&SelfCheckRules>, after: &SelfCheckRules, plans: &[PlanVariant]) -> RulesEffect {
    let borders = before.unwrap_or(after);
    let named = || before.into_iter().chain([after]).flat_map(|rules| &rules.participation);
    let mut offices: Vec<Option<OfficeMeasure>> = vec![None];
    for code in named().filter_map(|rule| rule.office) {
        let office = Some(OfficeMeasure { code, min_staff_for_ratio: None });
        if !offices.contains(&office) {
            offices.push(office);
        }
    }
    let first = |sex: SexRule| plans.iter().position(|plan| plan.sex == sex);
    let usual = [first(SexRule::Any), first(SexRule::Female)];
    let tried = plans
        .iter()
        .enumerate()
        .filter(|(at, plan)| usual.contains(&Some(*at)) || named().any(|rule| rule.plan.as_ref() == Some(&plan.code)));
    let tried: Vec<&PlanVariant> = tried.map(|(_, plan)| plan).collect();
    let mut cases: Vec<(Case, &PlanVariant, Option<OfficeMeasure>)> = Vec::new();
    for office in &offices {
        for plan in &tried {
            let measured = borders::measured(borders.participation_of(plan, *office));
            cases.extend(measured.into_iter().map(|case| (case, *plan, *office)));
        }
    }
    if let Some(plan) = first(SexRule::Any).or(first(SexRule::Female)).and_then(|at| plans.get(at)) {
        cases.extend(borders::remarkable(plan).into_iter().map(|case| (case, plan, None)));
    }
    let nothing = || SelfCheckResult { version: String::new(), findings: Vec::new() };
    let changed = cases.iter().filter_map(|(case, plan, office)| {
        let was = before.map_or_else(nothing, |rules| case.checked(plan, rules, *office));
        let changes = changes(&was, &case.checked(plan, after, *office));
        (!changes.is_empty()).then(|| RulesCase {
            case: *case,
            plan: plan.code.clone(),
            variant: plan.variant.clone(),
            office: office.map(|office| office.code),
            changes,
        })
    });
    RulesEffect { cases: cases.len(), changed: changed.collect() }
}
