//! Enrolling in one process: the routes and workers an enrolment meets, on ports in memory, called one by one.

mod corrections;
mod exports;
mod exports_of_lists;
mod lists;
mod members;
mod notice;
mod plans;
mod pools;
mod restricted;
mod review;
mod roster;
mod settings;
mod workbooks;

use std::cell::Cell;
use std::sync::Arc;

use domain::account::Account;
use domain::enrolment::{Enrolment, State};
use domain::ids::EnrolmentId;
use http::StatusCode;
use import_roster::ImportRoster;
use lambda::batch::s3::UploadedObject;
use lambda::batch::{Outcome, Step};
use lambda::http::Reply;
use render_certificate::RenderCertificate;
use serde_json::{Value, json};
use testing::sample;
use testing::world::World;
use workflow::commit::Commit;
use workflow::ports::{Bucket, Clock, Commits, Ids, Uploads};

use crate::in_process::{Front, PUBLIC_URL, delivery, desk};

/// Everybody's counter.
struct Bureau {
    world: World,
    front: Front,
    keys: Cell<u32>,
}

impl Bureau {
    async fn open() -> Self {
        let world = World::default();
        Self { front: Front::open(&world).await, world, keys: Cell::default() }
    }

    /// Sends a request under a key of its own, `"POST /enrolments"`; `seen` is the version it was made from.
    async fn ask(&self, by: &Account, request: &str, seen: Option<u64>, body: Value) -> Reply {
        self.keys.set(self.keys.get() + 1);
        self.ask_as(&format!("request-{}", self.keys.get()), by, request, seen, body).await
    }

    async fn ask_as(&self, key: &str, by: &Account, request: &str, seen: Option<u64>, body: Value) -> Reply {
        self.front.send(by, request, key, seen, &body).await
    }

    /// Of two who saw the same version the second is told the version the first has made.
    async fn one_of_two(&self, (first, second): (&Account, &Account), request: &str, e: &Enrolment, body: Value) {
        let done = self.ask(first, request, Some(e.version), body.clone()).await;
        assert!(done.status.is_success(), "{request}: {}", told(&done));
        let late = self.ask(second, request, Some(e.version), body).await;
        assert_eq!(refused(&late), (412, "VERSION_CHANGED".to_owned()), "{request}");
        assert_eq!(late.header("etag"), format!("\"{}\"", self.now(&e.id).version), "{request}");
    }

    fn now(&self, id: &EnrolmentId) -> Enrolment {
        self.world.store.inner().enrolment_of(id).unwrap()
    }

    /// A draft of the sample unit with one plan, its headcounts given.
    async fn draft(&self) -> Enrolment {
        let handler = &self.world.sample.handler;
        let opened: Value = self.ask(handler, "POST /enrolments", None, json!({})).await.json().unwrap();
        let id = opened["id"].as_str().unwrap().to_owned();
        let plan = sample::plan("hospital-a");
        let plans = json!({"plans": [{"code": plan.code, "version": plan.version, "shares": 1}]});
        let details = json!({"staff": 10, "female_staff": 5});
        for (version, path, body) in [(1, "plans", plans), (2, "details", details)] {
            let reply = self.ask(handler, &format!("PUT /enrolments/{id}/{path}"), Some(version), body).await;
            assert_eq!(reply.status, StatusCode::OK, "{}", told(&reply));
        }
        self.now(&EnrolmentId::parse(&id).unwrap())
    }

    /// Imports a roster file into the sample plan.
    async fn import(&self, e: &Enrolment, file: &str) -> Enrolment {
        let w = &self.world;
        let upload = sample::upload_for(w.ids.ulid(), e, &w.sample.handler, file.as_bytes(), w.clock.now());
        w.store.inner().issue(&upload).await.unwrap();
        let key = upload.quarantine_key();
        w.objects.inner().with(Bucket::Quarantine, &key, file.as_bytes().to_vec(), "text/csv");
        let object = UploadedObject {
            bucket: "quarantine".into(),
            key,
            size: upload.size,
            sequencer: "01".into(),
            version: None,
        };
        let step = ImportRoster { desk: desk(w), objects: Arc::new(w.objects.clone()), cipher: Arc::new(w.cipher) };
        assert_eq!(step.perform(object, &delivery()).await.unwrap(), Outcome::Done);
        self.now(&e.id)
    }

    /// Puts the enrolment into a state, as if everybody before had done their part.
    async fn place(&self, e: &Enrolment, state: State) -> Enrolment {
        let next = Enrolment { state, version: e.version + 1, ..e.clone() };
        let commit = Commit { enrolment: Some((next.clone(), e.version)), ..Commit::default() };
        self.world.store.inner().commit(commit).await.unwrap();
        next
    }

    /// Renders what waits in the outbox.
    async fn render(&self) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for outgoing in self.world.store.inner().outbox() {
            outcomes.push(self.renderer().perform(outgoing, &delivery()).await.unwrap());
        }
        outcomes
    }

    /// Delivers what waits in the outbox again until it is rendered, as a queue would.
    async fn render_at_last(&self) {
        for outgoing in self.world.store.inner().outbox() {
            let mut tries = 0;
            while self.renderer().perform(outgoing.clone(), &delivery()).await.is_err() {
                tries += 1;
                assert!(tries < 5, "the message goes to the dead letters");
            }
        }
    }

    fn renderer(&self) -> RenderCertificate {
        let w = &self.world;
        RenderCertificate {
            desk: desk(w),
            objects: Arc::new(w.objects.clone()),
            cipher: Arc::new(w.cipher),
            public_url: PUBLIC_URL.to_owned(),
        }
    }
}

fn told(reply: &Reply) -> String {
    String::from_utf8_lossy(&reply.body).into_owned()
}

/// Status and code of a refusal.
fn refused(reply: &Reply) -> (u16, String) {
    let problem: Value = reply.json().unwrap();
    (reply.status.as_u16(), problem["code"].as_str().unwrap_or_default().to_owned())
}
