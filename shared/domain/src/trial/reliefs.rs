//! What sample enrolments would pay if an office granted something else.

use jiff::civil::Date;

use super::{Case, borders};
use crate::money::Fen;
use crate::organisation::Rounding;
use crate::plan::PlanVariant;
use crate::receipt::{Relief, ReliefKind, borne, contribution_total};

/// What an enrolment comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amounts {
    /// 会费
    pub contribution: Fen,
    /// 补贴
    pub subsidy: Fen,
    /// 赠险
    pub gifted: Fen,
    /// 应付: contribution − subsidy − gifted, never below 0.
    pub due: Fen,
}

/// A case under what is granted and under what would be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReliefCase {
    /// The case.
    pub case: Case,
    /// What it comes to as granted; none beyond the range of 64 bits.
    pub before: Option<Amounts>,
    /// What it would come to; none beyond the range of 64 bits.
    pub after: Option<Amounts>,
}

impl ReliefCase {
    /// Whether anything differs.
    #[must_use]
    pub fn changed(&self) -> bool {
        self.before != self.after
    }
}

/// Compares what enrolments of a plan pay that are completed on `day`, rounded as the office rounds.
#[must_use]
pub fn reliefs_effect(
    plan: &PlanVariant,
    (before, after): (&[Relief], &[Relief]),
    day: Date,
    rounding: Rounding,
) -> Vec<ReliefCase> {
    let compared = borders::paying(plan).into_iter().map(|case| {
        let of = |granted: &[Relief]| amounts(&case, plan, granted, day, rounding);
        ReliefCase { case, before: of(before), after: of(after) }
    });
    compared.collect()
}

fn amounts(case: &Case, plan: &PlanVariant, granted: &[Relief], day: Date, rounding: Rounding) -> Option<Amounts> {
    let held = case.held();
    let contribution = contribution_total(plan, &held)?;
    let all = borne(plan, &held, granted, day, rounding)?;
    let (gifts, subsidies): (Vec<_>, Vec<_>) = all.iter().partition(|borne| borne.kind == ReliefKind::GiftedCover);
    let subsidy = Fen::sum(subsidies.iter().map(|borne| borne.amount))?;
    let gifted = Fen::sum(gifts.iter().map(|borne| borne.amount))?;
    let due = contribution.checked_sub(subsidy)?.checked_sub(gifted)?;
    Some(Amounts { contribution, subsidy, gifted, due })
}
