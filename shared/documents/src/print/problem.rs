//! Why a document could not be printed.

use std::fmt;

/// Where in the data a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// A field of the document, by its Chinese label.
    Field(&'static str),
    /// A row of the named table, counted from 1.
    Row {
        /// The table's Chinese title.
        table: &'static str,
        /// 1 for the first row of data.
        number: usize,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(label) => write!(f, "“{label}”"),
            Self::Row { table, number } => write!(f, "{table}第{number}行"),
        }
    }
}

/// A refusal to print. Its texts name places and single characters, never a whole name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RenderProblem {
    /// Some characters are in none of the fonts; all of them are listed, each once per place.
    #[error("以下字符没有可用的字形，无法打印：{}", listed(which))]
    MissingGlyphs {
        /// Place and character, in the order of the document.
        which: Vec<(Place, char)>,
    },
    /// The amounts add up to more than money can hold.
    #[error("金额合计超出可表示的范围")]
    AmountOutOfRange,
    /// The verification address does not fit into a QR code.
    #[error("核验网址过长，无法生成二维码")]
    VerificationUrlTooLong,
    /// A fault of the build, not of the data: a built-in font cannot be read, or a fixed text lacks a glyph.
    #[error("内置字体无法使用")]
    BuiltInFont,
    /// A fault of the build: the PDF library refused to write the document.
    #[error("无法写出 PDF 文件")]
    NotWritten,
}

impl RenderProblem {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::MissingGlyphs { .. } => "PRINT_GLYPH_MISSING",
            Self::AmountOutOfRange => "PRINT_AMOUNT_RANGE",
            Self::VerificationUrlTooLong => "PRINT_URL_LENGTH",
            Self::BuiltInFont => "PRINT_FONT",
            Self::NotWritten => "PRINT_WRITE",
        }
    }
}

/// `会员名单第3行“𲎰”(U+323B0)`, at most 20 of them: the handler reads this on a screen.
fn listed(which: &[(Place, char)]) -> String {
    const SHOWN: usize = 20;
    let mut text = which
        .iter()
        .take(SHOWN)
        .map(|(place, character)| format!("{place}“{character}”(U+{:04X})", u32::from(*character)))
        .collect::<Vec<_>>()
        .join("、");
    if which.len() > SHOWN {
        text.push_str(&format!(" 等 {} 处", which.len()));
    }
    text
}
