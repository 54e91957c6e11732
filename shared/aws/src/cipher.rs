//! Encryption of personal data and the blind index it is found by.
//!
//! KMS wraps one data key; it is unwrapped once, when a function starts, and two keys are derived from it: one seals
//! (AES-256-GCM), the other makes blind indexes (HMAC-SHA256). A sealed text is
//! `format (1 byte) | version of the data key (1) | nonce (12) | ciphertext | tag (16)`; the first two bytes and the place
//! are authenticated with it.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::{hkdf, hmac};
use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::DataKeySpec;
use workflow::ports::{Cipher, CipherProblem, Outage};

use crate::config::Keys;
use crate::dynamo::Dynamo;
use crate::outage::outage;
use crate::world::random;

/// Name of the data key in the registry, and what KMS binds its wrapping to.
const NAME: &str = "fields";
/// The version that seals. Opening follows the version a sealed text names.
const VERSION: u8 = 1;
const FORMAT: u8 = 1;
const HEADER: [u8; 2] = [FORMAT, VERSION];
/// Bytes of a blind index: half an HMAC, 32 hex digits.
const BLIND_BYTES: usize = 16;

/// There is no usable data key.
#[derive(Debug, thiserror::Error)]
enum KeyProblem {
    #[error("the installation has no data key yet")]
    Missing,
    #[error("the data key is unusable")]
    Unusable,
}

/// The cipher of personal fields.
pub struct FieldCipher {
    sealing: LessSafeKey,
    blinding: hmac::Key,
}

impl FieldCipher {
    /// Unwraps the data key of the installation.
    pub async fn load(kms: &Client, keys: &Keys, dynamo: &Dynamo) -> Result<Self, Outage> {
        let wrapped = dynamo.wrapped_key(NAME, VERSION).await?;
        let wrapped = wrapped.ok_or_else(|| Outage::new("load-cipher", KeyProblem::Missing))?;
        let call = kms
            .decrypt()
            .key_id(keys.fields()?)
            .ciphertext_blob(Blob::new(wrapped))
            .encryption_context("purpose", NAME);
        let opened = call.send().await.map_err(outage("unwrap-key"))?.plaintext;
        let data_key = opened.as_ref().and_then(|key| <&[u8; 32]>::try_from(key.as_ref()).ok());
        Self::from_data_key(data_key.ok_or_else(|| Outage::new("load-cipher", KeyProblem::Unusable))?)
    }

    /// The cipher of a data key.
    pub fn from_data_key(data_key: &[u8; 32]) -> Result<Self, Outage> {
        Self::derive(data_key).map_err(|_| Outage::new("load-cipher", KeyProblem::Unusable))
    }

    fn derive(data_key: &[u8; 32]) -> Result<Self, Unspecified> {
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"mutual-aid fields").extract(data_key);
        let key = |purpose: &[u8]| -> Result<[u8; 32], Unspecified> {
            let mut key = [0; 32];
            root.expand(&[purpose], hkdf::HKDF_SHA256)?.fill(&mut key)?;
            Ok(key)
        };
        let sealing = UnboundKey::new(&AES_256_GCM, &key(b"seal")?)?;
        Ok(Self { sealing: LessSafeKey::new(sealing), blinding: hmac::Key::new(hmac::HMAC_SHA256, &key(b"blind")?) })
    }
}

/// Makes the data key of a new installation; false if it has one. The key itself is never seen.
pub async fn create_wrapped_key(kms: &Client, keys: &Keys, dynamo: &Dynamo) -> Result<bool, Outage> {
    if dynamo.wrapped_key(NAME, VERSION).await?.is_some() {
        return Ok(false);
    }
    let call = kms
        .generate_data_key_without_plaintext()
        .key_id(keys.fields()?)
        .key_spec(DataKeySpec::Aes256)
        .encryption_context("purpose", NAME);
    let made = call.send().await.map_err(outage("make-data-key"))?.ciphertext_blob;
    let wrapped = made.ok_or_else(|| Outage::new("make-data-key", KeyProblem::Unusable))?;
    dynamo.keep_wrapped_key(NAME, VERSION, wrapped.into_inner()).await
}

impl Cipher for FieldCipher {
    #[expect(clippy::expect_used, reason = "AES-GCM refuses only what is longer than 64 GiB, more than memory holds")]
    fn seal(&self, place: &str, plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; NONCE_LEN] = random();
        let mut sealed = Vec::with_capacity(HEADER.len() + NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(&HEADER);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let text = &mut sealed[HEADER.len() + NONCE_LEN..];
        let tag = self
            .sealing
            .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad(place)), text)
            .expect("a text that fits in memory can be sealed");
        sealed.extend_from_slice(tag.as_ref());
        sealed
    }

    fn open(&self, place: &str, sealed: &[u8]) -> Result<Vec<u8>, CipherProblem> {
        let rest = sealed.strip_prefix(&HEADER).ok_or(CipherProblem)?;
        let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>().ok_or(CipherProblem)?;
        let mut text = text.to_vec();
        let plain = self
            .sealing
            .open_in_place(Nonce::assume_unique_for_key(*nonce), Aad::from(aad(place)), &mut text)
            .map_err(|_| CipherProblem)?
            .len();
        text.truncate(plain);
        Ok(text)
    }

    fn blind(&self, label: &str, value: &str) -> String {
        let mut mac = hmac::Context::with_key(&self.blinding);
        mac.update(label.as_bytes());
        // No label holds a zero byte, so no other label and value run together to the same bytes.
        mac.update(&[0]);
        mac.update(value.as_bytes());
        mac.sign().as_ref().iter().take(BLIND_BYTES).map(|byte| format!("{byte:02x}")).collect()
    }
}

/// What is authenticated beside the text: header and place.
fn aad(place: &str) -> Vec<u8> {
    [&HEADER, place.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;

    fn cipher() -> FieldCipher {
        FieldCipher::from_data_key(&[7; 32]).unwrap()
    }

    #[test]
    fn sealed_data_opens_in_its_place_only() {
        let sealed = cipher().seal("account/a-1/mobile", b"13800000000");
        assert_eq!(cipher().open("account/a-1/mobile", &sealed).unwrap(), b"13800000000");
        assert_eq!(cipher().open("account/a-2/mobile", &sealed), Err(CipherProblem));
        let other = FieldCipher::from_data_key(&[8; 32]).unwrap();
        assert_eq!(other.open("account/a-1/mobile", &sealed), Err(CipherProblem));
    }

    #[test]
    fn every_changed_or_missing_byte_is_noticed() {
        let sealed = cipher().seal("p", b"13800000000");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(cipher().open("p", &changed), Err(CipherProblem), "byte {at}");
            assert_eq!(cipher().open("p", &sealed[..at]), Err(CipherProblem), "{at} bytes");
        }
    }

    #[test]
    fn the_same_text_never_seals_to_the_same_bytes() {
        assert_ne!(cipher().seal("p", b"x"), cipher().seal("p", b"x"));
        assert!(cipher().open("p", &cipher().seal("p", b"")).unwrap().is_empty());
    }

    /// Blind indexes are stored: the same data key gives the same index for ever.
    #[test]
    fn a_blind_index_is_the_same_for_ever() {
        let index = cipher().blind("id-number", "11010519491231002X");
        assert_eq!(index, "b28d09be45ac6b025dd6048724cb9ffa");
        assert_ne!(index, cipher().blind("name", "11010519491231002X"));
        assert_ne!(cipher().blind("a", "bc"), cipher().blind("ab", "c"));
    }
}
