//! Commits: every condition is checked before anything is written.

use std::collections::HashSet;

use async_trait::async_trait;
use domain::ids::{EnrolmentId, MessageId, UnitId};
use domain::task::{Task, TaskChange, TaskState};
use domain::upload::UploadState;
use jiff::Timestamp;
use workflow::commit::{ACTIONS_MAX, AccountChange, Commit, CommitError, IdempotencyRecord, MobileChange};
use workflow::ports::{Commits, Outage, Ticket};

use super::tables::{AccountRow, OutboxRow, Tables, consumed_key, sign_in_key, step_key};
use super::{MemoryStore, references, restrictions, units};

#[async_trait]
impl Commits for MemoryStore {
    async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        let written_at = self.clock.now();
        let mut tables = self.tables();
        possible(&commit)?;
        check(&tables, &commit, written_at)?;
        write(&mut tables, commit, written_at);
        Ok(())
    }

    async fn answered(&self, key: &str) -> Result<Option<IdempotencyRecord>, Outage> {
        Ok(self.tables().idempotency.get(key).cloned())
    }

    async fn consumed(&self, consumer: &str, message: &MessageId) -> Result<bool, Outage> {
        Ok(self.tables().consumed.contains(&consumed_key(consumer, message)))
    }

    async fn consume(&self, consumer: &str, message: &MessageId) -> Result<bool, Outage> {
        Ok(self.tables().consumed.insert(consumed_key(consumer, message)))
    }
}

/// What DynamoDB takes in one transaction: not too many actions, no item twice.
fn possible(commit: &Commit) -> Result<(), Outage> {
    if commit.actions() > ACTIONS_MAX {
        return Err(Outage::new("commit", format!("{} actions in one transaction", commit.actions())));
    }
    let tasks = commit.tasks.iter().map(|change| match change {
        TaskChange::Open(task) => &task.id,
        TaskChange::Close { id, .. } | TaskChange::Cancel { id } => id,
        TaskChange::Hand { task, .. } => &task.id,
    });
    let items: Vec<String> = tasks
        .map(|id| format!("task#{id}"))
        .chain(commit.trail.iter().map(|e| format!("trail#{}", step_key(&e.topic.id, e.version, e.n))))
        .chain(commit.ledger.iter().map(|e| format!("ledger#{}", step_key(&e.subject, e.version, e.n))))
        .chain(commit.messages.iter().map(|m| format!("message#{}", m.id)))
        .chain(commit.scheduled.iter().map(|s| format!("scheduled#{}", s.outgoing.id)))
        .chain(commit.accounts.iter().map(|change| match change {
            AccountChange::Open(account) => format!("account#{}", account.id),
            AccountChange::Edit { after, .. } => format!("account#{}", after.id),
        }))
        .chain(commit.accounts.iter().filter_map(|change| match change {
            AccountChange::Open(account) => Some(format!("user#{}", account.user_name)),
            AccountChange::Edit { .. } => None,
        }))
        .chain(commit.units.iter().map(|write| format!("unit#{}", write.after.id)))
        .chain(commit.open_unit.iter().map(|unit| format!("unit#{unit}")))
        .chain(commit.codes.iter().map(|change| format!("code#{}", change.code())))
        .chain(commit.mobiles.iter().map(|change| format!("mobile#{}", change.index())))
        .chain(
            commit.record_changes(Timestamp::UNIX_EPOCH).iter().map(|change| format!("record#{}", change.record().id)),
        )
        .chain(commit.tickets.iter().chain(&commit.redeemed).map(|ticket| format!("ticket#{}", ticket.name)))
        .collect();
    let distinct: HashSet<&String> = items.iter().collect();
    if distinct.len() < items.len() {
        return Err(Outage::new("commit", "one item twice in a transaction"));
    }
    Ok(())
}

/// The reasons in the order of their precedence.
fn check(tables: &Tables, commit: &Commit, now: Timestamp) -> Result<(), CommitError> {
    let key = commit.idempotency.as_ref().map(|record| &record.key);
    if let Some(record) = key.and_then(|key| tables.idempotency.get(key)) {
        return Err(CommitError::Answered(Box::new(record.clone())));
    }
    let consumed = commit.consumed.as_ref().map(|c| consumed_key(c.consumer, &c.message));
    if consumed.is_some_and(|key| tables.consumed.contains(&key)) {
        return Err(CommitError::Consumed);
    }
    if !version_stands(tables, commit) {
        return Err(CommitError::Version);
    }
    let upload = commit.upload.as_ref().map(|upload| tables.uploads.get(&upload.id).map(|u| &u.state));
    if upload.is_some_and(|state| state != Some(&UploadState::Received)) {
        return Err(CommitError::Upload);
    }
    if !commit.tasks.iter().all(|change| task_stands(tables, change)) {
        return Err(CommitError::Task);
    }
    let good = |ticket: &Ticket| {
        let there = tables.tickets.get(&ticket.name);
        there.is_some_and(|there| there.holds == ticket.holds && now < there.expires_at)
    };
    if !commit.redeemed.as_ref().is_none_or(good) {
        return Err(CommitError::Ticket);
    }
    if !commit.codes.iter().all(|change| units::code_stands(tables, change)) {
        return Err(CommitError::Code);
    }
    let open = |unit: &UnitId| tables.units.get(unit).is_some_and(|unit| unit.active);
    if !commit.open_unit.as_ref().is_none_or(open) {
        return Err(CommitError::Unit);
    }
    let taken = |name: &str| tables.accounts.values().any(|row| row.account.user_name == name);
    if commit.accounts.iter().any(|c| matches!(c, AccountChange::Open(account) if taken(&account.user_name))) {
        return Err(CommitError::UserName);
    }
    let free = |change: &MobileChange| tables.mobiles.get(change.index()).is_none_or(|holder| holder == change.by());
    if !commit.mobiles.iter().all(free) {
        return Err(CommitError::Mobile);
    }
    Ok(())
}

/// The enrolment and the book have the expected version, and nothing else was written under the names that the new version gives.
fn version_stands(tables: &Tables, commit: &Commit) -> bool {
    let version_of = |id: &EnrolmentId| tables.enrolments.get(id).map_or(0, |e| e.version);
    let mut enrolments = commit.enrolment.iter().chain(&commit.renewed);
    enrolments.all(|(e, expected)| version_of(&e.id) == *expected)
        && commit.book.as_ref().is_none_or(|book| references::follows(tables, book))
        && !commit.trail.iter().any(|e| tables.trail.contains_key(&step_key(&e.topic.id, e.version, e.n)))
        && !commit.ledger.iter().any(|e| tables.ledger.contains_key(&step_key(&e.subject, e.version, e.n)))
        && !commit.payment.iter().any(|p| tables.payments.contains_key(&p.enrolment))
        && !commit.messages.iter().any(|m| tables.outbox.contains_key(&m.id))
        && commit.record_changes(Timestamp::UNIX_EPOCH).iter().all(|c| c.stands(tables.records.get(&c.record().id)))
        && !commit.scheduled.iter().any(|s| tables.scheduled.contains_key(&s.outgoing.id))
        && !commit.sign_ins.iter().any(|record| tables.sign_ins.contains_key(&sign_in_key(record)))
        && commit.export.as_ref().is_none_or(|(export, expected)| {
            tables.exports.get(&export.id).map_or(0, |export| export.version) == *expected
        })
        && commit
            .registration
            .as_ref()
            .is_none_or(|(r, expected)| tables.registrations.get(&r.id).map_or(0, |stored| stored.version) == *expected)
        && commit.units.iter().all(|write| units::unit_stands(tables, write))
        && commit.accounts.iter().all(|change| account_stands(tables, change))
        && commit.restriction.as_ref().is_none_or(|change| restrictions::stands(tables, change))
        && commit.password.as_ref().is_none_or(|new| tables.accounts.contains_key(&new.account))
        && commit.ended_sessions.as_ref().is_none_or(|ended| tables.accounts.contains_key(&ended.account))
        && commit
            .node
            .as_ref()
            .is_none_or(|(node, expected)| tables.nodes.get(&node.id).map_or(0, |node| node.version) == *expected)
}

fn account_stands(tables: &Tables, change: &AccountChange) -> bool {
    match change {
        AccountChange::Open(account) => !tables.accounts.contains_key(&account.id),
        AccountChange::Edit { before, .. } => {
            tables.accounts.get(&before.id).is_some_and(|row| row.account == **before)
        }
    }
}

fn task_stands(tables: &Tables, change: &TaskChange) -> bool {
    match change {
        TaskChange::Open(task) => !tables.tasks.contains_key(&task.id),
        TaskChange::Close { id, held_by } | TaskChange::Hand { task: Task { id, .. }, held_by } => {
            tables.tasks.get(id).is_some_and(|task| task.state != TaskState::Done && task.owner() == held_by.as_ref())
        }
        TaskChange::Cancel { id } => tables.tasks.contains_key(id),
    }
}

fn write(tables: &mut Tables, commit: Commit, written_at: Timestamp) {
    let records = commit.record_changes(written_at).into_iter().map(|change| change.record().clone());
    tables.records.extend(records.map(|record| (record.id.clone(), record)));
    for (enrolment, _) in commit.enrolment.into_iter().chain(commit.renewed) {
        tables.enrolments.insert(enrolment.id.clone(), enrolment);
    }
    if let Some((export, _)) = commit.export {
        tables.exports.insert(export.id.clone(), export);
    }
    if let Some(book) = commit.book {
        references::write(tables, book);
    }
    if let Some(upload) = commit.upload {
        tables.uploads.insert(upload.id.clone(), upload);
    }
    for change in commit.tasks {
        match change {
            TaskChange::Open(task) => _ = tables.tasks.insert(task.id.clone(), task),
            TaskChange::Hand { task, .. } => _ = tables.tasks.insert(task.id.clone(), task),
            TaskChange::Close { id, .. } | TaskChange::Cancel { id } => {
                tables.tasks.entry(id).and_modify(|task| task.state = TaskState::Done);
            }
        }
    }
    tables.trail.extend(commit.trail.into_iter().map(|e| (step_key(&e.topic.id, e.version, e.n), e)));
    tables.ledger.extend(commit.ledger.into_iter().map(|e| (step_key(&e.subject, e.version, e.n), e)));
    tables.payments.extend(commit.payment.map(|payment| (payment.enrolment.clone(), payment)));
    let outgoing = commit.messages.into_iter();
    tables.outbox.extend(outgoing.map(|outgoing| (outgoing.id.clone(), OutboxRow { written_at, outgoing })));
    tables.scheduled.extend(commit.scheduled.into_iter().map(|s| (s.outgoing.id.clone(), s)));
    tables.idempotency.extend(commit.idempotency.map(|record| (record.key.clone(), record)));
    tables.consumed.extend(commit.consumed.map(|c| consumed_key(c.consumer, &c.message)));
    tables.tickets.extend(commit.tickets.into_iter().map(|ticket| (ticket.name.clone(), ticket)));
    if let Some(ticket) = commit.redeemed {
        tables.tickets.remove(&ticket.name);
    }
    if let Some(row) = commit.password.and_then(|new| Some((tables.accounts.get_mut(&new.account)?, new.hash))) {
        let (row, hash) = row;
        row.password_hash = hash;
        row.generation += 1;
    }
    tables.registrations.extend(commit.registration.map(|(registration, _)| (registration.id.clone(), registration)));
    tables.units.extend(commit.units.into_iter().map(|write| (write.after.id.clone(), *write.after)));
    for change in commit.codes {
        units::change_code(tables, change);
    }
    for change in commit.mobiles {
        match change {
            MobileChange::Take { index, by } => _ = tables.mobiles.insert(index, by),
            MobileChange::Release { index, .. } => _ = tables.mobiles.remove(&index),
        }
    }
    for change in commit.accounts {
        match change {
            AccountChange::Open(account) => {
                _ = tables.accounts.insert(account.id.clone(), AccountRow::opened(*account))
            }
            AccountChange::Edit { after, .. } => {
                tables.accounts.entry(after.id.clone()).and_modify(|row| row.account = *after);
            }
        }
    }
    if let Some(change) = commit.restriction {
        restrictions::write(tables, change);
    }
    if let Some(ended) = commit.ended_sessions {
        tables.accounts.entry(ended.account).and_modify(|row| {
            row.generation += 1;
            row.totp = row.totp.take().filter(|_| !ended.clears_totp);
        });
    }
    tables.nodes.extend(commit.node.map(|(node, _)| (node.id.clone(), node)));
    tables.sign_ins.extend(commit.sign_ins.into_iter().map(|record| (sign_in_key(&record), record)));
}
