//! What lets a browser read and write objects itself. Made by signing alone: nothing is asked of the store.

use std::time::Duration;

use async_trait::async_trait;
use domain::upload::Upload;
use jiff::Timestamp;

use super::Outage;

/// A presigned POST: the form a client sends with the file as its last field, `file`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostForm {
    /// Where to post.
    pub url: String,
    /// The fields, in order.
    pub fields: Vec<(String, String)>,
    /// Until when.
    pub expires_at: Timestamp,
}

/// Links and forms.
#[async_trait]
pub trait Links: Send + Sync {
    /// A link that downloads a document under a file name, for at most five minutes. No personal data in it.
    async fn link(&self, key: &str, file_name: &str, life: Duration) -> Result<String, Outage>;

    /// A form that uploads the file of an upload: exact key, content type, SHA-256 and length up to the purpose's limit.
    async fn post_form(&self, upload: &Upload, content_type: &str, now: Timestamp) -> Result<PostForm, Outage>;
}
