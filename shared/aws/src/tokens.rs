//! Signs access tokens with a key that never leaves KMS.

use async_trait::async_trait;
use aws_lc_rs::digest;
use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{MessageType, SigningAlgorithmSpec};
use workflow::ports::{Outage, TokenSigner, TokenVerifier};

use crate::config::Keys;
use crate::outage::outage;

/// Bytes of an uncompressed P-256 point: `04 | x | y`.
const POINT_BYTES: usize = 65;
/// What stands before the point in the `SubjectPublicKeyInfo` of every P-256 key.
const SPKI_PREFIX: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
    0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// KMS answered with something that is not what a P-256 key gives.
#[derive(Debug, thiserror::Error)]
#[error("not a P-256 {0}")]
struct Unexpected(&'static str);

/// The token key, in KMS.
#[derive(Clone)]
pub struct KmsTokens {
    client: Client,
    keys: Keys,
}

impl KmsTokens {
    /// Signs with the token key of the configuration.
    pub fn new(client: Client, keys: Keys) -> Self {
        Self { client, keys }
    }
}

#[async_trait]
impl TokenSigner for KmsTokens {
    async fn sign(&self, message: &[u8]) -> Result<[u8; 64], Outage> {
        let call = self
            .client
            .sign()
            .key_id(self.keys.tokens()?)
            .message_type(MessageType::Digest)
            .message(Blob::new(digest::digest(&digest::SHA256, message).as_ref()))
            .signing_algorithm(SigningAlgorithmSpec::EcdsaSha256);
        let signature = call.send().await.map_err(outage("sign-token"))?.signature;
        signature
            .and_then(|der| raw_signature(der.as_ref()))
            .ok_or_else(|| Outage::new("sign-token", Unexpected("signature")))
    }
}

#[async_trait]
impl TokenVerifier for KmsTokens {
    async fn public_key(&self) -> Result<Vec<u8>, Outage> {
        let call = self.client.get_public_key().key_id(self.keys.tokens()?);
        let key = call.send().await.map_err(outage("read-token-key"))?.public_key;
        key.and_then(|spki| spki.as_ref().strip_prefix(&SPKI_PREFIX).map(<[u8]>::to_vec))
            .filter(|point| point.len() == POINT_BYTES)
            .ok_or_else(|| Outage::new("read-token-key", Unexpected("public key")))
    }
}

/// `r | s` of an ASN.1 signature, `SEQUENCE { INTEGER r, INTEGER s }`; all lengths of P-256 fit in one byte.
fn raw_signature(der: &[u8]) -> Option<[u8; 64]> {
    let [0x30, length, integers @ ..] = der else { return None };
    let (r, rest) = integer(integers)?;
    let (s, rest) = integer(rest)?;
    if usize::from(*length) != integers.len() || !rest.is_empty() {
        return None;
    }
    let mut raw = [0; 64];
    raw[..32].copy_from_slice(&r);
    raw[32..].copy_from_slice(&s);
    Some(raw)
}

/// An ASN.1 integer as 32 big-endian bytes, and what follows it.
fn integer(der: &[u8]) -> Option<([u8; 32], &[u8])> {
    let [0x02, length, rest @ ..] = der else { return None };
    let (digits, rest) = rest.split_at_checked(usize::from(*length))?;
    // A leading zero keeps a high first bit from meaning minus.
    let digits = digits.strip_prefix(&[0]).unwrap_or(digits);
    let mut whole = [0; 32];
    whole.get_mut(32usize.checked_sub(digits.len())?..)?.copy_from_slice(digits);
    Some((whole, rest))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use aws_lc_rs::rand::SystemRandom;
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED, EcdsaKeyPair, KeyPair, UnparsedPublicKey,
    };

    use super::*;

    /// Enough signatures that short and high-bit integers are among them.
    #[test]
    fn raw_signatures_verify() {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_key().as_ref());
        for n in 0..1000_u32 {
            let message = n.to_be_bytes();
            let der = key.sign(&SystemRandom::new(), &message).unwrap();
            public.verify(&message, &raw_signature(der.as_ref()).unwrap()).unwrap();
        }
    }

    #[test]
    fn what_is_not_a_signature_is_refused() {
        let der = [0x30, 6, 0x02, 1, 5, 0x02, 1, 6];
        let raw = raw_signature(&der).unwrap();
        assert_eq!((raw[31], raw[63]), (5, 6));
        for end in 0..der.len() {
            assert_eq!(raw_signature(&der[..end]), None, "{end} bytes");
        }
        assert_eq!(raw_signature(&[&der[..], &[0]].concat()), None, "something follows");
        let long = [&[0x30, 39, 0x02, 34][..], &[1; 34], &[0x02, 1, 6]].concat();
        assert_eq!(raw_signature(&long), None, "longer than the curve");
    }
}
