#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::LazyLock;

use axum::Router;
use axum::body::Body;
use domain::account::Account;
use http::Request;
use lambda::auth::{LocalKey, Verifier};
use lambda::http::{Gate, Reply, app, call};
use serde_json::{Value, json};
use testing::memory::MemoryStore;
use testing::sample::Organisation;
use testing::world::{FixedClock, SequentialIds};

use super::*;

const PASSWORD: &str = "correct horse battery staple";
/// Hashed once: it takes its time.
static HASH: LazyLock<String> =
    LazyLock::new(|| passwords::hash_password(&SequentialIds::default(), PASSWORD).unwrap());

struct Stage {
    app: Router,
    store: MemoryStore,
    clock: FixedClock,
    account: Account,
}

impl Stage {
    async fn new() -> Self {
        let (store, clock) = (MemoryStore::default(), FixedClock::default());
        let account = Organisation::default().handler;
        store.with_account(account.clone(), &HASH);
        let signer = Arc::new(LocalKey::generate().unwrap());
        let gate = Gate::new(Verifier::load(&*signer).await.unwrap(), Arc::new(clock.clone()));
        let door = Door {
            registry: Arc::new(store.clone()),
            sessions: Arc::new(store.clone()),
            signer,
            clock: Arc::new(clock.clone()),
            ids: Arc::new(SequentialIds::default()),
        };
        Self { app: app(routes(door), gate), store, clock, account }
    }

    async fn post(&self, path: &str, body: Value) -> Reply {
        let request = Request::post(path).header("content-type", "application/json");
        call(&self.app, request.body(Body::from(body.to_string())).unwrap()).await
    }

    async fn sign_in(&self, user_name: &str, password: &str) -> Reply {
        self.post("/sessions", json!({"user_name": user_name, "password": password})).await
    }

    /// Signs in as the sample account.
    async fn session(&self) -> Value {
        let reply = self.sign_in(&self.account.user_name, PASSWORD).await;
        assert_eq!(reply.status, StatusCode::CREATED);
        reply.json().unwrap()
    }

    async fn refresh(&self, token: &Value) -> Reply {
        self.post("/sessions/refresh", json!({"refresh_token": token})).await
    }

    async fn bearing(&self, request: &str, token: &Value) -> Reply {
        let (method, path) = request.split_once(' ').unwrap();
        let bearer = format!("Bearer {}", token.as_str().unwrap());
        let request = Request::builder().method(method).uri(path).header("authorization", bearer);
        call(&self.app, request.body(Body::empty()).unwrap()).await
    }
}

fn code(reply: &Reply) -> (u16, String) {
    (reply.status.as_u16(), reply.json::<Problem>().unwrap().code.to_string())
}

fn problem(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

#[tokio::test]
async fn the_right_password_opens_a_session() {
    let stage = Stage::new().await;
    let typed = format!("  {} ", stage.account.user_name.to_uppercase());
    let session: Value = stage.sign_in(&typed, PASSWORD).await.json().unwrap();
    let account = json!({
        "id": stage.account.id, "name": stage.account.name, "roles": ["unit-handler"],
        "node": stage.account.node, "unit": stage.account.unit,
    });
    assert_eq!((&session["account"], &session["expires_in_s"]), (&account, &json!(900)));
    let me = stage.bearing("GET /me", &session["access_token"]).await;
    assert_eq!(me.json::<Value>().unwrap(), account);
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
    for _ in 1..FAILURES_MAX {
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
    let credentials = stage.store.credentials(&name).await.unwrap().unwrap();
    assert_eq!((credentials.failures, credentials.locked_until), (0, None), "the right password forgets failures");
}

#[tokio::test]
async fn failures_with_a_success_in_between_do_not_lock() {
    let stage = Stage::new().await;
    let name = stage.account.user_name.clone();
    for _ in 0..2 {
        for _ in 1..FAILURES_MAX {
            assert_eq!(code(&stage.sign_in(&name, "wrong").await), problem(401, "SIGN_IN_FAILED"));
        }
        stage.session().await;
    }
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_its_second_use_ends_the_session() {
    let stage = Stage::new().await;
    let (session, other) = (stage.session().await, stage.session().await);
    let second: Value = stage.refresh(&session["refresh_token"]).await.json().unwrap();
    let third: Value = stage.refresh(&second["refresh_token"]).await.json().unwrap();
    assert_eq!(stage.bearing("GET /me", &third["access_token"]).await.status, StatusCode::OK);

    let ended = problem(401, "SESSION_ENDED");
    assert_eq!(code(&stage.refresh(&session["refresh_token"]).await), ended, "used");
    assert_eq!(code(&stage.refresh(&third["refresh_token"]).await), ended, "the thief's and the owner's alike");
    assert_eq!(stage.refresh(&other["refresh_token"]).await.status, StatusCode::OK, "another session goes on");
}

#[tokio::test]
async fn a_session_ends_twelve_hours_after_signing_in_however_often_it_was_refreshed() {
    let stage = Stage::new().await;
    let mut session = stage.session().await;
    for _ in 0..11 {
        stage.clock.advance(SignedDuration::from_hours(1));
        session = stage.refresh(&session["refresh_token"]).await.json().unwrap();
    }
    stage.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(code(&stage.refresh(&session["refresh_token"]).await), problem(401, "SESSION_ENDED"));
}

#[tokio::test]
async fn forged_refresh_tokens_end_nothing_but_the_attempt() {
    let stage = Stage::new().await;
    let session = stage.session().await;
    for forged in ["", "x", "01J8Z7Q0C2N5T4R8K6W3Y1XABC.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        assert_eq!(code(&stage.refresh(&json!(forged)).await), problem(401, "SESSION_ENDED"), "{forged}");
    }
    assert_eq!(stage.refresh(&session["refresh_token"]).await.status, StatusCode::OK);
}

#[tokio::test]
async fn signing_out_ends_the_session() {
    let stage = Stage::new().await;
    let session = stage.session().await;
    let access = &session["access_token"];
    for _ in 0..2 {
        assert_eq!(stage.bearing("DELETE /sessions/current", access).await.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(code(&stage.refresh(&session["refresh_token"]).await), problem(401, "SESSION_ENDED"));
}

#[tokio::test]
async fn an_account_that_is_closed_gets_no_further_and_one_that_changed_is_told_so() {
    let stage = Stage::new().await;
    let session = stage.session().await;
    let changed = Account { roles: vec![Role::Registrar], ..stage.account.clone() };
    stage.store.with_account(changed, &HASH);
    let session: Value = stage.refresh(&session["refresh_token"]).await.json().unwrap();
    assert_eq!(session["account"]["roles"], json!(["registrar"]));

    stage.store.with_account(Account { active: false, ..stage.account.clone() }, &HASH);
    assert_eq!(code(&stage.bearing("GET /me", &session["access_token"]).await), problem(401, "NOT_SIGNED_IN"));
    assert_eq!(code(&stage.refresh(&session["refresh_token"]).await), problem(401, "SESSION_ENDED"));
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

#[tokio::test]
async fn the_document_says_which_requests_need_a_token() {
    let stage = Stage::new().await;
    let door = Door {
        registry: Arc::new(stage.store.clone()),
        sessions: Arc::new(stage.store.clone()),
        signer: Arc::new(LocalKey::generate().unwrap()),
        clock: Arc::new(stage.clock.clone()),
        ids: Arc::new(SequentialIds::default()),
    };
    let document = lambda::openapi::merged("https://api.example.org", [routes(door).into_openapi()]).unwrap();
    let document: Value = serde_json::from_str(&lambda::openapi::text(&document).unwrap()).unwrap();
    let open = |path: &str, method: &str| document["paths"][path][method]["security"] == json!([{}]);
    assert!(open("/sessions", "post") && open("/sessions/refresh", "post"));
    assert!(!open("/sessions/current", "delete") && !open("/me", "get"));
    assert_eq!(document["security"], json!([{"bearer": []}]));
    assert!(document["paths"]["/me"]["get"]["responses"]["default"]["content"]["application/problem+json"].is_object());
}
