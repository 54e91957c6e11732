//! The rules of the self-check and their versions.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::account::Actor;
use domain::difference::difference;
use domain::number::OfficeCode;
use domain::self_check::{ParticipationRule, Rule, RuleBook, SelfCheckRules};
use http::StatusCode;
use http::header::ETAG;
use lambda::http::{
    Answer, Command, Empty, Failure, IdempotencyKey, IfMatch, Json, Listing, Paging, Path, Problem, Signed, etag,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::desk::Desk;
use workflow::ports::RULES_SUBJECT;

use crate::shared::{
    BookChanged, BookTrailView, PublicationInput, Revision, StandingView, may_change_for_all, may_read, seen, today,
    trail_of,
};

/// A set of rules.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SelfCheckTerms {
    /// Name of the version, which stored results name: up to 20 letters, digits and hyphens.
    version: String,
    /// The rules that run, in the order of the result: `participation`, `within-staff`, `over-age`, `unexpired`,
    /// `restricted`, `high-risk`, `shares`, `renewal-gap`. None of them blocks; they inform the reviewer.
    #[schema(value_type = Vec<String>)]
    rules: Vec<Rule>,
    /// Where participation is measured otherwise than the plan says.
    #[serde(default)]
    participation: Vec<ParticipationMeasure>,
}

/// A measure of participation in place of the plan's own: the one for both office and plan counts first, then the one for
/// the office, then the one for the plan.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ParticipationMeasure {
    /// Four-digit code of the office whose units it is for; every office if absent.
    #[schema(value_type = Option<String>)]
    office: Option<OfficeCode>,
    /// Code of the plan variant it is for; every plan if absent.
    plan: Option<String>,
    /// Least part of the staff, in percent.
    minimum_percent: Option<u32>,
    /// In a unit with fewer staff than this, everyone must take part.
    all_below_staff: Option<u32>,
}

impl From<SelfCheckTerms> for SelfCheckRules {
    fn from(terms: SelfCheckTerms) -> Self {
        let participation = terms.participation.into_iter().map(|rule| ParticipationRule {
            office: rule.office,
            plan: rule.plan,
            minimum_percent: rule.minimum_percent,
            all_below_staff: rule.all_below_staff,
        });
        Self { version: terms.version, rules: terms.rules, participation: participation.collect() }
    }
}

impl From<&SelfCheckRules> for SelfCheckTerms {
    fn from(rules: &SelfCheckRules) -> Self {
        let participation = rules.participation.iter().map(|rule| ParticipationMeasure {
            office: rule.office,
            plan: rule.plan.clone(),
            minimum_percent: rule.minimum_percent,
            all_below_staff: rule.all_below_staff,
        });
        Self { version: rules.version.clone(), rules: rules.rules.clone(), participation: participation.collect() }
    }
}

/// The rules with all their versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct RulesView {
    /// Version of the whole, as in `ETag`.
    version: u64,
    /// The versions, the oldest first.
    versions: Vec<RuleVersionView>,
    /// Every rule there is, with its name.
    catalogue: Vec<RuleName>,
}

/// A version of the rules.
#[derive(Debug, Serialize, ToSchema)]
struct RuleVersionView {
    /// When it is in effect.
    #[serde(flatten)]
    standing: StandingView,
    /// What it says.
    terms: SelfCheckTerms,
}

/// A rule.
#[derive(Debug, Serialize, ToSchema)]
struct RuleName {
    /// The rule.
    #[schema(value_type = String)]
    rule: Rule,
    /// Chinese name.
    name: &'static str,
}

/// The rules of the self-check with all their versions; the version of the whole as `ETag`.
#[utoipa::path(get, path = "/self-check-rules", tag = "plans", responses((status = 200, body = RulesView)))]
pub async fn show(State(desk): State<Desk>, Signed { actor, .. }: Signed) -> Result<Response, Problem> {
    may_read(&actor)?;
    let book = desk.store.rule_book().await?;
    let today = today(&desk);
    let versions = book.versions.iter().map(|edition| RuleVersionView {
        standing: StandingView::of(edition, today),
        terms: (&edition.content).into(),
    });
    let catalogue = Rule::ALL.into_iter().map(|rule| RuleName { rule, name: rule.chinese() });
    let view = RulesView { version: book.version, versions: versions.collect(), catalogue: catalogue.collect() };
    Ok(([(ETAG, etag(book.version))], Json(view)).into_response())
}

/// Begin a draft of the rules.
#[utoipa::path(post, path = "/self-check-rules/drafts", tag = "plans", params(IdempotencyKey, IfMatch),
    request_body = SelfCheckTerms, responses((status = 201, body = BookChanged)))]
pub async fn begin(
    State(desk): State<Desk>,
    IfMatch(from): IfMatch,
    command: Command<SelfCheckTerms>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let by = Revision { desk: &desk, actor: &actor, once: &once, status: StatusCode::CREATED };
    by.carry_out(changeable(&desk, &actor, from), |book| {
        let rules = SelfCheckRules::from(body);
        let newest = book.versions.iter().next_back().map(|edition| difference(&edition.content, &rules));
        let note = format!("{}：{}", rules.version, newest.unwrap_or_default());
        let next = book.begin(rules)?;
        Ok((next, "begin-draft", note))
    })
    .await
}

/// Edit a draft of the rules: the whole of it is sent.
#[utoipa::path(put, path = "/self-check-rules/drafts/{version}", tag = "plans",
    params(("version" = String, Path), IdempotencyKey, IfMatch),
    request_body = SelfCheckTerms, responses((status = 200, body = BookChanged)))]
pub async fn edit(
    State(desk): State<Desk>,
    Path(version): Path<String>,
    IfMatch(from): IfMatch,
    command: Command<SelfCheckTerms>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let by = Revision { desk: &desk, actor: &actor, once: &once, status: StatusCode::OK };
    by.carry_out(changeable(&desk, &actor, from), |book| {
        let rules = SelfCheckRules::from(body);
        let (next, before) = book.edit(&version, rules.clone())?;
        let note = format!("{version}：{}", difference(&before, &rules));
        Ok((next, "edit-draft", note))
    })
    .await
}

/// Discard a draft of the rules.
#[utoipa::path(delete, path = "/self-check-rules/drafts/{version}", tag = "plans",
    params(("version" = String, Path), IdempotencyKey, IfMatch), responses((status = 200, body = BookChanged)))]
pub async fn discard(
    State(desk): State<Desk>,
    Path(version): Path<String>,
    IfMatch(from): IfMatch,
    command: Command<Empty>,
) -> Result<Answer, Problem> {
    let Command { actor, once, .. } = command;
    let by = Revision { desk: &desk, actor: &actor, once: &once, status: StatusCode::OK };
    by.carry_out(changeable(&desk, &actor, from), |book| Ok((book.discard(&version)?, "discard-draft", version))).await
}

/// Publish a draft of the rules from a day on. Stored results keep the version that made them.
#[utoipa::path(post, path = "/self-check-rules/versions/{version}/publication", tag = "plans",
    params(("version" = String, Path), IdempotencyKey, IfMatch),
    request_body = PublicationInput, responses((status = 200, body = BookChanged)))]
pub async fn publish(
    State(desk): State<Desk>,
    Path(version): Path<String>,
    IfMatch(from): IfMatch,
    command: Command<PublicationInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let by = Revision { desk: &desk, actor: &actor, once: &once, status: StatusCode::OK };
    by.carry_out(changeable(&desk, &actor, from), |book| {
        let next = book.publish(&version, body.effective_from, today(&desk))?;
        let note = format!("{version}：自{}起生效", body.effective_from);
        Ok((next, "publish", note))
    })
    .await
}

/// Take back rules that are published but not in effect yet: they are a draft again.
#[utoipa::path(delete, path = "/self-check-rules/versions/{version}/publication", tag = "plans",
    params(("version" = String, Path), IdempotencyKey, IfMatch), responses((status = 200, body = BookChanged)))]
pub async fn recall(
    State(desk): State<Desk>,
    Path(version): Path<String>,
    IfMatch(from): IfMatch,
    command: Command<Empty>,
) -> Result<Answer, Problem> {
    let Command { actor, once, .. } = command;
    let by = Revision { desk: &desk, actor: &actor, once: &once, status: StatusCode::OK };
    by.carry_out(changeable(&desk, &actor, from), |book| Ok((book.recall(&version, today(&desk))?, "recall", version)))
        .await
}

/// Who changed the rules, when, and what, before and after.
#[utoipa::path(get, path = "/self-check-rules/trail", tag = "plans", params(Paging),
    responses((status = 200, body = Listing<BookTrailView>)))]
pub async fn trail(
    State(desk): State<Desk>,
    Signed { actor, .. }: Signed,
    paging: Paging,
) -> Result<Json<Listing<BookTrailView>>, Problem> {
    may_read(&actor)?;
    Ok(Json(trail_of(&desk, RULES_SUBJECT, paging).await?))
}

/// The book, for somebody who may change it and has seen it as it is.
async fn changeable(desk: &Desk, actor: &Actor, from: u64) -> Result<RuleBook, Failure> {
    may_change_for_all(actor)?;
    let book = desk.store.rule_book().await?;
    seen(book.version, from)?;
    Ok(book)
}
