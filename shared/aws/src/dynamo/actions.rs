//! The actions of a commit, each tagged with what its failed condition means.

use aws_sdk_dynamodb::types::builders::PutBuilder;
use aws_sdk_dynamodb::types::{
    AttributeValue, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use domain::enrolment::Enrolment;
use domain::export::Export;
use domain::ids::{AccountId, TaskId};
use domain::ledger::LedgerEntry;
use domain::message::{Outgoing, Scheduled};
use domain::payment::PaymentRecord;
use domain::sign_in::SignInRecord;
use domain::task::{Task, TaskChange, TaskState};
use domain::trail::TrailEntry;
use domain::upload::Upload;
use jiff::Timestamp;
use workflow::commit::{CONSUMED_LIFE_S, Commit, Consumed, IDEMPOTENCY_LIFE_S, IdempotencyRecord};
use workflow::ports::{Book, Outage, Ticket};

use super::items::{DOC, EXPIRES, Item, Row, to_value};
use super::{
    Dynamo, books, directory, enrolments, exports, keys, outbox, references, sign_ins, tasks, tickets, uploads,
};
use crate::config::Table;

/// What a failed condition means. The first in this order that failed is the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Meaning {
    Answered,
    Consumed,
    /// The enrolment or the book moved. So did it if an entry or message of this very version exists.
    Version,
    Upload,
    Task,
    Ticket,
    Code,
    Unit,
    UserName,
    Mobile,
}

/// An action with the meaning of its failed condition.
pub(super) type Action = (Meaning, TransactWriteItem);

const IS_NEW: &str = "attribute_not_exists(pk)";

impl Dynamo {
    /// Everything a commit writes.
    pub(super) fn actions(&self, commit: &Commit) -> Result<Vec<Action>, Outage> {
        let now = self.clock.now();
        let mut actions = Vec::with_capacity(commit.actions());
        actions.extend(commit.idempotency.iter().map(|record| self.keep_answer(record, now)));
        actions.extend(commit.consumed.iter().map(|mark| self.mark_consumed(mark, now)));
        actions.extend(commit.enrolment.iter().map(|(enrolment, expected)| self.write_enrolment(enrolment, *expected)));
        actions.extend(commit.book.iter().map(|book| self.write_book(book)));
        actions.extend(commit.renewed.iter().map(|(renewed, expected)| self.write_enrolment(renewed, *expected)));
        actions.extend(commit.upload.iter().map(|upload| self.settle_upload(upload)));
        actions.extend(commit.tasks.iter().map(|change| self.change_task(change)));
        actions.extend(commit.trail.iter().map(|entry| self.append_trail(entry)));
        actions.extend(commit.ledger.iter().map(|entry| self.append_ledger(entry)));
        actions.extend(commit.payment.iter().map(|payment| self.record_payment(payment)));
        actions.extend(commit.messages.iter().map(|message| self.leave_message(message, now)));
        actions.extend(commit.scheduled.iter().map(|scheduled| self.schedule(scheduled)));
        actions.extend(commit.tickets.iter().map(|ticket| self.keep_ticket(ticket)));
        actions.extend(commit.redeemed.iter().map(|ticket| self.redeem_ticket(ticket, now)));
        actions.extend(commit.password.iter().map(|new| Ok((Meaning::Version, self.new_password(new)?))));
        let records = commit.record_changes(now);
        actions.extend(records.iter().map(|change| Ok((Meaning::Version, self.change_record(change)?))));
        if let Some(change) = &commit.restriction {
            actions.extend(self.change_restriction(change)?.map(Ok));
        }
        actions.extend(commit.sign_ins.iter().map(|record| self.append_sign_in(record)));
        actions.extend(commit.export.iter().map(|(export, expected)| self.write_export(export, *expected)));
        actions.extend(commit.registration.iter().map(|(r, expected)| self.write_registration(r, *expected)));
        for write in &commit.units {
            actions.extend(self.write_unit(write)?.into_iter().map(Ok));
        }
        actions.extend(commit.codes.iter().map(|change| self.change_code(change)));
        actions.extend(commit.mobiles.iter().map(|change| self.change_mobile(change)));
        actions.extend(commit.open_unit.iter().map(|unit| self.unit_is_open(unit)));
        for change in &commit.accounts {
            actions.extend(self.change_account(change)?.into_iter().map(Ok));
        }
        actions.extend(commit.ended_sessions.iter().map(|ended| Ok((Meaning::Version, self.end_sessions(ended)?))));
        if let Some((node, expected)) = &commit.node {
            actions.extend(self.write_node(node, *expected)?.map(Ok));
        }
        actions.into_iter().collect()
    }

    fn keep_answer(&self, record: &IdempotencyRecord, now: Timestamp) -> Result<Action, Outage> {
        let row = Row::of(&keys::idempotency(&record.key), record)?.expires(now, IDEMPOTENCY_LIFE_S);
        // The record that is there comes back with the failure: no second read.
        let put = self.put_if(Table::Runtime, row.finish()?, IS_NEW)?;
        let put = put.return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        action(Meaning::Answered, put)
    }

    fn mark_consumed(&self, mark: &Consumed, now: Timestamp) -> Result<Action, Outage> {
        let row = Row::new(&keys::consumed(mark.consumer, &mark.message)).expires(now, CONSUMED_LIFE_S);
        self.create(Meaning::Consumed, Table::Runtime, row.finish()?)
    }

    fn write_enrolment(&self, enrolment: &Enrolment, expected: u64) -> Result<Action, Outage> {
        self.follow(Table::Enrolments, enrolments::item(enrolment)?, expected)
    }

    fn write_book(&self, book: &Book) -> Result<Action, Outage> {
        self.follow(Table::Registry, references::item(book)?, book.version().saturating_sub(1))
    }

    /// Puts the next version of an item, or the first one after version 0.
    fn follow(&self, table: Table, item: Item, expected: u64) -> Result<Action, Outage> {
        if expected == 0 {
            return self.create(Meaning::Version, table, item);
        }
        let put = self.put_if(table, item, "#version = :expected")?;
        let put = put.expression_attribute_names("#version", "version");
        action(Meaning::Version, put.expression_attribute_values(":expected", AttributeValue::N(expected.to_string())))
    }

    fn write_export(&self, export: &Export, expected: u64) -> Result<Action, Outage> {
        let item = exports::item(export)?;
        if expected == 0 {
            return self.create(Meaning::Version, Table::Runtime, item);
        }
        let put = self.put_if(Table::Runtime, item, "#version = :expected")?;
        let put = put.expression_attribute_names("#version", "version");
        action(Meaning::Version, put.expression_attribute_values(":expected", AttributeValue::N(expected.to_string())))
    }

    fn settle_upload(&self, upload: &Upload) -> Result<Action, Outage> {
        let put = self.put_if(Table::Runtime, uploads::item(upload)?, uploads::IS_RECEIVED)?;
        let put = put.expression_attribute_names("#state", uploads::STATE);
        action(Meaning::Upload, put.expression_attribute_values(":received", uploads::received()))
    }

    fn change_task(&self, change: &TaskChange) -> Result<Action, Outage> {
        match change {
            TaskChange::Open(task) => self.open_task(task),
            TaskChange::Close { id, held_by } => self.close_task(id, held_by.as_ref()),
            TaskChange::Hand { task, held_by } => self.hand_task(task, held_by.as_ref()),
            TaskChange::Cancel { id } => self.finish_task(id, "attribute_exists(pk)", None),
        }
    }

    fn open_task(&self, task: &Task) -> Result<Action, Outage> {
        self.create(Meaning::Task, Table::Tasks, tasks::item(task)?)
    }

    fn close_task(&self, id: &TaskId, held_by: Option<&AccountId>) -> Result<Action, Outage> {
        match held_by {
            Some(account) => self.finish_task(id, "#owner = :owner", Some(account)),
            None => self.finish_task(id, tasks::IS_PENDING, None),
        }
    }

    fn finish_task(&self, id: &TaskId, condition: &str, owner: Option<&AccountId>) -> Result<Action, Outage> {
        let owner = owner.map(|account| AttributeValue::S(account.to_string()));
        let mut update = Update::builder()
            .table_name(self.tables.name(Table::Tasks)?)
            .set_key(Some(keys::task(id).attributes()))
            .update_expression(tasks::FINISH)
            .condition_expression(condition)
            .expression_attribute_names("#doc", DOC)
            .expression_attribute_names("#state", "state")
            .expression_attribute_names("#owner", tasks::OWNER)
            .expression_attribute_values(":state", to_value(&TaskState::Done)?);
        if let Some(owner) = owner {
            update = update.expression_attribute_values(":owner", owner);
        }
        let update = update.build().map_err(|problem| Outage::new("commit", problem))?;
        Ok((Meaning::Task, TransactWriteItem::builder().update(update).build()))
    }

    fn hand_task(&self, task: &Task, held_by: Option<&AccountId>) -> Result<Action, Outage> {
        let owner = task.owner().ok_or_else(|| Outage::new("commit", "a task is handed to somebody"))?;
        let (expression, listed) = tasks::acquiring(task);
        let mut update = Update::builder()
            .table_name(self.tables.name(Table::Tasks)?)
            .set_key(Some(keys::task(&task.id).attributes()))
            .update_expression(expression)
            .condition_expression(if held_by.is_some() { "#owner = :held_by" } else { tasks::IS_PENDING })
            .expression_attribute_names("#doc", super::items::DOC)
            .expression_attribute_names("#state", "state")
            .expression_attribute_names("#owner", tasks::OWNER)
            .expression_attribute_values(":state", to_value(&task.state)?)
            .expression_attribute_values(":owner", AttributeValue::S(owner.to_string()));
        if let Some(account) = held_by {
            update = update.expression_attribute_values(":held_by", AttributeValue::S(account.to_string()));
        }
        for (name, pool) in listed {
            update = update.expression_attribute_values(name, pool);
        }
        let update = update.build().map_err(|problem| Outage::new("commit", problem))?;
        Ok((Meaning::Task, TransactWriteItem::builder().update(update).build()))
    }

    fn append_trail(&self, entry: &TrailEntry) -> Result<Action, Outage> {
        self.create(Meaning::Version, Table::Journal, directory::trail_item(entry)?)
    }

    fn append_ledger(&self, entry: &LedgerEntry) -> Result<Action, Outage> {
        self.create(Meaning::Version, Table::Journal, books::ledger_item(entry)?)
    }

    fn record_payment(&self, payment: &PaymentRecord) -> Result<Action, Outage> {
        self.create(Meaning::Version, Table::Journal, books::payment_item(payment)?)
    }

    fn leave_message(&self, message: &Outgoing, now: Timestamp) -> Result<Action, Outage> {
        self.create(Meaning::Version, Table::Outbox, outbox::item(message, now)?)
    }

    fn schedule(&self, scheduled: &Scheduled) -> Result<Action, Outage> {
        let row = Row::of(&keys::due(scheduled.on, &scheduled.outgoing.id), &scheduled.outgoing)?;
        self.create(Meaning::Version, Table::Runtime, row.finish()?)
    }

    fn keep_ticket(&self, ticket: &Ticket) -> Result<Action, Outage> {
        let put = Put::builder().table_name(self.tables.name(Table::Runtime)?).set_item(Some(tickets::item(ticket)?));
        action(Meaning::Ticket, put)
    }

    fn redeem_ticket(&self, ticket: &Ticket, now: Timestamp) -> Result<Action, Outage> {
        let delete = Delete::builder()
            .table_name(self.tables.name(Table::Runtime)?)
            .set_key(Some(keys::ticket(&ticket.name).attributes()))
            .condition_expression("#doc.#holds = :holds AND #expires > :now")
            .expression_attribute_names("#doc", DOC)
            .expression_attribute_names("#holds", tickets::HOLDS)
            .expression_attribute_names("#expires", EXPIRES)
            .expression_attribute_values(":holds", AttributeValue::S(ticket.holds.clone()))
            .expression_attribute_values(":now", AttributeValue::N(now.as_second().to_string()));
        let delete = delete.build().map_err(|problem| Outage::new("commit", problem))?;
        Ok((Meaning::Ticket, TransactWriteItem::builder().delete(delete).build()))
    }

    fn append_sign_in(&self, record: &SignInRecord) -> Result<Action, Outage> {
        self.create(Meaning::Version, Table::Journal, sign_ins::item(record)?)
    }

    pub(super) fn create(&self, meaning: Meaning, table: Table, item: Item) -> Result<Action, Outage> {
        action(meaning, self.put_if(table, item, IS_NEW)?)
    }

    pub(super) fn put_if(&self, table: Table, item: Item, condition: &str) -> Result<PutBuilder, Outage> {
        let put = Put::builder().table_name(self.tables.name(table)?).set_item(Some(item));
        Ok(put.condition_expression(condition))
    }
}

pub(super) fn action(meaning: Meaning, put: PutBuilder) -> Result<Action, Outage> {
    let put = put.build().map_err(|problem| Outage::new("commit", problem))?;
    Ok((meaning, TransactWriteItem::builder().put(put).build()))
}
