//! Payments and the ledger, as finance looks them up. Answers may lag: each check waits until what it wrote is there.

use domain::ids::EnrolmentId;
use domain::ledger::{LedgerAccount, LedgerEntry, LedgerEvent, Posting};
use domain::money::Fen;
use domain::organisation::NodePath;
use domain::payment::PaymentRecord;
use domain::receipt::{Channel, FundSource};
use jiff::civil::{Date, date};
use workflow::commit::Commit;
use workflow::ports::{LedgerQuery, PaymentQuery, Store};

use super::fixture::{Fixture, Place, elsewhere, first, pages};
use crate::contract::fixture::insist;
use workflow::scope::Scope;

const FROM: Date = date(2026, 3, 1);
const TO: Date = date(2026, 3, 31);

fn payment(f: &Fixture, place: &Place, arrived_on: Date, channel: Channel) -> PaymentRecord {
    let draft = f.draft(place);
    PaymentRecord {
        enrolment: draft.id,
        version: 12,
        application_number: draft.application_number,
        certificate_number: "G26022026031010000001".to_owned(),
        unit: place.unit.id.clone(),
        unit_name: place.unit.name.clone().into(),
        path: place.unit.path.clone(),
        amount: Fen::new(240_000),
        funds: vec![(FundSource::UnionFunds, Fen::new(200_000)), (FundSource::SelfPaid, Fen::new(40_000))],
        channel,
        arrived_on,
        bank_reference: "BANK-1".to_owned(),
        remark: "备注".to_owned(),
        confirmed_at: f.now,
        by: place.handler.id.clone(),
        by_name: "周敏".to_owned(),
    }
}

fn of(node: &NodePath) -> PaymentQuery {
    PaymentQuery { node: node.clone(), from: FROM, to: TO, channel: None, application_number: None }
}

async fn pay<S: Store>(store: &S, payments: &[&PaymentRecord]) {
    for payment in payments {
        let commit = Commit { payment: Some((*payment).clone()), ..Commit::default() };
        insist(store, commit).await.unwrap();
    }
}

pub(super) async fn lists_payments_of_a_subtree_newest_first<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let days = [date(2026, 3, 9), date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 31), date(2026, 4, 1)];
    let all = days.map(|day| payment(f, &place, day, Channel::Transfer));
    let (beside, _) = f.unit_below(&place.county).await;
    let neighbour = PaymentRecord { path: beside.path, ..payment(f, &place, date(2026, 3, 10), Channel::Cheque) };
    pay(store, &all.iter().chain([&neighbour]).collect::<Vec<_>>()).await;
    let again = Commit { payment: Some(all[0].clone()), ..Commit::default() };
    assert!(store.commit(again).await.is_err(), "a payment is recorded once");

    let of_unit = [&all[3], &all[0], &all[2]].map(|p| p.enrolment.clone());
    let mut of_county = of_unit.to_vec();
    of_county.insert(1, neighbour.enrolment.clone());
    for (node, expected) in
        [(&place.unit.path, of_unit.to_vec()), (&place.county, of_county.clone()), (&place.office, of_county)]
    {
        for limit in [1, 2, 100] {
            let listed: Vec<PaymentRecord> = pages!(limit, |request| store.payments(&of(node), &request));
            let ids: Vec<EnrolmentId> = listed.into_iter().map(|p| p.enrolment).collect();
            assert_eq!(ids, expected, "{node:?} by {limit}");
        }
    }
    let one = store.payments(&of(&place.unit.path), &first(1)).await.unwrap().items;
    assert_eq!(one[0], all[3], "every field comes back");
    let Scope::Subtree(nowhere) = elsewhere(f) else { panic!("a subtree") };
    assert_eq!(store.payments(&of(&nowhere), &first(10)).await.unwrap().items, []);
}

pub(super) async fn narrows_payments<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let [a, b] = [Channel::Transfer, Channel::Cheque].map(|channel| payment(f, &place, date(2026, 3, 9), channel));
    pay(store, &[&a, &b]).await;
    let by_channel = PaymentQuery { channel: Some(Channel::Cheque), ..of(&place.county) };
    assert_eq!(store.payments(&by_channel, &first(10)).await.unwrap().items, std::slice::from_ref(&b));
    let by_number =
        |node: &NodePath, number: &str| PaymentQuery { application_number: Some(number.to_owned()), ..of(node) };
    let found = store.payments(&by_number(&place.office, &a.application_number), &first(10)).await.unwrap();
    assert_eq!(found.items, std::slice::from_ref(&a));
    let Scope::Subtree(nowhere) = elsewhere(f) else { panic!("a subtree") };
    assert_eq!(store.payments(&by_number(&nowhere, &a.application_number), &first(10)).await.unwrap().items, []);
    for nobodys in ["", &"9".repeat(3000)] {
        assert_eq!(store.payments(&by_number(&place.office, nobodys), &first(10)).await.unwrap().items, []);
    }
    let late = PaymentQuery { from: date(2026, 3, 10), ..by_number(&place.office, &a.application_number) };
    assert_eq!(store.payments(&late, &first(10)).await.unwrap().items, []);
}

fn due(f: &Fixture, place: &Place, day: Date, plans: &[&str]) -> LedgerEntry {
    let amount = Fen::new(9_500);
    let postings = plans.iter().flat_map(|plan| {
        [
            Posting::debit(LedgerAccount::Bank, amount).of_plan(plan).from_fund(FundSource::SelfPaid),
            Posting::credit(LedgerAccount::ContributionsReceivable, amount).of_plan(plan),
        ]
    });
    LedgerEntry {
        subject: f.draft(place).id.to_string(),
        version: 7,
        n: 0,
        event: LedgerEvent::ContributionReceived,
        at: f.now,
        day,
        path: place.unit.path.clone(),
        application_number: "A26022026031010000001".to_owned(),
        unit_name: place.unit.name.clone().into(),
        postings: postings.collect(),
    }
}

fn entries_of(node: &NodePath) -> LedgerQuery {
    LedgerQuery { node: node.clone(), from: FROM, to: TO, plan: None, event: None }
}

async fn post<S: Store>(store: &S, entries: &[LedgerEntry]) {
    for entry in entries {
        insist(store, Commit { ledger: vec![entry.clone()], ..Commit::default() }).await.unwrap();
    }
}

pub(super) async fn lists_the_ledger_of_a_subtree<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let all = [
        due(f, &place, date(2026, 3, 2), &["hospital-a"]),
        due(f, &place, date(2026, 3, 3), &["hospital-a", "women-25"]),
        due(f, &place, date(2026, 3, 4), &["women-25"]),
        due(f, &place, date(2026, 4, 1), &["women-25"]),
    ];
    post(store, &all).await;
    let listed = |query: LedgerQuery| async move {
        let found: Vec<LedgerEntry> = pages!(1, |request| store.ledger(&query, &request));
        found
    };
    let newest_first = [&all[2], &all[1], &all[0]].map(Clone::clone);
    assert_eq!(listed(entries_of(&place.county)).await, newest_first);
    let of_plan = LedgerQuery { plan: Some("women-25".to_owned()), ..entries_of(&place.office) };
    assert_eq!(listed(of_plan).await, newest_first[..2]);
    let half_a_name = LedgerQuery { plan: Some("women-2".to_owned()), ..entries_of(&place.office) };
    assert_eq!(listed(half_a_name).await, []);
    let of_event = LedgerQuery { event: Some(LedgerEvent::ReceiptIssued), ..entries_of(&place.office) };
    assert_eq!(listed(of_event).await, []);
}

pub(super) async fn sums_the_ledger<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let all = [
        due(f, &place, date(2026, 3, 2), &["hospital-a", "women-25"]),
        due(f, &place, date(2026, 3, 3), &["hospital-a"]),
        due(f, &place, date(2026, 2, 3), &["hospital-a"]),
    ];
    post(store, &all).await;
    let totals = store.ledger_totals(&entries_of(&place.office)).await.unwrap();
    assert_eq!((totals.entries, totals.cut, totals.sums.len()), (2, false, 4));
    let bank = |plan: &str| (LedgerAccount::Bank, Some(plan.to_owned()), Some(FundSource::SelfPaid));
    assert_eq!(totals.sums[&bank("hospital-a")], (Fen::new(19_000), Fen::ZERO));
    let of_plan = LedgerQuery { plan: Some("women-25".to_owned()), ..entries_of(&place.office) };
    let of_plan = store.ledger_totals(&of_plan).await.unwrap();
    assert_eq!((of_plan.entries, of_plan.sums.len()), (1, 2));
    assert_eq!(of_plan.sums[&bank("women-25")], (Fen::new(9_500), Fen::ZERO));
}

pub(super) async fn lists_the_books_under_another_unit<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let (beside, _) = f.unit_below(&place.county).await;
    let paid = payment(f, &place, date(2026, 3, 9), Channel::Transfer);
    let of_paid =
        |n, day| LedgerEntry { subject: paid.enrolment.to_string(), n, ..due(f, &place, day, &["hospital-a"]) };
    let moved = [of_paid(0, date(2026, 3, 2)), of_paid(1, date(2026, 3, 9))];
    let stays = due(f, &place, date(2026, 3, 3), &["hospital-a"]);
    let other = payment(f, &place, date(2026, 3, 10), Channel::Transfer);
    pay(store, &[&paid, &other]).await;
    post(store, &[moved[0].clone(), moved[1].clone(), stays.clone()]).await;

    for _ in 0..2 {
        store.move_books(&paid.enrolment, &beside.id, &beside.path).await.unwrap();
    }
    store.move_books(&f.draft(&place).id, &beside.id, &beside.path).await.unwrap();
    let at = |entry: &LedgerEntry| LedgerEntry { path: beside.path.clone(), ..entry.clone() };
    let entries = |path: NodePath| async move { store.ledger(&entries_of(&path), &first(10)).await.unwrap().items };
    assert_eq!(entries(beside.path.clone()).await, [at(&moved[1]), at(&moved[0])]);
    assert_eq!(entries(place.unit.path.clone()).await, std::slice::from_ref(&stays));
    assert_eq!(entries(place.county.clone()).await.len(), 3, "above both, nothing is lost or doubled");
    let payments = |path: NodePath| async move { store.payments(&of(&path), &first(10)).await.unwrap().items };
    let here = PaymentRecord { unit: beside.id.clone(), path: beside.path.clone(), ..paid };
    assert_eq!(payments(beside.path.clone()).await, [here]);
    assert_eq!(payments(place.unit.path.clone()).await, [other]);
}
