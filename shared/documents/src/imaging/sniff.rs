//! What a file is, decided by its first bytes: neither its name nor its declared type is believed.

/// The kinds of file the platform can tell apart. Only some are accepted anywhere; the others are named so that a
/// clerk reads “this is a HEIC photo” rather than “unknown file”.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FileKind {
    /// JPEG / JFIF / EXIF.
    Jpeg,
    /// PNG, animated or not.
    Png,
    /// PDF; white space or a byte-order mark may come before its header.
    Pdf,
    /// A zip container: xlsx, docx, or a plain archive.
    Zip,
    /// An OLE compound file: xls, doc, and password-protected xlsx.
    Ole,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
    /// HEIC, HEIF and AVIF, the default of recent phones.
    Heic,
    /// Windows bitmap.
    Bmp,
    /// TIFF, classic or big.
    Tiff,
    /// HTML, SVG and other mark-up.
    Markup,
    /// None of the above; text such as CSV has no signature and ends here.
    Unknown,
}

impl FileKind {
    /// The name shown to a clerk.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Jpeg => "JPG 图片",
            Self::Png => "PNG 图片",
            Self::Pdf => "PDF 文件",
            Self::Zip => "压缩包或 Office 文件",
            Self::Ole => "旧版 Office 文件",
            Self::Gif => "GIF 图片",
            Self::Webp => "WebP 图片",
            Self::Heic => "HEIC 照片",
            Self::Bmp => "BMP 图片",
            Self::Tiff => "TIFF 图片",
            Self::Markup => "网页或矢量图",
            Self::Unknown => "无法识别的文件",
        }
    }
}

/// Tells the kind of `bytes` from their content; the first 32 bytes and leading white space are enough.
#[must_use]
pub fn sniff(bytes: &[u8]) -> FileKind {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    match bytes {
        [0xFF, 0xD8, 0xFF, ..] => FileKind::Jpeg,
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => FileKind::Png,
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => FileKind::Zip,
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => FileKind::Ole,
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => FileKind::Gif,
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => FileKind::Webp,
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] if is_still_brand(brand) => FileKind::Heic,
        [b'B', b'M', _, _, _, _, 0, 0, 0, 0, ..] => FileKind::Bmp,
        [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => FileKind::Tiff,
        _ if text.starts_with(b"%PDF-") => FileKind::Pdf,
        _ if text.starts_with(b"<") => FileKind::Markup,
        _ => FileKind::Unknown,
    }
}

fn is_still_brand(brand: &[u8]) -> bool {
    [b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"]
        .iter()
        .any(|known| brand.starts_with(*known))
}
