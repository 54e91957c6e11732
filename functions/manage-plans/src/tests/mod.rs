//! Every route within this process, over tables in memory.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod plans;
mod reliefs;
mod rules;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use axum::Router;
use axum::body::Body;
use domain::account::Account;
use http::Request;
use lambda::auth::{Claims, LocalKey, Verifier, issue};
use lambda::http::{Gate, Problem, Reply, app, call};
use serde_json::{Value, json};
use testing::world::World;
use workflow::desk::Desk;
use workflow::ports::Clock;

/// The routes, and who asks.
struct Stage {
    world: World,
    routes: Router,
    key: LocalKey,
    sent: AtomicU32,
}

impl Stage {
    async fn new() -> Self {
        let world = World::default();
        let key = LocalKey::generate().unwrap();
        let gate = Gate::new(Verifier::load(&key).await.unwrap(), Arc::new(world.clock.clone()));
        let desk = Desk {
            store: Arc::new(world.store.clone()),
            clock: Arc::new(world.clock.clone()),
            ids: Arc::new(world.ids.clone()),
        };
        let routes = crate::routes(desk).split_for_parts().0;
        let routes = app(routes, gate.with_cursors(Arc::new(world.cipher)));
        Self { world, routes, key, sent: AtomicU32::new(0) }
    }

    /// Sends `"POST /plan-variants"` under a key; `seen` is the version it was made from.
    async fn send(&self, by: &Account, request: &str, key: &str, seen: Option<u64>, body: &Value) -> Reply {
        let (method, path) = request.split_once(' ').unwrap();
        let claims = Claims::new(by.actor(), "family", self.world.clock.now());
        let token = issue(&self.key, &claims).await.unwrap();
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("idempotency-key", key);
        if let Some(seen) = seen {
            request = request.header("if-match", format!("\"{seen}\""));
        }
        let body = if method == "GET" { Body::empty() } else { Body::from(body.to_string()) };
        call(&self.routes, request.body(body).unwrap()).await
    }

    /// Sends a request under a key of its own.
    async fn ask(&self, by: &Account, request: &str, seen: Option<u64>, body: Value) -> Reply {
        let n = self.sent.fetch_add(1, Ordering::Relaxed);
        self.send(by, request, &format!("request-{n}"), seen, &body).await
    }

    async fn get(&self, by: &Account, path: &str) -> Value {
        let reply = self.ask(by, &format!("GET {path}"), None, Value::Null).await;
        assert!(reply.status.is_success(), "{path}: {:?}", reply.body);
        reply.json().unwrap()
    }

    /// A change that must succeed; answers the version afterwards.
    async fn change(&self, request: &str, seen: Option<u64>, body: Value) -> u64 {
        let reply = self.ask(&self.world.sample.plan_admin, request, seen, body).await;
        assert!(reply.status.is_success(), "{request}: {:?}", reply.body);
        let answer: Value = reply.json().unwrap();
        let version = answer["version"].as_u64().unwrap();
        assert_eq!(reply.header("etag"), format!("\"{version}\""));
        version
    }
}

/// Status and code of a refusal.
fn code(reply: &Reply) -> (u16, String) {
    (reply.status.as_u16(), reply.json::<Problem>().unwrap().code.to_string())
}

/// Places and codes of everything that is wrong.
fn faults(reply: &Reply) -> Vec<String> {
    assert_eq!(reply.status, 422, "{:?}", reply.body);
    let problem: Problem = reply.json().unwrap();
    problem.errors.iter().map(|fault| format!("{} {}", fault.pointer, fault.code)).collect()
}

/// Terms of a version of the accident plan, cheaper than the catalogue's.
fn terms(version: &str) -> Value {
    json!({
        "version": version, "name": "在职职工意外伤害互助保障活动", "variant": "职工意外(会费18元)", "kind": "accident",
        "fee_fen": 1800, "fee_high_risk_fen": 3000, "max_shares": 4, "term_months": 12, "age": [16, 65], "sex": "any",
        "participation": {"minimum_percent": 40, "all_below_staff": 10}, "waiting": {"none_until_day": 0},
        "new_employment_form": true,
        "benefits": [{"code": "death", "claim_type": "意外身故", "name": "身故互助金", "formula": "death", "sum_assured": 2_000_000}],
    })
}

/// An enrolment of the sample unit, completed with ten unnamed members of the accident plan.
async fn completed(stage: &Stage) -> domain::enrolment::Enrolment {
    use domain::enrolment::{Command, Context, decide};
    use testing::sample;
    use workflow::commit::Commit;
    use workflow::ports::{Commits, Ids, business_date};
    let (world, store) = (&stage.world, stage.world.store.inner());
    let (handler, now) = (world.sample.handler.clone(), world.clock.now());
    let mut e = sample::draft(world.ids.ulid(), &world.sample.unit, &handler, now);
    let office = sample::office_settings();
    let commands = [
        Command::SetPlans { choices: vec![sample::choice("accident-20", 2)], new_employment_form: false },
        Command::SetUnnamed { plan: "accident-20".into(), ordinary: 9, high_risk: 1 },
        Command::SetDetails { staff: 20, female_staff: 8, remark: String::new() },
    ];
    let context =
        Context { actor: Some(&handler.actor()), now, today: business_date(now), office: &office, task: None };
    for command in commands {
        e = decide(&e, command, &context).unwrap().enrolment;
    }
    let rules = domain::self_check::SelfCheckRules::default();
    let self_check = workflow::completion::check(&e, (&world.sample.unit, &office), &rules, business_date(now));
    let done = decide(&e, Command::Complete { self_check, granted: Vec::new() }, &context).unwrap();
    let commit = Commit { enrolment: Some((done.enrolment.clone(), 0)), tasks: done.tasks, ..Commit::default() };
    store.commit(commit).await.unwrap();
    done.enrolment
}
