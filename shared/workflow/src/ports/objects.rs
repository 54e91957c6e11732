//! The buckets.

use async_trait::async_trait;
use bytes::Bytes;
use domain::upload::Upload;
use futures::stream::BoxStream;

use super::Outage;

/// A bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Bucket {
    /// What arrives.
    Quarantine,
    /// What was accepted or produced.
    Documents,
}

/// Why an object was not read.
#[derive(Debug, thiserror::Error)]
pub enum ObjectProblem {
    /// There is none under the key.
    #[error("no such object")]
    Missing,
    /// It is larger than the reader takes.
    #[error("the object is too large")]
    TooLarge,
    /// The store did not answer.
    #[error(transparent)]
    Outage(#[from] Outage),
}

/// The bytes of an object, one after another.
pub type Pieces<'a> = BoxStream<'a, Result<Bytes, Outage>>;

/// Objects.
#[async_trait]
pub trait Objects: Send + Sync {
    /// Reads an object of at most `size_max` bytes.
    async fn get(&self, bucket: Bucket, key: &str, size_max: u64) -> Result<Bytes, ObjectProblem>;

    /// Writes an object to the documents bucket, replacing what was there.
    async fn put(&self, key: &str, body: Bytes, content_type: &str) -> Result<(), Outage>;

    /// Writes an object to the documents bucket whose bytes come one after another and need not fit into memory; answers
    /// how many there were. Until all are there nothing is: a piece that fails leaves what was there before.
    async fn put_pieces(&self, key: &str, pieces: Pieces<'_>, content_type: &str) -> Result<u64, Outage>;

    /// Writes the file of an upload into quarantine, as its client would post it.
    async fn submit(&self, upload: &Upload, body: Bytes, content_type: &str) -> Result<(), Outage>;
}
