//! Export jobs.

use async_trait::async_trait;
use domain::export::Export;
use domain::ids::{AccountId, ExportId};
use workflow::ports::{Exports, Outage, Page, PageRequest};

use super::MemoryStore;
use super::page::{Order, page};

#[async_trait]
impl Exports for MemoryStore {
    async fn export(&self, account: &AccountId, id: &ExportId) -> Result<Option<Export>, Outage> {
        Ok(self.tables().exports.get(id).filter(|export| export.account == *account).cloned())
    }

    async fn exports(&self, account: &AccountId, request: &PageRequest) -> Result<Page<Export>, Outage> {
        let tables = self.tables();
        let own = tables.exports.values().filter(|export| export.account == *account);
        Ok(page(own.map(|export| (export.id.to_string(), export.clone())), Order::Descending, request))
    }
}
