//! Sessions in cookies: tokens that the portal's browser keeps where no script can read them.
//!
//! A browser sends cookies with whatever request any page makes it send. What changes something must therefore also bear
//! a header that a page of another origin cannot add without being allowed to, and the API allows none.
//! docs/adr/0600-sessions-in-cookies.md.

use axum::extract::FromRequestParts;
use http::header::{COOKIE, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ObjectBuilder, Required, Type};

use super::{Fault, Problem};

/// The cookie that holds the access token. `__Host-`: browsers take it from this very host only, over TLS, for every path.
pub const ACCESS_COOKIE: &str = "__Host-access";
/// The cookie that holds the refresh token.
pub const REFRESH_COOKIE: &str = "__Host-refresh";
/// The header that tells how a client keeps its tokens.
pub const SESSION_MODE: &str = "x-session-mode";
/// The header that shows that a request comes from the portal's own scripts.
pub const REQUESTED_BY: &str = "x-requested-by";
/// What [`REQUESTED_BY`] says.
pub const PORTAL: &str = "portal";

/// How a client keeps its tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionMode {
    /// By itself: they are in the body.
    Body,
    /// In the browser's cookies; no script sees them.
    Cookie,
}

impl<S: Send + Sync> FromRequestParts<S> for SessionMode {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match parts.headers.get(SESSION_MODE).map(HeaderValue::as_bytes) {
            None => Ok(Self::Body),
            Some(b"cookie") => Ok(Self::Cookie),
            Some(_) => {
                let text = "X-Session-Mode只能是cookie，或不带此请求头";
                Err(Problem::malformed(vec![Fault::new("header:X-Session-Mode", "SESSION_MODE_FORMAT", text)]))
            }
        }
    }
}

impl IntoParams for SessionMode {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let schema = ObjectBuilder::new().schema_type(Type::String).enum_values(Some(["cookie"]));
        let mode = ParameterBuilder::new()
            .name("X-Session-Mode")
            .parameter_in(ParameterIn::Header)
            .required(Required::False)
            .description(Some("`cookie`: the tokens come, and are read, as cookies instead of in the body."))
            .schema(Some(schema));
        vec![mode.build()]
    }
}

/// The value of a cookie; empty ones are none. Lambda's front end has joined what API Gateway split into `cookies` to the
/// header that emulators leave as it was.
pub fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find_map(|(own, value)| (own == name && !value.is_empty()).then_some(value))
}

/// Refuses a request that acts on what cookies say, changes something, and does not show that the portal sent it.
pub fn sent_by_portal(method: &Method, headers: &HeaderMap) -> Result<(), Problem> {
    let reads = matches!(*method, Method::GET | Method::HEAD);
    let shown = headers.get(REQUESTED_BY).is_some_and(|value| value.as_bytes() == PORTAL.as_bytes());
    if reads || shown { Ok(()) } else { Err(header_missing()) }
}

fn header_missing() -> Problem {
    let detail = "请求缺少X-Requested-By请求头，出于安全未予受理；请刷新页面后重试";
    Problem::new(StatusCode::FORBIDDEN, "CSRF_HEADER_MISSING", detail)
}

/// The `Set-Cookie` of a token that is good for so many seconds; of no token and 0 seconds, one that clears the cookie.
///
/// `Strict`: no link from elsewhere brings it along. The portal is a page without secrets that asks for everything itself,
/// so that nobody notices.
pub fn set_cookie(name: &str, token: &str, life_s: i64) -> Result<HeaderValue, Problem> {
    let cookie = format!("{name}={token}; Path=/; Max-Age={life_s}; HttpOnly; Secure; SameSite=Strict");
    HeaderValue::try_from(cookie).map_err(|problem| Problem::internal(problem.to_string()))
}

/// Headers that clear both cookies.
pub fn cleared() -> Result<HeaderMap, Problem> {
    let mut headers = HeaderMap::new();
    for name in [ACCESS_COOKIE, REFRESH_COOKIE] {
        headers.append(SET_COOKIE, set_cookie(name, "", 0)?);
    }
    Ok(headers)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    /// What API Gateway sends, and what emulators send instead.
    #[test]
    fn cookies_are_read_from_both_places() {
        let event = include_str!("../../../../events/sign-in.me.json");
        let mut event: serde_json::Value = serde_json::from_str(event).unwrap();
        event["cookies"] = serde_json::json!(["theme=dark", "__Host-access=a.b.c", "__Host-refresh="]);
        let split = lambda_http::request::from_str(&event.to_string()).unwrap();
        event.as_object_mut().unwrap().remove("cookies");
        event["headers"]["cookie"] = "theme=dark;__Host-access=a.b.c; __Host-refresh=".into();
        let whole = lambda_http::request::from_str(&event.to_string()).unwrap();
        for request in [split, whole] {
            assert_eq!(cookie(request.headers(), ACCESS_COOKIE), Some("a.b.c"));
            assert_eq!(cookie(request.headers(), REFRESH_COOKIE), None, "cleared");
            assert_eq!(cookie(request.headers(), "Host-access"), None);
        }
    }

    #[test]
    fn a_token_that_is_no_header_is_no_cookie() {
        assert!(set_cookie(ACCESS_COOKIE, "a\nb", 1).is_err());
        let set = set_cookie(ACCESS_COOKIE, "a.b", 900).unwrap();
        assert_eq!(set, "__Host-access=a.b; Path=/; Max-Age=900; HttpOnly; Secure; SameSite=Strict");
    }
}
