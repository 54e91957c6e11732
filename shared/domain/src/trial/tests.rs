#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use jiff::civil::{Date, date};

use super::*;
use crate::ids::ReliefId;
use crate::money::Fen;
use crate::number::OfficeCode;
use crate::organisation::Rounding;
use crate::plan::tests::plan;
use crate::plan::{AgeRange, Participation, SexRule};
use crate::receipt::{FundSource, Relief, ReliefKind, SubsidyRule};
use crate::self_check::{ParticipationRule, Rule};

const DAY: Date = date(2026, 3, 10);

/// A plan for all that asks 60 %, and everyone below 20 staff; one for women of whom 80 % must take part, and everyone below
/// 100.
fn plans() -> Vec<PlanVariant> {
    let women = PlanVariant {
        code: "women".into(),
        sex: SexRule::Female,
        participation: Participation { minimum_percent: 80, all_below_staff: 100 },
        ..plan(2500, 2500, 2)
    };
    vec![plan(2000, 3200, 4), women]
}

fn measure(minimum_percent: Option<u32>, all_below_staff: Option<u32>) -> ParticipationRule {
    ParticipationRule { office: None, plan: Some("sample".into()), minimum_percent, all_below_staff }
}

fn rules(participation: Vec<ParticipationRule>) -> SelfCheckRules {
    SelfCheckRules { participation, ..SelfCheckRules::default() }
}

/// Every change that a set of rules makes to the shipped ones, in short.
fn effect(after: &SelfCheckRules) -> Vec<(CaseKind, Rule, Change)> {
    let effect = rules_effect(Some(&SelfCheckRules::default()), after, &plans());
    let of = |case: RulesCase| case.changes.into_iter().map(move |found| (case.case.kind, found.rule, found.change));
    effect.changed.into_iter().flat_map(of).collect()
}

#[test]
fn each_case_meets_the_rule_it_is_made_for_and_no_other() {
    use CaseKind::*;
    let shipped = SelfCheckRules::default();
    let effect = rules_effect(None, &shipped, &plans());
    let failing = |case: &RulesCase| case.changes.iter().map(|found| found.rule).collect::<Vec<_>>();
    let found: Vec<_> = effect.changed.iter().map(|case| (case.plan.as_str(), case.case.kind, failing(case))).collect();
    assert_eq!(
        found,
        [
            ("sample", MinimumMissed, vec![Rule::Participation]),
            ("sample", SmallUnitMissed, vec![Rule::Participation]),
            ("women", MinimumMissed, vec![Rule::Participation]),
            ("women", SmallUnitMissed, vec![Rule::Participation]),
            ("sample", MoreThanStaff, vec![Rule::WithinStaff]),
            ("sample", OverAge, vec![Rule::OverAge]),
            ("sample", Unexpired, vec![Rule::Unexpired]),
            ("sample", RestrictedUnit, vec![Rule::Restricted]),
            ("sample", HighRisk, vec![Rule::HighRisk]),
            ("sample", TooManyShares, vec![Rule::Shares]),
            ("sample", LateRenewal, vec![Rule::RenewalGap]),
        ]
    );
    // Four at the borders of the one measure, three of the other: its smallest unit by rate is the large one.
    assert_eq!(effect.cases, 4 + 3 + 7);
}

#[test]
fn the_same_rules_change_nothing() {
    assert_eq!(effect(&SelfCheckRules::default()), []);
    let mut reversed = SelfCheckRules::default();
    reversed.rules.reverse();
    assert_eq!(effect(&reversed), [], "the order of a result is no effect");
}

#[test]
fn a_measure_that_is_moved_by_one_shows_whichever_way() {
    use CaseKind::*;
    let one = |case, change| vec![(case, Rule::Participation, change)];
    let moved = |percent, small| effect(&rules(vec![measure(percent, small)]));
    assert_eq!(moved(Some(60), Some(20)), []);
    assert_eq!(moved(Some(59), None), one(MinimumMissed, Change::Eases));
    let stricter = moved(Some(61), None);
    assert_eq!(stricter[..1], one(MinimumMet, Change::Worsens));
    assert!(stricter.iter().all(|(.., change)| *change == Change::Worsens), "{stricter:?}");
    assert_eq!(moved(None, Some(19)), one(SmallUnitMissed, Change::Eases));
    assert_eq!(moved(None, Some(21)), one(SmallestByRate, Change::Worsens));
}

#[test]
fn a_rule_that_is_switched_off_or_on_shows_where_it_found_something() {
    let without: Vec<Rule> = Rule::ALL.into_iter().filter(|rule| *rule != Rule::HighRisk).collect();
    let fewer = SelfCheckRules { rules: without, ..SelfCheckRules::default() };
    assert_eq!(effect(&fewer), [(CaseKind::HighRisk, Rule::HighRisk, Change::Disappears)]);
    let more = rules_effect(Some(&fewer), &SelfCheckRules::default(), &plans());
    let [case] = more.changed.as_slice() else { panic!("one case: {more:?}") };
    let [found] = case.changes.as_slice() else { panic!("one finding: {case:?}") };
    assert_eq!(
        (found.change, &found.before, found.after.as_deref()),
        (Change::Appears, &None, Some("有5人从事高危职业"))
    );
}

#[test]
fn an_office_that_is_named_is_tried_beside_no_office_in_particular() {
    let code = OfficeCode::parse("2602").unwrap();
    let of_office =
        ParticipationRule { office: Some(code), plan: None, minimum_percent: Some(50), all_below_staff: None };
    let after = rules(vec![of_office]);
    let found = rules_effect(Some(&SelfCheckRules::default()), &after, &plans());
    let changed: Vec<_> = found.changed.iter().map(|case| (case.plan.as_str(), case.case.kind, case.office)).collect();
    assert_eq!(
        changed,
        [("sample", CaseKind::MinimumMissed, Some(code)), ("women", CaseKind::MinimumMissed, Some(code))]
    );
    assert_eq!(found.cases, 2 * (4 + 3) + 7);
}

#[test]
fn without_plans_there_is_nothing_to_try() {
    let effect = rules_effect(None, &SelfCheckRules::default(), &[]);
    assert_eq!(effect, RulesEffect { cases: 0, changed: Vec::new() });
}

/// A case with its contributions before and after, in fen, and what is found otherwise.
type Moved = (CaseKind, Option<i64>, Option<i64>, Vec<(Rule, Change)>);

/// What a changed plan changes, in short.
fn plan_changes(after: &PlanVariant) -> Vec<Moved> {
    let before = plan(2000, 3200, 4);
    let cases = plan_effect(Some(&before), after, &SelfCheckRules::default());
    let amount = |outcome: &PlanOutcome| outcome.contribution.map(Fen::fen);
    let short = |case: PlanCase| {
        let found = case.changes.iter().map(|found| (found.rule, found.change)).collect();
        (case.case.kind, case.before.as_ref().and_then(amount), amount(&case.after), found)
    };
    cases.into_iter().filter(PlanCase::changed).map(short).collect()
}

#[test]
fn another_fee_shows_in_what_is_paid() {
    assert_eq!(plan_changes(&plan(2000, 3200, 4)), []);
    let dearer = plan_changes(&plan(2000, 3500, 4));
    // 20 × 20.00 + 5 × 32.00, and 5 × 35.00.
    assert_eq!(dearer, [(CaseKind::HighRisk, Some(56_000), Some(57_500), vec![])]);
    let new = plan_effect(None, &plan(2000, 3200, 4), &SelfCheckRules::default());
    assert!(new.iter().all(|case| case.changed() && case.before.is_none() && case.changes.is_empty()), "{new:?}");
    assert_eq!(new[0].after.contribution, Some(Fen::new(50_000)), "25 × 20.00");
    let huge = plan_effect(None, &plan(i64::MAX, i64::MAX, 1), &SelfCheckRules::default());
    assert_eq!(huge[0].after.contribution, None);
}

#[test]
fn who_is_admitted_shows_by_age_shares_and_sex() {
    use CaseKind::*;
    let before = plan(2000, 3200, 4);
    let ages = |minimum, maximum| PlanVariant { age: AgeRange { minimum, maximum }, ..before.clone() };
    assert_eq!(plan_changes(&ages(17, 60)), [(Youngest, Some(50_000), None, vec![])]);
    assert_eq!(plan_changes(&ages(15, 60)), [(UnderAge, None, Some(50_000), vec![])]);
    let over_age = |change| vec![(Rule::OverAge, change)];
    assert_eq!(plan_changes(&ages(16, 59)), [(Oldest, Some(50_000), Some(50_000), over_age(Change::Worsens))]);
    assert_eq!(plan_changes(&ages(16, 61)), [(OverAge, Some(50_000), Some(50_000), over_age(Change::Eases))]);
    let shares = |change| vec![(Rule::Shares, change)];
    assert_eq!(plan_changes(&plan(2000, 3200, 3)), [(MostShares, Some(200_000), None, shares(Change::Worsens))]);
    assert_eq!(plan_changes(&plan(2000, 3200, 5)), [(TooManyShares, None, Some(250_000), shares(Change::Eases))]);
    let women = PlanVariant { sex: SexRule::Female, ..before.clone() };
    assert_eq!(plan_changes(&women), [(Man, Some(50_000), None, vec![])]);
    let measured = Participation { minimum_percent: 50, all_below_staff: 20 };
    let eased = plan_changes(&PlanVariant { participation: measured, ..before });
    assert_eq!(eased, [(MinimumMissed, Some(118_000), Some(118_000), vec![(Rule::Participation, Change::Eases)])]);
}

fn relief(id: &str, amount: i64, kind: ReliefKind) -> Relief {
    let rule = SubsidyRule::FixedPerMember { amount: Fen::new(amount) };
    Relief { id: ReliefId::parse(id).unwrap(), plan_code: "sample".into(), rule, kind, from: DAY, until: None }
}

fn subsidy() -> ReliefKind {
    let (bearer_title, tax_number) = ("陕西省总工会".into(), String::new());
    ReliefKind::Subsidy { bearer_title, tax_number, fund_source: FundSource::UnionFunds }
}

fn figures(amounts: Option<Amounts>) -> [i64; 4] {
    let Amounts { contribution, subsidy, gifted, due } = amounts.unwrap();
    [contribution, subsidy, gifted, due].map(Fen::fen)
}

/// The worked example of the rules: 25 × 95.00, of which 35.00 each are borne.
#[test]
fn what_an_enrolment_would_pay_with_a_subsidy() {
    let (of, granted) = (plan(9500, 9500, 1), [relief("a", 3500, subsidy())]);
    let cases = reliefs_effect(&of, (&[], &granted), DAY, Rounding::HalfUp);
    let found: Vec<_> = cases.iter().map(|case| (case.case.kind, figures(case.before), figures(case.after))).collect();
    assert_eq!(
        found,
        [
            (CaseKind::Ordinary, [237_500, 0, 0, 237_500], [237_500, 87_500, 0, 150_000]),
            (CaseKind::HighRisk, [237_500, 0, 0, 237_500], [237_500, 87_500, 0, 150_000]),
            (CaseKind::OneMember, [9_500, 0, 0, 9_500], [9_500, 3_500, 0, 6_000]),
        ]
    );
    assert!(cases.iter().all(ReliefCase::changed));
    let too_early = reliefs_effect(&of, (&[], &granted), DAY.yesterday().unwrap(), Rounding::HalfUp);
    assert!(!too_early.iter().any(ReliefCase::changed), "{too_early:?}");
}

#[test]
fn a_gift_fills_what_nobody_bears() {
    let of = plan(9500, 9500, 2);
    let (borne, gift) = (relief("a", 3500, subsidy()), relief("b", 9000, ReliefKind::GiftedCover));
    let cases = reliefs_effect(&of, (std::slice::from_ref(&borne), &[borne.clone(), gift]), DAY, Rounding::HalfUp);
    assert_eq!(figures(cases[0].before), [237_500, 87_500, 0, 150_000]);
    assert_eq!(figures(cases[0].after), [237_500, 87_500, 150_000, 0]);
    // Two shares each: 475,000 less 25 × 35.00 and 25 × 90.00.
    assert_eq!(
        (cases[3].case.kind, figures(cases[3].after)),
        (CaseKind::MostShares, [475_000, 87_500, 225_000, 162_500])
    );
    let nothing = relief("c", 0, subsidy());
    assert!(!reliefs_effect(&of, (&[], &[nothing]), DAY, Rounding::HalfUp).iter().any(ReliefCase::changed));
    let huge = reliefs_effect(&plan(i64::MAX, i64::MAX, 1), (&[], &[borne]), DAY, Rounding::HalfUp);
    assert_eq!((huge[0].before, huge[0].after), (None, None));
}

proptest::proptest! {
    /// Whatever is asked, units on either side of each border are judged as they are named.
    #[test]
    fn the_borders_of_a_measure_are_its_borders(minimum_percent in 0..=100_u32, all_below_staff in 0..500_u32) {
        let measure = Participation { minimum_percent, all_below_staff };
        for case in borders::measured(measure) {
            let met = measure.is_met(case.participants(), case.staff);
            let expect = matches!(case.kind, CaseKind::MinimumMet | CaseKind::SmallestByRate);
            proptest::prop_assert!(met == expect && case.participants() <= case.staff, "{:?}", case);
            if case.kind == CaseKind::SmallestByRate {
                proptest::prop_assert!(case.participants() < case.staff, "{:?}", case);
            }
        }
    }
}
