//! `.xlsx`: the first visible sheet, streamed through calamine, which believes what it reads: it reserves what
//! `uniqueCount` claims, buffers a token and a cell however long, inflates without end, and keeps every format.
//!
//! So calamine never sees the upload itself. [`package`] takes out the parts a roster is made of. Every token of them is
//! judged by [`measure`] under the [`limits`](super::limits), as [`scan`] cuts it: the small parts before calamine is
//! called, a sheet while calamine reads it, from the [`stream`] that inflates it. [`sheet`] is the only caller.

mod measure;
mod package;
mod scan;
mod sheet;
mod stream;

use super::problem::FileProblem;
use super::table::Table;

/// Opens the first visible sheet.
pub fn open(bytes: &[u8]) -> Result<Box<dyn Table>, FileProblem> {
    Ok(Box::new(sheet::open(package::fresh(bytes)?)?))
}
