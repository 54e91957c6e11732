//! The second factor: enrolled once, asked for ever after.

use futures::future::join_all;
use jiff::SignedDuration;

use super::*;
use crate::LOCK_OUT;
use crate::totp::{base32, code as totp_code};

struct Authenticator {
    stage: Stage,
    user_name: String,
    secret: Vec<u8>,
}

impl Authenticator {
    /// The code the authenticator shows now, or some steps later.
    fn shows(&self, later: u64) -> String {
        totp_code(&self.secret, u64::try_from(self.stage.clock.now().as_second()).unwrap() / 30 + later)
    }

    async fn sign_in(&self, code: Option<&str>) -> Reply {
        self.stage.sign_in_with(&self.user_name, PASSWORD, code).await
    }
}

fn decoded(secret: &str) -> Vec<u8> {
    let value = |c: u8| if c.is_ascii_uppercase() { c - b'A' } else { c - b'2' + 26 };
    let bits: Vec<u8> = secret.bytes().flat_map(|c| (0..5).rev().map(move |at| value(c) >> at & 1)).collect();
    bits.chunks_exact(8).map(|eight| eight.iter().fold(0, |byte, bit| byte << 1 | bit)).collect()
}

async fn back_office(stage: &Stage) -> (String, Value) {
    let account = Organisation::default().finance;
    stage.store.with_account(account.clone(), &HASH);
    let session: Value = stage.sign_in(&account.user_name, PASSWORD).await.json().unwrap();
    (account.user_name, session["access_token"].clone())
}

async fn confirm(stage: &Stage, token: &Value, code: &str) -> Reply {
    stage.send("PUT /me/totp", Some(token), Some(json!({"code": code}))).await
}

async fn enrolled() -> (Authenticator, Value) {
    let stage = Stage::new().await;
    let (user_name, token) = back_office(&stage).await;
    let reply = stage.bearing("POST /me/totp", &token).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let shown: Value = reply.json().unwrap();
    let text = shown["secret"].as_str().unwrap().to_owned();
    let secret = decoded(&text);
    assert_eq!((secret.len(), base32(&secret)), (20, text.clone()));
    assert!(shown["uri"].as_str().unwrap().ends_with(&format!(
        ":{user_name}?secret={text}&issuer=%E8%81%8C%E5%B7%A5%E4%BA%92%E5%8A%A9%E4%BF%9D%E9%9A%9C"
    )));
    let at_rest = serde_json::to_string(&stage.store.snapshot()).unwrap();
    assert!(!at_rest.contains(&text), "the secret is sealed");
    let authenticator = Authenticator { stage, user_name, secret };
    assert_eq!(authenticator.sign_in(None).await.status, StatusCode::CREATED, "not asked for before it is confirmed");
    let wrong = confirm(&authenticator.stage, &token, "12345").await;
    assert_eq!(faults(&wrong), fault("/code", "TOTP_WRONG"));
    let confirmed = confirm(&authenticator.stage, &token, &authenticator.shows(0)).await;
    assert_eq!(confirmed.status, StatusCode::NO_CONTENT);
    (authenticator, token)
}

#[tokio::test]
async fn a_code_is_asked_for_once_confirmed_and_is_good_once() {
    let (authenticator, _) = enrolled().await;
    assert_eq!(code(&authenticator.sign_in(None).await), problem(401, "TOTP_REQUIRED"));
    let confirmed = authenticator.shows(0);
    assert_eq!(code(&authenticator.sign_in(Some(&confirmed)).await), problem(401, "TOTP_WRONG"), "used to confirm");
    authenticator.stage.clock.advance(SignedDuration::from_secs(30));
    let next = authenticator.shows(0);
    assert_eq!(authenticator.sign_in(Some(&next)).await.status, StatusCode::CREATED);
    assert_eq!(code(&authenticator.sign_in(Some(&next)).await), problem(401, "TOTP_WRONG"), "used");
    let early = authenticator.shows(1);
    assert_eq!(authenticator.sign_in(Some(&early)).await.status, StatusCode::CREATED, "one step ahead");
    assert_eq!(code(&authenticator.sign_in(Some(&next)).await), problem(401, "TOTP_WRONG"), "older than the last");
}

#[tokio::test]
async fn of_twenty_uses_of_a_code_at_once_one_wins() {
    let (authenticator, _) = enrolled().await;
    authenticator.stage.clock.advance(SignedDuration::from_secs(30));
    let now = authenticator.shows(0);
    let answers = join_all((0..CONTENDERS).map(|_| authenticator.sign_in(Some(&now)))).await;
    assert_eq!(answers.iter().filter(|reply| reply.status == StatusCode::CREATED).count(), 1);
}

#[tokio::test]
async fn guessing_codes_locks_the_name_also_with_questions_in_between() {
    let (authenticator, _) = enrolled().await;
    let mut guesses = 0;
    while code(&authenticator.sign_in(Some("12345")).await) == problem(401, "TOTP_WRONG") {
        guesses += 1;
        authenticator.sign_in(None).await;
        assert!(guesses < LOCK_OUT.times);
    }
    assert_eq!(code(&authenticator.sign_in(None).await), problem(423, "ACCOUNT_LOCKED"));
}

#[tokio::test]
async fn a_second_factor_is_not_replaced_by_who_holds_a_token() {
    let (authenticator, token) = enrolled().await;
    for reply in [
        authenticator.stage.bearing("POST /me/totp", &token).await,
        confirm(&authenticator.stage, &token, &authenticator.shows(0)).await,
    ] {
        assert_eq!(code(&reply), problem(409, "TOTP_SET"));
    }
}

#[tokio::test]
async fn a_secret_waits_ten_minutes_for_its_first_code_and_is_for_the_back_office() {
    let stage = Stage::new().await;
    let (_, token) = back_office(&stage).await;
    assert_eq!(code(&confirm(&stage, &token, "123456").await), problem(409, "TOTP_NOT_BEGUN"));
    stage.bearing("POST /me/totp", &token).await;
    stage.clock.advance(SignedDuration::from_mins(10));
    assert_eq!(code(&confirm(&stage, &token, "123456").await), problem(409, "TOTP_NOT_BEGUN"));
    let session = stage.session().await;
    let handler = stage.bearing("POST /me/totp", &session["access_token"]).await;
    assert_eq!(code(&handler), problem(403, "NOT_PERMITTED"));
}
