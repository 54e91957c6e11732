//! Phrases for opinions.

use async_trait::async_trait;
use domain::ids::AccountId;
use domain::phrases::Phrases;
use workflow::ports::{Outage, PhraseBook};

use super::MemoryStore;

#[async_trait]
impl PhraseBook for MemoryStore {
    async fn phrases(&self, account: &AccountId) -> Result<Phrases, Outage> {
        Ok(self.tables().phrases.get(account).cloned().unwrap_or_default())
    }

    async fn put_phrases(&self, account: &AccountId, phrases: &Phrases) -> Result<bool, Outage> {
        let mut tables = self.tables();
        let version = tables.phrases.get(account).map_or(0, |kept| kept.version);
        if version + 1 != phrases.version {
            return Ok(false);
        }
        tables.phrases.insert(account.clone(), phrases.clone());
        Ok(true)
    }
}
