//! Captchas: asked for by whatever a program could repeat, and good for one answer.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use futures::future::join_all;
use jiff::SignedDuration;

use super::*;

const WHERE: &str = "/captcha/answer";

async fn sign_in(stage: &Stage, captcha: &Value) -> Reply {
    let (user_name, password) = (&stage.account.user_name, PASSWORD);
    stage.post("/sessions", json!({"user_name": user_name, "password": password, "captcha": captcha})).await
}

#[tokio::test]
async fn a_captcha_is_a_picture_and_the_same_in_words() {
    let stage = Stage::new().await;
    let reply = stage.post("/captchas", json!({})).await;
    assert_eq!(reply.status, StatusCode::CREATED);
    let captcha: Value = reply.json().unwrap();
    let image = captcha["image"].as_str().unwrap().strip_prefix("data:image/png;base64,").unwrap();
    assert_eq!(BASE64.decode(image).unwrap()[..8], *b"\x89PNG\r\n\x1a\n");
    assert!(captcha["words"].as_str().unwrap().ends_with("等于几"));
    assert_eq!(captcha["expires_in_s"], 120);
}

#[tokio::test]
async fn any_answer_uses_a_captcha_up() {
    let stage = Stage::new().await;
    let right = stage.captcha().await;
    let wrong = json!({"id": right["id"], "answer": "0"});
    assert_eq!(faults(&sign_in(&stage, &wrong).await), fault(WHERE, "CAPTCHA_WRONG"));
    assert_eq!(faults(&sign_in(&stage, &right).await), fault(WHERE, "CAPTCHA_EXPIRED"), "asked once");
    let right = stage.captcha().await;
    assert_eq!(sign_in(&stage, &right).await.status, StatusCode::CREATED);
    assert_eq!(faults(&sign_in(&stage, &right).await), fault(WHERE, "CAPTCHA_EXPIRED"), "used");
}

#[tokio::test]
async fn a_captcha_lives_two_minutes() {
    let stage = Stage::new().await;
    let (one, other) = (stage.captcha().await, stage.captcha().await);
    stage.clock.advance(SignedDuration::from_secs(119));
    assert_eq!(sign_in(&stage, &one).await.status, StatusCode::CREATED);
    stage.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(faults(&sign_in(&stage, &other).await), fault(WHERE, "CAPTCHA_EXPIRED"));
}

#[tokio::test]
async fn an_answer_may_be_typed_in_full_width() {
    let stage = Stage::new().await;
    let mut captcha = stage.captcha().await;
    let wide = |c: char| char::from_u32(u32::from(c) + 0xfee0).unwrap();
    captcha["answer"] = captcha["answer"].as_str().unwrap().chars().map(wide).collect::<String>().into();
    assert_eq!(sign_in(&stage, &captcha).await.status, StatusCode::CREATED);
}

#[tokio::test]
async fn of_twenty_uses_at_once_one_wins() {
    let stage = Stage::new().await;
    let captcha = stage.captcha().await;
    let answers = join_all((0..CONTENDERS).map(|_| sign_in(&stage, &captcha))).await;
    assert_eq!(answers.iter().filter(|reply| reply.status == StatusCode::CREATED).count(), 1);
    let late: Vec<_> = answers.iter().filter(|reply| reply.status != StatusCode::CREATED).collect();
    assert!(late.iter().all(|reply| faults(reply) == fault(WHERE, "CAPTCHA_EXPIRED")));
}

/// A wrong captcha costs no attempt of the account, and tells nothing about it.
#[tokio::test]
async fn without_a_captcha_nothing_happens() {
    let stage = Stage::new().await;
    for id in ["", "01J8Z7Q0C2N5T4R8K6W3Y1XABC", "验证码", &"x".repeat(5000)] {
        let captcha = json!({"id": id, "answer": "1"});
        for name in [stage.account.user_name.as_str(), "nobody"] {
            let body = json!({"user_name": name, "password": "wrong", "captcha": captcha});
            assert_eq!(faults(&stage.post("/sessions", body).await), fault(WHERE, "CAPTCHA_EXPIRED"), "{id:.20}");
            let body = json!({"user_name": name, "captcha": captcha});
            assert_eq!(faults(&stage.post("/passwords/forgotten", body).await), fault(WHERE, "CAPTCHA_EXPIRED"));
        }
    }
    assert!(stage.texts().await.is_empty());
    stage.session().await;
}
