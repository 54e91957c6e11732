//! Configuration: named values, read once at start. A function that lacks one does not start.

use std::collections::BTreeMap;
use std::str::FromStr;

/// A value that is missing or unusable. Names it, never shows it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConfigProblem {
    /// It is not set, or empty.
    #[error("{0} is not set")]
    Missing(String),
    /// It is not what it should be.
    #[error("{0} is not a valid {1}")]
    Invalid(String, &'static str),
}

/// Where configuration comes from.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The environment of this process, where it is valid UTF-8.
    pub fn of_process() -> Self {
        let text = |(name, value): (std::ffi::OsString, std::ffi::OsString)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        };
        Self(std::env::vars_os().filter_map(text).collect())
    }

    /// An environment of pairs, for tests.
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Self(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    /// A value; none if it is unset or empty.
    pub fn optional(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// A value that must be there.
    pub fn required(&self, name: &str) -> Result<&str, ConfigProblem> {
        self.optional(name).ok_or_else(|| ConfigProblem::Missing(name.to_owned()))
    }

    /// A value of a type, or a default where it is unset; `kind` names the type in the error.
    pub fn parsed_or<T: FromStr>(&self, name: &str, kind: &'static str, default: T) -> Result<T, ConfigProblem> {
        let Some(value) = self.optional(name) else { return Ok(default) };
        value.parse().map_err(|_| ConfigProblem::Invalid(name.to_owned(), kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_unusable_value_is_named_and_not_shown() {
        let environment = Environment::of(&[("TABLE", "t"), ("EMPTY", ""), ("LIMIT", "secret")]);
        assert_eq!(environment.required("TABLE"), Ok("t"));
        for name in ["EMPTY", "ABSENT"] {
            assert_eq!(environment.required(name), Err(ConfigProblem::Missing(name.into())));
        }
        let problem = environment.parsed_or::<u32>("LIMIT", "number", 7).map_err(|problem| problem.to_string());
        assert_eq!(problem, Err("LIMIT is not a valid number".into()));
        assert_eq!(environment.parsed_or("ABSENT", "number", 7), Ok(7));
    }
}
