//! The one shape of an error answer: RFC 9457 `application/problem+json`.

use std::borrow::Cow;
use std::error::Error;
use std::ops::Deref;

use axum::response::{IntoResponse, Response};
use domain::refusal::{Kind, Refusal};
use http::header::{CONTENT_TYPE, ETAG, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};
use workflow::commit::CommitError;
use workflow::ports::Outage;

use crate::telemetry;

/// The content type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";
/// Seconds a client should wait before it tries again after an outage.
const RETRY_AFTER_OUTAGE_S: u64 = 2;

/// What is wrong with a request. Codes are stable and for programs, sentences are Chinese and for people; neither
/// repeats what was sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Problem(Box<Details>);

/// What a problem says: read through it, `problem.code`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = Problem)]
pub struct Details {
    /// The kind of problem: a relative URI made of the code, `/problems/sign-in-failed`.
    #[serde(rename = "type")]
    #[schema(example = "/problems/version-changed")]
    pub kind: String,
    /// What the status means, the same for every problem of that status.
    pub title: Cow<'static, str>,
    /// HTTP status.
    #[schema(example = 412)]
    pub status: u16,
    /// Stable code.
    #[schema(example = "VERSION_CHANGED")]
    pub code: Cow<'static, str>,
    /// What is wrong and what to do, one Chinese sentence.
    pub detail: Cow<'static, str>,
    /// Every place that is wrong, where places can be named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<Fault>,
    /// This occurrence, `urn:request:<id>`: what support asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instance: Option<String>,
    #[serde(skip)]
    #[schema(ignore)]
    headers: HeaderMap,
    #[serde(skip)]
    #[schema(ignore)]
    cause: Option<String>,
}

/// One place that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Fault {
    /// Where: a JSON pointer into the body (empty: the whole), or `query:limit`, `path:id`, `header:If-Match`.
    #[schema(example = "/items/0/persons")]
    pub pointer: String,
    /// Stable code.
    pub code: Cow<'static, str>,
    /// What is wrong there, one Chinese sentence.
    pub detail: Cow<'static, str>,
}

impl Fault {
    /// A fault at a place.
    pub fn new(
        pointer: impl Into<String>,
        code: impl Into<Cow<'static, str>>,
        detail: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self { pointer: pointer.into(), code: code.into(), detail: detail.into() }
    }
}

impl Problem {
    /// A problem of a status, with a code and a sentence.
    pub fn new(status: StatusCode, code: &'static str, detail: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Details {
            kind: format!("/problems/{}", code.to_ascii_lowercase().replace('_', "-")),
            title: title(status).into(),
            status: status.as_u16(),
            code: code.into(),
            detail: detail.into(),
            errors: Vec::new(),
            instance: None,
            headers: HeaderMap::new(),
            cause: None,
        }))
    }

    /// There is nothing of that name, or it lies outside the reader's data scope: the two answers are the same.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "NOT_FOUND", "没有找到您要的内容，或您没有查看的权限")
    }

    /// No valid token came with the request.
    pub fn not_signed_in() -> Self {
        let problem = Self::new(StatusCode::UNAUTHORIZED, "NOT_SIGNED_IN", "您尚未登录或登录已失效，请重新登录");
        problem.with_header(http::header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
    }

    /// Somebody changed it since the version in `If-Match`; the answer's `ETag` tells the version now.
    pub fn version_changed(current: u64) -> Self {
        let detail = "内容已被他人更新，请刷新后重试";
        let problem = Self::new(StatusCode::PRECONDITION_FAILED, "VERSION_CHANGED", detail);
        problem.with_header(ETAG, super::etag(current))
    }

    /// Another request was in between; asking again may work.
    pub fn changed_meanwhile() -> Self {
        Self::new(StatusCode::CONFLICT, "CHANGED_MEANWHILE", "内容刚刚被他人更新，请刷新后重试")
    }

    /// Not before an instant: what was asked for too often, or is locked.
    pub fn until(status: StatusCode, code: &'static str, until: Timestamp, now: Timestamp, what: &str) -> Self {
        let left_s = until.duration_since(now).as_secs().max(1);
        let detail = format!("{what}，请{}分钟后再试", (left_s + 59) / 60);
        Self::new(status, code, detail).with_header(RETRY_AFTER, HeaderValue::from(left_s))
    }

    /// The request is malformed at these places.
    pub fn malformed(errors: Vec<Fault>) -> Self {
        let detail = match errors.as_slice() {
            [only] => only.detail.clone(),
            many => format!("请求中有{}处格式不对", many.len()).into(),
        };
        Self::new(StatusCode::BAD_REQUEST, "MALFORMED_REQUEST", detail).with_errors(errors)
    }

    /// Something outside did not answer. The cause is logged at the boundary and never returned.
    pub fn unavailable(cause: &dyn Error) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "服务暂时不可用，请稍后重试")
            .with_header(RETRY_AFTER, HeaderValue::from(RETRY_AFTER_OUTAGE_S))
            .caused_by(telemetry::chain(cause))
    }

    /// A bug of ours. The cause is logged at the boundary and never returned.
    pub fn internal(cause: impl Into<String>) -> Self {
        let detail = "系统内部错误，请稍后重试；如仍出现请联系客服并提供请求编号";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", detail).caused_by(cause.into())
    }

    /// With the places that are wrong.
    #[must_use]
    pub fn with_errors(mut self, errors: Vec<Fault>) -> Self {
        self.0.errors = errors;
        self
    }

    /// With a header of the answer.
    #[must_use]
    pub fn with_header(mut self, name: http::HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    /// With headers of the answer, of which several may have one name.
    #[must_use]
    pub fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.0.headers.extend(headers);
        self
    }

    /// With the request it answers.
    #[must_use]
    pub(super) fn of_request(mut self, id: &str) -> Self {
        self.0.instance = Some(format!("urn:request:{id}"));
        self
    }

    fn caused_by(mut self, cause: String) -> Self {
        self.0.cause = Some(cause);
        self
    }

    /// What is logged and not returned.
    pub(super) fn cause(&self) -> Option<&str> {
        self.cause.as_deref()
    }

    /// The HTTP status.
    pub fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}

impl Deref for Problem {
    type Target = Details;

    fn deref(&self) -> &Details {
        &self.0
    }
}

impl PartialSchema for Problem {
    fn schema() -> RefOr<Schema> {
        Details::schema()
    }
}

impl ToSchema for Problem {
    fn name() -> Cow<'static, str> {
        Details::name()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        Details::schemas(schemas);
    }
}

/// The response carries the problem as an extension too, from which the boundary logs it and adds the request's id.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // Texts, numbers and lists of them: it cannot fail.
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (self.status_code(), self.headers.clone(), body).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(PROBLEM_JSON));
        response.extensions_mut().insert(self);
        response
    }
}

fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "请求格式不对",
        401 => "未登录",
        403 => "没有权限",
        404 => "没有找到",
        405 => "不支持的请求方法",
        409 => "当前状态不允许此项操作",
        412 => "内容已被更新",
        413 => "请求内容过大",
        415 => "不支持的内容类型",
        422 => "内容不符合规定",
        423 => "账户已锁定",
        428 => "缺少版本条件",
        429 => "请求过于频繁",
        503 => "服务暂时不可用",
        _ => "系统内部错误",
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let status = match refusal.kind {
            Kind::Forbidden => StatusCode::FORBIDDEN,
            Kind::Conflict => StatusCode::CONFLICT,
            Kind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let errors = refusal.problems.into_iter().map(|p| Fault::new(p.at, p.code, p.text)).collect();
        Self::new(status, refusal.code, refusal.text).with_errors(errors)
    }
}

impl From<Outage> for Problem {
    fn from(outage: Outage) -> Self {
        Self::unavailable(&outage)
    }
}

/// For commits without an idempotency record; with one, [`super::Failure`] turns `Answered` into a replay.
impl From<CommitError> for Problem {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Version
            | CommitError::Upload
            | CommitError::Task
            | CommitError::Ticket
            | CommitError::Code
            | CommitError::Unit
            | CommitError::UserName
            | CommitError::Mobile => Self::changed_meanwhile(),
            CommitError::Outage(outage) => outage.into(),
            CommitError::Answered(_) | CommitError::Consumed => Self::internal(error.to_string()),
        }
    }
}
