//! The main job on a bad day: every call of every port fails once, before its effect or after it; every request, event
//! and message travels twice; messages overtake each other. The platform must end where the calm journey ends.

mod discretion;
mod job;
mod merging;
mod platform;
mod reissuing;
mod renewing;
mod settlement;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use serde_json::{Value, json};
use testing::faults::When;
use testing::world::World;
use workflow::ports::Bucket;

use self::platform::{Platform, Travel};

/// What the platform holds and has sent in the end.
///
/// Identifiers and numbers count on with every try, so they are replaced by the order in which they appear; a gap means
/// nothing. Uploads that were never posted are what a lost answer leaves behind; they expire.
fn outcome(world: &World) -> Value {
    let mut held = world.store.inner().snapshot();
    held["uploads"].as_object_mut().unwrap().retain(|_, upload| upload["state"]["state"] != "issued");
    for enrolment in held["enrolments"].as_object_mut().unwrap().values_mut() {
        for receipt in enrolment["receipts"].as_array_mut().unwrap() {
            // It follows from the receipt's number.
            receipt["issued"]["check_code"] = Value::Null;
        }
    }
    let texts: BTreeSet<_> = world.texts.inner().sent().into_iter().collect();
    let mails: BTreeSet<_> = world.mails.inner().sent().into_iter().map(|mail| (mail.to, mail.subject)).collect();
    let files = world.objects.inner().keys(Bucket::Documents);
    let text = json!({"held": held, "files": files, "texts": texts, "mails": mails}).to_string();
    serde_json::from_str(&renamed(&text)).unwrap()
}

/// The text with every identifier and number replaced by its rank of appearance.
fn renamed(text: &str) -> String {
    let mut names: HashMap<&str, usize> = HashMap::new();
    let mut out = String::with_capacity(text.len());
    let word = |c: char| c.is_ascii_alphanumeric();
    for part in text.split_inclusive(|c: char| !word(c)) {
        let name = part.trim_end_matches(|c: char| !word(c));
        if name.len() >= 10 && name.bytes().filter(u8::is_ascii_digit).count() >= 9 {
            let next = names.len();
            out.push_str(&format!("#{}", names.entry(name).or_insert(next)));
            out.push_str(&part[name.len()..]);
        } else {
            out.push_str(part);
        }
    }
    out
}

/// Where two outcomes differ first; nothing if they are the same.
fn difference(one: &Value, other: &Value, at: &str) -> Option<String> {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            let keys: BTreeSet<_> = one.keys().chain(other.keys()).collect();
            let pair = |key: &String| (one.get(key).unwrap_or(&Value::Null), other.get(key).unwrap_or(&Value::Null));
            keys.into_iter().find_map(|key| difference(pair(key).0, pair(key).1, &format!("{at}/{key}")))
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            let mut pairs = one.iter().zip(other).enumerate();
            pairs.find_map(|(i, (one, other))| difference(one, other, &format!("{at}/{i}")))
        }
        _ => (one != other).then(|| format!("{at}: {one} is not {other}")),
    }
}

async fn journey(travel: Travel, fault: Option<(u64, When)>) -> Platform {
    let world = World::default();
    if let Some((n, when)) = fault {
        world.faults.fail_nth(n, when);
    }
    let mut platform = Platform::open(world, travel).await;
    job::walk(&mut platform).await;
    platform
}

#[tokio::test(flavor = "multi_thread")]
async fn it_survives_a_crash_before_and_after_every_call() {
    let calm = journey(Travel::Calmly, None).await;
    let calls = calm.world.faults.total();
    assert!(calls > 200, "the job makes too few calls: {calls}");
    let calm = Arc::new(outcome(&calm.world));
    for n in 1..=calls {
        let crashes = [When::Before, When::AfterWritten].map(|when| {
            let calm = calm.clone();
            tokio::spawn(async move {
                let platform = journey(Travel::Calmly, Some((n, when))).await;
                assert_eq!(platform.world.faults.fired(), 1, "call {n}");
                let found = difference(&outcome(&platform.world), &calm, "");
                assert_eq!(found, None, "call {n} failed {when:?}");
            })
        });
        for crash in crashes {
            crash.await.unwrap();
        }
    }
}

#[tokio::test]
async fn everything_may_travel_twice() {
    let calm = journey(Travel::Calmly, None).await.world;
    let twice = journey(Travel::Twice, None).await.world;
    assert_eq!(difference(&outcome(&twice), &outcome(&calm), ""), None);
    assert_eq!(twice.texts.inner().sent().len(), calm.texts.inner().sent().len(), "no text is sent twice");
    assert_eq!(twice.mails.inner().sent().len(), calm.mails.inner().sent().len(), "no mail is sent twice");
}

/// What does not depend on the order in which messages arrive: everything but versions and the order of the trail.
fn effects(world: &World) -> Value {
    let all = outcome(world);
    let enrolment = world.store.inner().snapshot()["enrolments"].as_object().unwrap().values().next().unwrap().clone();
    let mut actions = world.store.inner().actions_of(enrolment["id"].as_str().unwrap());
    actions.sort();
    let postings = world.store.inner().ledger_entries().into_iter().map(|entry| format!("{:?}", entry.postings));
    let postings: BTreeSet<_> = postings.collect();
    json!({
        "actions": actions, "postings": postings, "files": all["files"], "texts": all["texts"], "mails": all["mails"],
        "people": all["held"]["people"], "state": enrolment["state"], "lines": enrolment["lines"],
        "payment": enrolment["payment"], "certificate": enrolment["certificate"]["number"],
    })
}

#[tokio::test]
async fn messages_may_overtake_each_other() {
    let calm = journey(Travel::Calmly, None).await;
    let backwards = journey(Travel::Backwards, None).await;
    assert_eq!(difference(&effects(&backwards.world), &effects(&calm.world), ""), None);
}

#[tokio::test]
async fn what_comes_late_changes_nothing() {
    let mut platform = journey(Travel::Calmly, None).await;
    let before = outcome(&platform.world);
    platform.deliver_everything_again().await;
    assert_eq!(difference(&outcome(&platform.world), &before, ""), None);
}
