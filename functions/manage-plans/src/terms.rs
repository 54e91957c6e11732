//! A version of a plan variant as clients see and send it.

use domain::money::Fen;
use domain::plan::{AgeRange, Benefit, Participation, PlanKind, PlanVariant, SexRule, Waiting};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a version of a plan variant says.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanTerms {
    /// Name of the version, such as `2026`: up to 20 letters, digits and hyphens.
    version: String,
    /// 保障活动
    name: String,
    /// 保障活动细类
    variant: String,
    /// `hospital`, `critical`, `women`, `accident` or `combined`.
    #[schema(value_type = String)]
    kind: PlanKind,
    /// 标准会费 of one share, in fen.
    fee_fen: i64,
    /// 高危职业会费 of one share, in fen; never below the standard contribution.
    fee_high_risk_fen: i64,
    /// 每人最多份数
    max_shares: u32,
    /// 保障期限, in months.
    term_months: u32,
    /// Youngest and oldest age on the first day of cover; older members need a proof.
    age: [u32; 2],
    /// `any` or `female`.
    #[schema(value_type = String)]
    sex: SexRule,
    /// 参保率
    participation: PlanParticipation,
    /// 观察期
    waiting: PlanWaiting,
    /// Open to 新业态 workers.
    #[serde(default)]
    new_employment_form: bool,
    /// 申领标准: code, claim_type, name, formula, and the formula's figures – amounts in fen, ratios in percent.
    #[schema(value_type = Vec<Object>)]
    benefits: Vec<Benefit>,
}

/// How many of a unit's staff must take part.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlanParticipation {
    /// Least part of the staff, in percent.
    minimum_percent: u32,
    /// In a unit with fewer staff than this, everyone must take part.
    all_below_staff: u32,
}

/// Days of continuous cover, counted from 1.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlanWaiting {
    /// Nothing is paid up to and including this day; 0 for no waiting period.
    none_until_day: u32,
    /// After that, a consolation payment up to and including this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    consolation_until_day: Option<u32>,
}

impl PlanTerms {
    /// The plan variant of a code that says so.
    pub fn plan(self, code: String) -> PlanVariant {
        let [minimum, maximum] = self.age;
        PlanVariant {
            code,
            version: self.version,
            name: self.name,
            variant: self.variant,
            kind: self.kind,
            fee: Fen::new(self.fee_fen),
            fee_high_risk: Fen::new(self.fee_high_risk_fen),
            max_shares: self.max_shares,
            term_months: self.term_months,
            age: AgeRange { minimum, maximum },
            sex: self.sex,
            participation: Participation {
                minimum_percent: self.participation.minimum_percent,
                all_below_staff: self.participation.all_below_staff,
            },
            waiting: Waiting {
                none_until_day: self.waiting.none_until_day,
                consolation_until_day: self.waiting.consolation_until_day,
            },
            new_employment_form: self.new_employment_form,
            benefits: self.benefits,
        }
    }
}

impl From<&PlanVariant> for PlanTerms {
    fn from(plan: &PlanVariant) -> Self {
        Self {
            version: plan.version.clone(),
            name: plan.name.clone(),
            variant: plan.variant.clone(),
            kind: plan.kind,
            fee_fen: plan.fee.fen(),
            fee_high_risk_fen: plan.fee_high_risk.fen(),
            max_shares: plan.max_shares,
            term_months: plan.term_months,
            age: plan.age.into(),
            sex: plan.sex,
            participation: PlanParticipation {
                minimum_percent: plan.participation.minimum_percent,
                all_below_staff: plan.participation.all_below_staff,
            },
            waiting: PlanWaiting {
                none_until_day: plan.waiting.none_until_day,
                consolation_until_day: plan.waiting.consolation_until_day,
            },
            new_employment_form: plan.new_employment_form,
            benefits: plan.benefits.clone(),
        }
    }
}
