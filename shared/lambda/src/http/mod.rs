//! HTTP: an axum router behind API Gateway.
//!
//! ```text
//! main    http::run(http::app(sign_in::api().with_state(ports), gate)).await
//! tests   http::call(&http::app(sign_in::api().with_state(ports), gate), request).await
//! ```
//!
//! Handlers take the extractors of this module – [`Signed`], [`Command`], [`Json`], [`Query`], [`Path`], [`IfMatch`],
//! [`Paging`] – and answer `Result<_, Problem>`; docs/http-api.md says what clients see. Cross-origin rules are API
//! Gateway's, so that they are written once.

mod answer;
mod boundary;
mod caller;
mod cookies;
mod input;
mod once;
mod paging;
mod preconditions;
mod problem;
mod signed;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::response::IntoResponse;
use axum::{Extension, Router};
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use serde::de::DeserializeOwned;
use tower::ServiceExt;

pub use self::answer::Answer;
pub use self::boundary::{REQUEST_ID, REQUEST_TIME_MAX};
pub use self::caller::Caller;
pub use self::cookies::{
    ACCESS_COOKIE, PORTAL, REFRESH_COOKIE, REQUESTED_BY, SESSION_MODE, SessionMode, cleared, cookie, sent_by_portal,
    set_cookie,
};
pub use self::input::{Empty, Json, Path, Query};
pub use self::once::{Command, Failure, Once, REPLAYED};
pub use self::paging::{Listing, Paging};
pub use self::preconditions::{IdempotencyKey, IfMatch, etag};
pub use self::problem::{Details, Fault, PROBLEM_JSON, Problem};
pub use self::signed::{Gate, Signed};

/// Largest request body, in bytes. Files do not travel this way.
pub const BODY_SIZE_MAX: usize = 256 * 1024;

/// The routes of a function with everything that surrounds them.
pub fn app(routes: impl Into<Router>, gate: Gate) -> Router {
    routes
        .into()
        .fallback(|| async { Problem::not_found() })
        .method_not_allowed_fallback(|| async {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED", "此地址不支持该请求方法")
        })
        .layer(DefaultBodyLimit::max(BODY_SIZE_MAX))
        .layer(Extension(Arc::new(gate)))
        .layer(axum::middleware::from_fn(boundary::guard))
}

/// Serves API Gateway until Lambda stops the process.
pub async fn run(app: Router) -> Result<(), lambda_http::Error> {
    lambda_http::lambda_runtime::Runtime::new(lambda_http::Adapter::from(app)).run().await
}

/// An answer, read to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Status.
    pub status: StatusCode,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl Reply {
    /// The body as JSON of a type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }

    /// A header's text; empty if it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// Sends a request to the routes within this process: what tests use.
pub async fn call(app: &Router, request: Request<axum::body::Body>) -> Reply {
    let response = match app.clone().oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    };
    let (parts, body) = response.into_response().into_parts();
    let body = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
    Reply { status: parts.status, headers: parts.headers, body }
}
