//! Images as they are uploaded: JPEG and PNG bytes in; a clean stored copy, a thumbnail and a preview out.
//!
//! Pure and bound by the processor: callers run it off the threads that serve requests.
//!
//! The file is first taken apart without decoding (`jpeg`, `png`): that shows where it ends, and sorts what draws the
//! picture from metadata. `image` then tells its size, orientation and colours; limits are checked there, before memory
//! is spent. Then the picture is decoded in full, which alone shows that it is complete.
//!
//! **The stored copy** is the uploaded picture bit for bit, less all metadata, when its pixels are already upright 8-bit
//! sRGB: evidence loses nothing and no time is spent. Otherwise – rotated, CMYK, 16 bits, another colour profile – the
//! pixels are converted and written anew, JPEG at quality 90, PNG as PNG.
//!
//! Memory: the bytes of the file, the decoded pixels (1–4 bytes each; a progressive JPEG 2 more for each sample, a PNG
//! of 16 bits the double), once more when they are turned, and the products. A JPEG that is stored as it is gets decoded
//! at 1/8 to 1/2, so that a thumbnail of 12 megapixels needs about 10 MB.

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::DynamicImage;

use self::header::Header;
use self::jpeg::Jpeg;
use self::png::Png;
pub use self::problem::ImageProblem;
use self::product::{fit, shrunk_jpeg};
pub use self::sniff::{FileKind, sniff};

mod colour;
pub(crate) mod foreign;
mod header;
mod jpeg;
mod png;
mod problem;
mod product;
mod sniff;

/// Longer edge of a thumbnail, in pixels.
pub const THUMBNAIL_EDGE: u32 = 320;
/// Longer edge of a preview, in pixels.
pub const PREVIEW_EDGE: u32 = 1600;
/// Shortest edge an image may have, in pixels: below it documents cannot be read.
pub const MIN_EDGE: u32 = 300;
/// Most pixels an image may have.
pub const MAX_PIXELS: u64 = 50_000_000;

/// What a pixel takes at most when decoded: four samples of 16 bits.
const BYTES_PER_PIXEL: u64 = 8;
const STORED_QUALITY: u8 = 90;
const PREVIEW_QUALITY: u8 = 85;
const THUMBNAIL_QUALITY: u8 = 80;

/// What one upload purpose asks of an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImageRules {
    /// Largest file, in bytes.
    pub max_bytes: usize,
    /// Smallest width and height, in pixels.
    pub min_edge: u32,
    /// Largest width × height.
    pub max_pixels: u64,
    /// Whether a preview is made besides the thumbnail.
    pub preview: bool,
}

impl ImageRules {
    /// Unit and union certificates: 2 MiB.
    pub const CERTIFICATE: Self =
        Self { max_bytes: 2 << 20, min_edge: MIN_EDGE, max_pixels: MAX_PIXELS, preview: false };
    /// Enrolment attachments and over-age proofs: 10 MiB.
    pub const ATTACHMENT: Self = Self { max_bytes: 10 << 20, ..Self::CERTIFICATE };
    /// Claim material: 10 MiB, with a preview.
    pub const CLAIM_MATERIAL: Self = Self { preview: true, ..Self::ATTACHMENT };
}

/// An encoded image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EncodedImage {
    /// The file.
    pub bytes: Vec<u8>,
    /// Its MIME type, `image/jpeg` or `image/png`.
    pub content_type: &'static str,
    /// Width in pixels, upright.
    pub width: u32,
    /// Height in pixels, upright.
    pub height: u32,
}

/// What an accepted image becomes. None of it holds metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectedImage {
    /// The image in full, of the kind that was uploaded.
    pub stored: EncodedImage,
    /// At most [`THUMBNAIL_EDGE`] pixels, JPEG, sRGB, transparent parts white.
    pub thumbnail: EncodedImage,
    /// At most [`PREVIEW_EDGE`] pixels, JPEG, sRGB. None when the rules ask for none, or the stored image is no larger
    /// and serves itself.
    pub preview: Option<EncodedImage>,
}

/// Checks an uploaded image and makes what is stored of it (documents specification, uploads).
///
/// # Errors
/// The first problem found, in the order: size, kind, content that is no image, structure, dimensions, and pixels that
/// do not decode.
pub fn inspect_image(bytes: &[u8], rules: &ImageRules) -> Result<InspectedImage, ImageProblem> {
    if bytes.len() > rules.max_bytes {
        return Err(ImageProblem::TooLarge { max_bytes: rules.max_bytes });
    }
    guarded(|| {
        let file = Parsed::read(bytes)?;
        if file.has_foreign_trailer() || foreign::has_foreign_content(bytes) {
            return Err(ImageProblem::HasTrailingData);
        }
        file.check_size(rules)?;

        let is_preview_wanted = rules.preview && file.header().long_edge() > PREVIEW_EDGE;
        let is_stored_as_is = file.is_upright_srgb();
        let picture = file.decode(if !is_stored_as_is {
            u32::MAX
        } else if is_preview_wanted {
            PREVIEW_EDGE
        } else {
            THUMBNAIL_EDGE
        })?;
        let preview = is_preview_wanted.then(|| shrunk_jpeg(&picture, PREVIEW_EDGE, PREVIEW_QUALITY)).transpose()?;
        Ok(InspectedImage {
            thumbnail: shrunk_jpeg(&picture, THUMBNAIL_EDGE, THUMBNAIL_QUALITY)?,
            preview,
            stored: if is_stored_as_is { file.stripped() } else { file.rewritten(&picture)? },
        })
    })
}

/// Makes a thumbnail by the shortest way: a JPEG is decoded at an eighth where that suffices.
///
/// # Errors
/// The file is neither JPEG nor PNG, has more than [`MAX_PIXELS`], is incomplete or damaged.
pub fn thumbnail_only(bytes: &[u8]) -> Result<EncodedImage, ImageProblem> {
    guarded(|| {
        let file = Parsed::read(bytes)?;
        file.check_size(&ImageRules { max_bytes: usize::MAX, min_edge: 1, max_pixels: MAX_PIXELS, preview: false })?;
        shrunk_jpeg(&file.decode(THUMBNAIL_EDGE)?, THUMBNAIL_EDGE, THUMBNAIL_QUALITY)
    })
}

/// Decoders have asserts that odd files may reach.
fn guarded<T>(work: impl FnOnce() -> Result<T, ImageProblem>) -> Result<T, ImageProblem> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or(Err(ImageProblem::Damaged))
}

/// A file taken apart but not decoded.
enum Parsed<'a> {
    Jpeg(Jpeg<'a>),
    Png(Png<'a>),
}

impl<'a> Parsed<'a> {
    fn read(bytes: &'a [u8]) -> Result<Self, ImageProblem> {
        match sniff(bytes) {
            FileKind::Jpeg => Jpeg::parse(bytes).map(Self::Jpeg),
            FileKind::Png => Png::parse(bytes).map(Self::Png),
            other => Err(ImageProblem::KindNotAllowed(other)),
        }
    }

    fn check_size(&self, rules: &ImageRules) -> Result<(), ImageProblem> {
        let &Header { width, height, total_bytes, .. } = self.header();
        let pixels = u64::from(width) * u64::from(height);
        if pixels > rules.max_pixels || total_bytes > rules.max_pixels.saturating_mul(BYTES_PER_PIXEL) {
            return Err(ImageProblem::TooManyPixels { width, height, max_pixels: rules.max_pixels });
        }
        if width.min(height) < rules.min_edge {
            return Err(ImageProblem::TooSmall { width, height, min_edge: rules.min_edge });
        }
        match self {
            Self::Jpeg(jpeg) if !jpeg.is_complete() => Err(ImageProblem::Truncated),
            _ => Ok(()),
        }
    }

    /// Cameras pad files and put a second JPEG (depth or brightness map) or a short film behind the picture. These are
    /// dropped; anything else behind the end is refused. A film begins with the size of its first box, below 256 in
    /// four bytes, of which the zeros count as padding.
    fn has_foreign_trailer(&self) -> bool {
        match self {
            Self::Jpeg(jpeg) => {
                !matches!(without_padding(jpeg.trailer), [] | [0xFF, 0xD8, 0xFF, ..] | [_, b'f', b't', b'y', b'p', ..])
            }
            Self::Png(png) => !without_padding(png.trailer).is_empty(),
        }
    }

    fn header(&self) -> &Header {
        match self {
            Self::Jpeg(jpeg) => &jpeg.header,
            Self::Png(png) => &png.header,
        }
    }

    fn is_upright_srgb(&self) -> bool {
        let is_shown_as_coded = match self {
            Self::Jpeg(jpeg) => jpeg.is_rgb_or_grey(),
            Self::Png(_) => true,
        };
        is_shown_as_coded && self.header().is_upright_srgb()
    }

    /// Decodes all of the file, upright and in sRGB; the picture is at least `long_edge` pixels unless the file has
    /// fewer.
    fn decode(&self, long_edge: u32) -> Result<DynamicImage, ImageProblem> {
        let header = self.header();
        let mut picture = match self {
            Self::Jpeg(jpeg) => {
                let (width, height) = fit(header.width, header.height, long_edge);
                jpeg.decode(width, height)?
            }
            Self::Png(png) => png.decode()?,
        };
        if let Some(icc_profile) = &header.icc_profile {
            colour::convert_to_srgb(&mut picture, icc_profile);
        }
        picture.apply_orientation(header.orientation);
        Ok(picture)
    }

    fn stripped(&self) -> EncodedImage {
        let &Header { width, height, .. } = self.header();
        let (bytes, content_type) = match self {
            Self::Jpeg(jpeg) => (jpeg.stripped(), "image/jpeg"),
            Self::Png(png) => (png.stripped(), "image/png"),
        };
        EncodedImage { bytes, content_type, width, height }
    }

    fn rewritten(&self, picture: &DynamicImage) -> Result<EncodedImage, ImageProblem> {
        match self {
            Self::Jpeg(_) => product::jpeg(picture, STORED_QUALITY),
            Self::Png(_) => product::png(picture),
        }
    }
}

fn without_padding(trailer: &[u8]) -> &[u8] {
    let start =
        trailer.iter().position(|byte| !matches!(byte, 0 | b'\r' | b'\n' | b' ' | b'\t')).unwrap_or(trailer.len());
    &trailer[start..]
}
