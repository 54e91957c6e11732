//! What the adapter makes of DynamoDB's answers. That it keeps the contract, the contract's own checks show against a real
//! store.
#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use domain::account::Account;
use domain::ids::{MessageId, TaskId, UploadId};
use domain::message::{Message, Outgoing};
use domain::organisation::NodePath;
use domain::task::{Level, Subject, Task, TaskState};
use domain::trail::{Topic, TopicKind};
use domain::upload::UploadState;
use jiff::Timestamp;
use serde_json::{Value, json};
use testing::sample::{Organisation, catalogue, draft, upload};
use ulid::Ulid;
use workflow::commit::{Commit, CommitError, Consumed, IdempotencyRecord};
use workflow::ports::{
    AcquireError, ActionQuery, Commits, Directory, Outbox, PageRequest, People, PersonKey, RotateError, Sessions,
    Tasks, Trails, Uploads,
};

use super::items::{self, Item, Row};
use super::{enrolments, keys, outbox, references, tasks, uploads};
use crate::stage::Script;

fn message() -> Outgoing {
    let enrolment = enrolment().id;
    let message = Message::Certificate { enrolment, revision: 2 };
    Outgoing { id: MessageId::parse("m-1").unwrap(), message }
}

fn enrolment() -> domain::enrolment::Enrolment {
    let sample = Organisation::default();
    draft(Ulid::from_parts(1, 2), &sample.unit, &sample.handler, Timestamp::UNIX_EPOCH)
}

fn task(state: TaskState) -> Task {
    let enrolment = enrolment();
    Task {
        id: TaskId::parse("t-1").unwrap(),
        subject: Subject::Enrolment(enrolment.id),
        level: Level::FirstReview,
        state,
        path: enrolment.unit.path,
        application_number: enrolment.application_number,
        unit_name: enrolment.unit.name,
        queued_at: Timestamp::UNIX_EPOCH,
        due_at: Timestamp::UNIX_EPOCH,
    }
}

fn held_by(account: &Account) -> TaskState {
    let (owner, owner_name) = (account.id.clone(), account.name.clone());
    TaskState::InProgress { owner, owner_name, since: Timestamp::UNIX_EPOCH, handed_by: None }
}

/// An item as DynamoDB's JSON has it.
fn wire(item: &Item) -> Value {
    serde_json::to_value(serde_dynamo::Item::from(item.clone())).unwrap()
}

fn page(limit: u32) -> PageRequest {
    PageRequest { limit, after: None }
}

#[test]
fn aggregates_come_back_as_they_were_stored() {
    let enrolment = enrolment();
    assert_eq!(items::doc::<domain::enrolment::Enrolment>(enrolments::item(&enrolment).unwrap()).unwrap(), enrolment);
    let sample = Organisation::default();
    for state in [TaskState::Pending, held_by(&sample.handler), TaskState::Done] {
        let task = task(state);
        assert_eq!(items::doc::<Task>(tasks::item(&task).unwrap()).unwrap(), task);
    }
    let mut upload = upload(b"a,b");
    let accepted = UploadState::Accepted {
        key: "attachments/up-1".into(),
        content_type: "image/png".into(),
        size: 10_485_760,
        thumbnail: None,
        pages: 1,
    };
    for state in [UploadState::Issued, UploadState::Received, accepted] {
        upload.state = state;
        assert_eq!(uploads::read(uploads::item(&upload).unwrap()).unwrap(), upload);
    }
    for book in domain::plan::PlanBook::installed(&catalogue().plans).unwrap() {
        let item = references::item(&workflow::ports::Book::Plan(book.clone())).unwrap();
        assert_eq!(items::doc::<domain::plan::PlanBook>(item).unwrap(), book);
    }
    let stored = outbox::item(&message(), Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(super::outgoing(stored.into()).unwrap(), message(), "as the stream brings it");
}

#[test]
fn a_task_is_listed_only_where_it_belongs() {
    let sample = Organisation::default();
    let listed = |state| {
        let item = tasks::item(&task(state)).unwrap();
        let pools = keys::POOL_ATTRIBUTES.iter().filter(|name| item.contains_key(**name)).count();
        (pools, items::text(&item, tasks::OWNER).map(str::to_owned))
    };
    let above = sample.unit.path.lineage().count();
    assert_eq!(listed(TaskState::Pending), (above, None));
    assert_eq!(listed(held_by(&sample.handler)), (above, Some(sample.handler.id.to_string())));
    assert_eq!(listed(TaskState::Done), (0, None));
}

/// A commit whose actions stand in the order idempotency, consumed, enrolment, upload, task, message.
fn commit() -> Commit {
    Commit {
        enrolment: Some((enrolment(), 0)),
        upload: Some(upload(b"a,b")),
        tasks: vec![domain::task::TaskChange::Open(task(TaskState::Pending))],
        messages: vec![message()],
        idempotency: Some(record()),
        consumed: Some(Consumed { consumer: "import-roster", message: message().id }),
        ..Commit::default()
    }
}

fn record() -> IdempotencyRecord {
    IdempotencyRecord {
        key: "k".into(),
        request_hash: "h".into(),
        status: 201,
        body: r#"{"name":"王芳"}"#.into(),
        etag: None,
    }
}

/// DynamoDB's answer to a cancelled transaction, with a reason code per action.
fn cancelled(codes: [&str; 6]) -> (u16, Value) {
    let stored = Row::of(&keys::idempotency("k"), &record()).unwrap().finish().unwrap();
    let reasons = codes.iter().enumerate().map(|(at, code)| match (at, *code) {
        (0, FAILED) => json!({ "Code": FAILED, "Message": "The conditional request failed", "Item": wire(&stored) }),
        (_, code) => json!({ "Code": code }),
    });
    let body = json!({
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "Transaction cancelled",
        "CancellationReasons": reasons.collect::<Vec<_>>(),
    });
    (400, body)
}

const FAILED: &str = "ConditionalCheckFailed";
const CONFLICT: &str = "TransactionConflict";
const NONE: &str = "None";

#[tokio::test]
async fn the_first_failed_condition_in_the_contracts_order_is_the_answer() {
    let answer = async |codes| Script::of([cancelled(codes)]).dynamo().commit(commit()).await.unwrap_err();
    let all = answer([FAILED; 6]).await;
    assert!(matches!(all, CommitError::Answered(kept) if *kept == record()));
    let consumed = answer([NONE, FAILED, FAILED, FAILED, FAILED, FAILED]).await;
    assert!(matches!(consumed, CommitError::Consumed), "{consumed:?}");
    let version = answer([NONE, NONE, FAILED, FAILED, FAILED, NONE]).await;
    assert!(matches!(version, CommitError::Version), "{version:?}");
    let message = answer([NONE, NONE, NONE, FAILED, FAILED, FAILED]).await;
    assert!(matches!(message, CommitError::Version), "a message of this version is there: {message:?}");
    let upload = answer([NONE, NONE, NONE, FAILED, FAILED, NONE]).await;
    assert!(matches!(upload, CommitError::Upload), "{upload:?}");
    let task = answer([NONE, NONE, NONE, NONE, FAILED, NONE]).await;
    assert!(matches!(task, CommitError::Task), "{task:?}");
    let other = answer([NONE, NONE, "ValidationError", NONE, NONE, NONE]).await;
    assert!(matches!(other, CommitError::Outage(_)), "{other:?}");
}

#[tokio::test]
async fn a_conflict_is_tried_again_until_the_conditions_were_looked_at() {
    // The version failed, but whether the request was answered is not known yet.
    let script = Script::of([
        cancelled([CONFLICT, NONE, FAILED, NONE, NONE, NONE]),
        cancelled([FAILED, NONE, FAILED, NONE, NONE, NONE]),
    ]);
    let answer = script.dynamo().commit(commit()).await;
    assert!(matches!(answer, Err(CommitError::Answered(_))), "{answer:?}");

    let script = Script::of([cancelled([NONE, NONE, CONFLICT, NONE, NONE, NONE]), (200, json!({}))]);
    script.dynamo().commit(commit()).await.unwrap();
    let asked = script.asked();
    assert_eq!(asked.len(), 2);
    assert_eq!(asked[0]["TransactItems"], asked[1]["TransactItems"]);

    let script = Script::of([(); 6].map(|()| cancelled([CONFLICT; 6])));
    let answer = script.dynamo().commit(commit()).await;
    assert!(matches!(answer, Err(CommitError::Outage(_))), "{answer:?}");
    assert_eq!(script.asked().len(), 6);
}

#[tokio::test]
async fn a_commit_that_is_too_large_is_not_sent() {
    let script = Script::default();
    let messages = (0..101).map(|n| Outgoing { id: MessageId::parse(&format!("m-{n}")).unwrap(), ..message() });
    let answer = script.dynamo().commit(Commit { messages: messages.collect(), ..Commit::default() }).await;
    let Err(CommitError::Outage(outage)) = answer else { panic!("{answer:?}") };
    assert_eq!(outage.source.to_string(), "a commit of 101 actions, more than 100");
    assert!(script.asked().is_empty());
}

#[tokio::test]
async fn an_outage_names_the_code_and_nothing_that_was_sent() {
    let body = json!({ "__type": "ValidationException", "message": "the item of 王芳 is invalid" });
    let error = Script::of([(400, body)]).dynamo().commit(commit()).await.unwrap_err();
    let CommitError::Outage(outage) = error else { panic!("{error:?}") };
    assert_eq!(outage.source.to_string(), "ValidationException, HTTP 400, request unknown");
    assert!(!format!("{outage:?}").contains("王芳"));
}

#[tokio::test]
async fn the_one_who_comes_too_late_for_a_task_learns_who_has_it() {
    let sample = Organisation::default();
    let late = &sample.handler;
    let acquire = async |item: Option<Item>| {
        let failed = json!({
            "__type": "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",
            "message": "The conditional request failed",
            "Item": item.map(|item| wire(&item)),
        });
        let script = Script::of([(400, failed)]);
        let answer = script.dynamo().acquire(&task(TaskState::Pending), late, Timestamp::UNIX_EPOCH).await;
        assert_eq!(script.asked().len(), 1, "one call, whatever the answer");
        answer
    };
    let stored = |state| tasks::item(&task(state)).unwrap();
    let other = Account { id: domain::ids::AccountId::parse("other").unwrap(), name: "周洋".into(), ..late.clone() };
    let answer = acquire(Some(stored(held_by(&other)))).await;
    assert!(matches!(&answer, Err(AcquireError::Held { owner_name }) if owner_name == "周洋"), "{answer:?}");
    assert_eq!(acquire(Some(stored(held_by(late)))).await.unwrap(), task(held_by(late)), "it is theirs already");
    for item in [Some(stored(TaskState::Done)), None] {
        let answer = acquire(item).await;
        assert!(matches!(answer, Err(AcquireError::Gone)), "{answer:?}");
    }
}

#[tokio::test]
async fn an_upload_that_was_received_before_is_answered_as_it_stands() {
    let mut upload = upload(b"a,b");
    (upload.state, upload.sequencer) = (UploadState::Received, Some("01".into()));
    let failed = |item: Option<Value>| {
        let body = json!({ "__type": "ConditionalCheckFailedException", "message": "", "Item": item });
        Script::of([(400, body)]).dynamo()
    };
    let stored = wire(&uploads::item(&upload).unwrap());
    assert_eq!(failed(Some(stored)).receive(&upload.id, "02").await.unwrap(), Some(upload));
    assert_eq!(failed(None).receive(&UploadId::parse("up-9").unwrap(), "02").await.unwrap(), None);
}

#[tokio::test]
async fn what_a_batch_read_leaves_out_is_read_again() {
    let key = |name: &str| PersonKey(name.to_owned());
    let person = |name: &str, shares: &str| {
        json!({
            "pk": { "S": format!("P#{name}") },
            "sk": { "S": "PERSON" },
            "name_index": { "S": "n" },
            "c#e-1#hospital-a": { "L": [
                { "S": "u-1" }, { "S": "2025" }, { "N": shares }, { "S": "2026-03-11" }, { "S": "2027-03-10" },
            ] },
        })
    };
    let left = json!({ "TABLE_COVER": { "Keys": [{ "pk": { "S": "P#b" }, "sk": { "S": "PERSON" } }] } });
    let script = Script::of([
        (200, json!({ "Responses": { "TABLE_COVER": [person("a", "1")] }, "UnprocessedKeys": left })),
        (200, json!({ "Responses": { "TABLE_COVER": [person("b", "2")] }, "UnprocessedKeys": {} })),
    ]);
    let known = script.dynamo().known(&[key("b"), key("stranger"), key("a"), key("b")]).await.unwrap();
    let shares: Vec<_> = known.iter().map(|person| person.as_ref().map(|known| known.covers[0].shares)).collect();
    assert_eq!(shares, [Some(2), None, Some(1), Some(2)]);
    let keys = |at: usize| script.asked()[at]["RequestItems"]["TABLE_COVER"]["Keys"].as_array().map(Vec::len);
    assert_eq!((keys(0), keys(1)), (Some(3), Some(1)), "each person once, then only who was left out");
}

#[tokio::test]
async fn a_page_that_ends_where_the_items_end_has_no_next() {
    let entry = |n: usize| {
        let entry = domain::trail::TrailEntry {
            topic: Topic::new("e-1", TopicKind::Enrolment, &NodePath::root(), "1"),
            version: 1,
            n,
            at: Timestamp::UNIX_EPOCH,
            account: None,
            actor_name: "平台".into(),
            action: "create".into(),
            from: String::new(),
            to: "drafting".into(),
            note: String::new(),
            duration_ms: 0,
        };
        wire(&Row::of(&keys::trail("e-1", 1, n), &entry).unwrap().finish().unwrap())
    };
    let place = |n: usize| json!({ "pk": { "S": "S#e-1" }, "sk": { "S": format!("TRAIL#0000000001#{n:03}") } });
    // A read of 1 MB ends early; the page goes on by itself.
    let script = Script::of([
        (200, json!({ "Items": [entry(0)], "Count": 1, "LastEvaluatedKey": place(0) })),
        (200, json!({ "Items": [entry(1)], "Count": 1 })),
    ]);
    let whole = script.dynamo().trail("e-1", &page(2)).await.unwrap();
    assert_eq!((whole.items.len(), whole.next), (2, None));
    assert_eq!((&script.asked()[0]["Limit"], &script.asked()[1]["Limit"]), (&json!(3), &json!(2)));

    let script = Script::of([
        (200, json!({ "Items": [entry(0), entry(1)], "Count": 2, "LastEvaluatedKey": place(1) })),
        (200, json!({ "Items": [entry(1)], "Count": 1 })),
    ]);
    let store = script.dynamo();
    let first = store.trail("e-1", &page(1)).await.unwrap();
    let last = store.trail("e-1", &PageRequest { limit: 1, after: first.next }).await.unwrap();
    assert_eq!((first.items[0].n, last.items[0].n, last.next), (0, 1, None));
    assert_eq!(script.asked()[1]["ExclusiveStartKey"], place(0), "goes on after what was shown");

    for after in ["", "{}", r#"{"pk":"x"}"#, r#"{"pk":"x","sk":"y","z":"w"}"#] {
        let request = PageRequest { limit: 1, after: Some(after.to_owned()) };
        assert!(Script::default().dynamo().trail("e-1", &request).await.is_err(), "{after}");
    }
}

#[tokio::test]
async fn a_used_refresh_token_revokes_its_family() {
    let session = json!({
        "pk": { "S": "SESSION#f-1" }, "sk": { "S": "SESSION" }, "expires": { "N": "3600" },
        "doc": { "M": {
            "family": { "S": "f-1" }, "account": { "S": "a-1" }, "generation": { "N": "0" }, "token_hash": { "S": "second" },
            "expires_at": { "S": "1970-01-01T01:00:00Z" },
        } },
    });
    let failed = json!({ "__type": "ConditionalCheckFailedException", "message": "", "Item": session });
    let rotate = async |hash: &str, now: &str| {
        let script = Script::of([(400, failed.clone()), (200, json!({}))]);
        let answer = script.dynamo().rotate("f-1", hash, "next", now.parse().unwrap()).await;
        (answer.unwrap_err(), script.asked().len())
    };
    assert!(matches!(rotate("first", "1970-01-01T00:00:10Z").await, (RotateError::Reused, 2)));
    assert!(matches!(rotate("second", "1970-01-01T01:00:00Z").await, (RotateError::Unknown, 1)), "expired");
    assert!(matches!(rotate("first", "1970-01-01T01:00:00Z").await, (RotateError::Unknown, 1)), "expired");
}

#[tokio::test]
async fn a_scheduled_message_that_another_sweep_moved_is_not_counted() {
    let waiting = Row::of(&keys::due("2026-11-22".parse().unwrap(), &message().id), &message()).unwrap();
    let gone = json!({
        "__type": "TransactionCanceledException", "Message": "",
        "CancellationReasons": [{ "Code": "None" }, { "Code": FAILED }],
    });
    let script = Script::of([(200, json!({ "Items": [wire(&waiting.finish().unwrap())], "Count": 1 })), (400, gone)]);
    let moved = script.dynamo().release_scheduled("2026-11-22".parse().unwrap(), Timestamp::UNIX_EPOCH, 10).await;
    assert_eq!(moved.unwrap(), 0);
}

#[tokio::test]
async fn a_search_that_finds_next_to_nothing_ends_before_all_was_looked_at() {
    let place = |n: usize| {
        json!({
            "pk": { "S": "S#e-1" }, "sk": { "S": format!("TRAIL#{n:010}#000") }, "list_1": { "S": "trail#/hq/2602/" },
            "listed_at": { "S": format!("2026-11-22#{n:010}") },
        })
    };
    let nothing =
        |n: usize| (200, json!({ "Items": [], "Count": 0, "ScannedCount": 2500, "LastEvaluatedKey": place(n) }));
    let script = Script::of([nothing(1), nothing(2), (200, json!({ "Items": [], "Count": 0, "ScannedCount": 3 }))]);
    let store = script.dynamo();
    let day = jiff::civil::date(2026, 11, 22);
    let node = NodePath::try_from("/hq/2602/".to_owned()).unwrap();
    let query = ActionQuery { node, from: day, to: day, name: None, kind: None, action: Some("print".into()) };
    let first = store.done_in(&query, &page(20)).await.unwrap();
    assert_eq!(first.items, []);
    assert_eq!(script.asked().iter().map(|asked| asked["Limit"].clone()).collect::<Vec<_>>(), [21, 500]);
    let rest = store.done_in(&query, &PageRequest { after: first.next, ..page(20) }).await.unwrap();
    assert_eq!((rest.items, rest.next), (vec![], None));
    assert_eq!(script.asked()[2]["ExclusiveStartKey"], place(2), "from where it stopped");
}
