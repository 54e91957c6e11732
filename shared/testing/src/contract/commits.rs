//! Commits that are written, once.

use domain::ids::MessageId;
use domain::ledger::{LedgerAccount, LedgerEntry, LedgerEvent, Posting};
use domain::message::Scheduled;
use domain::money::Fen;
use domain::task::{Level, TaskChange};
use domain::upload::UploadState;
use futures::future::join_all;
use workflow::commit::{ACTIONS_MAX, Commit, CommitError, Consumed, IdempotencyRecord};
use workflow::ports::Store;
use workflow::scope::Scope;

use super::fixture::{Fixture, Place, first, insist, opening, trail_entry, unsent, writing};
use crate::sample;

pub(super) const CONSUMER: &str = "contract";
const CONTENDERS: usize = 8;

/// A commit of a new enrolment that writes something of every kind; its upload is received.
pub(super) async fn everything<S: Store>(store: &S, f: &Fixture, place: &Place) -> Commit {
    let enrolment = f.draft(place);
    let upload = sample::upload_for(f.ids.ulid(), &enrolment, &place.handler, b"a,b\n", f.now);
    store.issue(&upload).await.unwrap();
    let mut upload = store.receive(&upload.id, "01").await.unwrap().unwrap();
    upload.state = UploadState::Rejected { code: "ROSTER_EMPTY".to_owned(), text: "没有人员".to_owned() };
    Commit {
        upload: Some(upload),
        tasks: vec![TaskChange::Open(f.task(&enrolment, Level::FirstReview, f.now))],
        trail: vec![trail_entry(&enrolment, 1, 0)],
        ledger: vec![ledger_entry(place, enrolment.id.as_str(), f)],
        messages: vec![f.message(&enrolment)],
        scheduled: vec![Scheduled { on: f.day(), outgoing: f.message(&enrolment) }],
        idempotency: Some(record(f)),
        consumed: Some(Consumed { consumer: CONSUMER, message: MessageId::from_ulid(f.ids.ulid()) }),
        enrolment: Some((enrolment, 0)),
        ..Commit::default()
    }
}

pub(super) fn record(f: &Fixture) -> IdempotencyRecord {
    IdempotencyRecord {
        key: f.hash(),
        request_hash: f.hash(),
        status: 201,
        body: format!(r#"{{"name":"王芳","id":"{}"}}"#, f.text()),
        etag: Some("\"1\"".to_owned()),
    }
}

fn ledger_entry(place: &Place, subject: &str, f: &Fixture) -> LedgerEntry {
    let amount = Fen::new(9500);
    LedgerEntry {
        subject: subject.to_owned(),
        version: 1,
        n: 0,
        event: LedgerEvent::ContributionDue,
        at: f.now,
        day: f.day(),
        path: place.unit.path.clone(),
        application_number: "A26022026031010000001".to_owned(),
        unit_name: place.unit.name.clone().into(),
        postings: vec![
            Posting::debit(LedgerAccount::ContributionsReceivable, amount).of_plan("hospital-a"),
            Posting::credit(LedgerAccount::ContributionIncome, amount).of_plan("hospital-a"),
        ],
    }
}

/// Which effects of an [`everything`] commit can be read. Takes the scheduled message out if it is there.
pub(super) async fn visible<S: Store>(store: &S, commit: &Commit, f: &Fixture) -> Vec<&'static str> {
    let (enrolment, _) = commit.enrolment.as_ref().unwrap();
    let stored = store.enrolment(&enrolment.id, &Scope::Platform).await.unwrap();
    let upload = commit.upload.as_ref().unwrap();
    let stored_upload = store.upload(&upload.id, &Scope::Platform).await.unwrap();
    let TaskChange::Open(task) = &commit.tasks[0] else { panic!("the first task is opened") };
    let trail = store.trail(enrolment.id.as_str(), &first(100)).await.unwrap().items;
    let scheduled = commit.scheduled.first().unwrap();
    let mut visible = Vec::new();
    let mut see = |what, there: bool| visible.extend(there.then_some(what));
    see("enrolment", stored.as_ref() == Some(enrolment));
    see("upload", stored_upload.as_ref() == Some(upload));
    see("task", store.task(&task.id, &Scope::Platform).await.unwrap().as_ref() == Some(task));
    see("trail", commit.trail.iter().any(|entry| trail.contains(entry)));
    see("message", unsent(store).await.contains(&commit.messages[0].id));
    see("scheduled", store.release_scheduled(scheduled.on, f.now, 100).await.unwrap() > 0);
    if let Some(record) = &commit.idempotency {
        see("answer", store.answered(&record.key).await.unwrap().as_ref() == Some(record));
    }
    if let Some(consumed) = &commit.consumed {
        see("consumed", store.consumed(consumed.consumer, &consumed.message).await.unwrap());
    }
    visible
}

pub(super) async fn writes_all_of_a_commit<S: Store>(store: &S, f: &Fixture) {
    let commit = everything(store, f, &f.place().await).await;
    assert_eq!(visible(store, &commit, f).await, Vec::<&str>::new());
    store.commit(commit.clone()).await.unwrap();
    let all = ["enrolment", "upload", "task", "trail", "message", "scheduled", "answer", "consumed"];
    assert_eq!(visible(store, &commit, f).await, all);
}

pub(super) async fn takes_the_largest_transaction<S: Store>(store: &S, f: &Fixture) {
    let enrolment = f.draft(&f.place().await);
    let with_entries = |count: usize| Commit {
        trail: (0..count).map(|n| trail_entry(&enrolment, 1, n)).collect(),
        ..writing(enrolment.clone(), 0)
    };
    let too_many = store.commit(with_entries(ACTIONS_MAX)).await;
    assert!(matches!(too_many, Err(CommitError::Outage(_))), "{too_many:?}");
    assert_eq!(store.enrolment(&enrolment.id, &Scope::Platform).await.unwrap(), None);

    store.commit(with_entries(ACTIONS_MAX - 1)).await.unwrap();
    let trail = store.trail(enrolment.id.as_str(), &first(100)).await.unwrap().items;
    assert_eq!(trail.len(), ACTIONS_MAX - 1);
}

pub(super) async fn commits_a_version_once<S: Store>(store: &S, f: &Fixture) {
    let mut enrolment = f.draft(&f.place().await);
    store.commit(writing(enrolment.clone(), 0)).await.unwrap();
    enrolment.version = 2;
    let answers = join_all((0..CONTENDERS).map(|n| {
        let contender = domain::enrolment::Enrolment { remark: n.to_string(), ..enrolment.clone() };
        insist(store, writing(contender, 1))
    }));
    let answers = answers.await;
    let winners: Vec<usize> = (0..CONTENDERS).filter(|n| answers[*n].is_ok()).collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    assert!(answers.iter().all(|a| matches!(a, Ok(()) | Err(CommitError::Version))), "{answers:?}");
    let stored = store.enrolment(&enrolment.id, &Scope::Platform).await.unwrap().unwrap();
    assert_eq!((stored.version, stored.remark), (2, winners[0].to_string()));
}

pub(super) async fn answers_a_key_once<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let key = f.hash();
    let commits: Vec<Commit> = (0..CONTENDERS)
        .map(|_| Commit {
            idempotency: Some(IdempotencyRecord { key: key.clone(), ..record(f) }),
            ..writing(f.draft(&place), 0)
        })
        .collect();
    let answers = join_all(commits.iter().map(|commit| insist(store, commit.clone()))).await;
    let kept = store.answered(&key).await.unwrap().unwrap();
    for (commit, answer) in commits.iter().zip(&answers) {
        let (enrolment, _) = commit.enrolment.as_ref().unwrap();
        let won = commit.idempotency.as_ref() == Some(&kept);
        match answer {
            Ok(()) => assert!(won, "another answer was kept"),
            Err(CommitError::Answered(record)) => assert_eq!(**record, kept),
            Err(other) => panic!("{other:?}"),
        }
        assert_eq!(store.enrolment(&enrolment.id, &Scope::Platform).await.unwrap().is_some(), won);
    }
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert_eq!(store.answered(&f.hash()).await.unwrap(), None);
}

/// Entries of the ledger cannot be read through the store, but a second one of the same name shows the first.
pub(super) async fn keeps_ledger_entries_new<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let entry = ledger_entry(&place, &f.text(), f);
    let task = f.task(&f.draft(&place), Level::Payment, f.now);
    store.commit(Commit { ledger: vec![entry.clone()], ..Commit::default() }).await.unwrap();
    let again = store.commit(Commit { ledger: vec![entry.clone()], ..opening(vec![task.clone()]) }).await;
    assert!(matches!(again, Err(CommitError::Version)), "{again:?}");
    assert_eq!(store.task(&task.id, &Scope::Platform).await.unwrap(), None);
    let next = LedgerEntry { n: 1, ..entry };
    store.commit(Commit { ledger: vec![next], ..Commit::default() }).await.unwrap();
}

pub(super) async fn consumes_a_message_once<S: Store>(store: &S, f: &Fixture) {
    let message = MessageId::from_ulid(f.ids.ulid());
    assert!(!store.consumed(CONSUMER, &message).await.unwrap());
    let answers = join_all((0..CONTENDERS).map(|_| store.consume(CONSUMER, &message))).await;
    assert_eq!(answers.into_iter().filter(|first| *first.as_ref().unwrap()).count(), 1);
    assert!(store.consumed(CONSUMER, &message).await.unwrap());
    assert!(!store.consumed("another", &message).await.unwrap());
    assert!(store.consume("another", &message).await.unwrap());

    let marked = Commit { consumed: Some(Consumed { consumer: CONSUMER, message }), ..Commit::default() };
    let answer = store.commit(marked).await;
    assert!(matches!(answer, Err(CommitError::Consumed)), "{answer:?}");
}
