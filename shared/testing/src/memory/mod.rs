//! All the tables in memory. One lock around them makes every commit atomic.

mod books;
mod commit;
mod directory;
mod exports;
mod guards;
mod inspect;
mod lists;
mod message_log;
mod page;
mod people;
mod phrases;
mod read;
mod references;
mod restrictions;
mod runtime;
mod tables;
mod tasks;
#[cfg(test)]
mod tests;
mod units;

use std::sync::{Arc, Mutex, MutexGuard};

use domain::account::Account;
use domain::organisation::{Node, Unit};
use domain::plan::{PlanBook, PlanVariant};
use workflow::ports::{Clock, CodeHolder, PersonKey};

use self::tables::{AccountRow, PersonRow, Tables};
use crate::world::FixedClock;

/// Where [`EnrolmentLists::count_enrolments`](workflow::ports::EnrolmentLists::count_enrolments) stops counting.
pub const COUNT_CAP: u32 = 1000;

/// A [`Store`](workflow::ports::Store) in memory. Clones share the tables.
#[derive(Clone)]
pub struct MemoryStore {
    tables: Arc<Mutex<Tables>>,
    clock: Arc<dyn Clock>,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new(FixedClock::default())
    }
}

impl MemoryStore {
    /// Empty tables; the clock tells when a message entered the outbox.
    pub fn new(clock: impl Clock + 'static) -> Self {
        Self { tables: Arc::default(), clock: Arc::new(clock) }
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().expect("no holder of the lock panics")
    }

    fn seed(&self, change: impl FnOnce(&mut Tables)) -> &Self {
        change(&mut self.tables());
        self
    }

    /// Adds or replaces a node.
    pub fn with_node(&self, node: Node) -> &Self {
        self.seed(|t| _ = t.nodes.insert(node.id.clone(), node))
    }

    /// Adds or replaces a unit.
    pub fn with_unit(&self, unit: Unit) -> &Self {
        self.seed(|t| {
            t.codes.insert(unit.code.clone(), CodeHolder::Unit(unit.id.clone()));
            t.units.insert(unit.id.clone(), unit);
        })
    }

    /// Adds or replaces an account with the PHC string of its password, set for the first time.
    pub fn with_account(&self, account: Account, password_hash: &str) -> &Self {
        let row = AccountRow { account, password_hash: password_hash.to_owned(), generation: 0, totp: None };
        self.seed(|t| _ = t.accounts.insert(row.account.id.clone(), row))
    }

    /// Installs plan variants, each in place of the one of its code.
    pub fn with_plans(&self, plans: &[PlanVariant]) -> &Self {
        let books = PlanBook::installed(plans).expect("versions that follow each other");
        self.seed(|t| t.plan_books.extend(books.into_iter().map(|book| (book.code.clone(), book))))
    }

    /// Puts a person on the restricted list for enrolment, or takes them off it.
    pub fn set_restricted_person(&self, key: &PersonKey, restricted: bool) -> &Self {
        let span = crate::sample::restriction();
        let (office, _) = span.id.parts().expect("an entry of an office");
        self.seed(|t| {
            let row = t.people.entry(key.0.clone()).or_insert_with(PersonRow::default);
            if restricted {
                row.restrictions.insert(office, span);
            } else {
                row.restrictions.remove(&office);
            }
        })
    }
}
