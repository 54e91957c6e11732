//! A token key of this process alone.

use async_trait::async_trait;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use workflow::ports::{Outage, TokenSigner, TokenVerifier};

/// A key pair that is made when the process starts and dies with it: for tests, which need tokens without a key store.
pub struct LocalKey(EcdsaKeyPair);

impl LocalKey {
    /// A new key pair.
    pub fn generate() -> Result<Self, Outage> {
        let key = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING);
        key.map(Self).map_err(|error| Outage::new("generate-key", error))
    }
}

#[async_trait]
impl TokenSigner for LocalKey {
    async fn sign(&self, message: &[u8]) -> Result<[u8; 64], Outage> {
        let signature = self.0.sign(&SystemRandom::new(), message).map_err(|error| Outage::new("sign-token", error))?;
        signature.as_ref().try_into().map_err(|error| Outage::new("sign-token", error))
    }
}

#[async_trait]
impl TokenVerifier for LocalKey {
    async fn public_key(&self) -> Result<Vec<u8>, Outage> {
        Ok(self.0.public_key().as_ref().to_vec())
    }
}
