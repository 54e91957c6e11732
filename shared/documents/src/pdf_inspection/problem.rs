//! Why a PDF was refused.

use thiserror::Error;

use crate::imaging::FileKind;

/// Why a PDF was refused. `Display` is the sentence for the clerk, [`PdfProblem::code`] the stable code for programs;
/// neither holds anything of the file's content. In the order of gravity: of several problems the first is reported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Error)]
pub enum PdfProblem {
    /// A script, run on opening or on a click.
    #[error("PDF 中含有脚本，不能接收，请重新打印或扫描为 PDF 后上传")]
    HasScript,
    /// An action that starts a program.
    #[error("PDF 中含有启动程序的操作，不能接收，请重新打印或扫描为 PDF 后上传")]
    HasLaunchAction,
    /// An action that runs by itself when a page or field is opened or left.
    #[error("PDF 中含有自动执行的操作，不能接收，请重新打印或扫描为 PDF 后上传")]
    HasAutomaticAction,
    /// Another file is attached.
    #[error("PDF 中附带了其他文件，请去掉附件，或重新打印为 PDF 后上传")]
    HasAttachment,
    /// Film, sound or Flash.
    #[error("PDF 中含有多媒体内容，请重新打印或扫描为 PDF 后上传")]
    HasRichMedia,
    /// An XFA form, which draws itself by program.
    #[error("PDF 是动态表单，请打印为普通 PDF 后上传")]
    HasDynamicForm,
    /// A password or restrictions.
    #[error("PDF 已加密或设有权限限制，请去掉密码后上传")]
    Encrypted,
    /// Data after the end, or a file that is a zip archive as well.
    #[error("PDF 末尾夹带了其他内容，请重新打印或扫描为 PDF 后上传")]
    HasTrailingData,
    /// More pages than the rules allow.
    #[error("PDF 超过 {max_pages} 页，请拆分后上传")]
    TooManyPages {
        /// The limit.
        max_pages: usize,
    },
    /// More objects, or more compressed structure, than a document of so few pages has.
    #[error("PDF 结构过于复杂，请重新打印或扫描为 PDF 后上传")]
    TooComplex,
    /// Incomplete, or against the rules of the format.
    #[error("PDF 不完整或已损坏，无法打开，请重新导出或扫描后上传")]
    Damaged,
    /// By content the file is no PDF.
    #[error("这是{}，请上传 PDF 文件", .0.label())]
    KindNotAllowed(FileKind),
    /// More bytes than the purpose allows.
    #[error("PDF 大小超过 {} MB，请压缩后重新上传", .max_bytes / (1 << 20))]
    TooLarge {
        /// The limit.
        max_bytes: usize,
    },
}

impl PdfProblem {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::HasScript => "PDF_HAS_SCRIPT",
            Self::HasLaunchAction => "PDF_HAS_LAUNCH_ACTION",
            Self::HasAutomaticAction => "PDF_HAS_AUTOMATIC_ACTION",
            Self::HasAttachment => "PDF_HAS_ATTACHMENT",
            Self::HasRichMedia => "PDF_HAS_RICH_MEDIA",
            Self::HasDynamicForm => "PDF_HAS_DYNAMIC_FORM",
            Self::Encrypted => "PDF_ENCRYPTED",
            Self::HasTrailingData => "FILE_HAS_TRAILING_DATA",
            Self::TooManyPages { .. } => "PDF_TOO_MANY_PAGES",
            Self::TooComplex => "PDF_TOO_COMPLEX",
            Self::Damaged => "PDF_DAMAGED",
            Self::KindNotAllowed(_) => "FILE_KIND_NOT_ALLOWED",
            Self::TooLarge { .. } => "FILE_TOO_LARGE",
        }
    }
}
