//! Phrases for opinions (常用意见): an account's own list, read and replaced as a whole.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::ETAG;
use lambda::enrolments::Counter;
use lambda::http::{IfMatch, Json, Problem, Signed, etag};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A list of phrases.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhraseList {
    /// Up to 20 different phrases of up to 200 characters, in the order they are offered.
    #[schema(max_items = 20)]
    phrases: Vec<String>,
}

/// One's own phrases, with their version as `ETag`.
#[utoipa::path(get, path = "/opinion-phrases", tag = "review", responses((status = 200, body = PhraseList)))]
pub async fn list(State(c): State<Counter>, Signed { actor, .. }: Signed) -> Result<Response, Problem> {
    let kept = c.desk.store.phrases(&actor.account).await?;
    Ok(([(ETAG, etag(kept.version))], Json(PhraseList { phrases: kept.phrases })).into_response())
}

/// Replace one's own phrases: adds, changes, removes and sorts in one. Sending it again is harmless: the version has
/// moved on, and what is kept is what was sent.
#[utoipa::path(put, path = "/opinion-phrases", tag = "review", params(IfMatch),
    request_body = PhraseList, responses((status = 200, body = PhraseList)))]
pub async fn replace(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    IfMatch(seen): IfMatch,
    Json(input): Json<PhraseList>,
) -> Result<Response, Problem> {
    let kept = c.desk.store.phrases(&actor.account).await?;
    if kept.version != seen {
        return Err(Problem::version_changed(kept.version));
    }
    let next = kept.replaced(input.phrases)?;
    if !c.desk.store.put_phrases(&actor.account, &next).await? {
        let now = c.desk.store.phrases(&actor.account).await?;
        return Err(Problem::version_changed(now.version));
    }
    Ok(([(ETAG, etag(next.version))], Json(PhraseList { phrases: next.phrases })).into_response())
}
