//! Sessions and running numbers.

use std::collections::BTreeSet;

use domain::ids::AccountId;
use futures::future::join_all;
use jiff::Timestamp;
use workflow::ports::{IssuedSession, RotateError, Sequence, Store};

use super::fixture::Fixture;

const CONTENDERS: usize = 8;

async fn begin<S: Store>(store: &S, f: &Fixture) -> IssuedSession {
    let session = IssuedSession {
        family: f.text(),
        account: AccountId::from_ulid(f.ids.ulid()),
        generation: 1,
        token_hash: f.hash(),
        expires_at: f.after(3600),
    };
    store.begin(&session).await.unwrap();
    session
}

/// The session answered, or the name of the refusal.
async fn rotate<S: Store>(
    store: &S,
    family: &str,
    hashes: [&str; 2],
    now: Timestamp,
) -> Result<IssuedSession, &'static str> {
    store.rotate(family, hashes[0], hashes[1], now).await.map_err(|error| match error {
        RotateError::Unknown => "unknown",
        RotateError::Reused => "reused",
        RotateError::Outage(_) => "outage",
    })
}

pub(super) async fn rotates_a_session<S: Store>(store: &S, f: &Fixture) {
    let mut session = begin(store, f).await;
    for _ in 0..3 {
        let next = f.hash();
        let rotated = rotate(store, &session.family, [&session.token_hash, &next], f.after(60)).await;
        session.token_hash = next;
        assert_eq!(rotated.as_ref(), Ok(&session));
    }
}

pub(super) async fn revokes_a_family_on_reuse<S: Store>(store: &S, f: &Fixture) {
    let (session, other) = (begin(store, f).await, begin(store, f).await);
    let (second, third) = (f.hash(), f.hash());
    rotate(store, &session.family, [&session.token_hash, &second], f.now).await.unwrap();
    let reused = rotate(store, &session.family, [&session.token_hash, &third], f.now).await;
    assert_eq!(reused, Err("reused"));
    let current = rotate(store, &session.family, [&second, &third], f.now).await;
    assert_eq!(current, Err("unknown"), "the thief's and the owner's tokens are both void");
    assert!(rotate(store, &other.family, [&other.token_hash, &third], f.now).await.is_ok(), "another sign-in lives on");
}

pub(super) async fn ends_sessions<S: Store>(store: &S, f: &Fixture) {
    let next = f.hash();
    let expired = begin(store, f).await;
    let answer = rotate(store, &expired.family, [&expired.token_hash, &next], expired.expires_at).await;
    assert_eq!(answer, Err("unknown"));

    let revoked = begin(store, f).await;
    store.revoke(&revoked.family).await.unwrap();
    store.revoke(&revoked.family).await.unwrap();
    let answer = rotate(store, &revoked.family, [&revoked.token_hash, &next], f.now).await;
    assert_eq!(answer, Err("unknown"));

    let never = f.text();
    store.revoke(&never).await.unwrap();
    assert_eq!(rotate(store, &never, [&next, &next], f.now).await, Err("unknown"));
}

/// One token used by several at once: one gets the next, and the others' attempts revoke the family.
pub(super) async fn rotates_one_of_many<S: Store>(store: &S, f: &Fixture) {
    let session = begin(store, f).await;
    let hashes: Vec<String> = (0..CONTENDERS).map(|_| f.hash()).collect();
    let rotations = hashes.iter().map(|next| rotate(store, &session.family, [&session.token_hash, next], f.now));
    let answers = join_all(rotations).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
    assert!(answers.contains(&Err("reused")), "{answers:?}");
    assert!(!answers.contains(&Err("outage")), "{answers:?}");
    for next in &hashes {
        let answer = rotate(store, &session.family, [next, &session.token_hash], f.now).await;
        assert_eq!(answer, Err("unknown"));
    }
}

pub(super) async fn numbers_without_repetition<S: Store>(store: &S, _: &Fixture) {
    for sequence in [Sequence::Application, Sequence::Certificate, Sequence::ReceiptBatch, Sequence::SampleReceipt] {
        let before = store.next(sequence).await.unwrap();
        assert!(before >= 1);
        let numbers = join_all((0..CONTENDERS).map(|_| store.next(sequence))).await;
        let distinct: BTreeSet<u64> = numbers.into_iter().map(Result::unwrap).collect();
        assert_eq!(distinct.len(), CONTENDERS, "{sequence:?}");
        assert!(distinct.first() > Some(&before), "{sequence:?}");
        let after = store.next(sequence).await.unwrap();
        assert!(distinct.last() < Some(&after), "{sequence:?}");
        assert!(store.last(sequence).await.unwrap() >= after, "{sequence:?}");
    }
}
