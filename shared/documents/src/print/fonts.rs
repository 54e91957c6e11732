//! The built-in fonts and which of them draws a character.
//!
//! Noto Sans SC Regular comes in two files: what documents usually need, read in place, and the rest of the unified block
//! and Extension A, unpacked when it is needed. Headings are Bold where Bold has the character and Regular where not. What
//! all lack, mostly Extensions B–F, comes from HanaMin. How the files were made: `fonts/build.py`.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::LazyLock;

use lzma_rust2::LzmaReader;
use printpdf::{FontId, ParsedFont};

use super::problem::RenderProblem;

/// One of the built-in fonts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Face {
    Regular,
    Bold,
    Further,
    Rare,
}

/// How heavy a text is meant to be; characters that Bold lacks are drawn in Regular.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

/// The face that draws a character and how far it moves the pen, in thousandths of an em.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Glyph {
    pub(super) face: Face,
    pub(super) advance: u16,
}

static REGULAR: LazyLock<Option<ParsedFont>> = LazyLock::new(|| parse(include_bytes!("../../fonts/print-regular.ttf")));
static BOLD: LazyLock<Option<ParsedFont>> = LazyLock::new(|| parse(include_bytes!("../../fonts/print-bold.ttf")));
/// Unpacked only when one of its characters turns up.
static FURTHER: LazyLock<Option<ParsedFont>> =
    LazyLock::new(|| unpack(include_bytes!("../../fonts/print-further.ttf.lzma")));
/// Unpacked only when a rare character turns up.
static RARE: LazyLock<Option<ParsedFont>> = LazyLock::new(|| unpack(include_bytes!("../../fonts/print-rare.ttf.lzma")));

/// Memory an unpacker may take, in KiB: the dictionary of 16 MiB, and what it works with.
const UNPACKING_KIB: u32 = 32 * 1024;

fn unpack(packed: &[u8]) -> Option<ParsedFont> {
    let mut font = Vec::new();
    LzmaReader::new_mem_limit(packed, UNPACKING_KIB, None).ok()?.read_to_end(&mut font).ok()?;
    parse(&font)
}

fn parse(font: &[u8]) -> Option<ParsedFont> {
    ParsedFont::from_bytes(font, 0, &mut Vec::new())
}

impl Face {
    /// The name of the font in page resources, and its six-letter subset tag.
    pub(super) fn id(self) -> FontId {
        FontId(
            match self {
                Self::Regular => "PRTREG",
                Self::Bold => "PRTBLD",
                Self::Further => "PRTFUR",
                Self::Rare => "PRTRAR",
            }
            .to_owned(),
        )
    }

    pub(super) fn font(self) -> Result<&'static ParsedFont, RenderProblem> {
        match self {
            Self::Regular => &*REGULAR,
            Self::Bold => &*BOLD,
            Self::Further => &*FURTHER,
            Self::Rare => &*RARE,
        }
        .as_ref()
        .ok_or(RenderProblem::BuiltInFont)
    }

    fn glyph(self, character: char) -> Result<Option<Glyph>, RenderProblem> {
        let font = self.font()?;
        let found = font.lookup_glyph_index(character.into());
        Ok(found.filter(|index| *index != 0).map(|index| {
            let advance = u32::from(font.get_horizontal_advance(index)) * 1000
                / u32::from(font.pdf_font_metrics.units_per_em.max(1));
            let advance = u16::try_from(advance).unwrap_or(u16::MAX);
            Glyph { face: self, advance }
        }))
    }
}

/// Remembers the glyph of every character met, since a roster repeats a few thousand of them millions of times.
#[derive(Default)]
pub(super) struct GlyphCache {
    /// By code point, for the first plane.
    regular: Vec<Option<Glyph>>,
    /// By code point, for the first plane.
    bold: Vec<Option<Glyph>>,
    beyond: BTreeMap<char, Glyph>,
}

impl GlyphCache {
    /// The glyph for `character`, or `None` where no font has one.
    ///
    /// # Errors
    /// [`RenderProblem::BuiltInFont`].
    pub(super) fn glyph(&mut self, character: char, weight: Weight) -> Result<Option<Glyph>, RenderProblem> {
        const PLANE: usize = 0x1_0000;
        let at = u32::from(character) as usize;
        let (known, faces): (_, &[Face]) = match weight {
            Weight::Regular => (&mut self.regular, &[Face::Regular, Face::Further, Face::Rare]),
            Weight::Bold => (&mut self.bold, &[Face::Bold, Face::Regular, Face::Further, Face::Rare]),
        };
        if known.is_empty() {
            known.resize(PLANE, None);
        }
        let seen = known.get(at).copied().unwrap_or_else(|| self.beyond.get(&character).copied());
        if seen.is_some() {
            return Ok(seen);
        }
        for face in faces {
            if let Some(glyph) = face.glyph(character)? {
                match known.get_mut(at) {
                    Some(slot) => *slot = Some(glyph),
                    None => drop(self.beyond.insert(character, glyph)),
                }
                return Ok(Some(glyph));
            }
        }
        Ok(None)
    }
}
