//! Refresh tokens: `family.secret`, good for one use. Only their SHA-256 is stored.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use sha2::{Digest, Sha256};
use workflow::ports::Ids;

/// Characters of a family: a ULID.
const FAMILY_LENGTH: usize = 26;
/// Characters of a secret: 32 bytes as base64url.
const SECRET_LENGTH: usize = 43;

/// A refresh token as the client keeps it.
pub(crate) struct RefreshToken {
    family: String,
    secret: String,
}

impl RefreshToken {
    /// The first token of a new family: one sign-in.
    pub(crate) fn first(ids: &dyn Ids) -> Self {
        Self::next(ids.ulid().to_string(), ids)
    }

    /// The next token of a family.
    pub(crate) fn next(family: String, ids: &dyn Ids) -> Self {
        Self { family, secret: BASE64.encode(ids.secret()) }
    }

    /// Reads a token that came from outside.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (family, secret) = text.split_once('.')?;
        let family_fits = family.len() == FAMILY_LENGTH && family.bytes().all(|b| b.is_ascii_alphanumeric());
        let secret_fits = secret.len() == SECRET_LENGTH && secret.is_ascii();
        (family_fits && secret_fits).then(|| Self { family: family.to_owned(), secret: secret.to_owned() })
    }

    /// The family.
    pub(crate) fn family(&self) -> &str {
        &self.family
    }

    /// The token as the client keeps it.
    pub(crate) fn text(&self) -> String {
        format!("{}.{}", self.family, self.secret)
    }

    /// What is stored: hexadecimal.
    pub(crate) fn hash(&self) -> String {
        Sha256::digest(self.text()).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use testing::world::SequentialIds;

    use super::*;

    #[test]
    fn only_what_was_made_here_is_read() {
        let token = RefreshToken::first(&SequentialIds::default());
        let text = token.text();
        assert_eq!(RefreshToken::parse(&text).map(|read| read.hash()), Some(token.hash()));
        for bad in ["", ".", "a.b", &text[1..], &format!("{text}x"), &text.replace('.', "/"), &"名".repeat(70)] {
            assert!(RefreshToken::parse(bad).is_none(), "{bad:?}");
        }
    }
}
