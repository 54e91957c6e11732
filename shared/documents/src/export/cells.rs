//! The sheet's XML: its beginning with the heading, rows, and its end.

use std::fmt::Write;

use domain::export::{Cell, Column};
use domain::money::Fen;
use jiff::civil::{Date, DateTime, Time};

/// UTF-16 units a spreadsheet cell holds.
const CELL_UNITS_MAX: usize = 32_767;
/// Day 0 of a spreadsheet, as far as days after February 1900 go.
const DAY_ZERO: Date = Date::constant(1899, 12, 30);
const DAY_S: i64 = 24 * 3600;
/// Decimals of a day that tell milliseconds apart.
const DAY_FRACTIONS: i64 = 10_000_000_000;

/// Places in the table of cell formats, [`super::package`].
const HEADING: u8 = 1;
const TEXT: u8 = 2;
/// Text that looks like a formula, with the mark that an apostrophe typed before it leaves.
const QUOTED: u8 = 3;
const WHOLE: u8 = 4;
const MONEY: u8 = 5;
const DAY: u8 = 6;
const INSTANT: u8 = 7;

/// Writing into a text cannot fail.
macro_rules! put {
    ($out:expr, $($what:tt)+) => {{ let _ = write!($out, $($what)+); }};
}

/// Everything up to the first row, the heading included.
pub fn begin(out: &mut String, columns: &[Column]) {
    out.push_str(concat!(
        r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#,
        r#"<sheetViews><sheetView tabSelected="1" workbookViewId="0">"#,
        r#"<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>"#,
        r#"<sheetFormatPr defaultRowHeight="15"/><cols>"#
    ));
    for (n, column) in (1..).zip(columns) {
        put!(out, r#"<col min="{n}" max="{n}" width="{}" customWidth="1"/>"#, column.width);
    }
    out.push_str(r#"</cols><sheetData><row r="1" ht="22" customHeight="1">"#);
    for (at, column) in columns.iter().enumerate() {
        text(out, &place(at, 1), HEADING, column.title);
    }
    out.push_str("</row>");
}

/// A row.
pub fn row(out: &mut String, number: u32, cells: &[Cell]) {
    put!(out, r#"<row r="{number}">"#);
    for (at, cell) in cells.iter().enumerate() {
        let place = place(at, number);
        match cell {
            Cell::Empty => {}
            Cell::Text(shown) if shown.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
                text(out, &place, QUOTED, shown)
            }
            Cell::Text(shown) => text(out, &place, TEXT, shown),
            Cell::Whole(number) => put!(out, r#"<c r="{place}" s="{WHOLE}"><v>{number}</v></c>"#),
            Cell::Money(amount) => put!(out, r#"<c r="{place}" s="{MONEY}"><v>{}</v></c>"#, yuan(*amount)),
            Cell::Day(day) => put!(out, r#"<c r="{place}" s="{DAY}"><v>{}</v></c>"#, days(*day)),
            Cell::Instant(at) => put!(out, r#"<c r="{place}" s="{INSTANT}"><v>{}</v></c>"#, days_and_time(*at)),
        }
    }
    out.push_str("</row>");
}

/// Everything after the last row.
pub fn end(out: &mut String, columns: usize, last_row: u32) {
    let corner = place(columns.saturating_sub(1), last_row);
    put!(out, r#"</sheetData><autoFilter ref="A1:{corner}"/>"#);
    out.push_str(r#"<pageMargins left="0.5" right="0.5" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>"#);
    out.push_str(r#"<pageSetup paperSize="9" orientation="landscape"/></worksheet>"#);
}

/// `A1`, for the column counted from 0.
fn place(column: usize, row: u32) -> String {
    let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap_or_default());
    match column / 26 {
        0 => format!("{}{row}", letter(column)),
        tens => format!("{}{}{row}", letter(tens - 1), letter(column)),
    }
}

fn text(out: &mut String, place: &str, format: u8, shown: &str) {
    put!(out, r#"<c r="{place}" s="{format}" t="inlineStr"><is><t xml:space="preserve">"#);
    escape(out, clip(shown));
    out.push_str("</t></is></c>");
}

/// Writes text as XML that spreadsheets read back as it is: what XML cannot hold is written `_x0007_`, as they do, and
/// what looks like that already gets its underscore written so.
fn escape(out: &mut String, text: &str) {
    for (at, c) in text.char_indices() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '_' if is_escape(&text[at..]) => out.push_str("_x005F_"),
            '\t' | '\n' => out.push(c),
            '\0'..='\x1f' => put!(out, "_x{:04X}_", u32::from(c)),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
}

fn is_escape(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 7 && bytes[1] == b'x' && bytes[2..6].iter().all(u8::is_ascii_hexdigit) && bytes[6] == b'_'
}

fn clip(text: &str) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, character)| {
        units += character.len_utf16();
        units > CELL_UNITS_MAX
    });
    end.map_or(text, |(end, _)| &text[..end])
}

/// Yuan with two decimals, exact.
fn yuan(amount: Fen) -> String {
    let fen = amount.fen();
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100)
}

fn days(day: Date) -> i64 {
    day.duration_since(DAY_ZERO).as_secs() / DAY_S
}

fn days_and_time(at: DateTime) -> String {
    let since_midnight_ms = at.time().duration_since(Time::midnight()).as_millis();
    let ms = i64::try_from(since_midnight_ms).unwrap_or_default();
    let fraction = (ms * (DAY_FRACTIONS / 1000) + DAY_S / 2) / DAY_S;
    format!("{}.{fraction:010}", days(at.date()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn places_are_named_as_in_a_spreadsheet() {
        let named: Vec<String> = [0, 25, 26, 51, 52, 701].map(|column| place(column, 7)).into();
        assert_eq!(named, ["A7", "Z7", "AA7", "AZ7", "BA7", "ZZ7"]);
    }

    #[test]
    fn amounts_days_and_times_are_exact() {
        let check = |fen, text: &str| assert_eq!(yuan(Fen::new(fen)), text);
        check(0, "0.00");
        check(9_500, "95.00");
        check(-1, "-0.01");
        check(i64::MIN, "-92233720368547758.08");
        assert_eq!((days(date(1900, 3, 1)), days(date(2026, 11, 22))), (61, 46_348));
        assert_eq!(days_and_time(date(2026, 11, 22).at(12, 0, 0, 0)), "46348.5000000000");
        assert_eq!(days_and_time(date(2026, 11, 22).at(23, 59, 59, 0)), "46348.9999884259");
    }

    #[test]
    fn text_is_written_so_that_it_stays_what_it_is() {
        let check = |text: &str, written: &str| {
            let mut out = String::new();
            escape(&mut out, text);
            assert_eq!(out, written);
        };
        check("<张三> & \"李四\"", "&lt;张三&gt; &amp; \"李四\"");
        check("a\u{7}b\r\n\tc", "a_x0007_b_x000D_\n\tc");
        check("_x0041_ _x41_ _", "_x005F_x0041_ _x41_ _");
        check("𠮷\u{ffff}", "𠮷\u{fffd}");
    }
}
