//! What is written looks as promised, survives the way back, and is the same bytes every time.

use std::io::{Cursor, Read};

use crate::parts::{briefs, problem, rows, text};
use documents::workbook::{IdNumbers, failed_rows, read_roster, roster, template};
use domain::identity::{Mobile, PersonName, ResidentId};
use domain::plan::Occupation;
use domain::reason::Reason;
use domain::roster::raw::{Cell, Column, RawRow};
use domain::roster::{FailedRow, Member};
use jiff::civil::{DateTime, date};

fn created() -> DateTime {
    date(2025, 1, 2).at(3, 4, 5, 0)
}

fn part(workbook: &[u8], path: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(workbook)).unwrap();
    let mut content = String::new();
    zip.by_name(path).unwrap().read_to_string(&mut content).unwrap();
    content
}

fn failed(row_number: u32, cells: [Cell; 4], reasons: Vec<(Column, Reason)>) -> FailedRow {
    let [name, id_number, mobile, occupation] = cells;
    FailedRow {
        row_number,
        cells: RawRow { row_number, name, id_number, mobile, occupation, shares: Vec::new() },
        reasons,
    }
}

fn some_failed_rows() -> Vec<FailedRow> {
    vec![
        failed(
            7,
            [Cell::Empty, text("110101199003071234"), Cell::Number(1_381_234.0), text("一般职业")],
            vec![
                (Column::Name, Reason::NameMissing),
                (Column::IdNumber, Reason::IdCheckDigit),
                (Column::Mobile, Reason::PhoneFormat),
            ],
        ),
        failed(
            9,
            [text("=HYPERLINK(\"http://x\")"), text("+1"), text("@SUM(A1)"), text("-2")],
            vec![(Column::Name, Reason::NameCharacter)],
        ),
        failed(
            12,
            [text("\tcmd"), text("\r=1+1"), text("_x0041_"), text("a\u{1}b <&>\n\"c\"")],
            vec![(Column::Occupation, Reason::OccupationUnknown)],
        ),
        failed(
            20,
            [text("王五"), Cell::Number(110_101_199_003_071_233.0), Cell::Empty, Cell::Empty],
            vec![(Column::IdNumber, Reason::NumberStoredAsNumber)],
        ),
    ]
}

#[test]
fn the_template_is_ready_to_be_filled_in() {
    let file = template(&[], created()).unwrap();
    assert_eq!(read_roster(&file).unwrap().count(), 0);
    let sheet = part(&file, "xl/worksheets/sheet1.xml");
    assert_eq!(sheet.matches("<row ").count(), 5_001);
    assert!(sheet.contains(r#"topLeftCell="A2""#) && sheet.contains("一般职业,高危职业"));
    assert!(part(&file, "xl/workbook.xml").contains("填写说明"));
    assert!(part(&file, "docProps/custom.xml").contains(r#"name="template-version""#));
    assert!(part(&file, "docProps/core.xml").contains("2025-01-02T03:04:05Z"));
    let help = part(&file, "xl/worksheets/sheet2.xml");
    assert!(["DUPLICATE_IN_FILE", "NUMBER_STORED_AS_NUMBER", "200000"].into_iter().all(|needle| help.contains(needle)));
    assert!(!help.contains("FILE_DAMAGED"), "only reasons of rows are explained");
}

#[test]
fn the_template_for_several_plans_has_a_column_for_each() {
    let file = template(&["住院医疗(A方案)", "意外伤害"], created()).unwrap();
    assert_eq!(read_roster(&file).unwrap().header().plans, ["住院医疗(A方案)", "意外伤害"]);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    assert_eq!(template(&["甲"], created()).unwrap(), template(&["甲"], created()).unwrap());
    let write = || failed_rows(&[], &some_failed_rows(), created()).unwrap();
    assert_eq!(write(), write());
}

#[test]
fn failed_rows_come_back_as_they_were_uploaded() {
    let failed = some_failed_rows();
    let read = rows(&failed_rows(&[], &failed, created()).unwrap()).unwrap();
    assert_eq!(read.len(), failed.len());
    for (at, row) in read.iter().enumerate().take(3).skip(1) {
        let expected = RawRow { row_number: row.row_number, ..failed[at].cells.clone() };
        assert_eq!(*row, expected);
    }
    assert_eq!(read[0].mobile, text("1381234"), "numbers come back as text");
    assert_eq!(read[3].id_number, text("1.10101199003071E+17"), "lost digits are not made up");
}

#[test]
fn text_never_becomes_a_formula() {
    let file = failed_rows(&[], &some_failed_rows(), created()).unwrap();
    let sheet = part(&file, "xl/worksheets/sheet1.xml");
    assert!(!sheet.contains("<f>"));
    assert_eq!(part(&file, "xl/styles.xml").matches(r#"quotePrefix="1""#).count(), 2, "red and plain");
}

#[test]
fn every_failing_cell_is_red_and_says_why() {
    let file = failed_rows(&[], &some_failed_rows(), created()).unwrap();
    let comments = part(&file, "xl/comments1.xml");
    for (cell, reason) in [
        ("B2", Reason::NameMissing),
        ("C2", Reason::IdCheckDigit),
        ("D2", Reason::PhoneFormat),
        ("C5", Reason::NumberStoredAsNumber),
    ] {
        let comment =
            comments.split("<comment ").find(|comment| comment.contains(&format!(r#"ref="{cell}""#))).unwrap();
        assert!(comment.contains(&reason.text()), "{cell}");
    }
    assert_eq!(comments.matches("<comment ").count(), 6);
    let sheet = part(&file, "xl/worksheets/sheet1.xml");
    let all = format!("{}\n{}\n{}", Reason::NameMissing, Reason::IdCheckDigit, Reason::PhoneFormat);
    assert!(sheet.contains(&all));
    let style_of =
        |cell: &str| sheet.split(&format!(r#"r="{cell}" s=""#)).nth(1).unwrap().split('"').next().unwrap().to_owned();
    assert_eq!(style_of("B2"), style_of("C2"));
    assert_ne!(style_of("C2"), style_of("E2"));
}

#[test]
fn corrected_rows_can_be_uploaded_again() {
    let mut failed = vec![some_failed_rows().remove(0)];
    failed[0].cells.name = text("张三");
    failed[0].cells.id_number = text("110101199003071233");
    failed[0].cells.mobile = text("13812345678");
    failed[0].cells.shares = vec![text("1"), Cell::Number(2.0)];
    let file = failed_rows(&["甲", "乙"], &failed, created()).unwrap();
    assert_eq!(briefs(&file), ["2 张三 110101199003071233 13812345678 一般职业 1 2"]);
    assert_eq!(read_roster(&file).unwrap().header().plans, ["甲", "乙"]);
}

#[test]
fn a_hundred_thousand_failed_rows_keep_their_colour() {
    let row = &some_failed_rows()[0];
    let file = failed_rows(&[], std::iter::repeat_n(row, 100_000), created()).unwrap();
    assert_eq!(part(&file, "xl/comments1.xml").matches("<comment ").count(), 5_000);
    assert_eq!(rows(&file).unwrap().len(), 100_000);
}

#[test]
fn a_roster_shows_numbers_only_to_those_entitled() {
    let today = date(2025, 1, 1);
    let member = Member {
        upload: None,
        row: 2,
        name: PersonName::parse("张三").unwrap(),
        id: ResidentId::parse("110101199003071233", today).unwrap(),
        mobile: Some(Mobile::parse("13812345678").unwrap()),
        occupation: Occupation::HighRisk,
        shares: 2,
        over_age: true,
        unexpired: true,
    };
    let full = roster([&member], IdNumbers::Full, created()).unwrap();
    assert_eq!(briefs(&full), ["2 张三 110101199003071233 13812345678 高危职业 #2"]);
    let masked = roster([&member], IdNumbers::Masked, created()).unwrap();
    assert_eq!(briefs(&masked), ["2 张三 110101********1233 138****5678 高危职业 #2"]);
    assert!(part(&masked, "xl/worksheets/sheet1.xml").contains("超龄、未到期"));
    assert_eq!(problem(&masked), "none");
}
