//! Commands that are carried out once, however often they are sent (IETF draft `Idempotency-Key`, with the record
//! written by the step's own transaction).
//!
//! ```text
//! client            this function                       tables
//!   │ POST, key K     │                                   │
//!   ├────────────────▶│ answered(K)? ────────────────────▶│ nothing
//!   │                 │ load, decide, plan the answer     │
//!   │                 │ commit { state, …, record of K } ▶│ all of it, or nothing
//!   │◀────────────────┤ the answer                        │
//!   │                 │                                   │
//!   │ the same again  │                                   │
//!   ├────────────────▶│ answered(K)? ────────────────────▶│ the record
//!   │◀────────────────┤ the same bytes, Idempotency-Replayed: true
//!   │                 │                                   │
//!   │ two at once     │                                   │
//!   ├───────────────▶▶│ both find nothing, both commit ──▶│ one is written, the other is told `Answered(record)`
//!   │◀◀───────────────┤ the same bytes twice, the later marked as replayed
//!   │                 │                                   │
//!   │ K, other body   │                                   │
//!   ├────────────────▶│ answered(K)? ────────────────────▶│ a record of another request
//!   │◀────────────────┤ 422 IDEMPOTENCY_KEY_REUSED        │
//! ```
//!
//! There is no “in progress” state: whoever commits first wins, and the loser answers with the winner's record. Only
//! answers to what was carried out are kept. A refusal changed nothing, so sending the request again under the same
//! key decides anew.

use std::future::Future;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use domain::account::Actor;
use domain::ids::AccountId;
use domain::refusal::Refusal;
use http::{HeaderName, Method, StatusCode};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use workflow::commit::{CommitError, IdempotencyRecord};
use workflow::desk::StepError;
use workflow::ports::{Commits, Outage};

use super::{Answer, IdempotencyKey, Problem, Signed, input};

/// Header that marks an answer as the repetition of an earlier one.
pub const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

/// Hex digits of a request's name.
const NAME_LENGTH: usize = 32;

/// A request that moves state: who asks, under which key, and what.
pub struct Command<T> {
    /// Who asks.
    pub actor: Actor,
    /// The key, and what it stands for.
    pub once: Once,
    /// What is asked; [`super::Empty`] where the route says it all.
    pub body: T,
}

/// An idempotency key and the request it stands for, both hashed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    key: String,
    request_hash: String,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Command<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let (mut parts, body) = request.into_parts();
        let Signed { actor, .. } = Signed::from_request_parts(&mut parts, state).await?;
        let key = IdempotencyKey::from_request_parts(&mut parts, state).await?;
        let (method, path) = (parts.method.clone(), parts.uri.path().to_owned());
        let bytes = input::body(Request::from_parts(parts, body), state).await?;
        let once = Once::new(&actor.account, &key, &method, &path, &bytes);
        Ok(Self { actor, once, body: input::decoded(&bytes)? })
    }
}

impl Once {
    pub(super) fn new(account: &AccountId, key: &IdempotencyKey, method: &Method, path: &str, body: &Bytes) -> Self {
        // Every part but the last ends in a byte that cannot occur in it, so that no two lists of parts look alike.
        let key = hash(&[account.as_str().as_bytes(), key.as_str().as_bytes()]);
        let request_hash = hash(&[method.as_str().as_bytes(), path.as_bytes(), body]);
        Self { key, request_hash }
    }

    /// Names what the request writes outside the tables: the same request the same, another one something else.
    pub fn name(&self) -> String {
        let mut name = hash(&[self.key.as_bytes(), self.request_hash.as_bytes()]);
        name.truncate(NAME_LENGTH);
        name
    }

    /// The record of an answer, for the commit of the step it answers.
    pub fn record(&self, answer: &Answer) -> IdempotencyRecord {
        answer.keep(self.key.clone(), self.request_hash.clone())
    }

    /// Answers with the record of an earlier request, or carries out `work`, whose commit must hold [`Once::record`]
    /// of the answer it returns.
    pub async fn run(
        &self,
        store: &(impl Commits + ?Sized),
        work: impl Future<Output = Result<Answer, Failure>>,
    ) -> Result<Answer, Problem> {
        if let Some(record) = store.answered(&self.key).await? {
            return self.replay(record);
        }
        match work.await {
            Ok(answer) => Ok(answer),
            Err(Failure::Answered(record)) => self.replay(*record),
            Err(Failure::Problem(problem)) => Err(problem),
        }
    }

    fn replay(&self, record: IdempotencyRecord) -> Result<Answer, Problem> {
        if record.request_hash == self.request_hash {
            return Ok(Answer::replay(record));
        }
        let detail = "此提交编号已用于另一项请求，请刷新页面后重新提交";
        Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "IDEMPOTENCY_KEY_REUSED", detail))
    }
}

fn hash(parts: &[&[u8]]) -> String {
    let joined = parts.join(&b'\n');
    Sha256::digest(joined).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Why the work of a command gave no answer of its own.
#[derive(Debug)]
pub enum Failure {
    /// An error answer.
    Problem(Problem),
    /// It was answered before.
    Answered(Box<IdempotencyRecord>),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Problem::from(refusal).into()
    }
}

impl From<Outage> for Failure {
    fn from(outage: Outage) -> Self {
        Problem::from(outage).into()
    }
}

impl From<CommitError> for Failure {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Answered(record) => Self::Answered(record),
            other => Problem::from(other).into(),
        }
    }
}

impl From<StepError> for Failure {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Answered(record) => Self::Answered(record),
            StepError::NotFound => Problem::not_found().into(),
            StepError::Changed { current } => Problem::version_changed(current).into(),
            StepError::Refused(refusal) => Problem::from(*refusal).into(),
            StepError::Outage(outage) => outage.into(),
        }
    }
}
