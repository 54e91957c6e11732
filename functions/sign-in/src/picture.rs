//! A formula as a picture that is easier to read for people than for programs: glyphs out of line and slanted, waves,
//! strokes and specks.

use png::{BitDepth, ColorType, Encoder};
use workflow::ports::Outage;

const WIDTH: i32 = 176;
const HEIGHT: i32 = 64;
/// Pixels of a dot of a glyph.
const DOT: i32 = 4;
/// Pixels from glyph to glyph: five dots and a gap.
const PITCH: i32 = 26;
const MARGIN: i32 = 12;
/// One period of a wave of two pixels.
const WAVE: [i32; 16] = [0, 1, 1, 2, 2, 2, 1, 1, 0, -1, -1, -2, -2, -2, -1, -1];
const PAPER: u8 = 250;
const INK: u8 = 40;
const DUST: u8 = 150;

/// Five dots wide and seven high, a row a number.
fn glyph(letter: char) -> [u8; 7] {
    match letter {
        '0' => [0b01110, 0b10001, 0b10011, 0b10101, 0b11001, 0b10001, 0b01110],
        '1' => [0b00100, 0b01100, 0b00100, 0b00100, 0b00100, 0b00100, 0b01110],
        '2' => [0b01110, 0b10001, 0b00001, 0b00110, 0b01000, 0b10000, 0b11111],
        '3' => [0b11110, 0b00001, 0b00001, 0b01110, 0b00001, 0b00001, 0b11110],
        '4' => [0b00010, 0b00110, 0b01010, 0b10010, 0b11111, 0b00010, 0b00010],
        '5' => [0b11111, 0b10000, 0b11110, 0b00001, 0b00001, 0b10001, 0b01110],
        '6' => [0b00110, 0b01000, 0b10000, 0b11110, 0b10001, 0b10001, 0b01110],
        '7' => [0b11111, 0b00001, 0b00010, 0b00100, 0b01000, 0b01000, 0b01000],
        '8' => [0b01110, 0b10001, 0b10001, 0b01110, 0b10001, 0b10001, 0b01110],
        '9' => [0b01110, 0b10001, 0b10001, 0b01111, 0b00001, 0b00010, 0b01100],
        '+' => [0b00000, 0b00100, 0b00100, 0b11111, 0b00100, 0b00100, 0b00000],
        '=' => [0b00000, 0b00000, 0b11111, 0b00000, 0b11111, 0b00000, 0b00000],
        '?' => [0b01110, 0b10001, 0b00001, 0b00110, 0b00100, 0b00000, 0b00100],
        _ => [0; 7],
    }
}

/// The picture of a formula of at most six letters; `chance` decides how it is bent.
pub(crate) fn draw(formula: &str, chance: [u8; 32]) -> Result<Vec<u8>, Outage> {
    let glyphs: Vec<[u8; 7]> = formula.chars().map(glyph).collect();
    let mut pixels = Vec::new();
    for y in 0..HEIGHT {
        for x in 0..WIDTH {
            pixels.push(if is_ink(&glyphs, &chance, x, y) {
                INK
            } else if is_dust(&chance, x, y) {
                DUST
            } else {
                PAPER
            });
        }
    }
    encode(&pixels).map_err(|problem| Outage::new("draw-captcha", problem))
}

/// A number from 0 up to `below`, by chance.
fn pick(chance: &[u8; 32], at: usize, below: i32) -> i32 {
    i32::from(chance[at % chance.len()]) % below
}

/// Ink runs a pixel beyond the dots, so that bent strokes hold together.
fn is_ink(glyphs: &[[u8; 7]], chance: &[u8; 32], x: i32, y: i32) -> bool {
    (-1..=1).any(|right| (-1..=1).any(|down| is_dot(glyphs, chance, x + right, y + down)))
}

fn is_dot(glyphs: &[[u8; 7]], chance: &[u8; 32], x: i32, y: i32) -> bool {
    let wave = |at: i32| WAVE[usize::try_from(at.rem_euclid(16)).unwrap_or_default()];
    let (x, y) = (x - MARGIN + wave(y / 2 + pick(chance, 0, 16)), y - wave(x / 2 + pick(chance, 1, 16)));
    let Ok(place) = usize::try_from(x.div_euclid(PITCH)) else { return false };
    let Some(rows) = glyphs.get(place) else { return false };
    let down = y - 8 - pick(chance, 2 + place, 20);
    let slant = (pick(chance, 8 + place, 5) - 2) * (down - 14) / 12;
    let (column, row) = ((x.rem_euclid(PITCH) - slant).div_euclid(DOT), down.div_euclid(DOT));
    let row = usize::try_from(row).ok().and_then(|row| rows.get(row));
    (0..5).contains(&column) && row.is_some_and(|row| row >> (4 - column) & 1 == 1)
}

/// Two strokes across, and specks.
fn is_dust(chance: &[u8; 32], x: i32, y: i32) -> bool {
    let on_stroke = |at: usize| {
        let (from, to) = (pick(chance, at, HEIGHT), pick(chance, at + 1, HEIGHT));
        (y - from - (to - from) * x / WIDTH).abs() <= 1
    };
    let speck = (x / 2 * 7 + y / 2 * 13) * (x / 2 + 3 * (y / 2) + pick(chance, 18, 97)) % 61;
    on_stroke(14) || on_stroke(16) || speck == 7
}

fn encode(pixels: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, WIDTH.unsigned_abs(), HEIGHT.unsigned_abs());
    encoder.set_color(ColorType::Grayscale);
    encoder.set_depth(BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    /// How many pixels of a picture are dots of its letters, and how many are inked.
    fn drawn(formula: &str, chance: [u8; 32]) -> (usize, usize) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(draw(formula, chance).unwrap())).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!((info.width, info.height), (176, 64));
        let glyphs: Vec<[u8; 7]> = formula.chars().map(glyph).collect();
        let places = (0..HEIGHT).flat_map(|y| (0..WIDTH).map(move |x| (x, y)));
        let dots = places.filter(|(x, y)| is_dot(&glyphs, &chance, *x, *y)).count();
        (dots, pixels.iter().filter(|pixel| **pixel == INK).count())
    }

    /// Bending moves the dots of the glyphs but loses next to none: nothing is cut off at an edge.
    #[test]
    fn the_whole_formula_is_on_the_picture_however_it_is_bent() {
        for formula in ["47+8=?", "9+89=?", "11+1=?"] {
            let dots: u32 = formula.chars().flat_map(glyph).map(u8::count_ones).sum();
            let whole = usize::try_from(dots).unwrap() * 16;
            for chance in 0..=255 {
                let (drawn, ink) =
                    drawn(formula, std::array::from_fn(|at| chance ^ u8::try_from(at * 37 % 256).unwrap()));
                assert!(
                    drawn * 100 > whole * 90 && drawn * 100 < whole * 110,
                    "{formula}, {chance}: {drawn} of {whole}"
                );
                assert!(ink > drawn * 5 / 4, "{formula}, {chance}: {ink} around {drawn}");
            }
        }
    }

    #[test]
    fn no_two_pictures_are_alike() {
        assert_ne!(draw("47+8=?", [3; 32]).unwrap(), draw("47+8=?", [4; 32]).unwrap());
    }
}
