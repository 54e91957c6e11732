//! What a reviewer is told about an enrolment: the self-check and the distribution of its rosters.

use domain::roster::{AgeBand, RosterSummary};
use domain::self_check::{Finding, SelfCheckResult};
use serde::Serialize;
use utoipa::ToSchema;

/// A self-check (自核).
#[derive(Debug, Serialize, ToSchema)]
pub struct SelfCheckView {
    /// Version of the rules that ran.
    version: String,
    /// Findings in the order of the rules, then of the plans.
    findings: Vec<FindingView>,
}

/// What one rule found about the unit, a plan or a member.
#[derive(Debug, Serialize, ToSchema)]
pub struct FindingView {
    /// The rule, `within-staff`.
    #[schema(value_type = String)]
    rule: domain::self_check::Rule,
    /// Its Chinese name.
    rule_name: &'static str,
    /// Code of the plan variant; none for the unit as a whole.
    plan: Option<String>,
    /// Whether the rule holds.
    passed: bool,
    /// A Chinese sentence without personal data.
    text: String,
    /// Masked ID number of the member it is about.
    member: Option<String>,
}

impl From<&SelfCheckResult> for SelfCheckView {
    fn from(result: &SelfCheckResult) -> Self {
        let finding = |f: &Finding| FindingView {
            rule: f.rule,
            rule_name: f.rule.chinese(),
            plan: f.plan.clone(),
            passed: f.passed,
            text: f.text.clone(),
            member: f.member.clone(),
        };
        Self { version: result.version.clone(), findings: result.findings.iter().map(finding).collect() }
    }
}

/// Distribution of a roster (参保人信息分布).
#[derive(Debug, Serialize, ToSchema)]
pub struct DistributionView {
    /// All named members.
    members: u32,
    /// Women.
    female: u32,
    /// Men.
    male: u32,
    /// Members of ordinary occupation.
    ordinary: u32,
    /// Members of high-risk occupation.
    high_risk: u32,
    /// Members over the plan's age limit.
    over_age: u32,
    /// Members still covered by the same plan.
    unexpired: u32,
    /// Members by age, youngest first; every band, even an empty one.
    age_bands: Vec<AgeBandView>,
}

/// Members whose age in whole years lies in a band.
#[derive(Debug, Serialize, ToSchema)]
pub struct AgeBandView {
    /// Youngest age.
    from: u32,
    /// Oldest age; none for the last band.
    to: Option<u32>,
    /// How many.
    members: u32,
}

impl From<&RosterSummary> for DistributionView {
    fn from(d: &RosterSummary) -> Self {
        let band = |b: &AgeBand| AgeBandView { from: b.from, to: b.to, members: b.members };
        Self {
            members: d.members,
            female: d.female,
            male: d.male,
            ordinary: d.ordinary,
            high_risk: d.high_risk,
            over_age: d.over_age,
            unexpired: d.unexpired,
            age_bands: d.age_bands.iter().map(band).collect(),
        }
    }
}
