//! The rows, and the keys that order them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::account::Account;
use domain::enrolment::Enrolment;
use domain::export::Export;
use domain::ids::{
    AccountId, EnrolmentId, ExportId, MessageId, NodeId, RegistrationId, RestrictionId, TaskId, UnitId, UploadId,
};
use domain::ledger::LedgerEntry;
use domain::message::{Outgoing, Scheduled};
use domain::message_log::MessageRecord;
use domain::organisation::{Node, Unit};
use domain::payment::PaymentRecord;
use domain::phrases::Phrases;
use domain::plan::PlanBook;
use domain::receipt::ReliefBook;
use domain::registration::Registration;
use domain::restriction::{Restriction, RestrictionSpan};
use domain::self_check::RuleBook;
use domain::sign_in::SignInRecord;
use domain::task::Task;
use domain::trail::TrailEntry;
use domain::upload::Upload;
use jiff::Timestamp;
use serde::Serialize;
use workflow::accounts::NO_PASSWORD;
use workflow::commit::IdempotencyRecord;
use workflow::ports::{
    CodeHolder, CoverRecord, Credentials, IssuedSession, KnownPerson, RowsSoFar, Sequence, Tally, Ticket, Totp,
};

/// Everything. Serialises to a snapshot of all effects: sequences are left out, since their gaps mean nothing.
#[derive(Default, Serialize)]
pub(super) struct Tables {
    pub nodes: BTreeMap<NodeId, Node>,
    pub units: BTreeMap<UnitId, Unit>,
    pub registrations: BTreeMap<RegistrationId, Registration>,
    /// By unit code.
    pub codes: BTreeMap<String, CodeHolder>,
    pub accounts: BTreeMap<AccountId, AccountRow>,
    /// By keyed index of a mobile number.
    pub mobiles: BTreeMap<String, AccountId>,
    pub plan_books: BTreeMap<String, PlanBook>,
    pub rule_book: Option<RuleBook>,
    pub relief_books: BTreeMap<NodeId, ReliefBook>,
    pub enrolments: BTreeMap<EnrolmentId, Enrolment>,
    pub uploads: BTreeMap<UploadId, Upload>,
    /// Left out of snapshots: it decides nothing.
    #[serde(skip)]
    pub progress: BTreeMap<UploadId, RowsSoFar>,
    pub tasks: BTreeMap<TaskId, Task>,
    /// By [`step_key`].
    pub trail: BTreeMap<String, TrailEntry>,
    /// By [`step_key`].
    pub ledger: BTreeMap<String, LedgerEntry>,
    /// By enrolment: one is paid once.
    pub payments: BTreeMap<EnrolmentId, PaymentRecord>,
    pub outbox: BTreeMap<MessageId, OutboxRow>,
    pub scheduled: BTreeMap<MessageId, Scheduled>,
    pub idempotency: BTreeMap<String, IdempotencyRecord>,
    /// By [`consumed_key`].
    pub consumed: BTreeSet<String>,
    pub sessions: BTreeMap<String, IssuedSession>,
    pub tallies: BTreeMap<String, Tally>,
    pub tickets: BTreeMap<String, Ticket>,
    /// By [`sign_in_key`].
    pub sign_ins: BTreeMap<String, SignInRecord>,
    /// How often a provider was asked and since when a fate is what it is depends on what failed on the way.
    #[serde(serialize_with = "settled")]
    pub records: BTreeMap<MessageId, MessageRecord>,
    pub people: BTreeMap<String, PersonRow>,
    pub phrases: BTreeMap<AccountId, Phrases>,
    pub exports: BTreeMap<ExportId, Export>,
    pub restrictions: BTreeMap<RestrictionId, Restriction>,
    #[serde(skip)]
    pub sequences: HashMap<Sequence, u64>,
}

/// The records without what a retry leaves behind, and without the sealed words, which hold numbers that have gaps.
fn settled<S: serde::Serializer>(records: &BTreeMap<MessageId, MessageRecord>, to: S) -> Result<S::Ok, S::Error> {
    let settled = |record: &MessageRecord| MessageRecord {
        attempts: 0,
        changed_at: record.queued_at,
        sealed_words: record.sealed_words.as_ref().map(|_| String::new()),
        ..record.clone()
    };
    to.collect_map(records.iter().map(|(id, record)| (id, settled(record))))
}

#[derive(Clone, Serialize)]
pub(super) struct AccountRow {
    pub account: Account,
    pub password_hash: String,
    pub generation: u64,
    pub totp: Option<Totp>,
}

impl AccountRow {
    /// The row of an account that has no password yet.
    pub fn opened(account: Account) -> Self {
        Self { account, password_hash: NO_PASSWORD.to_owned(), generation: 0, totp: None }
    }
}

impl From<AccountRow> for Credentials {
    fn from(AccountRow { account, password_hash, generation, totp }: AccountRow) -> Self {
        Self { account, password_hash, generation, totp }
    }
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
    /// By office.
    pub restrictions: BTreeMap<NodeId, RestrictionSpan>,
    pub covers: Vec<CoverRecord>,
}

impl From<PersonRow> for KnownPerson {
    fn from(PersonRow { name_index, restrictions, covers }: PersonRow) -> Self {
        let restrictions = restrictions.into_values().collect();
        Self { name_index: name_index.unwrap_or_default(), restrictions, covers }
    }
}

/// Sorts by subject, then version, then place.
pub(super) fn step_key(subject: &str, version: u64, n: usize) -> String {
    format!("{subject}#{version:020}#{n:06}")
}

/// Sorts by time.
pub(super) fn sign_in_key(record: &SignInRecord) -> String {
    format!("{:020}#{}", record.at.as_microsecond(), record.id)
}

pub(super) fn consumed_key(consumer: &str, message: &MessageId) -> String {
    format!("{consumer}#{message}")
}

/// Sorts by time.
pub(super) fn record_key(record: &MessageRecord) -> String {
    format!("{:020}#{}", record.queued_at.as_microsecond(), record.id)
}
