//! Phrases for opinions (常用意见), each account's own.

use async_trait::async_trait;
use domain::ids::AccountId;
use domain::phrases::Phrases;

use super::Outage;

/// Keeps the phrases of accounts.
#[async_trait]
pub trait PhraseBook: Send + Sync {
    /// The phrases of an account as last written (strongly consistent); an account that has never written any has
    /// version 0 and none.
    async fn phrases(&self, account: &AccountId) -> Result<Phrases, Outage>;

    /// Replaces the phrases of an account if they still have the version before `phrases.version`. False if not.
    async fn put_phrases(&self, account: &AccountId, phrases: &Phrases) -> Result<bool, Outage>;
}
