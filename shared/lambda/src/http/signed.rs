//! Who asks: the access token of a request, as a bearer or in its cookie.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use domain::account::Actor;
use http::HeaderMap;
use http::header::AUTHORIZATION;
use http::request::Parts;
use subtle::ConstantTimeEq;
use workflow::ports::{Cipher, Clock};

use super::Problem;
use super::cookies::{ACCESS_COOKIE, cookie, sent_by_portal};
use crate::auth::{AUTHENTICATION_SCHEME, Verifier};

/// The header in which the portal's distribution proves itself.
const FRONT_HEADER: &str = "x-front-secret";

/// What the front end needs to know requests: the token key, the clock, the key that signs cursors, and what the portal's
/// distribution proves itself with.
pub struct Gate {
    verifier: Verifier,
    clock: Arc<dyn Clock>,
    cursors: Option<Arc<dyn Cipher>>,
    front: Option<String>,
}

impl Gate {
    /// A gate for functions without lists.
    pub fn new(verifier: Verifier, clock: Arc<dyn Clock>) -> Self {
        Self { verifier, clock, cursors: None, front: None }
    }

    /// With the key that signs cursors, for functions that take [`super::Paging`].
    #[must_use]
    pub fn with_cursors(self, cipher: Arc<dyn Cipher>) -> Self {
        Self { cursors: Some(cipher), ..self }
    }

    /// Behind a distribution that sends this secret with every request, for functions that take [`super::Caller`].
    #[must_use]
    pub fn behind(self, secret: Option<&str>) -> Self {
        Self { front: secret.map(str::to_owned), ..self }
    }

    /// Whether the distribution passed a request on, so that what it says of the caller holds.
    pub(super) fn is_passed_on(&self, headers: &HeaderMap) -> bool {
        let (Some(secret), Some(sent)) = (&self.front, headers.get(FRONT_HEADER)) else { return false };
        secret.as_bytes().ct_eq(sent.as_bytes()).into()
    }

    pub(super) fn cursors(&self) -> Option<&Arc<dyn Cipher>> {
        self.cursors.as_ref()
    }

    /// The gate the layers of [`super::app`] put into every request.
    pub(super) fn of(parts: &Parts) -> Result<Arc<Self>, Problem> {
        let gate = parts.extensions.get::<Arc<Self>>().cloned();
        gate.ok_or_else(|| Problem::internal("the router was not built by http::app"))
    }
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Who.
    pub actor: Actor,
    /// The session family of the token: one sign-in.
    pub family: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Signed {
    type Rejection = Problem;

    /// Every way in which a token is not valid gets the same answer. With an `Authorization` header no cookie is looked at.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let gate = Gate::of(parts)?;
        let token = match parts.headers.get(AUTHORIZATION) {
            Some(header) => header.to_str().ok().and_then(bearer),
            None => {
                let token = cookie(&parts.headers, ACCESS_COOKIE);
                token.map(|_| sent_by_portal(&parts.method, &parts.headers)).transpose()?;
                token
            }
        };
        let claims = token.and_then(|token| gate.verifier.verify(token, gate.clock.now()).ok());
        let claims = claims.ok_or_else(Problem::not_signed_in)?;
        Ok(Self { family: claims.family.clone(), actor: claims.into_actor() })
    }
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case(AUTHENTICATION_SCHEME).then_some(token.trim())
}
