//! Signing in, lock-out, going on, signing out.

use domain::account::Role;
use futures::future::join_all;
use jiff::SignedDuration;

use super::*;
use crate::LOCK_OUT;

async fn refresh(stage: &Stage, token: &Value) -> Reply {
    stage.post("/sessions/refresh", json!({"refresh_token": token})).await
}

#[tokio::test]
async fn the_right_password_opens_a_session() {
    let stage = Stage::new().await;
    let typed = format!("  {} ", stage.account.user_name.to_uppercase());
    let session: Value = stage.sign_in(&typed, PASSWORD).await.json().unwrap();
    let sample = Organisation::default();
    let account = json!({
        "id": stage.account.id, "user_name": stage.account.user_name, "name": stage.account.name,
        "roles": ["unit-handler"], "permissions": stage.account.actor().permissions(),
        "node": stage.account.node, "node_name": "岐山县总工会",
        "unit": stage.account.unit, "unit_name": sample.unit.name,
    });
    assert!(account["permissions"].as_array().unwrap().contains(&json!("enter-enrolments")));
    assert_eq!((&session["account"], &session["expires_in_s"]), (&account, &json!(900)));
    let me = stage.bearing("GET /me", &session["access_token"]).await;
    assert_eq!(me.json::<Value>().unwrap(), account);
}

#[tokio::test]
async fn an_account_of_the_back_office_is_told_its_node() {
    let stage = Stage::new().await;
    let reviewer = Organisation::default().second_reviewer;
    stage.store.with_account(reviewer.clone(), &HASH);
    let session: Value = stage.sign_in(&reviewer.user_name, PASSWORD).await.json().unwrap();
    let told = ["node_name", "unit", "unit_name"].map(|field| session["account"][field].clone());
    let node = Organisation::default().nodes.into_iter().find(|node| node.path == reviewer.node).unwrap();
    assert_eq!(told, [json!(node.name), Value::Null, Value::Null]);
}

#[tokio::test]
async fn unknown_names_wrong_passwords_and_closed_accounts_are_answered_alike() {
    let stage = Stage::new().await;
    let closed = Account { user_name: "closed".into(), active: false, ..Organisation::default().finance };
    stage.store.with_account(closed, &HASH);
    let name = stage.account.user_name.clone();
    let tries =
        [(name.as_str(), "wrong"), ("nobody", PASSWORD), ("closed", PASSWORD), ("", PASSWORD), (&"x".repeat(99), "")];
    let mut bodies = Vec::new();
    for (user_name, password) in tries {
        let reply = stage.sign_in(user_name, password).await;
        assert_eq!(code(&reply), problem(401, "SIGN_IN_FAILED"), "{user_name}");
        bodies.push(reply.body);
    }
    assert!(bodies.iter().all(|body| *body == bodies[0]), "to the byte");
}

#[tokio::test]
async fn five_failures_lock_the_account_for_a_quarter_of_an_hour() {
    let stage = Stage::new().await;
    let name = stage.account.user_name.clone();
    for _ in 1..LOCK_OUT.times {
        assert_eq!(code(&stage.sign_in(&name, "wrong").await), problem(401, "SIGN_IN_FAILED"));
    }
    let fifth = stage.sign_in(&name, "wrong").await;
    assert_eq!((code(&fifth), fifth.header("retry-after")), (problem(423, "ACCOUNT_LOCKED"), "900"));
    stage.clock.advance(SignedDuration::from_secs(14 * 60 + 1));
    let right = stage.sign_in(&name, PASSWORD).await;
    assert_eq!((code(&right), right.header("retry-after")), (problem(423, "ACCOUNT_LOCKED"), "59"));
    assert!(right.json::<Problem>().unwrap().detail.contains("请1分钟后再试"), "minutes are rounded up");

    stage.clock.advance(SignedDuration::from_secs(59));
    assert_eq!(code(&stage.sign_in(&name, "wrong").await), problem(401, "SIGN_IN_FAILED"), "counted from one again");
    stage.session().await;
    for _ in 1..LOCK_OUT.times {
        assert_eq!(code(&stage.sign_in(&name, "wrong").await), problem(401, "SIGN_IN_FAILED"), "forgotten by success");
    }
}

#[tokio::test]
async fn a_name_that_nobody_has_is_locked_like_any_other() {
    let stage = Stage::new().await;
    let mut answers = Vec::new();
    for name in [stage.account.user_name.as_str(), " Nobody "] {
        let mut told = Vec::new();
        for _ in 0..7 {
            let reply = stage.sign_in(name, "wrong").await;
            told.push((code(&reply), reply.header("retry-after").to_owned(), reply.body));
        }
        answers.push(told);
    }
    assert_eq!(answers[0], answers[1], "to the byte");
    assert_eq!(answers[0][4].0, problem(423, "ACCOUNT_LOCKED"));
    assert_eq!(code(&stage.sign_in("nobody", "wrong").await), problem(423, "ACCOUNT_LOCKED"), "however it is typed");
}

/// Attempts are counted before the password is looked at, so no burst gets more of them than five in a row would.
#[tokio::test]
async fn of_twenty_guesses_at_once_five_are_tried() {
    let stage = Stage::new().await;
    let name = stage.account.user_name.clone();
    let answers = join_all((0..CONTENDERS).map(|_| stage.sign_in(&name, "wrong"))).await;
    let failed = answers.iter().filter(|reply| code(reply) == problem(401, "SIGN_IN_FAILED")).count();
    let locked = answers.iter().filter(|reply| code(reply) == problem(423, "ACCOUNT_LOCKED")).count();
    assert_eq!((failed, locked), (4, 16), "the fifth guess is answered as the lock");
    assert_eq!(code(&stage.sign_in(&name, PASSWORD).await), problem(423, "ACCOUNT_LOCKED"));
}

#[tokio::test]
async fn failures_with_a_success_in_between_do_not_lock() {
    let stage = Stage::new().await;
    let name = stage.account.user_name.clone();
    for _ in 0..2 {
        for _ in 1..LOCK_OUT.times {
            assert_eq!(code(&stage.sign_in(&name, "wrong").await), problem(401, "SIGN_IN_FAILED"));
        }
        stage.session().await;
    }
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_its_second_use_ends_the_session() {
    let stage = Stage::new().await;
    let (session, other) = (stage.session().await, stage.session().await);
    let second: Value = refresh(&stage, &session["refresh_token"]).await.json().unwrap();
    let third: Value = refresh(&stage, &second["refresh_token"]).await.json().unwrap();
    assert_eq!(stage.bearing("GET /me", &third["access_token"]).await.status, StatusCode::OK);

    let ended = problem(401, "SESSION_ENDED");
    assert_eq!(code(&refresh(&stage, &session["refresh_token"]).await), ended, "used");
    assert_eq!(code(&refresh(&stage, &third["refresh_token"]).await), ended, "the thief's and the owner's alike");
    assert_eq!(refresh(&stage, &other["refresh_token"]).await.status, StatusCode::OK, "another session goes on");
}

/// One of them gets the next tokens; the others look like a thief, so the family ends for all.
#[tokio::test]
async fn a_refresh_token_used_by_many_at_once_ends_the_session() {
    let stage = Stage::new().await;
    let session = stage.session().await;
    let answers = join_all((0..CONTENDERS).map(|_| refresh(&stage, &session["refresh_token"]))).await;
    let won: Vec<Value> =
        answers.iter().filter(|reply| reply.status == StatusCode::OK).map(|reply| reply.json().unwrap()).collect();
    assert_eq!(won.len(), 1);
    assert_eq!(code(&refresh(&stage, &won[0]["refresh_token"]).await), problem(401, "SESSION_ENDED"));
}

#[tokio::test]
async fn a_session_ends_twelve_hours_after_signing_in_however_often_it_was_refreshed() {
    let stage = Stage::new().await;
    let mut session = stage.session().await;
    for _ in 0..11 {
        stage.clock.advance(SignedDuration::from_hours(1));
        session = refresh(&stage, &session["refresh_token"]).await.json().unwrap();
    }
    stage.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(code(&refresh(&stage, &session["refresh_token"]).await), problem(401, "SESSION_ENDED"));
}

#[tokio::test]
async fn forged_refresh_tokens_end_nothing_but_the_attempt() {
    let stage = Stage::new().await;
    let session = stage.session().await;
    for forged in ["", "x", "01J8Z7Q0C2N5T4R8K6W3Y1XABC.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        assert_eq!(code(&refresh(&stage, &json!(forged)).await), problem(401, "SESSION_ENDED"), "{forged}");
    }
    assert_eq!(refresh(&stage, &session["refresh_token"]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let stage = Stage::new().await;
    let session = stage.session().await;
    let access = &session["access_token"];
    for _ in 0..2 {
        assert_eq!(stage.bearing("DELETE /sessions/current", access).await.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(code(&refresh(&stage, &session["refresh_token"]).await), problem(401, "SESSION_ENDED"));
}

#[tokio::test]
async fn an_account_that_is_closed_gets_no_further_and_one_that_changed_is_told_so() {
    let stage = Stage::new().await;
    let session = stage.session().await;
    let changed = Account { roles: vec![Role::Registrar], ..stage.account.clone() };
    stage.store.with_account(changed, &HASH);
    let session: Value = refresh(&stage, &session["refresh_token"]).await.json().unwrap();
    assert_eq!(session["account"]["roles"], json!(["registrar"]));

    stage.store.with_account(Account { active: false, ..stage.account.clone() }, &HASH);
    assert_eq!(code(&stage.bearing("GET /me", &session["access_token"]).await), problem(401, "NOT_SIGNED_IN"));
    assert_eq!(code(&refresh(&stage, &session["refresh_token"]).await), problem(401, "SESSION_ENDED"));
}

#[tokio::test]
async fn malformed_input_is_named_without_its_value() {
    let stage = Stage::new().await;
    for body in [json!({"user_name": "a"}), json!({"user_name": "a", "password": ["hunter2"]}), json!(["hunter2"])] {
        let reply = stage.post("/sessions", body).await;
        assert_eq!(code(&reply), problem(400, "MALFORMED_REQUEST"));
        assert!(!String::from_utf8_lossy(&reply.body).contains("hunter2"));
    }
}
