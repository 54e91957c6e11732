//! Reading: from the bytes of an upload to rows.

use domain::roster::raw::{Cell, RawRow};

use super::delimited::Delimited;
use super::header::Header;
use super::limits::{FILE_BYTES_MAX, ROWS_MAX};
use super::problem::FileProblem;
use super::table::{Table, Wanted};
use super::{xls, xlsx};

const ZIP_SIGNATURE: &[u8] = b"PK\x03\x04";
const CONTAINER_SIGNATURE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";

/// A format a roster may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// Excel 2007 and later.
    Xlsx,
    /// Excel 97–2003.
    Xls,
    /// Comma-separated text.
    Csv,
}

impl FileKind {
    /// The kind of a file by its first bytes; a file's name is never asked.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.starts_with(ZIP_SIGNATURE) {
            Self::Xlsx
        } else if bytes.starts_with(CONTAINER_SIGNATURE) {
            Self::Xls
        } else {
            Self::Csv
        }
    }
}

/// Opens a roster file and finds its header; the rows follow by iterating.
///
/// Memory stays within a few times the file's distinct texts whatever the file claims: see
/// [`limits`](super::limits). A blank row is passed over.
///
/// # Errors
/// Any [`FileProblem`] that shows up to and including the header row.
pub fn read_roster(bytes: &[u8]) -> Result<RosterFile<'_>, FileProblem> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(FileProblem::TooLarge);
    }
    let kind = FileKind::of(bytes);
    let mut table: Box<dyn Table + '_> = match kind {
        FileKind::Xlsx => xlsx::open(bytes)?,
        FileKind::Xls => Box::new(xls::Rows::open(bytes)?),
        FileKind::Csv => Box::new(Delimited::open(bytes)?),
    };
    let header = Header::find(table.as_mut())?;
    Ok(RosterFile { kind, header, table, cells: Vec::new(), count: 0, done: false })
}

/// A roster file below its header: an iterator over its rows, in the file's order.
///
/// An error ends it and condemns the whole file, the rows already given included: damage may show only at the end.
pub struct RosterFile<'a> {
    kind: FileKind,
    header: Header,
    table: Box<dyn Table + 'a>,
    cells: Vec<Cell>,
    count: u32,
    done: bool,
}

impl RosterFile<'_> {
    /// What the file is.
    #[must_use]
    pub fn kind(&self) -> FileKind {
        self.kind
    }

    /// Its header row.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    fn next_row(&mut self) -> Result<Option<RawRow>, FileProblem> {
        while let Some(number) = self.table.next_row(Wanted::Marked(&self.header.wanted), &mut self.cells)? {
            let Some(row) = self.header.row(number, &mut self.cells) else { continue };
            self.count += 1;
            return if self.count > ROWS_MAX { Err(FileProblem::TooManyRows) } else { Ok(Some(row)) };
        }
        Ok(None)
    }
}

impl Iterator for RosterFile<'_> {
    type Item = Result<RawRow, FileProblem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let row = self.next_row().transpose();
        self.done = !matches!(row, Some(Ok(_)));
        row
    }
}

/// Names the file's shape, never its cells.
impl std::fmt::Debug for RosterFile<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RosterFile").field("kind", &self.kind).field("header", &self.header).finish_non_exhaustive()
    }
}
