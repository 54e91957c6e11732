//! A roster (人员清单): the people enrolled in one plan, from the spreadsheet's cells to members and failed rows.
//!
//! Parsing never fails as a whole: every row becomes a [`Member`] or a [`FailedRow`] that carries all its reasons.

mod check;
mod known;
pub mod raw;
mod read;
mod summary;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::identity::{Mobile, PersonName, ResidentId};
use crate::ids::UploadId;
use crate::plan::Occupation;
use crate::reason::Reason;
use raw::{Column, RawRow};

pub use check::{Accepted, Checked, PlanRules, Rejected, RowChecker, RowRules, SharesFrom, check_rows};
pub use known::{KnownCover, KnownPerson, Outcome, apply_known};
pub use summary::{AgeBand, RosterSummary, shares_held};

/// One person of one plan's roster.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The upload whose file brought this person in; none for members from before that was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upload: Option<UploadId>,
    /// Row of that file.
    pub row: u32,
    /// 姓名
    pub name: PersonName,
    /// 身份证号码
    pub id: ResidentId,
    /// 手机号码
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mobile: Option<Mobile>,
    /// 职业
    pub occupation: Occupation,
    /// Shares of this plan, at least 1.
    pub shares: u32,
    /// Older than the plan's maximum on the first day of cover: needs an over-age proof (超龄证明).
    pub over_age: bool,
    /// Covered by the same plan on the first day of the new cover (未到期参保人).
    pub unexpired: bool,
}

impl Member {
    /// Names the member for as long as they stand on a roster: every cell can be corrected, and places move when others
    /// are taken off, but not which row of which file brought them in.
    #[must_use]
    pub fn entry(&self) -> String {
        format!("{}.{}", self.upload.as_ref().map_or("", UploadId::as_str), self.row)
    }
}

/// A row that was not imported, as uploaded.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct FailedRow {
    /// Row number in the uploaded file.
    pub row_number: u32,
    /// The cells exactly as uploaded.
    pub cells: RawRow,
    /// Every reason with the cell to correct.
    pub reasons: Vec<(Column, Reason)>,
}

/// Shows where and why, not who.
impl fmt::Debug for FailedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let codes = self.reasons.iter().map(|(column, reason)| (column, reason.code()));
        write!(f, "FailedRow {{ row_number: {}, reasons: ", self.row_number)?;
        f.debug_list().entries(codes).finish()?;
        f.write_str(", .. }")
    }
}
