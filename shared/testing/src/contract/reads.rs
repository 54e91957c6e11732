//! Enrolments, trails and the registry.

use domain::enrolment::{Conclusion, Enrolment, Opinion, State};
use domain::ids::{AccountId, EnrolmentId, NodeId, UnitId};
use domain::organisation::{Node, NodeKind};
use domain::trail::TrailEntry;
use workflow::commit::Commit;
use workflow::ports::{EnrolmentSummary, Store};
use workflow::scope::Scope;

use super::fixture::{Fixture, Place, elsewhere, first, pages, trail_entry, writing};
use crate::sample;

/// A returned enrolment with plans, to see that every field comes back.
fn returned(f: &Fixture, place: &Place) -> Enrolment {
    let mut enrolment = f.draft(place);
    enrolment.staff = Some(u32::MAX);
    enrolment.remark = "备注 \"'\\\n𠮷".to_owned();
    enrolment.opinions = vec![Opinion {
        state: State::FirstReview,
        by: place.handler.id.clone(),
        by_name: "李敏".to_owned(),
        at: f.now,
        conclusion: Conclusion::Returned,
        text: "人数不符".to_owned(),
    }];
    let choice = sample::choice("hospital-a", 1);
    enrolment.lines = vec![domain::enrolment::Line {
        plan: choice.plan,
        shares: choice.shares,
        roster: None,
        unnamed_ordinary: 3,
        unnamed_high_risk: 0,
        covered: 0,
        borne: Vec::new(),
    }];
    enrolment
}

pub(super) async fn shows_an_enrolment_within_scope_only<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let enrolment = returned(f, &place);
    store.commit(writing(enrolment.clone(), 0)).await.unwrap();
    let paths = [&place.office, &place.county, &place.unit.path];
    let scopes = paths.map(|path| Scope::Subtree(path.clone())).into_iter().chain([Scope::Platform]);
    for scope in scopes {
        assert_eq!(store.enrolment(&enrolment.id, &scope).await.unwrap().as_ref(), Some(&enrolment), "{scope:?}");
    }
    let (beside, _) = f.unit_below(&place.county).await;
    for scope in [elsewhere(f), Scope::Subtree(beside.path)] {
        assert_eq!(store.enrolment(&enrolment.id, &scope).await.unwrap(), None);
    }
    let unknown = EnrolmentId::from_ulid(f.ids.ulid());
    assert_eq!(store.enrolment(&unknown, &Scope::Platform).await.unwrap(), None);
}

pub(super) async fn lists_enrolments_newest_first<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let mut all = Vec::new();
    // Written in an order that is not that of creation.
    for seconds in [30, 10, 50, 20, 40] {
        let enrolment = Enrolment { created_at: f.after(seconds), ..f.draft(&place) };
        store.commit(writing(enrolment.clone(), 0)).await.unwrap();
        all.push(enrolment);
    }
    let changed = Enrolment { id: all[2].id.clone(), version: 2, created_at: f.after(50), ..returned(f, &place) };
    store.commit(writing(changed.clone(), 1)).await.unwrap();
    all[2] = changed.clone();
    all.sort_by_key(|enrolment| std::cmp::Reverse(enrolment.created_at));
    let expected: Vec<EnrolmentId> = all.iter().map(|enrolment| enrolment.id.clone()).collect();
    let scope = Scope::Subtree(place.unit.path.clone());
    for limit in [1, 2, 3, 5, 100] {
        let listed: Vec<EnrolmentSummary> =
            pages!(limit, |request| store.enrolments_of(&place.unit.id, &scope, None, &request));
        let listed_ids: Vec<EnrolmentId> = listed.iter().map(|summary| summary.id.clone()).collect();
        assert_eq!(listed_ids, expected, "{limit}");
        let newest = EnrolmentSummary {
            id: changed.id.clone(),
            application_number: changed.application_number.clone(),
            unit_name: place.unit.name.clone().into(),
            state: State::Drafting,
            created_at: f.after(50),
            return_reason: Some("人数不符".to_owned()),
            ..EnrolmentSummary::of(&changed)
        };
        assert_eq!(listed[0], newest);
    }
}

pub(super) async fn lists_enrolments_before_an_instant<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let mut written = Vec::new();
    for n in 0..5 {
        let e = Enrolment { created_at: f.after(n), ..f.draft(&place) };
        store.commit(writing(e.clone(), 0)).await.unwrap();
        written.insert(0, EnrolmentSummary::of(&e));
    }
    let (scope, before) = (Scope::Subtree(place.county.clone()), Some(f.after(3)));
    for limit in [1, 2, 3, 100] {
        let listed: Vec<EnrolmentSummary> =
            pages!(limit, |request| store.enrolments_of(&place.unit.id, &scope, before, &request));
        assert_eq!(listed, written[2..], "{limit}: neither of that instant nor later");
    }
    let none = store.enrolments_of(&place.unit.id, &scope, Some(f.now), &first(10)).await.unwrap();
    assert_eq!((none.items, none.next), (Vec::new(), None));
}

pub(super) async fn lists_enrolments_within_scope_only<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let (beside, _) = f.unit_below(&place.county).await;
    store.commit(writing(f.draft(&place), 0)).await.unwrap();
    let list = async |unit: &UnitId, scope: Scope| {
        store.enrolments_of(unit, &scope, None, &first(100)).await.unwrap().items.len()
    };
    for scope in [Scope::Platform, Scope::Subtree(place.office.clone()), Scope::Subtree(place.county.clone())] {
        assert_eq!(list(&place.unit.id, scope).await, 1);
    }
    assert_eq!(list(&place.unit.id, elsewhere(f)).await, 0);
    assert_eq!(list(&place.unit.id, Scope::Subtree(beside.path)).await, 0);
    assert_eq!(list(&beside.id, Scope::Platform).await, 0);
}

/// Versions are numbers: 10 comes after 9.
pub(super) async fn tells_a_trail_in_order<S: Store>(store: &S, f: &Fixture) {
    let enrolment = f.draft(&f.place().await);
    let names =
        [(1, 0), (2, 0), (2, 1), (9, 0), (10, 0), (10, 2), (10, 10), (10, 1_773_104_400_000_000), (100, 0), (1000, 0)];
    let told: Vec<TrailEntry> = names.iter().map(|(version, n)| trail_entry(&enrolment, *version, *n)).collect();
    let other = trail_entry(&f.draft(&f.place().await), 3, 0);
    let shuffled = told.iter().rev().cloned().chain([other]).collect();
    store.commit(Commit { trail: shuffled, ..Commit::default() }).await.unwrap();
    for limit in [1, 2, 4, 9, 100] {
        let listed: Vec<TrailEntry> = pages!(limit, |request| store.trail(enrolment.id.as_str(), &request));
        assert_eq!(listed, told, "{limit}");
    }
    let unknown = store.trail(&f.text(), &first(100)).await.unwrap();
    assert_eq!((unknown.items, unknown.next), (vec![], None));
}

pub(super) async fn keeps_the_registry<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let nodes = [(&place.office, NodeKind::Office), (&place.county, NodeKind::Agency)];
    for node in nodes.map(|(path, kind)| f.node(path, kind)) {
        f.seed.node(node.clone()).await;
        let renamed = Node { name: "改名".to_owned(), ..node };
        f.seed.node(renamed.clone()).await;
        assert_eq!(store.node(&renamed.id).await.unwrap(), Some(renamed));
    }
    assert_eq!(store.node(&NodeId::from_ulid(f.ids.ulid())).await.unwrap(), None);

    for scope in [Scope::Platform, Scope::Subtree(place.county.clone()), Scope::Subtree(place.unit.path.clone())] {
        assert_eq!(store.unit(&place.unit.id, &scope).await.unwrap().as_ref(), Some(&place.unit));
    }
    assert_eq!(store.unit(&place.unit.id, &elsewhere(f)).await.unwrap(), None);
    assert_eq!(store.unit(&UnitId::from_ulid(f.ids.ulid()), &Scope::Platform).await.unwrap(), None);

    assert_eq!(store.account(&place.handler.id).await.unwrap().as_ref(), Some(&place.handler));
    assert_eq!(store.account(&AccountId::from_ulid(f.ids.ulid())).await.unwrap(), None);
}
