//! The outbox, and messages for a later day.

use std::collections::BTreeSet;

use domain::ids::MessageId;
use domain::message::{Outgoing, Scheduled};
use jiff::civil::Date;
use workflow::commit::Commit;
use workflow::ports::Store;

use super::fixture::{Fixture, unsent};

const LIMIT: u32 = 10_000;

/// Commits `count` messages for a day; answers them.
async fn schedule<S: Store>(store: &S, f: &Fixture, on: Date, count: usize) -> Vec<Outgoing> {
    let enrolment = f.draft(&f.place().await);
    let messages: Vec<Outgoing> = (0..count).map(|_| f.message(&enrolment)).collect();
    let scheduled = messages.iter().map(|outgoing| Scheduled { on, outgoing: outgoing.clone() }).collect();
    store.commit(Commit { scheduled, ..Commit::default() }).await.unwrap();
    messages
}

async fn unsent_of<S: Store>(store: &S, messages: &[Outgoing]) -> usize {
    let unsent: Vec<MessageId> = unsent(store).await;
    messages.iter().filter(|outgoing| unsent.contains(&outgoing.id)).count()
}

pub(super) async fn keeps_messages_until_sent<S: Store>(store: &S, f: &Fixture) {
    let enrolment = f.draft(&f.place().await);
    let messages: Vec<Outgoing> = (0..3).map(|_| f.message(&enrolment)).collect();
    store.commit(Commit { messages: messages.clone(), ..Commit::default() }).await.unwrap();
    assert_eq!(unsent_of(store, &messages).await, 3);
    let long_ago = jiff::Timestamp::from_second(0).unwrap();
    assert_eq!(store.unsent(long_ago, LIMIT).await.unwrap(), []);
    let far_future = jiff::Timestamp::from_second(7_258_118_400).unwrap();
    assert_eq!(store.unsent(far_future, 2).await.unwrap().len(), 2);
    let whole = store.unsent(far_future, LIMIT).await.unwrap();
    assert!(whole.contains(&messages[0]), "as it was written");

    for _ in 0..2 {
        store.sent(&messages[1].id).await.unwrap();
        assert_eq!(unsent_of(store, &messages).await, 2);
        assert_eq!(unsent_of(store, &messages[1..2]).await, 0);
    }
    for outgoing in &messages {
        store.sent(&outgoing.id).await.unwrap();
    }
    assert_eq!(unsent_of(store, &messages).await, 0);
}

pub(super) async fn releases_scheduled_messages_once<S: Store>(store: &S, f: &Fixture) {
    let (day, other) = (f.day(), f.day());
    let due = schedule(store, f, day, 3).await;
    let later = schedule(store, f, other, 1).await;
    assert_eq!(unsent_of(store, &due).await, 0, "not before their day");

    assert_eq!(store.release_scheduled(day, f.now, LIMIT).await.unwrap(), 3);
    assert_eq!((unsent_of(store, &due).await, unsent_of(store, &later).await), (3, 0));
    let written_before = async |at| {
        let unsent = store.unsent(at, LIMIT).await.unwrap();
        due.iter().filter(|outgoing| unsent.contains(outgoing)).count()
    };
    assert_eq!((written_before(f.now).await, written_before(f.after(1)).await), (0, 3), "written when released");

    store.sent(&due[0].id).await.unwrap();
    assert_eq!(store.release_scheduled(day, f.after(60), LIMIT).await.unwrap(), 0);
    assert_eq!(unsent_of(store, &due).await, 2, "what was sent does not come back");
    for outgoing in &due {
        store.sent(&outgoing.id).await.unwrap();
    }
}

pub(super) async fn releases_up_to_a_limit<S: Store>(store: &S, f: &Fixture) {
    let day = f.day();
    let due = schedule(store, f, day, 5).await;
    let mut released = Vec::new();
    for _ in 0..4 {
        released.push(store.release_scheduled(day, f.now, 2).await.unwrap());
    }
    assert_eq!(released, [2, 2, 1, 0]);
    let distinct: BTreeSet<&MessageId> = due.iter().map(|outgoing| &outgoing.id).collect();
    assert_eq!((distinct.len(), unsent_of(store, &due).await), (5, 5));
    for outgoing in &due {
        store.sent(&outgoing.id).await.unwrap();
    }
}
