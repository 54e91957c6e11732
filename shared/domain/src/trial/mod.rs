//! Trials on sample cases: what a draft of a plan, of the self-check rules, or of what an office grants would change, told
//! before it is published.
//!
//! A case stands at a border of what the draft would replace – just enough take part, one too few, the oldest who is
//! admitted –, so a border that is moved shows in one of them, whichever way it moves. Cases hold numbers and ages, nobody.

mod borders;
mod findings;
mod plan;
mod reliefs;
mod rules;

use serde::Serialize;

pub use self::findings::{Change, FindingChange, changes};
pub use self::plan::{PlanCase, PlanOutcome, plan_effect};
pub use self::reliefs::{Amounts, ReliefCase, reliefs_effect};
pub use self::rules::{RulesCase, RulesEffect, rules_effect};
use crate::plan::{Occupation, PlanVariant};
use crate::receipt::SharesHeld;
use crate::self_check::{
    Flagged, OfficeMeasure, PlanFacts, SelfCheckInput, SelfCheckResult, SelfCheckRules, self_check,
};

/// Age of members whose age is no matter.
const ADULT: u32 = 35;

/// What a sample case is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseKind {
    /// As many take part as the minimum asks.
    MinimumMet,
    /// One fewer than the minimum asks.
    MinimumMissed,
    /// The smallest unit in which not everyone must take part, with as many as the minimum asks.
    SmallestByRate,
    /// The largest unit in which everyone must take part, without one.
    SmallUnitMissed,
    /// One participant more than there are staff.
    MoreThanStaff,
    /// A member of the highest age that needs no proof.
    Oldest,
    /// A member one year older, without a proof.
    OverAge,
    /// A member of the lowest age that is admitted.
    Youngest,
    /// A member one year younger.
    UnderAge,
    /// A male member.
    Man,
    /// A member who is still covered by the same plan.
    Unexpired,
    /// A unit on the restricted list.
    RestrictedUnit,
    /// A member of high-risk occupation among others.
    HighRisk,
    /// The most shares a member may hold.
    MostShares,
    /// One share more.
    TooManyShares,
    /// A renewal after the days of grace.
    LateRenewal,
    /// Members of ordinary occupation with a share each.
    Ordinary,
    /// A single member with a share.
    OneMember,
}

impl CaseKind {
    /// Chinese name.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::MinimumMet => "参保率刚好达到最低要求",
            Self::MinimumMissed => "比最低参保率要求少一人",
            Self::SmallestByRate => "不要求全员参保的最小单位",
            Self::SmallUnitMissed => "须全员参保的单位少一人参保",
            Self::MoreThanStaff => "参保人数比职工人数多一人",
            Self::Oldest => "一人达到年龄上限",
            Self::OverAge => "一人超龄，未附超龄证明",
            Self::Youngest => "一人为年龄下限",
            Self::UnderAge => "一人低于年龄下限",
            Self::Man => "一名男职工",
            Self::Unexpired => "一人的同一活动保障未到期",
            Self::RestrictedUnit => "单位在限制名单中",
            Self::HighRisk => "有高危职业人员",
            Self::MostShares => "每人按最多份数参保",
            Self::TooManyShares => "每人超过最多份数一份",
            Self::LateRenewal => "续保间隔超过宽限期",
            Self::Ordinary => "一般职业，每人一份",
            Self::OneMember => "一人参保",
        }
    }
}

/// A sample enrolment of one plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// What it is made for.
    pub kind: CaseKind,
    /// Participants of ordinary occupation.
    pub ordinary: u32,
    /// Participants of high-risk occupation.
    pub high_risk: u32,
    /// Shares of each.
    pub shares: u32,
    /// Staff of the unit: as many women, so that a plan for women is measured against the same number.
    pub staff: u32,
    /// Age of the one participant who stands out, on the first day of cover.
    pub age: u32,
}

impl Case {
    /// A unit that enrols everybody, with a share each.
    const fn of(kind: CaseKind, participants: u32) -> Self {
        Self { kind, ordinary: participants, high_risk: 0, shares: 1, staff: participants, age: ADULT }
    }

    /// Everybody who takes part.
    #[must_use]
    pub fn participants(&self) -> u32 {
        self.ordinary.saturating_add(self.high_risk)
    }

    /// Participants by occupation.
    #[must_use]
    pub fn held(&self) -> [SharesHeld; 2] {
        let of = |occupation, members| SharesHeld { occupation, shares: self.shares, members };
        [of(Occupation::Ordinary, self.ordinary), of(Occupation::HighRisk, self.high_risk)]
    }

    /// What rules find in the case, were it an enrolment of the plan in a unit of the office, or of no office in particular.
    /// What offices set for themselves is left aside.
    #[must_use]
    pub fn checked(
        &self,
        plan: &PlanVariant,
        rules: &SelfCheckRules,
        office: Option<OfficeMeasure>,
    ) -> SelfCheckResult {
        let one_if = |singled_out: bool| Flagged::unlisted(usize::from(singled_out));
        let (old_end, first_day) = borders::LATE_RENEWAL;
        let facts = PlanFacts {
            plan,
            participants: self.participants(),
            high_risk: self.high_risk,
            over_age: one_if(self.age > plan.age.maximum),
            unexpired: one_if(self.kind == CaseKind::Unexpired),
            restricted: Flagged::default(),
            over_shares: one_if(self.shares > plan.max_shares),
            renewal: (self.kind == CaseKind::LateRenewal).then_some((old_end, first_day)),
        };
        let input = SelfCheckInput {
            office,
            staff: self.staff,
            female_staff: self.staff,
            unit_restricted: self.kind == CaseKind::RestrictedUnit,
            over_age_proof: false,
            grace_days: borders::GRACE_DAYS,
            plans: vec![facts],
        };
        self_check(rules, &input)
    }
}

#[cfg(test)]
mod tests;
