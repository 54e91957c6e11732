//! Payments and the ledger, looked up.

use async_trait::async_trait;
use domain::ids::{EnrolmentId, UnitId};
use domain::ledger::{LedgerEntry, LedgerTotals};
use domain::organisation::NodePath;
use domain::payment::PaymentRecord;
use workflow::ports::{Books, LedgerQuery, Outage, Page, PageRequest, PaymentQuery, TOTALLED_MAX};

use super::MemoryStore;
use super::page::{Order, page};
use super::tables::step_key;

#[async_trait]
impl Books for MemoryStore {
    async fn payments(&self, query: &PaymentQuery, request: &PageRequest) -> Result<Page<PaymentRecord>, Outage> {
        let tables = self.tables();
        let found = tables.payments.values().filter(|payment| query.admits(payment)).cloned();
        let keyed = found.map(|p| (format!("{}#{:.9}#{}", p.arrived_on, p.confirmed_at, p.enrolment), p));
        Ok(page(keyed, Order::Descending, request))
    }

    async fn ledger(&self, query: &LedgerQuery, request: &PageRequest) -> Result<Page<LedgerEntry>, Outage> {
        let tables = self.tables();
        let found = tables.ledger.values().filter(|entry| query.admits(entry)).cloned();
        Ok(page(found.map(|entry| (place(&entry), entry)), Order::Descending, request))
    }

    async fn ledger_totals(&self, query: &LedgerQuery) -> Result<LedgerTotals, Outage> {
        let tables = self.tables();
        let mut found: Vec<_> = tables.ledger.values().filter(|entry| query.admits(entry)).collect();
        found.sort_by_key(|entry| std::cmp::Reverse(place(entry)));
        let mut totals = LedgerTotals { cut: found.len() > TOTALLED_MAX as usize, ..LedgerTotals::default() };
        for entry in found.into_iter().take(TOTALLED_MAX as usize) {
            let added = totals.add(entry, query.plan.as_deref());
            added.ok_or_else(|| Outage::new("total-ledger", "more than 64 bits hold"))?;
        }
        Ok(totals)
    }

    async fn move_books(&self, enrolment: &EnrolmentId, unit: &UnitId, path: &NodePath) -> Result<(), Outage> {
        let mut tables = self.tables();
        for entry in tables.ledger.values_mut().filter(|entry| entry.subject == enrolment.as_str()) {
            entry.path = path.clone();
        }
        if let Some(payment) = tables.payments.get_mut(enrolment) {
            (payment.unit, payment.path) = (unit.clone(), path.clone());
        }
        Ok(())
    }
}

fn place(entry: &LedgerEntry) -> String {
    format!("{}#{:.9}#{}", entry.day, entry.at, step_key(&entry.subject, entry.version, entry.n))
}
