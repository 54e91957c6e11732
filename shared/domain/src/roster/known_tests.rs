#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::HashSet;

use jiff::civil::{Date, date};
use proptest::prelude::*;

use super::super::check::tests::{codes, row, rules, valid_id};
use super::super::check::{SharesFrom, check_rows};
use super::*;
use crate::plan::PlanVariant;
use crate::plan::tests::plan;

const MAN: &str = "110101199003071233";
const WOMAN: &str = "370202198511304561";

fn stranger() -> KnownPerson {
    KnownPerson { name_matches: true, restricted: false, covers: Vec::new() }
}

fn covered(from: Date, shares: u32) -> KnownPerson {
    let period = CoverPeriod::of_term(from, 12).unwrap();
    KnownPerson { covers: vec![KnownCover { plan_code: "sample".into(), period, shares }], ..stranger() }
}

/// One man, one share from 2025-01-01, checked against what is known of him.
fn outcome(plan: &PlanVariant, person: Option<KnownPerson>) -> Outcome {
    let none = HashSet::new();
    let rules = rules(plan, &none);
    apply_known(check_rows([row(2, "张三", MAN)], &rules), &rules, &|_, _| person.clone())
}

#[test]
fn what_is_known_decides() {
    let check = |person, expect: &[(Column, &str)]| {
        let outcome = outcome(&plan(2500, 2500, 2), Some(person));
        assert_eq!(outcome.failed.first().map_or(vec![], |row| codes(&row.reasons)), expect);
        assert_eq!(outcome.total as usize, outcome.accepted as usize + outcome.failed.len());
    };
    check(stranger(), &[]);
    check(covered(date(2024, 6, 1), 1), &[]);
    check(covered(date(2024, 6, 1), 2), &[(Column::IdNumber, "SHARES_EXCEEDED")]);
    check(covered(date(2025, 12, 31), 2), &[(Column::IdNumber, "SHARES_EXCEEDED")]);
    // Cover that ends the day before, or starts the day after, does not overlap.
    check(covered(date(2024, 1, 1), 2), &[]);
    check(covered(date(2026, 1, 1), 2), &[]);
    check(
        KnownPerson { name_matches: false, restricted: true, ..covered(date(2025, 1, 1), 2) },
        &[(Column::Name, "NAME_ID_MISMATCH"), (Column::IdNumber, "RESTRICTED"), (Column::IdNumber, "SHARES_EXCEEDED")],
    );
    let mut other = covered(date(2025, 1, 1), 9);
    other.covers[0].plan_code = "other".into();
    check(other, &[]);
}

#[test]
fn over_age_and_unexpired_are_flagged_and_accepted() {
    let check = |plan: PlanVariant, person, over_age, unexpired| {
        let outcome = outcome(&plan, person);
        let [member] = outcome.rosters[0].as_slice() else { panic!("one member: {outcome:?}") };
        assert_eq!((member.over_age, member.unexpired, member.shares), (over_age, unexpired, 1));
    };
    check(plan(2500, 2500, 2), None, false, false);
    check(plan(2500, 2500, 2), Some(covered(date(2024, 1, 2), 1)), false, true);
    check(plan(2500, 2500, 2), Some(covered(date(2024, 1, 1), 1)), false, false);
    check(plan(2500, 2500, 2), Some(covered(date(2025, 1, 2), 1)), false, false);
    // The man is 34 on the first day.
    let limit = |maximum| {
        let mut plan = plan(2500, 2500, 2);
        plan.age.maximum = maximum;
        plan
    };
    check(limit(34), None, false, false);
    check(limit(33), None, true, false);
}

#[test]
fn a_row_that_failed_before_gets_its_further_reasons() {
    let (plan, none) = (plan(2500, 2500, 2), HashSet::new());
    let rules = rules(&plan, &none);
    let restricted = |_: &ResidentId, _: Option<&PersonName>| Some(KnownPerson { restricted: true, ..stranger() });
    let rows = [row(2, "张三", MAN), row(3, "李3", WOMAN), row(4, "王五", "1"), row(5, "张三", MAN)];
    let outcome = apply_known(check_rows(rows, &rules), &rules, &restricted);
    let found: Vec<_> = outcome.failed.iter().map(|row| (row.row_number, codes(&row.reasons))).collect();
    let id = Column::IdNumber;
    assert_eq!(
        found,
        [
            (2, vec![(id, "RESTRICTED")]),
            (3, vec![(Column::Name, "NAME_CHARACTER"), (id, "RESTRICTED")]),
            (4, vec![(id, "ID_LENGTH")]),
            (5, vec![(id, "DUPLICATE_IN_FILE"), (id, "RESTRICTED")]),
        ]
    );
    assert_eq!(outcome.failed[0].cells, row(2, "张三", MAN));
}

#[test]
fn a_person_joins_the_roster_of_each_chosen_plan() {
    let (one, two) = (plan(2500, 2500, 2), PlanVariant { code: "two".into(), ..plan(9500, 9500, 1) });
    let none = HashSet::new();
    let mut rules = rules(&one, &none);
    rules.plans.push(PlanRules { plan: &two, ..rules.plans[0].clone() });
    rules.plans.iter_mut().for_each(|plan| plan.shares = SharesFrom::Column);
    use super::super::raw::{Cell, RawRow};
    let shares = |first: f64, second: f64| vec![Cell::Number(first), Cell::Number(second)];
    let rows = [
        RawRow { shares: shares(2.0, 1.0), ..row(2, "张三", MAN) },
        RawRow { shares: shares(0.0, 1.0), ..row(3, "李四", WOMAN) },
    ];
    let outcome = apply_known(check_rows(rows, &rules), &rules, &|_, _| None);
    let shape: Vec<Vec<_>> = outcome
        .rosters
        .iter()
        .map(|roster| roster.iter().map(|member| (member.entry(), member.shares)).collect())
        .collect();
    assert_eq!(shape, [vec![("U1.2".to_owned(), 2)], vec![("U1.2".to_owned(), 1), ("U1.3".to_owned(), 1)]]);
    assert_eq!((outcome.total, outcome.accepted), (2, 2));
}

proptest! {
    #[test]
    fn total_is_accepted_and_failed(people in prop::collection::vec((0..40_u32, any::<[bool; 3]>(), 0..4_u32), 0..40)) {
        let (plan, none) = (plan(2500, 2500, 2), HashSet::new());
        let rules = rules(&plan, &none);
        let ids: Vec<_> = people.iter().map(|(n, ..)| valid_id(&format!("11010119900307{n:03}0"))).collect();
        let rows = people.iter().zip(&ids).zip(2..).map(|(((_, [named, ..], _), id), at)| {
            row(at, if *named { "张三" } else { "" }, id)
        });
        let known = |id: &ResidentId, _: Option<&PersonName>| {
            let at = ids.iter().position(|known| known == id.as_str())?;
            let (_, [_, name_matches, restricted], shares) = people[at];
            Some(KnownPerson { name_matches, restricted, ..covered(date(2024, 6, 1), shares) })
        };
        let outcome = apply_known(check_rows(rows, &rules), &rules, &known);
        prop_assert_eq!(outcome.total as usize, people.len());
        prop_assert_eq!(outcome.accepted as usize + outcome.failed.len(), people.len());
        prop_assert_eq!(outcome.rosters[0].len(), outcome.accepted as usize);
        prop_assert!(outcome.failed.iter().all(|row| !row.reasons.is_empty()));
        prop_assert!(outcome.failed.is_sorted_by_key(|row| row.row_number));
    }
}

proptest! {
    /// Shares of every cover of the same plan that shares a day with the new period count, and no others; in whichever
    /// version, and up to the maximum itself.
    #[test]
    fn shares_count_where_cover_overlaps(
        covers in prop::collection::vec((-800..800_i32, 1..400_i32, 1..4_u32, prop::bool::weighted(0.8)), 0..6),
        maximum in 1..8_u32,
    ) {
        let first = date(2025, 1, 1);
        let day = |n: i32| first.checked_add(jiff::Span::new().days(n)).unwrap();
        let new = CoverPeriod::of_term(first, 12).unwrap();
        let known: Vec<KnownCover> = covers.into_iter().map(|(from, days, shares, same)| KnownCover {
            plan_code: if same { "sample" } else { "other" }.into(),
            period: CoverPeriod::new(day(from), day(from + days - 1)).unwrap(),
            shares,
        }).collect();
        let shares_a_day = |cover: &&KnownCover| {
            let mut days = (0..365).map(day);
            cover.plan_code == "sample" && days.any(|day| cover.period.contains(day) && new.contains(day))
        };
        let held: u32 = known.iter().filter(shares_a_day).map(|cover| cover.shares).sum();
        let outcome = outcome(&plan(2500, 2500, maximum), Some(KnownPerson { covers: known, ..stranger() }));
        prop_assert_eq!(outcome.accepted, u32::from(held < maximum), "holds {} of {}", held, maximum);
        let reasons = outcome.failed.first().map_or(vec![], |row| codes(&row.reasons));
        prop_assert_eq!(reasons.is_empty(), held < maximum);
    }
}
