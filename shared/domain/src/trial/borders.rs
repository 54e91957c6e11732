//! The cases at the borders of what a draft would replace.

use jiff::civil::{Date, date};

use super::{Case, CaseKind};
use crate::plan::{Participation, PlanVariant};

/// Days of grace of a sample renewal, as offices begin with.
pub(super) const GRACE_DAYS: u32 = 15;
/// Last day of the old cover and first day of the new one, more than the days of grace apart.
pub(super) const LATE_RENEWAL: (Date, Date) = (date(2025, 1, 31), date(2025, 3, 31));
/// Participants of a case in which their number is no matter.
pub(super) const PARTICIPANTS: u32 = 25;
/// Those of high-risk occupation among them, where there are any.
pub(super) const HIGH_RISK: u32 = 5;
const WHOLE_PERCENT: u32 = 100;

/// Units at the borders of a measure of participation. Some measures lack some of them: where everyone must take part
/// anyway, no unit is the smallest that need not.
pub(super) fn measured(by: Participation) -> Vec<Case> {
    let percent = by.minimum_percent.min(WHOLE_PERCENT);
    let enough = |staff: u32| -> u32 {
        let needed = (u64::from(staff) * u64::from(percent)).div_ceil(u64::from(WHOLE_PERCENT));
        u32::try_from(needed).unwrap_or(staff).max(1)
    };
    let case = |kind: CaseKind, participants: u32, staff: u32| Case { staff, ..Case::of(kind, participants) };
    // In hundreds, so that the minimum is a whole number of people.
    let large = by.all_below_staff.div_ceil(WHOLE_PERCENT).max(1).saturating_mul(WHOLE_PERCENT);
    let mut cases = vec![case(CaseKind::MinimumMet, enough(large), large)];
    if enough(large) > 1 {
        cases.push(case(CaseKind::MinimumMissed, enough(large) - 1, large));
    }
    if let Some(not_everyone) = WHOLE_PERCENT.checked_div(WHOLE_PERCENT - percent) {
        let smallest = by.all_below_staff.max(not_everyone + 1);
        if smallest != large {
            cases.push(case(CaseKind::SmallestByRate, enough(smallest), smallest));
        }
    }
    if by.all_below_staff > 2 {
        let small = by.all_below_staff - 1;
        cases.push(case(CaseKind::SmallUnitMissed, small - 1, small));
    }
    cases
}

/// One case for everything else that a rule looks at.
pub(super) fn remarkable(plan: &PlanVariant) -> Vec<Case> {
    let plain = |kind| Case::of(kind, PARTICIPANTS);
    vec![
        Case { staff: PARTICIPANTS - 1, ..plain(CaseKind::MoreThanStaff) },
        Case { age: plan.age.maximum.saturating_add(1), ..plain(CaseKind::OverAge) },
        plain(CaseKind::Unexpired),
        plain(CaseKind::RestrictedUnit),
        high_risk(),
        Case { shares: plan.max_shares.saturating_add(1), ..plain(CaseKind::TooManyShares) },
        plain(CaseKind::LateRenewal),
    ]
}

/// Members at the borders of who may take part in a plan, and with how many shares.
pub(super) fn admitted(plan: &PlanVariant) -> Vec<Case> {
    let plain = |kind| Case::of(kind, PARTICIPANTS);
    let (minimum, maximum) = (plan.age.minimum, plan.age.maximum);
    vec![
        high_risk(),
        Case { shares: plan.max_shares, ..plain(CaseKind::MostShares) },
        Case { shares: plan.max_shares.saturating_add(1), ..plain(CaseKind::TooManyShares) },
        Case { age: minimum.saturating_sub(1), ..plain(CaseKind::UnderAge) },
        Case { age: minimum, ..plain(CaseKind::Youngest) },
        Case { age: maximum, ..plain(CaseKind::Oldest) },
        Case { age: maximum.saturating_add(1), ..plain(CaseKind::OverAge) },
        plain(CaseKind::Man),
    ]
}

/// Enrolments that pay different amounts.
pub(super) fn paying(plan: &PlanVariant) -> Vec<Case> {
    let mut cases = vec![Case::of(CaseKind::Ordinary, PARTICIPANTS), high_risk(), Case::of(CaseKind::OneMember, 1)];
    if plan.max_shares > 1 {
        cases.push(Case { shares: plan.max_shares, ..Case::of(CaseKind::MostShares, PARTICIPANTS) });
    }
    cases
}

fn high_risk() -> Case {
    Case { ordinary: PARTICIPANTS - HIGH_RISK, high_risk: HIGH_RISK, ..Case::of(CaseKind::HighRisk, PARTICIPANTS) }
}
