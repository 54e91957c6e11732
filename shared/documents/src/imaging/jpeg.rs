//! JPEG (ITU-T T.81): a walk over its segments, which keeps what draws the picture and drops the rest, and decoding
//! at the scale that is needed.

use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use jpeg_decoder::{Decoder, Error, PixelFormat};
use memchr::memchr;

use super::orientation::Orientation;
use super::picture::{Pixels, Space};
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
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) orientation: Orientation,
    icc_chunks: Vec<&'a [u8]>,
    /// What draws the picture, from start to end marker, without any metadata; a guard behind each scan.
    kept: Vec<&'a [u8]>,
    components: Vec<Component>,
    is_adobe: bool,
    /// Bytes after the end marker.
    pub(super) trailer: &'a [u8],
}

struct Component {
    id: u8,
    /// One bit for each DCT coefficient that some scan brought to full precision.
    finished: u64,
}

impl<'a> Jpeg<'a> {
    /// Takes `bytes`, which begin with a start marker, apart.
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, ImageProblem> {
        let mut jpeg = Jpeg {
            width: 0,
            height: 0,
            orientation: Orientation::UPRIGHT,
            icc_chunks: Vec::new(),
            kept: vec![&bytes[..2]],
            components: Vec::new(),
            is_adobe: false,
            trailer: &[],
        };
        let mut scans = 0;
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
                    jpeg.kept.push(&rest[..2]);
                    jpeg.trailer = &rest[2..];
                    break;
                }
                0xDA => {
                    scans += 1;
                    if scans > MAX_SCANS {
                        return Err(ImageProblem::Unsupported);
                    }
                    let (header, scan) = split_segment(rest)?;
                    jpeg.read_scan_header(&header[4..])?;
                    let (entropy, after) = scan.split_at(scan_length(scan)?);
                    jpeg.kept.extend([header, entropy, &GUARD]);
                    rest = after;
                }
                _ => {
                    let (segment, after) = split_segment(rest)?;
                    jpeg.read_segment(marker, segment)?;
                    rest = after;
                }
            }
        }
        if jpeg.components.is_empty() {
            return Err(ImageProblem::Damaged);
        }
        Ok(jpeg)
    }

    /// Keeps a segment if the picture cannot be drawn without it, and otherwise what is worth knowing of it.
    fn read_segment(&mut self, marker: u8, segment: &'a [u8]) -> Result<(), ImageProblem> {
        let payload = &segment[4..];
        match marker {
            0xC0..=0xC2 => {
                self.read_frame(payload)?;
                self.kept.push(segment);
            }
            0xC4 | 0xDB | 0xDD => self.kept.push(segment),
            0xE0 if payload.starts_with(b"JFIF\0") => self.kept.push(JFIF_HEADER),
            0xE1 => {
                if let Some(tiff) = payload.strip_prefix(b"Exif\0\0") {
                    self.orientation = Orientation::from_tiff(tiff);
                }
            }
            0xE2 => self.icc_chunks.extend(payload.strip_prefix(b"ICC_PROFILE\0")),
            // Says how the colours are coded, so it stays; it has nothing else in it.
            0xEE if payload.starts_with(b"Adobe") && payload.len() == 12 => {
                self.is_adobe = true;
                self.kept.push(segment);
            }
            0xE0..=0xEF | 0xFE => {}
            _ => return Err(ImageProblem::Unsupported),
        }
        Ok(())
    }

    /// The colour profile (ICC.1 §B.4), of which each segment holds a piece behind its number, from 1, and their count.
    pub(super) fn icc_profile(&self) -> Option<Vec<u8>> {
        let mut chunks = self.icc_chunks.clone();
        chunks.sort_by_key(|chunk| chunk.first().copied());
        let count = chunks.len();
        let is_whole = count > 0
            && chunks.iter().enumerate().all(|(index, chunk)| {
                matches!(chunk, [number, of, ..] if usize::from(*number) == index + 1 && usize::from(*of) == count)
            });
        is_whole.then(|| chunks.iter().flat_map(|chunk| &chunk[2..]).copied().collect())
    }

    /// Frame header (T.81 §B.2.2) of a baseline, extended or progressive frame.
    fn read_frame(&mut self, payload: &[u8]) -> Result<(), ImageProblem> {
        let &[precision, h1, h2, w1, w2, count, ref components @ ..] = payload else {
            return Err(ImageProblem::Damaged);
        };
        let is_second_frame = !self.components.is_empty();
        if precision != 8 || is_second_frame || !matches!(count, 1 | 3 | 4) {
            return Err(ImageProblem::Unsupported);
        }
        self.height = u32::from(u16::from_be_bytes([h1, h2]));
        self.width = u32::from(u16::from_be_bytes([w1, w2]));
        self.components =
            components.chunks_exact(3).map(|component| Component { id: component[0], finished: 0 }).collect();
        if self.components.len() != usize::from(count) || self.width == 0 {
            return Err(ImageProblem::Damaged);
        }
        // Zero lines announces that the height follows later, which no camera or scanner writes.
        if self.height == 0 { Err(ImageProblem::Unsupported) } else { Ok(()) }
    }

    /// Notes which coefficients of which colours this scan (T.81 §B.2.3) completes.
    fn read_scan_header(&mut self, payload: &[u8]) -> Result<(), ImageProblem> {
        let (&count, rest) = payload.split_first().ok_or(ImageProblem::Damaged)?;
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
        Ok(())
    }

    /// Whether every coefficient of every colour was sent: a progressive file cut between two scans lacks some.
    pub(super) fn is_complete(&self) -> bool {
        self.components.iter().all(|component| component.finished == ALL_COEFFICIENTS)
    }

    /// Whether viewers show the coded pixels as they are: CMYK they do not.
    pub(super) fn is_rgb_or_grey(&self) -> bool {
        self.components.len() < 4
    }

    /// The same picture, bit for bit, without metadata.
    pub(super) fn stripped(&self) -> Vec<u8> {
        self.kept.iter().filter(|piece| !is_guard(piece)).copied().collect::<Vec<_>>().concat()
    }

    /// Decodes all of the picture, at the smallest of 1/8, 1/4, 1/2 and 1 that is at least `width × height` pixels as
    /// stored.
    pub(super) fn decode(&self, width: u32, height: u32) -> Result<Pixels, ImageProblem> {
        let mut input = Pieces::new(self.kept.iter().copied());
        // The decoder has asserts that odd files may reach.
        let decoded = catch_unwind(AssertUnwindSafe(|| {
            let mut decoder = Decoder::new(&mut input);
            let (width, height) = decoder.scale(clamp(width), clamp(height))?;
            let data = decoder.decode()?;
            let format = decoder.info().map(|info| info.pixel_format);
            Ok((u32::from(width), u32::from(height), data, format))
        }));
        let (width, height, mut data, format) = match decoded {
            Ok(Ok(picture)) => picture,
            Ok(Err(Error::Unsupported(_))) => return Err(ImageProblem::Unsupported),
            Ok(Err(_)) if input.reached_guard => return Err(ImageProblem::Truncated),
            Ok(Err(_)) | Err(_) => return Err(ImageProblem::Damaged),
        };
        let space = match format {
            Some(PixelFormat::L8) => Space::Grey,
            Some(PixelFormat::RGB24) => Space::Rgb,
            Some(PixelFormat::CMYK32) => Space::Cmyk,
            _ => return Err(ImageProblem::Unsupported),
        };
        // The decoder takes all CMYK for Adobe's, which is stored inverted.
        if space == Space::Cmyk && !self.is_adobe {
            data.iter_mut().for_each(|ink| *ink = 255 - *ink);
        }
        Pixels::new(width, height, space, data).ok_or(ImageProblem::Damaged)
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
