//! Lists of enrolments across units.

use domain::account::Role;
use domain::cover::CoverPeriod;
use domain::enrolment::{Conclusion, Enrolment, Line, Opinion, State};
use jiff::ToSpan;
use workflow::ports::{EnrolmentList, EnrolmentSummary, PageRequest, Store, business_date};
use workflow::scope::Scope;

use super::fixture::{Fixture, Place, elsewhere, first, writing};
use crate::sample;

/// The ids of all pages of a list. A page may be short, even empty, as long as another follows.
async fn all<S: Store>(store: &S, list: &EnrolmentList, limit: u32) -> Vec<String> {
    let (mut ids, mut request) = (Vec::new(), first(limit));
    for _ in 0..1000 {
        let page = store.enrolments(list, &request).await.unwrap();
        assert!(page.items.len() <= limit as usize, "more than a page");
        ids.extend(page.items.into_iter().map(|e| e.id.to_string()));
        let Some(next) = page.next else { return ids };
        request.after = Some(next);
    }
    panic!("the pages go round in circles")
}

fn ids<'a>(of: impl IntoIterator<Item = &'a Enrolment>) -> Vec<String> {
    of.into_iter().map(|e| e.id.to_string()).collect()
}

/// Enrolments of a place in these states, each a second older than the one before: written in another order.
async fn written<S: Store>(store: &S, f: &Fixture, place: &Place, states: &[State]) -> Vec<Enrolment> {
    let age = |n: usize| -i64::try_from(n).unwrap();
    let made: Vec<Enrolment> = states
        .iter()
        .enumerate()
        .map(|(n, state)| Enrolment { state: *state, created_at: f.after(age(n)), ..f.draft(place) })
        .collect();
    for e in made.iter().rev() {
        store.commit(writing(e.clone(), 0)).await.unwrap();
    }
    made
}

pub(super) async fn merges_states_newest_first<S: Store>(store: &S, f: &Fixture) {
    use State::{Completed, Drafting, FirstReview, Withdrawn};
    let place = f.place().await;
    let states = [Drafting, Completed, Completed, Completed, FirstReview, Withdrawn, Completed, Drafting, Completed];
    let made = written(store, f, &place, &states).await;
    let list = EnrolmentList::of(place.county.clone());
    for limit in [1, 2, 3, 4, 8, 9, 100] {
        assert_eq!(all(store, &list, limit).await, ids(&made), "{limit}");
        let some = EnrolmentList { states: vec![Withdrawn, Drafting, Drafting], ..list.clone() };
        assert_eq!(all(store, &some, limit).await, ids([&made[0], &made[5], &made[7]]), "{limit}");
        let one = EnrolmentList { states: vec![Completed], ..list.clone() };
        assert_eq!(all(store, &one, limit).await, ids([1, 2, 3, 6, 8].map(|n| &made[n])), "{limit}");
    }
    let page = store.enrolments(&list, &first(2)).await.unwrap();
    assert_eq!(page.items, [EnrolmentSummary::of(&made[0]), EnrolmentSummary::of(&made[1])]);
    // What is created meanwhile moves no page.
    let newer = Enrolment { created_at: f.after(60), ..f.draft(&place) };
    store.commit(writing(newer, 0)).await.unwrap();
    let next = store.enrolments(&list, &PageRequest { limit: 2, after: page.next }).await.unwrap();
    assert_eq!(next.items, [EnrolmentSummary::of(&made[2]), EnrolmentSummary::of(&made[3])]);
}

pub(super) async fn moves_an_enrolment_with_its_state<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let draft = f.draft(&place);
    store.commit(writing(draft.clone(), 0)).await.unwrap();
    let reviewed = Enrolment { state: State::FirstReview, version: 2, ..draft.clone() };
    store.commit(writing(reviewed.clone(), 1)).await.unwrap();
    let of = |state| EnrolmentList { states: vec![state], ..EnrolmentList::of(place.unit.path.clone()) };
    assert_eq!(all(store, &of(State::Drafting), 10).await, Vec::<String>::new());
    assert_eq!(all(store, &of(State::FirstReview), 10).await, ids([&reviewed]));
}

pub(super) async fn lists_the_subtree_of_a_node<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let (unit, handler) = f.unit_below(&place.county).await;
    let beside = Place { office: place.office.clone(), county: place.county.clone(), unit, handler };
    let own = written(store, f, &place, &[State::Drafting]).await;
    let theirs = Enrolment { created_at: f.after(-60), ..f.draft(&beside) };
    store.commit(writing(theirs.clone(), 0)).await.unwrap();
    let listed = async |node: &domain::organisation::NodePath| all(store, &EnrolmentList::of(node.clone()), 10).await;
    for above in [&place.office, &place.county] {
        assert_eq!(listed(above).await, ids([&own[0], &theirs]));
    }
    assert_eq!(listed(&place.unit.path).await, ids(&own));
    assert_eq!(listed(&beside.unit.path).await, ids([&theirs]));
    assert_eq!(listed(&f.place().await.county).await, Vec::<String>::new());
    let auditor = f.account("刘明", Role::Auditor, &place.county);
    assert_eq!(listed(&auditor.node).await.len(), 2);
}

pub(super) async fn lists_by_every_condition<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let mut made = Vec::new();
    for n in 0..6_i64 {
        let mut e = Enrolment { created_at: f.after(-n), new_employment_form: n % 2 == 0, ..f.draft(&place) };
        if n < 3 {
            let choice = sample::choice(if n == 0 { "hospital-a" } else { "critical-35" }, 1);
            let (plan, shares) = (choice.plan, choice.shares);
            let line = Line {
                plan,
                shares,
                roster: None,
                unnamed_ordinary: 1,
                unnamed_high_risk: 0,
                covered: 0,
                borne: Vec::new(),
            };
            e.lines = vec![line];
        }
        if n == 4 {
            e.opinions = vec![Opinion {
                state: State::FirstReview,
                by: place.handler.id.clone(),
                by_name: "李敏".to_owned(),
                at: f.now,
                conclusion: Conclusion::Returned,
                text: "人数不符".to_owned(),
            }];
        }
        store.commit(writing(e.clone(), 0)).await.unwrap();
        made.push(e);
    }
    let list = EnrolmentList::of(place.county.clone());
    let check = async |list: EnrolmentList, expected: &[usize], why: &str| {
        let expected = ids(expected.iter().map(|n| &made[*n]));
        for limit in [1, 2, 100] {
            assert_eq!(all(store, &list, limit).await, expected, "{why}, {limit}");
        }
        let counts = store.count_enrolments(&list).await.unwrap();
        assert_eq!((counts.total() as usize, counts.at_least), (expected.len(), false), "{why}");
    };
    let plan = |code: &str| EnrolmentList { plan: Some(code.to_owned()), ..list.clone() };
    check(plan("critical-35"), &[1, 2], "by plan").await;
    check(plan("hospital-b"), &[], "by a plan nobody has").await;
    let formed = |wanted| EnrolmentList { new_employment_form: Some(wanted), ..list.clone() };
    check(formed(true), &[0, 2, 4], "new employment form").await;
    check(formed(false), &[1, 3, 5], "no new employment form").await;
    check(EnrolmentList { returned: Some(true), ..list.clone() }, &[4], "returned").await;
    check(EnrolmentList { returned: Some(false), ..list.clone() }, &[0, 1, 2, 3, 5], "not returned").await;
    let (from, before) = (Some(made[4].created_at), Some(made[1].created_at));
    let created = |created_from, created_before| EnrolmentList { created_from, created_before, ..list.clone() };
    check(created(from, None), &[0, 1, 2, 3, 4], "from an instant on").await;
    check(created(None, before), &[2, 3, 4, 5], "before an instant").await;
    check(created(from, before), &[2, 3, 4], "between").await;
    check(created(before, from), &[], "nothing between").await;
    let both = EnrolmentList { new_employment_form: Some(true), ..created(from, before) };
    check(both, &[2, 4], "several conditions").await;
}

pub(super) async fn counts_by_state<S: Store>(store: &S, f: &Fixture) {
    use State::{Completed, Drafting, Withdrawn};
    let place = f.place().await;
    written(store, f, &place, &[Drafting, Completed, Drafting]).await;
    let list = EnrolmentList { states: vec![Drafting, Withdrawn], ..EnrolmentList::of(place.county.clone()) };
    let counts = store.count_enrolments(&list).await.unwrap();
    assert_eq!((counts.by_state.as_slice(), counts.at_least), ([(Drafting, 2), (Withdrawn, 0)].as_slice(), false));
    let all = store.count_enrolments(&EnrolmentList::of(place.county)).await.unwrap();
    assert_eq!((all.total(), all.by_state.len()), (3, State::ALL.len()));
}

pub(super) async fn finds_an_application_number<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let e = Enrolment { application_number: format!("A{}", f.text()), ..f.draft(&place) };
    store.commit(writing(e.clone(), 0)).await.unwrap();
    let find = async |number: &str, scope: Scope| store.enrolment_numbered(number, &scope).await.unwrap();
    let own = Scope::Subtree(place.county.clone());
    assert_eq!(find(&e.application_number, own.clone()).await, Some(EnrolmentSummary::of(&e)));
    assert_eq!(find(&e.application_number, elsewhere(f)).await, None);
    for nobodys in ["A0", "", &"9".repeat(3000)] {
        assert_eq!(find(nobodys, own.clone()).await, None);
    }
}

pub(super) async fn tells_what_ends_soon<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let today = business_date(f.now);
    let ending = |days: &[i64]| {
        let period = |n: &i64| CoverPeriod::new(today - 1.year(), today + n.days()).unwrap();
        let periods = days.iter().map(|n| (format!("plan-{n}"), period(n))).collect();
        Enrolment { state: State::Completed, periods, ..f.draft(&place) }
    };
    let made = [ending(&[30]), ending(&[59, 7]), ending(&[61]), ending(&[]), ending(&[-1])];
    for e in &made {
        store.commit(writing(e.clone(), 0)).await.unwrap();
    }
    let ends = async |scope: Scope, days, limit| {
        let request = PageRequest { limit, after: None };
        let page = store.enrolments_ending(&place.unit.id, &scope, days, &request).await.unwrap();
        (page.items.into_iter().map(|e| e.id.to_string()).collect::<Vec<_>>(), page.next.is_some())
    };
    let (own, days) = (Scope::Subtree(place.unit.path.clone()), (today, today + 60.days()));
    assert_eq!(ends(own.clone(), days, 10).await, (ids([&made[1], &made[0]]), false));
    assert_eq!(ends(own.clone(), days, 1).await, (ids([&made[1]]), true));
    assert_eq!(ends(own.clone(), (days.1, days.0), 10).await, (Vec::new(), false));
    assert_eq!(ends(elsewhere(f), days, 10).await, (Vec::new(), false));
    // Corrected: it ends when the enrolment says now.
    let longer = Enrolment { version: 2, periods: ending(&[90]).periods, ..made[0].clone() };
    store.commit(writing(longer, 1)).await.unwrap();
    assert_eq!(ends(own.clone(), days, 10).await, (ids([&made[1]]), false));
    let renewed = Enrolment { version: 2, renewed_by: Some(made[2].id.clone()), ..made[1].clone() };
    store.commit(writing(renewed, 1)).await.unwrap();
    assert_eq!(ends(own, days, 10).await, (Vec::new(), false), "what goes on does not end");
}
