//! Numbers of applications, certificates, receipt batches, claims and archives (rules: numbers).

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::reason::Reason;

/// The four digits of an office (办事处), such as 2602.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OfficeCode([u8; 4]);

impl OfficeCode {
    /// Reads four digits.
    ///
    /// # Errors
    /// `NUMBER_FORMAT`.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        match <[u8; 4]>::try_from(text.as_bytes()) {
            Ok(digits) if digits.iter().all(u8::is_ascii_digit) => Ok(Self(digits)),
            _ => Err(Reason::NumberFormat),
        }
    }

    /// The four digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for OfficeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for OfficeCode {
    type Error = Reason;

    fn try_from(text: String) -> Result<Self, Reason> {
        Self::parse(&text)
    }
}

impl From<OfficeCode> for String {
    fn from(code: OfficeCode) -> Self {
        code.as_str().to_owned()
    }
}
