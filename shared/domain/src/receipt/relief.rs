//! What a unit need not pay of its contribution: subsidies (补贴), which somebody else bears, and gifted cover (赠险), which
//! is waived.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{FundSource, SharesHeld, SubsidyRule, contribution_total};
use crate::ids::ReliefId;
use crate::money::Fen;
use crate::organisation::Rounding;
use crate::plan::PlanVariant;

/// Who bears what the unit need not pay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum ReliefKind {
    /// 补贴
    Subsidy {
        /// Title of who bears it.
        bearer_title: String,
        /// Tax number of who bears it; may be empty.
        #[serde(default)]
        tax_number: String,
        /// Fund it comes from.
        fund_source: FundSource,
    },
    /// 赠险: nobody pays it.
    GiftedCover,
}

impl ReliefKind {
    /// 补贴 or 赠险.
    #[must_use]
    pub fn chinese(&self) -> &'static str {
        match self {
            Self::Subsidy { .. } => "补贴",
            Self::GiftedCover => "赠险",
        }
    }
}

/// A subsidy or gifted cover that an office grants the units below it for one plan variant and a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relief {
    /// Identifier.
    pub id: ReliefId,
    /// Code of the plan variant, in whichever version.
    pub plan_code: String,
    /// How much of the contribution.
    pub rule: SubsidyRule,
    /// Who bears it.
    #[serde(flatten)]
    pub kind: ReliefKind,
    /// First day on which an enrolment that is completed gets it.
    pub from: Date,
    /// Last such day; none while it is open.
    pub until: Option<Date>,
}

impl Relief {
    /// Whether an enrolment completed on `day` gets it.
    #[must_use]
    pub fn applies_on(&self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }
}

/// What a relief came to for one plan of one enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Borne {
    /// The relief.
    pub relief: ReliefId,
    /// How much of the contribution.
    pub rule: SubsidyRule,
    /// Who bears it.
    #[serde(flatten)]
    pub kind: ReliefKind,
    /// What it came to, above 0.
    pub amount: Fen,
}

/// What reliefs come to on a day for the members of one plan, rounded as the office rounds; `None` beyond the range of 64
/// bits.
///
/// Each is reckoned from the whole contribution, as if it stood alone. Subsidies come before gifted cover – a gift fills
/// what nobody bears –, each in the order granted, and none takes more than those before it left: the amount due is never
/// negative (rules: contributions, subsidy). What comes to nothing is left out.
#[must_use]
pub fn borne(
    plan: &PlanVariant,
    held: &[SharesHeld],
    reliefs: &[Relief],
    day: Date,
    rounding: Rounding,
) -> Option<Vec<Borne>> {
    let mut left = contribution_total(plan, held)?;
    let mut applying: Vec<&Relief> =
        reliefs.iter().filter(|relief| relief.plan_code == plan.code && relief.applies_on(day)).collect();
    applying.sort_by_key(|relief| relief.kind == ReliefKind::GiftedCover);
    let mut all = Vec::new();
    for relief in applying {
        let amount = relief.rule.amount(plan, held, rounding)?.min(left);
        left = left.checked_sub(amount)?;
        if amount > Fen::ZERO {
            all.push(Borne { relief: relief.id.clone(), rule: relief.rule, kind: relief.kind.clone(), amount });
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::plan::Occupation;
    use crate::plan::tests::plan;

    const DAY: Date = date(2026, 3, 10);

    fn relief(id: &str, rule: SubsidyRule, kind: ReliefKind) -> Relief {
        Relief { id: ReliefId::parse(id).unwrap(), plan_code: "sample".into(), rule, kind, from: DAY, until: None }
    }

    fn subsidy(title: &str) -> ReliefKind {
        ReliefKind::Subsidy {
            bearer_title: title.into(),
            tax_number: String::new(),
            fund_source: FundSource::UnionFunds,
        }
    }

    fn fixed(fen: i64) -> SubsidyRule {
        SubsidyRule::FixedPerMember { amount: Fen::new(fen) }
    }

    fn amounts(reliefs: &[Relief], day: Date) -> Vec<(String, i64)> {
        let held = [SharesHeld { occupation: Occupation::Ordinary, shares: 1, members: 25 }];
        let all = borne(&plan(9500, 9500, 1), &held, reliefs, day, Rounding::HalfUp).unwrap();
        all.into_iter().map(|borne| (borne.relief.to_string(), borne.amount.fen())).collect()
    }

    #[test]
    fn subsidies_come_first_and_nothing_goes_below_zero() {
        let gift = relief("gift", fixed(2000), ReliefKind::GiftedCover);
        let office = relief("office", fixed(3500), subsidy("市总工会"));
        let other = relief("other", fixed(9000), subsidy("区总工会"));
        assert_eq!(amounts(&[gift.clone(), office.clone()], DAY), [("office".into(), 87_500), ("gift".into(), 50_000)]);
        // 2,375.00 − 875.00 leaves 1,500.00 of the 2,250.00, and nothing for the gift.
        assert_eq!(amounts(&[gift, office, other], DAY), [("office".into(), 87_500), ("other".into(), 150_000)]);
    }

    #[test]
    fn a_relief_is_for_its_plan_and_its_days() {
        let ended = Relief { until: Some(DAY), ..relief("a", fixed(1), ReliefKind::GiftedCover) };
        assert_eq!(amounts(std::slice::from_ref(&ended), DAY).len(), 1);
        assert_eq!(amounts(std::slice::from_ref(&ended), DAY.yesterday().unwrap()), []);
        assert_eq!(amounts(std::slice::from_ref(&ended), DAY.tomorrow().unwrap()), []);
        assert_eq!(amounts(&[Relief { plan_code: "other".into(), ..ended }], DAY), []);
    }

    proptest! {
        #[test]
        fn what_is_borne_and_what_is_due_are_the_contribution(
            fee in 1..20_000_i64, members in 0..500_u32, shares in 1..5_u32,
            rules in prop::collection::vec((0..3_u8, 0..30_000_i64, any::<bool>()), 0..6),
        ) {
            let held = [SharesHeld { occupation: Occupation::Ordinary, shares, members }];
            let plan = plan(fee, fee, 4);
            let reliefs: Vec<_> = rules.iter().enumerate().map(|(n, (kind, figure, gift))| {
                let rule = match kind {
                    0 => fixed(*figure),
                    1 => SubsidyRule::Percentage { basis_points: u16::try_from(*figure).unwrap() },
                    _ => SubsidyRule::FirstShares { shares: u32::try_from(figure % 6).unwrap() },
                };
                let kind = if *gift { ReliefKind::GiftedCover } else { subsidy("工会") };
                relief(&format!("r{n}"), rule, kind)
            }).collect();
            let all = borne(&plan, &held, &reliefs, DAY, Rounding::HalfUp).unwrap();
            let total = contribution_total(&plan, &held).unwrap();
            let due = crate::receipt::amount_due(total, all.iter().map(|borne| borne.amount), Fen::ZERO);
            prop_assert!(due.is_ok());
            prop_assert!(all.iter().all(|borne| borne.amount > Fen::ZERO));
        }
    }
}
