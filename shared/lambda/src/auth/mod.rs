//! Access tokens: JWTs signed with ES256 (ECDSA P-256), for a quarter of an hour.
//!
//! A token says who somebody is and where in the tree they stand, so that no request has to read the account. What it
//! says is up to [`ACCESS_LIFE_S`] old: taking a role away, or signing out, takes effect when the next token is asked
//! for. The algorithm is fixed here and never read from a token.

mod local;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use domain::account::{Actor, Role};
use domain::ids::{AccountId, UnitId};
use domain::organisation::NodePath;
use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::{Deserialize, Serialize};
use workflow::ports::{Outage, TokenSigner, TokenVerifier};

pub use self::local::LocalKey;

/// Life of an access token, in seconds.
pub const ACCESS_LIFE_S: i64 = 15 * 60;
/// How far clocks may be apart, in seconds.
pub const LEEWAY_S: i64 = 30;
/// The scheme of the `Authorization` header.
pub const AUTHENTICATION_SCHEME: &str = "Bearer";

const ISSUER: &str = "sign-in";
const AUDIENCE: &str = "platform";
/// Longest token that is looked at, in bytes.
const TOKEN_LENGTH_MAX: usize = 4096;

/// What a token says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The account.
    #[serde(rename = "sub")]
    pub account: AccountId,
    /// Name shown.
    pub name: String,
    /// Roles held.
    pub roles: Vec<Role>,
    /// Where the account sits.
    pub node: NodePath,
    /// The unit of a unit's own account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
    /// The session family: one sign-in.
    #[serde(rename = "sid")]
    pub family: String,
    iss: String,
    aud: String,
    iat: i64,
    exp: i64,
}

impl Claims {
    /// What the token of a session says that begins at `now`.
    pub fn new(actor: Actor, family: &str, now: Timestamp) -> Self {
        let Actor { account, name, roles, node, unit } = actor;
        let iat = now.as_second();
        let (iss, aud, exp) = (ISSUER.to_owned(), AUDIENCE.to_owned(), iat + ACCESS_LIFE_S);
        Self { account, name, roles, node, unit, family: family.to_owned(), iss, aud, iat, exp }
    }

    /// Who acts.
    pub fn into_actor(self) -> Actor {
        let Self { account, name, roles, node, unit, .. } = self;
        Actor { account, name, roles, node, unit }
    }
}

/// Signs a token.
pub async fn issue(signer: &dyn TokenSigner, claims: &Claims) -> Result<String, Outage> {
    let body = serde_json::to_vec(claims).map_err(|error| Outage::new("issue-token", error))?;
    let text = format!("{}.{}", BASE64.encode(br#"{"alg":"ES256","typ":"JWT"}"#), BASE64.encode(body));
    let signature = signer.sign(text.as_bytes()).await?;
    Ok(format!("{text}.{}", BASE64.encode(signature)))
}

/// The token is not one of ours, was altered, or is not valid now. Which of them is nobody's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid access token")]
pub struct InvalidToken;

/// Verifies tokens with the public key, which a function reads once when it starts.
#[derive(Clone)]
pub struct Verifier {
    key: DecodingKey,
    validation: Validation,
}

impl Verifier {
    /// Asks for the public key.
    pub async fn load(keys: &dyn TokenVerifier) -> Result<Self, Outage> {
        let mut validation = Validation::new(Algorithm::ES256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // Times are compared below, with the platform's clock.
        validation.validate_exp = false;
        Ok(Self { key: DecodingKey::from_ec_der(&keys.public_key().await?), validation })
    }

    /// What a token says, if it is ours and valid at `now`, give or take [`LEEWAY_S`].
    pub fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, InvalidToken> {
        if token.len() > TOKEN_LENGTH_MAX {
            return Err(InvalidToken);
        }
        let decoded = jsonwebtoken::decode::<Claims>(token, &self.key, &self.validation).map_err(|_| InvalidToken)?;
        let Claims { iat, exp, .. } = decoded.claims;
        let now = now.as_second();
        let valid = iat.saturating_sub(LEEWAY_S) <= now && now < exp.saturating_add(LEEWAY_S);
        if valid { Ok(decoded.claims) } else { Err(InvalidToken) }
    }
}
