//! Plan variants (保障活动细类): what a share costs, who may take part and for how long.

use serde::{Deserialize, Serialize};

use crate::identity::Sex;
use crate::money::Fen;

mod book;
mod catalogue;
mod judge;

pub use self::book::PlanBook;
pub use self::catalogue::{Catalogue, CatalogueAgency, CatalogueError, CatalogueOffice, DisabilityRatio, Material};
pub use self::judge::plan_problems;

/// 申领类型: what a claim can be about, the same for every plan.
pub const CLAIM_TYPES: [&str; 8] =
    ["疾病住院", "意外住院", "重疾", "女工重疾", "意外伤残", "意外身故", "疾病身故", "住院津贴"];

/// A priced variant of a plan in one version, such as 住院医疗(A方案)(会费95元) of 2025.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanVariant {
    /// Stable code, `hospital-a`.
    pub code: String,
    /// Version of fees and benefits; an enrolment keeps the version it was entered with.
    pub version: String,
    /// Name of the plan (保障活动).
    pub name: String,
    /// Name of the variant (保障活动细类).
    pub variant: String,
    /// What the plan covers.
    pub kind: PlanKind,
    /// Standard contribution of one share for an ordinary occupation.
    pub fee: Fen,
    /// Contribution of one share for a high-risk occupation.
    pub fee_high_risk: Fen,
    /// Most shares a member may hold at the same time.
    pub max_shares: u32,
    /// Length of cover in months.
    pub term_months: u32,
    /// Ages on the first day of cover.
    pub age: AgeRange,
    /// Who may take part.
    pub sex: SexRule,
    /// How many of a unit's staff must take part.
    pub participation: Participation,
    /// Waiting period after first cover.
    pub waiting: Waiting,
    /// Open to couriers, drivers and other workers in new forms of employment.
    #[serde(default)]
    pub new_employment_form: bool,
    /// What the plan pays.
    pub benefits: Vec<Benefit>,
}

impl PlanVariant {
    /// Contribution of one share.
    #[must_use]
    pub fn fee_for(&self, occupation: Occupation) -> Fen {
        match occupation {
            Occupation::Ordinary => self.fee,
            Occupation::HighRisk => self.fee_high_risk,
        }
    }

    /// Contribution of one member: shares × fee of the occupation. `None` beyond the range of 64 bits.
    #[must_use]
    pub fn contribution(&self, occupation: Occupation, shares: u32) -> Option<Fen> {
        self.fee_for(occupation).checked_times(shares)
    }
}

/// What a plan covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlanKind {
    /// Hospital stays.
    Hospital,
    /// Critical illness.
    Critical,
    /// Women's diseases.
    Women,
    /// Accidents.
    Accident,
    /// Several of these.
    Combined,
}

/// Ages in whole years, `[minimum, maximum]` in the catalogue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "[u32; 2]", into = "[u32; 2]")]
pub struct AgeRange {
    /// Younger people are refused.
    pub minimum: u32,
    /// Older people are admitted with an over-age proof.
    pub maximum: u32,
}

impl From<[u32; 2]> for AgeRange {
    fn from([minimum, maximum]: [u32; 2]) -> Self {
        Self { minimum, maximum }
    }
}

impl From<AgeRange> for [u32; 2] {
    fn from(range: AgeRange) -> Self {
        [range.minimum, range.maximum]
    }
}

/// Who may take part in a plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SexRule {
    /// Everybody.
    Any,
    /// Women only; participation is measured against the female staff.
    Female,
}

impl SexRule {
    /// Whether a person of this sex may take part.
    #[must_use]
    pub fn admits(self, sex: Sex) -> bool {
        self == Self::Any || sex == Sex::Female
    }
}

/// Occupation class of a member; decides the fee.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Occupation {
    /// 一般职业
    #[default]
    Ordinary,
    /// 高危职业
    HighRisk,
}

impl Occupation {
    /// Both classes, in the order of lists.
    pub const ALL: [Self; 2] = [Self::Ordinary, Self::HighRisk];

    /// 一般职业 or 高危职业, as the roster workbook offers them.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Ordinary => "一般职业",
            Self::HighRisk => "高危职业",
        }
    }
}

/// How many of a unit's staff must take part (参保率).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participation {
    /// Least share of the staff, in percent.
    pub minimum_percent: u32,
    /// In a unit with fewer staff than this, everyone must take part.
    pub all_below_staff: u32,
}

impl Participation {
    /// Whether enough take part: compared exactly, not as the rounded percentage shows it. `staff` counts only women
    /// for a women's plan. Nobody is never enough.
    #[must_use]
    pub fn is_met(self, participants: u32, staff: u32) -> bool {
        let needed_percent = if staff < self.all_below_staff { 100 } else { self.minimum_percent };
        participants > 0 && u64::from(participants) * 100 >= u64::from(staff) * u64::from(needed_percent)
    }
}

/// Participants ÷ staff in whole percent, rounded half-up, for display only; `None` without staff.
#[must_use]
pub fn participation_percent(participants: u32, staff: u32) -> Option<u64> {
    let (participants, staff) = (u64::from(participants), u64::from(staff));
    (participants * 200 + staff).checked_div(staff * 2)
}

/// Waiting period (观察期), in days of continuous cover counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Nothing is paid up to and including this day; 0 for no waiting period.
    pub none_until_day: u32,
    /// After that, a consolation payment up to and including this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consolation_until_day: Option<u32>,
}

/// How much a plan pays on a day of continuous cover.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WaitingTier {
    /// Nothing yet.
    None,
    /// The consolation payment.
    Consolation,
    /// The full benefit.
    Full,
}

impl Waiting {
    /// Tier of the `day`-th day of continuous cover, from 1.
    #[must_use]
    pub fn tier_on(self, day: u32) -> WaitingTier {
        if day <= self.none_until_day {
            WaitingTier::None
        } else if self.consolation_until_day.is_some_and(|last| day <= last) {
            WaitingTier::Consolation
        } else {
            WaitingTier::Full
        }
    }
}

/// One benefit item (申领标准) of a plan; the formula's own figures stay JSON until a claim is calculated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Benefit {
    /// Stable code within the plan.
    pub code: String,
    /// 申领类型, one of [`Catalogue::claim_types`].
    pub claim_type: String,
    /// Chinese name.
    pub name: String,
    /// Name of the formula, such as `reimbursement`.
    pub formula: String,
    /// The formula's figures and their sources, as the catalogue has them.
    #[serde(flatten)]
    pub terms: serde_json::Map<String, serde_json::Value>,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A plan for everybody from 16 to 60, for a year, with the given fees in fen.
    pub(crate) fn plan(fee: i64, fee_high_risk: i64, max_shares: u32) -> PlanVariant {
        PlanVariant {
            code: "sample".into(),
            version: "2025".into(),
            name: "样例活动".into(),
            variant: "样例活动(标准版)".into(),
            kind: PlanKind::Combined,
            fee: Fen::new(fee),
            fee_high_risk: Fen::new(fee_high_risk),
            max_shares,
            term_months: 12,
            age: AgeRange { minimum: 16, maximum: 60 },
            sex: SexRule::Any,
            participation: Participation { minimum_percent: 60, all_below_staff: 20 },
            waiting: Waiting { none_until_day: 30, consolation_until_day: Some(60) },
            new_employment_form: false,
            benefits: vec![Benefit {
                code: "death".into(),
                claim_type: "意外身故".into(),
                name: "身故互助金".into(),
                formula: "death".into(),
                terms: serde_json::Map::from_iter([("sum_assured".into(), 2_000_000.into())]),
            }],
        }
    }

    #[test]
    fn participation_is_compared_exactly_and_shown_rounded() {
        let rule = Participation { minimum_percent: 60, all_below_staff: 20 };
        let check = |participants, staff, met, shown| {
            assert_eq!((rule.is_met(participants, staff), participation_percent(participants, staff)), (met, shown));
        };
        check(2, 2, true, Some(100));
        check(2, 326, false, Some(1));
        check(60, 100, true, Some(60));
        check(599, 1000, false, Some(60));
        check(12, 20, true, Some(60));
        check(18, 19, false, Some(95));
        check(19, 19, true, Some(100));
        check(0, 0, false, None);
        check(1, 200, false, Some(1));
        check(1, 201, false, Some(0));
        check(u32::MAX, u32::MAX, true, Some(100));
    }

    proptest::proptest! {
        /// As a fraction, never as the rounded percentage: enough is enough, and one more never makes it less.
        #[test]
        fn enough_take_part_or_not(
            participants in 0..3000_u32, staff in 0..3000_u32, minimum_percent in 0..101_u32, all_below_staff in 0..200_u32,
        ) {
            let rule = Participation { minimum_percent, all_below_staff };
            let met = rule.is_met(participants, staff);
            let all = participants >= staff;
            let missing = i64::from(staff) * i64::from(minimum_percent) - i64::from(participants) * 100;
            let expect = participants > 0 && if staff < all_below_staff { all } else { missing <= 0 };
            proptest::prop_assert_eq!(met, expect);
            proptest::prop_assert!(!met || rule.is_met(participants + 1, staff));
            match participation_percent(participants, staff) {
                None => proptest::prop_assert_eq!(staff, 0),
                Some(shown) => {
                    let (twice, exact) = (2 * shown * u64::from(staff), 200 * u64::from(participants));
                    proptest::prop_assert!(twice.abs_diff(exact) <= u64::from(staff), "off by half a percent at most");
                    proptest::prop_assert!(exact != twice + u64::from(staff), "a half goes up");
                }
            }
        }
    }

    #[test]
    fn waiting_has_three_tiers() {
        let waiting = Waiting { none_until_day: 30, consolation_until_day: Some(60) };
        let check = |day, tier| assert_eq!(waiting.tier_on(day), tier, "{day}");
        check(30, WaitingTier::None);
        check(31, WaitingTier::Consolation);
        check(60, WaitingTier::Consolation);
        check(61, WaitingTier::Full);
        assert_eq!(Waiting { none_until_day: 0, consolation_until_day: None }.tier_on(1), WaitingTier::Full);
    }
}
