//! What a plan's members owe together, and what others bear of it.

use serde::{Deserialize, Serialize};

use crate::money::Fen;
use crate::organisation::Rounding;
use crate::plan::{Occupation, PlanVariant};
use crate::reason::Reason;

/// One hundred percent in basis points.
const WHOLE: i128 = 10_000;

/// A number of members of one occupation who hold the same number of shares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharesHeld {
    /// Occupation class of all of them.
    pub occupation: Occupation,
    /// Shares of each.
    pub shares: u32,
    /// How many they are, named or not.
    pub members: u32,
}

impl SharesHeld {
    fn contribution(self, plan: &PlanVariant, shares: u32) -> Option<Fen> {
        plan.contribution(self.occupation, shares)?.checked_times(self.members)
    }
}

/// Σ members shares × fee(occupation); `None` beyond the range of 64 bits.
#[must_use]
pub fn contribution_total(plan: &PlanVariant, held: &[SharesHeld]) -> Option<Fen> {
    held.iter().try_fold(Fen::ZERO, |sum, held| sum.checked_add(held.contribution(plan, held.shares)?))
}

/// How much of a contribution a subsidy bears; never more than the contribution itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum SubsidyRule {
    /// The same amount for each member, at most the member's contribution.
    FixedPerMember {
        /// Amount for one member.
        amount: Fen,
    },
    /// A part of the plan's contribution, rounded to fen once, over all members, as the office rounds.
    Percentage {
        /// Part in hundredths of a percent, at most 10,000.
        basis_points: u16,
    },
    /// The full fee of each member's first shares.
    FirstShares {
        /// Number of shares borne for each member.
        shares: u32,
    },
}

impl SubsidyRule {
    /// The amount this rule bears; `None` beyond the range of 64 bits.
    #[must_use]
    pub fn amount(self, plan: &PlanVariant, held: &[SharesHeld], rounding: Rounding) -> Option<Fen> {
        let per_group = |part: &dyn Fn(&SharesHeld) -> Option<Fen>| {
            held.iter().try_fold(Fen::ZERO, |sum, held| sum.checked_add(part(held)?))
        };
        match self {
            Self::FixedPerMember { amount } => per_group(&|held| {
                let most = plan.contribution(held.occupation, held.shares)?;
                amount.clamp(Fen::ZERO, most.max(Fen::ZERO)).checked_times(held.members)
            }),
            Self::Percentage { basis_points } => {
                let total = i128::from(contribution_total(plan, held)?.fen());
                rounding.divide(total * i128::from(basis_points).min(WHOLE), WHOLE).map(Fen::new)
            }
            Self::FirstShares { shares } => per_group(&|held| held.contribution(plan, held.shares.min(shares))),
        }
    }
}

/// Amount due = total − subsidies − gifted cover (赠险).
///
/// # Errors
/// `AMOUNT_DUE_NEGATIVE` when more is borne than owed, `AMOUNT_TOO_LARGE` beyond the range of 64 bits.
pub fn amount_due(total: Fen, subsidies: impl IntoIterator<Item = Fen>, gifted: Fen) -> Result<Fen, Reason> {
    let borne = Fen::sum(subsidies).and_then(|sum| sum.checked_add(gifted)).ok_or(Reason::AmountTooLarge)?;
    let due = total.checked_sub(borne).ok_or(Reason::AmountTooLarge)?;
    if due < Fen::ZERO { Err(Reason::AmountDueNegative) } else { Ok(due) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use proptest::prelude::*;

    use super::*;
    use crate::plan::tests::plan;

    const HALF_UP: Rounding = Rounding::HalfUp;

    fn ordinary(members: u32, shares: u32) -> SharesHeld {
        SharesHeld { occupation: Occupation::Ordinary, shares, members }
    }

    #[test]
    fn the_worked_example_is_due_2400() {
        let hospital = plan(9500, 9500, 1);
        let members = [ordinary(25, 1)];
        let total = contribution_total(&hospital, &members).unwrap();
        assert_eq!(total, Fen::new(237_500));
        let subsidy =
            SubsidyRule::FixedPerMember { amount: Fen::new(3500) }.amount(&hospital, &members, HALF_UP).unwrap();
        assert_eq!(subsidy, Fen::new(87_500));
        let due = amount_due(total, [subsidy], Fen::ZERO).unwrap();
        assert_eq!(due, Fen::new(150_000));
        let critical = contribution_total(&plan(3600, 3600, 1), &members).unwrap();
        assert_eq!(due.checked_add(critical), Some(Fen::new(240_000)));
    }

    #[test]
    fn occupations_pay_their_own_fee() {
        let high = SharesHeld { occupation: Occupation::HighRisk, shares: 2, members: 3 };
        let total = contribution_total(&plan(2000, 3200, 4), &[ordinary(5, 1), high]);
        assert_eq!(total, Some(Fen::new(5 * 2000 + 3 * 2 * 3200)));
    }

    #[test]
    fn rules_bear_their_part() {
        let check = |rule: SubsidyRule, fen| {
            let held = [ordinary(3, 2), SharesHeld { occupation: Occupation::HighRisk, shares: 1, members: 1 }];
            assert_eq!(rule.amount(&plan(2501, 3200, 2), &held, HALF_UP), Some(Fen::new(fen)), "{rule:?}");
        };
        // The high-risk member pays less than the subsidy would be.
        check(SubsidyRule::FixedPerMember { amount: Fen::new(4000) }, 3 * 4000 + 3200);
        check(SubsidyRule::FixedPerMember { amount: Fen::new(-1) }, 0);
        // 50 % of 182.06, 33.33 % of it is 60.680598.
        check(SubsidyRule::Percentage { basis_points: 5000 }, 9103);
        check(SubsidyRule::Percentage { basis_points: 3333 }, 6068);
        check(SubsidyRule::Percentage { basis_points: u16::MAX }, 18_206);
        check(SubsidyRule::FirstShares { shares: 1 }, 3 * 2501 + 3200);
        check(SubsidyRule::FirstShares { shares: 9 }, 18_206);
    }

    /// 25.01 and 25.03 × 50 %: 12.505 and 12.515; rounded once, over all members.
    #[test]
    fn a_half_fen_goes_where_the_office_says() {
        let half = SubsidyRule::Percentage { basis_points: 5000 };
        let check = |fee, members, rounding, fen| {
            let borne = half.amount(&plan(fee, fee, 1), &[ordinary(members, 1)], rounding);
            assert_eq!(borne, Some(Fen::new(fen)), "{fee} × {members}, {rounding:?}");
        };
        check(2501, 1, HALF_UP, 1251);
        check(2501, 1, Rounding::HalfEven, 1250);
        check(2503, 1, Rounding::HalfEven, 1252);
        check(2501, 1, Rounding::Down, 1250);
        check(2501, 2, Rounding::Down, 2501);
        check(1, 1, HALF_UP, 1);
        check(1, 1, Rounding::HalfEven, 0);
        check(1, 1, Rounding::Down, 0);
    }

    #[test]
    fn refuses_impossible_amounts() {
        assert_eq!(amount_due(Fen::new(100), [Fen::new(60)], Fen::new(41)), Err(Reason::AmountDueNegative));
        assert_eq!(amount_due(Fen::new(100), [Fen::new(60)], Fen::new(40)), Ok(Fen::ZERO));
        assert_eq!(amount_due(Fen::new(1), [Fen::new(i64::MAX)], Fen::new(1)), Err(Reason::AmountTooLarge));
        assert_eq!(contribution_total(&plan(i64::MAX, i64::MAX, 2), &[ordinary(2, 1)]), None);
    }

    proptest! {
        #[test]
        fn a_single_subsidy_never_exceeds_the_contribution(
            fee in 1..20_000_i64, members in 0..1000_u32, shares in 1..5_u32, amount in 0..50_000_i64,
            basis_points in any::<u16>(), first in 0..9_u32,
        ) {
            let (plan, held) = (plan(fee, fee, 4), [ordinary(members, shares)]);
            let total = contribution_total(&plan, &held).unwrap();
            for rule in [
                SubsidyRule::FixedPerMember { amount: Fen::new(amount) },
                SubsidyRule::Percentage { basis_points },
                SubsidyRule::FirstShares { shares: first },
            ] {
                let borne = rule.amount(&plan, &held, HALF_UP).unwrap();
                prop_assert!(Fen::ZERO <= borne && borne <= total, "{:?}", rule);
            }
        }
    }
}
