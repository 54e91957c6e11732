//! Names of people.

use super::{private_text, text::visible};
use crate::reason::Reason;

const MINIMUM_CHARACTERS: usize = 2;
const MAXIMUM_CHARACTERS: usize = 50;
/// The dot between parts of a name, as GB 18030 and ID cards write it.
const DOT: char = '·';

/// A person's name: 2 to 50 Han characters, Latin letters, `·` between letters, and single spaces inside Latin names.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonName(Box<str>);

private_text!(PersonName);

impl PersonName {
    /// Reads a name as typed. Spaces remain only between Latin letters; every kind of dot becomes `·`.
    ///
    /// # Errors
    /// `NAME_MISSING` alone, or `NAME_LENGTH` and `NAME_CHARACTER` where they hold.
    pub fn parse(text: &str) -> Result<Self, Vec<Reason>> {
        let name = normalise_name(text);
        if name.is_empty() {
            return Err(vec![Reason::NameMissing]);
        }
        let letters: Vec<char> = name.chars().collect();
        let mut reasons = Vec::new();
        if !(MINIMUM_CHARACTERS..=MAXIMUM_CHARACTERS).contains(&letters.len()) {
            reasons.push(Reason::NameLength);
        }
        let stands_well = |(at, letter): (usize, &char)| match *letter {
            // Normalising left spaces only where they belong.
            ' ' => true,
            DOT => at > 0 && is_letter(letters[at - 1]) && letters.get(at + 1).copied().is_some_and(is_letter),
            letter => is_letter(letter),
        };
        if !letters.iter().enumerate().all(stands_well) {
            reasons.push(Reason::NameCharacter);
        }
        if reasons.is_empty() { Ok(Self(name.into())) } else { Err(reasons) }
    }

    fn read(text: &str) -> Result<Self, Vec<Reason>> {
        Self::parse(text)
    }

    /// The full name; personal data.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The first character and a `*` for each other one: 张*.
    #[must_use]
    pub fn masked(&self) -> String {
        super::mask(&self.0, 1, 0)
    }
}

fn normalise_name(text: &str) -> String {
    let mut name = String::new();
    let mut space_before = false;
    for letter in visible(text).map(|letter| if is_dot(letter) { DOT } else { letter }) {
        if letter.is_whitespace() {
            space_before = true;
            continue;
        }
        if std::mem::take(&mut space_before) && is_latin(letter) && name.chars().next_back().is_some_and(is_latin) {
            name.push(' ');
        }
        name.push(letter);
    }
    name
}

fn is_dot(letter: char) -> bool {
    matches!(letter, '·' | '•' | '.' | '・' | '･' | '‧' | '∙' | '⋅' | '●' | '᛫')
}

fn is_letter(letter: char) -> bool {
    is_latin(letter) || is_han(letter)
}

fn is_latin(letter: char) -> bool {
    letter.is_alphabetic() && matches!(letter, 'A'..='Z' | 'a'..='z' | '\u{C0}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}')
}

/// Unified and compatibility ideographs up to extension J, and 〇.
fn is_han(letter: char) -> bool {
    matches!(letter,
        '〇' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAD9}' | '\u{20000}'..='\u{2A6DF}'
        | '\u{2A700}'..='\u{2EE5D}' | '\u{2F800}'..='\u{2FA1D}' | '\u{30000}'..='\u{33479}')
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accepts_names() {
        let check =
            |text: &str, expect: &str| assert_eq!(PersonName::parse(text).unwrap().as_str(), expect, "{text:?}");
        check("张三", "张三");
        check("　张　三\u{200B} ", "张三");
        check("买买提•艾力", "买买提·艾力");
        check("买买提．艾力", "买买提·艾力");
        check("买买提 . 艾力", "买买提·艾力");
        check("古丽・买买提·艾力", "古丽·买买提·艾力");
        check("Anna   Maria  Müller", "Anna Maria Müller");
        check("Ｊｏｈｎ Smith", "John Smith");
        check("㛃䶮", "㛃䶮");
        check("𠮷𫖯", "𠮷𫖯");
        check("〇一", "〇一");
    }

    #[test]
    fn refuses_with_every_reason() {
        use Reason::*;
        let check =
            |text: &str, expect: &[Reason]| assert_eq!(PersonName::parse(text).unwrap_err(), expect, "{text:?}");
        check("", &[NameMissing]);
        check("\u{200B} 　", &[NameMissing]);
        check("张", &[NameLength]);
        check(&"张".repeat(51), &[NameLength]);
        check("张3", &[NameCharacter]);
        check("张三（男）", &[NameCharacter]);
        check("·张三", &[NameCharacter]);
        check("张三.", &[NameCharacter]);
        check("张··三", &[NameCharacter]);
        check("張😀", &[NameCharacter]);
        check("1", &[NameLength, NameCharacter]);
        check("=cmd|' /C calc'!A0", &[NameCharacter]);
    }

    #[test]
    fn prints_masked() {
        assert_eq!(format!("{:?}", PersonName::parse("欧阳小红").unwrap()), "PersonName(欧***)");
    }

    proptest! {
        #[test]
        fn an_accepted_name_reads_as_itself(text in "[张三李四A-Za-zé·. •\u{200B}]{0,60}") {
            if let Ok(name) = PersonName::parse(&text) {
                prop_assert_eq!(PersonName::parse(name.as_str()).unwrap(), name);
            }
        }
    }
}
