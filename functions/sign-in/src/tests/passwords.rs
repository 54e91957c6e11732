//! Links and codes to set a password.

use domain::sign_in::SignInOutcome;
use futures::future::join_all;
use jiff::SignedDuration;
use workflow::password_links;
use workflow::ports::{PageRequest, Registry, SignIns};

use super::*;
use crate::LOCK_OUT;

const NEW: &str = "岐山县第一机械厂的新厂房";

async fn forgotten(stage: &Stage, name: &str) -> Reply {
    let captcha = stage.captcha().await;
    stage.post("/passwords/forgotten", json!({"user_name": name, "captcha": captcha})).await
}

async fn by_code(stage: &Stage, code: &str, password: &str) -> Reply {
    let body = json!({"user_name": stage.account.user_name, "code": code, "password": password});
    stage.post("/passwords/reset", body).await
}

async fn by_link(stage: &Stage, token: &str, password: &str) -> Reply {
    stage.post("/passwords", json!({"token": token, "password": password})).await
}

/// Asks for a code; answers what the text says.
async fn code_sent(stage: &Stage) -> String {
    let name = stage.account.user_name.clone();
    assert_eq!(forgotten(stage, &name).await.status, StatusCode::ACCEPTED);
    let texts = stage.texts().await;
    let [(mobile, text)] = texts.as_slice() else { panic!("{texts:?}") };
    assert_eq!(mobile, MOBILE);
    let digits: String = text.chars().skip_while(|c| !c.is_ascii_digit()).take(6).collect();
    assert_eq!(*text, format!("验证码{digits}，用于重设登录密码，5分钟内有效。请勿告诉任何人。"));
    digits
}

/// Another code than the right one.
fn wrong(code: &str) -> String {
    format!("{:06}", (code.parse::<u32>().unwrap() + 1) % 1_000_000)
}

async fn link_sent(stage: &Stage) -> String {
    password_links::issue(&stage.desk, &PlainCipher, &stage.account.id).await.unwrap();
    let waiting = format!("{:?}", stage.store.outbox());
    let texts = stage.texts().await;
    let [(mobile, text)] = texts.as_slice() else { panic!("{texts:?}") };
    let (_, token) = text.split_once("https://portal.example/set-password#").unwrap();
    let token = token.split_once(' ').unwrap().0.to_owned();
    assert_eq!((mobile.as_str(), token.len()), (MOBILE, 32));
    let at_rest = serde_json::to_string(&stage.store.snapshot()).unwrap();
    assert!(!at_rest.contains(&token) && !waiting.contains(&token), "the link is nowhere at rest");
    token
}

async fn generation(stage: &Stage) -> u64 {
    stage.store.credentials_of(&stage.account.id).await.unwrap().unwrap().generation
}

#[tokio::test]
async fn a_forgotten_password_is_set_by_the_code_of_a_text() {
    let stage = Stage::new().await;
    let session = stage.session().await;
    let code_sent = code_sent(&stage).await;
    let at_rest = serde_json::to_string(&stage.store.snapshot()).unwrap();
    assert!(!at_rest.contains(&code_sent) && !at_rest.contains(MOBILE), "neither code nor number is at rest");
    assert_eq!(by_code(&stage, &code_sent, NEW).await.status, StatusCode::NO_CONTENT);

    let name = stage.account.user_name.clone();
    assert_eq!(code(&stage.sign_in(&name, PASSWORD).await), problem(401, "SIGN_IN_FAILED"), "the old one");
    assert_eq!(stage.sign_in(&name, NEW).await.status, StatusCode::CREATED);
    let refreshed = stage.post("/sessions/refresh", json!({"refresh_token": session["refresh_token"]})).await;
    assert_eq!(code(&refreshed), problem(401, "SESSION_ENDED"), "sessions of before end");
    assert_eq!(faults(&by_code(&stage, &code_sent, NEW).await), fault("/code", "CODE_WRONG"), "used");
    let page = PageRequest { limit: 10, after: None };
    let log = stage.store.sign_ins(&stage.account.id, &page).await.unwrap().items;
    assert!(log.iter().any(|record| record.outcome == SignInOutcome::PasswordSet));
}

#[tokio::test]
async fn names_that_nobody_has_are_answered_like_any_other_and_sent_nothing() {
    let stage = Stage::new().await;
    let organisation = Organisation::default();
    let closed = with_mobile(Account { active: false, ..organisation.finance }, "13800000002");
    let without = organisation.archivist;
    for account in [&closed, &without] {
        stage.store.with_account(account.clone(), &HASH);
    }
    let known = forgotten(&stage, &stage.account.user_name.clone()).await;
    assert_eq!((known.status, known.body.len()), (StatusCode::ACCEPTED, 0));
    stage.texts().await;
    for name in ["nobody", closed.user_name.as_str(), without.user_name.as_str(), "", &"x".repeat(99)] {
        let reply = forgotten(&stage, name).await;
        assert_eq!((reply.status, reply.body), (known.status, known.body.clone()), "{name}");
        let body = json!({"user_name": name, "code": "123456", "password": NEW});
        assert_eq!(faults(&stage.post("/passwords/reset", body).await), fault("/code", "CODE_WRONG"), "{name}");
    }
    assert!(stage.texts().await.is_empty());
}

#[tokio::test]
async fn a_number_gets_one_code_a_minute_five_an_hour_and_ten_a_day() {
    let stage = Stage::new().await;
    let name = stage.account.user_name.clone();
    let mut sent = 0;
    let mut ask = async |times: usize| {
        for _ in 0..times {
            assert_eq!(forgotten(&stage, &name).await.status, StatusCode::ACCEPTED, "the answer is always the same");
        }
        sent += stage.texts().await.len();
        sent
    };
    assert_eq!(ask(3).await, 1, "one a minute");
    for _ in 0..6 {
        stage.clock.advance(SignedDuration::from_secs(60));
        ask(1).await;
    }
    assert_eq!(ask(0).await, 5, "five an hour");
    for _ in 0..30 {
        stage.clock.advance(SignedDuration::from_mins(12));
        ask(1).await;
    }
    assert_eq!(ask(0).await, 10, "ten a day");
    stage.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(ask(1).await, 11);
}

#[tokio::test]
async fn an_address_asks_for_twenty_codes_an_hour() {
    let stage = Stage::new().await;
    for n in 0..20 {
        assert_eq!(forgotten(&stage, &format!("nobody{n}")).await.status, StatusCode::ACCEPTED);
    }
    let refused = forgotten(&stage, &stage.account.user_name.clone()).await;
    assert_eq!((code(&refused), refused.header("retry-after")), (problem(429, "TOO_MANY_CODES"), "3600"));
    assert!(stage.texts().await.is_empty());
    stage.clock.advance(SignedDuration::from_hours(1));
    code_sent(&stage).await;
}

#[tokio::test]
async fn five_wrong_tries_burn_a_code_also_at_once() {
    for at_once in [false, true] {
        let stage = Stage::new().await;
        let right = code_sent(&stage).await;
        let guess = wrong(&right);
        if at_once {
            join_all((0..CONTENDERS).map(|_| by_code(&stage, &guess, NEW))).await;
        } else {
            for _ in 0..5 {
                assert_eq!(faults(&by_code(&stage, &guess, NEW).await), fault("/code", "CODE_WRONG"));
            }
        }
        assert_eq!(faults(&by_code(&stage, &right, NEW).await), fault("/code", "CODE_WRONG"), "burnt");
        stage.clock.advance(SignedDuration::from_secs(60));
        let next = code_sent(&stage).await;
        assert_eq!(by_code(&stage, &next, NEW).await.status, StatusCode::NO_CONTENT, "the next one is good");
    }
}

#[tokio::test]
async fn a_code_lives_five_minutes_or_until_the_next() {
    let stage = Stage::new().await;
    let first = code_sent(&stage).await;
    stage.clock.advance(SignedDuration::from_secs(60));
    let second = code_sent(&stage).await;
    assert_eq!(faults(&by_code(&stage, &first, NEW).await), fault("/code", "CODE_WRONG"), "replaced");
    stage.clock.advance(SignedDuration::from_mins(5));
    assert_eq!(faults(&by_code(&stage, &second, NEW).await), fault("/code", "CODE_WRONG"), "expired");
}

#[tokio::test]
async fn of_twenty_uses_of_a_code_or_link_at_once_one_wins() {
    let stage = Stage::new().await;
    let right = code_sent(&stage).await;
    let answers = join_all((0..CONTENDERS).map(|_| by_code(&stage, &right, NEW))).await;
    assert_eq!(answers.iter().filter(|reply| reply.status == StatusCode::NO_CONTENT).count(), 1);
    assert_eq!(generation(&stage).await, 1, "set once");

    let token = link_sent(&stage).await;
    let answers = join_all((0..CONTENDERS).map(|_| by_link(&stage, &token, NEW))).await;
    assert_eq!(answers.iter().filter(|reply| reply.status == StatusCode::NO_CONTENT).count(), 1);
    let late: Vec<_> = answers.iter().filter(|reply| reply.status != StatusCode::NO_CONTENT).collect();
    assert!(late.iter().all(|reply| faults(reply) == fault("/token", "LINK_EXPIRED")));
    assert_eq!(generation(&stage).await, 2, "set once more");
}

#[tokio::test]
async fn a_link_sets_a_password_once_within_three_days() {
    let stage = Stage::new().await;
    let token = link_sent(&stage).await;
    stage.clock.advance(SignedDuration::from_secs(72 * 3600 - 1));
    assert_eq!(by_link(&stage, &token, NEW).await.status, StatusCode::NO_CONTENT);
    assert_eq!(stage.sign_in(&stage.account.user_name, NEW).await.status, StatusCode::CREATED);
    assert_eq!(faults(&by_link(&stage, &token, NEW).await), fault("/token", "LINK_EXPIRED"), "used");

    let token = link_sent(&stage).await;
    stage.clock.advance(SignedDuration::from_hours(72));
    assert_eq!(faults(&by_link(&stage, &token, NEW).await), fault("/token", "LINK_EXPIRED"));
    for forged in ["", "x", &"0".repeat(32), &"链".repeat(32)] {
        assert_eq!(faults(&by_link(&stage, forged, NEW).await), fault("/token", "LINK_EXPIRED"), "{forged}");
    }
}

#[tokio::test]
async fn a_bad_password_is_refused_with_every_reason_and_costs_nothing() {
    let stage = Stage::new().await;
    let (token, right) = (link_sent(&stage).await, code_sent(&stage).await);
    let name = stage.account.user_name.clone();
    let short = [fault("/password", "PASSWORD_TOO_SHORT"), fault("/password", "PASSWORD_IS_USER_NAME")].concat();
    for _ in 0..6 {
        assert_eq!(faults(&by_link(&stage, &token, &name).await), short);
        assert_eq!(faults(&by_code(&stage, &right, &name).await), short);
    }
    let both = [fault("/token", "LINK_EXPIRED"), fault("/password", "PASSWORD_TOO_SHORT")].concat();
    assert_eq!(faults(&by_link(&stage, "forged", "short").await), both);
    assert_eq!(by_code(&stage, &right, NEW).await.status, StatusCode::NO_CONTENT);
    assert_eq!(by_link(&stage, &token, "another good password").await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn setting_a_password_unlocks_the_name() {
    let stage = Stage::new().await;
    let name = stage.account.user_name.clone();
    for _ in 0..LOCK_OUT.times {
        stage.sign_in(&name, "wrong").await;
    }
    let right = code_sent(&stage).await;
    assert_eq!(by_code(&stage, &right, NEW).await.status, StatusCode::NO_CONTENT);
    assert_eq!(stage.sign_in(&name, NEW).await.status, StatusCode::CREATED);
}
