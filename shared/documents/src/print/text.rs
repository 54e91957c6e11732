//! Measuring, breaking and drawing text.

use super::fonts::{Glyph, GlyphCache, Weight};
use super::page::{Colour, Page, Run};
use super::problem::{Place, RenderProblem};

/// Size, weight and colour of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Style {
    /// Thousandths of a point.
    pub(super) size: i32,
    pub(super) weight: Weight,
    pub(super) colour: Colour,
}

impl Style {
    pub(super) const fn regular(size: i32) -> Self {
        Self { size, weight: Weight::Regular, colour: Colour::Ink }
    }

    pub(super) const fn bold(size: i32) -> Self {
        Self { size, weight: Weight::Bold, colour: Colour::Ink }
    }

    pub(super) const fn coloured(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// How far below the top of a line of `leading` its baseline lies. Han glyphs reach 0.88 em above and 0.12 em below
    /// the baseline.
    pub(super) const fn baseline(self, leading: i32) -> i32 {
        (leading - self.size) / 2 + self.size * 88 / 100
    }
}

/// Where a line stands between its left and right edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Centre,
    Right,
}

/// Sets text with the built-in fonts.
#[derive(Default)]
pub(super) struct Typesetter {
    glyphs: GlyphCache,
}

impl Typesetter {
    /// Refuses texts with characters that no font has, all of them at once.
    ///
    /// # Errors
    /// [`RenderProblem::MissingGlyphs`], [`RenderProblem::BuiltInFont`].
    pub(super) fn check<'a>(&mut self, texts: impl IntoIterator<Item = (Place, &'a str)>) -> Result<(), RenderProblem> {
        let mut which = Vec::new();
        for (place, text) in texts {
            let before = which.len();
            for character in text.chars() {
                if self.glyphs.glyph(character, Weight::Regular)?.is_none()
                    && !which[before..].contains(&(place, character))
                {
                    which.push((place, character));
                }
            }
        }
        if which.is_empty() { Ok(()) } else { Err(RenderProblem::MissingGlyphs { which }) }
    }

    /// Width of `text` on one line.
    pub(super) fn width(&mut self, text: &str, style: Style) -> Result<i32, RenderProblem> {
        let mut em = 0;
        for character in text.chars() {
            em += self.advance(character, style.weight)?;
        }
        Ok(scaled(em, style.size))
    }

    /// `text` in lines no wider than `room`. Lines break between Han characters and between words, never before closing
    /// or after opening punctuation; a word wider than the room breaks anywhere.
    pub(super) fn lines<'t>(&mut self, text: &'t str, style: Style, room: i32) -> Result<Vec<&'t str>, RenderProblem> {
        let mut lines = Vec::new();
        for paragraph in text.split('\n') {
            self.break_paragraph(paragraph, style, room, &mut lines)?;
        }
        Ok(lines)
    }

    fn break_paragraph<'t>(
        &mut self,
        paragraph: &'t str,
        style: Style,
        room: i32,
        lines: &mut Vec<&'t str>,
    ) -> Result<(), RenderProblem> {
        let (mut start, mut em, mut chance, mut before) = (0, 0, 0, None);
        for (at, character) in paragraph.char_indices() {
            if before.is_some_and(|before| may_break(before, character)) {
                chance = at;
            }
            em += self.advance(character, style.weight)?;
            if scaled(em, style.size) > room && at > start {
                let cut = if chance > start { chance } else { at };
                lines.push(paragraph[start..cut].trim_end());
                start = cut;
                em = 0;
                for carried in paragraph[start..at + character.len_utf8()].chars() {
                    em += self.advance(carried, style.weight)?;
                }
            }
            before = Some(character);
        }
        lines.push(&paragraph[start..]);
        Ok(())
    }

    /// Draws one line with its baseline at `y`; `x` is its left end.
    pub(super) fn draw(
        &mut self,
        page: &mut Page,
        (mut x, y): (i32, i32),
        style: Style,
        text: &str,
    ) -> Result<(), RenderProblem> {
        let (mut start, mut em, mut face) = (0, 0, None);
        for (at, character) in text.char_indices() {
            let glyph = self.known(character, style.weight)?;
            if let Some(drawn) = face
                && drawn != glyph.face
            {
                let run = Run { x, y, face: drawn, style, width: scaled(em, style.size) };
                page.run(run, &text[start..at]);
                (x, start, em) = (x + run.width, at, 0);
            }
            face = Some(glyph.face);
            em += i32::from(glyph.advance);
        }
        if let Some(face) = face {
            page.run(Run { x, y, face, style, width: scaled(em, style.size) }, &text[start..]);
        }
        Ok(())
    }

    /// Draws one line between `left` and `left + room`.
    pub(super) fn draw_aligned(
        &mut self,
        page: &mut Page,
        (left, y): (i32, i32),
        room: i32,
        align: Align,
        style: Style,
        text: &str,
    ) -> Result<(), RenderProblem> {
        let spare = match align {
            Align::Left => 0,
            Align::Centre => (room - self.width(text, style)?) / 2,
            Align::Right => room - self.width(text, style)?,
        };
        self.draw(page, (left + spare, y), style, text)
    }

    fn advance(&mut self, character: char, weight: Weight) -> Result<i32, RenderProblem> {
        Ok(self.known(character, weight)?.advance.into())
    }

    /// A glyph of a text that passed [`Self::check`] or is part of the form.
    fn known(&mut self, character: char, weight: Weight) -> Result<Glyph, RenderProblem> {
        self.glyphs.glyph(character, weight)?.ok_or(RenderProblem::BuiltInFont)
    }
}

/// Thousandths of an em at `size` thousandths of a point; texts of a form stay far below the range of `i32`.
const fn scaled(em: i32, size: i32) -> i32 {
    (em as i64 * size as i64 / 1000) as i32
}

fn may_break(before: char, after: char) -> bool {
    const NEVER_FIRST: &str = "，。、；：？！）》」』”’】〉％%·,.;:?!)]}";
    const NEVER_LAST: &str = "（《「『“‘【〈([{¥￥";
    let of_word = |c: char| c.is_ascii_alphanumeric() || "-_/.,*@:+".contains(c);
    let held = NEVER_FIRST.contains(after) || NEVER_LAST.contains(before) || after == ' ';
    let within_word = of_word(before) && of_word(after);
    !held && !within_word
}
