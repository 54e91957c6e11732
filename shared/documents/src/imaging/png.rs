//! PNG (W3C PNG, third edition): a walk over its chunks, which keeps what draws the picture and drops the rest, and
//! decoding to 8-bit samples.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use png::{ColorType, DecodingError, Limits, Transformations};

use super::orientation::Orientation;
use super::picture::{Pixels, Space};
use super::problem::ImageProblem;

const SIGNATURE_BYTES: usize = 8;
/// What the decoder may set aside for itself – two rows, profile, palette – besides the pixels it is given room for.
const DECODER_BYTES: usize = 64 << 20;
/// Edges are 31-bit numbers above zero.
const MAX_EDGE: u32 = 0x7FFF_FFFF;

/// A PNG file taken apart but not decoded. Of an animation the still picture is kept.
pub(super) struct Png<'a> {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) orientation: Orientation,
    bit_depth: u8,
    has_profile: bool,
    /// Signature and chunks without metadata, with the colour profile.
    kept: Vec<&'a [u8]>,
    /// Bytes after the end chunk.
    pub(super) trailer: &'a [u8],
}

impl<'a> Png<'a> {
    /// Takes `bytes`, which begin with a PNG signature, apart.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, ImageProblem> {
        let (signature, mut rest) = bytes.split_at(SIGNATURE_BYTES);
        let (header, _) = split_chunk(rest)?;
        let &[_, _, _, 13, b'I', b'H', b'D', b'R', w1, w2, w3, w4, h1, h2, h3, h4, bit_depth, ..] = header else {
            return Err(ImageProblem::Damaged);
        };
        let mut png = Png {
            width: u32::from_be_bytes([w1, w2, w3, w4]),
            height: u32::from_be_bytes([h1, h2, h3, h4]),
            orientation: Orientation::UPRIGHT,
            bit_depth,
            has_profile: false,
            kept: vec![signature],
            trailer: &[],
        };
        if !(1..=MAX_EDGE).contains(&png.width) || !(1..=MAX_EDGE).contains(&png.height) {
            return Err(ImageProblem::Damaged);
        }
        loop {
            let (chunk, after) = split_chunk(rest)?;
            rest = after;
            match &chunk[4..8] {
                b"IHDR" | b"PLTE" | b"tRNS" | b"IDAT" => png.kept.push(chunk),
                b"iCCP" => {
                    png.has_profile = true;
                    png.kept.push(chunk);
                }
                b"eXIf" => png.orientation = Orientation::from_tiff(&chunk[8..chunk.len() - 4]),
                b"IEND" => {
                    png.kept.push(chunk);
                    png.trailer = rest;
                    return Ok(png);
                }
                _ => {}
            }
        }
    }

    /// Whether the stored samples are not yet sRGB of at most 8 bits.
    pub(super) fn needs_conversion(&self) -> bool {
        self.bit_depth > 8 || self.has_profile
    }

    /// The same picture, bit for bit, without metadata.
    pub(super) fn stripped(&self) -> Vec<u8> {
        self.kept.concat()
    }

    /// Decodes all of the picture to 8 bits a sample, palettes spread out, with the colour profile if there is one.
    pub(super) fn decode(&self) -> Result<(Pixels, Option<Vec<u8>>), ImageProblem> {
        let file = self.kept.concat();
        catch_unwind(AssertUnwindSafe(|| decode(&file))).unwrap_or(Err(ImageProblem::Damaged))
    }
}

fn decode(file: &[u8]) -> Result<(Pixels, Option<Vec<u8>>), ImageProblem> {
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(file), Limits { bytes: DECODER_BYTES });
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(problem)?;
    let icc_profile = reader.info().icc_profile.as_deref().map(<[u8]>::to_vec);
    let mut data = vec![0; reader.output_buffer_size().ok_or(ImageProblem::Damaged)?];
    let frame = reader.next_frame(&mut data).map_err(problem)?;
    let space = match frame.color_type {
        ColorType::Grayscale => Space::Grey,
        ColorType::GrayscaleAlpha => Space::GreyAlpha,
        ColorType::Rgb => Space::Rgb,
        ColorType::Rgba => Space::Rgba,
        ColorType::Indexed => return Err(ImageProblem::Damaged),
    };
    let pixels = Pixels::new(frame.width, frame.height, space, data).ok_or(ImageProblem::Damaged)?;
    Ok((pixels, icc_profile))
}

fn problem(error: DecodingError) -> ImageProblem {
    match error {
        DecodingError::IoError(_) => ImageProblem::Truncated,
        DecodingError::Format(_) | DecodingError::Parameter(_) | DecodingError::LimitsExceeded => ImageProblem::Damaged,
    }
}

/// Cuts a chunk off: length, type, data and checksum; and what follows.
fn split_chunk(rest: &[u8]) -> Result<(&[u8], &[u8]), ImageProblem> {
    let &[l1, l2, l3, l4, ..] = rest else { return Err(ImageProblem::Truncated) };
    let length = u32::from_be_bytes([l1, l2, l3, l4]) as usize;
    rest.split_at_checked(length.saturating_add(12)).ok_or(ImageProblem::Truncated)
}
