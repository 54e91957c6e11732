#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use jiff::civil::{Date, date};

use super::*;
use crate::plan::tests::plan;

const RENEWED_IN_TIME: (Date, Date) = (date(2025, 3, 5), date(2025, 3, 20));

fn facts(plan: &PlanVariant) -> PlanFacts<'_> {
    let nobody = Flagged::default;
    PlanFacts {
        plan,
        participants: 80,
        high_risk: 0,
        over_age: nobody(),
        unexpired: nobody(),
        restricted: nobody(),
        over_shares: nobody(),
        renewal: Some(RENEWED_IN_TIME),
    }
}

fn measure(code: &str, min_staff_for_ratio: Option<u32>) -> OfficeMeasure {
    OfficeMeasure { code: OfficeCode::parse(code).unwrap(), min_staff_for_ratio }
}

fn input(facts: PlanFacts<'_>) -> SelfCheckInput<'_> {
    SelfCheckInput {
        office: Some(measure("2602", None)),
        staff: 100,
        female_staff: 40,
        unit_restricted: false,
        over_age_proof: false,
        grace_days: 15,
        plans: vec![facts],
    }
}

fn people(count: usize) -> Flagged {
    let id = ResidentId::parse("110101199003071233", date(2025, 1, 1)).unwrap();
    std::iter::repeat_n(&id, count).collect()
}

#[test]
fn a_sound_enrolment_passes_every_rule() {
    let plan = plan(2000, 3200, 4);
    let result = self_check(&SelfCheckRules::default(), &input(facts(&plan)));
    assert!(result.passed(), "{result:?}");
    assert_eq!(result.version, "2025-1");
    let rules: Vec<_> = result.findings.iter().filter(|f| f.plan.is_some()).map(|f| f.rule).collect();
    assert_eq!(rules, Rule::ALL);
    let json = serde_json::to_string(&result).unwrap();
    assert_eq!(serde_json::from_str::<SelfCheckResult>(&json).unwrap(), result);
}

/// The one rule that fails, and its first sentence.
fn only_failure(input: &SelfCheckInput<'_>) -> (Rule, String) {
    let result = self_check(&SelfCheckRules::default(), input);
    let failed: Vec<_> = result.findings.into_iter().filter(|finding| !finding.passed).collect();
    assert!(failed.iter().all(|finding| finding.rule == failed[0].rule), "{failed:?}");
    (failed[0].rule, failed[0].text.clone())
}

#[test]
fn each_rule_fails_for_its_own_reason() {
    let plan = plan(2000, 3200, 4);
    let check = |input: SelfCheckInput<'_>, rule, part: &str| {
        let (failed, text) = only_failure(&input);
        assert_eq!(failed, rule);
        assert!(text.contains(part), "{text}");
    };
    let sound = || facts(&plan);
    check(input(PlanFacts { participants: 59, ..sound() }), Rule::Participation, "参保率59%；最低参保率为60%");
    check(
        SelfCheckInput { staff: 19, ..input(PlanFacts { participants: 18, ..sound() }) },
        Rule::Participation,
        "应全员参加",
    );
    check(
        SelfCheckInput { staff: 326, ..input(PlanFacts { participants: 2, ..sound() }) },
        Rule::Participation,
        "参保率1%",
    );
    check(input(PlanFacts { participants: 101, ..sound() }), Rule::WithinStaff, "参保101人，职工100人");
    check(input(PlanFacts { over_age: people(3), ..sound() }), Rule::OverAge, "有3人超龄");
    check(input(PlanFacts { unexpired: people(1), ..sound() }), Rule::Unexpired, "有1人");
    check(input(PlanFacts { restricted: people(1), ..sound() }), Rule::Restricted, "有1人在限制名单中");
    check(SelfCheckInput { unit_restricted: true, ..input(sound()) }, Rule::Restricted, "单位在限制名单中");
    check(input(PlanFacts { high_risk: 2, ..sound() }), Rule::HighRisk, "有2人从事高危职业");
    check(input(PlanFacts { over_shares: people(2), ..sound() }), Rule::Shares, "有2人超过");
    let late = Some((date(2025, 3, 5), date(2025, 3, 21)));
    check(input(PlanFacts { renewal: late, ..sound() }), Rule::RenewalGap, "15天");
}

#[test]
fn a_womens_plan_is_measured_against_the_female_staff() {
    let women = PlanVariant { sex: SexRule::Female, ..plan(2500, 2500, 2) };
    let all_women = input(PlanFacts { participants: 40, ..facts(&women) });
    assert!(self_check(&SelfCheckRules::default(), &all_women).passed());
    assert_eq!(only_failure(&input(PlanFacts { participants: 41, ..facts(&women) })).0, Rule::WithinStaff);
}

#[test]
fn a_proof_answers_for_over_age_members() {
    let plan = plan(2000, 3200, 4);
    let proved = SelfCheckInput { over_age_proof: true, ..input(PlanFacts { over_age: people(3), ..facts(&plan) }) };
    assert!(self_check(&SelfCheckRules::default(), &proved).passed());
}

#[test]
fn members_are_listed_masked_and_not_without_end() {
    let plan = plan(2000, 3200, 4);
    let rules = SelfCheckRules { rules: vec![Rule::Unexpired], ..SelfCheckRules::default() };
    let result = self_check(&rules, &input(PlanFacts { unexpired: people(1000), ..facts(&plan) }));
    assert_eq!(result.findings.len(), 1 + MEMBERS_LISTED_MAX);
    assert_eq!(result.findings[1].member.as_deref(), Some("110101********1233"));
    assert!(result.findings[0].text.contains("1000人"));
}

/// Rules: small units and the minimum are parameters; the most particular one counts.
#[test]
fn an_office_may_measure_participation_its_own_way() {
    let plan = plan(2000, 3200, 4);
    let here = OfficeCode::parse("2602").unwrap();
    let parameter = |office, plan: Option<&str>, minimum_percent, all_below_staff| ParticipationRule {
        office,
        plan: plan.map(str::to_owned),
        minimum_percent,
        all_below_staff,
    };
    let rules = SelfCheckRules {
        rules: vec![Rule::Participation],
        participation: vec![
            parameter(None, None, Some(90), None),
            parameter(Some(here), None, Some(70), None),
            parameter(Some(here), Some("sample"), None, Some(200)),
        ],
        ..SelfCheckRules::default()
    };
    let check = |office, expect: &str, passed| {
        let input = SelfCheckInput { office: Some(measure(office, None)), ..input(facts(&plan)) };
        let result = self_check(&rules, &input);
        assert!(result.findings[0].text.contains(expect), "{:?}", result.findings);
        assert_eq!(result.passed(), passed);
    };
    check("1600", "最低参保率为90%", false);
    check("2602", "职工不足200人的单位应全员参加", false);
    let plan_only = SelfCheckRules { participation: rules.participation[..2].to_vec(), ..rules.clone() };
    assert_eq!(plan_only.participation_of(&plan, Some(measure("2602", None))).minimum_percent, 70);
    assert_eq!(plan_only.participation_of(&plan, Some(measure("2602", None))).all_below_staff, 20, "the plan's own");
    assert!(self_check(&plan_only, &input(facts(&plan))).passed());
}

/// 80 of 100 take part, where 60 % are asked for and everyone in a unit below 20.
#[test]
fn an_office_says_below_which_size_everyone_takes_part() {
    let plan = plan(2000, 3200, 4);
    let of_all = ParticipationRule { office: None, plan: None, minimum_percent: None, all_below_staff: Some(10) };
    let of_plan = ParticipationRule { plan: Some("sample".into()), ..of_all.clone() };
    let of_office = ParticipationRule { office: OfficeCode::parse("2602").ok(), ..of_all.clone() };
    let below = |rules: &[&ParticipationRule], office: Option<OfficeMeasure>| {
        let participation = rules.iter().copied().cloned().collect();
        let rules = SelfCheckRules { participation, ..SelfCheckRules::default() };
        rules.participation_of(&plan, office).all_below_staff
    };
    assert_eq!(below(&[], Some(measure("2602", None))), 20, "the plan's own");
    assert_eq!(below(&[], Some(measure("2602", Some(101)))), 101, "the office's in its place");
    assert_eq!(below(&[], Some(measure("2602", Some(0)))), 0, "an office may ask it of nobody");
    assert_eq!(below(&[&of_all, &of_plan], Some(measure("2602", Some(101)))), 101, "over what holds for all offices");
    assert_eq!(below(&[&of_office], Some(measure("2602", Some(101)))), 10, "not over what is said of this very office");
    assert_eq!(below(&[&of_office], Some(measure("1600", Some(101)))), 101, "which is another's");
    assert_eq!(below(&[&of_plan], None), 10, "a sample is of no office");

    let found = |min_staff_for_ratio| {
        let office = Some(measure("2602", min_staff_for_ratio));
        self_check(&SelfCheckRules::default(), &SelfCheckInput { office, ..input(facts(&plan)) })
    };
    assert!(found(Some(100)).passed(), "100 are not fewer than 100");
    let failed = found(Some(101));
    assert!(!failed.passed() && failed.findings.iter().any(|f| f.text.contains("职工不足101人的单位应全员参加")));
}
