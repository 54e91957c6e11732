//! Single cells: text that stays text.

use domain::roster::raw::Cell;
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

/// UTF-16 units a spreadsheet cell holds.
const CELL_UNITS_MAX: usize = 32_767;
/// From here on a number has more than the 15 digits a spreadsheet keeps.
const INEXACT_FROM: f64 = 1e15;

/// What an uploaded cell showed. A number that has lost digits shows them lost, as the spreadsheet does: written out in
/// full it could pass for an ID number when the file comes back.
pub fn shown(cell: &Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) if number.abs() < INEXACT_FROM => number.to_string(),
        Cell::Number(number) => format!("{number:.14E}").replace('E', "E+"),
    }
}

/// Writes text that no spreadsheet runs: it is stored as a string, in the text format of `format`, and what looks like
/// a formula also gets the mark that an apostrophe typed before it leaves. The text itself is unchanged.
pub fn write(sheet: &mut Worksheet, row: u32, column: u16, text: &str, format: &Format) -> Result<(), XlsxError> {
    if text.is_empty() {
        sheet.write_blank(row, column, format)?;
    } else if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        sheet.write_string_with_format(row, column, clip(text), &format.clone().set_quote_prefix())?;
    } else {
        sheet.write_string_with_format(row, column, clip(text), format)?;
    }
    Ok(())
}

/// Height in points of a row whose text wraps in a column `width` digits wide; a Chinese character is two digits wide.
/// Programs fit heights only to what is typed, so wrapped text needs its row's height written.
pub fn row_height(text: &str, width: u32) -> u32 {
    const LINE_POINTS: usize = 16;
    let units = |line: &str| line.chars().map(|character| 1 + usize::from(!character.is_ascii())).sum::<usize>();
    let lines: usize = text.lines().map(|line| units(line).div_ceil(width.max(1) as usize).max(1)).sum();
    u32::try_from(LINE_POINTS * lines.clamp(1, 20) + 4).unwrap_or(u32::MAX)
}

fn clip(text: &str) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, character)| {
        units += character.len_utf16();
        units > CELL_UNITS_MAX
    });
    end.map_or(text, |(end, _)| &text[..end])
}
