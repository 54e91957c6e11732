//! Counts, tickets and the sign-in log.

use async_trait::async_trait;
use domain::ids::AccountId;
use domain::sign_in::SignInRecord;
use jiff::Timestamp;
use workflow::ports::{Limit, Outage, Page, PageRequest, SignIns, Tallies, Ticket, Tickets};

use super::MemoryStore;
use super::page::{Order, page};
use super::tables::sign_in_key;

#[async_trait]
impl Tallies for MemoryStore {
    async fn count(&self, name: &str, limit: Limit, now: Timestamp) -> Result<Result<u32, Timestamp>, Outage> {
        let mut tables = self.tables();
        let next = limit.next(tables.tallies.get(name).copied(), now);
        Ok(next.map(|next| {
            tables.tallies.insert(name.to_owned(), next);
            next.count
        }))
    }

    async fn forget(&self, name: &str) -> Result<(), Outage> {
        self.tables().tallies.remove(name);
        Ok(())
    }
}

#[async_trait]
impl Tickets for MemoryStore {
    async fn keep_ticket(&self, ticket: &Ticket) -> Result<(), Outage> {
        self.tables().tickets.insert(ticket.name.clone(), ticket.clone());
        Ok(())
    }

    async fn ticket(&self, name: &str, now: Timestamp) -> Result<Option<Ticket>, Outage> {
        Ok(self.tables().tickets.get(name).filter(|ticket| now < ticket.expires_at).cloned())
    }

    async fn take_ticket(&self, name: &str, now: Timestamp) -> Result<Option<Ticket>, Outage> {
        Ok(self.tables().tickets.remove(name).filter(|ticket| now < ticket.expires_at))
    }
}

#[async_trait]
impl SignIns for MemoryStore {
    async fn record_sign_in(&self, record: &SignInRecord) -> Result<(), Outage> {
        self.tables().sign_ins.insert(sign_in_key(record), record.clone());
        Ok(())
    }

    async fn sign_ins(&self, account: &AccountId, request: &PageRequest) -> Result<Page<SignInRecord>, Outage> {
        let tables = self.tables();
        let records = tables.sign_ins.iter().filter(|(_, record)| record.account == *account);
        Ok(page(records.map(|(key, record)| (key.clone(), record.clone())), Order::Descending, request))
    }
}
