//! What a draft would change in sample cases, shown before it is published. Nothing is written.

use axum::extract::State;
use domain::ids::{NodeId, ReliefId};
use domain::money::Fen;
use domain::reason::Reason;
use domain::receipt::{Relief, ReliefBook};
use domain::refusal::{Problem as Fault, Refusal};
use domain::self_check::Rule;
use domain::trial::{
    Amounts, Case, CaseKind, Change, FindingChange, PlanCase, PlanOutcome, ReliefCase, RulesCase, plan_effect,
    reliefs_effect, rules_effect,
};
use jiff::civil::Date;
use lambda::http::{Json, Path, Problem, Signed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::desk::Desk;
use workflow::ports::Outage;
use workflow::references::plans_on;

use crate::reliefs::{ReliefInput, granted, judged};
use crate::shared::{may_read, today};

/// Most cases listed; all are counted.
const LISTED_MAX: usize = 100;

/// A sample enrolment of one plan.
#[derive(Debug, Serialize, ToSchema)]
struct SampleCaseView {
    /// What it is made for, `minimum-met`.
    #[schema(value_type = String)]
    kind: CaseKind,
    /// Chinese name.
    name: &'static str,
    /// Participants of ordinary occupation.
    ordinary: u32,
    /// Participants of high-risk occupation.
    high_risk: u32,
    /// Shares of each.
    shares: u32,
    /// Staff of the unit; as many of them women.
    staff: u32,
    /// Age of the one participant who stands out.
    age: u32,
}

impl From<Case> for SampleCaseView {
    fn from(case: Case) -> Self {
        let Case { kind, ordinary, high_risk, shares, staff, age } = case;
        Self { kind, name: kind.chinese(), ordinary, high_risk, shares, staff, age }
    }
}

/// A finding of the self-check that a reviewer would see otherwise.
#[derive(Debug, Serialize, ToSchema)]
struct FindingChangeView {
    /// The rule.
    #[schema(value_type = String)]
    rule: Rule,
    /// 自核项目
    rule_name: &'static str,
    /// `appears`, `disappears`, `worsens` or `eases`.
    #[schema(value_type = String)]
    change: Change,
    /// Chinese name.
    change_name: &'static str,
    /// What it says now; none if it is not made.
    before: Option<String>,
    /// What it would say; none if it would not be made.
    after: Option<String>,
}

impl From<FindingChange> for FindingChangeView {
    fn from(found: FindingChange) -> Self {
        let FindingChange { rule, change, before, after } = found;
        Self { rule, rule_name: rule.chinese(), change, change_name: change.chinese(), before, after }
    }
}

fn shown(changes: Vec<FindingChange>) -> Vec<FindingChangeView> {
    changes.into_iter().map(Into::into).collect()
}

/// What a version of the rules finds in sample cases otherwise than the version it takes the place of.
#[derive(Debug, Serialize, ToSchema)]
pub struct RulesEffectView {
    /// The version.
    version: String,
    /// The version it takes the place of; none for the first one.
    replaces: Option<String>,
    /// How many cases were tried.
    cases: usize,
    /// How many of them differ.
    changed: usize,
    /// Those, a hundred at most.
    listed: Vec<RulesCaseView>,
}

/// A case in which something is found otherwise.
#[derive(Debug, Serialize, ToSchema)]
struct RulesCaseView {
    /// The case.
    case: SampleCaseView,
    /// Code of the plan variant.
    plan_code: String,
    /// 保障活动细类
    variant: String,
    /// Four-digit code of the office, where the rules name one.
    office: Option<String>,
    /// What is found otherwise.
    changes: Vec<FindingChangeView>,
}

impl From<RulesCase> for RulesCaseView {
    fn from(found: RulesCase) -> Self {
        let RulesCase { case, plan, variant, office, changes } = found;
        let office = office.map(|office| office.to_string());
        Self { case: case.into(), plan_code: plan, variant, office, changes: shown(changes) }
    }
}

/// What a version of the rules, draft or not, changes in sample cases of the plans in effect today.
#[utoipa::path(get, path = "/self-check-rules/versions/{version}/effect", tag = "plans",
    params(("version" = String, Path)), responses((status = 200, body = RulesEffectView)))]
pub async fn rules(
    State(desk): State<Desk>,
    Signed { actor, .. }: Signed,
    Path(version): Path<String>,
) -> Result<Json<RulesEffectView>, Problem> {
    may_read(&actor)?;
    let plans = plans_on(&*desk.store, today(&desk));
    let (book, plans) = futures::future::try_join(desk.store.rule_book(), plans).await?;
    let tried = book.versions.find(&version).ok_or_else(Problem::not_found)?;
    let before = book.versions.before(&version);
    let effect = rules_effect(before, &tried.content, &plans);
    Ok(Json(RulesEffectView {
        version,
        replaces: before.map(|rules| rules.version.clone()),
        cases: effect.cases,
        changed: effect.changed.len(),
        listed: effect.changed.into_iter().take(LISTED_MAX).map(Into::into).collect(),
    }))
}

/// What a version of a plan comes to in sample cases, beside the version it takes the place of.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanDraftEffectView {
    /// The version.
    version: String,
    /// The version it takes the place of; none for the first one.
    replaces: Option<String>,
    /// How many cases differ.
    changed: usize,
    /// Every case.
    cases: Vec<PlanCaseView>,
}

/// A case under both versions.
#[derive(Debug, Serialize, ToSchema)]
struct PlanCaseView {
    /// The case.
    case: SampleCaseView,
    /// Whether anything differs.
    changed: bool,
    /// What it comes to; none without a version before.
    before: Option<PlanOutcomeView>,
    /// What it would come to.
    after: PlanOutcomeView,
    /// What the self-check in effect today finds otherwise.
    changes: Vec<FindingChangeView>,
}

/// What a plan comes to in a case, to which nobody grants anything.
#[derive(Debug, Serialize, ToSchema)]
struct PlanOutcomeView {
    /// 会费, in fen; none where a member is refused.
    contribution_fen: Option<i64>,
    /// Why an import would refuse a member.
    refused: Vec<RefusedView>,
}

/// Why a row of a roster would fail.
#[derive(Debug, Serialize, ToSchema)]
struct RefusedView {
    /// Stable code, `AGE_BELOW_MINIMUM`.
    code: &'static str,
    /// Its meaning in Chinese.
    text: &'static str,
}

impl From<&Reason> for RefusedView {
    fn from(reason: &Reason) -> Self {
        let code = reason.code();
        let meaning = Reason::ALL_CODES.iter().find(|(of, _)| *of == code);
        Self { code, text: meaning.map_or("", |(_, text)| text) }
    }
}

impl From<PlanOutcome> for PlanOutcomeView {
    fn from(outcome: PlanOutcome) -> Self {
        let refused = outcome.refused.iter().map(Into::into).collect();
        Self { contribution_fen: outcome.contribution.map(Fen::fen), refused }
    }
}

impl From<PlanCase> for PlanCaseView {
    fn from(compared: PlanCase) -> Self {
        let changed = compared.changed();
        let PlanCase { case, before, after, changes } = compared;
        Self {
            case: case.into(),
            changed,
            before: before.map(Into::into),
            after: after.into(),
            changes: shown(changes),
        }
    }
}

/// What a version of a plan, draft or not, changes in sample cases at the borders of the version it takes the place of.
#[utoipa::path(get, path = "/plan-variants/{code}/versions/{version}/effect", tag = "plans",
    params(("code" = String, Path), ("version" = String, Path)),
    responses((status = 200, body = PlanDraftEffectView)))]
pub async fn plan(
    State(desk): State<Desk>,
    Signed { actor, .. }: Signed,
    Path((code, version)): Path<(String, String)>,
) -> Result<Json<PlanDraftEffectView>, Problem> {
    may_read(&actor)?;
    let (book, rules) = futures::future::try_join(desk.store.plan_book(&code), desk.store.rule_book()).await?;
    let book = book.ok_or_else(Problem::not_found)?;
    let tried = book.versions.find(&version).ok_or_else(Problem::not_found)?;
    let before = book.versions.before(&version);
    let cases = plan_effect(before, &tried.content, &rules.on(today(&desk)));
    Ok(Json(PlanDraftEffectView {
        version,
        replaces: before.map(|plan| plan.version.clone()),
        changed: cases.iter().filter(|case| case.changed()).count(),
        cases: cases.into_iter().map(Into::into).collect(),
    }))
}

/// A change of what an office grants, to be tried: one of the two.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReliefTrialInput {
    /// One more subsidy or gifted cover.
    grant: Option<ReliefInput>,
    /// One that ends.
    end: Option<ReliefEndTrial>,
}

/// A subsidy or gifted cover that ends.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReliefEndTrial {
    /// Which.
    #[schema(value_type = String)]
    relief: ReliefId,
    /// Its last day: today or later.
    #[schema(value_type = String, format = "date")]
    last_day: Date,
}

/// What sample enrolments of the plan would pay.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReliefTrial {
    /// Code of the plan variant.
    plan_code: String,
    /// Its version that day; none if none is in effect, and then there are no cases.
    plan_version: Option<String>,
    /// The day on which the sample enrolments are completed: the first one on which the change counts.
    day: String,
    /// How many cases differ.
    changed: usize,
    /// Every case.
    cases: Vec<ReliefCaseView>,
}

/// A case with what is granted, and with what would be.
#[derive(Debug, Serialize, ToSchema)]
struct ReliefCaseView {
    /// The case.
    case: SampleCaseView,
    /// Whether anything differs.
    changed: bool,
    /// What it comes to as granted.
    before: Option<AmountsView>,
    /// What it would come to.
    after: Option<AmountsView>,
}

/// What an enrolment comes to, in fen.
#[derive(Debug, Serialize, ToSchema)]
struct AmountsView {
    /// 会费
    contribution_fen: i64,
    /// 补贴
    subsidy_fen: i64,
    /// 赠险
    gifted_fen: i64,
    /// 应付
    due_fen: i64,
}

impl From<Amounts> for AmountsView {
    fn from(amounts: Amounts) -> Self {
        Self {
            contribution_fen: amounts.contribution.fen(),
            subsidy_fen: amounts.subsidy.fen(),
            gifted_fen: amounts.gifted.fen(),
            due_fen: amounts.due.fen(),
        }
    }
}

impl From<ReliefCase> for ReliefCaseView {
    fn from(compared: ReliefCase) -> Self {
        let changed = compared.changed();
        let ReliefCase { case, before, after } = compared;
        Self { case: case.into(), changed, before: before.map(Into::into), after: after.map(Into::into) }
    }
}

/// Try a grant or an end before it is made: what sample enrolments of the plan pay without it and with it, reckoned like any
/// enrolment of the office. What the change would be refused for, the trial is refused for, too. Nothing is changed.
#[utoipa::path(post, path = "/offices/{office}/reliefs/trial", tag = "plans", params(("office" = String, Path)),
    request_body = ReliefTrialInput, responses((status = 200, body = ReliefTrial)))]
pub async fn reliefs(
    State(desk): State<Desk>,
    Signed { actor, .. }: Signed,
    Path(office): Path<NodeId>,
    Json(input): Json<ReliefTrialInput>,
) -> Result<Json<ReliefTrial>, Problem> {
    let (node, book) = granted(&desk, &actor, &office).await?;
    let settings = node.settings.ok_or_else(|| Outage::new("read-office", "the office has no settings"))?;
    let tried = match (input.grant, input.end) {
        (Some(grant), None) => {
            let known = desk.store.plan_book(&grant.plan_code).await?.is_some();
            let relief = grant.relief(ReliefId::from_ulid(desk.ids.ulid()));
            let next = judged(known, book.grant(relief.clone(), today(&desk)));
            next.map(|next| (relief.from, relief, next)).map_err(|refusal| below(refusal, "/grant"))?
        }
        (None, Some(ReliefEndTrial { relief, last_day })) => {
            ended(&book, &relief, last_day, today(&desk)).map_err(|refusal| below(refusal, "/end"))?
        }
        _ => {
            let text = "请填写要设立的补贴或赠险，或选择要终止的一项";
            return Err(Refusal::invalid(vec![Fault::new("/grant", "TRIAL_SUBJECT", text)]).into());
        }
    };
    let (day, relief, next) = tried;
    let plan = desk.store.plan_book(&relief.plan_code).await?.and_then(|plans| plans.on(day).cloned());
    let reckoned =
        plan.as_ref().map(|plan| reliefs_effect(plan, (&book.reliefs, &next.reliefs), day, settings.rounding));
    let cases = reckoned.unwrap_or_default();
    Ok(Json(ReliefTrial {
        plan_code: relief.plan_code,
        plan_version: plan.map(|plan| plan.version),
        day: day.to_string(),
        changed: cases.iter().filter(|case| case.changed()).count(),
        cases: cases.into_iter().map(Into::into).collect(),
    }))
}

/// The first day without a relief that ends, the relief, and what is granted then.
fn ended(book: &ReliefBook, id: &ReliefId, last: Date, today: Date) -> Result<(Date, Relief, ReliefBook), Refusal> {
    let next = book.end(id, last, today)?;
    let relief = book.reliefs.iter().find(|relief| &relief.id == id).cloned();
    let relief = relief.ok_or_else(|| Refusal::conflict("NO_SUCH_RELIEF", "没有这项补贴或赠险"))?;
    // One that is taken out before it begins would have counted from its first day on.
    let day = last.tomorrow().unwrap_or(last).max(relief.from);
    Ok((day, relief, next))
}

/// The places of a form that is part of another.
fn below(mut refusal: Refusal, at: &str) -> Refusal {
    for problem in &mut refusal.problems {
        problem.at = format!("{at}{}", problem.at);
    }
    refusal
}
