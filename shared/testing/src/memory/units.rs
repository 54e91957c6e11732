//! Units and registrations: searches, codes.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::ids::{RegistrationId, UnitId};
use domain::organisation::{Node, NodePath, Unit};
use domain::registration::Registration;
use domain::unit::{all_group, contact_group, name_group, terms};
use workflow::commit::{CodeChange, UnitWrite};
use workflow::ports::{CodeHolder, Outage, Page, PageRequest, RegistrationList, UnitQuery, UnitSearch, Units};
use workflow::scope::Scope;

use super::MemoryStore;
use super::page::{Order, page};
use super::tables::Tables;

#[async_trait]
impl Units for MemoryStore {
    async fn registration(&self, id: &RegistrationId, scope: &Scope) -> Result<Option<Registration>, Outage> {
        let tables = self.tables();
        let found = tables.registrations.get(id).filter(|r| scope.covers(&r.form.agency.path));
        Ok(found.cloned())
    }

    async fn registrations(
        &self,
        list: &RegistrationList,
        request: &PageRequest,
    ) -> Result<Page<Registration>, Outage> {
        let tables = self.tables();
        let below = tables.registrations.values().filter(|r| list.node.covers(&r.form.agency.path));
        let found = below.filter(|r| r.stored_state == list.state);
        let found = found.map(|r| (format!("{:.9}#{}", r.state_since, r.id), r.clone()));
        Ok(page(found, Order::Descending, request))
    }

    async fn code_holder(&self, code: &str) -> Result<Option<CodeHolder>, Outage> {
        Ok(self.tables().codes.get(code).cloned())
    }

    async fn find_units(&self, query: &UnitQuery, request: &PageRequest) -> Result<Page<Unit>, Outage> {
        let (group, part) = match &query.by {
            UnitSearch::All => (all_group(), ""),
            UnitSearch::NamePart(part) => (name_group(part), part.as_str()),
            UnitSearch::Contact(index) => (contact_group(index), ""),
        };
        let tables = self.tables();
        let below = tables.units.values().filter(|unit| query.node.covers(&unit.path));
        let found = below.filter_map(|unit| {
            let mut terms = terms(unit).into_iter();
            let term = terms.find(|term| term.group == group && term.text.starts_with(part))?;
            Some((format!("{}#{}", term.text, unit.id), unit.clone()))
        });
        Ok(page(found, Order::Ascending, request))
    }

    async fn classified(&self, units: &BTreeSet<UnitId>) -> Result<BTreeSet<UnitId>, Outage> {
        let tables = self.tables();
        let classified = |id: &&UnitId| tables.units.get(*id).is_some_and(|unit| unit.classified);
        Ok(units.iter().filter(classified).cloned().collect())
    }

    async fn subtree(&self, node: &NodePath) -> Result<Vec<Node>, Outage> {
        let tables = self.tables();
        let mut nodes: Vec<Node> = tables.nodes.values().filter(|n| node.covers(&n.path)).cloned().collect();
        nodes.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(nodes)
    }
}

pub(super) fn code_stands(tables: &Tables, change: &CodeChange) -> bool {
    match change {
        CodeChange::Take { code, .. } => !tables.codes.contains_key(code),
        CodeChange::Pass { code, from: holder, .. } | CodeChange::Release { code, by: holder } => {
            tables.codes.get(code) == Some(holder)
        }
    }
}

pub(super) fn change_code(tables: &mut Tables, change: CodeChange) {
    match change {
        CodeChange::Take { code, by } | CodeChange::Pass { code, to: by, .. } => _ = tables.codes.insert(code, by),
        CodeChange::Release { code, .. } => _ = tables.codes.remove(&code),
    }
}

/// The unit has the version it was read with, or is new.
pub(super) fn unit_stands(tables: &Tables, write: &UnitWrite) -> bool {
    let version = tables.units.get(&write.after.id).map(|unit| unit.version);
    version == write.before.as_ref().map(|unit| unit.version)
}
