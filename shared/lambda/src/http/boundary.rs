//! What surrounds every handler: request id, deadline, panics, security headers, and the one log line of a request.

use std::panic::AssertUnwindSafe;
use std::time::{Duration, Instant};

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures::FutureExt;
use http::header::{
    CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderName, HeaderValue, StatusCode};
use lambda_http::RequestExt;
use lambda_http::request::RequestContext;
use tracing::Instrument;

use super::Problem;
use crate::telemetry;

/// Header of the request's id in every answer.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// Longest work on one request where Lambda gives no deadline.
pub const REQUEST_TIME_MAX: Duration = Duration::from_secs(10);

/// Answers are for the one who asked, now: nothing keeps, frames, sniffs or reports them.
const SECURITY_HEADERS: [(HeaderName, &str); 5] = [
    (CACHE_CONTROL, "no-store"),
    (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (REFERRER_POLICY, "no-referrer"),
    (STRICT_TRANSPORT_SECURITY, "max-age=31536000; includeSubDomains"),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
];

/// The outermost layer.
pub(super) async fn guard(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(&request);
    let method = request.method().clone();
    // The route's pattern, not the path: what is logged has no values in it.
    let route = request.extensions().get::<MatchedPath>().map_or_else(|| "none".to_owned(), |p| p.as_str().to_owned());
    let trace = request.lambda_context_ref().and_then(|context| context.xray_trace_id.clone()).unwrap_or_default();
    let span = tracing::info_span!("request", request.id = id, trace.id = trace);
    let deadline = request.lambda_context_ref().map_or(started + REQUEST_TIME_MAX, telemetry::deadline);
    async move {
        let handled = AssertUnwindSafe(next.run(request)).catch_unwind();
        let response = match tokio::time::timeout_at(deadline.into(), handled).await {
            Ok(Ok(response)) => response,
            Ok(Err(_panic)) => Problem::internal("the handler panicked").into_response(),
            Err(_elapsed) => timed_out().into_response(),
        };
        let (response, problem) = finished(response, &id);
        log(&method, &route, started, response.status(), problem.as_ref());
        response
    }
    .instrument(span)
    .await
}

/// API Gateway's id, which its access log has too, else Lambda's.
fn request_id(request: &Request) -> String {
    let gateway = match request.request_context_ref() {
        Some(RequestContext::ApiGatewayV2(context)) => context.request_id.clone(),
        _ => None,
    };
    gateway.or_else(|| Some(request.lambda_context_ref()?.request_id.clone())).unwrap_or_else(|| "local".to_owned())
}

/// Whether the work was done is not known: asking again with the same idempotency key tells.
fn timed_out() -> Problem {
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "TIMED_OUT", "处理超时，请稍后重试；重复提交不会重复办理")
}

/// Adds the headers, and the request's id to a problem.
fn finished(mut response: Response, id: &str) -> (Response, Option<Problem>) {
    let problem = response.extensions_mut().remove::<Problem>().map(|problem| problem.of_request(id));
    if let Some(problem) = &problem {
        *response.body_mut() = serde_json::to_vec(problem).unwrap_or_default().into();
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    let headers = response.headers_mut();
    for (name, value) in SECURITY_HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    (response, problem)
}

fn log(method: &http::Method, route: &str, started: Instant, status: StatusCode, problem: Option<&Problem>) {
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let code = problem.map_or("", |problem| &problem.code);
    let chain = problem.and_then(Problem::cause).unwrap_or_default();
    let (method, status_code) = (method.as_str(), status.as_u16());
    if status.is_server_error() {
        tracing::error!(
            http.method = method,
            http.route = route,
            http.status = status_code,
            duration_ms,
            problem.code = code,
            error.chain = chain,
            "Failed {method} {route}: {status_code} {code}"
        );
    } else {
        tracing::info!(
            http.method = method,
            http.route = route,
            http.status = status_code,
            duration_ms,
            problem.code = code,
            "Answered {method} {route}: {status_code} {code}"
        );
    }
}
