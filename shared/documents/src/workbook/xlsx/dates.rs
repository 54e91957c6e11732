//! Which cell formats show a date, and the date a serial number stands for.

use std::collections::HashMap;
use std::io::Read;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime, date};

use super::text::{unescape, utf8};
use super::xml::{Token, Xml};
use crate::workbook::limits::CELL_FORMATS_MAX;
use crate::workbook::problem::FileProblem;

const SECONDS_PER_DAY: u64 = 86_400;

/// For each cell format, whether its numbers are dates.
#[derive(Debug, Default)]
pub struct DateFormats {
    is_date: Vec<bool>,
    /// Whether day 0 is 1904-01-01 rather than 1899-12-30.
    pub from_1904: bool,
}

impl DateFormats {
    /// Reads the styles part.
    pub fn read<R: Read>(mut xml: Xml<R>) -> Result<Self, FileProblem> {
        let mut custom = HashMap::new();
        let mut formats = Self::default();
        let mut in_cell_formats = false;
        while let Some(token) = xml.next()? {
            match token {
                Token::Open { name: b"numFmt", attributes, .. } => {
                    let id = attributes.get(b"numFmtId").and_then(parse::<u32>);
                    let mut code = String::new();
                    unescape(utf8(attributes.get(b"formatCode").unwrap_or_default())?, &mut code)?;
                    custom.extend(id.map(|id| (id, shows_date(&code))));
                }
                Token::Open { name: b"cellXfs", empty, .. } => in_cell_formats = !empty,
                Token::Close(b"cellXfs") => in_cell_formats = false,
                Token::Open { name: b"xf", attributes, .. } if in_cell_formats => {
                    let id = attributes.get(b"numFmtId").and_then(parse::<u32>).unwrap_or(0);
                    formats.is_date.push(custom.get(&id).copied().unwrap_or_else(|| is_builtin_date(id)));
                }
                _ => {}
            }
            if custom.len() > CELL_FORMATS_MAX || formats.is_date.len() > CELL_FORMATS_MAX {
                return Err(FileProblem::TooComplex);
            }
        }
        Ok(formats)
    }

    /// The date or date and time that `serial` shows in a cell of that format, in ISO form; `None` if it is no date.
    pub fn show(&self, format: usize, serial: &str) -> Option<String> {
        if !*self.is_date.get(format)? {
            return None;
        }
        let (days, fraction) = serial.split_once('.').unwrap_or((serial, "0"));
        let epoch = if self.from_1904 { date(1904, 1, 1) } else { date(1899, 12, 30) };
        let day: Date = epoch.checked_add(i64::from(days.parse::<u32>().ok()?).days()).ok()?;
        let fraction = &fraction[..fraction.len().min(12)];
        let scale = 10_u64.pow(u32::try_from(fraction.len()).ok()?);
        let seconds = (fraction.parse::<u64>().ok()? * SECONDS_PER_DAY + scale / 2) / scale;
        if seconds == 0 {
            return Some(day.to_string());
        }
        let moment: DateTime = day.at(0, 0, 0, 0).checked_add(i64::try_from(seconds).ok()?.seconds()).ok()?;
        Some(moment.strftime("%Y-%m-%d %H:%M:%S").to_string())
    }
}

/// ECMA-376 part 1, 18.8.30, including the formats reserved for Chinese, Japanese and Korean.
fn is_builtin_date(id: u32) -> bool {
    matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// Whether a format code has a day, month, year or hour outside quotes, brackets and escapes.
fn shows_date(code: &str) -> bool {
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => while characters.next().is_some_and(|next| next != '"') {},
            '[' => while characters.next().is_some_and(|next| next != ']') {},
            '\\' | '_' | '*' => drop(characters.next()),
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' => return true,
            _ => {}
        }
    }
    false
}

/// An ASCII number; `None` if it is none.
pub fn parse<T: std::str::FromStr>(raw: &[u8]) -> Option<T> {
    std::str::from_utf8(raw).ok()?.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn serial_numbers_show_as_the_spreadsheet_shows_them() {
        let formats = DateFormats { is_date: vec![false, true], from_1904: false };
        assert_eq!(formats.show(1, "45606").unwrap(), "2024-11-10");
        assert_eq!(formats.show(1, "45606.75").unwrap(), "2024-11-10 18:00:00");
        assert_eq!(formats.show(1, "45606.99999999999").unwrap(), "2024-11-11 00:00:00");
        assert_eq!(formats.show(0, "45606"), None);
        assert_eq!(formats.show(1, "99999999999"), None);
        assert_eq!(formats.show(1, "-1"), None);
        assert_eq!(DateFormats { from_1904: true, ..formats }.show(1, "44144").unwrap(), "2024-11-10");
    }

    #[test]
    fn only_codes_with_date_parts_are_dates() {
        assert!(["yyyy\\-mm", "[$-804]h:mm", "m\"月\"d\"日\""].into_iter().all(shows_date));
        assert!(!["0.00", "\"day\"0", "[Red]0", "\\d0", "@", "General_h"].into_iter().any(shows_date));
    }
}
