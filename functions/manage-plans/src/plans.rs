//! Plan variants and their versions: draft → published from a day on → superseded.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::account::Actor;
use domain::difference::difference;
use domain::plan::PlanBook;
use domain::versions::Standing;
use http::StatusCode;
use http::header::ETAG;
use lambda::http::{
    Answer, Command, Empty, Failure, IdempotencyKey, IfMatch, Json, Listing, Paging, Path, Problem, Signed, etag,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::desk::Desk;
use workflow::ports::plan_subject;

use crate::shared::{
    BookChanged, BookTrailView, PublicationInput, Revision, StandingView, may_change_for_all, may_read, seen, today,
    trail_of,
};
use crate::terms::PlanTerms;

/// A plan variant as the list shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanRow {
    /// Code of the variant.
    code: String,
    /// 保障活动, in the newest version.
    name: String,
    /// 保障活动细类, in the newest version.
    variant: String,
    /// Version in effect today.
    in_effect: Option<String>,
    /// Versions published from a later day on.
    scheduled: Vec<String>,
    /// Versions that are drafts.
    drafts: Vec<String>,
    /// Version of the whole.
    version: u64,
}

/// A plan variant with all its versions.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanBookView {
    /// Code of the variant.
    code: String,
    /// Version of the whole, as in `ETag`.
    version: u64,
    /// The versions, the oldest first.
    versions: Vec<PlanVersionView>,
}

/// A version of a plan variant.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanVersionView {
    /// When it is in effect.
    #[serde(flatten)]
    standing: StandingView,
    /// What it says.
    terms: PlanTerms,
}

/// A new plan variant.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlanInput {
    /// Code, the same in all versions: up to 40 small letters, digits and hyphens.
    code: String,
    /// What its first draft says.
    terms: PlanTerms,
}

/// Every plan variant, by code.
#[utoipa::path(get, path = "/plan-variants", tag = "plans", responses((status = 200, body = Vec<PlanRow>)))]
pub async fn list(State(desk): State<Desk>, Signed { actor, .. }: Signed) -> Result<Json<Vec<PlanRow>>, Problem> {
    may_read(&actor)?;
    let mut books = desk.store.plan_books().await?;
    books.sort_by(|one, other| one.code.cmp(&other.code));
    let today = today(&desk);
    let row = |book: PlanBook| {
        let named = |standing: Standing| {
            let of = book.versions.iter().filter(move |edition| edition.standing(today) == standing);
            of.map(|edition| edition.content.version.clone()).collect::<Vec<_>>()
        };
        let newest = book.versions.iter().next_back().map(|edition| &edition.content);
        PlanRow {
            name: newest.map(|plan| plan.name.clone()).unwrap_or_default(),
            variant: newest.map(|plan| plan.variant.clone()).unwrap_or_default(),
            in_effect: named(Standing::InEffect).pop(),
            scheduled: named(Standing::Scheduled),
            drafts: named(Standing::Draft),
            version: book.version,
            code: book.code,
        }
    };
    Ok(Json(books.into_iter().map(row).collect()))
}

/// A plan variant with all its versions; the version of the whole as `ETag`.
#[utoipa::path(get, path = "/plan-variants/{code}", tag = "plans", params(("code" = String, Path)),
    responses((status = 200, body = PlanBookView)))]
pub async fn one(
    State(desk): State<Desk>,
    Signed { actor, .. }: Signed,
    Path(code): Path<String>,
) -> Result<Response, Problem> {
    may_read(&actor)?;
    let book = desk.store.plan_book(&code).await?.ok_or_else(Problem::not_found)?;
    let today = today(&desk);
    let versions = book.versions.iter().map(|edition| PlanVersionView {
        standing: StandingView::of(edition, today),
        terms: (&edition.content).into(),
    });
    let view = PlanBookView { code: book.code.clone(), version: book.version, versions: versions.collect() };
    Ok(([(ETAG, etag(book.version))], Json(view)).into_response())
}

/// Open a plan variant with its first draft. Every field is judged at once.
#[utoipa::path(post, path = "/plan-variants", tag = "plans", params(IdempotencyKey),
    request_body = NewPlanInput, responses((status = 201, body = BookChanged)))]
pub async fn open(State(desk): State<Desk>, command: Command<NewPlanInput>) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let work = async {
        may_change_for_all(&actor)?;
        let plan = body.terms.plan(body.code);
        let note = format!("{}（{}）", plan.variant, plan.version);
        let book = PlanBook::open(plan).map_err(below_terms)?;
        if desk.store.plan_book(&book.code).await?.is_some() {
            let text = "已有这个代码的保障活动细类，请在其中新建草稿";
            let taken = domain::refusal::Problem::new("/code", "PLAN_CODE_TAKEN", text);
            return Err(domain::refusal::Refusal::invalid(vec![taken]).into());
        }
        Revision { desk: &desk, actor: &actor, once: &once, status: StatusCode::CREATED }
            .write((book, "open", note))
            .await
    };
    once.run(&*desk.store, work).await
}

/// The form of a new variant holds its terms one level down.
fn below_terms(mut refusal: domain::refusal::Refusal) -> domain::refusal::Refusal {
    for problem in refusal.problems.iter_mut().filter(|problem| problem.at != "/code") {
        problem.at = format!("/terms{}", problem.at);
    }
    refusal
}

/// Begin another draft of a plan variant.
#[utoipa::path(post, path = "/plan-variants/{code}/drafts", tag = "plans",
    params(("code" = String, Path), IdempotencyKey, IfMatch),
    request_body = PlanTerms, responses((status = 201, body = BookChanged)))]
pub async fn begin(
    State(desk): State<Desk>,
    Path(code): Path<String>,
    IfMatch(from): IfMatch,
    command: Command<PlanTerms>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let by = Revision { desk: &desk, actor: &actor, once: &once, status: StatusCode::CREATED };
    by.carry_out(changeable(&desk, &actor, &code, from), |book| {
        let plan = body.plan(code.clone());
        let newest = book.versions.iter().next_back().map(|edition| difference(&edition.content, &plan));
        let note = format!("{}：{}", plan.version, newest.unwrap_or_default());
        let next = book.begin(plan)?;
        Ok((next, "begin-draft", note))
    })
    .await
}

/// Edit a draft: the whole of it is sent, every field is judged at once.
#[utoipa::path(put, path = "/plan-variants/{code}/drafts/{version}", tag = "plans",
    params(("code" = String, Path), ("version" = String, Path), IdempotencyKey, IfMatch),
    request_body = PlanTerms, responses((status = 200, body = BookChanged)))]
pub async fn edit(
    State(desk): State<Desk>,
    Path((code, version)): Path<(String, String)>,
    IfMatch(from): IfMatch,
    command: Command<PlanTerms>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let by = Revision { desk: &desk, actor: &actor, once: &once, status: StatusCode::OK };
    by.carry_out(changeable(&desk, &actor, &code, from), |book| {
        let plan = body.plan(code.clone());
        let (next, before) = book.edit(&version, plan.clone())?;
        let note = format!("{version}：{}", difference(&before, &plan));
        Ok((next, "edit-draft", note))
    })
    .await
}

/// Discard a draft.
#[utoipa::path(delete, path = "/plan-variants/{code}/drafts/{version}", tag = "plans",
    params(("code" = String, Path), ("version" = String, Path), IdempotencyKey, IfMatch),
    responses((status = 200, body = BookChanged)))]
pub async fn discard(
    State(desk): State<Desk>,
    Path((code, version)): Path<(String, String)>,
    IfMatch(from): IfMatch,
    command: Command<Empty>,
) -> Result<Answer, Problem> {
    let Command { actor, once, .. } = command;
    let by = Revision { desk: &desk, actor: &actor, once: &once, status: StatusCode::OK };
    by.carry_out(changeable(&desk, &actor, &code, from), |book| Ok((book.discard(&version)?, "discard-draft", version)))
        .await
}

/// Publish a draft from a day on; the version in effect until then ends the day before. Enrolments keep the version they
/// were entered with.
#[utoipa::path(post, path = "/plan-variants/{code}/versions/{version}/publication", tag = "plans",
    params(("code" = String, Path), ("version" = String, Path), IdempotencyKey, IfMatch),
    request_body = PublicationInput, responses((status = 200, body = BookChanged)))]
pub async fn publish(
    State(desk): State<Desk>,
    Path((code, version)): Path<(String, String)>,
    IfMatch(from): IfMatch,
    command: Command<PublicationInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let by = Revision { desk: &desk, actor: &actor, once: &once, status: StatusCode::OK };
    by.carry_out(changeable(&desk, &actor, &code, from), |book| {
        let next = book.publish(&version, body.effective_from, today(&desk))?;
        let note = format!("{version}：自{}起生效", body.effective_from);
        Ok((next, "publish", note))
    })
    .await
}

/// Take back a version that is published but not in effect yet: it is a draft again.
#[utoipa::path(delete, path = "/plan-variants/{code}/versions/{version}/publication", tag = "plans",
    params(("code" = String, Path), ("version" = String, Path), IdempotencyKey, IfMatch),
    responses((status = 200, body = BookChanged)))]
pub async fn recall(
    State(desk): State<Desk>,
    Path((code, version)): Path<(String, String)>,
    IfMatch(from): IfMatch,
    command: Command<Empty>,
) -> Result<Answer, Problem> {
    let Command { actor, once, .. } = command;
    let by = Revision { desk: &desk, actor: &actor, once: &once, status: StatusCode::OK };
    by.carry_out(changeable(&desk, &actor, &code, from), |book| {
        Ok((book.recall(&version, today(&desk))?, "recall", version))
    })
    .await
}

/// Who changed a plan variant, when, and what, before and after.
#[utoipa::path(get, path = "/plan-variants/{code}/trail", tag = "plans", params(("code" = String, Path), Paging),
    responses((status = 200, body = Listing<BookTrailView>)))]
pub async fn trail(
    State(desk): State<Desk>,
    Signed { actor, .. }: Signed,
    Path(code): Path<String>,
    paging: Paging,
) -> Result<Json<Listing<BookTrailView>>, Problem> {
    may_read(&actor)?;
    let book = desk.store.plan_book(&code).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(trail_of(&desk, &plan_subject(&book.code), paging).await?))
}

/// The book, for somebody who may change it and has seen it as it is.
async fn changeable(desk: &Desk, actor: &Actor, code: &str, from: u64) -> Result<PlanBook, Failure> {
    may_change_for_all(actor)?;
    let book = desk.store.plan_book(code).await?.ok_or_else(Problem::not_found)?;
    seen(book.version, from)?;
    Ok(book)
}
