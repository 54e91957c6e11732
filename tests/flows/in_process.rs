//! The platform's routes in this process, on ports in memory.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use confirm_payment::Series;
use domain::account::Account;
use http::Request;
use lambda::auth::{Claims, LocalKey, Verifier, issue};
use lambda::batch::Delivery;
use lambda::enrolments::Counter;
use lambda::http::{Gate, Reply, app, call};
use maintain_roster::Cabinet;
use manage_organisation::Chancery;
use manage_unit::Bureau;
use print_certificate::Press;
use query_records::Records;
use register_unit::Office;
use restrict_people::Register;
use serde_json::Value;
use sign_in::Door;
use testing::world::World;
use workflow::desk::Desk;
use workflow::ports::Clock;

/// Origin of the pages that links lead to.
pub const PUBLIC_URL: &str = "https://example.com";

/// The series of the world's receipts.
pub fn series(world: &World) -> Series {
    Series { receipts: Arc::new(world.receipts.clone()), clock: Arc::new(world.clock.clone()) }
}

/// All routes.
pub struct Front {
    world: World,
    routes: Router,
    key: Arc<LocalKey>,
}

impl Front {
    pub async fn open(world: &World) -> Self {
        let key = Arc::new(LocalKey::generate().unwrap());
        let cipher = Arc::new(world.cipher);
        let gate = Gate::new(Verifier::load(&*key).await.unwrap(), Arc::new(world.clock.clone()));
        let counter = Counter { desk: desk(world), links: Arc::new(world.objects.clone()) };
        let press = Press { counter: counter.clone(), cipher: cipher.clone(), public_url: PUBLIC_URL.to_owned() };
        let routes = request_upload::routes(counter.clone())
            .merge(enter_enrolment::routes(counter.clone()))
            .merge(maintain_roster::routes(Cabinet {
                counter: counter.clone(),
                objects: Arc::new(world.objects.clone()),
                cipher: cipher.clone(),
            }))
            .merge(restrict_people::routes(Register { desk: desk(world), cipher: cipher.clone() }))
            .merge(review_enrolment::routes(counter.clone()))
            .merge(enter_receipt::routes(counter.clone()))
            .merge(confirm_payment::routes(counter.clone(), series(world)))
            .merge(manage_plans::routes(counter.desk.clone()))
            .merge(follow_messages::routes(follow_messages::Postbox {
                counter: counter.clone(),
                cipher: cipher.clone(),
            }))
            .merge(register_unit::routes(Office { counter: counter.clone(), cipher: cipher.clone() }))
            .merge(manage_unit::routes(Bureau { counter: counter.clone(), cipher: cipher.clone() }))
            .merge(query_records::routes(Records { counter: counter.clone(), cipher: cipher.clone() }))
            .merge(manage_organisation::routes(Chancery { desk: desk(world), cipher: cipher.clone() }))
            .merge(sign_in::routes(Door { desk: desk(world), cipher: cipher.clone(), signer: key.clone() }))
            .merge(print_certificate::routes(press));
        let routes = app(routes.split_for_parts().0, gate.with_cursors(cipher));
        Self { world: world.clone(), routes, key }
    }

    /// Sends a request, `"POST /enrolments"`, under a key; `seen` is the version it was made from.
    pub async fn send(&self, by: &Account, request: &str, key: &str, seen: Option<u64>, body: &Value) -> Reply {
        let bearer = format!("Bearer {}", self.token(by).await);
        let seen = seen.map(|seen| format!("\"{seen}\""));
        let mut headers = vec![("authorization", bearer.as_str()), ("idempotency-key", key)];
        headers.extend(seen.as_deref().map(|seen| ("if-match", seen)));
        self.send_bearing(request, &headers, body).await
    }

    /// Sends a request with these headers.
    pub async fn send_bearing(&self, request: &str, headers: &[(&str, &str)], body: &Value) -> Reply {
        let (method, path) = request.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(path).header("content-type", "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = if method == "GET" { Body::empty() } else { Body::from(body.to_string()) };
        call(&self.routes, request.body(body).unwrap()).await
    }

    /// An access token of an account.
    pub async fn token(&self, of: &Account) -> String {
        let claims = Claims::new(of.actor(), "family", self.world.clock.now());
        issue(&*self.key, &claims).await.unwrap()
    }
}

pub fn desk(w: &World) -> Desk {
    Desk { store: Arc::new(w.store.clone()), clock: Arc::new(w.clock.clone()), ids: Arc::new(w.ids.clone()) }
}

/// A first delivery with time enough.
pub fn delivery() -> Delivery {
    Delivery { id: "record".into(), receive_count: 1, deadline: Instant::now() + Duration::from_secs(60) }
}

mod tests {
    use domain::ids::TaskId;
    use domain::organisation::Unit;
    use domain::task::{Level, Subject, Task, TaskChange, TaskState};
    use serde_json::Value;
    use testing::sample;
    use testing::world::World;
    use workflow::commit::Commit;
    use workflow::ports::{Clock, Commits, Ids};

    use super::Front;

    #[tokio::test]
    async fn a_classified_units_name_is_masked_in_pools_outside_its_agency() {
        let w = World::default();
        let unit = Unit { classified: true, ..w.sample.unit.clone() };
        w.store.inner().with_unit(unit.clone());
        let now = w.clock.now();
        let e = sample::draft(w.ids.ulid(), &unit, &w.sample.handler, now);
        let task = |level: Level| {
            TaskChange::Open(Task {
                id: TaskId::of(e.id.as_str(), level.as_str(), 1),
                subject: Subject::Enrolment(e.id.clone()),
                level,
                state: TaskState::Pending,
                path: unit.path.clone(),
                application_number: e.application_number.clone(),
                unit_name: unit.name.clone().into(),
                queued_at: now,
                due_at: now,
            })
        };
        let tasks = vec![task(Level::FirstReview), task(Level::SecondReview)];
        w.store.inner().commit(Commit { tasks, ..Commit::default() }).await.unwrap();
        let front = Front::open(&w).await;
        let shown = async |by, level: &str| {
            let reply = front.send(by, &format!("GET /tasks?level={level}"), "-", None, &Value::Null).await;
            let pool: Value = reply.json().unwrap();
            pool["tasks"]["items"][0]["unit_name"].as_str().unwrap().to_owned()
        };
        assert_eq!(shown(&w.sample.first_reviewer, "first-review").await, "岐山机械厂", "its own agency");
        assert_eq!(shown(&w.sample.second_reviewer, "second-review").await, "岐***厂", "the city above it");
    }
}
