#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail loudly, and a step here must")]

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};
use workflow::ports::Outage;

use super::s3::{PerObject, UploadedObject};
use super::{Delivery, Outcome, Step, schedule, sqs, stream};

/// What a step shall do with a record.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Order {
    Finish,
    Repeat,
    Reject,
    Fail,
    Panic,
    Hang,
}

#[derive(Deserialize)]
struct Work {
    order: Order,
}

/// Does as it is told, and keeps count.
#[derive(Default)]
struct Obedient {
    seen: Mutex<Vec<(String, u32)>>,
    running: AtomicUsize,
    most: AtomicUsize,
}

impl Step for Obedient {
    type Message = Work;
    const CONCURRENCY: usize = 3;

    async fn perform(&self, message: Work, delivery: &Delivery) -> Result<Outcome, Outage> {
        self.seen.lock().unwrap().push((delivery.id.clone(), delivery.receive_count));
        self.most.fetch_max(self.running.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(1)).await;
        self.running.fetch_sub(1, Ordering::SeqCst);
        match message.order {
            Order::Finish => Ok(Outcome::Done),
            Order::Repeat => Ok(Outcome::Duplicate),
            Order::Reject => Ok(Outcome::rejected("UNWANTED")),
            Order::Fail => Err(Outage::new("put-item", "no answer")),
            Order::Panic => panic!("as told"),
            Order::Hang => std::future::pending().await,
        }
    }
}

fn message(id: &str, body: impl ToString) -> Value {
    json!({"messageId": id, "body": body.to_string(), "attributes": {"ApproximateReceiveCount": "2"}})
}

fn order(name: &str) -> Value {
    message(name, json!({"order": name}))
}

fn soon() -> Instant {
    Instant::now() + Duration::from_secs(5)
}

async fn failures(records: Vec<Value>, step: &impl Step, deadline: Instant) -> Vec<String> {
    let event = serde_json::from_value(json!({"Records": records})).unwrap();
    let reply = sqs::process(event, step, None, deadline).await.unwrap();
    reply.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect()
}

#[tokio::test]
async fn only_outages_panics_and_unreadable_records_come_again() {
    let step = Obedient::default();
    let records = ["finish", "fail", "repeat", "panic", "reject"].map(order);
    let records = [&records[..], &[message("unreadable", "{\"order\":"), message("unknown", "{}")]].concat();
    assert_eq!(failures(records, &step, soon()).await, ["fail", "panic", "unreadable", "unknown"]);
    let mut seen = step.seen.into_inner().unwrap();
    seen.sort();
    assert_eq!(seen, ["fail", "finish", "panic", "reject", "repeat"].map(|id| (id.to_owned(), 2)));
}

/// A poison record in every position of a batch: all the others are carried out.
#[tokio::test]
async fn poison_never_blocks_the_rest() {
    for at in 0..10 {
        let step = Obedient::default();
        let fine = |n: usize| message(&n.to_string(), json!({"order": "finish"}));
        let record = |n| if n == at { message("poison", "?") } else { fine(n) };
        assert_eq!(failures((0..10).map(record).collect(), &step, soon()).await, ["poison"], "at {at}");
        assert_eq!(step.seen.into_inner().unwrap().len(), 9);
        assert_eq!(step.most.into_inner(), Obedient::CONCURRENCY, "as many at once as allowed, and no more");
    }
}

#[tokio::test]
async fn what_is_late_comes_again_and_what_was_in_time_does_not() {
    let deadline = Instant::now() + Duration::from_millis(60);
    let records = vec![order("finish"), order("hang")];
    assert_eq!(failures(records, &Obedient::default(), deadline).await, ["hang"]);

    let step = Obedient::default();
    assert_eq!(failures(vec![order("finish")], &step, Instant::now()).await, ["finish"]);
    assert!(step.seen.into_inner().unwrap().is_empty(), "without time it is not begun");
}

#[tokio::test]
async fn a_record_without_an_id_fails_the_batch_before_any_runs() {
    for id in [json!(null), json!("")] {
        let step = Obedient::default();
        let nameless = json!({"messageId": id, "body": "{}"});
        let event = serde_json::from_value(json!({"Records": [order("finish"), nameless]})).unwrap();
        assert_eq!(sqs::process(event, &step, None, soon()).await, Err(sqs::NoMessageId));
        assert!(step.seen.into_inner().unwrap().is_empty());
    }
}

fn change(number: &str, name: &str, image: Value) -> Value {
    json!({
        "awsRegion": "local", "eventID": number, "eventName": name,
        "dynamodb": {"NewImage": image, "SequenceNumber": number, "SizeBytes": 1},
    })
}

#[tokio::test]
async fn a_stream_stops_at_the_first_failure_and_passes_over_what_it_cannot_read() {
    let item = |order: &str| json!({"order": {"S": order}, "pk": {"S": "x"}});
    let records = [
        change("1", "INSERT", item("finish")),
        change("2", "INSERT", json!({"pk": {"S": "not work"}})),
        change("3", "REMOVE", json!(null)),
        change("4", "INSERT", item("reject")),
        change("5", "INSERT", item("fail")),
        change("6", "INSERT", item("finish")),
    ];
    let step = Obedient::default();
    let event = serde_json::from_value(json!({"Records": records})).unwrap();
    let reply = stream::process(event, &step, soon()).await.unwrap();
    let failed: Vec<_> =
        reply.batch_item_failures.into_iter().map(|failure| failure.item_identifier.unwrap()).collect();
    assert_eq!(failed, ["5"]);
    assert_eq!(step.seen.into_inner().unwrap(), ["1", "4", "5"].map(|id| (id.to_owned(), 1)));
}

#[tokio::test]
async fn scheduled_work_fails_its_invocation() {
    let step = Obedient::default();
    for (event, fine) in [(json!({"order": "finish"}), true), (json!({"order": "fail"}), false), (json!({}), false)] {
        assert_eq!(schedule::process(event, "invocation", &step, soon()).await.is_ok(), fine);
    }
}

/// Keeps the objects it was given.
#[derive(Default)]
struct Collector(Mutex<Vec<UploadedObject>>);

impl Step for Collector {
    type Message = UploadedObject;

    async fn perform(&self, object: UploadedObject, _: &Delivery) -> Result<Outcome, Outage> {
        self.0.lock().unwrap().push(object);
        Ok(Outcome::Done)
    }
}

fn object_event(key: &str, event: &str) -> Value {
    json!({"Records": [{
        "eventTime": "2026-11-22T01:02:03.000Z", "eventName": event, "userIdentity": {}, "requestParameters": {},
        "s3": {"bucket": {"name": "quarantine"}, "object": {"key": key, "size": 1024, "sequencer": "00A1"}},
    }]})
}

#[tokio::test]
async fn keys_are_decoded_as_forms() {
    let step = PerObject(Collector::default());
    let keys = ["incoming/roster/U1", "a+b%2Bc", "%E5%90%8D%E5%8D%95.xlsx", "a%26b%3Dc", "a=b&c"];
    let records = keys.map(|key| message(key, object_event(key, "ObjectCreated:Post"))).to_vec();
    assert_eq!(failures(records, &step, soon()).await, [""; 0]);
    let objects = step.0.0.into_inner().unwrap();
    let read: Vec<_> = objects.iter().map(|object| object.key.as_str()).collect();
    assert_eq!(read, ["incoming/roster/U1", "a b+c", "名单.xlsx", "a&b=c", "a=b&c"]);
    let first = UploadedObject {
        bucket: "quarantine".into(),
        key: "incoming/roster/U1".into(),
        size: 1024,
        sequencer: "00A1".into(),
        version: None,
    };
    assert_eq!(objects[0], first);
}

#[tokio::test]
async fn test_events_are_acknowledged_and_other_events_are_not_uploads() {
    let step = PerObject(Collector::default());
    let records = vec![
        message("test", json!({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "quarantine"})),
        message("emulator", object_event("k", "s3:ObjectCreated:Put")),
        message("removed", object_event("k", "ObjectRemoved:Delete")),
        message("no key", object_event("", "ObjectCreated:Put")),
        message("no text", object_event("%FF", "ObjectCreated:Put")),
    ];
    assert_eq!(failures(records, &step, soon()).await, ["removed", "no key", "no text"]);
    assert_eq!(step.0.0.into_inner().unwrap().len(), 1);
}
