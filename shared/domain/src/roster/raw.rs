//! What a spreadsheet holds before any rule has looked at it.

/// One cell as the file holds it.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cell {
    /// No value, or only white space.
    #[default]
    Empty,
    /// Text, exactly as typed.
    Text(String),
    /// A number: spreadsheets keep 15 significant digits, so longer ones have already lost some.
    Number(f64),
}

/// A column of the roster workbook that the import reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Column {
    /// 姓名
    Name,
    /// 身份证号码 or 证件号码
    IdNumber,
    /// 手机号码
    Mobile,
    /// 职业
    Occupation,
    /// 份数 of the `n`-th plan, in a file for several plans.
    Shares(usize),
}

impl Column {
    /// The heading in the roster workbook; plan columns are headed by their plan's name.
    #[must_use]
    pub fn heading(self) -> &'static str {
        match self {
            Self::Name => "姓名",
            Self::IdNumber => "身份证号码",
            Self::Mobile => "手机号码",
            Self::Occupation => "职业",
            Self::Shares(_) => "份数",
        }
    }
}

/// One row below the header that is not wholly blank.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct RawRow {
    /// Row number in the file as the spreadsheet program shows it, from 1.
    pub row_number: u32,
    /// 姓名
    pub name: Cell,
    /// 身份证号码
    pub id_number: Cell,
    /// 手机号码
    pub mobile: Cell,
    /// 职业
    pub occupation: Cell,
    /// 份数 per plan column, in the header's order; empty for a file of one plan.
    pub shares: Vec<Cell>,
}
