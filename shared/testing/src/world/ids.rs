//! Identifiers and secrets that are the same in every run.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};
use ulid::Ulid;
use workflow::ports::Ids;

/// 2026-01-01T00:00:00Z, in milliseconds.
const START_MS: u64 = 1_767_225_600_000;

/// Counts: the n-th identifier and the n-th secret are the same in every run. Clones count together.
#[derive(Debug, Clone, Default)]
pub struct SequentialIds {
    ulids: Arc<AtomicU64>,
    secrets: Arc<AtomicU64>,
}

impl Ids for SequentialIds {
    fn ulid(&self) -> Ulid {
        let n = self.ulids.fetch_add(1, Ordering::Relaxed);
        Ulid::from_parts(START_MS + n, u128::from(n))
    }

    fn secret(&self) -> [u8; 32] {
        let n = self.secrets.fetch_add(1, Ordering::Relaxed);
        Sha256::digest(n.to_be_bytes()).into()
    }
}
