//! Opening accounts, with everything in memory.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::sync::Arc;

use domain::account::{Account, Role};
use domain::ids::AccountId;
use domain::message::Message;
use domain::organisation::NodePath;
use futures::future::join_all;
use testing::faults::When;
use testing::world::World;
use workflow::accounts::{self, NewAccount};
use workflow::commit::{Commit, CommitError, IdempotencyRecord};
use workflow::desk::Desk;
use workflow::ports::{Ids, Registry};
use workflow::{password_links, texts};

fn desk(w: &World) -> Desk {
    Desk { store: Arc::new(w.store.clone()), clock: Arc::new(w.clock.clone()), ids: Arc::new(w.ids.clone()) }
}

fn new(name: &str) -> NewAccount<'_> {
    NewAccount { name, mobile: "13812345678", roles: vec![Role::Registrar], node: NodePath::root(), unit: None }
}

async fn open(w: &World, name: &str) -> Result<Account, CommitError> {
    accounts::open(&desk(w), &w.cipher, AccountId::from_ulid(w.ids.ulid()), &new(name), |_| Commit::default()).await
}

#[tokio::test]
async fn people_of_one_name_are_numbered() {
    let w = World::default();
    let names = async |name: &str| open(&w, name).await.unwrap().user_name;
    assert_eq!([names("张三").await, names("张三").await, names("章三").await], ["zhangsan", "zhangsan2", "zhangsan3"]);
    for _ in 0..30 {
        names("张三").await;
    }
    assert_eq!(names("张三").await, "zhangsan34");
    assert_eq!(names("单雄信").await, "shanxiongxin");
}

#[tokio::test]
async fn many_at_once_get_a_name_each() {
    let w = World::default();
    let opened = join_all((0..20).map(|_| open(&w, "张三"))).await;
    let mut names: Vec<String> = opened.into_iter().map(|account| account.unwrap().user_name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 20);
}

#[tokio::test]
async fn the_number_is_sealed_and_the_link_is_sent_in_the_same_commit() {
    let w = World::default();
    let account = open(&w, "张三").await.unwrap();
    let sealed = account.sealed_mobile.clone().unwrap();
    assert_eq!(texts::open(&w.cipher, &account.id, &sealed).as_deref(), Some("13812345678"));
    let outbox = w.store.inner().outbox();
    let [message] = outbox.as_slice() else { panic!("{outbox:?}") };
    assert_eq!(message.message, Message::PasswordLink { account: account.id.clone() });
    let token = password_links::token(&w.cipher, &account.id, &message.id);
    let (owner, _) = password_links::check(&desk(&w), &token).await.unwrap().unwrap();
    assert_eq!(owner, account.id);
}

#[tokio::test]
async fn a_lost_commit_leaves_nothing_and_a_repeated_one_opens_nothing_twice() {
    let w = World::default();
    w.faults.fail_next_commit(When::Before);
    assert!(matches!(open(&w, "张三").await, Err(CommitError::Outage(_))));
    assert!(!w.store.inner().user_name_taken("zhangsan").await.unwrap());

    let id = AccountId::from_ulid(w.ids.ulid());
    let record =
        IdempotencyRecord { key: "k".into(), request_hash: "r".into(), status: 201, body: String::new(), etag: None };
    let step = |_: &Account| Commit { idempotency: Some(record.clone()), ..Commit::default() };
    w.faults.fail_next_commit(When::AfterWritten);
    assert!(accounts::open(&desk(&w), &w.cipher, id.clone(), &new("张三"), step).await.is_err());
    let again = accounts::open(&desk(&w), &w.cipher, id, &new("张三"), step).await;
    assert!(matches!(again, Err(CommitError::Answered(kept)) if *kept == record));
    assert!(!w.store.inner().user_name_taken("zhangsan2").await.unwrap());
    assert_eq!(w.store.inner().outbox().len(), 1, "one link");
}
