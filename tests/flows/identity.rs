//! Identity from outside: lock-out, forgotten passwords by the text that was sent, links, the second factor.

use std::time::Duration;

use aws::connect::Aws;
use aws::world::{SystemClock, SystemIds};
use domain::account::{Account, Role};
use domain::ids::AccountId;
use domain::organisation::NodePath;
use futures::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};
use sign_in::totp::{STEP_S, code as totp_code};
use tests::client::{Client, PASSWORD, PATIENCE, Reply};
use tests::operator::Operator;
use workflow::password_links;
use workflow::ports::{Clock, Ids};
use workflow::texts::seal;

use crate::cloud;

const NEW: &str = "岐山县第一机械厂的新厂房";

/// An account that no other test knows, with a mobile number of its own.
struct Newcomer {
    anybody: Client,
    operator: Operator,
    aws: Aws,
    account: Account,
    mobile: String,
}

impl Newcomer {
    async fn new() -> Self {
        let aws = Aws::connect().await;
        let id = AccountId::from_ulid(SystemIds.ulid());
        let digits = SystemIds.ulid().random() % 100_000_000;
        let mobile = format!("139{digits:08}");
        let account = Account {
            sealed_mobile: Some(seal(&aws.cipher().await.unwrap(), &id, &mobile)),
            user_name: id.as_str().to_lowercase(),
            id,
            name: "新人".to_owned(),
            roles: vec![Role::Auditor],
            node: NodePath::try_from("/hq/2602/".to_owned()).unwrap(),
            unit: None,
            active: true,
            version: 1,
        };
        let hash = sign_in::passwords::hash_password(&SystemIds, PASSWORD).unwrap();
        aws.dynamo().put_account(&account, &hash).await.unwrap();
        let operator = Operator::of(&cloud()).await;
        Self { anybody: Client::new(&cloud()).unwrap(), operator, aws, account, mobile }
    }

    async fn post(&self, path: &str, body: Value) -> Reply {
        self.anybody.post(path, &body).await.unwrap()
    }

    async fn sign_in(&self, user_name: &str, password: &str, totp: Option<&str>) -> Reply {
        let captcha = self.anybody.captcha().await.unwrap();
        let body = json!({"user_name": user_name, "password": password, "captcha": captcha, "totp": totp});
        self.post("/sessions", body).await
    }

    async fn session(&self, password: &str) -> Value {
        self.sign_in(&self.account.user_name, password, None).await.ok().unwrap()
    }

    async fn forgotten(&self, user_name: &str) -> u16 {
        let captcha = self.anybody.captcha().await.unwrap();
        self.post("/passwords/forgotten", json!({"user_name": user_name, "captcha": captcha})).await.status
    }

    async fn by_code(&self, code: &str) -> Reply {
        let body = json!({"user_name": self.account.user_name, "code": code, "password": NEW});
        self.post("/passwords/reset", body).await
    }

    /// Waits for the first text to the account's number.
    async fn text(&self) -> String {
        let started = std::time::Instant::now();
        loop {
            if let Some(text) = self.operator.texts_to(&self.mobile).await.unwrap().pop() {
                return text;
            }
            assert!(started.elapsed() < PATIENCE, "no text came");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    async fn code_sent(&self) -> String {
        assert_eq!(self.forgotten(&self.account.user_name).await, 202);
        let text = self.text().await;
        text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect()
    }
}

/// Codes of what is wrong.
fn faults(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 422, "{}", reply.text);
    let body = reply.json();
    let errors = body["errors"].as_array().unwrap();
    errors.iter().map(|fault| fault["code"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_guesses_at_once_five_are_tried_whether_the_name_is_known_or_not() {
    let newcomer = Newcomer::new().await;
    for name in [newcomer.account.user_name.clone(), SystemIds.ulid().to_string()] {
        let answers = join_all((0..20).map(|_| newcomer.sign_in(&name, "wrong", None))).await;
        let of = |status| answers.iter().filter(|reply| reply.status == status).count();
        assert_eq!((of(401), of(423)), (4, 16), "the fifth guess is answered as the lock");
    }
    let right = newcomer.sign_in(&newcomer.account.user_name, PASSWORD, None).await;
    assert_eq!(right.refused(423).unwrap(), "ACCOUNT_LOCKED");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_captcha_is_good_for_one_of_many() {
    let newcomer = Newcomer::new().await;
    let captcha = newcomer.anybody.captcha().await.unwrap();
    let body = json!({"user_name": newcomer.account.user_name, "password": PASSWORD, "captcha": captcha});
    let answers = join_all((0..20).map(|_| newcomer.post("/sessions", body.clone()))).await;
    assert_eq!(answers.iter().filter(|reply| reply.status == 201).count(), 1);
    assert!(answers.iter().filter(|reply| reply.status != 201).all(|reply| faults(reply) == ["CAPTCHA_EXPIRED"]));
}

/// One after the other: codes are counted by address, and all clients of a laptop come from the same one.
#[tokio::test(flavor = "multi_thread")]
async fn codes_by_text() {
    let operator = Operator::of(&cloud()).await;
    operator.lift_address_limits().await.unwrap();
    a_forgotten_password_is_set_by_the_text_that_was_sent().await;
    five_guesses_burn_a_code().await;
    operator.lift_address_limits().await.unwrap();
    an_address_cannot_flood_numbers().await;
    operator.lift_address_limits().await.unwrap();
}

async fn a_forgotten_password_is_set_by_the_text_that_was_sent() {
    let newcomer = Newcomer::new().await;
    let session = newcomer.session(PASSWORD).await;
    let code = newcomer.code_sent().await;
    assert_eq!(code.len(), 6);
    for _ in 0..3 {
        assert_eq!(newcomer.forgotten(&newcomer.account.user_name).await, 202, "a flood is answered alike");
    }
    assert_eq!(newcomer.forgotten("nobody-has-this-name").await, 202);

    let answers = join_all((0..20).map(|_| newcomer.by_code(&code))).await;
    assert_eq!(answers.iter().filter(|reply| reply.status == 204).count(), 1, "one of many");
    newcomer.session(NEW).await;
    let refresh = newcomer.post("/sessions/refresh", json!({"refresh_token": session["refresh_token"]})).await;
    assert_eq!(refresh.refused(401).unwrap(), "SESSION_ENDED");

    newcomer.operator.settle().await.unwrap();
    assert_eq!(newcomer.operator.texts_to(&newcomer.mobile).await.unwrap().len(), 1, "one a minute");
}

async fn five_guesses_burn_a_code() {
    let newcomer = Newcomer::new().await;
    let code = newcomer.code_sent().await;
    let wrong = format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000);
    for _ in 0..5 {
        assert_eq!(faults(&newcomer.by_code(&wrong).await), ["CODE_WRONG"]);
    }
    assert_eq!(faults(&newcomer.by_code(&code).await), ["CODE_WRONG"]);
    newcomer.session(PASSWORD).await;
}

async fn an_address_cannot_flood_numbers() {
    let newcomer = Newcomer::new().await;
    let mut answers = Vec::new();
    for _ in 0..21 {
        answers.push(newcomer.forgotten(&SystemIds.ulid().to_string()).await);
    }
    assert_eq!((answers[0], answers.last()), (202, Some(&429)), "{answers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_sets_a_password_once() {
    let newcomer = Newcomer::new().await;
    let cipher = newcomer.aws.cipher().await.unwrap();
    password_links::issue(&newcomer.aws.desk(), &cipher, &newcomer.account.id).await.unwrap();
    let text = newcomer.text().await;
    let token = text.split_once("/set-password#").unwrap().1.split_once(' ').unwrap().0;
    let redeem =
        async |password: &str| newcomer.post("/passwords", json!({"token": token, "password": password})).await;
    assert_eq!(faults(&redeem("password").await), ["PASSWORD_TOO_SHORT"]);
    assert_eq!(faults(&redeem("password123").await), ["PASSWORD_COMMON"]);
    let answers = join_all((0..20).map(|_| redeem(NEW))).await;
    assert_eq!(answers.iter().filter(|reply| reply.status == 204).count(), 1);
    let late: Vec<_> = answers.iter().filter(|reply| reply.status != 204).collect();
    assert!(late.iter().all(|reply| faults(reply) == ["LINK_EXPIRED"]));
    newcomer.session(NEW).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_factor_is_asked_for_and_the_log_tells_of_it() {
    let newcomer = Newcomer::new().await;
    let session = newcomer.session(PASSWORD).await;
    let client = newcomer.anybody.with_token(session["access_token"].as_str().unwrap());
    let shown = client.post("/me/totp", &json!({})).await.unwrap().ok().unwrap();
    let secret = base32_decoded(shown["secret"].as_str().unwrap());
    let step = || u64::try_from(SystemClock.now().as_second() / STEP_S).unwrap();
    let first = totp_code(&secret, step());
    let confirmed = client.send(Method::PUT, "/me/totp", None, None, Some(&json!({"code": first}))).await.unwrap();
    assert_eq!(confirmed.status, 204, "{}", confirmed.text);

    let name = newcomer.account.user_name.clone();
    assert_eq!(newcomer.sign_in(&name, PASSWORD, None).await.refused(401).unwrap(), "TOTP_REQUIRED");
    assert_eq!(newcomer.sign_in(&name, PASSWORD, Some(&first)).await.refused(401).unwrap(), "TOTP_WRONG");
    let next = totp_code(&secret, step() + 1);
    newcomer.sign_in(&name, PASSWORD, Some(&next)).await.ok().unwrap();

    let log = client.get("/me/sign-ins?limit=3").await.unwrap().ok().unwrap();
    let outcomes: Vec<&str> =
        log["items"].as_array().unwrap().iter().map(|item| item["outcome"].as_str().unwrap()).collect();
    assert_eq!(outcomes, ["signed-in", "failed", "totp-set"]);
    assert!(log["next"].is_string(), "the first sign-in is on the next page");
    let others = client.get("/accounts/zhangsan/sign-ins?limit=1").await.unwrap();
    assert_eq!(others.status, 200, "an auditor of the office reads its units' log: {}", others.text);
    assert_eq!(client.get("/accounts/zhaoqi/sign-ins").await.unwrap().refused(404).unwrap(), "NOT_FOUND");
}

fn base32_decoded(secret: &str) -> Vec<u8> {
    let value = |c: u8| if c.is_ascii_uppercase() { c - b'A' } else { c - b'2' + 26 };
    let bits: Vec<u8> = secret.bytes().flat_map(|c| (0..5).rev().map(move |at| value(c) >> at & 1)).collect();
    bits.chunks_exact(8).map(|eight| eight.iter().fold(0, |byte, bit| byte << 1 | bit)).collect()
}
