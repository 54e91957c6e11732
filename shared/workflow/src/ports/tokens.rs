//! The key pair of access tokens: ECDSA on P-256 with SHA-256 (JWT `ES256`).

use async_trait::async_trait;

use super::Outage;

/// Signs with the platform's token key. Held by the one function that issues tokens.
#[async_trait]
pub trait TokenSigner: Send + Sync {
    /// The signature over the SHA-256 of `message`: `r` then `s`, 32 bytes each, big-endian (JWS, RFC 7518 §3.4 – not
    /// the DER that most key stores answer with).
    async fn sign(&self, message: &[u8]) -> Result<[u8; 64], Outage>;
}

/// Knows the public half. Held by every function that reads tokens, which asks once, when it starts.
#[async_trait]
pub trait TokenVerifier: Send + Sync {
    /// The public key: the uncompressed point, `04 | x | y`, 65 bytes, or a DER `SubjectPublicKeyInfo` (RFC 5480).
    async fn public_key(&self) -> Result<Vec<u8>, Outage>;
}
