//! Text inside XML: entities, the spreadsheet's own `_x0041_` escapes, and the `<t>` runs that make up a cell's text.

use super::xml::Token;
use crate::workbook::limits::CELL_BYTES_MAX;
use crate::workbook::problem::FileProblem;

/// Collects the text of a shared or inline string: every `<t>` run, except the phonetic guides in `<rPh>`.
#[derive(Debug, Default)]
pub struct Runs {
    inside_text: bool,
    inside_phonetic: bool,
}

impl Runs {
    /// Takes one token of the string and appends what it adds to `out`.
    pub fn push(&mut self, token: &Token<'_>, out: &mut String) -> Result<(), FileProblem> {
        match token {
            Token::Open { name: b"t", empty: false, .. } => self.inside_text = true,
            Token::Close(b"t") => self.inside_text = false,
            Token::Open { name: b"rPh", empty: false, .. } => self.inside_phonetic = true,
            Token::Close(b"rPh") => self.inside_phonetic = false,
            Token::Text(_) | Token::Verbatim(_) if self.inside_text && !self.inside_phonetic => {
                append(token, out)?;
            }
            _ => {}
        }
        Ok(())
    }
}

/// Appends the text that a [`Token::Text`] or [`Token::Verbatim`] stands for.
pub fn append(token: &Token<'_>, out: &mut String) -> Result<(), FileProblem> {
    match token {
        Token::Text(raw) => unescape(utf8(raw)?, out),
        Token::Verbatim(raw) => {
            out.push_str(utf8(raw)?);
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Replaces `_xHHHH_` by the character of that code, as spreadsheets write control characters, from `start` on.
pub fn finish(out: &mut String, start: usize) -> Result<(), FileProblem> {
    if out.len() - start > CELL_BYTES_MAX {
        return Err(FileProblem::CellTooLong);
    }
    if !out[start..].contains("_x") {
        return Ok(());
    }
    let raw = out.split_off(start);
    let mut rest = raw.as_str();
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|_| rest.as_bytes().get(at + 6) == Some(&b'_'));
        let character = code.and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        let (skip, text) = character.map_or((2, "_x".into()), |character| (7, String::from(character)));
        out.push_str(&rest[..at]);
        out.push_str(&text);
        rest = &rest[at + skip..];
    }
    out.push_str(rest);
    Ok(())
}

/// Bytes as text; other encodings than UTF-8 do not occur in spreadsheets.
pub fn utf8(raw: &[u8]) -> Result<&str, FileProblem> {
    std::str::from_utf8(raw).map_err(|_| FileProblem::Damaged)
}

/// Appends `raw` with its entities replaced; an unknown one is damage.
pub fn unescape(raw: &str, out: &mut String) -> Result<(), FileProblem> {
    let mut pieces = raw.split('&');
    out.push_str(pieces.next().unwrap_or_default());
    for piece in pieces {
        let (entity, text) = piece.split_once(';').ok_or(FileProblem::Damaged)?;
        let character = match entity {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            number => number.strip_prefix('#').and_then(|number| {
                let hex = number.strip_prefix('x').map(|hex| u32::from_str_radix(hex, 16));
                char::from_u32(hex.unwrap_or_else(|| number.parse()).ok()?)
            }),
        };
        out.push(character.ok_or(FileProblem::Damaged)?);
        out.push_str(text);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn entities_and_escapes_become_characters() {
        let mut out = String::from("_x0041_");
        let start = out.len();
        unescape("&#29579;&#x738B;&lt;&amp;_x000D_", &mut out).unwrap();
        out.push_str("_x005F_x0041_ _xZZZZ_ _x");
        finish(&mut out, start).unwrap();
        assert_eq!(out, "_x0041_王王<&\r_x0041_ _xZZZZ_ _x");
    }

    #[test]
    fn unknown_entities_are_damage() {
        for raw in ["&lol;", "&", "&#xD800;", "&#;"] {
            assert_eq!(unescape(raw, &mut String::new()), Err(FileProblem::Damaged), "{raw}");
        }
    }
}
