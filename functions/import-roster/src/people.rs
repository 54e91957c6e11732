//! What the platform knows of a file's people, read in batches.

use std::sync::Arc;

use domain::identity::ResidentId;
use workflow::eligibility::{self, Known};
use workflow::ports::{Cipher, Outage, Store};

/// Looks everybody up by blind index. Strangers are not in the answer.
pub async fn known(store: &dyn Store, cipher: &Arc<dyn Cipher>, people: Vec<ResidentId>) -> Result<Known, Outage> {
    let cipher = cipher.clone();
    let indexed = tokio::task::spawn_blocking(move || eligibility::indexed(&*cipher, &people)).await;
    eligibility::known(store, indexed.map_err(|e| Outage::new("index-people", e))?).await
}
