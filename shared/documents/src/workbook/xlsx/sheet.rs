//! The rows of one worksheet, one at a time.

use std::io::Read;

use super::dates::{DateFormats, parse};
use super::strings::SharedStrings;
use super::text::{Runs, append, finish};
use super::xml::{Attributes, Token, Xml};
use crate::workbook::limits::{COLUMNS_MAX, ROW_NUMBER_MAX};
use crate::workbook::problem::FileProblem;
use crate::workbook::table::{Table, Wanted, number, text};
use domain::roster::raw::Cell;

/// A worksheet being read.
pub struct Sheet<R> {
    xml: Xml<R>,
    strings: SharedStrings,
    dates: DateFormats,
    row_number: u32,
    done: bool,
    /// The cell's text while it is read; kept to save allocations.
    value: String,
}

/// How a cell's `<v>` is meant.
#[derive(Clone, Copy)]
enum Kind {
    Shared,
    Text,
    Boolean,
    Number { format: usize },
}

impl<R: Read> Sheet<R> {
    /// Goes to the first row.
    pub fn open(mut xml: Xml<R>, strings: SharedStrings, dates: DateFormats) -> Result<Self, FileProblem> {
        let done = loop {
            match xml.next()?.ok_or(FileProblem::Damaged)? {
                Token::Open { name: b"sheetData", empty, .. } => break empty,
                _ => continue,
            }
        };
        Ok(Self { xml, strings, dates, row_number: 0, done, value: String::new() })
    }

    fn read_cells(&mut self, wanted: Wanted<'_>, cells: &mut Vec<Cell>) -> Result<(), FileProblem> {
        let mut next_column = 0;
        loop {
            match self.xml.next()?.ok_or(FileProblem::Damaged)? {
                Token::Open { name: b"c", attributes, empty } => {
                    let (column, kind) = cell_head(attributes, next_column)?;
                    next_column = column + 1;
                    if empty {
                        continue;
                    }
                    if column >= COLUMNS_MAX || !wanted.has(column) {
                        self.skip_cell()?;
                        continue;
                    }
                    let cell = self.read_cell(kind)?;
                    if cells.len() <= column {
                        cells.resize(column + 1, Cell::Empty);
                    }
                    cells[column] = cell;
                }
                Token::Close(b"row") => return Ok(()),
                Token::Close(b"sheetData") => return Err(FileProblem::Damaged),
                _ => {}
            }
        }
    }

    fn skip_cell(&mut self) -> Result<(), FileProblem> {
        while !matches!(self.xml.next()?.ok_or(FileProblem::Damaged)?, Token::Close(b"c")) {}
        Ok(())
    }

    fn read_cell(&mut self, kind: Kind) -> Result<Cell, FileProblem> {
        self.value.clear();
        let (mut runs, mut inside_value, mut inside_inline) = (Runs::default(), false, false);
        loop {
            match self.xml.next()?.ok_or(FileProblem::Damaged)? {
                Token::Close(b"c") => break,
                Token::Open { name: b"v", empty, .. } => inside_value = !empty,
                Token::Close(b"v") => inside_value = false,
                Token::Open { name: b"is", empty, .. } => inside_inline = !empty,
                Token::Close(b"is") => inside_inline = false,
                token if inside_inline => runs.push(&token, &mut self.value)?,
                token if inside_value => append(&token, &mut self.value)?,
                _ => {}
            }
        }
        finish(&mut self.value, 0)?;
        self.meaning(kind)
    }

    fn meaning(&self, kind: Kind) -> Result<Cell, FileProblem> {
        let raw = self.value.trim();
        Ok(match kind {
            _ if raw.is_empty() => Cell::Empty,
            Kind::Shared => {
                let index = raw.parse().map_err(|_| FileProblem::Damaged)?;
                text(self.strings.get(index).ok_or(FileProblem::Damaged)?)
            }
            Kind::Text => text(&self.value),
            Kind::Boolean => text(if raw == "1" { "TRUE" } else { "FALSE" }),
            Kind::Number { format } => match self.dates.show(format, raw) {
                Some(date) => Cell::Text(date),
                None => number(raw),
            },
        })
    }
}

impl<R: Read> Table for Sheet<R> {
    fn next_row(&mut self, wanted: Wanted<'_>, cells: &mut Vec<Cell>) -> Result<Option<u32>, FileProblem> {
        cells.clear();
        while !self.done {
            match self.xml.next()?.ok_or(FileProblem::Damaged)? {
                Token::Open { name: b"row", attributes, empty } => {
                    let number = attributes.get(b"r").map(|r| parse::<u32>(r).ok_or(FileProblem::Damaged));
                    self.row_number = number.unwrap_or(Ok(self.row_number + 1))?;
                    if !(1..=ROW_NUMBER_MAX).contains(&self.row_number) {
                        return Err(FileProblem::Damaged);
                    }
                    if !empty {
                        self.read_cells(wanted, cells)?;
                        return Ok(Some(self.row_number));
                    }
                }
                Token::Close(b"sheetData") => self.done = true,
                _ => {}
            }
        }
        self.xml.drain()?;
        Ok(None)
    }
}

/// The column (from 0) and the kind of a cell; without `r` it follows the cell before.
fn cell_head(attributes: Attributes<'_>, next_column: usize) -> Result<(usize, Kind), FileProblem> {
    let (mut column, mut format, mut kind) = (next_column, 0, None);
    for (name, value) in attributes {
        match name {
            b"r" => column = column_of(value)?,
            b"s" => format = parse(value).unwrap_or(0),
            b"t" => {
                kind = match value {
                    b"s" => Some(Kind::Shared),
                    b"b" => Some(Kind::Boolean),
                    b"n" => None,
                    // `str` (a formula's text), `inlineStr`, `d` (a date in ISO form), `e` (#N/A and its like).
                    _ => Some(Kind::Text),
                }
            }
            _ => {}
        }
    }
    Ok((column, kind.unwrap_or(Kind::Number { format })))
}

/// Column of a reference such as `AB12`, from 0.
fn column_of(reference: &[u8]) -> Result<usize, FileProblem> {
    let letters = reference.iter().take_while(|byte| byte.is_ascii_alphabetic());
    let column =
        letters.take(4).fold(0, |column, letter| column * 26 + usize::from(letter.to_ascii_uppercase() - b'A') + 1);
    column.checked_sub(1).ok_or(FileProblem::Damaged)
}
