//! The second pass over a roster file: what the platform knows about its people.

use super::check::{Accepted, Checked, PlanRules, RowRules};
use super::raw::Column;
use super::{FailedRow, Member};
use crate::cover::CoverPeriod;
use crate::identity::{PersonName, ResidentId};
use crate::reason::Reason;

/// What the platform knows about the person with an ID number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPerson {
    /// The row's name is the one on record; the caller compares keyed hashes. True where the row has no valid name.
    pub name_matches: bool,
    /// On the restricted list for enrolment.
    pub restricted: bool,
    /// Cover now and to come, of any plan.
    pub covers: Vec<KnownCover>,
}

/// Shares of one plan that a person holds for a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCover {
    /// Code of the plan variant, in whichever version.
    pub plan_code: String,
    /// When.
    pub period: CoverPeriod,
    /// How many.
    pub shares: u32,
}

/// A file after both passes: what is stored, all of it or nothing. `total` = `accepted` + failed rows.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// Rows that were not blank.
    pub total: u32,
    /// Rows imported.
    pub accepted: u32,
    /// The new members of each plan of the rules, in the rules' order; rows in the file's order.
    pub rosters: Vec<Vec<Member>>,
    /// Rows not imported, in the file's order.
    pub failed: Vec<FailedRow>,
}

/// Judges the people of `checked` by what `known` answers for each, and completes the reasons of rows that failed
/// before: `NAME_ID_MISMATCH`, `RESTRICTED`, `SHARES_EXCEEDED`. `rules` are those of the first pass.
///
/// `known` gets every valid ID number of [`Checked::people`] once for each row that has it, and answers `None` for
/// somebody the platform has never seen.
pub fn apply_known(
    checked: Checked,
    rules: &RowRules<'_>,
    known: &impl Fn(&ResidentId, Option<&PersonName>) -> Option<KnownPerson>,
) -> Outcome {
    let mut outcome = Outcome { total: checked.total, ..Outcome::default() };
    outcome.rosters.resize_with(rules.plans.len(), Vec::new);
    for row in checked.accepted {
        let person = known(&row.id, Some(&row.name));
        let reasons = person.as_ref().map(|person| reasons(person, &row.shares, rules)).unwrap_or_default();
        if reasons.is_empty() {
            outcome.accepted += 1;
            enrol(row, person.as_ref(), rules, &mut outcome.rosters);
        } else {
            let row_number = row.row;
            outcome.failed.push(FailedRow { row_number, cells: row.into_cells(rules.share_columns()), reasons });
        }
    }
    for mut failed in checked.failed {
        if let Some(person) = failed.id.as_ref().and_then(|id| known(id, failed.name.as_ref())) {
            for (column, reason) in reasons(&person, &failed.shares, rules) {
                let said = |(at, given): &(Column, Reason)| *at == column && given.code() == reason.code();
                if !failed.row.reasons.iter().any(said) {
                    failed.row.reasons.push((column, reason));
                }
            }
        }
        outcome.failed.push(failed.row);
    }
    outcome.failed.sort_by_key(|row| row.row_number);
    outcome
}

fn reasons(person: &KnownPerson, shares: &[u32], rules: &RowRules<'_>) -> Vec<(Column, Reason)> {
    let mut reasons = Vec::new();
    if !person.name_matches {
        reasons.push((Column::Name, Reason::NameIdMismatch));
    }
    if person.restricted {
        reasons.push((Column::IdNumber, Reason::Restricted));
    }
    for (column, plan, asked) in rules.plans_of(shares) {
        let held = held_shares(person, plan);
        let maximum = plan.plan.max_shares;
        if held.saturating_add(asked) > maximum {
            reasons.push((column, Reason::SharesExceeded { asked, held, maximum }));
        }
    }
    reasons
}

/// Shares of the same plan whose cover shares a day with the new one.
fn held_shares(person: &KnownPerson, plan: &PlanRules<'_>) -> u32 {
    let overlapping = same_plan(person, plan).filter(|cover| cover.period.overlaps(plan.period));
    overlapping.map(|cover| cover.shares).fold(0, u32::saturating_add)
}

fn same_plan<'a>(person: &'a KnownPerson, plan: &'a PlanRules<'_>) -> impl Iterator<Item = &'a KnownCover> {
    person.covers.iter().filter(|cover| cover.plan_code == plan.plan.code)
}

/// Adds an accepted row to the roster of each plan it takes part in.
fn enrol(row: Accepted, person: Option<&KnownPerson>, rules: &RowRules<'_>, rosters: &mut [Vec<Member>]) {
    let in_plans = rules.plans.iter().zip(rosters).zip(&row.shares).filter(|(_, shares)| **shares > 0);
    for ((plan, roster), shares) in in_plans {
        let start = plan.period.start();
        roster.push(Member {
            upload: rules.upload.clone(),
            row: row.row,
            name: row.name.clone(),
            id: row.id,
            mobile: row.mobile,
            occupation: row.occupation.unwrap_or_default(),
            shares: *shares,
            over_age: row.id.age_on(start) > plan.plan.age.maximum,
            unexpired: person.is_some_and(|person| same_plan(person, plan).any(|cover| cover.period.contains(start))),
        });
    }
}

#[cfg(test)]
#[path = "known_tests.rs"]
mod tests;
