//! What the platform knows of a file's people, read in batches.

use std::collections::HashMap;
use std::sync::Arc;

use domain::identity::ResidentId;
use workflow::cover::person_key;
use workflow::ports::{Cipher, Outage, PersonKey, Store};

use crate::check::Known;

/// Looks everybody up by blind index. Strangers are not in the answer.
pub async fn known(store: &dyn Store, cipher: &Arc<dyn Cipher>, people: Vec<ResidentId>) -> Result<Known, Outage> {
    let cipher = cipher.clone();
    let indexed = tokio::task::spawn_blocking(move || {
        let mut by_key: HashMap<_, PersonKey> = HashMap::with_capacity(people.len());
        for id in &people {
            by_key.entry(id.key()).or_insert_with(|| person_key(&*cipher, id.as_str()));
        }
        by_key.into_iter().unzip::<_, _, Vec<_>, Vec<_>>()
    })
    .await
    .map_err(|e| Outage::new("index-people", e))?;
    let (ids, keys) = indexed;
    let found = store.known(&keys).await?;
    Ok(ids.into_iter().zip(found).filter_map(|(id, person)| Some((id, person?))).collect())
}
