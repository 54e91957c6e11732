//! Units and their registrations: what is looked up beside a single unit.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::ids::{RegistrationId, UnitId};
use domain::organisation::{Node, NodePath, Unit};
use domain::registration::{Registration, State};
use serde::{Deserialize, Serialize};

use super::{Outage, Page, PageRequest};
use crate::scope::Scope;

/// Who has a unit code: no two have the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CodeHolder {
    /// An application that waits for its review.
    Registration(RegistrationId),
    /// A unit.
    Unit(UnitId),
}

/// What units are looked for by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitSearch {
    /// All of them, in the order of their names.
    All,
    /// A part of the name, as [`domain::unit::search_text`] has it; two characters or more.
    NamePart(String),
    /// The keyed index of a valid contact's name or mobile number.
    Contact(String),
}

/// Units below a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitQuery {
    /// The node whose subtree is looked at: headquarters, an office or an agency.
    pub node: NodePath,
    /// By what.
    pub by: UnitSearch,
}

/// Applications below a node that stand in a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationList {
    /// The node whose subtree is looked at: headquarters, an office or an agency.
    pub node: NodePath,
    /// The state. `in-review` finds nothing: it is told by the task of a `submitted` one.
    pub state: State,
}

/// Looks up units and registrations.
#[async_trait]
pub trait Units: Send + Sync {
    /// The registration as last committed (strongly consistent); none if there is none or its agency lies outside the
    /// scope.
    async fn registration(&self, id: &RegistrationId, scope: &Scope) -> Result<Option<Registration>, Outage>;

    /// A page of applications; whichever came to its state last is first. May lag behind what was committed a moment ago.
    /// Costs what the page shows.
    async fn registrations(&self, list: &RegistrationList, page: &PageRequest) -> Result<Page<Registration>, Outage>;

    /// Who has a unit code (strongly consistent).
    async fn code_holder(&self, code: &str) -> Result<Option<CodeHolder>, Outage>;

    /// A page of units, in the order of what follows the part of the name that was looked for. Each unit once, however
    /// often its name holds the part. Costs what the page shows.
    async fn find_units(&self, query: &UnitQuery, page: &PageRequest) -> Result<Page<Unit>, Outage>;

    /// Which of some units are classified (涉密单位). May lag behind what was committed a moment ago. Costs one read for each
    /// unit asked about.
    async fn classified(&self, units: &BTreeSet<UnitId>) -> Result<BTreeSet<UnitId>, Outage>;

    /// A node and everything below it but units, in the order of their paths.
    async fn subtree(&self, node: &NodePath) -> Result<Vec<Node>, Outage>;
}
