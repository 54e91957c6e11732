//! The headers that make a change safe to repeat (`Idempotency-Key`) and safe beside others (`If-Match`, `ETag`).

use std::ops::RangeInclusive;

use axum::extract::FromRequestParts;
use http::header::IF_MATCH;
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use super::{Fault, Problem};

/// Name of the idempotency header.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";
/// Length of an idempotency key, in characters.
pub const IDEMPOTENCY_KEY_LENGTH: RangeInclusive<usize> = 8..=64;

/// The `ETag` of a version: the version in quotes.
pub fn etag(version: u64) -> HeaderValue {
    // Digits and quotes are always a valid header.
    HeaderValue::from_str(&format!("\"{version}\"")).unwrap_or(HeaderValue::from_static("\"0\""))
}

/// The client's name for one request: the same at every repetition of it. Visible ASCII.
#[derive(Clone, PartialEq, Eq)]
pub struct IdempotencyKey(String);

impl IdempotencyKey {
    /// The key as it was sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let pointer = "header:Idempotency-Key";
        let Some(value) = parts.headers.get(IDEMPOTENCY_KEY) else {
            let missing = Fault::new(pointer, "IDEMPOTENCY_KEY_MISSING", "缺少提交编号，请刷新页面后重新提交");
            return Err(Problem::malformed(vec![missing]));
        };
        let bytes = value.as_bytes();
        let fits = IDEMPOTENCY_KEY_LENGTH.contains(&bytes.len()) && bytes.iter().all(u8::is_ascii_graphic);
        match value.to_str() {
            Ok(key) if fits => Ok(Self(key.to_owned())),
            _ => {
                let text = "提交编号应为8至64个可见的ASCII字符";
                Err(Problem::malformed(vec![Fault::new(pointer, "IDEMPOTENCY_KEY_FORMAT", text)]))
            }
        }
    }
}

/// The version of what the client has seen and means to change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IfMatch(pub u64);

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(IF_MATCH) else {
            let detail = "请求缺少所见内容的版本（If-Match），请刷新后重试";
            return Err(Problem::new(StatusCode::PRECONDITION_REQUIRED, "IF_MATCH_MISSING", detail));
        };
        let quoted = value.to_str().ok().and_then(|text| text.strip_prefix('"')?.strip_suffix('"'));
        // Only what `etag` writes: no sign, no leading zero, no list, no `*`.
        let version = quoted.and_then(|text| text.parse().ok().filter(|n: &u64| n.to_string() == text));
        version.map(Self).ok_or_else(|| {
            let text = "If-Match应为一个带双引号的版本号，与所见内容的ETag相同";
            Problem::malformed(vec![Fault::new("header:If-Match", "IF_MATCH_FORMAT", text)])
        })
    }
}

impl IntoParams for IdempotencyKey {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let (shortest, longest) = IDEMPOTENCY_KEY_LENGTH.into_inner();
        let schema = ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(shortest))
            .max_length(Some(longest))
            .pattern(Some("^[!-~]+$"));
        let text = "The client's name for this request; send the same one to repeat it safely.";
        vec![header("Idempotency-Key", text, schema)]
    }
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^\"(0|[1-9][0-9]*)\"$"));
        vec![header("If-Match", "The ETag of what was seen.", schema)]
    }
}

fn header(name: &str, text: &str, schema: ObjectBuilder) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::True)
        .description(Some(text))
        .schema(Some(schema))
        .build()
}
