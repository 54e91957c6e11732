//! What clients send.

use domain::enrolment::{Command, Enrolment, LineChoice};
use domain::ids::{UnitId, UploadId};
use domain::plan::PlanVariant;
use domain::refusal::{Problem, Refusal};
use serde::Deserialize;
use utoipa::ToSchema;

/// A new enrolment.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEnrolmentInput {
    /// The unit; one's own if absent.
    #[schema(value_type = Option<String>)]
    pub unit: Option<UnitId>,
}

/// Chosen plans.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlansInput {
    /// The plans, each once.
    pub plans: Vec<PlanInput>,
    /// 是否新业态
    #[serde(default)]
    pub new_employment_form: bool,
}

/// One chosen plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanInput {
    /// Code of the plan variant.
    pub code: String,
    /// Its version.
    pub version: String,
    /// Shares of each member.
    pub shares: u32,
}

impl PlansInput {
    /// The command, with the plans as they are published; a version that was chosen before stays good, whatever took its
    /// place meanwhile.
    pub fn command(self, e: &Enrolment, published: &[PlanVariant]) -> Result<Command, Refusal> {
        let mut problems = Vec::new();
        let mut choices = Vec::new();
        for (i, chosen) in self.plans.iter().enumerate() {
            let mut known = e.lines.iter().map(|line| &line.plan).chain(published);
            match known.find(|plan| plan.code == chosen.code && plan.version == chosen.version) {
                Some(plan) => choices.push(LineChoice { plan: plan.clone(), shares: chosen.shares }),
                None => problems.push(Problem::new(format!("/plans/{i}/code"), "PLAN_UNKNOWN", "没有发布这个保障活动")),
            }
        }
        Refusal::unless_none(problems)?;
        Ok(Command::SetPlans { choices, new_employment_form: self.new_employment_form })
    }
}

/// Headcounts and remark.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DetailsInput {
    /// Staff of the unit.
    pub staff: u32,
    /// Female staff of the unit.
    pub female_staff: u32,
    /// Remark, at most 500 characters.
    #[serde(default)]
    pub remark: String,
}

/// Unnamed headcounts of a plan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnnamedInput {
    /// Code of the plan.
    pub plan: String,
    /// Ordinary occupation.
    pub ordinary: u32,
    /// High-risk occupation.
    #[serde(default)]
    pub high_risk: u32,
}

/// An accepted upload to attach.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttachmentInput {
    /// The upload.
    #[schema(value_type = String)]
    pub upload: UploadId,
}

/// A withdrawal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawalInput {
    /// Why; at most 200 characters.
    pub reason: String,
}
