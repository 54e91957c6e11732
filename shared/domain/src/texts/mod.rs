//! What is said to people: templates with versions (documents: messages). A text says no more than it must.
//!
//! A template is one entry of [`catalogue`]: its name, its typed parameters and its wordings. Code names a template by its
//! variant of [`Said`] and cannot leave a parameter out; the tests find a wording that uses a parameter there is not, or
//! leaves one unused.

mod catalogue;
mod enrolment;

use jiff::civil::Date;

pub use self::catalogue::{Said, TemplateId};
pub use self::enrolment::cover_ending;
use crate::money::Fen;

/// Longest quoted opinion, in characters: a text message is short, the whole reason is on the portal.
const QUOTE_CHARACTERS_MAX: usize = 60;

/// How something reaches somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// A text message to a mobile number.
    Text,
    /// An e-mail.
    Mail,
    /// A notice in the portal.
    Portal,
}

/// One version of a template's words. A wording that was ever sent stays as it is: messages name the version they were
/// written by, and providers have registered it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wording {
    /// From 1.
    pub version: u32,
    /// The template as the provider of texts has it registered; empty where there is nothing to register.
    pub provider_template: &'static str,
    /// Subject of a mail or title of a notice; empty for texts.
    pub subject: &'static str,
    /// The words, with `{parameters}`.
    pub text: &'static str,
}

/// A template.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Template {
    /// Its name.
    pub id: TemplateId,
    /// What lists call it.
    pub title: &'static str,
    /// How it is sent.
    pub channel: Channel,
    /// Names of its parameters, in order.
    pub parameters: &'static [&'static str],
    /// The words it is written with now.
    pub wording: Wording,
    /// The words it was written with earlier, newest first.
    pub earlier: &'static [Wording],
}

/// Something said, in words. It has no `Debug`: it may hold a code or a link.
#[derive(Clone, PartialEq, Eq)]
pub struct Written {
    /// By which template.
    pub template: &'static Template,
    /// The parameters, in the template's order: what providers with registered templates want.
    pub parameters: Vec<(&'static str, String)>,
    /// Subject of a mail or title of a notice; empty for texts.
    pub subject: String,
    /// The words.
    pub text: String,
}

impl Said {
    /// Puts it into words.
    pub fn written(&self) -> Written {
        let template = self.id().template();
        let parameters = self.parameters();
        let subject = filled(template.wording.subject, &parameters);
        let text = filled(template.wording.text, &parameters);
        Written { template, parameters, subject, text }
    }
}

/// The words with each `{parameter}` replaced; what a parameter holds is never looked at for more.
fn filled(words: &str, parameters: &[(&str, String)]) -> String {
    let mut out = String::with_capacity(words.len() + 64);
    let mut rest = words;
    while let Some((before, name, after)) = placeholder(rest) {
        out.push_str(before);
        if let Some((_, value)) = parameters.iter().find(|(parameter, _)| *parameter == name) {
            out.push_str(value);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The first placeholder: what stands before it, its name, what stands behind it.
fn placeholder(words: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = words.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}

/// What a parameter looks like.
trait Parameter {
    fn shown(&self) -> String;
}

impl Parameter for String {
    fn shown(&self) -> String {
        self.clone()
    }
}

impl Parameter for u32 {
    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Parameter for Date {
    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Parameter for Fen {
    fn shown(&self) -> String {
        self.grouped()
    }
}

/// Something somebody wrote, shortened, without its full stop: the sentence around it has its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote(String);

impl Quote {
    /// Quotes a text.
    pub fn of(text: &str) -> Self {
        let text = text.trim().trim_end_matches(['。', '.', '！', '!']);
        if text.chars().count() <= QUOTE_CHARACTERS_MAX {
            return Self(text.to_owned());
        }
        Self(text.chars().take(QUOTE_CHARACTERS_MAX).chain(['…']).collect())
    }
}

impl Parameter for Quote {
    fn shown(&self) -> String {
        self.0.clone()
    }
}

#[cfg(test)]
mod tests;
