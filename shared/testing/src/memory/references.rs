//! Reference data.

use async_trait::async_trait;
use domain::ids::NodeId;
use domain::plan::PlanBook;
use domain::receipt::ReliefBook;
use domain::self_check::RuleBook;
use workflow::ports::{Book, Outage, References};

use super::MemoryStore;
use super::tables::Tables;

#[async_trait]
impl References for MemoryStore {
    async fn plan_books(&self) -> Result<Vec<PlanBook>, Outage> {
        Ok(self.tables().plan_books.values().cloned().collect())
    }

    async fn plan_book(&self, code: &str) -> Result<Option<PlanBook>, Outage> {
        Ok(self.tables().plan_books.get(code).cloned())
    }

    async fn rule_book(&self) -> Result<RuleBook, Outage> {
        Ok(self.tables().rule_book.clone().unwrap_or_default())
    }

    async fn relief_book(&self, office: &NodeId) -> Result<ReliefBook, Outage> {
        let found = self.tables().relief_books.get(office).cloned();
        Ok(found.unwrap_or_else(|| ReliefBook::empty(office.clone())))
    }
}

/// Whether a book follows the version that is there.
pub(super) fn follows(tables: &Tables, book: &Book) -> bool {
    let there = match book {
        Book::Plan(book) => tables.plan_books.get(&book.code).map(|there| there.version),
        Book::Rules(_) => tables.rule_book.as_ref().map(|there| there.version),
        Book::Reliefs(book) => tables.relief_books.get(&book.office).map(|there| there.version),
    };
    there.unwrap_or(0) + 1 == book.version()
}

pub(super) fn write(tables: &mut Tables, book: Book) {
    match book {
        Book::Plan(book) => _ = tables.plan_books.insert(book.code.clone(), book),
        Book::Rules(book) => tables.rule_book = Some(book),
        Book::Reliefs(book) => _ = tables.relief_books.insert(book.office.clone(), book),
    }
}
