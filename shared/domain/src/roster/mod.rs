//! A roster (人员清单): the people enrolled in one plan, from the spreadsheet's cells to members and failed rows.
//!
//! Parsing never fails as a whole: every row becomes a [`Member`] or a [`FailedRow`] that carries all its reasons.

pub mod raw;
