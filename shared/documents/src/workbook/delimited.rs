//! `.csv` in UTF-8, with or without byte order mark, or in GB18030, as Chinese Excel saves it.

use csv::{ByteRecord, Reader, ReaderBuilder};
use domain::roster::raw::Cell;
use encoding_rs::{Encoding, GB18030, UTF_8};

use super::limits::{CELL_BYTES_MAX, COLUMNS_MAX};
use super::problem::FileProblem;
use super::table::{Table, Wanted, text};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// A text table being read.
pub struct Delimited<'a> {
    bytes: &'a [u8],
    reader: Reader<&'a [u8]>,
    record: ByteRecord,
    encoding: &'static Encoding,
    row_number: u32,
}

impl<'a> Delimited<'a> {
    /// Takes the bytes for a table unless they are no text at all.
    pub fn open(bytes: &'a [u8]) -> Result<Self, FileProblem> {
        let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        let markup = bytes.trim_ascii_start().first() == Some(&b'<');
        if bytes.is_empty() || markup || bytes.iter().any(|byte| matches!(byte, 0..=8 | 14..=31)) {
            return Err(FileProblem::Kind);
        }
        let encoding = if std::str::from_utf8(bytes).is_ok() { UTF_8 } else { GB18030 };
        // Neither encoding uses the bytes of comma, quote and line break inside a character, so bytes can be split.
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        Ok(Self { bytes, reader, record: ByteRecord::new(), encoding, row_number: 0 })
    }

    /// Blank lines ahead, which the splitter passes over but a spreadsheet program counts.
    fn blank_lines(&self) -> u32 {
        let at = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
        let mut ahead = self.bytes.get(at..).unwrap_or_default();
        if at > 0 && self.bytes.get(at - 1) == Some(&b'\r') {
            ahead = ahead.strip_prefix(b"\n").unwrap_or(ahead);
        }
        let breaks = ahead.iter().take_while(|byte| matches!(byte, b'\r' | b'\n'));
        let mut lines = 0;
        let mut before = 0;
        for &byte in breaks {
            lines += u32::from(!(before == b'\r' && byte == b'\n'));
            before = byte;
        }
        lines
    }

    fn decode(&self, field: &[u8]) -> Result<Cell, FileProblem> {
        if field.len() > CELL_BYTES_MAX {
            return Err(FileProblem::CellTooLong);
        }
        let decoded = self.encoding.decode_without_bom_handling_and_without_replacement(field);
        Ok(text(&decoded.ok_or(FileProblem::Kind)?))
    }
}

impl Table for Delimited<'_> {
    fn next_row(&mut self, wanted: Wanted<'_>, cells: &mut Vec<Cell>) -> Result<Option<u32>, FileProblem> {
        cells.clear();
        self.row_number = self.row_number.saturating_add(self.blank_lines() + 1);
        if !self.reader.read_byte_record(&mut self.record).map_err(|_| FileProblem::Damaged)? {
            return Ok(None);
        }
        for (column, field) in self.record.iter().take(COLUMNS_MAX).enumerate() {
            cells.push(if wanted.has(column) { self.decode(field)? } else { Cell::Empty });
        }
        Ok(Some(self.row_number))
    }
}
