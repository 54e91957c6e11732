//! Roster workbooks (人员清单): reading what units upload, writing what they download.
//!
//! [`read_roster`] takes `.xlsx`, `.xls` and `.csv`. Uploads are hostile until read: nothing panics, and every
//! quantity has a limit in [`limits`].

mod delimited;
mod header;
pub mod limits;
mod problem;
mod read;
mod table;
mod write;
mod xls;
mod xlsx;

/// Content type of every workbook written here.
pub const CONTENT_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub use header::{Header, SHARES_TITLE};
pub use problem::FileProblem;
pub use read::{FileKind, RosterFile, read_roster};
pub use write::{IdNumbers, TEMPLATE_VERSION, WriteProblem, failed_rows, roster, template};
