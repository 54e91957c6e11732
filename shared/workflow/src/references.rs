//! Changing reference data, and what is in effect of it on a day.

use domain::account::Actor;
use domain::plan::PlanVariant;
use domain::trail::TrailEntry;
use jiff::civil::Date;

use crate::commit::{Commit, CommitError, IdempotencyRecord};
use crate::desk::Desk;
use crate::ports::{Book, Outage, Store};

/// A change of a book.
pub struct Change<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// The book as the change leaves it, one version up.
    pub book: Book,
    /// What was done, in kebab-case.
    pub action: &'static str,
    /// What of it, before and after.
    pub note: String,
    /// The answer to keep.
    pub answer: IdempotencyRecord,
}

/// Writes a change with its trail entry, if the book still has the version before.
pub async fn change(desk: &Desk, change: Change<'_>) -> Result<(), CommitError> {
    let Change { actor, book, action, note, answer } = change;
    let entry = TrailEntry {
        topic: book.topic(),
        version: book.version(),
        n: 0,
        at: desk.clock.now(),
        account: Some(actor.account.clone()),
        actor_name: actor.name.clone(),
        action: action.to_owned(),
        from: String::new(),
        to: String::new(),
        note,
        duration_ms: 0,
    };
    desk.store
        .commit(Commit { book: Some(book), trail: vec![entry], idempotency: Some(answer), ..Commit::default() })
        .await
}

/// The plan variants in effect on a day, by code.
pub async fn plans_on(store: &(impl Store + ?Sized), day: Date) -> Result<Vec<PlanVariant>, Outage> {
    let books = store.plan_books().await?;
    let mut plans: Vec<PlanVariant> = books.iter().filter_map(|book| book.on(day).cloned()).collect();
    plans.sort_by(|one, other| one.code.cmp(&other.code));
    Ok(plans)
}
