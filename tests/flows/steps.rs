//! Every step of the queues, in this process: delivered twice, crashed before and after each of its calls, refused.
//!
//! The same journey is walked once undisturbed. Then, for every call a step makes and both sides of it, the call fails,
//! the record is delivered again, and the platform must end in the very state of the undisturbed journey.

use std::sync::Arc;

use activate_cover::ActivateCover;
use domain::enrolment::{Command, Context, Enrolment, LineChoice, decide};
use domain::ids::{MessageId, UploadId};
use domain::message::{Message, Outgoing, Queue};
use domain::upload::{Purpose, Upload, UploadState};
use import_roster::ImportRoster;
use lambda::batch::s3::UploadedObject;
use lambda::batch::{Outcome, Step};
use relay_outbox::{OutboxItem, RelayOutbox};
use send_text::SendText;
use serde_json::Value;
use sha2::{Digest, Sha256};
use testing::faults::When;
use testing::sample;
use testing::world::World;
use workflow::commit::Commit;
use workflow::desk::Desk;
use workflow::ports::{Bucket, Clock, Commits, Ids, Uploads, business_date};

use crate::in_process::{delivery, desk};

/// More calls than any step makes.
const CALLS_MAX: u64 = 60;
/// Deliveries after which a queue gives up.
const DELIVERIES_MAX: usize = 5;

const ROSTER: &str = "姓名,身份证号码,手机号码,职业\n张三,110101199003071233,13800000000,\n李四,370202198511304561,,高危职业\n\
                      王五,110101199003071234,,\n";

fn importer(w: &World) -> ImportRoster {
    ImportRoster { desk: desk(w), objects: Arc::new(w.objects.clone()), cipher: Arc::new(w.cipher) }
}

fn coverer(w: &World) -> ActivateCover {
    ActivateCover { desk: desk(w), objects: Arc::new(w.objects.clone()), cipher: Arc::new(w.cipher) }
}

fn texter(w: &World) -> SendText {
    let public_url = "https://example.org".to_owned();
    SendText { desk: desk(w), cipher: Arc::new(w.cipher), texts: Arc::new(w.texts.clone()), public_url }
}

fn relay(w: &World) -> RelayOutbox {
    RelayOutbox { desk: desk(w), queues: Arc::new(w.queues.clone()) }
}

/// Decides and commits a command of the platform or of a person, without the HTTP layer.
async fn force(w: &World, e: &Enrolment, by: Option<&domain::account::Actor>, command: Command) -> Enrolment {
    let office = sample::office_settings();
    let now = w.clock.now();
    let context = Context { actor: by, now, today: business_date(now), office: &office, task: None };
    let decision = decide(e, command, &context).unwrap();
    let next = decision.enrolment.clone();
    w.store.inner().commit(Commit::of(decision, e.version)).await.unwrap();
    next
}

/// A draft with one plan, and the roster file of an upload for it, waiting in quarantine.
async fn uploaded(w: &World, file: &[u8]) -> (Enrolment, Upload, UploadedObject) {
    let handler = w.sample.account_for(domain::account::Role::UnitHandler);
    let draft = sample::draft(w.ids.ulid(), w.sample.units()[0], handler, w.clock.now());
    let store = w.store.inner();
    store.commit(Commit { enrolment: Some((draft.clone(), 0)), ..Commit::default() }).await.unwrap();
    let choices = vec![LineChoice { plan: sample::plan("hospital-a"), shares: 1 }];
    let command = Command::SetPlans { choices, new_employment_form: false };
    let e = force(w, &draft, Some(&handler.actor()), command).await;
    let upload = Upload {
        id: UploadId::from_ulid(w.ids.ulid()),
        purpose: Purpose::Roster,
        enrolment: Some(e.id.clone()),
        plans: vec!["hospital-a".into()],
        path: e.unit.path.clone(),
        account: Some(handler.id.clone()),
        file_name: "名单.csv".into(),
        size: u64::try_from(file.len()).unwrap(),
        sha256: Sha256::digest(file).iter().map(|byte| format!("{byte:02x}")).collect(),
        issued_at: w.clock.now(),
        state: UploadState::Issued,
        sequencer: None,
    };
    store.issue(&upload).await.unwrap();
    let key = upload.quarantine_key();
    w.objects.inner().with(Bucket::Quarantine, &key, file.to_vec(), "text/csv");
    let object =
        UploadedObject { bucket: "quarantine".into(), key, size: upload.size, sequencer: "0001".into(), version: None };
    (e, upload, object)
}

/// Delivers until the step has an outcome, as a queue would.
async fn deliver<S: Step>(step: &S, message: impl Fn() -> S::Message) -> Outcome {
    for _ in 0..DELIVERIES_MAX {
        if let Ok(outcome) = step.perform(message(), &delivery()).await {
            return outcome;
        }
    }
    panic!("the record went to the dead letters");
}

/// What the platform holds in the end.
fn state(w: &World) -> (Value, Vec<String>) {
    (w.store.inner().snapshot(), w.objects.inner().keys(Bucket::Documents))
}

/// Walks `journey` with each call failing in turn, before and after its effect, and compares the ends.
async fn survives<F, Fut>(journey: F)
where
    F: Fn(World) -> Fut,
    Fut: Future<Output = World>,
{
    let undisturbed = state(&journey(World::default()).await);
    let mut fired = 0;
    for when in [When::Before, When::AfterWritten] {
        for n in 1..=CALLS_MAX {
            let world = World::default();
            world.faults.fail_nth(n, when);
            let world = journey(world).await;
            fired += world.faults.fired();
            assert_eq!(state(&world), undisturbed, "call {n} failed {when:?}");
        }
    }
    assert!(fired >= 4, "the journey made too few calls to fail: {fired}");
}

#[tokio::test]
async fn an_import_survives_a_crash_at_every_call() {
    survives(|w| async move {
        let (_, _, object) = uploaded(&w, ROSTER.as_bytes()).await;
        let step = importer(&w);
        deliver(&step, || object.clone()).await;
        w
    })
    .await;
}

#[tokio::test]
async fn an_import_delivered_twice_changes_nothing() {
    let w = World::default();
    let (e, _, object) = uploaded(&w, ROSTER.as_bytes()).await;
    let step = importer(&w);
    assert_eq!(step.perform(object.clone(), &delivery()).await.unwrap(), Outcome::Done);
    let once = state(&w);
    assert_eq!(step.perform(object.clone(), &delivery()).await.unwrap(), Outcome::Duplicate);
    let later = UploadedObject { sequencer: "0002".into(), ..object };
    assert_eq!(step.perform(later, &delivery()).await.unwrap(), Outcome::Duplicate, "another file under the same key");
    assert_eq!(state(&w), once);
    let e = w.store.inner().enrolment_of(&e.id).unwrap();
    assert_eq!((e.lines[0].participants(), e.batches.len()), (2, 1), "the third row fails its check digit");
}

#[tokio::test]
async fn an_import_is_refused_when_the_draft_was_completed_meanwhile() {
    let w = World::default();
    let (e, upload, object) = uploaded(&w, ROSTER.as_bytes()).await;
    let handler = w.sample.account_for(domain::account::Role::UnitHandler).actor();
    force(&w, &e, Some(&handler), Command::Withdraw { reason: "重复录入".into() }).await;
    let outcome = importer(&w).perform(object, &delivery()).await.unwrap();
    assert_eq!(outcome, Outcome::rejected("WRONG_STATE"));
    let upload = w.store.inner().upload_of(&upload.id).unwrap();
    assert!(matches!(upload.state, UploadState::Rejected { ref code, .. } if code == "WRONG_STATE"), "{upload:?}");
    assert_eq!(w.objects.inner().keys(Bucket::Documents), Vec::<String>::new());
}

#[tokio::test]
async fn a_file_that_is_not_the_announced_one_is_refused() {
    let w = World::default();
    let (e, upload, object) = uploaded(&w, ROSTER.as_bytes()).await;
    w.objects.inner().with(Bucket::Quarantine, &upload.quarantine_key(), b"other".to_vec(), "text/csv");
    let outcome = importer(&w).perform(object, &delivery()).await.unwrap();
    assert_eq!(outcome, Outcome::rejected("CHECKSUM_MISMATCH"));
    assert_eq!(w.store.inner().enrolment_of(&e.id).unwrap().lines[0].participants(), 0);
}

#[tokio::test]
async fn the_relay_survives_a_crash_at_every_call() {
    survives(|w| async move {
        let (e, _, _) = uploaded(&w, ROSTER.as_bytes()).await;
        let message = Message::Certificate { enrolment: e.id.clone(), revision: 1 };
        let outgoing = Outgoing { id: MessageId::of(e.id.as_str(), 9, 0), message };
        let commit = Commit { messages: vec![outgoing.clone()], ..Commit::default() };
        w.store.inner().commit(commit).await.unwrap();
        let step = relay(&w);
        deliver(&step, || OutboxItem { doc: outgoing.clone() }).await;
        assert!(!w.queues.inner().sent_to(Queue::Certificate).is_empty(), "at least once");
        w
    })
    .await;
}

/// An enrolment that was paid, with its roster.
async fn paid(w: &World) -> Enrolment {
    let (e, _, object) = uploaded(w, ROSTER.as_bytes()).await;
    // Faults are for the step under test: this one runs on the ports behind them.
    let calm = ImportRoster {
        desk: Desk {
            store: Arc::new(w.store.inner().clone()),
            clock: Arc::new(w.clock.clone()),
            ids: Arc::new(w.ids.clone()),
        },
        objects: Arc::new(w.objects.inner().clone()),
        cipher: Arc::new(w.cipher),
    };
    calm.perform(object, &delivery()).await.unwrap();
    let mut e = w.store.inner().enrolment_of(&e.id).unwrap();
    let today = business_date(w.clock.now());
    let period = domain::cover::CoverPeriod::of_term(today, 12).unwrap();
    let expected = e.version;
    e.version += 1;
    e.state = domain::enrolment::State::AwaitingPrint;
    e.periods = vec![("hospital-a".into(), period)];
    w.store.inner().commit(Commit { enrolment: Some((e.clone(), expected)), ..Commit::default() }).await.unwrap();
    e
}

fn cover(e: &Enrolment) -> Outgoing {
    let message = Message::Cover { enrolment: e.id.clone(), plan: "hospital-a".into(), from: 0 };
    Outgoing { id: MessageId::of(e.id.as_str(), e.version, 0), message }
}

#[tokio::test]
async fn cover_survives_a_crash_at_every_call() {
    survives(|w| async move {
        let outgoing = cover(&paid(&w).await);
        let step = coverer(&w);
        deliver(&step, || outgoing.clone()).await;
        assert_eq!(w.store.inner().people_count(), 2);
        w
    })
    .await;
}

#[tokio::test]
async fn cover_delivered_twice_or_of_another_kind_changes_nothing() {
    let w = World::default();
    let e = paid(&w).await;
    let step = coverer(&w);
    assert_eq!(step.perform(cover(&e), &delivery()).await.unwrap(), Outcome::Done);
    let once = state(&w);
    assert_eq!(step.perform(cover(&e), &delivery()).await.unwrap(), Outcome::Duplicate);
    let other = Message::Certificate { enrolment: e.id.clone(), revision: 1 };
    let other = Outgoing { id: MessageId::of(e.id.as_str(), 99, 0), message: other };
    assert_eq!(step.perform(other, &delivery()).await.unwrap(), Outcome::rejected("MESSAGE_KIND"));
    assert_eq!(state(&w), once);
}

#[tokio::test]
async fn a_text_is_sent_once_per_message() {
    let w = World::default();
    let (e, _, _) = uploaded(&w, ROSTER.as_bytes()).await;
    let mut account = w.sample.account_for(domain::account::Role::UnitHandler).clone();
    account.sealed_mobile = Some(workflow::texts::seal(&w.cipher, &account.id, "13800000000"));
    w.store.inner().with_account(account.clone(), "");
    let template = domain::message::TextTemplate::EnrolmentReturned;
    let message = Message::Text { template, account: account.id, enrolment: e.id.clone(), opinion: None };
    let outgoing = Outgoing { id: MessageId::of(e.id.as_str(), 9, 0), message };
    let step = texter(&w);
    assert_eq!(deliver(&step, || outgoing.clone()).await, Outcome::Done);
    assert_eq!(deliver(&step, || outgoing.clone()).await, Outcome::Duplicate);
    let sent = w.texts.inner().sent();
    assert_eq!(sent.len(), 1);
    assert!(sent[0].1.contains(&e.application_number), "{sent:?}");

    w.texts.inner().refuse("13800000000");
    let next = Outgoing { id: MessageId::of(e.id.as_str(), 10, 0), ..outgoing };
    assert_eq!(deliver(&step, || next.clone()).await, Outcome::rejected("REFUSED_BY_PROVIDER"));
    assert_eq!(deliver(&step, || next.clone()).await, Outcome::Duplicate, "it is never tried again");
}
