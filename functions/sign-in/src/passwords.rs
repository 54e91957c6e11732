//! Passwords: argon2id with 19 MiB, two passes and one lane (the least OWASP's password storage advice allows), kept
//! as PHC strings.

use std::sync::Arc;

use argon2::password_hash::{Error, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use workflow::ports::{Ids, Outage};

/// Memory, in KiB.
const MEMORY_KIB: u32 = 19 * 1024;
/// Passes over the memory.
const PASSES: u32 = 2;
/// Lanes.
const LANES: u32 = 1;

/// What is verified where there is no account, so that an unknown name takes as long as a wrong password. Its salt and
/// hash are plain sentences; no password is known to give them, and if one did, it would still open nothing.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IHNpZ25zIGlu$Zm9yIG5vIHBhc3N3b3JkIGdpdmVzIHRoaXMgaGFzaC4";

/// The PHC string of a password, with a salt of its own. Takes tens of milliseconds of processor: not on an async
/// thread.
pub fn hash_password(ids: &dyn Ids, password: &str) -> Result<String, Outage> {
    let problem = |error| Outage::new("hash-password", error);
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|error| Outage::new("hash-password", error))?;
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: Result<_, Error> = argon2.hash_password_with_salt(password.as_bytes(), &ids.secret());
    Ok(hash.map_err(problem)?.to_string())
}

/// The same, on a thread that may take its time.
pub(crate) async fn hashed(ids: Arc<dyn Ids>, password: String) -> Result<String, Outage> {
    let hash = tokio::task::spawn_blocking(move || hash_password(&*ids, &password));
    hash.await.unwrap_or_else(|error| Err(Outage::new("hash-password", error)))
}

/// Whether a password is the one of a PHC string; never, without one, but it takes as long.
pub(crate) async fn is_correct(password: String, hash: Option<String>) -> Result<bool, Outage> {
    let verified = tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let verified: Result<(), Error> = Argon2::default().verify_password(password.as_bytes(), hash.as_str());
        match verified {
            Ok(()) => Ok(known),
            Err(Error::PasswordInvalid) => Ok(false),
            Err(other) => Err(Outage::new("verify-password", other)),
        }
    });
    verified.await.unwrap_or_else(|error| Err(Outage::new("verify-password", error)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use testing::world::SequentialIds;

    use super::*;

    #[tokio::test]
    async fn only_the_password_itself_is_correct() {
        let hash = hash_password(&SequentialIds::default(), "岐山 2026 abc").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        for (password, correct) in [("岐山 2026 abc", true), ("岐山 2026 abC", false), ("", false)] {
            assert_eq!(is_correct(password.to_owned(), Some(hash.clone())).await.unwrap(), correct, "{password:?}");
        }
    }

    #[test]
    fn the_same_password_never_has_the_same_hash() {
        let ids = SequentialIds::default();
        assert_ne!(hash_password(&ids, "abc").unwrap(), hash_password(&ids, "abc").unwrap());
    }

    /// A hash with other parameters, or one that cannot be read, would be answered at another speed.
    #[tokio::test]
    async fn nobody_is_verified_under_the_same_parameters() {
        let hash = hash_password(&SequentialIds::default(), "abc").unwrap();
        assert_eq!(NOBODY.split('$').take(4).collect::<Vec<_>>(), hash.split('$').take(4).collect::<Vec<_>>());
        assert_eq!(NOBODY.rsplit('$').next().unwrap().len(), hash.rsplit('$').next().unwrap().len());
        assert!(!is_correct("abc".to_owned(), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_damaged_hash_is_an_outage_and_lets_nobody_in() {
        assert!(is_correct("abc".to_owned(), Some("$argon2id$damaged".to_owned())).await.is_err());
    }
}
