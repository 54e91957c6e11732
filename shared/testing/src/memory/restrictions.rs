//! The restricted list of people.

use async_trait::async_trait;
use domain::ids::{NodeId, RestrictionId};
use domain::organisation::NodePath;
use domain::restriction::Restriction;
use workflow::ports::{Outage, Page, PageRequest, RestrictionChange, Restrictions};

use super::MemoryStore;
use super::page::{Order, page};
use super::tables::Tables;

#[async_trait]
impl Restrictions for MemoryStore {
    async fn restrictions(
        &self,
        office: &NodeId,
        node: &NodePath,
        request: &PageRequest,
    ) -> Result<Page<Restriction>, Outage> {
        let tables = self.tables();
        let listed = tables.restrictions.iter().filter(|(_, e)| e.office == *office && node.covers(&e.path));
        Ok(page(listed.map(|(id, entry)| (id.to_string(), entry.clone())), Order::Descending, request))
    }

    async fn restriction(&self, id: &RestrictionId) -> Result<Option<Restriction>, Outage> {
        Ok(self.tables().restrictions.get(id).cloned())
    }
}

/// Whether the list is still as the change takes it to be.
pub(super) fn stands(tables: &Tables, change: &RestrictionChange) -> bool {
    let marked = |entry: &Restriction| tables.people.get(&entry.person)?.restrictions.get(&entry.office).cloned();
    match change {
        RestrictionChange::Add { entry, instead_of } => {
            !tables.restrictions.contains_key(&entry.span.id) && marked(entry) == *instead_of
        }
        RestrictionChange::Lift(entry) => {
            let open = tables.restrictions.get(&entry.span.id).is_some_and(|there| there.lifted.is_none());
            open && marked(entry).as_ref() == Some(&entry.span)
        }
    }
}

pub(super) fn write(tables: &mut Tables, change: RestrictionChange) {
    let entry = match change {
        RestrictionChange::Add { entry, .. } => {
            let person = tables.people.entry(entry.person.clone()).or_default();
            person.restrictions.insert(entry.office.clone(), entry.span.clone());
            entry
        }
        RestrictionChange::Lift(entry) => {
            tables.people.entry(entry.person.clone()).or_default().restrictions.remove(&entry.office);
            entry
        }
    };
    tables.restrictions.insert(entry.span.id.clone(), *entry);
}
