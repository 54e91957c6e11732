//! People under cover.

use std::slice;

use domain::ids::{EnrolmentId, UnitId};
use futures::future::join_all;
use jiff::civil::date;
use workflow::ports::{CoverRecord, KnownPerson, PersonKey, PersonWrite, Store};

use super::fixture::Fixture;

/// More than one batch of DynamoDB reads (100) or writes (25).
const MANY: usize = 120;

fn cover(f: &Fixture, plan: &str) -> CoverRecord {
    CoverRecord {
        enrolment: EnrolmentId::from_ulid(f.ids.ulid()),
        unit: UnitId::from_ulid(f.ids.ulid()),
        plan: plan.to_owned(),
        plan_version: "2025".to_owned(),
        shares: 2,
        start: date(2026, 3, 11),
        end: date(2027, 3, 10),
    }
}

fn write(f: &Fixture, key: &PersonKey, cover: &CoverRecord) -> PersonWrite {
    PersonWrite { key: key.clone(), name_index: f.hash()[..32].to_owned(), cover: cover.clone() }
}

async fn known<S: Store>(store: &S, key: &PersonKey) -> Option<KnownPerson> {
    store.known(slice::from_ref(key)).await.unwrap().remove(0)
}

pub(super) async fn knows_people_in_the_order_asked<S: Store>(store: &S, f: &Fixture) {
    let writes: Vec<PersonWrite> = (0..MANY).map(|_| write(f, &f.person(), &cover(f, "hospital-a"))).collect();
    store.write_cover(&writes).await.unwrap();
    // Strangers in between, backwards, and one person twice.
    let mut asked = Vec::new();
    let mut expected = Vec::new();
    for write in writes.iter().rev().chain(writes.first()) {
        asked.extend([write.key.clone(), f.person()]);
        let covers = vec![write.cover.clone()];
        let person = KnownPerson { name_index: write.name_index.clone(), restrictions: vec![], covers };
        expected.extend([Some(person), None]);
    }
    assert_eq!(store.known(&asked).await.unwrap(), expected);
    assert_eq!(store.known(&[]).await.unwrap(), []);
    store.write_cover(&[]).await.unwrap();
}

pub(super) async fn writes_cover_once<S: Store>(store: &S, f: &Fixture) {
    let key = f.person();
    let first = cover(f, "hospital-a");
    let same_enrolment = CoverRecord { plan: "critical-35".to_owned(), ..first.clone() };
    let renewal = cover(f, "hospital-a");
    let writes = [&first, &same_enrolment, &renewal].map(|cover| write(f, &key, cover));
    for write in writes.iter().chain(&writes) {
        store.write_cover(slice::from_ref(write)).await.unwrap();
    }
    let altered = CoverRecord { shares: 9, end: date(2099, 1, 1), ..first.clone() };
    store.write_cover(&[write(f, &key, &altered)]).await.unwrap();
    let again = join_all((0..4).map(|_| store.write_cover(&writes[..1]))).await;
    assert!(again.iter().all(Result::is_ok));

    let mut covers = known(store, &key).await.unwrap().covers;
    let mut expected = vec![first, same_enrolment, renewal];
    for list in [&mut covers, &mut expected] {
        list.sort_by_key(|cover| (cover.enrolment.clone(), cover.plan.clone()));
    }
    assert_eq!(covers, expected);
}

pub(super) async fn names_another_unit_on_cover<S: Store>(store: &S, f: &Fixture) {
    let (key, other, stranger) = (f.person(), f.person(), f.person());
    let moved = cover(f, "hospital-a");
    let same_enrolment = CoverRecord { plan: "critical-35".to_owned(), ..moved.clone() };
    let elsewhere = cover(f, "hospital-a");
    let writes = [&moved, &same_enrolment, &elsewhere].map(|cover| write(f, &key, cover));
    store.write_cover(&writes).await.unwrap();
    store.write_cover(&[write(f, &other, &moved)]).await.unwrap();

    let unit = UnitId::from_ulid(f.ids.ulid());
    let people = [key.clone(), other.clone(), stranger.clone()];
    for _ in 0..2 {
        store.move_cover(&people, (&moved.enrolment, &moved.plan), &unit).await.unwrap();
    }
    store.move_cover(&[], (&moved.enrolment, &moved.plan), &unit).await.unwrap();
    let after = CoverRecord { unit, ..moved };
    let mut expected = vec![after.clone(), same_enrolment, elsewhere];
    let mut covers = known(store, &key).await.unwrap().covers;
    for list in [&mut covers, &mut expected] {
        list.sort_by_key(|cover| (cover.enrolment.clone(), cover.plan.clone()));
    }
    assert_eq!(covers, expected);
    assert_eq!(known(store, &other).await.unwrap().covers, [after]);
    assert_eq!(known(store, &stranger).await, None, "who has no such cover gets none");
}

pub(super) async fn keeps_the_first_name<S: Store>(store: &S, f: &Fixture) {
    let key = f.person();
    let [first, second] = [write(f, &key, &cover(f, "hospital-a")), write(f, &key, &cover(f, "women-25"))];
    store.write_cover(slice::from_ref(&first)).await.unwrap();
    store.write_cover(&[second]).await.unwrap();
    let person = known(store, &key).await.unwrap();
    assert_eq!((person.name_index, person.covers.len()), (first.name_index, 2));
}

pub(super) async fn knows_restricted_people<S: Store>(store: &S, f: &Fixture) {
    let (stranger, insured) = (f.person(), f.person());
    let write_insured = write(f, &insured, &cover(f, "hospital-a"));
    store.write_cover(slice::from_ref(&write_insured)).await.unwrap();
    for key in [&stranger, &insured] {
        f.seed.restrict(key).await;
    }
    let restrictions = || vec![crate::sample::restriction()];
    let nameless = KnownPerson { name_index: String::new(), restrictions: restrictions(), covers: vec![] };
    assert_eq!(known(store, &stranger).await, Some(nameless));
    let covered = KnownPerson {
        name_index: write_insured.name_index,
        restrictions: restrictions(),
        covers: vec![write_insured.cover],
    };
    assert_eq!(known(store, &insured).await, Some(covered));

    let first_cover = write(f, &stranger, &cover(f, "hospital-a"));
    store.write_cover(slice::from_ref(&first_cover)).await.unwrap();
    let person = known(store, &stranger).await.unwrap();
    assert_eq!((person.name_index, person.restrictions), (first_cover.name_index, restrictions()));
}
