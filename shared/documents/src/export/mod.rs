//! Large lists as workbooks of one sheet, made part by part.
//!
//! A part holds some rows, packed by itself, and is small enough for memory; who makes the next need not know it. Put one
//! after another between the two ends that [`assembly`] makes, the parts are an .xlsx file, however many there are. That
//! works because a deflate stream that was flushed may be followed by another one, and CRC-32s can be combined.
//!
//! Text is always text: it stands in the cell as it is, and is never read as a formula. Days, times and amounts are real
//! ones, of which a spreadsheet can make sums and filters.

mod cells;
mod package;

use std::io::Write;

use domain::export::{Cell, Column, Part};
use flate2::Compression;
use flate2::write::DeflateEncoder;

pub use self::package::{Assembly, assembly};

/// Content type of an export.
pub const CONTENT_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// As for the other workbooks: higher levels take much longer for little.
const COMPRESSION_LEVEL: u32 = 3;
/// Bytes of rows that are packed at once.
const CHUNK_BYTES: usize = 64 * 1024;

/// An export could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportProblem {
    /// The packer failed.
    #[error("数据无法压缩")]
    NotPacked(#[from] std::io::Error),
    /// The file would be larger than its format allows.
    #[error("导出内容超过工作簿的容量")]
    TooLarge,
}

/// Where a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// Whether it is the first one.
    pub first: bool,
    /// Whether it is the last one.
    pub last: bool,
    /// Rows in the parts before it.
    pub rows_before: u32,
}

/// Writes the rows of a part; answers what is to be known of it, and its bytes.
///
/// # Errors
/// [`ExportProblem::NotPacked`]
pub fn part(columns: &[Column], rows: &[Vec<Cell>], at: Position) -> Result<(Part, Vec<u8>), ExportProblem> {
    let mut packing = Packing::default();
    if at.first {
        cells::begin(&mut packing.text, columns);
    }
    // The heading is row 1.
    let mut number = at.rows_before.saturating_add(1);
    for row in rows {
        number = number.saturating_add(1);
        cells::row(&mut packing.text, number, row);
        if packing.text.len() >= CHUNK_BYTES {
            packing.pack()?;
        }
    }
    if at.last {
        cells::end(&mut packing.text, columns.len(), number);
    }
    packing.finish(u32::try_from(rows.len()).unwrap_or(u32::MAX), at.last)
}

/// Text on its way into a packed part.
struct Packing {
    text: String,
    packer: DeflateEncoder<Vec<u8>>,
    sum: crc32fast::Hasher,
    unpacked: u64,
}

impl Default for Packing {
    fn default() -> Self {
        Self {
            text: String::with_capacity(2 * CHUNK_BYTES),
            packer: DeflateEncoder::new(Vec::new(), Compression::new(COMPRESSION_LEVEL)),
            sum: crc32fast::Hasher::new(),
            unpacked: 0,
        }
    }
}

impl Packing {
    fn pack(&mut self) -> Result<(), ExportProblem> {
        self.packer.write_all(self.text.as_bytes())?;
        self.sum.update(self.text.as_bytes());
        self.unpacked += self.text.len() as u64;
        self.text.clear();
        Ok(())
    }

    fn finish(mut self, rows: u32, last: bool) -> Result<(Part, Vec<u8>), ExportProblem> {
        self.pack()?;
        let bytes = if last {
            self.packer.finish()?
        } else {
            // Flushed to a whole byte and not ended: another stream may follow.
            self.packer.flush()?;
            std::mem::take(self.packer.get_mut())
        };
        let packed = bytes.len() as u64;
        Ok((Part { rows, packed, unpacked: self.unpacked, crc32: self.sum.finalize() }, bytes))
    }
}
