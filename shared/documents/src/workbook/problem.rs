//! Why a roster file as a whole cannot be read.

use super::limits::{CELL_BYTES_MAX, FILE_BYTES_MAX, HEADER_ROW_MAX, ROWS_MAX, UNPACKED_BYTES_MAX};

/// A file that cannot be read. The text is for the clerk; it quotes column titles at most, never a cell below them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FileProblem {
    /// Neither a spreadsheet nor a text table.
    #[error("文件不是 .xlsx、.xls 或 .csv 表格,请用模板另存后重新上传")]
    Kind,
    /// Protected by a password.
    #[error("文件已加密,请取消打开密码后重新上传")]
    Encrypted,
    /// Truncated, altered, or not what the format allows.
    #[error("文件已损坏,无法读取,请重新保存后上传")]
    Damaged,
    /// Over [`FILE_BYTES_MAX`].
    #[error("文件超过 {} MiB,请拆分后上传", FILE_BYTES_MAX >> 20)]
    TooLarge,
    /// Over [`UNPACKED_BYTES_MAX`], or packed far tighter than a spreadsheet is.
    #[error("文件展开后超过 {} MiB 或压缩比异常,请清除多余的格式和空白行后上传", UNPACKED_BYTES_MAX >> 20)]
    TooLargeUnpacked,
    /// More parts, sheets, formats or distinct texts than a roster needs.
    #[error("文件结构过于复杂,请把人员清单复制到模板后上传")]
    TooComplex,
    /// Over [`ROWS_MAX`].
    #[error("人员超过 {ROWS_MAX} 行,请拆分后上传")]
    TooManyRows,
    /// Over [`CELL_BYTES_MAX`].
    #[error("有单元格的内容超过 {} 字,请检查后上传", CELL_BYTES_MAX / 3)]
    CellTooLong,
    /// Every sheet is hidden, or there is none.
    #[error("文件中没有可见的工作表")]
    NoSheet,
    /// No row within the first [`HEADER_ROW_MAX`] names the columns; `found` are the titles seen instead.
    #[error("前 {HEADER_ROW_MAX} 行中没有同时包含“姓名”和“身份证号码”(或“证件号码”)的表头;{}", quoted(.found))]
    HeaderNotFound {
        /// Titles of the row most like a header, cut short.
        found: Vec<String>,
    },
    /// Two columns would fill the same field.
    #[error("表头中“{title}”出现了不止一次,请只保留一列")]
    HeaderRepeated {
        /// The second column's title, cut short.
        title: String,
    },
}

impl FileProblem {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Kind => "FILE_KIND",
            Self::Encrypted => "FILE_ENCRYPTED",
            Self::Damaged => "FILE_DAMAGED",
            Self::TooLarge => "FILE_TOO_LARGE",
            Self::TooLargeUnpacked => "UNPACKED_TOO_LARGE",
            Self::TooComplex => "FILE_TOO_COMPLEX",
            Self::TooManyRows => "TOO_MANY_ROWS",
            Self::CellTooLong => "CELL_TOO_LONG",
            Self::NoSheet => "SHEET_NOT_FOUND",
            Self::HeaderNotFound { .. } => "HEADER_NOT_FOUND",
            Self::HeaderRepeated { .. } => "HEADER_REPEATED",
        }
    }
}

fn quoted(found: &[String]) -> String {
    if found.is_empty() {
        return "没有找到任何列名".to_owned();
    }
    format!("找到的列名:{}", found.join("、"))
}
