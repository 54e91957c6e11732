//! PNG (W3C PNG, third edition): a walk over its chunks, which keeps what draws the picture and drops the rest. `image`
//! reads and decodes what is kept.

use image::{ColorType, DynamicImage};

use super::MAX_PIXELS;
use super::header::{Header, decoder, problem};
use super::problem::ImageProblem;

const SIGNATURE_BYTES: usize = 8;

/// A PNG file taken apart but not decoded. Of an animation the still picture is kept.
pub(super) struct Png<'a> {
    pub(super) header: Header,
    /// Signature and chunks without metadata.
    kept: Vec<&'a [u8]>,
    /// Bytes after the end chunk.
    pub(super) trailer: &'a [u8],
}

impl<'a> Png<'a> {
    /// Takes `bytes`, which begin with a PNG signature, apart.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, ImageProblem> {
        let (signature, mut rest) = bytes.split_at(SIGNATURE_BYTES);
        let mut kept = vec![signature];
        let mut metadata = Vec::new();
        loop {
            let (chunk, after) = split_chunk(rest)?;
            rest = after;
            match &chunk[4..8] {
                b"IHDR" => {
                    check_edges(&chunk[8..])?;
                    kept.push(chunk);
                }
                b"PLTE" | b"tRNS" | b"IDAT" => kept.push(chunk),
                // May stand behind the pixels, where the decoder does not look before it has decoded them.
                b"iCCP" | b"eXIf" => metadata.push(chunk),
                b"IEND" => {
                    kept.push(chunk);
                    break;
                }
                _ => {}
            }
        }
        let (start, pixels) = kept.split_at(2);
        let header = Header::read(&[start, &metadata, pixels].concat().concat())?;
        Ok(Png { header, kept, trailer: rest })
    }

    /// The same picture, bit for bit, without metadata.
    pub(super) fn stripped(&self) -> Vec<u8> {
        self.kept.concat()
    }

    /// Decodes all of the picture to 8 bits a sample, palettes spread out.
    pub(super) fn decode(&self) -> Result<DynamicImage, ImageProblem> {
        let file = self.stripped();
        let image = DynamicImage::from_decoder(decoder(&file)?).map_err(|error| problem(&error))?;
        Ok(match image.color() {
            ColorType::L16 => image.into_luma8().into(),
            ColorType::La16 => image.into_luma_alpha8().into(),
            ColorType::Rgb16 => image.into_rgb8().into(),
            ColorType::Rgba16 => image.into_rgba8().into(),
            _ => image,
        })
    }
}

/// Refuses a size whose rows alone are more than the decoder may take, so that it fails without telling the size.
fn check_edges(header: &[u8]) -> Result<(), ImageProblem> {
    let &[w1, w2, w3, w4, h1, h2, h3, h4, ..] = header else { return Err(ImageProblem::Damaged) };
    let (width, height) = (u32::from_be_bytes([w1, w2, w3, w4]), u32::from_be_bytes([h1, h2, h3, h4]));
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(ImageProblem::TooManyPixels { width, height, max_pixels: MAX_PIXELS });
    }
    Ok(())
}

/// Cuts a chunk off: length, type, data and checksum; and what follows.
fn split_chunk(rest: &[u8]) -> Result<(&[u8], &[u8]), ImageProblem> {
    let &[l1, l2, l3, l4, ..] = rest else { return Err(ImageProblem::Truncated) };
    let length = u32::from_be_bytes([l1, l2, l3, l4]) as usize;
    rest.split_at_checked(length.saturating_add(12)).ok_or(ImageProblem::Truncated)
}
