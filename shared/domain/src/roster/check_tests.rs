#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::plan::SexRule;
use crate::plan::tests::plan;

const TODAY: Date = date(2025, 1, 1);
const MAN: &str = "110101199003071233";
const WOMAN: &str = "370202198511304561";
/// Born on 2010-06-01.
const CHILD: &str = "110101201006010011";

pub(in crate::roster) fn row(row_number: u32, name: &str, id: &str) -> RawRow {
    let cell = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(text.into()) };
    RawRow { row_number, name: cell(name), id_number: cell(id), ..RawRow::default() }
}

pub(in crate::roster) fn rules<'a>(plan: &'a PlanVariant, on_roster: &'a HashSet<IdKey>) -> RowRules<'a> {
    let period = CoverPeriod::of_term(TODAY, plan.term_months).unwrap();
    let plans = vec![PlanRules { plan, shares: SharesFrom::Enrolment(1), period, on_roster }];
    RowRules { upload: UploadId::parse("U1").ok(), today: TODAY, mobile_required: false, plans }
}

pub(in crate::roster) fn codes(reasons: &[(Column, Reason)]) -> Vec<(Column, &'static str)> {
    reasons.iter().map(|(column, reason)| (*column, reason.code())).collect()
}

/// Reasons of the last of `rows`, checked together for one plan.
fn reasons_of_last(rows: Vec<RawRow>, plan: &PlanVariant, on_roster: &[&str]) -> Vec<(Column, &'static str)> {
    let on_roster = on_roster.iter().map(|id| ResidentId::parse(id, TODAY).unwrap().key()).collect();
    let last = rows.last().unwrap().row_number;
    let checked = check_rows(rows, &rules(plan, &on_roster));
    checked
        .failed
        .iter()
        .find(|failed| failed.row.row_number == last)
        .map_or(vec![], |failed| codes(&failed.row.reasons))
}

#[test]
fn a_row_fails_with_all_its_reasons() {
    use Column::*;
    let plan = plan(2500, 2500, 2);
    let check = |row: RawRow, expect: &[(Column, &str)]| assert_eq!(reasons_of_last(vec![row], &plan, &[]), expect);
    check(row(2, "张三", MAN), &[]);
    check(row(2, "", ""), &[(Name, "NAME_MISSING"), (IdNumber, "ID_MISSING")]);
    check(
        RawRow {
            mobile: Cell::Text("1".into()),
            occupation: Cell::Text("司机".into()),
            ..row(2, "张3", "990101199002301233")
        },
        &[
            (Name, "NAME_CHARACTER"),
            (IdNumber, "ID_BIRTH_DATE"),
            (IdNumber, "ID_CHECK_DIGIT"),
            (Mobile, "PHONE_FORMAT"),
            (Occupation, "OCCUPATION_UNKNOWN"),
        ],
    );
    check(
        RawRow { id_number: Cell::Number(110_101_199_003_071_233.0), ..row(2, "张三", "") },
        &[(IdNumber, "NUMBER_STORED_AS_NUMBER")],
    );
    check(RawRow { mobile: Cell::Number(13_800_138_000.0), ..row(2, "张三", MAN) }, &[]);
}

#[test]
fn a_person_is_enrolled_once() {
    let plan = plan(2500, 2500, 2);
    let twice = vec![row(2, "张三", MAN), row(3, "李四", WOMAN), row(4, "张三", MAN)];
    assert_eq!(reasons_of_last(twice.clone(), &plan, &[]), [(Column::IdNumber, "DUPLICATE_IN_FILE")]);
    let none = HashSet::new();
    let checked = check_rows(twice, &rules(&plan, &none));
    assert_eq!(checked.failed[0].row.reasons[0].1, Reason::DuplicateInFile { first_row: 2 });
    assert_eq!(reasons_of_last(vec![row(2, "张三", MAN)], &plan, &[MAN]), [(Column::IdNumber, "DUPLICATE_IN_ROSTER")]);
    // A row that fails for its name still is the first with its ID number.
    assert_eq!(
        reasons_of_last(vec![row(2, "", MAN), row(3, "张三", MAN)], &plan, &[]),
        [(Column::IdNumber, "DUPLICATE_IN_FILE")]
    );
}

#[test]
fn importing_a_file_twice_changes_nothing() {
    let plan = plan(2500, 2500, 2);
    let rows = || vec![row(2, "张三", MAN), row(3, "李四", WOMAN)];
    let none = HashSet::new();
    let first = check_rows(rows(), &rules(&plan, &none));
    let on_roster = first.people().map(|(id, _)| id.key()).collect();
    let second = check_rows(rows(), &rules(&plan, &on_roster));
    assert_eq!((second.total, second.accepted.len()), (2, 0));
    for failed in second.failed {
        assert_eq!(codes(&failed.row.reasons), [(Column::IdNumber, "DUPLICATE_IN_ROSTER")]);
    }
}

#[test]
fn the_plan_decides_who_is_eligible() {
    let women = PlanVariant { sex: SexRule::Female, ..plan(2500, 2500, 2) };
    assert_eq!(reasons_of_last(vec![row(2, "张三", MAN)], &women, &[]), [(Column::IdNumber, "SEX_NOT_ELIGIBLE")]);
    assert_eq!(reasons_of_last(vec![row(2, "李四", WOMAN)], &women, &[]), []);
    let child = valid_id(CHILD);
    assert_eq!(
        reasons_of_last(vec![row(2, "小明", &child)], &women, &[]),
        [(Column::IdNumber, "SEX_NOT_ELIGIBLE"), (Column::IdNumber, "AGE_BELOW_MINIMUM")]
    );
}

#[test]
fn a_phone_is_missing_only_where_the_office_asks_for_it() {
    let (plan, none) = (plan(2500, 2500, 2), HashSet::new());
    let strict = RowRules { mobile_required: true, ..rules(&plan, &none) };
    let checked = check_rows([row(2, "张三", MAN)], &strict);
    assert_eq!(codes(&checked.failed[0].row.reasons), [(Column::Mobile, "PHONE_MISSING")]);
}

#[test]
fn a_file_for_several_plans_has_a_column_of_shares_for_each() {
    let (any, women) = (plan(2500, 2500, 2), PlanVariant { sex: SexRule::Female, ..plan(2500, 2500, 1) });
    let none = HashSet::new();
    let mut rules = rules(&any, &none);
    rules.plans.push(PlanRules { plan: &women, ..rules.plans[0].clone() });
    rules.plans.iter_mut().for_each(|plan| plan.shares = SharesFrom::Column);
    let check = |id: &str, shares: [Cell; 2], expect: Result<[u32; 2], &[(Column, &str)]>| {
        let checked = check_rows([RawRow { shares: shares.into(), ..row(2, "张三", id) }], &rules);
        match expect {
            Ok(shares) => assert_eq!(*checked.accepted[0].shares, shares),
            Err(reasons) => assert_eq!(codes(&checked.failed[0].row.reasons), reasons),
        }
    };
    let text = |shares: &str| Cell::Text(shares.into());
    check(MAN, [text("2"), Cell::Empty], Ok([2, 0]));
    check(MAN, [Cell::Number(1.0), text("0")], Ok([1, 0]));
    check(WOMAN, [Cell::Empty, Cell::Number(1.0)], Ok([0, 1]));
    check(MAN, [text("1"), text("1")], Err(&[(Column::Shares(1), "SEX_NOT_ELIGIBLE")]));
    check(
        WOMAN,
        [text("3"), text("x")],
        Err(&[(Column::Shares(0), "SHARES_EXCEEDED"), (Column::Shares(1), "SHARES_FORMAT")]),
    );
    check(WOMAN, [Cell::Empty, text("0")], Err(&[(Column::Shares(0), "NO_PLAN_CHOSEN")]));
}

#[test]
fn cells_are_kept_exactly_where_reading_changed_them() {
    let (plan, none) = (plan(2500, 2500, 2), HashSet::new());
    let tidy = RawRow {
        mobile: Cell::Text("13800138000".into()),
        occupation: Cell::Text("一般职业".into()),
        ..row(2, "张三", MAN)
    };
    let untidy = RawRow { mobile: Cell::Number(13_900_139_000.0), ..row(3, " 李四", WOMAN) };
    let checked = check_rows([tidy.clone(), untidy.clone()], &rules(&plan, &none));
    let kept: Vec<_> = checked.accepted.iter().map(|row| row.uploaded.is_some()).collect();
    assert_eq!(kept, [false, true]);
    let cells: Vec<_> = checked.accepted.into_iter().map(|row| row.into_cells(0)).collect();
    assert_eq!(cells, [tidy, untidy]);
}

#[test]
fn failed_rows_do_not_print_who_they_are() {
    let (plan, none) = (plan(2500, 2500, 2), HashSet::new());
    let checked = check_rows([row(7, "张3", MAN)], &rules(&plan, &none));
    let printed = format!("{:?}", checked.failed[0].row);
    assert!(printed.contains("NAME_CHARACTER") && printed.contains('7'), "{printed}");
    assert!(!printed.contains('张') && !printed.contains("1101"), "{printed}");
}

/// `text` with the check character it should have.
pub(in crate::roster) fn valid_id(text: &str) -> String {
    let candidates = "0123456789X".chars().map(|check| format!("{}{check}", &text[..17]));
    candidates.into_iter().find(|id| ResidentId::parse(id, TODAY).is_ok()).unwrap()
}

fn any_cell() -> impl Strategy<Value = Cell> {
    prop_oneof![
        Just(Cell::Empty),
        prop_oneof![Just(MAN), Just(WOMAN), Just("张三"), Just("1"), Just("高危职业"), Just("13800138000")]
            .prop_map(|text| Cell::Text(text.into())),
        any::<String>().prop_map(Cell::Text),
        any::<f64>().prop_map(Cell::Number),
    ]
}

proptest! {
    /// Whatever the cells hold, every row is accepted or failed, failed rows say why, and nobody is accepted twice.
    #[test]
    fn no_row_is_lost(
        cells in prop::collection::vec((any_cell(), any_cell(), any_cell(), any_cell()), 0..30), on_roster in any::<bool>(),
    ) {
        let rows: Vec<_> = cells.into_iter().zip(2..).map(|((name, id_number, mobile, occupation), row_number)| {
            RawRow { row_number, name, id_number, mobile, occupation, shares: Vec::new() }
        }).collect();
        let (plan, count) = (plan(2500, 2500, 2), rows.len());
        let on_roster = on_roster.then(|| ResidentId::parse(MAN, TODAY).unwrap().key()).into_iter().collect();
        let checked = check_rows(rows, &rules(&plan, &on_roster));
        prop_assert_eq!(checked.total as usize, count);
        prop_assert_eq!(checked.accepted.len() + checked.failed.len(), count);
        prop_assert!(checked.failed.iter().all(|failed| !failed.row.reasons.is_empty()));
        let people: HashSet<_> = checked.accepted.iter().map(|row| row.id.key()).collect();
        prop_assert_eq!(people.len(), checked.accepted.len());
        prop_assert!(people.is_disjoint(&on_roster));
    }
}
