//! A commit: one transaction, and what its failure means.

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{CancellationReason, TransactWriteItem};
use domain::ids::MessageId;
use workflow::commit::{ACTIONS_MAX, CONSUMED_LIFE_S, Commit, CommitError, IdempotencyRecord};
use workflow::ports::{Commits, Outage};

use super::actions::Meaning;
use super::items::{self, Row};
use super::{Dynamo, keys, pause};
use crate::config::Table;
use crate::outage::{done, outage};

/// Most tries of a transaction that others are in the way of, with 0.8 s of pauses in all at most.
const ATTEMPTS_MAX: u32 = 6;

/// The commit holds more actions than a transaction takes.
#[derive(Debug, thiserror::Error)]
#[error("a commit of {0} actions, more than {ACTIONS_MAX}")]
struct TooManyActions(usize);

/// Others were in the way of the transaction each time it was tried.
#[derive(Debug, thiserror::Error)]
#[error("in conflict with other transactions {ATTEMPTS_MAX} times")]
struct Contended;

/// Why DynamoDB cancelled a transaction.
enum Cancelled {
    /// A condition failed.
    Failed(Meaning, Option<IdempotencyRecord>),
    /// Another transaction was in the way, or the table is throttled: the same again may succeed.
    Contended,
}

#[async_trait]
impl Commits for Dynamo {
    async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        if commit.actions() > ACTIONS_MAX {
            return Err(Outage::new("commit", TooManyActions(commit.actions())).into());
        }
        let (meanings, writes): (Vec<_>, Vec<_>) = self.actions(&commit)?.into_iter().unzip();
        for attempt in 1..=ATTEMPTS_MAX {
            match self.transact(writes.clone(), &meanings).await? {
                None => return Ok(()),
                Some(Cancelled::Failed(meaning, record)) => return Err(answer(meaning, record)),
                Some(Cancelled::Contended) if attempt < ATTEMPTS_MAX => pause(attempt).await,
                Some(Cancelled::Contended) => break,
            }
        }
        Err(Outage::new("commit", Contended).into())
    }

    async fn answered(&self, key: &str) -> Result<Option<IdempotencyRecord>, Outage> {
        self.doc(Table::Runtime, &keys::idempotency(key), true).await
    }

    async fn consumed(&self, consumer: &str, message: &MessageId) -> Result<bool, Outage> {
        Ok(self.item(Table::Runtime, &keys::consumed(consumer, message), true).await?.is_some())
    }

    async fn consume(&self, consumer: &str, message: &MessageId) -> Result<bool, Outage> {
        let row = Row::new(&keys::consumed(consumer, message)).expires(self.clock.now(), CONSUMED_LIFE_S);
        let put = self.client.put_item().table_name(self.tables.name(Table::Runtime)?).set_item(Some(row.finish()?));
        done("consume", put.condition_expression("attribute_not_exists(pk)").send().await)
    }
}

impl Dynamo {
    /// Tries the transaction once. The SDK names each try with a token of its own and repeats a lost call under the same
    /// token; see docs/adr/0200-transaction-tokens.md.
    async fn transact(
        &self,
        writes: Vec<TransactWriteItem>,
        meanings: &[Meaning],
    ) -> Result<Option<Cancelled>, Outage> {
        let error = match self.client.transact_write_items().set_transact_items(Some(writes)).send().await {
            Ok(_) => return Ok(None),
            Err(error) => error,
        };
        match error.as_service_error() {
            Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
                match explain(meanings, cancelled.cancellation_reasons())? {
                    Some(cancelled) => Ok(Some(cancelled)),
                    None => Err(outage("commit")(error)),
                }
            }
            _ => Err(outage("commit")(error)),
        }
    }
}

/// What the reasons of a cancelled transaction, one per action, mean; none if they mean nothing that is expected.
///
/// Conflicts come first: a conflict on the idempotency record hides whether the request was answered, so the transaction
/// is tried again until every condition was looked at.
fn explain(meanings: &[Meaning], reasons: &[CancellationReason]) -> Result<Option<Cancelled>, Outage> {
    let has = |codes: &[&str]| reasons.iter().any(|r| r.code().is_some_and(|code| codes.contains(&code)));
    if has(&["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"]) {
        return Ok(Some(Cancelled::Contended));
    }
    let failed = meanings.iter().zip(reasons).filter(|(_, r)| r.code() == Some("ConditionalCheckFailed"));
    let Some((meaning, reason)) = failed.min_by_key(|(meaning, _)| **meaning) else { return Ok(None) };
    let record = match (meaning, reason.item()) {
        (Meaning::Answered, Some(item)) => Some(items::doc(item.clone())?),
        _ => None,
    };
    Ok(Some(Cancelled::Failed(*meaning, record)))
}

fn answer(meaning: Meaning, record: Option<IdempotencyRecord>) -> CommitError {
    match (meaning, record) {
        (Meaning::Answered, Some(record)) => CommitError::Answered(Box::new(record)),
        // Only if the store keeps back what it found: the caller reads it when it tries again.
        (Meaning::Answered, None) => Outage::new("commit", Contended).into(),
        (Meaning::Consumed, _) => CommitError::Consumed,
        (Meaning::Version, _) => CommitError::Version,
        (Meaning::Upload, _) => CommitError::Upload,
        (Meaning::Task, _) => CommitError::Task,
        (Meaning::Ticket, _) => CommitError::Ticket,
        (Meaning::Code, _) => CommitError::Code,
        (Meaning::Unit, _) => CommitError::Unit,
        (Meaning::UserName, _) => CommitError::UserName,
        (Meaning::Mobile, _) => CommitError::Mobile,
    }
}
