//! Phrases for opinions (常用意见): what a reviewer writes again and again.

use serde::{Deserialize, Serialize};

use crate::refusal::{Problem, Refusal};

/// Most phrases of an account.
pub const PHRASES_MAX: usize = 20;
/// Longest phrase, in characters: as long as an opinion may be.
pub const PHRASE_CHARACTERS_MAX: usize = 200;

/// An account's phrases in the order it gave them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrases {
    /// Goes up by one with every change.
    pub version: u64,
    /// The phrases.
    pub phrases: Vec<String>,
}

impl Phrases {
    /// These phrases instead, trimmed; all faults at once.
    pub fn replaced(&self, phrases: Vec<String>) -> Result<Self, Refusal> {
        let phrases: Vec<String> = phrases.into_iter().map(|phrase| phrase.trim().to_owned()).collect();
        let mut problems = Vec::new();
        if phrases.len() > PHRASES_MAX {
            problems.push(Problem::new("/phrases", "PHRASE_COUNT", format!("常用意见最多{PHRASES_MAX}条")));
        }
        for (i, phrase) in phrases.iter().enumerate() {
            let at = || format!("/phrases/{i}");
            if phrase.is_empty() {
                problems.push(Problem::new(at(), "TEXT_MISSING", "请填写常用意见"));
            }
            if phrase.chars().count() > PHRASE_CHARACTERS_MAX {
                problems.push(Problem::new(at(), "TEXT_TOO_LONG", format!("最多{PHRASE_CHARACTERS_MAX}个字")));
            }
            if phrases[..i].contains(phrase) {
                problems.push(Problem::new(at(), "PHRASE_TWICE", "该常用意见已有一条相同的"));
            }
        }
        Refusal::unless_none(problems)?;
        Ok(Self { version: self.version.saturating_add(1), phrases })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn all_faults_are_named_at_once() {
        let mut phrases = vec!["同意".to_owned(), " ".into(), "字".repeat(201), "同意 ".into()];
        phrases.extend((0..17).map(|n| format!("意见{n}")));
        let codes: Vec<_> = Phrases::default().replaced(phrases).unwrap_err().problems;
        let codes: Vec<_> = codes.iter().map(|p| (p.at.as_str(), p.code.as_str())).collect();
        let expected = [
            ("/phrases", "PHRASE_COUNT"),
            ("/phrases/1", "TEXT_MISSING"),
            ("/phrases/2", "TEXT_TOO_LONG"),
            ("/phrases/3", "PHRASE_TWICE"),
        ];
        assert_eq!(codes, expected);
    }

    #[test]
    fn the_longest_list_of_the_longest_phrases_fits() {
        let phrases: Vec<_> = (0..20).map(|n| format!("{n:0>200}")).collect();
        let kept = Phrases { version: 3, phrases: Vec::new() }.replaced(phrases.clone()).unwrap();
        assert_eq!(kept, Phrases { version: 4, phrases });
    }
}
