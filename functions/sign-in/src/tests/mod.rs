//! Every route within this process, over tables in memory.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod captchas;
mod cookies;
mod document;
mod passwords;
mod second_factor;
mod sessions;
mod sign_ins;

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::body::Body;
use domain::account::Account;
use http::{Request, StatusCode};
use lambda::auth::{LocalKey, Verifier};
use lambda::http::{Gate, Problem, Reply, app, call};
use serde_json::{Value, json};
use testing::memory::MemoryStore;
use testing::sample::Organisation;
use testing::world::{FixedClock, MemoryTexts, PlainCipher, SequentialIds};
use ulid::Ulid;
use workflow::captchas::ticket_name;
use workflow::desk::Desk;
use workflow::ports::{Clock, Outbox, Tickets};
use workflow::texts::{Writer, seal};

use crate::{Door, routes};

const PASSWORD: &str = "correct horse battery staple";
const MOBILE: &str = "13800000001";
/// How many try at once.
const CONTENDERS: usize = 20;
/// Hashed once: it takes its time.
static HASH: LazyLock<String> =
    LazyLock::new(|| crate::passwords::hash_password(&SequentialIds::default(), PASSWORD).unwrap());

#[derive(Clone)]
struct Stage {
    app: Router,
    store: MemoryStore,
    clock: FixedClock,
    desk: Desk,
    /// The handler of the sample unit, with a mobile number.
    account: Account,
}

impl Stage {
    async fn new() -> Self {
        let clock = FixedClock::default();
        let store = MemoryStore::new(clock.clone());
        let sample = Organisation::default();
        sample.seed(&store);
        let account = with_mobile(sample.handler, MOBILE);
        store.with_account(account.clone(), &HASH);
        let desk = Desk {
            store: Arc::new(store.clone()),
            clock: Arc::new(clock.clone()),
            ids: Arc::new(SequentialIds::default()),
        };
        let signer = Arc::new(LocalKey::generate().unwrap());
        let gate = Gate::new(Verifier::load(&*signer).await.unwrap(), Arc::new(clock.clone()));
        let door = Door { desk: desk.clone(), cipher: Arc::new(PlainCipher), signer };
        let app = app(routes(door), gate.with_cursors(Arc::new(PlainCipher)));
        Self { app, store, clock, desk, account }
    }

    async fn send(&self, request: &str, token: Option<&Value>, body: Option<Value>) -> Reply {
        let (method, path) = request.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {}", token.as_str().unwrap()));
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        call(&self.app, request.body(body).unwrap()).await
    }

    async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(&format!("POST {path}"), None, Some(body)).await
    }

    async fn bearing(&self, request: &str, token: &Value) -> Reply {
        self.send(request, Some(token), None).await
    }

    /// A captcha with its answer, which only the table tells.
    async fn captcha(&self) -> Value {
        let captcha: Value = self.post("/captchas", json!({})).await.json().unwrap();
        let id = Ulid::from_string(captcha["id"].as_str().unwrap()).unwrap();
        let ticket = self.store.ticket(&ticket_name(id), self.clock.now()).await.unwrap().unwrap();
        json!({"id": captcha["id"], "answer": ticket.holds})
    }

    async fn sign_in(&self, user_name: &str, password: &str) -> Reply {
        self.sign_in_with(user_name, password, None).await
    }

    async fn sign_in_with(&self, user_name: &str, password: &str, totp: Option<&str>) -> Reply {
        let captcha = self.captcha().await;
        let body = json!({"user_name": user_name, "password": password, "captcha": captcha, "totp": totp});
        self.post("/sessions", body).await
    }

    /// Signs in as the sample account.
    async fn session(&self) -> Value {
        let reply = self.sign_in(&self.account.user_name, PASSWORD).await;
        assert_eq!(reply.status, StatusCode::CREATED, "{:?}", reply.body);
        reply.json().unwrap()
    }

    /// Delivers what waits in the outbox; answers what was sent: numbers and texts.
    async fn texts(&self) -> Vec<(String, String)> {
        let provider = MemoryTexts::default();
        let writer = Writer { desk: &self.desk, cipher: &PlainCipher, public_url: "https://portal.example" };
        for outgoing in self.store.outbox() {
            writer.send(&provider, &outgoing).await.unwrap();
            self.store.sent(&outgoing.id).await.unwrap();
        }
        provider.sent()
    }
}

fn with_mobile(account: Account, mobile: &str) -> Account {
    Account { sealed_mobile: Some(seal(&PlainCipher, &account.id, mobile)), ..account }
}

fn code(reply: &Reply) -> (u16, String) {
    (reply.status.as_u16(), reply.json::<Problem>().unwrap().code.to_string())
}

fn problem(status: u16, code: &str) -> (u16, String) {
    (status, code.to_owned())
}

/// Place and code of everything that is wrong.
fn faults(reply: &Reply) -> Vec<(String, String)> {
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY, "{:?}", reply.body);
    let problem: Problem = reply.json().unwrap();
    problem.errors.iter().map(|fault| (fault.pointer.clone(), fault.code.to_string())).collect()
}

fn fault(pointer: &str, code: &str) -> Vec<(String, String)> {
    vec![(pointer.to_owned(), code.to_owned())]
}
