//! JPEG (ITU-T T.81): a walk over its segments, which keeps what draws the picture and drops the rest, and decoding
//! at the scale that is needed.
//!
//! `image` reads the head. The pixels are `jpeg-decoder`'s: `image` decodes at full size only, and draws a scan that
//! was cut short to its end as if nothing were missing.

use std::io::{self, Read};

use image::{DynamicImage, GrayImage, RgbImage};
use jpeg_decoder::{Decoder, Error, PixelFormat};
use memchr::memchr;

use super::colour::cmyk_to_srgb;
use super::header::Header;
use super::problem::ImageProblem;

/// Progressive files are decoded scan by scan over all blocks, so many empty scans are an attack on time. Encoders
/// write about ten.
const MAX_SCANS: usize = 40;
/// Stands in for the JFIF header of the file, which may hold a thumbnail.
const JFIF_HEADER: &[u8] = b"\xFF\xE0\x00\x10JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x00\x00";
/// One-bits behind every scan, seen by the decoder alone. A complete scan never reads them, as its own last byte is
/// filled up with ones. In a scan that was cut short they are an impossible code – T.81 reserves the code of all ones –
/// where the decoder would otherwise draw the rest of the picture from made-up zeros.
static GUARD: [u8; 16] = [0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0, 0xFF, 0];
const ALL_COEFFICIENTS: u64 = u64::MAX;

/// A JPEG file taken apart but not decoded.
pub(super) struct Jpeg<'a> {
    pub(super) header: Header,
    segments: Segments<'a>,
    /// Bytes after the end marker.
    pub(super) trailer: &'a [u8],
}

#[derive(Default)]
struct Segments<'a> {
    /// What there is to read before the first scan: what draws the picture, the orientation, the colour profile.
    head: Vec<&'a [u8]>,
    /// What draws the picture, from start to end marker, without any metadata; a guard behind each scan.
    kept: Vec<&'a [u8]>,
    components: Vec<Component>,
    is_adobe: bool,
    scans: usize,
}

struct Component {
    id: u8,
    /// One bit for each DCT coefficient that some scan brought to full precision.
    finished: u64,
}

impl<'a> Jpeg<'a> {
    /// Takes `bytes`, which begin with a start marker, apart.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, ImageProblem> {
        let mut segments = Segments::default();
        segments.keep(&bytes[..2]);
        let mut rest = &bytes[2..];
        loop {
            // Cameras exist that write stray bytes between segments; viewers skip them.
            rest = &rest[memchr(0xFF, rest).ok_or(ImageProblem::Truncated)?..];
            let marker = *rest.get(1).ok_or(ImageProblem::Truncated)?;
            match marker {
                0xFF => rest = &rest[1..],
                0x00 | 0x01 | 0xD0..=0xD7 => rest = &rest[2..],
                0xD8 => return Err(ImageProblem::Damaged),
                0xD9 => {
                    segments.kept.push(&rest[..2]);
                    break;
                }
                0xDA => {
                    let (header, scan) = split_segment(rest)?;
                    let (entropy, after) = scan.split_at(scan_length(scan)?);
                    segments.read_scan(header, entropy)?;
                    rest = after;
                }
                _ => {
                    let (segment, after) = split_segment(rest)?;
                    segments.read(marker, segment)?;
                    rest = after;
                }
            }
        }
        Ok(Jpeg { header: Header::read(&segments.head.concat())?, segments, trailer: &rest[2..] })
    }

    /// Whether every coefficient of every colour was sent: a progressive file cut between two scans lacks some.
    pub(super) fn is_complete(&self) -> bool {
        self.segments.components.iter().all(|component| component.finished == ALL_COEFFICIENTS)
    }

    /// Whether viewers show the coded pixels as they are: CMYK they do not.
    pub(super) fn is_rgb_or_grey(&self) -> bool {
        self.segments.components.len() < 4
    }

    /// The same picture, bit for bit, without metadata.
    pub(super) fn stripped(&self) -> Vec<u8> {
        self.segments.kept.iter().filter(|piece| !is_guard(piece)).copied().collect::<Vec<_>>().concat()
    }

    /// Decodes all of the picture, at the smallest of 1/8, 1/4, 1/2 and 1 that is at least `width × height` pixels as
    /// stored. CMYK comes out as sRGB, everything else in the colours of the file.
    pub(super) fn decode(&self, width: u32, height: u32) -> Result<DynamicImage, ImageProblem> {
        let mut input = Pieces::new(self.segments.kept.iter().copied());
        let mut decoder = Decoder::new(&mut input);
        let decoded = decoder.scale(clamp(width), clamp(height)).and_then(|size| Ok((size, decoder.decode()?)));
        let format = decoder.info().map(|info| info.pixel_format);
        let ((width, height), mut data) = decoded.map_err(|error| match error {
            Error::Unsupported(_) => ImageProblem::Unsupported,
            _ if input.reached_guard => ImageProblem::Truncated,
            _ => ImageProblem::Damaged,
        })?;
        let (width, height) = (width.into(), height.into());
        let image = match format {
            Some(PixelFormat::L8) => GrayImage::from_raw(width, height, data).map(DynamicImage::from),
            Some(PixelFormat::RGB24) => RgbImage::from_raw(width, height, data).map(DynamicImage::from),
            Some(PixelFormat::CMYK32) => {
                // The decoder takes all CMYK for Adobe's, which is stored inverted.
                if !self.segments.is_adobe {
                    data.iter_mut().for_each(|ink| *ink = 255 - *ink);
                }
                let data = cmyk_to_srgb(&data, self.header.icc_profile.as_deref());
                RgbImage::from_raw(width, height, data).map(DynamicImage::from)
            }
            _ => return Err(ImageProblem::Unsupported),
        };
        image.ok_or(ImageProblem::Damaged)
    }
}

impl<'a> Segments<'a> {
    /// Keeps a segment without which the picture cannot be drawn.
    fn keep(&mut self, segment: &'a [u8]) {
        self.kept.push(segment);
        self.tell(segment);
    }

    /// Hands a segment to whoever reads the head, which ends where the pixels begin.
    fn tell(&mut self, segment: &'a [u8]) {
        if self.scans == 0 {
            self.head.push(segment);
        }
    }

    fn read(&mut self, marker: u8, segment: &'a [u8]) -> Result<(), ImageProblem> {
        let payload = &segment[4..];
        match marker {
            0xC0..=0xC2 => {
                self.read_frame(payload)?;
                self.keep(segment);
            }
            0xC4 | 0xDB | 0xDD => self.keep(segment),
            0xE0 if payload.starts_with(b"JFIF\0") => self.keep(JFIF_HEADER),
            0xE1 if payload.starts_with(b"Exif\0\0") => self.tell(segment),
            0xE2 if payload.starts_with(b"ICC_PROFILE\0") => self.tell(segment),
            // Says how the colours are coded, so it stays; it has nothing else in it.
            0xEE if payload.starts_with(b"Adobe") && payload.len() == 12 => {
                self.is_adobe = true;
                self.keep(segment);
            }
            0xE0..=0xEF | 0xFE => {}
            _ => return Err(ImageProblem::Unsupported),
        }
        Ok(())
    }

    /// The colours of a baseline, extended or progressive frame (T.81 §B.2.2).
    fn read_frame(&mut self, payload: &[u8]) -> Result<(), ImageProblem> {
        let &[precision, _, _, _, _, count, ref components @ ..] = payload else {
            return Err(ImageProblem::Damaged);
        };
        let is_second_frame = !self.components.is_empty();
        if precision != 8 || is_second_frame || !matches!(count, 1 | 3 | 4) {
            return Err(ImageProblem::Unsupported);
        }
        self.components =
            components.chunks_exact(3).map(|component| Component { id: component[0], finished: 0 }).collect();
        if self.components.len() == usize::from(count) { Ok(()) } else { Err(ImageProblem::Damaged) }
    }

    /// Notes which coefficients of which colours a scan (T.81 §B.2.3) completes.
    fn read_scan(&mut self, header: &'a [u8], entropy: &'a [u8]) -> Result<(), ImageProblem> {
        let (&count, rest) = header[4..].split_first().ok_or(ImageProblem::Damaged)?;
        let (selectors, spectral) = rest.split_at_checked(usize::from(count) * 2).ok_or(ImageProblem::Damaged)?;
        let &[first, last, precision] = spectral else { return Err(ImageProblem::Damaged) };
        if first > last || last > 63 {
            return Err(ImageProblem::Damaged);
        }
        let is_full_precision = precision & 0x0F == 0;
        for selector in selectors.chunks_exact(2) {
            let component = self
                .components
                .iter_mut()
                .find(|component| component.id == selector[0])
                .ok_or(ImageProblem::Damaged)?;
            if is_full_precision {
                component.finished |= (ALL_COEFFICIENTS >> (63 - last)) & (ALL_COEFFICIENTS << first);
            }
        }
        self.keep(header);
        self.kept.extend([entropy, &GUARD]);
        self.scans += 1;
        if self.scans > MAX_SCANS { Err(ImageProblem::Unsupported) } else { Ok(()) }
    }
}

fn is_guard(piece: &[u8]) -> bool {
    std::ptr::eq(piece, GUARD.as_slice())
}

fn clamp(edge: u32) -> u16 {
    u16::try_from(edge).unwrap_or(u16::MAX)
}

/// Cuts a marker segment off: marker, length and payload; and what follows.
fn split_segment(rest: &[u8]) -> Result<(&[u8], &[u8]), ImageProblem> {
    let &[_, _, l1, l2, ..] = rest else { return Err(ImageProblem::Truncated) };
    let length = usize::from(u16::from_be_bytes([l1, l2]));
    if length < 2 {
        return Err(ImageProblem::Damaged);
    }
    rest.split_at_checked(2 + length).ok_or(ImageProblem::Truncated)
}

/// How many bytes of entropy-coded data there are before the next marker that is not a restart.
fn scan_length(rest: &[u8]) -> Result<usize, ImageProblem> {
    let mut at = 0;
    loop {
        at += memchr(0xFF, &rest[at..]).ok_or(ImageProblem::Truncated)?;
        match rest.get(at + 1).ok_or(ImageProblem::Truncated)? {
            0x00 | 0xD0..=0xD7 => at += 2,
            0xFF => at += 1,
            _ => return Ok(at),
        }
    }
}

/// Reads slices one after another and notes when a guard is handed out.
struct Pieces<'a, I> {
    current: &'a [u8],
    rest: I,
    reached_guard: bool,
}

impl<'a, I: Iterator<Item = &'a [u8]>> Pieces<'a, I> {
    fn new(rest: I) -> Self {
        Self { current: &[], rest, reached_guard: false }
    }
}

impl<'a, I: Iterator<Item = &'a [u8]>> Read for Pieces<'a, I> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.current.is_empty() {
            let Some(next) = self.rest.next() else { return Ok(0) };
            self.current = next;
            self.reached_guard = is_guard(next);
        }
        self.current.read(buffer)
    }

    // The decoder reads byte by byte; the default would loop for each.
    #[inline]
    fn read_exact(&mut self, buffer: &mut [u8]) -> io::Result<()> {
        if let Some((head, tail)) = self.current.split_at_checked(buffer.len()) {
            buffer.copy_from_slice(head);
            self.current = tail;
            return Ok(());
        }
        let mut filled = 0;
        while filled < buffer.len() {
            match self.read(&mut buffer[filled..])? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => filled += count,
            }
        }
        Ok(())
    }
}
