//! What the platform knows of a file's people, read in batches.

use std::sync::Arc;

use domain::identity::ResidentId;
use workflow::eligibility::{self, Known};
use workflow::ports::{Cipher, Outage, Store};

use crate::progress::Counts;

/// People looked up before it is told how far one is.
const AT_ONCE: usize = 10_000;

/// Looks everybody up by blind index. Strangers are not in the answer.
pub async fn known(
    store: &dyn Store,
    cipher: &Arc<dyn Cipher>,
    people: Vec<ResidentId>,
    counts: &Counts,
) -> Result<Known, Outage> {
    let cipher = cipher.clone();
    let indexed = tokio::task::spawn_blocking(move || eligibility::indexed(&*cipher, &people)).await;
    let mut left = indexed.map_err(|e| Outage::new("index-people", e))?.into_iter();
    let mut known = Known::new();
    loop {
        let some: std::collections::HashMap<_, _> = left.by_ref().take(AT_ONCE).collect();
        if some.is_empty() {
            return Ok(known);
        }
        let asked = some.len();
        known.extend(eligibility::known(store, some).await?);
        counts.checked(asked);
    }
}
