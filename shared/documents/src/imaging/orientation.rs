//! The EXIF orientation, and how a picture stored sideways is read row by row as it should be seen.

/// TIFF tag 0x0112 (EXIF 2.32 §4.6.4): 1 is upright, 2–4 mirrored or upside down, 5–8 with the axes swapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Orientation(u8);

impl Orientation {
    pub(super) const UPRIGHT: Self = Self(1);

    /// Reads the tag from a TIFF structure as EXIF holds it; anything unreadable or out of range is upright, as
    /// viewers have it.
    pub(super) fn from_tiff(tiff: &[u8]) -> Self {
        read_tag(tiff).filter(|value| (1..=8).contains(value)).map_or(Self::UPRIGHT, Self)
    }

    pub(super) fn is_upright(self) -> bool {
        self == Self::UPRIGHT
    }

    /// Width and height as seen, of a picture stored with these.
    pub(super) fn seen(self, width: u32, height: u32) -> (u32, u32) {
        if self.0 >= 5 { (height, width) } else { (width, height) }
    }

    /// Where the pixels of row `y`, as seen, are stored: the index of the first and the distance to the next.
    pub(super) fn row(self, y: u32, width: u32, height: u32) -> (usize, isize) {
        let (y, w, h) = (y as usize, width as usize, height as usize);
        let next_row = width as isize;
        match self.0 {
            2 => (y * w + w - 1, -1),
            3 => ((h - 1 - y) * w + w - 1, -1),
            4 => ((h - 1 - y) * w, 1),
            5 => (y, next_row),
            6 => ((h - 1) * w + y, -next_row),
            7 => ((h - 1) * w + w - 1 - y, -next_row),
            8 => (w - 1 - y, next_row),
            _ => (y * w, 1),
        }
    }
}

fn read_tag(tiff: &[u8]) -> Option<u8> {
    let big = match tiff.get(..4)? {
        [b'M', b'M', 0, 42] => true,
        [b'I', b'I', 42, 0] => false,
        _ => return None,
    };
    let u16_at = |at: usize| {
        let pair = tiff.get(at..at.checked_add(2)?)?.try_into().ok()?;
        Some(if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) })
    };
    let u32_at = |at: usize| {
        let quad = tiff.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if big { u32::from_be_bytes(quad) } else { u32::from_le_bytes(quad) })
    };
    const SHORT: u16 = 3;
    let directory = u32_at(4)? as usize;
    let entries = usize::from(u16_at(directory)?);
    (0..entries)
        .map(|entry| directory + 2 + entry * 12)
        .find(|&at| u16_at(at) == Some(0x0112))
        .filter(|&at| u16_at(at + 2) == Some(SHORT))
        .and_then(|at| u8::try_from(u16_at(at + 8)?).ok())
}
