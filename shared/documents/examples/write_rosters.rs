//! Writes the template and a failed-rows workbook into a folder: `cargo run --example write_rosters -- FOLDER [ROWS]`.
//!
//! For looking at them in a spreadsheet program, and for timing: prints one JSON line.

use std::path::PathBuf;
use std::time::Instant;

use documents::workbook::{failed_rows, template};
use domain::reason::Reason;
use domain::roster::FailedRow;
use domain::roster::raw::{Cell, Column, RawRow};
use jiff::civil::date;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("which folder?")?);
    let count: u32 = arguments.next().map_or(Ok(60), |count| count.parse())?;
    let created = date(2025, 1, 1).at(0, 0, 0, 0);
    std::fs::write(folder.join("template.xlsx"), template(&[], created)?)?;
    std::fs::write(
        folder.join("template-plans.xlsx"),
        template(&["住院医疗(A方案)(会费95元)", "意外伤害(会费20元)"], created)?,
    )?;
    let rows: Vec<FailedRow> = (0..count).map(failed).collect();
    let start = Instant::now();
    let file = failed_rows(&[], &rows, created)?;
    let took = start.elapsed();
    std::fs::write(folder.join("failed.xlsx"), &file)?;
    println!(r#"{{"rows": {count}, "ms": {}, "bytes": {}}}"#, took.as_millis(), file.len());
    Ok(())
}

fn failed(at: u32) -> FailedRow {
    let text = |text: &str| Cell::Text(text.to_owned());
    let kinds = [
        (Column::Name, Reason::NameMissing),
        (Column::IdNumber, Reason::IdCheckDigit),
        (Column::Mobile, Reason::PhoneFormat),
        (Column::Occupation, Reason::OccupationUnknown),
    ];
    let reasons: Vec<_> = kinds
        .into_iter()
        .enumerate()
        .filter(|(bit, _)| (at % 15 + 1) >> bit & 1 == 1)
        .map(|(_, reason)| reason)
        .collect();
    let fails = |column| reasons.iter().any(|(failing, _)| *failing == column);
    let cells = RawRow {
        row_number: 3 * at + 2,
        name: if fails(Column::Name) { Cell::Empty } else { text("阿卜杜热依木·买买提") },
        id_number: text(if fails(Column::IdNumber) { "110101199003071234" } else { "110101199003071233" }),
        mobile: text(if fails(Column::Mobile) { "=1381234" } else { "13812345678" }),
        occupation: text(if fails(Column::Occupation) { "宇航员" } else { "一般职业" }),
        shares: Vec::new(),
    };
    FailedRow { row_number: cells.row_number, cells, reasons }
}
