//! What lists may tell of units: whether a unit is classified (涉密单位) is asked when a list is read, so that no record has to
//! be written anew when a unit becomes one.

use std::collections::BTreeSet;

use domain::organisation::NodePath;
use domain::unit::Discretion;

use crate::ports::{Outage, Units};

/// What a list may show to an account at `reader`; `units` is where the listed units stand. Costs nothing for units of the
/// reader's own agency.
pub async fn of(store: &(impl Units + ?Sized), reader: &NodePath, units: Vec<&NodePath>) -> Result<Discretion, Outage> {
    let asked: BTreeSet<_> = units.into_iter().filter_map(|path| Discretion::asks_about(reader, path)).collect();
    let classified = if asked.is_empty() { asked } else { store.classified(&asked).await? };
    Ok(Discretion::new(reader.clone(), classified))
}
