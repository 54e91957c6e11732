//! Where a request comes from.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use domain::sign_in;
use http::header::USER_AGENT;
use http::request::Parts;
use lambda_http::RequestExt;
use lambda_http::request::RequestContext;

use super::Gate;

/// The header in which the portal's distribution names the viewer.
const VIEWER_HEADER: &str = "x-viewer-address";

/// Where a request comes from: as the portal's distribution saw it, where it passed the request on and proves so;
/// otherwise as API Gateway saw it. Headers that a client could forge are not looked at.
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
        let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let is_passed_on = Gate::of(parts).is_ok_and(|gate| gate.is_passed_on(&parts.headers));
        let address = match parts.extensions.request_context_ref() {
            _ if is_passed_on => header(VIEWER_HEADER).map(str::to_owned),
            Some(RequestContext::ApiGatewayV2(context)) => context.http.source_ip.clone(),
            _ => None,
        };
        let agent = header(USER_AGENT.as_str()).unwrap_or_default();
        Ok(Self { address: address.unwrap_or_else(|| "unknown".to_owned()), agent: sign_in::agent(agent) })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use std::sync::Arc;

    use testing::world::FixedClock;

    use super::*;
    use crate::auth::{LocalKey, Verifier};

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

    #[tokio::test]
    async fn the_portals_distribution_tells_the_address_if_it_proves_itself() {
        let address = async |secret: Option<&str>, sent: &str| {
            let verifier = Verifier::load(&LocalKey::generate().unwrap()).await.unwrap();
            let gate = Gate::new(verifier, Arc::new(FixedClock::default())).behind(secret);
            let request = lambda_http::request::from_str(include_str!("../../../../events/sign-in.sessions.json"));
            let (mut parts, _) = request.unwrap().into_parts();
            parts.headers.insert(VIEWER_HEADER, "198.51.100.9".parse().unwrap());
            parts.headers.insert("x-front-secret", sent.parse().unwrap());
            parts.extensions.insert(Arc::new(gate));
            Caller::from_request_parts(&mut parts, &()).await.unwrap().address
        };
        assert_eq!(address(Some("s3cret"), "s3cret").await, "198.51.100.9");
        for (secret, sent) in [(Some("s3cret"), "S3cret"), (Some("s3cret"), ""), (None, "s3cret"), (None, "")] {
            assert_eq!(address(secret, sent).await, "203.0.113.7", "{secret:?} {sent}");
        }
    }
}
