//! Units as lists show them (单位查询, 单位信息维护).

use domain::identity::{Mobile, PersonName};
use domain::organisation::{NodePath, Unit};
use serde::{Deserialize, Serialize};

use crate::contacts;
use crate::ports::{Cipher, CodeHolder, Outage, Page, PageRequest, Store, UnitQuery};
use crate::scope::Scope;

/// Which units.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitList {
    /// The one that has a code, if it lies below a node.
    Coded {
        /// The node.
        node: NodePath,
        /// The code, in full and upper case.
        code: String,
    },
    /// Those that a search finds.
    Found(UnitQuery),
}

impl UnitList {
    /// A page of them. Costs what the page shows.
    pub async fn page(&self, store: &(impl Store + ?Sized), request: &PageRequest) -> Result<Page<Unit>, Outage> {
        let (node, code) = match self {
            Self::Found(query) => return store.find_units(query, request).await,
            Self::Coded { node, code } => (node, code),
        };
        let unit = match store.code_holder(code).await? {
            Some(CodeHolder::Unit(id)) => store.unit(&id, &Scope::Subtree(node.clone())).await?,
            _ => None,
        };
        Ok(Page { items: unit.into_iter().collect(), next: None })
    }
}

/// The keyed index by which units are found that have a contact of this name, in full, or of this mobile number; none if
/// it is neither.
pub fn contact_index(cipher: &dyn Cipher, contact: &str) -> Option<String> {
    match (Mobile::parse(contact), PersonName::parse(contact)) {
        (Ok(mobile), _) => Some(contacts::mobile_index(cipher, &mobile)),
        (_, Ok(name)) => Some(contacts::name_index(cipher, name.as_str())),
        _ => None,
    }
}
