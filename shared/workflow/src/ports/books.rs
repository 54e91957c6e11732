//! The books: confirmed payments and the ledger, as finance looks them up.

use async_trait::async_trait;
use domain::ids::{EnrolmentId, UnitId};
use domain::ledger::{LedgerEntry, LedgerEvent, LedgerTotals};
use domain::organisation::NodePath;
use domain::payment::PaymentRecord;
use domain::receipt::Channel;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Outage, Page, PageRequest};

/// Most entries that are summed in one go.
pub const TOTALLED_MAX: u32 = 20_000;

/// Which payments: those of units at or below a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentQuery {
    /// The node.
    pub node: NodePath,
    /// First day the money arrived on.
    pub from: Date,
    /// Last day.
    pub to: Date,
    /// How it came.
    pub channel: Option<Channel>,
    /// Application number, in full.
    pub application_number: Option<String>,
}

impl PaymentQuery {
    /// Whether a payment is asked for.
    pub fn admits(&self, payment: &PaymentRecord) -> bool {
        self.node.covers(&payment.path)
            && (self.from..=self.to).contains(&payment.arrived_on)
            && self.channel.is_none_or(|channel| payment.channel == channel)
            && self.application_number.as_ref().is_none_or(|number| payment.application_number == *number)
    }
}

/// Which entries of the ledger: those of units at or below a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerQuery {
    /// The node.
    pub node: NodePath,
    /// First business day.
    pub from: Date,
    /// Last business day.
    pub to: Date,
    /// With a line about a plan.
    pub plan: Option<String>,
    /// Of one kind.
    pub event: Option<LedgerEvent>,
}

impl LedgerQuery {
    /// Whether an entry is asked for.
    pub fn admits(&self, entry: &LedgerEntry) -> bool {
        self.node.covers(&entry.path)
            && (self.from..=self.to).contains(&entry.day)
            && self.plan.as_ref().is_none_or(|plan| entry.plans().any(|code| code == plan))
            && self.event.is_none_or(|event| entry.event == event)
    }
}

/// Looks up payments and the ledger. Answers may lag behind what was committed a moment ago.
#[async_trait]
pub trait Books: Send + Sync {
    /// A page of payments, by the day the money arrived, the newest first. Costs what the page shows; with a channel,
    /// what is looked at to find it.
    async fn payments(&self, query: &PaymentQuery, page: &PageRequest) -> Result<Page<PaymentRecord>, Outage>;

    /// A page of the ledger, the newest first. Costs what the page shows; with a plan or event, what is looked at.
    async fn ledger(&self, query: &LedgerQuery, page: &PageRequest) -> Result<Page<LedgerEntry>, Outage>;

    /// Sums of the entries asked for, of the newest [`TOTALLED_MAX`] at most; with a plan, of its lines only. Costs
    /// what is summed.
    async fn ledger_totals(&self, query: &LedgerQuery) -> Result<LedgerTotals, Outage>;

    /// Lists the entries and the payment of an enrolment under another unit from now on. Nothing else of them changes: not
    /// the amounts, not the day, not the name that was posted. One write each, idempotent; an outage may leave some
    /// written.
    async fn move_books(&self, enrolment: &EnrolmentId, unit: &UnitId, path: &NodePath) -> Result<(), Outage>;
}
