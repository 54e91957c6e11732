//! Unified social credit codes, GB 32100-2015.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::normalise;
use crate::reason::Reason;

const LENGTH: usize = 18;
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/// A valid credit code. It names an organisation, not a person, and may be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Uscc([u8; LENGTH]);

impl Uscc {
    /// Reads a code as typed; letters may be small.
    ///
    /// # Errors
    /// `USCC_FORMAT` or `USCC_CHECK_DIGIT`. Registering a unit refuses; a payer's tax number is only warned about,
    /// since codes in daily use fail the check.
    pub fn parse(text: &str) -> Result<Self, Reason> {
        let text = normalise(text).to_ascii_uppercase();
        let code = <[u8; LENGTH]>::try_from(text.as_bytes()).map_err(|_| Reason::UsccFormat)?;
        let values: Vec<usize> =
            code.iter().filter_map(|letter| ALPHABET.iter().position(|known| known == letter)).collect();
        if values.len() != LENGTH {
            return Err(Reason::UsccFormat);
        }
        let sum: usize = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
        if (31 - sum % 31) % 31 == values[LENGTH - 1] { Ok(Self(code)) } else { Err(Reason::UsccCheckDigit) }
    }

    /// The code, in capitals.
    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for Uscc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for Uscc {
    type Error = Reason;

    fn try_from(text: String) -> Result<Self, Reason> {
        Self::parse(&text)
    }
}

impl From<Uscc> for String {
    fn from(code: Uscc) -> Self {
        code.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    #[test]
    fn checks_the_last_character() {
        let check = |text: &str, expect: Result<&str, Reason>| {
            assert_eq!(Uscc::parse(text).as_ref().map(Uscc::as_str), expect.as_deref(), "{text}");
        };
        check("12370200MB12345671", Ok("12370200MB12345671"));
        check("81370200MC7654321U", Ok("81370200MC7654321U"));
        check("91370211MA3ABCDE1K", Ok("91370211MA3ABCDE1K"));
        check("11370200004234567H", Ok("11370200004234567H"));
        check(" 11370200 0042 34567h ", Ok("11370200004234567H"));
        check("123702006762229200", Err(Reason::UsccCheckDigit));
        check("12370200MB1234567I", Err(Reason::UsccFormat));
        check("12370200MB1234567", Err(Reason::UsccFormat));
        check("", Err(Reason::UsccFormat));
    }

    #[test]
    fn is_a_string_in_json() {
        let code = Uscc::parse("81370200MC7654321U").unwrap();
        let json = serde_json::to_string(&code).unwrap();
        assert_eq!(json, "\"81370200MC7654321U\"");
        assert_eq!(serde_json::from_str::<Uscc>(&json).unwrap(), code);
    }
}
