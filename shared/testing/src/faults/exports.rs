//! Export jobs, failing.

use async_trait::async_trait;
use domain::export::Export;
use domain::ids::{AccountId, ExportId};
use workflow::ports::{Exports, Outage, Page, PageRequest};

use super::{Call, Faulty};

#[async_trait]
impl<T: Exports> Exports for Faulty<T> {
    async fn export(&self, account: &AccountId, id: &ExportId) -> Result<Option<Export>, Outage> {
        self.meet(Call::Export, self.inner.export(account, id)).await
    }

    async fn exports(&self, account: &AccountId, page: &PageRequest) -> Result<Page<Export>, Outage> {
        self.meet(Call::Exports, self.inner.exports(account, page)).await
    }
}
