//! Pools: pages, order, scope and counts.

use domain::account::{Account, Role};
use domain::ids::TaskId;
use domain::organisation::NodePath;
use domain::task::{Level, Task, TaskChange};
use jiff::ToSpan;
use jiff::tz::{self, TimeZone};
use workflow::commit::Commit;
use workflow::ports::{Pool, PoolTab, Store, TaskFilter};

use super::fixture::{Fixture, Place, first, opening, pages};

fn pool(node: &NodePath, account: &Account) -> Pool {
    let filter = TaskFilter::default();
    Pool { level: Level::FirstReview, node: node.clone(), account: account.id.clone(), filter }
}

fn reviewer(f: &Fixture, place: &Place) -> Account {
    f.account("李敏", Role::EnrolmentFirstReviewer, &place.county)
}

fn ids(tasks: &[Task]) -> Vec<TaskId> {
    tasks.iter().map(|task| task.id.clone()).collect()
}

/// Opens `count` tasks queued one second apart, the youngest first.
async fn queue<S: Store>(store: &S, f: &Fixture, place: &Place, count: i64) -> Vec<Task> {
    let mut tasks: Vec<Task> =
        (0..count).map(|n| f.task(&f.draft(place), Level::FirstReview, f.after(count - n))).collect();
    store.commit(opening(tasks.clone())).await.unwrap();
    tasks.reverse();
    tasks
}

pub(super) async fn lists_oldest_first_in_pages<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let mut queued = queue(store, f, &place, 7).await;
    // Three of one instant: a cursor must not lose the others.
    let same: Vec<Task> = (0..3).map(|_| f.task(&f.draft(&place), Level::FirstReview, f.after(100))).collect();
    store.commit(opening(same.clone())).await.unwrap();
    queued.extend(same);
    let pool = pool(&place.county, &reviewer(f, &place));
    for limit in [1, 2, 3, 4, 5, 9, 10, 100] {
        let listed: Vec<Task> = pages!(limit, |request| store.pool(&pool, PoolTab::Pending, &request));
        assert!(listed.is_sorted_by_key(|task| task.queued_at), "{limit}");
        assert_eq!(listed[..7], queued[..7], "{limit}");
        let (mut last, mut expected) = (ids(&listed[7..]), ids(&queued[7..]));
        last.sort();
        expected.sort();
        assert_eq!(last, expected, "{limit}");
    }
}

/// The list changes between two pages: what was shown may go, what was not shown yet is neither lost nor shown twice.
pub(super) async fn goes_on_where_a_page_ended<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let queued = queue(store, f, &place, 6).await;
    let account = reviewer(f, &place);
    let pool = pool(&place.county, &account);
    let mut request = first(2);
    let page = store.pool(&pool, PoolTab::Pending, &request).await.unwrap();
    assert_eq!(page.items, queued[..2]);
    for shown in &page.items {
        store.acquire(shown, &account, f.now).await.unwrap();
    }
    request.after = page.next;
    let page = store.pool(&pool, PoolTab::Pending, &request).await.unwrap();
    assert_eq!(page.items, queued[2..4]);
    store.acquire(&queued[4], &account, f.now).await.unwrap();
    request.after = page.next;
    let page = store.pool(&pool, PoolTab::Pending, &request).await.unwrap();
    assert_eq!((page.items, page.next), (queued[5..].to_vec(), None));
}

pub(super) async fn lists_the_subtree_and_level_only<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let (beside, handler) = f.unit_below(&place.office).await;
    let beside = Place { office: place.office.clone(), county: place.office.clone(), unit: beside, handler };
    let (here, there) = (f.open_task(store, &place).await, f.open_task(store, &beside).await);
    let final_review = f.task(&f.draft(&place), Level::FinalReview, f.now);
    store.commit(opening(vec![final_review.clone()])).await.unwrap();
    f.open_task(store, &f.place().await).await;

    let account = reviewer(f, &place);
    let listed = async |node: &NodePath| {
        let page = store.pool(&pool(node, &account), PoolTab::Pending, &first(100)).await.unwrap();
        let mut ids = ids(&page.items);
        ids.sort();
        ids
    };
    let mut both = ids(&[here.clone(), there.clone()]);
    both.sort();
    assert_eq!(listed(&place.office).await, both);
    for node in [&place.county, &place.unit.path] {
        assert_eq!(listed(node).await, std::slice::from_ref(&here.id), "{node:?}");
    }
    assert_eq!(listed(&beside.unit.path).await, [there.id]);
    let finals = Pool { level: Level::FinalReview, ..pool(&place.office, &account) };
    assert_eq!(store.pool(&finals, PoolTab::Pending, &first(100)).await.unwrap().items, [final_review]);
}

pub(super) async fn shows_mine_to_me_only<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let queued = queue(store, f, &place, 4).await;
    let (me, other) = (reviewer(f, &place), reviewer(f, &place));
    for (at, account) in [(2, &me), (0, &me), (1, &other)] {
        store.acquire(&queued[at], account, f.now).await.unwrap();
    }
    let mine = pool(&place.county, &me);
    let listed: Vec<Task> = pages!(1, |request| store.pool(&mine, PoolTab::Mine, &request));
    assert_eq!(ids(&listed), [queued[0].id.clone(), queued[2].id.clone()]);
    assert!(listed.iter().all(|task| task.owner() == Some(&me.id)));
    let pending = store.pool(&mine, PoolTab::Pending, &first(100)).await.unwrap().items;
    assert_eq!(pending, queued[3..]);

    assert!(store.release(&queued[0].id, &me.id).await.unwrap());
    let close = TaskChange::Close { id: queued[2].id.clone(), held_by: Some(me.id.clone()) };
    store.commit(Commit { tasks: vec![close], ..Commit::default() }).await.unwrap();
    assert_eq!(store.pool(&mine, PoolTab::Mine, &first(100)).await.unwrap().items, []);
    let pending = store.pool(&mine, PoolTab::Pending, &first(100)).await.unwrap().items;
    assert_eq!(pending, [queued[0].clone(), queued[3].clone()], "a released task keeps its age");
}

pub(super) async fn shows_what_is_held_to_everybody_of_the_pool<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let queued = queue(store, f, &place, 4).await;
    let (me, other) = (reviewer(f, &place), reviewer(f, &place));
    for (at, account) in [(2, &me), (0, &other), (3, &other)] {
        store.acquire(&queued[at], account, f.now).await.unwrap();
    }
    for node in [&place.office, &place.county, &place.unit.path] {
        let held = pool(node, &me);
        let listed: Vec<Task> = pages!(1, |request| store.pool(&held, PoolTab::Held, &request));
        assert_eq!(ids(&listed), [&queued[0], &queued[2], &queued[3]].map(|task| task.id.clone()), "{node:?}");
        assert_eq!(listed[0].owner(), Some(&other.id));
    }
    let elsewhere = pool(&f.place().await.county, &me);
    assert_eq!(store.pool(&elsewhere, PoolTab::Held, &first(100)).await.unwrap().items, []);

    assert!(store.release(&queued[2].id, &me.id).await.unwrap());
    let close = TaskChange::Close { id: queued[0].id.clone(), held_by: Some(other.id.clone()) };
    store.commit(Commit { tasks: vec![close], ..Commit::default() }).await.unwrap();
    let here = pool(&place.county, &me);
    let held = store.pool(&here, PoolTab::Held, &first(100)).await.unwrap().items;
    assert_eq!(ids(&held), [queued[3].id.clone()], "neither what is done nor what was put back");
}

pub(super) async fn counts_up_to_a_cap<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let account = reviewer(f, &place);
    let pool = pool(&place.office, &account);
    let counts = async |cap| {
        let counts = store.pool_counts(&pool, f.now, cap).await.unwrap();
        (counts.pending, counts.mine, counts.held)
    };
    assert_eq!(counts(100).await, (0, 0, 0));

    let queued = queue(store, f, &place, 5).await;
    f.open_task(store, &f.place().await).await;
    for task in &queued[..2] {
        store.acquire(task, &account, f.now).await.unwrap();
    }
    store.acquire(&queued[2], &reviewer(f, &place), f.now).await.unwrap();
    assert_eq!(counts(100).await, (2, 2, 3));
    assert_eq!(counts(2).await, (2, 2, 2));
    assert_eq!(counts(1).await, (1, 1, 1));
}

pub(super) async fn filters_and_sorts<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let queued = queue(store, f, &place, 6).await;
    let account = reviewer(f, &place);
    let all = pool(&place.county, &account);
    let check = async |filter: TaskFilter, expected: &[Task], why: &str| {
        let pool = Pool { filter, ..all.clone() };
        for limit in [1, 2, 100] {
            let listed: Vec<Task> = pages!(limit, |request| store.pool(&pool, PoolTab::Pending, &request));
            assert_eq!(ids(&listed), ids(expected), "{why}, {limit}");
        }
    };
    let reversed: Vec<Task> = queued.iter().rev().cloned().collect();
    check(TaskFilter { newest_first: true, ..TaskFilter::default() }, &reversed, "newest first").await;
    let (from, before) = (Some(queued[1].queued_at), Some(queued[4].queued_at));
    let filter = |queued_from, queued_before| TaskFilter { queued_from, queued_before, ..TaskFilter::default() };
    check(filter(from, None), &queued[1..], "from").await;
    check(filter(None, before), &queued[..4], "before").await;
    check(filter(from, before), &queued[1..4], "between").await;
    check(filter(before, from), &[], "nothing between").await;
    let application_number = Some(queued[2].application_number.clone());
    let numbered: Vec<Task> =
        queued.iter().filter(|t| Some(&t.application_number) == application_number.as_ref()).cloned().collect();
    check(TaskFilter { application_number, ..TaskFilter::default() }, &numbered, "by number").await;

    store.acquire(&queued[0], &account, f.now).await.unwrap();
    store.acquire(&queued[3], &account, f.now).await.unwrap();
    let mine = Pool { filter: filter(from, None), ..all.clone() };
    let listed: Vec<Task> = pages!(1, |request| store.pool(&mine, PoolTab::Mine, &request));
    assert_eq!(ids(&listed), ids(&queued[3..4]), "one's own likewise");
}

pub(super) async fn counts_what_is_overdue<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let queued = queue(store, f, &place, 3).await;
    let account = reviewer(f, &place);
    let pool = pool(&place.county, &account);
    let counts = async |at, cap| store.pool_counts(&pool, at, cap).await.unwrap();
    let overdue = async |at| counts(at, 100).await.overdue;
    assert_eq!(overdue(queued[0].queued_at).await, 0);
    assert_eq!(overdue(queued[1].due_at).await, 2, "from that instant on");
    store.acquire(&queued[0], &account, f.now).await.unwrap();
    assert_eq!(overdue(queued[2].due_at).await, 3, "that somebody works on the oldest does not make it in time");
    let of_one = counts(queued[2].due_at, 1).await;
    assert_eq!((of_one.pending, of_one.held, of_one.overdue), (1, 1, 1), "of those that are counted, up to the cap");
    store.release(&queued[0].id, &account.id).await.unwrap();
    store.acquire(&queued[2], &account, f.now).await.unwrap();
    assert_eq!(counts(queued[0].due_at, 1).await.overdue, 1, "the oldest that waits is counted first");
}

pub(super) async fn lists_open_tasks_by_their_last_day<S: Store>(store: &S, f: &Fixture) {
    let (place, day) = (f.place().await, f.day());
    let end = day.tomorrow().unwrap().to_zoned(TimeZone::fixed(tz::offset(8))).unwrap().timestamp();
    let task = |due_at| Task { due_at, ..f.task(&f.draft(&place), Level::Payment, f.now) };
    let tasks = [task(end - 2.seconds()), task(end - 1.seconds()), task(end), task(end + 1.nanosecond())];
    store.commit(opening(tasks.to_vec())).await.unwrap();
    let due = async |day| -> Vec<TaskId> {
        let items = pages!(2, |request| store.tasks_due(day, &request));
        items.into_iter().map(|task| task.id).collect()
    };
    let [first, second, third, next] = &tasks;
    assert_eq!(due(day).await, [first.id.clone(), second.id.clone(), third.id.clone()]);
    assert_eq!(due(day.tomorrow().unwrap()).await, std::slice::from_ref(&next.id));
    let account = f.account("马初审", Role::Finance, &place.office);
    store.acquire(first, &account, f.now).await.unwrap();
    let done = |task: &Task| TaskChange::Cancel { id: task.id.clone() };
    store.commit(Commit { tasks: vec![done(second)], ..Commit::default() }).await.unwrap();
    assert_eq!(due(day).await, [first.id.clone(), third.id.clone()], "somebody works on one, one is done");
}
