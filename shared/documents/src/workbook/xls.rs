//! `.xls`, the binary format of Excel 97–2003, through calamine, which trusts what it reads: it reserves the rectangle
//! a sheet claims, lays out the one its cells span, and panics on records cut short.
//!
//! So calamine never sees the upload itself. From the upload's workbook stream everything but the first visible sheet
//! is struck out, the sheet's rectangle is measured and capped, and what is left is wrapped into a fresh container.

use std::io::{Cursor, Read, Write};
use std::panic::catch_unwind;
use std::vec::IntoIter;

use calamine::{Data, Range, Reader, Xls};
use domain::roster::raw::Cell;

use super::limits::{CELL_BYTES_MAX, COLUMNS_MAX, XLS_CELLS_MAX};
use super::problem::FileProblem;
use super::table::{Table, Wanted, text};

/// Record types of \[MS-XLS\] 2.3.
mod record {
    pub const BEGIN: u16 = 0x0809;
    pub const END: u16 = 0x000A;
    pub const NAME: u16 = 0x0018;
    pub const FILE_PASS: u16 = 0x002F;
    pub const SHEET: u16 = 0x0085;
    pub const SHEET_IDS: u16 = 0x013D;
    pub const MULTIPLE_NUMBERS: u16 = 0x00BD;
    pub const DIMENSIONS: u16 = 0x0200;
    /// Formula, text and number cells; each starts with its row and column.
    pub const CELLS: [u16; 9] = [0x0006, 0x00BD, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E, 0x0201];
    /// No record has this type: calamine passes over it.
    pub const STRUCK_OUT: u16 = 0xFFFF;
}

/// The rows of a sheet, which have been read.
pub struct Rows {
    rows: IntoIter<(u32, Vec<Cell>)>,
}

impl Rows {
    /// Reads the first visible sheet.
    pub fn open(bytes: &[u8]) -> Result<Self, FileProblem> {
        let mut stream = workbook_stream(bytes)?;
        let name_position = keep_first_visible_sheet(&mut stream)?;
        measure(&mut stream, name_position)?;
        let container = wrap(&stream)?;
        drop(stream);
        let rows = catch_unwind(|| {
            let mut workbook = Xls::new(Cursor::new(container)).map_err(|_| FileProblem::Damaged)?;
            let range = workbook.worksheet_range_at(0).ok_or(FileProblem::NoSheet)?;
            range.map_err(|_| FileProblem::Damaged).and_then(|range| rows(&range))
        });
        Ok(Self { rows: rows.unwrap_or(Err(FileProblem::Damaged))?.into_iter() })
    }
}

impl Table for Rows {
    fn next_row(&mut self, _: Wanted<'_>, cells: &mut Vec<Cell>) -> Result<Option<u32>, FileProblem> {
        cells.clear();
        let Some((row_number, row)) = self.rows.next() else { return Ok(None) };
        *cells = row;
        Ok(Some(row_number))
    }
}

fn workbook_stream(bytes: &[u8]) -> Result<Vec<u8>, FileProblem> {
    let mut container = cfb::CompoundFile::open(Cursor::new(bytes)).map_err(|_| FileProblem::Damaged)?;
    // Excel wraps an encrypted .xlsx file into a container of the old kind.
    if container.is_stream("/EncryptedPackage") {
        return Err(FileProblem::Encrypted);
    }
    let name = ["/Workbook", "/Book"].into_iter().find(|name| container.is_stream(name)).ok_or(FileProblem::Kind)?;
    let stream = container.open_stream(name).map_err(|_| FileProblem::Damaged)?;
    let mut content = Vec::new();
    stream.take(bytes.len() as u64).read_to_end(&mut content).map_err(|_| FileProblem::Damaged)?;
    Ok(content)
}

fn wrap(stream: &[u8]) -> Result<Vec<u8>, FileProblem> {
    let write = || -> std::io::Result<Vec<u8>> {
        // Version 3, the one Excel writes: calamine takes a version 4 file without small streams for an empty one.
        let mut container = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))?;
        container.create_stream("/Workbook")?.write_all(stream)?;
        container.flush()?;
        Ok(container.into_inner().into_inner())
    };
    write().map_err(|_| FileProblem::Damaged)
}

/// One record of the stream: its type, where it starts, and where its data lie.
struct Record {
    kind: u16,
    start: usize,
    data: std::ops::Range<usize>,
}

impl Record {
    /// The record at `start`; `None` where the stream ends or is cut short.
    fn at(stream: &[u8], start: usize) -> Option<Self> {
        let data = start.checked_add(4)?..start.checked_add(4)? + usize::from(word(stream, start + 2)?);
        stream.get(data.clone())?;
        Some(Self { kind: word(stream, start)?, start, data })
    }
}

fn word(stream: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(stream.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn strike_out(stream: &mut [u8], record: &Record) {
    stream[record.start..record.start + 2].copy_from_slice(&record::STRUCK_OUT.to_le_bytes());
}

/// Strikes out the other sheets and all defined names; returns where the sheet that stays starts.
fn keep_first_visible_sheet(stream: &mut [u8]) -> Result<usize, FileProblem> {
    let (mut at, mut kept) = (0, None);
    while let Some(record) = Record::at(stream, at) {
        let data = &stream[record.data.clone()];
        match record.kind {
            record::FILE_PASS => return Err(FileProblem::Encrypted),
            record::SHEET => {
                let [a, b, c, d, state, kind, ..] = *data else { return Err(FileProblem::Damaged) };
                if kept.is_none() && state & 0b11 == 0 && kind == 0 {
                    kept = Some(u32::from_le_bytes([a, b, c, d]) as usize);
                } else {
                    strike_out(stream, &record);
                }
            }
            record::NAME | record::SHEET_IDS => strike_out(stream, &record),
            record::END => break,
            _ => {}
        }
        at = record.data.end;
    }
    let kept = kept.ok_or(FileProblem::NoSheet)?;
    if kept >= stream.len() { Err(FileProblem::Damaged) } else { Ok(kept) }
}

/// Refuses a sheet whose cells span more than [`XLS_CELLS_MAX`], and strikes out the rectangle it claims.
fn measure(stream: &mut [u8], sheet: usize) -> Result<(), FileProblem> {
    let (mut at, mut depth) = (sheet, 0_u32);
    let (mut rows, mut columns) = ((u16::MAX, 0), (u16::MAX, 0));
    while let Some(record) = Record::at(stream, at) {
        let field = |offset| word(&stream[record.data.clone()], offset).ok_or(FileProblem::Damaged);
        match record.kind {
            record::DIMENSIONS => strike_out(stream, &record),
            // The sheet's own begin, and those of charts embedded in it.
            record::BEGIN => depth += 1,
            record::END if depth <= 1 => break,
            record::END => depth -= 1,
            kind if record::CELLS.contains(&kind) => {
                let (row, first) = (field(0)?, field(2)?);
                let last = match kind {
                    record::MULTIPLE_NUMBERS => field(record.data.len().saturating_sub(2))?,
                    _ => first,
                };
                rows = (rows.0.min(row), rows.1.max(row));
                columns = (columns.0.min(first), columns.1.max(last).max(first));
            }
            _ => {}
        }
        at = record.data.end;
    }
    let span = |(first, last): (u16, u16)| u64::from(last.saturating_sub(first)) + 1;
    if span(rows) * span(columns) > XLS_CELLS_MAX { Err(FileProblem::TooLargeUnpacked) } else { Ok(()) }
}

fn rows(range: &Range<Data>) -> Result<Vec<(u32, Vec<Cell>)>, FileProblem> {
    let Some((first_row, first_column)) = range.start() else { return Ok(Vec::new()) };
    let lead = vec![Cell::Empty; COLUMNS_MAX.min(first_column as usize)];
    let row = |(row_number, cells): (u32, &[Data])| {
        let cells = cells.iter().take(COLUMNS_MAX - lead.len()).map(cell);
        let row: Result<Vec<Cell>, FileProblem> = lead.iter().cloned().map(Ok).chain(cells).collect();
        row.map(|row| (row_number, row))
    };
    (first_row + 1..).zip(range.rows()).map(row).collect()
}

fn cell(data: &Data) -> Result<Cell, FileProblem> {
    Ok(match data {
        Data::Empty => Cell::Empty,
        Data::Int(number) => text(&number.to_string()),
        Data::Float(number) => Cell::Number(*number),
        Data::String(string) if string.len() > CELL_BYTES_MAX => return Err(FileProblem::CellTooLong),
        Data::Bool(boolean) => text(if *boolean { "TRUE" } else { "FALSE" }),
        other => text(&other.to_string()),
    })
}
