//! Where a request comes from.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use domain::sign_in;
use http::header::USER_AGENT;
use http::request::Parts;
use lambda_http::RequestExt;
use lambda_http::request::RequestContext;

/// Where a request comes from, as API Gateway saw it: headers that a client could forge are not looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The address; personal data. `unknown` outside API Gateway.
    pub address: String,
    /// The family of the browser, as it calls itself.
    pub agent: &'static str,
}

impl Caller {
    /// The network of the address: what is recorded of it.
    pub fn network(&self) -> String {
        sign_in::network(&self.address)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let address = match parts.extensions.request_context_ref() {
            Some(RequestContext::ApiGatewayV2(context)) => context.http.source_ip.clone(),
            _ => None,
        };
        let agent = parts.headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(Self { address: address.unwrap_or_else(|| "unknown".to_owned()), agent: sign_in::agent(agent) })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[tokio::test]
    async fn the_gateway_tells_the_address_and_no_header_does() {
        let event = include_str!("../../../../events/sign-in.sessions.json");
        assert!(event.contains(r#""x-forwarded-for": "203.0.113.7""#));
        let forged = event.replace(r#""x-forwarded-for": "203.0.113.7""#, r#""x-forwarded-for": "198.51.100.1""#);
        let (mut parts, _) = lambda_http::request::from_str(&forged).unwrap().into_parts();
        let caller = Caller::from_request_parts(&mut parts, &()).await.unwrap();
        assert_eq!((caller.address.as_str(), caller.network().as_str()), ("203.0.113.7", "203.0.113.0/24"));
        let (mut parts, _) = http::Request::new(()).into_parts();
        let caller = Caller::from_request_parts(&mut parts, &()).await.unwrap();
        assert_eq!(caller, Caller { address: "unknown".to_owned(), agent: "other" });
    }
}
