//! Finding units by any part of their name.
//!
//! Every suffix of a name of two characters or more is kept under its first two characters. A part is then the beginning
//! of a suffix: one range of one partition, read page by page.

use crate::identity::normalise;
use crate::organisation::Unit;

/// Least characters that are looked for.
pub const SEARCHED_CHARACTERS_MIN: usize = 2;

/// A name as it is compared: half-width, without spaces, small letters.
#[must_use]
pub fn search_text(name: &str) -> String {
    normalise(name).to_lowercase()
}

/// The suffixes of a name with the first two characters of each, the whole name first.
pub fn suffixes(name: &str) -> impl Iterator<Item = (String, String)> {
    let letters: Vec<char> = search_text(name).chars().collect();
    let count = letters.len().saturating_sub(SEARCHED_CHARACTERS_MIN - 1);
    (0..count).map(move |at| {
        let head = letters[at..at + SEARCHED_CHARACTERS_MIN].iter().collect();
        (head, letters[at..].iter().collect())
    })
}

/// What a unit is found by: a group of terms, and the text they are ordered by within it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitTerm {
    /// The group.
    pub group: String,
    /// The text.
    pub text: String,
    /// What stands before the text in the name: none but the first place that holds a part is shown.
    pub head: String,
}

/// The group of all units.
#[must_use]
pub fn all_group() -> String {
    "all".to_owned()
}

/// The group of all suffixes that begin like a part of a name.
#[must_use]
pub fn name_group(part: &str) -> String {
    format!("name:{}", part.chars().take(SEARCHED_CHARACTERS_MIN).collect::<String>())
}

/// The group of a contact, by a keyed index.
#[must_use]
pub fn contact_group(index: &str) -> String {
    format!("contact:{index}")
}

/// Every term of a unit, always in the same order.
#[must_use]
pub fn terms(unit: &Unit) -> Vec<UnitTerm> {
    let name = search_text(&unit.name);
    let whole = |group| UnitTerm { group, text: name.clone(), head: String::new() };
    let mut terms = vec![whole(all_group())];
    terms.extend(suffixes(&unit.name).map(|(start, text)| UnitTerm {
        group: name_group(&start),
        head: name[..name.len() - text.len()].to_owned(),
        text,
    }));
    for contact in unit.record.contacts.iter().filter(|contact| contact.active) {
        terms.push(whole(contact_group(&contact.contact.name_index)));
        terms.push(whole(contact_group(&contact.contact.mobile_index)));
    }
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_the_beginning_of_a_suffix() {
        let all: Vec<_> = suffixes("岐山 机械厂Ａ").collect();
        let expected =
            [("岐山", "岐山机械厂a"), ("山机", "山机械厂a"), ("机械", "机械厂a"), ("械厂", "械厂a"), ("厂a", "厂a")];
        assert_eq!(all, expected.map(|(head, suffix)| (head.to_owned(), suffix.to_owned())));
        assert_eq!(suffixes("厂").count(), 0);
        assert_eq!(suffixes("").count(), 0);
    }
}
