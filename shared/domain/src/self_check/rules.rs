//! The rules of the self-check as data: which run, and their parameters.

use serde::{Deserialize, Serialize};

use super::{OfficeMeasure, Rule};
use crate::number::OfficeCode;
use crate::plan::{Participation, PlanVariant};
use crate::refusal::Problem;
use crate::versions::Versioned;

/// Longest name of a version.
const VERSION_LENGTH_MAX: usize = 20;
/// Most parameters of a version.
const PARAMETERS_MAX: usize = 200;
/// Largest unit that may be called small.
const SMALL_UNIT_MAX: u32 = 100_000;

/// A set of rules.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelfCheckRules {
    /// Names this set of rules in stored results.
    pub version: String,
    /// The rules that run, in the order of the result.
    pub rules: Vec<Rule>,
    /// Where participation is measured otherwise than the plan says.
    #[serde(default)]
    pub participation: Vec<ParticipationRule>,
}

/// A measure of participation in place of the plan's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ParticipationRule {
    /// The office whose units it is for; every office if absent.
    pub office: Option<OfficeCode>,
    /// Code of the plan variant it is for; every plan if absent.
    pub plan: Option<String>,
    /// Least part of the staff, in percent.
    pub minimum_percent: Option<u32>,
    /// In a unit with fewer staff than this, everyone must take part.
    pub all_below_staff: Option<u32>,
}

/// Every rule, as shipped.
impl Default for SelfCheckRules {
    fn default() -> Self {
        Self { version: "2025-1".into(), rules: Rule::ALL.to_vec(), participation: Vec::new() }
    }
}

impl Versioned for SelfCheckRules {
    fn version(&self) -> &str {
        &self.version
    }
}

impl SelfCheckRules {
    /// How participation in a plan is measured for the units of an office: the plan's own measure, and in its place what
    /// these rules say of the plan; over that what the office has set for itself, over that what these rules say of the office, over
    /// that what they say of both.
    #[must_use]
    pub fn participation_of(&self, plan: &PlanVariant, office: Option<OfficeMeasure>) -> Participation {
        let code = office.map(|office| office.code);
        let applies = |rule: &&ParticipationRule| {
            rule.office.is_none_or(|of| Some(of) == code) && rule.plan.as_ref().is_none_or(|code| *code == plan.code)
        };
        let set = office.and_then(|office| office.min_staff_for_ratio).map(|staff| ParticipationRule {
            office: code,
            plan: None,
            minimum_percent: None,
            all_below_staff: Some(staff),
        });
        let named = self.participation.iter().filter(applies).cloned();
        // The office's own comes first among equals, so what these rules say of it stands above it.
        let mut applying: Vec<ParticipationRule> = set.into_iter().chain(named).collect();
        applying.sort_by_key(|rule| (rule.office.is_some(), rule.plan.is_some()));
        applying.into_iter().fold(plan.participation, |measure, rule| Participation {
            minimum_percent: rule.minimum_percent.unwrap_or(measure.minimum_percent),
            all_below_staff: rule.all_below_staff.unwrap_or(measure.all_below_staff),
        })
    }

    /// Everything that is wrong with the set, with its place in the form.
    #[must_use]
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut unless = |fits: bool, at: String, code: &str, text: &str| {
            if !fits {
                problems.push(Problem::new(at, code, text));
            }
        };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        let fits = (1..=VERSION_LENGTH_MAX).contains(&self.version.len()) && self.version.bytes().all(plain);
        unless(fits, "/version".into(), "RULES_VERSION", "版本号应为字母、数字和连字符，最多20位");
        unless(!self.rules.is_empty(), "/rules".into(), "RULES_EMPTY", "请至少启用一条规则");
        for (i, rule) in self.rules.iter().enumerate() {
            unless(!self.rules[..i].contains(rule), format!("/rules/{i}"), "RULE_TWICE", "同一规则只能启用一次");
        }
        let fits = self.participation.len() <= PARAMETERS_MAX;
        unless(fits, "/participation".into(), "TOO_MANY_PARAMETERS", "参数最多200项");
        for (i, rule) in self.participation.iter().enumerate() {
            let at = |field: &str| format!("/participation/{i}{field}");
            let sets = rule.minimum_percent.is_some() || rule.all_below_staff.is_some();
            unless(sets, at(""), "PARAMETER_EMPTY", "请填写最低参保率或全员参保的单位规模");
            let fits = rule.minimum_percent.is_none_or(|percent| percent <= 100);
            unless(fits, at("/minimum_percent"), "PARAMETER_RANGE", "最低参保率应为0至100");
            let fits = rule.all_below_staff.is_none_or(|staff| staff <= SMALL_UNIT_MAX);
            unless(fits, at("/all_below_staff"), "PARAMETER_RANGE", "全员参保的单位规模过大");
            let same = |other: &ParticipationRule| other.office == rule.office && other.plan == rule.plan;
            let first = !self.participation[..i].iter().any(same);
            unless(first, at("/office"), "PARAMETER_TWICE", "同一办事处和活动只能有一项参数");
        }
        problems
    }
}
