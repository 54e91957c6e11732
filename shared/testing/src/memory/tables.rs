//! The rows, and the keys that order them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::account::Account;
use domain::enrolment::Enrolment;
use domain::ids::{AccountId, EnrolmentId, MessageId, NodeId, TaskId, UnitId, UploadId};
use domain::ledger::LedgerEntry;
use domain::message::{Outgoing, Scheduled};
use domain::organisation::{Node, Unit};
use domain::plan::PlanVariant;
use domain::task::Task;
use domain::trail::TrailEntry;
use domain::upload::Upload;
use jiff::Timestamp;
use serde::Serialize;
use workflow::commit::IdempotencyRecord;
use workflow::ports::{CoverRecord, IssuedSession, KnownPerson, Sequence};

/// Everything. Serialises to a snapshot of all effects: sequences are left out, since their gaps mean nothing.
#[derive(Default, Serialize)]
pub(super) struct Tables {
    pub nodes: BTreeMap<NodeId, Node>,
    pub units: BTreeMap<UnitId, Unit>,
    pub accounts: BTreeMap<AccountId, AccountRow>,
    pub plans: Vec<PlanVariant>,
    pub enrolments: BTreeMap<EnrolmentId, Enrolment>,
    pub uploads: BTreeMap<UploadId, Upload>,
    pub tasks: BTreeMap<TaskId, Task>,
    /// By [`step_key`].
    pub trail: BTreeMap<String, TrailEntry>,
    /// By [`step_key`].
    pub ledger: BTreeMap<String, LedgerEntry>,
    pub outbox: BTreeMap<MessageId, OutboxRow>,
    pub scheduled: BTreeMap<MessageId, Scheduled>,
    pub idempotency: BTreeMap<String, IdempotencyRecord>,
    /// By [`consumed_key`].
    pub consumed: BTreeSet<String>,
    pub sessions: BTreeMap<String, IssuedSession>,
    pub people: BTreeMap<String, PersonRow>,
    #[serde(skip)]
    pub sequences: HashMap<Sequence, u64>,
}

#[derive(Clone, Serialize)]
pub(super) struct AccountRow {
    pub account: Account,
    pub password_hash: String,
    pub failures: u32,
    pub locked_until: Option<Timestamp>,
}

#[derive(Clone, Serialize)]
pub(super) struct OutboxRow {
    pub written_at: Timestamp,
    pub outgoing: Outgoing,
}

#[derive(Clone, Default, Serialize)]
pub(super) struct PersonRow {
    /// None until cover is written: a restricted stranger has no name yet.
    pub name_index: Option<String>,
    pub restricted: bool,
    pub covers: Vec<CoverRecord>,
}

impl From<PersonRow> for KnownPerson {
    fn from(PersonRow { name_index, restricted, covers }: PersonRow) -> Self {
        Self { name_index: name_index.unwrap_or_default(), restricted, covers }
    }
}

/// Sorts by subject, then version, then place.
pub(super) fn step_key(subject: &str, version: u64, n: usize) -> String {
    format!("{subject}#{version:020}#{n:06}")
}

pub(super) fn consumed_key(consumer: &str, message: &MessageId) -> String {
    format!("{consumer}#{message}")
}
