//! `.xlsx`: the first visible sheet, streamed through calamine, which believes what it reads: it reserves what
//! `uniqueCount` claims, buffers a token and a cell however long, inflates without end, and keeps every format.
//!
//! So calamine never sees the upload itself. [`package`] takes out the parts a roster is made of, [`measure`] reads each
//! of them once as calamine will, under the [`limits`](super::limits), and what passes goes, still compressed, into a
//! fresh package. Only [`sheet`] reads that one, cell by cell.

mod measure;
mod package;
mod sheet;

use super::problem::FileProblem;
use super::table::Table;

/// Opens the first visible sheet.
pub fn open(bytes: &[u8]) -> Result<Box<dyn Table>, FileProblem> {
    Ok(Box::new(sheet::open(package::fresh(bytes)?)?))
}
