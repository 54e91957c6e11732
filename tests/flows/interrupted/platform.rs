//! The whole platform in one process: every function's routes and steps on ports in memory, with a network that loses
//! answers and queues that deliver as they like.

use std::sync::Arc;

use activate_cover::ActivateCover;
use build_export::BuildExport;
use domain::account::Account;
use domain::message::{Outgoing, Queue};
use http::{Method, StatusCode};
use import_roster::ImportRoster;
use inspect_upload::InspectUpload;
use lambda::batch::s3::UploadedObject;
use lambda::batch::{Outcome, Step};
use lambda::http::Reply;
use mail_receipt::MailReceipt;
use move_unit::MoveUnit;
use relay_outbox::{OutboxItem, RelayOutbox};
use render_certificate::RenderCertificate;
use renew_roster::RenewRoster;
use run_timetable::RunTimetable;
use send_mail::SendMail;
use send_text::SendText;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use testing::world::World;
use workflow::ports::{Bucket, Clock, PostForm};

use crate::in_process::{Front, PUBLIC_URL, delivery, desk};

/// Tries after which a client or a queue gives up: more than any fault of a run takes.
const TRIES: usize = 3;

/// How requests, events and messages travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Travel {
    /// Each once and in order.
    Calmly,
    /// Each twice.
    Twice,
    /// Messages in the opposite order.
    Backwards,
}

/// The platform.
pub struct Platform {
    pub world: World,
    travel: Travel,
    front: Front,
    /// Everything a queue ever delivered, for a late repetition.
    delivered: Vec<Outgoing>,
    keys: u32,
}

impl Platform {
    /// A platform with the sample organisation. The journey sets `world.faults`.
    pub async fn open(world: World, travel: Travel) -> Self {
        Self { front: Front::open(&world).await, world, travel, delivered: Vec::new(), keys: 0 }
    }

    /// A request; sent again with the same key until it is answered.
    pub async fn ask(&mut self, by: &Account, method: Method, path: &str, version: Option<u64>, body: Value) -> Value {
        self.keys += 1;
        let (request, key) = (format!("{method} {path}"), format!("request-{}", self.keys));
        let send = || self.front.send(by, &request, &key, version, &body);
        let answer = persist(&send).await;
        if self.travel == Travel::Twice {
            let again = persist(&send).await;
            assert_eq!(again.status, answer.status, "{method} {path} sent again");
        }
        assert!(answer.status.is_success(), "{method} {path}: {}", String::from_utf8_lossy(&answer.body));
        if answer.body.is_empty() { Value::Null } else { answer.json().unwrap() }
    }

    /// A request that is refused; answers the code.
    pub async fn refused(&mut self, by: &Account, request: &str, body: Value) -> String {
        self.refused_at(by, request, None, body).await
    }

    /// A request about a version that is refused; answers the code.
    pub async fn refused_at(&mut self, by: &Account, request: &str, seen: Option<u64>, body: Value) -> String {
        self.keys += 1;
        let answer = self.front.send(by, request, &format!("request-{}", self.keys), seen, &body).await;
        let problem: Value = answer.json().unwrap();
        problem["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Posts a file and delivers its object event to the function that listens.
    pub async fn upload(&mut self, by: &Account, purpose: &str, enrolment: &str, name: &str, file: &[u8]) -> String {
        let sha256: String = Sha256::digest(file).iter().map(|byte| format!("{byte:02x}")).collect();
        let plans: &[&str] = if purpose == "roster" { &["hospital-a"] } else { &[] };
        let body = json!({
            "purpose": purpose, "enrolment": enrolment, "plans": plans, "file_name": name, "size": file.len(),
            "sha256": sha256,
        });
        let form = self.ask(by, Method::POST, "/uploads", None, body).await;
        let fields = form["fields"].as_array().unwrap().iter();
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let post = PostForm {
            url: text(&form["url"]),
            fields: fields.map(|field| (text(&field["name"]), text(&field["value"]))).collect(),
            expires_at: text(&form["expires_at"]).parse().unwrap(),
        };
        let posted = self.world.objects.inner().post(&post, file.to_vec(), self.world.clock.now()).unwrap();
        let object = UploadedObject {
            bucket: "quarantine".into(),
            key: posted.key,
            size: posted.size,
            sequencer: posted.sequencer,
            version: None,
        };
        let (w, desk) = (&self.world, desk(&self.world));
        let objects = Arc::new(w.objects.clone());
        if purpose == "roster" {
            let step = ImportRoster { desk, objects, cipher: Arc::new(w.cipher) };
            self.deliver(&step, || object.clone()).await;
        } else {
            self.deliver(&InspectUpload { desk, objects }, || object.clone()).await;
        }
        text(&form["upload"])
    }

    /// Delivers the object events of rosters that the platform itself put into quarantine.
    async fn import_arrivals(&self) {
        let waits = |state: &Value| state["state"]["state"] == "issued";
        let uploads = self.world.store.inner().snapshot()["uploads"].as_object().unwrap().clone();
        for id in uploads.iter().filter(|(_, upload)| waits(upload)).map(|(id, _)| id) {
            let key = format!("incoming/roster/{id}");
            let Some(file) = self.world.objects.inner().stored(Bucket::Quarantine, &key) else { continue };
            let size = u64::try_from(file.body.len()).unwrap();
            let object =
                UploadedObject { bucket: "quarantine".into(), key, size, sequencer: "01".into(), version: None };
            let (desk, objects) = (desk(&self.world), Arc::new(self.world.objects.clone()));
            let step = ImportRoster { desk, objects, cipher: Arc::new(self.world.cipher) };
            self.deliver(&step, || object.clone()).await;
        }
    }

    /// The stream and the queues work until nothing is left.
    pub async fn settle(&mut self) {
        loop {
            let relay = RelayOutbox { desk: desk(&self.world), queues: Arc::new(self.world.queues.clone()) };
            for doc in self.world.store.inner().outbox() {
                self.deliver(&relay, || OutboxItem { doc: doc.clone() }).await;
            }
            if !self.work().await {
                return;
            }
        }
    }

    /// The stream's records are lost: the timetable finds what they left behind.
    pub async fn settle_by_timetable(&mut self) {
        self.world.clock.advance(jiff::SignedDuration::from_mins(5));
        self.run_timetable().await;
        self.work().await;
        assert_eq!(self.world.store.inner().outbox(), [], "the timetable leaves nothing behind");
    }

    /// One run of the timetable.
    pub async fn run_timetable(&self) {
        let timetable = RunTimetable { desk: desk(&self.world), queues: Arc::new(self.world.queues.clone()) };
        self.deliver(&timetable, || json!({})).await;
    }

    /// Delivers every message there ever was once more.
    pub async fn deliver_everything_again(&mut self) {
        for message in self.delivered.clone() {
            let outcome = self.consume(message.clone()).await;
            assert!(outcome != Outcome::Done, "{message:?} had an effect a second time");
        }
    }

    /// The workers take what is in the queues. False if there was nothing.
    async fn work(&mut self) -> bool {
        let mut messages = self.world.queues.inner().drain();
        if self.travel == Travel::Backwards {
            messages.reverse();
        }
        for message in &messages {
            self.consume(message.clone()).await;
            self.delivered.push(message.clone());
        }
        !messages.is_empty()
    }

    async fn consume(&self, message: Outgoing) -> Outcome {
        let w = &self.world;
        let (desk, objects, cipher) = (desk(w), Arc::new(w.objects.clone()), Arc::new(w.cipher));
        let queue = message.message.queue();
        let message = || message.clone();
        match queue {
            Queue::Renewal => {
                let outcome = self.deliver(&RenewRoster { desk, objects }, message).await;
                self.import_arrivals().await;
                outcome
            }
            Queue::UnitMove => self.deliver(&MoveUnit { desk, objects, cipher }, message).await,
            Queue::Cover => self.deliver(&ActivateCover { desk, objects, cipher }, message).await,
            Queue::Export => self.deliver(&BuildExport { desk, objects, cipher }, message).await,
            Queue::Certificate => {
                let step = RenderCertificate { desk, objects, cipher, public_url: PUBLIC_URL.to_owned() };
                self.deliver(&step, message).await
            }
            Queue::ReceiptMail => {
                let (mails, series) = (Arc::new(w.mails.clone()), Arc::new(w.receipts.clone()));
                self.deliver(&MailReceipt { desk, objects, cipher, mails, series }, message).await
            }
            Queue::Mail => {
                let (mails, operations) = (Arc::new(w.mails.clone()), "operations@example.com".to_owned());
                self.deliver(&SendMail { desk, cipher, mails, operations }, message).await
            }
            Queue::TextMessage => {
                let (texts, public_url) = (Arc::new(w.texts.clone()), PUBLIC_URL.to_owned());
                self.deliver(&SendText { desk, cipher, texts, public_url }, message).await
            }
        }
    }

    /// Delivers until there is an outcome, as a queue would.
    async fn deliver<S: Step>(&self, step: &S, message: impl Fn() -> S::Message) -> Outcome {
        let once = || async { step.perform(message(), &delivery()).await };
        for _ in 0..TRIES {
            let Ok(outcome) = once().await else { continue };
            if self.travel == Travel::Twice {
                once().await.unwrap();
            }
            return outcome;
        }
        panic!("the message went to the dead letters")
    }
}

/// Sends until there is an answer that is not an outage.
async fn persist<F: Future<Output = Reply>>(send: impl Fn() -> F) -> Reply {
    for _ in 0..TRIES {
        let reply = send().await;
        if reply.status != StatusCode::SERVICE_UNAVAILABLE {
            return reply;
        }
    }
    panic!("the platform stayed away")
}
