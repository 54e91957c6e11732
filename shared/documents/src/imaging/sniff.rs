//! What a file is, decided by its first bytes: neither its name nor its declared type is believed.

use image::ImageFormat;

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
    /// TIFF.
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
    match image::guess_format(bytes) {
        Ok(ImageFormat::Jpeg) => return FileKind::Jpeg,
        Ok(ImageFormat::Png) => return FileKind::Png,
        Ok(ImageFormat::Gif) => return FileKind::Gif,
        Ok(ImageFormat::WebP) => return FileKind::Webp,
        Ok(ImageFormat::Avif) => return FileKind::Heic,
        Ok(ImageFormat::Tiff) => return FileKind::Tiff,
        // Two letters alone may begin a text.
        Ok(ImageFormat::Bmp) if bytes.get(6..10) == Some(&[0; 4]) => return FileKind::Bmp,
        _ => {}
    }
    match bytes {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => FileKind::Zip,
        [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => FileKind::Ole,
        [_, _, _, _, b'f', b't', b'y', b'p', brand @ ..] if is_still_brand(brand) => FileKind::Heic,
        _ if text.starts_with(b"%PDF-") => FileKind::Pdf,
        _ if text.starts_with(b"<") => FileKind::Markup,
        _ => FileKind::Unknown,
    }
}

fn is_still_brand(brand: &[u8]) -> bool {
    [b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avis"]
        .iter()
        .any(|known| brand.starts_with(*known))
}
