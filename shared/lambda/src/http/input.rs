//! Bodies, queries and paths as types. What does not fit is answered with the place and what is wrong there, never with
//! the value.

use std::error::Error;

use axum::body::Bytes;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{StatusCode, header::CONTENT_TYPE};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_path_to_error::{Path as Place, Segment};
use utoipa::ToSchema;

use super::{Fault, Problem};

/// A JSON body: read from a request, written to a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Json<T>(pub T);

/// The body of a command that needs none: nothing, or `{}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Empty {}

/// The query, as a struct.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query<T>(pub T);

/// The path's parameters, as one value or a tuple.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        decoded(&body(request, state).await?).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(body) => ([(CONTENT_TYPE, "application/json")], body).into_response(),
            Err(error) => Problem::internal(error.to_string()).into_response(),
        }
    }
}

/// The bytes of a body of at most [`super::BODY_SIZE_MAX`] that is JSON or empty.
pub(super) async fn body<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    let content_type = request.headers().get(CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default().to_owned());
    let bytes = Bytes::from_request(request, state).await.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "BODY_TOO_LARGE", "请求内容超过256KB，请减少内容后重试")
        }
        _ => unreadable(&rejection),
    })?;
    let json = content_type.as_deref().map(|t| t.split(';').next().unwrap_or_default().trim());
    if !bytes.is_empty() && !json.is_some_and(|t| t.eq_ignore_ascii_case("application/json")) {
        let detail = "请求内容应为JSON（Content-Type: application/json）";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "NOT_JSON", detail));
    }
    Ok(bytes)
}

fn unreadable(_: &BytesRejection) -> Problem {
    Problem::malformed(vec![Fault::new("", "BODY_UNREADABLE", "请求内容没有完整送达，请重试")])
}

/// A body as a type; an empty one is read as `{}`.
pub(super) fn decoded<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let bytes = if bytes.is_empty() { b"{}" } else { bytes };
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json)
        .map_err(|error| json_problem(pointer(error.path()), error.inner()))?;
    json.end().map_err(|error| json_problem(String::new(), &error))?;
    Ok(value)
}

/// Serde stops at the first mistake of form, so one is named; broken rules are all named, by the domain.
fn json_problem(pointer: String, error: &serde_json::Error) -> Problem {
    if !error.is_data() {
        return Problem::malformed(vec![Fault::new("", "JSON_SYNTAX", "请求内容不是有效的JSON")]);
    }
    // The message names our own field; anything else it says may quote the value.
    let message = error.to_string();
    let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
    let fault = match missing {
        Some(field) => Fault::new(format!("{pointer}/{field}"), "FIELD_MISSING", "缺少必填的内容"),
        None if message.starts_with("unknown field") => {
            Fault::new(pointer, "FIELD_UNKNOWN", "有不认识的内容，请核对字段名")
        }
        None => Fault::new(pointer, "FIELD_FORMAT", "内容的类型或格式不对"),
    };
    Problem::malformed(vec![fault])
}

/// A place as a JSON pointer (RFC 6901).
fn pointer(place: &Place) -> String {
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Segment::Enum { .. } | Segment::Unknown => String::new(),
    };
    place.iter().map(step).collect()
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Query::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Query(value)| Self(value)).map_err(|rejection| {
            let name = parameter(&rejection).unwrap_or_default();
            let fault = Fault::new(format!("query:{name}"), "QUERY_FORMAT", "查询条件不完整或格式不对");
            Problem::malformed(vec![fault])
        })
    }
}

/// The parameter at which reading a query stopped; none if one was missing.
fn parameter(rejection: &(dyn Error + 'static)) -> Option<String> {
    type QueryError = serde_path_to_error::Error<serde::de::value::Error>;
    let mut cause = Some(rejection);
    while let Some(error) = cause {
        if let Some(error) = error.downcast_ref::<QueryError>() {
            let message = error.inner().to_string();
            let missing = message.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
            return Some(missing.map_or_else(|| pointer(error.path()).replace('/', ""), str::to_owned));
        }
        cause = error.source();
    }
    None
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let read = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        read.map(|axum::extract::Path(value)| Self(value)).map_err(|rejection| {
            let PathRejection::FailedToDeserializePathParams(error) = rejection else {
                return Problem::internal("a handler reads path parameters that its route does not have");
            };
            let name = match error.kind() {
                ErrorKind::ParseErrorAtKey { key, .. } | ErrorKind::DeserializeError { key, .. } => key.as_str(),
                _ => "",
            };
            Problem::malformed(vec![Fault::new(format!("path:{name}"), "PATH_FORMAT", "地址中的编号格式不对")])
        })
    }
}
