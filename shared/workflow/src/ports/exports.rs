//! Export jobs. They are written by commits only.

use async_trait::async_trait;
use domain::export::Export;
use domain::ids::{AccountId, ExportId};

use super::{Outage, Page, PageRequest};

/// Reads export jobs.
#[async_trait]
pub trait Exports: Send + Sync {
    /// The job as last committed (strongly consistent), if it is the account's.
    async fn export(&self, account: &AccountId, id: &ExportId) -> Result<Option<Export>, Outage>;

    /// An account's jobs, newest first. A job is forgotten after thirty days.
    async fn exports(&self, account: &AccountId, page: &PageRequest) -> Result<Page<Export>, Outage>;
}
