//! The store in memory keeps the contract, also between threads.

use std::collections::HashSet;
use std::sync::Arc;

use async_trait::async_trait;
use domain::account::Account;
use domain::number::{Number, NumberKind};
use domain::organisation::{Node, Unit};
use futures::future::join_all;
use workflow::commit::Commit;
use workflow::desk::Desk;
use workflow::numbers;
use workflow::ports::{Commits, Ids, PersonKey, Sequence, Sequences};

use super::MemoryStore;
use crate::contract::{self, Fixture, Seed};
use crate::sample::{self, Organisation};
use crate::world::{FixedClock, SequentialIds};

#[async_trait]
impl Seed for MemoryStore {
    async fn node(&self, node: Node) {
        self.with_node(node);
    }

    async fn unit(&self, unit: Unit) {
        self.with_unit(unit);
    }

    async fn account(&self, account: Account, password_hash: &str) {
        self.with_account(account, password_hash);
    }

    async fn restrict(&self, person: &PersonKey) {
        self.set_restricted_person(person, true);
    }
}

fn fixture(store: &MemoryStore) -> Fixture {
    Fixture { ids: Arc::new(SequentialIds::default()), now: sample::now(), seed: Arc::new(store.clone()) }
}

#[tokio::test]
async fn keeps_the_contract() {
    let store = MemoryStore::default();
    let fixture = fixture(&store);
    contract::run(&store, &fixture).await;
    contract::run(&store, &fixture).await;
}

/// The contract's contenders share one thread; here each has its own.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn lets_one_of_many_threads_win() {
    const CONTENDERS: u32 = 16;
    let sample = Organisation::default();
    let store = MemoryStore::default();
    let enrolment = sample::draft(SequentialIds::default().ulid(), &sample.unit, &sample.handler, sample::now());
    let together = (0..CONTENDERS).map(|n| {
        let (store, mut enrolment) = (store.clone(), enrolment.clone());
        enrolment.remark = n.to_string();
        let commit = Commit { enrolment: Some((enrolment, 0)), ..Commit::default() };
        tokio::spawn(
            async move { (store.commit(commit).await.is_ok(), store.next(Sequence::Application).await.unwrap()) },
        )
    });
    let (won, mut numbers): (Vec<bool>, Vec<u64>) = join_all(together).await.into_iter().map(Result::unwrap).unzip();
    assert_eq!(won.into_iter().filter(|won| *won).count(), 1);
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=u64::from(CONTENDERS)).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_snapshot_shows_every_effect_but_no_gap_in_a_sequence() {
    let store = MemoryStore::default();
    Organisation::default().seed(&store);
    let before = store.snapshot();
    assert_eq!(before["units"]["qishan-machinery"]["name"], "岐山机械厂");
    store.next(Sequence::Application).await.unwrap();
    assert_eq!(store.snapshot(), before);
    store.set_restricted_person(&PersonKey("0123".to_owned()), true);
    assert_ne!(store.snapshot(), before);
}

/// Eight threads ask for a hundred thousand numbers in all; no two get the same, and each is well-formed.
#[tokio::test(flavor = "multi_thread", worker_threads = 8)]
async fn a_hundred_thousand_numbers_are_all_different() {
    const CLERKS: u64 = 100;
    const EACH: u64 = 1_000;
    let store = MemoryStore::default();
    let desk = Desk {
        store: Arc::new(store.clone()),
        clock: Arc::new(FixedClock::default()),
        ids: Arc::new(SequentialIds::default()),
    };
    let office = sample::Organisation::default().unit.office_code;
    for kind in [NumberKind::Application, NumberKind::Certificate, NumberKind::ReceiptBatch] {
        let clerks = (0..CLERKS).map(|_| {
            let desk = desk.clone();
            tokio::spawn(async move {
                let mut numbers = Vec::new();
                for _ in 0..EACH {
                    numbers.push(numbers::next(&desk, kind, office).await.unwrap());
                }
                numbers
            })
        });
        let all: HashSet<String> = join_all(clerks).await.into_iter().flat_map(Result::unwrap).collect();
        assert_eq!(all.len(), usize::try_from(CLERKS * EACH).unwrap(), "{kind:?}");
        assert!(all.iter().all(|number| Number::parse(number).is_ok_and(|parsed| parsed.kind == kind)), "{kind:?}");
    }
}
