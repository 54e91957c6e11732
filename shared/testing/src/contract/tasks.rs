//! Tasks: one holder at a time.

use domain::account::{Account, Role};
use domain::ids::TaskId;
use domain::task::{Level, Task, TaskChange, TaskState};
use futures::future::join_all;
use workflow::commit::{Commit, CommitError};
use workflow::ports::{AcquireError, Pool, PoolTab, Store, TaskFilter};
use workflow::scope::Scope;

use super::fixture::{Fixture, elsewhere, first};

const CONTENDERS: usize = 10;

async fn stored<S: Store>(store: &S, id: &TaskId) -> Task {
    store.task(id, &Scope::Platform).await.unwrap().unwrap()
}

fn closing(id: &TaskId, held_by: Option<&Account>) -> Commit {
    let close = TaskChange::Close { id: id.clone(), held_by: held_by.map(|account| account.id.clone()) };
    Commit { tasks: vec![close], ..Commit::default() }
}

pub(super) async fn gives_a_task_to_one_of_many<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let task = f.open_task(store, &place).await;
    let accounts: Vec<Account> =
        (0..CONTENDERS).map(|n| f.account(&format!("初审{n}"), Role::EnrolmentFirstReviewer, &place.county)).collect();
    let answers = join_all(accounts.iter().map(|account| store.acquire(&task, account, f.after(1)))).await;
    let won: Vec<&Account> =
        accounts.iter().zip(&answers).filter(|(_, answer)| answer.is_ok()).map(|(a, _)| a).collect();
    let [winner] = won[..] else { panic!("{} got the task", won.len()) };
    let held = Task {
        state: TaskState::InProgress {
            owner: winner.id.clone(),
            owner_name: winner.name.clone(),
            since: f.after(1),
            handed_by: None,
        },
        ..task
    };
    for answer in answers {
        match answer {
            Ok(task) => assert_eq!(task, held),
            Err(AcquireError::Held { owner_name }) => assert_eq!(owner_name, winner.name),
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(stored(store, &held.id).await, held);
    let again = store.acquire(&held, winner, f.after(60)).await.unwrap();
    assert_eq!(again.owner(), Some(&winner.id));
}

pub(super) async fn acquires_nothing_that_is_gone<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let account = f.account("李敏", Role::EnrolmentFirstReviewer, &place.county);
    let unknown = TaskId::from_ulid(f.ids.ulid());
    let never_opened = Task { id: unknown.clone(), ..f.task(&f.draft(&place), Level::FirstReview, f.now) };
    let answer = store.acquire(&never_opened, &account, f.now).await;
    assert!(matches!(answer, Err(AcquireError::Gone)), "{answer:?}");
    assert_eq!(store.task(&unknown, &Scope::Platform).await.unwrap(), None);
    assert!(!store.release(&unknown, &account.id).await.unwrap());

    let task = f.open_task(store, &place).await;
    store.acquire(&task, &account, f.now).await.unwrap();
    store.commit(closing(&task.id, Some(&account))).await.unwrap();
    let answer = store.acquire(&task, &account, f.now).await;
    assert!(matches!(answer, Err(AcquireError::Gone)), "{answer:?}");
    assert!(!store.release(&task.id, &account.id).await.unwrap());
    assert_eq!(stored(store, &task.id).await.state, TaskState::Done);
}

pub(super) async fn releases_for_the_owner_only<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let task = f.open_task(store, &place).await;
    let [owner, other] = ["李敏", "周洋"].map(|name| f.account(name, Role::EnrolmentFirstReviewer, &place.county));
    assert!(!store.release(&task.id, &owner.id).await.unwrap(), "nobody has it");
    store.acquire(&task, &owner, f.now).await.unwrap();
    assert!(!store.release(&task.id, &other.id).await.unwrap());
    assert_eq!(stored(store, &task.id).await.owner(), Some(&owner.id));
    assert!(store.release(&task.id, &owner.id).await.unwrap());
    assert_eq!(stored(store, &task.id).await, task);
    assert!(!store.release(&task.id, &owner.id).await.unwrap());
    let taken = store.acquire(&task, &other, f.now).await.unwrap();
    assert_eq!(taken.owner(), Some(&other.id));
}

pub(super) async fn closes_for_the_holder_only<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let task = f.open_task(store, &place).await;
    let [owner, other] = ["李敏", "周洋"].map(|name| f.account(name, Role::EnrolmentFirstReviewer, &place.county));
    let refused = |answer| assert!(matches!(answer, Err(CommitError::Task)), "{answer:?}");
    refused(store.commit(closing(&task.id, Some(&owner))).await);
    let held = store.acquire(&task, &owner, f.now).await.unwrap();
    refused(store.commit(closing(&task.id, Some(&other))).await);
    refused(store.commit(closing(&task.id, None)).await);
    refused(store.commit(closing(&TaskId::from_ulid(f.ids.ulid()), None)).await);
    assert_eq!(stored(store, &task.id).await, held);
    store.commit(closing(&task.id, Some(&owner))).await.unwrap();
    assert_eq!(stored(store, &task.id).await.state, TaskState::Done);

    let free = f.open_task(store, &place).await;
    store.commit(closing(&free.id, None)).await.unwrap();
    assert_eq!(stored(store, &free.id).await.state, TaskState::Done);
}

pub(super) async fn cancels_whoever_holds<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let (held, free) = (f.open_task(store, &place).await, f.open_task(store, &place).await);
    let owner = f.account("李敏", Role::EnrolmentFirstReviewer, &place.county);
    store.acquire(&held, &owner, f.now).await.unwrap();
    let cancel = [&held, &free].map(|task| TaskChange::Cancel { id: task.id.clone() });
    store.commit(Commit { tasks: cancel.to_vec(), ..Commit::default() }).await.unwrap();
    for task in [held, free] {
        assert_eq!(stored(store, &task.id).await, Task { state: TaskState::Done, ..task });
    }
}

pub(super) async fn shows_a_task_within_scope_only<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let task = f.open_task(store, &place).await;
    for path in [&place.office, &place.county, &place.unit.path] {
        let seen = store.task(&task.id, &Scope::Subtree(path.clone())).await.unwrap();
        assert_eq!(seen, Some(task.clone()), "{path:?}");
    }
    let (beside, _) = f.unit_below(&place.county).await;
    for scope in [elsewhere(f), Scope::Subtree(beside.path)] {
        assert_eq!(store.task(&task.id, &scope).await.unwrap(), None);
    }
}

pub(super) async fn hands_a_task_over_once<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let task = f.open_task(store, &place).await;
    let [one, two, supervisor] =
        ["李敏", "周洋", "周杰"].map(|name| f.account(name, Role::EnrolmentFirstReviewer, &place.county));
    let hand = |held_by: Option<&Account>, to: &Account| {
        let state = TaskState::InProgress {
            owner: to.id.clone(),
            owner_name: to.name.clone(),
            since: f.after(2),
            handed_by: Some(supervisor.id.clone()),
        };
        let task = Task { state, ..task.clone() };
        let change = TaskChange::Hand { task, held_by: held_by.map(|a| a.id.clone()) };
        Commit { tasks: vec![change], ..Commit::default() }
    };
    store.commit(hand(None, &one)).await.unwrap();
    assert!(matches!(store.commit(hand(None, &two)).await, Err(CommitError::Task)), "nobody's no more");
    store.commit(hand(Some(&one), &two)).await.unwrap();
    assert!(matches!(store.commit(hand(Some(&one), &one)).await, Err(CommitError::Task)), "another's by now");
    let held = store.task(&task.id, &Scope::Platform).await.unwrap().unwrap();
    assert!(held.handed_to(&two.id) && !held.handed_to(&one.id));

    // Its pool is another's: it is among the new owner's own all the same, and held in the pool
    // where it lies.
    let elsewhere = f.place().await;
    let pool = |account: &Account| Pool {
        level: task.level,
        node: elsewhere.county.clone(),
        account: account.id.clone(),
        filter: TaskFilter::default(),
    };
    assert_eq!(store.pool(&pool(&two), PoolTab::Mine, &first(100)).await.unwrap().items, std::slice::from_ref(&held));
    assert_eq!(store.pool_counts(&pool(&two), f.now, 100).await.unwrap().mine, 1);
    assert_eq!(store.pool(&pool(&one), PoolTab::Mine, &first(100)).await.unwrap().items, []);
    let here = Pool { node: place.county.clone(), ..pool(&one) };
    assert_eq!(store.pool(&here, PoolTab::Pending, &first(100)).await.unwrap().items, []);
    assert_eq!(store.pool(&here, PoolTab::Held, &first(100)).await.unwrap().items, std::slice::from_ref(&held));

    assert!(store.release(&task.id, &two.id).await.unwrap());
    assert_eq!(store.task(&task.id, &Scope::Platform).await.unwrap(), Some(task.clone()), "as it was");
    let done = TaskChange::Cancel { id: task.id.clone() };
    store.commit(Commit { tasks: vec![done], ..Commit::default() }).await.unwrap();
    assert!(matches!(store.commit(hand(None, &one)).await, Err(CommitError::Task)), "done");
}
