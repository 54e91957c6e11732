//! Why an image was refused.

use thiserror::Error;

use super::sniff::FileKind;

/// Why an image was refused. `Display` is the sentence for the clerk, [`ImageProblem::code`] the stable code for
/// programs; neither holds anything of the image's content.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ImageProblem {
    /// By content the file is neither JPEG nor PNG.
    #[error("这是{}，请上传 JPG 或 PNG 格式的图片", .0.label())]
    KindNotAllowed(FileKind),
    /// More bytes than the purpose allows; the limit is given in bytes.
    #[error("图片大小超过 {} MB，请压缩后重新上传", .max_bytes / (1 << 20))]
    TooLarge {
        /// The limit.
        max_bytes: usize,
    },
    /// Something other than the image is in the file: data after its end, or a script, archive or PDF inside it.
    #[error("图片中夹带了其他内容，请用原图重新拍照、截图或另存为 JPG 后上传")]
    HasTrailingData,
    /// The file ends before the picture does.
    #[error("图片不完整，可能没有传完，请重新拍照或扫描后上传")]
    Truncated,
    /// The file breaks the rules of its format.
    #[error("图片已损坏，无法打开，请重新拍照或扫描后上传")]
    Damaged,
    /// A rare variant of JPEG: arithmetic coding, lossless, hierarchical, 12 bits, or an odd number of colours.
    #[error("图片的编码方式不受支持，请用看图软件另存为普通 JPG 或 PNG 后上传")]
    Unsupported,
    /// More pixels than allowed.
    #[error("图片尺寸过大（{width}×{height} 像素），最多 {} 万像素，请缩小后上传", .max_pixels / 10_000)]
    TooManyPixels {
        /// Claimed width in pixels.
        width: u32,
        /// Claimed height in pixels.
        height: u32,
        /// The limit for width × height.
        max_pixels: u64,
    },
    /// An edge is shorter than allowed.
    #[error("图片太小（{width}×{height} 像素），宽和高都不能少于 {min_edge} 像素，请上传更清晰的图片")]
    TooSmall {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// The limit for both edges.
        min_edge: u32,
    },
}

impl ImageProblem {
    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::KindNotAllowed(_) => "FILE_KIND_NOT_ALLOWED",
            Self::TooLarge { .. } => "FILE_TOO_LARGE",
            Self::HasTrailingData => "FILE_HAS_TRAILING_DATA",
            Self::Truncated => "IMAGE_TRUNCATED",
            Self::Damaged => "IMAGE_DAMAGED",
            Self::Unsupported => "IMAGE_UNSUPPORTED",
            Self::TooManyPixels { .. } => "IMAGE_TOO_MANY_PIXELS",
            Self::TooSmall { .. } => "IMAGE_TOO_SMALL",
        }
    }
}
