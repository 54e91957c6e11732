//! The self-check (自核): what a reviewer should know about an enrolment when it is completed.
//!
//! It informs and blocks nothing; which rules run is data with a version, and a stored result names that version.

mod book;
mod rules;

use serde::{Deserialize, Serialize};

pub use self::book::RuleBook;
pub use self::rules::{ParticipationRule, SelfCheckRules};
use crate::cover::continues;
use crate::identity::ResidentId;
use crate::number::OfficeCode;
use crate::plan::{PlanVariant, SexRule, participation_percent};

/// Most members listed under one rule of one plan; the rest are counted.
pub const MEMBERS_LISTED_MAX: usize = 20;

/// One rule of the self-check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Rule {
    /// The participation rate reaches the plan's minimum; in a small unit everyone takes part.
    Participation,
    /// No more participants than staff, or female staff for a women's plan.
    WithinStaff,
    /// Members over the age limit have a proof.
    OverAge,
    /// Nobody is still covered by the same plan.
    Unexpired,
    /// Neither the unit nor a member is restricted.
    Restricted,
    /// No high-risk occupation.
    HighRisk,
    /// Nobody holds more shares than the plan allows.
    Shares,
    /// A renewal starts within the grace period.
    RenewalGap,
}

impl Rule {
    /// All rules.
    pub const ALL: [Self; 8] = [
        Self::Participation,
        Self::WithinStaff,
        Self::OverAge,
        Self::Unexpired,
        Self::Restricted,
        Self::HighRisk,
        Self::Shares,
        Self::RenewalGap,
    ];

    /// Chinese name.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Participation => "参保率",
            Self::WithinStaff => "参保人数不超过职工人数",
            Self::OverAge => "超龄人员",
            Self::Unexpired => "未到期参保人",
            Self::Restricted => "限制名单",
            Self::HighRisk => "高危职业",
            Self::Shares => "每人最多份数",
            Self::RenewalGap => "续保间隔",
        }
    }
}

/// What is known of an enrolment when it is completed.
#[derive(Debug, Clone)]
pub struct SelfCheckInput<'a> {
    /// The unit's office, which measures differently than others, or is measured so; none for a sample of no office.
    pub office: Option<OfficeMeasure>,
    /// Staff of the unit.
    pub staff: u32,
    /// Women among them.
    pub female_staff: u32,
    /// The unit is on the restricted list.
    pub unit_restricted: bool,
    /// An over-age proof is attached.
    pub over_age_proof: bool,
    /// Days after the old end within which a renewal keeps continuity.
    pub grace_days: u32,
    /// One for each plan.
    pub plans: Vec<PlanFacts<'a>>,
}

/// An office, as far as participation is measured by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfficeMeasure {
    /// Its code, by which rules name it.
    pub code: OfficeCode,
    /// What it has set: in a unit with fewer staff than this, everyone must take part.
    pub min_staff_for_ratio: Option<u32>,
}

/// What is known of one plan of the enrolment.
#[derive(Debug, Clone)]
pub struct PlanFacts<'a> {
    /// The plan variant.
    pub plan: &'a PlanVariant,
    /// Participants, named or not.
    pub participants: u32,
    /// Those of high-risk occupation.
    pub high_risk: u32,
    /// Older than the plan's maximum.
    pub over_age: Flagged,
    /// Still covered by the same plan.
    pub unexpired: Flagged,
    /// On the restricted list.
    pub restricted: Flagged,
    /// With more shares than the plan allows.
    pub over_shares: Flagged,
    /// For a renewal: last day of the old cover, and first day of the new one as far as it is known.
    pub renewal: Option<(jiff::civil::Date, jiff::civil::Date)>,
}

/// Members that a rule singles out: all counted, the first [`MEMBERS_LISTED_MAX`] listed by masked ID number.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flagged {
    count: usize,
    masked: Vec<String>,
}

impl Flagged {
    /// Members of a sample, who have no ID numbers to list.
    #[must_use]
    pub fn unlisted(count: usize) -> Self {
        Self { count, masked: Vec::new() }
    }

    /// How many members are singled out.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }
}

impl<'a> FromIterator<&'a ResidentId> for Flagged {
    fn from_iter<I: IntoIterator<Item = &'a ResidentId>>(ids: I) -> Self {
        ids.into_iter().fold(Self::default(), |mut flagged, id| {
            flagged.count += 1;
            if flagged.masked.len() < MEMBERS_LISTED_MAX {
                flagged.masked.push(id.masked());
            }
            flagged
        })
    }
}

/// A self-check as stored with the enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfCheckResult {
    /// Version of the rules that ran.
    pub version: String,
    /// Findings in the order of the rules, then of the plans.
    pub findings: Vec<Finding>,
}

impl SelfCheckResult {
    /// Whether every rule passed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.findings.iter().all(|finding| finding.passed)
    }
}

/// What one rule found about the unit, a plan or a member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// The rule.
    pub rule: Rule,
    /// Code of the plan variant; none for the unit as a whole.
    pub plan: Option<String>,
    /// Whether the rule holds.
    pub passed: bool,
    /// A Chinese sentence without personal data.
    pub text: String,
    /// Masked ID number of the member it is about.
    pub member: Option<String>,
}

/// Runs the rules over an enrolment.
#[must_use]
pub fn self_check(rules: &SelfCheckRules, input: &SelfCheckInput<'_>) -> SelfCheckResult {
    let findings = rules.rules.iter().flat_map(|rule| findings(*rule, rules, input)).collect();
    SelfCheckResult { version: rules.version.clone(), findings }
}

fn findings(rule: Rule, rules: &SelfCheckRules, input: &SelfCheckInput<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if rule == Rule::Restricted {
        let text = if input.unit_restricted { "单位在限制名单中" } else { "单位不在限制名单中" };
        findings.push(Finding { rule, plan: None, passed: !input.unit_restricted, text: text.into(), member: None });
    }
    for facts in &input.plans {
        let verdict = match rule {
            Rule::Participation => participation(facts, rules, input),
            Rule::WithinStaff => within_staff(facts, input),
            Rule::OverAge if facts.over_age.count > 0 && input.over_age_proof => {
                Verdict::passed(format!("有{}人超龄，已附超龄证明", facts.over_age.count))
            }
            Rule::OverAge => Verdict::nobody(&facts.over_age, "超龄而未附超龄证明"),
            Rule::Unexpired => Verdict::nobody(&facts.unexpired, "在保障开始当日仍有同一活动的保障"),
            Rule::Restricted => Verdict::nobody(&facts.restricted, "在限制名单中"),
            Rule::HighRisk if facts.high_risk > 0 => Verdict::failed(format!("有{}人从事高危职业", facts.high_risk)),
            Rule::HighRisk => Verdict::passed("没有高危职业人员".into()),
            Rule::Shares => Verdict::nobody(&facts.over_shares, "超过每人最多份数"),
            Rule::RenewalGap => renewal_gap(facts, input.grace_days),
        };
        findings.extend(verdict.into_findings(rule, &facts.plan.code));
    }
    findings
}

/// What a rule says of a plan, and the members it says it of.
struct Verdict<'a> {
    passed: bool,
    text: String,
    members: &'a [String],
}

impl<'a> Verdict<'a> {
    fn passed(text: String) -> Self {
        Self { passed: true, text, members: &[] }
    }

    fn failed(text: String) -> Self {
        Self { passed: false, text, members: &[] }
    }

    fn nobody(flagged: &'a Flagged, what: &str) -> Self {
        match flagged.count {
            0 => Self::passed(format!("没有人{what}")),
            count => Self { passed: false, text: format!("有{count}人{what}"), members: &flagged.masked },
        }
    }

    /// One finding for the plan, then one for each listed member.
    fn into_findings(self, rule: Rule, plan: &str) -> impl Iterator<Item = Finding> {
        let Self { passed, text, members } = self;
        let members = members.iter().map(|member| Some(member.clone()));
        let plan = plan.to_owned();
        std::iter::once(None).chain(members).map(move |member| Finding {
            rule,
            plan: Some(plan.clone()),
            passed,
            text: text.clone(),
            member,
        })
    }
}

/// The staff a plan's participants are measured against, with their Chinese name.
fn staff_of(facts: &PlanFacts<'_>, input: &SelfCheckInput<'_>) -> (u32, &'static str) {
    match facts.plan.sex {
        SexRule::Any => (input.staff, "职工"),
        SexRule::Female => (input.female_staff, "女职工"),
    }
}

fn participation(facts: &PlanFacts<'_>, rules: &SelfCheckRules, input: &SelfCheckInput<'_>) -> Verdict<'static> {
    let (staff, staff_name) = staff_of(facts, input);
    let rule = rules.participation_of(facts.plan, input.office);
    let rate =
        participation_percent(facts.participants, staff).map_or("无法计算".into(), |rate| format!("{rate}%"));
    let required = if staff < rule.all_below_staff {
        format!("{staff_name}不足{}人的单位应全员参加", rule.all_below_staff)
    } else {
        format!("最低参保率为{}%", rule.minimum_percent)
    };
    let participants = facts.participants;
    let text = format!("参保{participants}人，{staff_name}{staff}人，参保率{rate}；{required}");
    Verdict { passed: rule.is_met(participants, staff), text, members: &[] }
}

fn within_staff(facts: &PlanFacts<'_>, input: &SelfCheckInput<'_>) -> Verdict<'static> {
    let (staff, staff_name) = staff_of(facts, input);
    let text = format!("参保{}人，{staff_name}{staff}人", facts.participants);
    Verdict { passed: facts.participants <= staff, text, members: &[] }
}

fn renewal_gap(facts: &PlanFacts<'_>, grace_days: u32) -> Verdict<'static> {
    match facts.renewal {
        None => Verdict::passed("不是续保".into()),
        Some((old_end, start)) if continues(old_end, start, grace_days) => {
            Verdict::passed(format!("上期保障至{old_end}，本期自{start}起，保障连续"))
        }
        Some((old_end, start)) => Verdict::failed(format!(
            "上期保障至{old_end}，本期自{start}起，超过{grace_days}天的续保宽限期，观察期重新计算"
        )),
    }
}

#[cfg(test)]
#[path = "self_check_tests.rs"]
mod tests;
