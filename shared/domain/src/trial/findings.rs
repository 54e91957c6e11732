//! What differs between two results of the self-check.

use serde::Serialize;

use crate::self_check::{Finding, Rule, SelfCheckResult};

/// What becomes of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Change {
    /// It was not made, and calls for attention now.
    Appears,
    /// It called for attention, and is not made any more.
    Disappears,
    /// It was that all is well, and calls for attention now.
    Worsens,
    /// It called for attention, and is that all is well now.
    Eases,
}

impl Change {
    /// Chinese name.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Appears => "新增提示",
            Self::Disappears => "不再提示",
            Self::Worsens => "由通过变为提示",
            Self::Eases => "由提示变为通过",
        }
    }
}

/// A finding that a reviewer would see otherwise than before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingChange {
    /// The rule.
    pub rule: Rule,
    /// What becomes of it.
    pub change: Change,
    /// What it said; none if it was not made.
    pub before: Option<String>,
    /// What it says; none if it is not made any more.
    pub after: Option<String>,
}

/// What differs between two results about the same enrolment, in the order of the first, then of the second. That a rule
/// which finds all well is run or not is no difference: neither calls for attention.
#[must_use]
pub fn changes(before: &SelfCheckResult, after: &SelfCheckResult) -> Vec<FindingChange> {
    let about_the_same =
        |one: &Finding, other: &Finding| one.rule == other.rule && one.plan == other.plan && one.member == other.member;
    let of = |result: &SelfCheckResult, like: &Finding| -> Option<Finding> {
        result.findings.iter().find(|finding| about_the_same(finding, like)).cloned()
    };
    let kept = before.findings.iter().filter_map(|finding| change(finding.rule, Some(finding), of(after, finding)));
    let added = after.findings.iter().filter(|finding| of(before, finding).is_none());
    kept.chain(added.filter_map(|finding| change(finding.rule, None, Some(finding.clone())))).collect()
}

fn change(rule: Rule, before: Option<&Finding>, after: Option<Finding>) -> Option<FindingChange> {
    let passes = (before.map(|finding| finding.passed), after.as_ref().map(|finding| finding.passed));
    let change = match passes {
        (Some(true), Some(false)) => Change::Worsens,
        (Some(false), Some(true)) => Change::Eases,
        (Some(false), None) => Change::Disappears,
        (None, Some(false)) => Change::Appears,
        _ => return None,
    };
    let before = before.map(|finding| finding.text.clone());
    Some(FindingChange { rule, change, before, after: after.map(|finding| finding.text) })
}
