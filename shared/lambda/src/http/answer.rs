//! The answer to a command, in the form that is both sent and kept.

use axum::response::{IntoResponse, Response};
use http::header::{CONTENT_TYPE, ETAG};
use http::{HeaderValue, StatusCode};
use serde::Serialize;
use workflow::commit::IdempotencyRecord;

use super::etag;
use super::once::REPLAYED;

/// An answer whose bytes can be kept and sent again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    status: u16,
    body: String,
    etag: Option<String>,
    replayed: bool,
}

impl Answer {
    /// An answer with a JSON body, whose keys are text.
    pub fn json(status: StatusCode, body: &impl Serialize) -> Self {
        // Serialising fails for maps with other keys only, which no answer has.
        let body = serde_json::to_string(body).unwrap_or_default();
        Self { status: status.as_u16(), body, etag: None, replayed: false }
    }

    /// An answer without a body.
    pub fn empty() -> Self {
        Self { status: StatusCode::NO_CONTENT.as_u16(), body: String::new(), etag: None, replayed: false }
    }

    /// With the version of what it shows, for the next `If-Match`.
    #[must_use]
    pub fn version(self, version: u64) -> Self {
        Self { etag: etag(version).to_str().ok().map(str::to_owned), ..self }
    }

    pub(super) fn keep(&self, key: String, request_hash: String) -> IdempotencyRecord {
        let Self { status, body, etag, .. } = self.clone();
        IdempotencyRecord { key, request_hash, status, body, etag }
    }

    pub(super) fn replay(record: IdempotencyRecord) -> Self {
        let IdempotencyRecord { status, body, etag, .. } = record;
        Self { status, body, etag, replayed: true }
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let has_body = !self.body.is_empty();
        let mut response = (status, self.body).into_response();
        let headers = response.headers_mut();
        headers.remove(CONTENT_TYPE);
        if has_body {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        if let Some(tag) = self.etag.and_then(|tag| HeaderValue::try_from(tag).ok()) {
            headers.insert(ETAG, tag);
        }
        if self.replayed {
            headers.insert(REPLAYED, HeaderValue::from_static("true"));
        }
        response
    }
}
