//! The workbooks to fill in: made when the platform is set up, versioned by their keys.

/// A workbook to fill in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// Which.
    pub kind: &'static str,
    /// Key in the documents bucket.
    pub key: &'static str,
    /// File name people see.
    pub file_name: &'static str,
}

/// Every workbook to fill in.
pub const TEMPLATES: [Template; 2] = [
    Template {
        kind: "general", key: "templates/roster-general-1.xlsx", file_name: "参保人信息模板-通用.xlsx"
    },
    Template {
        kind: "several-plans",
        key: "templates/roster-several-plans-1.xlsx",
        file_name: "参保人信息模板-多活动.xlsx",
    },
];
