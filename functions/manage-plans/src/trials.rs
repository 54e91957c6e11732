//! Trials: what a draft would change for an enrolment that is stored, or for a sample. They write nothing.

use axum::extract::State;
use domain::account::{Actor, Permission};
use domain::enrolment::Enrolment;
use domain::ids::EnrolmentId;
use domain::money::Fen;
use domain::organisation::{OfficeSettings, Unit};
use domain::refusal::{Problem as Fault, Refusal};
use domain::self_check::{Rule, SelfCheckResult};
use lambda::http::{Json, Path, Problem, Signed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::completion;
use workflow::desk::{Desk, office_of, readable};
use workflow::scope::Scope;
use workflow::trials::{Circumstances, Effect, SampleCase, as_stored, on_sample, with_plan};

use crate::shared::{may_read, today};

/// What a version of a plan is tried on: one of the two.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanTrialInput {
    /// A stored enrolment that holds the plan.
    #[schema(value_type = Option<String>)]
    enrolment: Option<EnrolmentId>,
    /// A unit that does not exist.
    sample: Option<TrialSample>,
}

/// A unit that does not exist.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TrialSample {
    /// Participants of ordinary occupation.
    ordinary: u32,
    /// Participants of high-risk occupation.
    #[serde(default)]
    high_risk: u32,
    /// Shares of each.
    shares: u32,
    /// Staff of the unit.
    staff: u32,
    /// Women among them.
    #[serde(default)]
    female_staff: u32,
}

/// What is stored, and what would be.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanTrial {
    /// The enrolment as it is stored; none for a sample.
    stored: Option<PlanEffectView>,
    /// The same with the version that is tried.
    tried: PlanEffectView,
}

/// What a plan comes to.
#[derive(Debug, Serialize, ToSchema)]
struct PlanEffectView {
    /// Version of the plan.
    version: String,
    /// 会费, in fen.
    contribution_fen: Option<i64>,
    /// 补贴, in fen.
    subsidy_fen: Option<i64>,
    /// 赠险, in fen.
    gifted_fen: Option<i64>,
    /// 应付, in fen.
    due_fen: Option<i64>,
    /// 参保率 in whole percent, once headcounts are given.
    participation_percent: Option<u64>,
    /// Shares of each member are within the plan's maximum.
    shares_allowed: bool,
    /// Whether the self-check passes in every rule.
    self_check_passed: bool,
    /// What the self-check finds about this plan and the unit.
    #[schema(value_type = Object)]
    self_check: SelfCheckResult,
}

impl From<Effect> for PlanEffectView {
    fn from(effect: Effect) -> Self {
        Self {
            version: effect.version,
            contribution_fen: effect.contribution.map(Fen::fen),
            subsidy_fen: effect.subsidy.map(Fen::fen),
            gifted_fen: effect.gifted.map(Fen::fen),
            due_fen: effect.due.map(Fen::fen),
            participation_percent: effect.participation_percent,
            shares_allowed: effect.shares_allowed,
            self_check_passed: effect.self_check.passed(),
            self_check: effect.self_check,
        }
    }
}

/// Try a version of a plan, draft or not, on a stored enrolment or a sample. Nothing is changed.
#[utoipa::path(post, path = "/plan-variants/{code}/versions/{version}/trial", tag = "plans",
    params(("code" = String, Path), ("version" = String, Path)),
    request_body = PlanTrialInput, responses((status = 200, body = PlanTrial)))]
pub async fn plan(
    State(desk): State<Desk>,
    Signed { actor, .. }: Signed,
    Path((code, version)): Path<(String, String)>,
    Json(input): Json<PlanTrialInput>,
) -> Result<Json<PlanTrial>, Problem> {
    may_read(&actor)?;
    let (book, rules) = futures::future::try_join(desk.store.plan_book(&code), desk.store.rule_book()).await?;
    let plan = book.as_ref().and_then(|book| book.versions.find(&version)).ok_or_else(Problem::not_found)?;
    let (plan, today) = (plan.content.clone(), today(&desk));
    let rules = rules.on(today);
    match (input.enrolment, input.sample) {
        (Some(id), None) => {
            let (e, unit, office) = enrolment_with_unit(&desk, &actor, &id).await?;
            let line = e.line(&code).ok_or_else(|| {
                let text = "该参保单没有选择这个保障活动，请换一张参保单试算";
                Refusal::invalid(vec![Fault::new("/enrolment", "PLAN_NOT_CHOSEN", text)])
            })?;
            let granted = desk.store.relief_book(&e.unit.office).await?.reliefs;
            let by = Circumstances { unit: &unit, office: &office, rules: &rules, granted: &granted, day: today };
            let (stored, tried) = (as_stored(&e, line, &by), with_plan(&e, line, plan, &by));
            Ok(Json(PlanTrial { stored: Some(stored.into()), tried: tried.into() }))
        }
        (None, Some(sample)) => {
            let TrialSample { ordinary, high_risk, shares, staff, female_staff } = sample;
            let sample = SampleCase { ordinary, high_risk, shares, staff, female_staff };
            Ok(Json(PlanTrial { stored: None, tried: on_sample(&plan, sample, &rules).into() }))
        }
        _ => {
            let text = "请选择一张参保单，或填写一个样例";
            Err(Refusal::invalid(vec![Fault::new("/enrolment", "TRIAL_SUBJECT", text)]).into())
        }
    }
}

/// What rules are tried on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RulesTrialInput {
    /// A stored enrolment.
    #[schema(value_type = String)]
    enrolment: EnrolmentId,
}

/// The stored result beside what the rules that are tried find.
#[derive(Debug, Serialize, ToSchema)]
pub struct RulesTrial {
    /// 申请书号
    application_number: String,
    /// 单位名称
    unit_name: String,
    /// Rule by rule, whether it holds.
    rules: Vec<RuleComparison>,
    /// The result stored at the last completion, with the version of its rules.
    #[schema(value_type = Option<Object>)]
    stored: Option<SelfCheckResult>,
    /// What the rules that are tried find in the enrolment as it stands.
    #[schema(value_type = Object)]
    tried: SelfCheckResult,
}

/// Whether one rule holds.
#[derive(Debug, Serialize, ToSchema)]
struct RuleComparison {
    /// The rule.
    #[schema(value_type = String)]
    rule: Rule,
    /// 自核项目
    name: &'static str,
    /// Whether it held at the last completion; none if it did not run.
    stored: Option<bool>,
    /// Whether it holds with the rules that are tried; none if it does not run.
    tried: Option<bool>,
}

/// Dry run: try a version of the self-check rules, draft or not, on a stored enrolment. Nothing is changed.
#[utoipa::path(post, path = "/self-check-rules/versions/{version}/trial", tag = "plans",
    params(("version" = String, Path)), request_body = RulesTrialInput,
    responses((status = 200, body = RulesTrial)))]
pub async fn rules(
    State(desk): State<Desk>,
    Signed { actor, .. }: Signed,
    Path(version): Path<String>,
    Json(input): Json<RulesTrialInput>,
) -> Result<Json<RulesTrial>, Problem> {
    may_read(&actor)?;
    let book = desk.store.rule_book().await?;
    let edition = book.versions.find(&version).ok_or_else(Problem::not_found)?;
    let (e, unit, office) = enrolment_with_unit(&desk, &actor, &input.enrolment).await?;
    let tried = completion::check(&e, (&unit, &office), &edition.content, today(&desk));
    let rules = Rule::ALL.into_iter().map(|rule| RuleComparison {
        rule,
        name: rule.chinese(),
        stored: e.self_check.as_ref().and_then(|stored| holds(stored, rule)),
        tried: holds(&tried, rule),
    });
    Ok(Json(RulesTrial {
        application_number: e.application_number.clone(),
        unit_name: e.unit.name.in_full().to_owned(),
        rules: rules.collect(),
        stored: e.self_check,
        tried,
    }))
}

/// Whether a rule holds in everything it found; none if it found nothing, not even that all is well.
fn holds(result: &SelfCheckResult, rule: Rule) -> Option<bool> {
    let mut of_rule = result.findings.iter().filter(|finding| finding.rule == rule).peekable();
    of_rule.peek()?;
    Some(of_rule.all(|finding| finding.passed))
}

/// The enrolment, its unit and the settings of its office.
async fn enrolment_with_unit(
    desk: &Desk,
    actor: &Actor,
    id: &EnrolmentId,
) -> Result<(Enrolment, Unit, OfficeSettings), Problem> {
    if !actor.may(Permission::ReadEnrolments) {
        return Err(Refusal::not_permitted().into());
    }
    let e = readable(desk, actor, id).await?.ok_or_else(Problem::not_found)?;
    let unit = desk.store.unit(&e.unit.id, &Scope::Platform);
    let (unit, office) = futures::future::try_join(unit, office_of(desk, &e)).await?;
    Ok((e, unit.ok_or_else(Problem::not_found)?, office))
}
