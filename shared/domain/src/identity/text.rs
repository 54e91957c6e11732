//! What hands and spreadsheets do to a number before it reaches a rule.

/// The text of a number: half-width, without white space and invisible characters, and `x` as `X`.
///
/// Source: rules on identity, contact and bank numbers.
#[must_use]
pub fn normalise(text: &str) -> String {
    visible(text)
        .filter(|letter| !letter.is_whitespace())
        .map(|letter| if letter == 'x' { 'X' } else { letter })
        .collect()
}

/// Half-width characters of `text` without the invisible ones.
pub(super) fn visible(text: &str) -> impl Iterator<Item = char> {
    text.chars().map(half_width).filter(|letter| !is_invisible(*letter))
}

fn half_width(letter: char) -> char {
    match letter {
        '！'..='～' => char::from_u32(letter as u32 - 0xFEE0).unwrap_or(letter),
        '\u{3000}' => ' ',
        _ => letter,
    }
}

/// Zero-width characters, direction marks and control characters that copying from web pages and chats leaves behind.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{AD}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
        || (letter.is_control() && !letter.is_whitespace())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn normalises_what_hands_type() {
        let check = |text: &str, expect: &str| assert_eq!(normalise(text), expect, "{text:?}");
        check("　１１０１０１　１９９００３０７１２３３ ", "110101199003071233");
        check("4403061999123199x", "4403061999123199X");
        check("ｘ", "X");
        check("\u{202D}138 0013\u{200B}\u{A0}8000\t\u{202C}\r\n", "13800138000");
        check("\u{FEFF}\u{0000}", "");
    }

    proptest! {
        #[test]
        fn twice_is_once(text in any::<String>()) {
            let once = normalise(&text);
            prop_assert_eq!(normalise(&once), once);
        }
    }
}
