//! Writing: the empty template, the rows that failed, and rosters, all in one shape, so that each can be uploaded.

mod cells;
mod help;
mod people;
mod style;

use domain::roster::{FailedRow, Member};
use jiff::civil::DateTime;

pub use self::style::TEMPLATE_VERSION;

/// A workbook could not be written: no room for its temporary file, or more rows than a sheet has.
#[derive(Debug, thiserror::Error)]
#[error("工作簿无法生成")]
pub struct WriteProblem(#[from] rust_xlsxwriter::XlsxError);

/// How ID and phone numbers appear in a roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IdNumbers {
    /// As they are, for those entitled.
    Full,
    /// `110101********1233`
    Masked,
}

/// The empty workbook that units fill in: 参保人信息模板-通用, or with `plans` 参保人信息模板-多活动, which has a column
/// of shares for each of them. `created` is its creation date, and the only thing in it that varies.
///
/// # Errors
/// [`WriteProblem`]
pub fn template(plans: &[&str], created: DateTime) -> Result<Vec<u8>, WriteProblem> {
    Ok(people::template(plans, created)?)
}

/// 失败人员名单: the failed rows of one file exactly as uploaded, failing cells red, with all reasons. `plans` are those
/// of the file's share columns. Corrected and uploaded again it imports only these people.
///
/// # Errors
/// [`WriteProblem`]
pub fn failed_rows<'a>(
    plans: &[&str],
    rows: impl IntoIterator<Item = &'a FailedRow>,
    created: DateTime,
) -> Result<Vec<u8>, WriteProblem> {
    Ok(people::failed_rows(plans, rows, created)?)
}

/// The people of one plan's roster.
///
/// # Errors
/// [`WriteProblem`]
pub fn roster<'a>(
    members: impl IntoIterator<Item = &'a Member>,
    id_numbers: IdNumbers,
    created: DateTime,
) -> Result<Vec<u8>, WriteProblem> {
    Ok(people::roster(members, id_numbers, created)?)
}
