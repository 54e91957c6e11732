//! A refusal: the answer to a command that the rules do not allow. It is not an error; nothing was changed.

use serde::Serialize;

use crate::reason::Reason;

/// What kind of refusal it is; the HTTP status follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The actor's roles do not allow it, or separation of duties forbids it.
    Forbidden,
    /// The subject is not in a state, or not held by the actor, that allows it.
    Conflict,
    /// What was given breaks a rule; `problems` names every place.
    Invalid,
}

/// One broken rule and where it was broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// JSON pointer into what was given, `/items/0/persons`; empty for the whole.
    pub at: String,
    /// Stable code.
    pub code: String,
    /// A Chinese sentence.
    pub text: String,
}

impl Problem {
    /// A problem with a code and a sentence.
    pub fn new(at: impl Into<String>, code: &str, text: impl Into<String>) -> Self {
        Self { at: at.into(), code: code.to_owned(), text: text.into() }
    }

    /// A broken rule of the catalogue.
    pub fn of(at: impl Into<String>, reason: &Reason) -> Self {
        Self::new(at, reason.code(), reason.text())
    }
}

/// The answer to a command that is not carried out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// What kind of refusal it is.
    pub kind: Kind,
    /// Stable code.
    pub code: &'static str,
    /// A Chinese sentence: what is wrong and what to do.
    pub text: String,
    /// Every broken rule with its place, where there are several.
    pub problems: Vec<Problem>,
}

impl Refusal {
    /// The actor may not do it.
    pub fn forbidden(code: &'static str, text: impl Into<String>) -> Self {
        Self { kind: Kind::Forbidden, code, text: text.into(), problems: Vec::new() }
    }

    /// Not now.
    pub fn conflict(code: &'static str, text: impl Into<String>) -> Self {
        Self { kind: Kind::Conflict, code, text: text.into(), problems: Vec::new() }
    }

    /// Not this way.
    pub fn invalid(problems: Vec<Problem>) -> Self {
        let text = match problems.as_slice() {
            [only] => only.text.clone(),
            many => format!("共有{}处需要修改", many.len()),
        };
        Self { kind: Kind::Invalid, code: "INVALID", text, problems }
    }

    /// Refuses if there is any problem.
    pub fn unless_none(problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() { Ok(()) } else { Err(Self::invalid(problems)) }
    }

    /// The roles do not allow it.
    pub fn not_permitted() -> Self {
        Self::forbidden("NOT_PERMITTED", "您的角色没有此项操作的权限")
    }
}
