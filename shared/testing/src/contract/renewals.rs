//! Renewals: two enrolments in one commit, and the list of what is due.

use domain::cover::CoverPeriod;
use domain::enrolment::Enrolment;
use domain::ids::EnrolmentId;
use jiff::civil::{Date, date};
use workflow::commit::{Commit, CommitError};
use workflow::ports::{DueForRenewal, EnrolmentSummary, Store};
use workflow::scope::Scope;

use super::fixture::{Fixture, Place, insist, pages, writing};

/// A paid enrolment whose cover ends on a day.
fn paid(f: &Fixture, place: &Place, end: Date) -> Enrolment {
    let period = CoverPeriod::new(date(2026, 1, 1), end).unwrap();
    let longer = CoverPeriod::new(date(2026, 1, 1), date(2030, 1, 1)).unwrap();
    let periods = vec![("hospital-a".to_owned(), longer), ("women-25".to_owned(), period)];
    Enrolment { periods, ..f.draft(place) }
}

pub(super) async fn writes_a_renewal_with_what_it_renews<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let old = paid(f, &place, date(2026, 12, 31));
    insist(store, writing(old.clone(), 0)).await.unwrap();
    let renewing = || {
        let new = f.draft(&place);
        let marked = Enrolment { version: 2, renewed_by: Some(new.id.clone()), ..old.clone() };
        (Commit { renewed: Some((marked, 1)), ..writing(new.clone(), 0) }, new)
    };
    let (first, new) = renewing();
    insist(store, first).await.unwrap();
    let of = |id: EnrolmentId| async move { store.enrolment(&id, &Scope::Platform).await.unwrap() };
    assert_eq!(of(new.id.clone()).await, Some(new.clone()));
    assert_eq!(of(old.id.clone()).await.unwrap().renewed_by, Some(new.id));
    let (second, late) = renewing();
    assert!(matches!(insist(store, second).await, Err(CommitError::Version)));
    assert_eq!(of(late.id).await, None, "all or nothing");
}

pub(super) async fn lists_what_is_due_for_renewal<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let ends = [date(2026, 6, 30), date(2026, 5, 1), date(2026, 4, 30), date(2026, 7, 1)];
    let all = ends.map(|end| paid(f, &place, end));
    let renewed = Enrolment { renewed_by: Some(all[0].id.clone()), ..paid(f, &place, date(2026, 6, 1)) };
    for enrolment in all.iter().chain([&renewed, &f.draft(&place)]) {
        insist(store, writing(enrolment.clone(), 0)).await.unwrap();
    }
    let range = (date(2026, 5, 1), date(2026, 6, 30));
    for node in [&place.office, &place.county, &place.unit.path] {
        for limit in [1, 100] {
            let due: Vec<DueForRenewal> = pages!(limit, |request| store.due_for_renewal(node, range, &request));
            let expected = [&all[1], &all[0]].map(|e| DueForRenewal {
                summary: EnrolmentSummary::of(e),
                unit: place.unit.id.clone(),
                cover_ends: e.cover_ends().unwrap(),
            });
            assert_eq!(due, expected, "{node:?} by {limit}");
        }
    }
    // Once it is renewed, it is due no more.
    let marked = Enrolment { version: 2, renewed_by: Some(renewed.id), ..all[1].clone() };
    insist(store, writing(marked, 1)).await.unwrap();
    let due: Vec<DueForRenewal> = pages!(10, |request| store.due_for_renewal(&place.county, range, &request));
    assert_eq!(due.len(), 1);
}
