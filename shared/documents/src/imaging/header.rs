//! What the head of a file says of its picture, as `image` reads it.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{ImageDecoder, ImageError, ImageReader, Limits};

use super::colour::is_srgb;
use super::problem::ImageProblem;

/// What a decoder may set aside for itself – rows, profile, palette – besides the pixels, whose size is checked apart.
const DECODER_BYTES: u64 = 64 << 20;

/// Size, colours and orientation, known before a pixel is decoded.
pub(super) struct Header {
    /// In pixels, as stored, not as seen.
    pub(super) width: u32,
    /// In pixels, as stored, not as seen.
    pub(super) height: u32,
    pub(super) orientation: Orientation,
    pub(super) icc_profile: Option<Vec<u8>>,
    /// Whether a sample has no more than eight bits.
    is_eight_bit: bool,
    /// What the decoded pixels take.
    pub(super) total_bytes: u64,
}

impl Header {
    pub(super) fn read(file: &[u8]) -> Result<Self, ImageProblem> {
        let mut decoder = decoder(file)?;
        let (width, height) = decoder.dimensions();
        let color = decoder.color_type();
        Ok(Self {
            width,
            height,
            // Metadata that cannot be read counts as none, as viewers have it.
            orientation: decoder.orientation().unwrap_or(Orientation::NoTransforms),
            icc_profile: decoder.icc_profile().ok().flatten(),
            is_eight_bit: color.bytes_per_pixel() == color.channel_count(),
            total_bytes: decoder.total_bytes(),
        })
    }

    pub(super) fn long_edge(&self) -> u32 {
        self.width.max(self.height)
    }

    /// Whether viewers show the samples right without being told more.
    pub(super) fn is_upright_srgb(&self) -> bool {
        self.orientation == Orientation::NoTransforms
            && self.is_eight_bit
            && self.icc_profile.as_deref().is_none_or(is_srgb)
    }
}

/// The decoder for `file`, with its own memory bounded. It does not bound the pixels: see [`Header::total_bytes`].
pub(super) fn decoder(file: &[u8]) -> Result<impl ImageDecoder + '_, ImageProblem> {
    let mut reader = ImageReader::new(Cursor::new(file)).with_guessed_format().map_err(|_| ImageProblem::Damaged)?;
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(DECODER_BYTES);
    reader.limits(limits);
    reader.into_decoder().map_err(|error| problem(&error))
}

pub(super) fn problem(error: &ImageError) -> ImageProblem {
    match error {
        ImageError::IoError(_) => ImageProblem::Truncated,
        ImageError::Unsupported(_) => ImageProblem::Unsupported,
        _ => ImageProblem::Damaged,
    }
}
