//! What is exported: the conditions of a list, as a job keeps them.

use domain::account::{Actor, Permission};
use domain::export::{Export, ExportKind};
use domain::organisation::NodePath;
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::pools;
use crate::ports::{
    EnrolmentList, EnrolmentSummary, LedgerQuery, Outage, Page, PageRequest, PaymentQuery, Pool, PoolTab, Store,
};
use crate::scope::Scope;
use crate::unit_lists::UnitList;

/// Which enrolments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WhichEnrolments {
    /// The list, within the data scope of who asked.
    pub list: EnrolmentList,
    /// Only the one of this application number.
    pub application_number: Option<String>,
}

impl WhichEnrolments {
    /// A page of them.
    pub(super) async fn page(
        &self,
        store: &(impl Store + ?Sized),
        request: &PageRequest,
    ) -> Result<Page<EnrolmentSummary>, Outage> {
        let Some(number) = &self.application_number else { return store.enrolments(&self.list, request).await };
        let found = store.enrolment_numbered(number, &Scope::Subtree(self.list.node.clone())).await?;
        Ok(Page { items: found.filter(|e| self.list.admits(e)).into_iter().collect(), next: None })
    }
}

/// Which records of a list, within the data scope of who asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conditions {
    /// Of enrolments.
    Enrolments(WhichEnrolments),
    /// Of payments.
    Payments(PaymentQuery),
    /// Of the ledger.
    Ledger(LedgerQuery),
    /// Of units.
    Units(UnitList),
    /// Of a tab of a work pool.
    Tasks(Pool, PoolTab),
    /// Of enrolments due for renewal: below a node, whose cover ends between two days.
    Renewals(NodePath, (Date, Date)),
}

impl Conditions {
    /// The conditions a job keeps.
    ///
    /// # Errors
    /// They were kept by a version of the platform that wrote them otherwise.
    pub(super) fn of(export: &Export) -> Result<Self, Outage> {
        Ok(match export.kind {
            ExportKind::Enrolments | ExportKind::Rosters | ExportKind::Receipts => Self::Enrolments(read(export)?),
            ExportKind::Payments => Self::Payments(read(export)?),
            ExportKind::Ledger => Self::Ledger(read(export)?),
            ExportKind::Units => Self::Units(read(export)?),
            ExportKind::Tasks => {
                let (pool, tab) = read(export)?;
                Self::Tasks(pool, tab)
            }
            ExportKind::Renewals => {
                let (node, ends) = read(export)?;
                Self::Renewals(node, ends)
            }
        })
    }

    /// As a job keeps them.
    pub(super) fn kept(&self) -> Result<String, Outage> {
        let json = match self {
            Self::Enrolments(which) => serde_json::to_string(which),
            Self::Payments(query) => serde_json::to_string(query),
            Self::Ledger(query) => serde_json::to_string(query),
            Self::Units(list) => serde_json::to_string(list),
            Self::Tasks(pool, tab) => serde_json::to_string(&(pool, tab)),
            Self::Renewals(node, ends) => serde_json::to_string(&(node, ends)),
        };
        json.map_err(|problem| Outage::new("write-export", problem))
    }

    /// Whether an account may see the list at all.
    pub(super) fn shown_to(&self, actor: &Actor) -> bool {
        match self {
            Self::Enrolments(_) | Self::Renewals(..) => actor.may(Permission::ReadEnrolments),
            Self::Payments(_) | Self::Ledger(_) => actor.may(Permission::ReadBooks),
            Self::Units(_) => actor.may(Permission::ReadUnits),
            Self::Tasks(pool, _) => pools::looked_at_by(actor, pool.level),
        }
    }
}

fn read<T: DeserializeOwned>(export: &Export) -> Result<T, Outage> {
    serde_json::from_str(&export.conditions).map_err(|problem| Outage::new("read-export", problem))
}
