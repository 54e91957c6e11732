//! Access tokens that somebody else made, or changed, are worth nothing.

use aws::connect::Aws;
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use lambda::auth::LocalKey;
use lambda::http::ACCESS_COOKIE;
use serde_json::{Value, json};
use tests::client::Client;
use workflow::ports::{TokenSigner, TokenVerifier};

use crate::{cloud, signed_in};

/// A token and what it says.
struct Token {
    claims: Value,
    signature: String,
}

impl Token {
    async fn of(user_name: &str) -> Self {
        let client = signed_in(user_name).await;
        let token = client.token().unwrap();
        let [_, claims, signature]: [&str; 3] = token.split('.').collect::<Vec<_>>().try_into().unwrap();
        let claims = serde_json::from_slice(&BASE64.decode(claims).unwrap()).unwrap();
        Self { claims, signature: signature.to_owned() }
    }

    fn with(&self, claim: &str, value: Value) -> Value {
        let mut claims = self.claims.clone();
        claims[claim] = value;
        claims
    }
}

/// What is signed.
fn signed(header: &Value, claims: &Value) -> String {
    format!("{}.{}", BASE64.encode(header.to_string()), BASE64.encode(claims.to_string()))
}

async fn sign(key: &dyn TokenSigner, header: &Value, claims: &Value) -> String {
    let text = signed(header, claims);
    let signature = key.sign(text.as_bytes()).await.unwrap();
    format!("{text}.{}", BASE64.encode(signature))
}

/// What `GET /me` answers to a token, the same whether it is borne or in the cookie.
async fn status(token: &str) -> u16 {
    let borne = Client::new(&cloud()).unwrap().with_token(token).get("/me").await.unwrap().status;
    let request = reqwest::Client::new().get(format!("{}/me", cloud().api));
    let cookie = request.header("cookie", format!("{ACCESS_COOKIE}={token}")).send().await.unwrap().status().as_u16();
    assert_eq!(cookie, borne, "as a cookie: {token}");
    borne
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_only_what_the_key_signed_for_now() {
    let token = Token::of("zhangsan").await;
    let kms = Aws::connect().await.token_signer();
    let es256 = json!({"alg": "ES256", "typ": "JWT"});
    let issued = token.claims["iat"].as_i64().unwrap();
    assert_eq!(status(&sign(&kms, &es256, &token.claims).await).await, 200, "the key itself may sign it anew");

    let raised = token.with("roles", json!(["supervisor"]));
    let altered = format!("{}.{}", signed(&es256, &raised), token.signature);
    assert_eq!(status(&altered).await, 401, "altered claims");

    for none in ["none", "None", ""] {
        let text = signed(&json!({"alg": none, "typ": "JWT"}), &raised);
        for unsigned in [format!("{text}."), format!("{text}.{}", token.signature), text] {
            assert_eq!(status(&unsigned).await, 401, "algorithm {none:?}");
        }
    }

    let public = kms.public_key().await.unwrap();
    let text = signed(&json!({"alg": "HS256", "typ": "JWT"}), &token.claims);
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &public), text.as_bytes());
    assert_eq!(status(&format!("{text}.{}", BASE64.encode(tag))).await, 401, "HS256 with the public key");

    let foreign = LocalKey::generate().unwrap();
    let own_key = json!({"alg": "ES256", "typ": "JWT", "kid": "mine", "jku": "https://attacker.example/keys"});
    assert_eq!(status(&sign(&foreign, &own_key, &token.claims).await).await, 401, "a foreign key");

    let expired = token.with("exp", json!(issued - 60));
    assert_eq!(status(&sign(&kms, &es256, &expired).await).await, 401, "expired");
    let early = token.with("iat", json!(issued + 3600));
    assert_eq!(status(&sign(&kms, &es256, &early).await).await, 401, "not valid yet");
    for (claim, other) in [("aud", "another-platform"), ("iss", "somebody")] {
        assert_eq!(status(&sign(&kms, &es256, &token.with(claim, json!(other))).await).await, 401, "{claim}");
    }
}
