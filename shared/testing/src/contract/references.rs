//! Reference data.

use domain::ids::{NodeId, ReliefId};
use domain::money::Fen;
use domain::plan::{PlanBook, PlanVariant};
use domain::receipt::{FundSource, Relief, ReliefBook, ReliefKind, SubsidyRule};
use futures::future::join_all;
use workflow::commit::{Commit, CommitError};
use workflow::ports::{Book, Store};

use super::fixture::{Fixture, insist};
use crate::sample;

const CONTENDERS: usize = 8;

fn writing(book: Book) -> Commit {
    Commit { book: Some(book), ..Commit::default() }
}

fn plan_of_its_own(f: &Fixture) -> PlanBook {
    let plan = PlanVariant { code: f.text().to_lowercase(), ..sample::plan("critical-35") };
    PlanBook::open(plan).unwrap()
}

fn relief(f: &Fixture) -> Relief {
    Relief {
        id: ReliefId::from_ulid(f.ids.ulid()),
        plan_code: "hospital-a".to_owned(),
        rule: SubsidyRule::FixedPerMember { amount: Fen::new(3500) },
        kind: ReliefKind::Subsidy {
            bearer_title: "市总工会".to_owned(),
            tax_number: String::new(),
            fund_source: FundSource::UnionFunds,
        },
        from: f.day(),
        until: None,
    }
}

pub(super) async fn books_are_written_from_the_version_seen<S: Store>(store: &S, f: &Fixture) {
    let drafted = plan_of_its_own(f);
    assert_eq!(store.plan_book(&drafted.code).await.unwrap(), None);
    store.commit(writing(Book::Plan(drafted.clone()))).await.unwrap();
    assert_eq!(store.plan_book(&drafted.code).await.unwrap().as_ref(), Some(&drafted));
    assert!(store.plan_books().await.unwrap().contains(&drafted));
    let published = drafted.publish("2025", f.day(), today(f)).unwrap();
    store.commit(writing(Book::Plan(published.clone()))).await.unwrap();
    for late in [&drafted, &published] {
        let answer = store.commit(writing(Book::Plan(late.clone()))).await;
        assert!(matches!(answer, Err(CommitError::Version)), "{answer:?}");
    }
    assert_eq!(store.plan_book(&drafted.code).await.unwrap(), Some(published));

    let office = NodeId::from_ulid(f.ids.ulid());
    let none = store.relief_book(&office).await.unwrap();
    assert_eq!(none, ReliefBook::empty(office.clone()));
    let granted = none.grant(relief(f), today(f)).unwrap();
    store.commit(writing(Book::Reliefs(granted.clone()))).await.unwrap();
    assert_eq!(store.relief_book(&office).await.unwrap(), granted);
    assert_eq!(store.relief_book(&NodeId::from_ulid(f.ids.ulid())).await.unwrap().reliefs, []);

    let rules = store.rule_book().await.unwrap();
    let mut next = rules.clone();
    next.version += 1;
    store.commit(writing(Book::Rules(next.clone()))).await.unwrap();
    let answer = store.commit(writing(Book::Rules(next.clone()))).await;
    assert!(matches!(answer, Err(CommitError::Version)), "{answer:?}");
    assert_eq!(store.rule_book().await.unwrap(), next);
}

pub(super) async fn a_book_is_written_by_one_of_many<S: Store>(store: &S, f: &Fixture) {
    let drafted = plan_of_its_own(f);
    let contenders: Vec<PlanBook> = (0..CONTENDERS)
        .map(|n| {
            let mut book = drafted.clone();
            let plan = PlanVariant { version: format!("other-{n}"), ..sample::plan("critical-35") };
            book.versions.begin(plan).unwrap();
            book
        })
        .collect();
    let answers = join_all(contenders.iter().map(|book| insist(store, writing(Book::Plan(book.clone()))))).await;
    let winners: Vec<usize> = (0..CONTENDERS).filter(|n| answers[*n].is_ok()).collect();
    assert_eq!(winners.len(), 1, "{answers:?}");
    assert_eq!(store.plan_book(&drafted.code).await.unwrap().as_ref(), Some(&contenders[winners[0]]));
}

fn today(f: &Fixture) -> jiff::civil::Date {
    workflow::ports::business_date(f.now)
}
