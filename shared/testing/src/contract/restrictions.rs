//! The restricted list of people.

use domain::ids::{NodeId, RestrictionId};
use domain::organisation::NodePath;
use domain::restriction::{Lifted, Restriction, RestrictionSpan};
use jiff::civil::{Date, date};
use workflow::commit::{Commit, CommitError};
use workflow::ports::{PersonKey, RestrictionChange, Store};

use super::fixture::{Fixture, insist, pages};

/// An office of its own.
fn office(f: &Fixture) -> (NodeId, NodePath) {
    let id = NodeId::from_ulid(f.ids.ulid());
    let path = NodePath::root().child(&id);
    (id, path)
}

fn entry(f: &Fixture, (office, path): &(NodeId, NodePath), person: &PersonKey, until: Option<Date>) -> Restriction {
    Restriction {
        span: RestrictionSpan { id: RestrictionId::of(office, f.ids.ulid()), from: date(2026, 3, 1), until },
        office: office.clone(),
        path: path.clone(),
        person: person.0.clone(),
        masked: "110101********1233".to_owned(),
        sealed_id_number: f.text(),
        reason: "伪造材料".to_owned(),
        at: f.now,
        by: domain::ids::AccountId::from_ulid(f.ids.ulid()),
        by_name: "王芳".to_owned(),
        lifted: None,
    }
}

async fn change<S: Store>(store: &S, change: RestrictionChange) -> Result<(), CommitError> {
    insist(store, Commit { restriction: Some(change), ..Commit::default() }).await
}

fn add(entry: &Restriction, instead_of: Option<&Restriction>) -> RestrictionChange {
    let instead_of = instead_of.map(|entry| entry.span.clone());
    RestrictionChange::Add { entry: Box::new(entry.clone()), instead_of }
}

fn lifted(f: &Fixture, entry: &Restriction) -> Restriction {
    let lifted = Lifted { at: f.now, by_name: "李敏".to_owned(), reason: "已查清".to_owned() };
    Restriction { lifted: Some(lifted), ..entry.clone() }
}

async fn spans<S: Store>(store: &S, person: &PersonKey) -> Vec<RestrictionSpan> {
    let known = store.known(std::slice::from_ref(person)).await.unwrap().remove(0);
    known.map(|known| known.restrictions).unwrap_or_default()
}

pub(super) async fn restricts_a_person_once<S: Store>(store: &S, f: &Fixture) {
    let (person, here, there) = (f.person(), office(f), office(f));
    let first = entry(f, &here, &person, None);
    change(store, add(&first, None)).await.unwrap();
    assert_eq!(store.restriction(&first.span.id).await.unwrap(), Some(first.clone()));
    let second = entry(f, &here, &person, None);
    assert!(matches!(change(store, add(&second, None)).await, Err(CommitError::Version)));
    assert_eq!(store.restriction(&second.span.id).await.unwrap(), None, "all or nothing");
    let elsewhere = entry(f, &there, &person, Some(date(2026, 12, 31)));
    change(store, add(&elsewhere, None)).await.unwrap();
    let mut expected = vec![first.span, elsewhere.span];
    let mut found = spans(store, &person).await;
    for list in [&mut expected, &mut found] {
        list.sort_by(|a, b| a.id.cmp(&b.id));
    }
    assert_eq!(found, expected);
}

pub(super) async fn lifts_an_entry_once<S: Store>(store: &S, f: &Fixture) {
    let (person, here) = (f.person(), office(f));
    let first = entry(f, &here, &person, None);
    change(store, add(&first, None)).await.unwrap();
    let lift = || RestrictionChange::Lift(Box::new(lifted(f, &first)));
    change(store, lift()).await.unwrap();
    assert!(matches!(change(store, lift()).await, Err(CommitError::Version)));
    assert_eq!(spans(store, &person).await, []);
    assert_eq!(store.restriction(&first.span.id).await.unwrap(), Some(lifted(f, &first)), "it stays to be read");
    change(store, add(&entry(f, &here, &person, None), None)).await.unwrap();
}

pub(super) async fn takes_the_place_of_what_is_over<S: Store>(store: &S, f: &Fixture) {
    let (person, here) = (f.person(), office(f));
    let over = entry(f, &here, &person, Some(date(2026, 3, 2)));
    change(store, add(&over, None)).await.unwrap();
    let next = entry(f, &here, &person, None);
    change(store, add(&next, Some(&over))).await.unwrap();
    assert_eq!(spans(store, &person).await, std::slice::from_ref(&next.span));
    let late = entry(f, &here, &person, None);
    assert!(matches!(change(store, add(&late, Some(&over))).await, Err(CommitError::Version)));
    let lift = RestrictionChange::Lift(Box::new(lifted(f, &over)));
    assert!(matches!(change(store, lift).await, Err(CommitError::Version)), "the next one holds");
}

pub(super) async fn lists_restrictions_newest_first<S: Store>(store: &S, f: &Fixture) {
    let here = office(f);
    let city = NodeId::from_ulid(f.ids.ulid());
    let below = (here.0.clone(), here.1.child(&city));
    let mut all = Vec::new();
    for place in [&here, &below, &here, &below] {
        let entry = entry(f, place, &f.person(), None);
        change(store, add(&entry, None)).await.unwrap();
        all.insert(0, entry);
    }
    for limit in [1, 3, 100] {
        let listed: Vec<Restriction> = pages!(limit, |request| store.restrictions(&here.0, &here.1, &request));
        assert_eq!(listed, all, "{limit}");
        let listed: Vec<Restriction> = pages!(limit, |request| store.restrictions(&here.0, &below.1, &request));
        assert_eq!(listed, [&all[0], &all[2]].map(Clone::clone), "{limit}");
    }
}
