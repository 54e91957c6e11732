//! Accounts and nodes by place, what accounts did, and the commits that change them.

use std::slice::from_ref;

use domain::account::{Account, Role};
use domain::organisation::{Node, NodeKind, NodePath};
use domain::trail::{Topic, TopicKind, TrailEntry};
use futures::future::join_all;
use workflow::commit::{AccountChange, Commit, CommitError, EndedSessions};
use workflow::ports::{AccountFilter, ActionQuery, Store, Totp, business_date};

use super::fixture::{Fixture, insist, pages, trail_entry};
use crate::sample;

const CONTENDERS: usize = 20;

fn edit(before: &Account, after: Account) -> Commit {
    let change = AccountChange::Edit { before: Box::new(before.clone()), after: Box::new(after) };
    Commit { accounts: vec![change], ..Commit::default() }
}

async fn seeded(f: &Fixture, account: Account) -> Account {
    f.seed.account(account.clone(), sample::PASSWORD_HASH).await;
    account
}

pub(super) async fn lists_accounts_by_place<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let reviewer = seeded(f, f.account("李敏", Role::EnrolmentFirstReviewer, &place.county)).await;
    let finance = f.account("周敏", Role::Finance, &place.office);
    let finance = seeded(f, Account { roles: vec![Role::Finance, Role::Supervisor], ..finance }).await;
    let closed = Account { active: false, ..f.account("赵六", Role::Finance, &place.office) };
    let closed = seeded(f, closed).await;
    let mut all = [&finance, &closed, &reviewer, &place.handler];
    all.sort_by_key(|account| (account.node.as_str().to_owned(), account.user_name.clone()));

    let list = async |filter: AccountFilter, limit: u32| -> Vec<Account> {
        pages!(limit, |request| store.accounts_under(&filter, &request))
    };
    let office = AccountFilter::under(&place.office);
    for limit in [1, 2, 100] {
        let listed = list(office.clone(), limit).await;
        assert_eq!(
            listed.iter().collect::<Vec<_>>(),
            all,
            "who sits at a node comes before who sits below it; {limit}"
        );
    }
    let county = list(AccountFilter::under(&place.county), 100).await;
    assert_eq!(county, [reviewer.clone(), place.handler.clone()], "a unit comes after the agency");
    let beside = AccountFilter::under(&f.place().await.office);
    assert!(list(beside, 100).await.iter().all(|account| !all.contains(&account)), "nothing of another office");

    let text = |text: &str| AccountFilter { text: Some(text.to_owned()), ..office.clone() };
    let role = |role| AccountFilter { role: Some(role), ..office.clone() };
    let active = |active| AccountFilter { active: Some(active), ..office.clone() };
    let mut named = [finance.clone(), reviewer.clone()];
    named.sort_by_key(|account| account.node.as_str().to_owned());
    for limit in [1, 100] {
        assert_eq!(list(text("敏"), limit).await, named, "by part of the name; {limit}");
        assert_eq!(list(text(&closed.user_name), limit).await, from_ref(&closed), "by user name");
        assert_eq!(list(text(&closed.user_name[..25]), limit).await.len(), 1, "by its beginning");
        assert_eq!(list(text(&closed.user_name[1..]), limit).await, [], "and no other part of it");
        assert_eq!(list(role(Role::Supervisor), limit).await, from_ref(&finance), "one of several roles");
        assert_eq!(list(active(false), limit).await, from_ref(&closed));
        assert_eq!(list(active(true), limit).await.len(), 3);
        let both = AccountFilter { active: Some(true), ..role(Role::Finance) };
        assert_eq!(list(both, limit).await, from_ref(&finance));
    }
}

pub(super) async fn lists_nodes_of_a_subtree<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let (office, county) = (f.node(&place.office, NodeKind::Office), f.node(&place.county, NodeKind::Agency));
    for node in [&county, &office] {
        f.seed.node(node.clone()).await;
    }
    assert_eq!(store.nodes_under(&place.office).await.unwrap(), [office, county.clone()], "the upper one first");
    assert_eq!(store.nodes_under(&place.county).await.unwrap(), [county]);
    assert_eq!(store.nodes_under(&place.unit.path).await.unwrap(), []);
}

pub(super) async fn tells_what_an_account_did<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let (one, other) = (f.draft(&place), f.draft(&place));
    let entry = |of, version, second: i64| TrailEntry { at: f.after(second), ..trail_entry(of, version, 0) };
    let by_platform = TrailEntry { account: None, ..entry(&one, 9, 9) };
    let entries = vec![entry(&one, 1, 1), entry(&one, 2, 10), entry(&other, 1, 5), by_platform];
    store.commit(Commit { trail: entries.clone(), ..Commit::default() }).await.unwrap();
    let newest_first = [&entries[1], &entries[2], &entries[0]];
    for limit in [1, 2, 100] {
        let told: Vec<TrailEntry> = pages!(limit, |request| store.actions_of(&place.handler.id, &request));
        assert_eq!(told.iter().collect::<Vec<_>>(), newest_first, "{limit}");
    }
}

pub(super) async fn tells_what_was_done_in_a_subtree<S: Store>(store: &S, f: &Fixture) {
    let (place, other) = (f.place().await, f.place().await);
    let (one, two, elsewhere) = (f.draft(&place), f.draft(&place), f.draft(&other));
    let day = business_date(f.now);
    let entry = |of, version, second: i64| TrailEntry { at: f.after(second), ..trail_entry(of, version, 0) };
    let seen = TrailEntry { action: "view-unmasked".into(), ..entry(&one, 2, 10) };
    let by_platform = TrailEntry { account: None, ..entry(&one, 3, 20) };
    let unit = Topic::new(f.text(), TopicKind::Unit, &place.unit.path, f.text());
    let of_unit = TrailEntry { topic: unit.clone(), ..entry(&one, 4, 30) };
    let nameless = Topic::new(f.text(), TopicKind::Reliefs, &place.office, "");
    let of_office = TrailEntry { topic: nameless, ..entry(&one, 5, 40) };
    let entries =
        vec![entry(&one, 1, 1), entry(&two, 1, 5), seen, by_platform, of_unit, of_office, entry(&elsewhere, 1, 7)];
    store.commit(Commit { trail: entries.clone(), ..Commit::default() }).await.unwrap();

    let all =
        |node: &NodePath| ActionQuery { node: node.clone(), from: day, to: day, name: None, kind: None, action: None };
    let told = async |query: ActionQuery, limit: u32| -> Vec<TrailEntry> {
        pages!(limit, |request| store.done_in(&query, &request))
    };
    let of = |places: &[usize]| places.iter().map(|n| entries[*n].clone()).collect::<Vec<_>>();
    let office = all(&place.office);
    for limit in [1, 2, 100] {
        assert_eq!(
            told(office.clone(), limit).await,
            of(&[5, 4, 3, 2, 1, 0]),
            "newest first, all of an office; {limit}"
        );
        assert_eq!(told(all(&place.county), limit).await, of(&[4, 3, 2, 1, 0]), "and of an agency; {limit}");
        let action = Some("view-unmasked".to_owned());
        assert_eq!(told(ActionQuery { action, ..office.clone() }, limit).await, of(&[2]), "of one command; {limit}");
        let kind = Some(TopicKind::Unit);
        assert_eq!(told(ActionQuery { kind, ..all(&place.county) }, limit).await, of(&[4]), "of one kind; {limit}");
        let name = Some(one.application_number.clone());
        assert_eq!(told(ActionQuery { name, ..office.clone() }, limit).await, of(&[3, 2, 0]), "by number; {limit}");
    }
    let name = Some(elsewhere.application_number.clone());
    assert_eq!(told(ActionQuery { name, ..office.clone() }, 100).await, [], "another office's number");
    let name = Some(unit.name.clone());
    let both = ActionQuery { name, kind: Some(TopicKind::Unit), ..office.clone() };
    assert_eq!(told(both.clone(), 100).await, of(&[4]));
    assert_eq!(told(ActionQuery { kind: Some(TopicKind::Enrolment), ..both }, 100).await, []);
    let from = day.tomorrow().unwrap();
    assert_eq!(told(ActionQuery { from, to: from, ..office.clone() }, 100).await, [], "on another day");
    let to = day.yesterday().unwrap();
    assert_eq!(told(ActionQuery { from: to, to, ..office.clone() }, 100).await, []);
    let root: Vec<_> = told(all(&NodePath::root()), 100).await;
    assert!(entries.iter().all(|entry| root.contains(entry)), "the root sees both offices");
}

pub(super) async fn replaces_an_account_from_the_version_seen<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let before = seeded(f, f.account("李敏", Role::Finance, &place.county)).await;
    let after = |name: String| Account { name, version: 2, node: place.office.clone(), ..before.clone() };
    let commits = (0..CONTENDERS).map(|n| edit(&before, after(format!("李{n}"))));
    let outcomes = join_all(commits.map(|commit| insist(store, commit))).await;
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "one of many");
    assert!(outcomes.iter().filter_map(|outcome| outcome.as_ref().err()).all(|e| matches!(e, CommitError::Version)));
    let now = store.account(&before.id).await.unwrap().unwrap();
    assert_eq!((now.version, &now.node), (2, &place.office));
    assert_eq!(store.credentials(&before.user_name).await.unwrap().map(|c| c.account), Some(now.clone()));
    let stale = edit(&before, after("晚".into()));
    assert!(matches!(store.commit(stale).await, Err(CommitError::Version)));
    let nobody = f.account("无", Role::Finance, &place.county);
    let unknown = edit(&nobody, nobody.clone());
    assert!(matches!(store.commit(unknown).await, Err(CommitError::Version)));
    let county: Vec<Account> =
        pages!(100, |request| store.accounts_under(&AccountFilter::under(&place.county), &request));
    assert!(!county.contains(&now), "it is listed where it sits now");
}

pub(super) async fn ends_the_sessions_of_an_account<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let account = seeded(f, f.account("李敏", Role::Finance, &place.county)).await;
    let totp = Totp { sealed_secret: f.text(), last_step: 7 };
    assert!(store.set_totp(&account.id, &totp).await.unwrap());
    let end = |clears_totp| {
        let ended_sessions = Some(EndedSessions { account: account.id.clone(), clears_totp });
        Commit { ended_sessions, ..Commit::default() }
    };
    for (clears, generation, left) in [(false, 1, Some(totp.clone())), (true, 2, None), (true, 3, None)] {
        store.commit(end(clears)).await.unwrap();
        let credentials = store.credentials_of(&account.id).await.unwrap().unwrap();
        assert_eq!((credentials.generation, credentials.totp), (generation, left));
        assert_eq!(credentials.password_hash, sample::PASSWORD_HASH);
    }
    let nobody = EndedSessions { account: f.account("无", Role::Finance, &place.county).id, clears_totp: false };
    let unknown = Commit { ended_sessions: Some(nobody), ..Commit::default() };
    assert!(matches!(store.commit(unknown).await, Err(CommitError::Version)));
}

pub(super) async fn writes_a_version_of_a_node_once<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let node = f.node(&place.county, NodeKind::Agency);
    let write = |node: &Node, expected| Commit { node: Some((node.clone(), expected)), ..Commit::default() };
    store.commit(write(&node, 0)).await.unwrap();
    assert!(matches!(store.commit(write(&node, 0)).await, Err(CommitError::Version)), "it exists");
    let renamed = Node { name: "改名".into(), version: 2, ..node };
    store.commit(write(&renamed, 1)).await.unwrap();
    assert!(matches!(store.commit(write(&renamed, 1)).await, Err(CommitError::Version)), "it was changed");
    assert_eq!(store.node(&renamed.id).await.unwrap(), Some(renamed.clone()));
    assert_eq!(store.nodes_under(&place.county).await.unwrap(), [renamed]);
}
