//! Every key, built in one place. docs/tables.md lists what each serves.
//!
//! A key names its kind first, `E#…`, so that kinds never meet in one partition by accident. Identifiers hold only
//! letters, digits, `-` and `_` ([`domain::ids`]), so `#` always separates.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::enrolment::State;
use domain::ids::{
    AccountId, EnrolmentId, ExportId, MessageId, NodeId, RegistrationId, RestrictionId, TaskId, UnitId, UploadId,
};
use domain::organisation::{NodePath, TREE_DEPTH_MAX};
use domain::registration;
use domain::task::Level;
use jiff::{Timestamp, civil::Date};
use workflow::ports::{PersonKey, Sequence};

/// Partition key attribute of every table.
pub(crate) const PK: &str = "pk";
/// Sort key attribute of every table.
pub(crate) const SK: &str = "sk";
/// Accounts and nodes, by `listed` and `place`.
pub(crate) const BY_PLACE: &str = "by-place";
/// Trail entries of what an account did, by `actor` and `acted`.
pub(crate) const BY_ACTOR: &str = "by-actor";
/// Enrolments of a unit, by `unit` and `created`.
pub(crate) const BY_UNIT: &str = "by-unit";
/// By application number: enrolments by `number` and `created`, payments and trail entries by `number` and `listed_at`.
pub(crate) const BY_NUMBER: &str = "by-number";
/// Paid enrolments of a unit by the first day on which cover ends, by `unit` and `ends`.
pub(crate) const BY_END: &str = "by-end";
/// Indexes of what is listed by subtree, by depth of the node in the tree: of enrolments by `list_<depth>` and `listed`, of
/// ledger entries, payments and trail entries by `list_<depth>` and `listed_at`.
pub(crate) const LISTS: [&str; TREE_DEPTH_MAX] = ["list-0", "list-1", "list-2", "list-3", "list-4"];
/// Attributes of the lists by depth.
pub(crate) const LIST_ATTRIBUTES: [&str; TREE_DEPTH_MAX] = ["list_0", "list_1", "list_2", "list_3", "list_4"];
/// Place of an enrolment in its lists.
pub(crate) const LISTED: &str = "listed";
/// Tasks an account holds, by `owner` and `queued_at`.
pub(crate) const BY_OWNER: &str = "by-owner";
/// Open tasks of a day, by `due_on` and `due_at`.
pub(crate) const BY_DUE: &str = "by-due";
/// Indexes of the pools by depth of the node in the tree, by `pool_<depth>` and `queued_at`.
pub(crate) const POOLS: [&str; TREE_DEPTH_MAX] = ["pool-0", "pool-1", "pool-2", "pool-3", "pool-4"];
/// Attributes of the pools by depth; a task has them while it is open.
pub(crate) const POOL_ATTRIBUTES: [&str; TREE_DEPTH_MAX] = ["pool_0", "pool_1", "pool_2", "pool_3", "pool_4"];
/// Indexes of units by depth of the node they are looked for at, by `units_<depth>` and `text`.
pub(crate) const UNITS: [&str; TREE_DEPTH_MAX - 1] = ["units-0", "units-1", "units-2", "units-3"];
/// Attributes of these indexes.
pub(crate) const UNIT_ATTRIBUTES: [&str; TREE_DEPTH_MAX - 1] = ["units_0", "units_1", "units_2", "units_3"];
/// Messages of an account, by `account` and `queued_at`.
pub(crate) const BY_ACCOUNT: &str = "by-account";
/// Messages about a subject, by `about` and `queued_at`.
pub(crate) const BY_SUBJECT: &str = "by-subject";
/// Indexes of the message log by depth of the node in the tree, by `log_<depth>` and `queued_at`.
pub(crate) const LOGS: [&str; TREE_DEPTH_MAX] = ["log-0", "log-1", "log-2", "log-3", "log-4"];
/// Attributes of the message log by depth.
pub(crate) const LOG_ATTRIBUTES: [&str; TREE_DEPTH_MAX] = ["log_0", "log_1", "log_2", "log_3", "log_4"];
/// Indexes of what is due for renewal, by depth of the node in the tree, by `renewal_<depth>` and `cover_ends`.
pub(crate) const RENEWALS: [&str; TREE_DEPTH_MAX] = ["renewal-0", "renewal-1", "renewal-2", "renewal-3", "renewal-4"];
/// Attributes of those lists by depth; an enrolment has them only while it is paid and nothing renews it.
pub(crate) const RENEWAL_ATTRIBUTES: [&str; TREE_DEPTH_MAX] =
    ["renewal_0", "renewal_1", "renewal_2", "renewal_3", "renewal_4"];
/// Last day of cover.
pub(crate) const COVER_ENDS: &str = "cover_ends";
/// Place within a list.
pub(crate) const LISTED_AT: &str = "listed_at";
/// Application number of a payment; what a trail entry is about.
pub(crate) const NUMBER: &str = "number";
/// Sort key prefix of trail entries.
pub(crate) const TRAIL: &str = "TRAIL#";
/// Beginning of the keys of indexes that list trail entries.
const TRAIL_LIST: &str = "trail#";
/// How many nodes list a trail entry: the root, and the office.
const TRAIL_DEPTHS: usize = 2;
/// Sort key prefix of ledger entries.
pub(crate) const LEDGER: &str = "LEDGER#";
/// Sort key prefix of payments.
pub(crate) const PAYMENT: &str = "PAYMENT#";
/// Sort key prefix of entries of the sign-in log.
pub(crate) const SIGN_IN: &str = "SIGNIN#";
/// Sort key prefix of exports.
pub(crate) const EXPORT: &str = "X#";
/// Attribute name prefix of a person's restrictions.
pub(crate) const RESTRICTED: &str = "r#";
/// Attribute name prefix of a person's covers.
pub(crate) const COVER: &str = "c#";

/// Longest sort key that DynamoDB has, in bytes.
const SORT_KEY_LENGTH_MAX: usize = 1024;
/// Longest partition key that DynamoDB has, in bytes.
const PARTITION_KEY_LENGTH_MAX: usize = 2048;

/// Whether a text can be a partition key, of a table or an index.
pub(crate) fn fits(partition: &str) -> bool {
    (1..=PARTITION_KEY_LENGTH_MAX).contains(&partition.len())
}

/// Primary key of an item.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub pk: String,
    pub sk: String,
}

impl Key {
    fn new(pk: impl Into<String>, sk: impl Into<String>) -> Self {
        Self { pk: pk.into(), sk: sk.into() }
    }

    /// Whether there can be an item of this key. What people ask for may make any other, and finds nothing.
    pub fn fits(&self) -> bool {
        fits(&self.pk) && (1..=SORT_KEY_LENGTH_MAX).contains(&self.sk.len())
    }

    /// The key as attributes.
    pub fn attributes(&self) -> HashMap<String, AttributeValue> {
        let text = |name: &str, value: &str| (name.to_owned(), AttributeValue::S(value.to_owned()));
        HashMap::from([text(PK, &self.pk), text(SK, &self.sk)])
    }
}

// Registry

pub(crate) fn node(id: &NodeId) -> Key {
    Key::new(format!("NODE#{id}"), "NODE")
}

pub(crate) fn unit(id: &UnitId) -> Key {
    Key::new(format!("UNIT#{id}"), "UNIT")
}

/// One of the terms a unit is found by, in the unit's partition.
pub(crate) fn unit_term(id: &UnitId, place: usize) -> Key {
    Key::new(format!("UNIT#{id}"), format!("TERM#{place:03}"))
}

/// Who has a unit code; there is one item per code, so a code has one holder.
pub(crate) fn unit_code(code: &str) -> Key {
    Key::new(format!("CODE#{code}"), "CODE")
}

pub(crate) fn registration(id: &RegistrationId) -> Key {
    Key::new(format!("REGISTRATION#{id}"), "REGISTRATION")
}

/// The application that has a partition.
pub(crate) fn registration_in(partition: &str) -> Option<RegistrationId> {
    RegistrationId::parse(partition.strip_prefix("REGISTRATION#")?).ok()
}

/// What applications in a state are listed under, among the terms of units.
pub(crate) fn registration_group(state: registration::State) -> String {
    format!("registration:{}", state.as_str())
}

/// The partitions an application is listed in, the root's first: one per node down to its agency, each with its depth.
pub(crate) fn registrations(agency: &NodePath, state: registration::State) -> impl Iterator<Item = (usize, String)> {
    let group = registration_group(state);
    agency.lineage().take(UNITS.len()).map(move |node| format!("{node}#{group}")).enumerate()
}

/// The tree as a list, in the order of paths.
pub(crate) fn tree(path: &NodePath) -> Key {
    Key::new(TREE, path.as_str())
}

/// Partition of the tree as a list.
pub(crate) const TREE: &str = "TREE";

/// The partitions a unit's term is listed in, the root's first: one per node above the unit, each with its depth.
pub(crate) fn unit_terms(unit: &NodePath, group: &str) -> impl Iterator<Item = (usize, String)> {
    let above = unit.lineage().count().saturating_sub(1);
    unit.lineage().take(above.min(UNITS.len())).map(move |node| format!("{node}#{group}")).enumerate()
}

/// The partition of a group of terms below one node, with its depth.
pub(crate) fn unit_terms_at(node: &NodePath, group: &str) -> (usize, String) {
    (node.lineage().count().clamp(1, UNITS.len()) - 1, format!("{}#{group}", node.as_str()))
}

pub(crate) fn account(id: &AccountId) -> Key {
    Key::new(format!("ACCOUNT#{id}"), "ACCOUNT")
}

/// Password and second factor, apart from the account: no read of an account carries a hash.
pub(crate) fn credentials(id: &AccountId) -> Key {
    Key::new(format!("ACCOUNT#{id}"), "CREDENTIALS")
}

/// Whose user name it is; there is one item per name, so a name has one account.
pub(crate) fn user_name(user_name: &str) -> Key {
    Key::new(format!("USER#{user_name}"), "USER")
}

/// Which account of the back office has a mobile number; there is one item per number, under its keyed index.
pub(crate) fn mobile(index: &str) -> Key {
    Key::new(format!("MOBILE#{index}"), "MOBILE")
}

/// All versions of a plan variant; variants share a partition, since lists show all of them.
pub(crate) fn plan_book(code: &str) -> Key {
    Key::new(PLAN_BOOKS, code)
}

pub(crate) fn rule_book() -> Key {
    Key::new("SELF-CHECK-RULES", "RULES")
}

/// What an office grants.
pub(crate) fn relief_book(office: &NodeId) -> Key {
    Key::new(format!("RELIEFS#{office}"), "RELIEFS")
}

/// Phrases for opinions: in a partition of their own, so that reading the account's credentials does not read them.
pub(crate) fn phrases(id: &AccountId) -> Key {
    Key::new(format!("PHRASES#{id}"), "PHRASES")
}

/// Partition of all plan variants.
pub(crate) const PLAN_BOOKS: &str = "PLAN-BOOKS";

/// A wrapped data key.
pub(crate) fn wrapped_key(name: &str, version: u8) -> Key {
    Key::new(format!("KEY#{name}"), format!("v{version}"))
}

// Enrolments, cover, tasks

pub(crate) fn enrolment(id: &EnrolmentId) -> Key {
    Key::new(format!("E#{id}"), "ENROLMENT")
}

/// The place of an enrolment in its lists: by creation, and no two the same, so that a list goes on after any place. An
/// instant by itself stands before all enrolments created at it.
pub(crate) fn listed(created: Timestamp, id: &EnrolmentId) -> String {
    format!("{}#{id}", instant(created))
}

pub(crate) fn person(person: &PersonKey) -> Key {
    Key::new(format!("P#{}", person.0), "PERSON")
}

/// Attribute of one cover of a person.
pub(crate) fn cover(enrolment: &EnrolmentId, plan: &str) -> String {
    format!("{COVER}{enrolment}#{plan}")
}

/// Attribute of an office's restriction of a person.
pub(crate) fn restricted(office: &NodeId) -> String {
    format!("{RESTRICTED}{office}")
}

/// Partition of an office's restricted list.
pub(crate) fn restrictions(office: &NodeId) -> String {
    format!("RESTRICTED#{office}")
}

/// None for an identifier that is no entry's.
pub(crate) fn restriction(id: &RestrictionId) -> Option<Key> {
    let (office, place) = id.parts()?;
    Some(Key::new(restrictions(&office), place))
}

pub(crate) fn task(id: &TaskId) -> Key {
    Key::new(format!("T#{id}"), "TASK")
}

/// Which half of a pool: a task moves from the one to the other when it is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    /// 待处理
    Pending,
    /// 处理中
    Held,
}

/// The pools an open task is listed in, the root's first: one per node of its path, each with its depth.
pub(crate) fn pools(half: Half, level: Level, path: &NodePath) -> impl Iterator<Item = (usize, String)> {
    lineage(path).map(move |(depth, node)| (depth, pool_key(half, level, node)))
}

/// A node and every node above it, the root first, each with its depth.
pub(crate) fn lineage(path: &NodePath) -> impl Iterator<Item = (usize, &str)> {
    path.lineage().take(TREE_DEPTH_MAX).enumerate()
}

/// How deep a node lies, the root at 0.
pub(crate) fn depth(node: &NodePath) -> usize {
    node.lineage().count().clamp(1, TREE_DEPTH_MAX) - 1
}

/// The pool of one node, with its depth.
pub(crate) fn pool(half: Half, level: Level, node: &NodePath) -> (usize, String) {
    (depth(node), pool_key(half, level, node.as_str()))
}

fn pool_key(half: Half, level: Level, node: &str) -> String {
    let half = match half {
        Half::Pending => "pending",
        Half::Held => "held",
    };
    format!("{}#{half}#{node}", level.as_str())
}

// Journal

/// Partition of everything recorded about a subject.
pub(crate) fn subject(subject: &str) -> String {
    format!("S#{subject}")
}

pub(crate) fn trail(about: &str, version: u64, n: usize) -> Key {
    Key::new(subject(about), format!("{TRAIL}{version:010}#{n:03}"))
}

pub(crate) fn ledger(about: &str, version: u64, n: usize) -> Key {
    Key::new(subject(about), format!("{LEDGER}{version:010}#{n:03}"))
}

pub(crate) fn sign_in(account: &AccountId, at: Timestamp, id: &str) -> Key {
    Key::new(subject(account.as_str()), format!("{SIGN_IN}{}#{id}", instant(at)))
}

pub(crate) fn payment(enrolment: &EnrolmentId, version: u64) -> Key {
    Key::new(subject(enrolment.as_str()), format!("{PAYMENT}{version:010}"))
}

/// What is listed by subtree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Listed {
    /// Enrolments in a state.
    Enrolments(State),
    /// Entries of the ledger.
    Ledger,
    /// Confirmed payments.
    Payment,
    /// Entries of trails.
    Trail,
}

/// The lists something is in, the root's first: one per node of its path, each with its depth.
pub(crate) fn lists(what: Listed, path: &NodePath) -> impl Iterator<Item = (usize, String)> {
    path.lineage().take(TREE_DEPTH_MAX).map(move |node| list_key(what, node)).enumerate()
}

/// The lists a trail entry is in: the country's and its office's. Below an office one looks through the office's, which costs
/// the few who do less than every step would pay for more lists.
pub(crate) fn trail_lists(path: &NodePath) -> impl Iterator<Item = (usize, String)> {
    lists(Listed::Trail, path).take(TRAIL_DEPTHS)
}

/// The list of trail entries to look through for those of a node, with its depth.
pub(crate) fn trail_list(node: &NodePath) -> (usize, String) {
    let lists = trail_lists(node).last();
    lists.unwrap_or_else(|| list(Listed::Trail, node))
}

/// Key of trail entries about what is called so, apart from payments of the same number.
pub(crate) fn trail_name(name: &str) -> String {
    format!("{TRAIL_LIST}{name}")
}

/// The list of one node, with its depth.
pub(crate) fn list(what: Listed, node: &NodePath) -> (usize, String) {
    (depth(node), list_key(what, node.as_str()))
}

fn list_key(what: Listed, node: &str) -> String {
    match what {
        Listed::Enrolments(state) => format!("{}#{node}", state.as_str()),
        Listed::Ledger => format!("ledger#{node}"),
        Listed::Payment => format!("payment#{node}"),
        Listed::Trail => format!("{TRAIL_LIST}{node}"),
    }
}

/// Place in a list: the business day, then the instant.
pub(crate) fn listed_at(day: Date, at: Timestamp) -> String {
    format!("{day}#{}", instant(at))
}

/// Between what places a list holds the days from `from` to `to`.
pub(crate) fn listed_between(from: Date, to: Date) -> (String, String) {
    // Behind `#` and any digit.
    (from.to_string(), format!("{to}#~"))
}

// Outbox

pub(crate) fn message(id: &MessageId) -> Key {
    Key::new(format!("M#{id}"), "MESSAGE")
}

// Messages

/// What became of a message.
pub(crate) fn record(id: &MessageId) -> Key {
    Key::new(format!("M#{id}"), "RECORD")
}

// Runtime

pub(crate) fn upload(id: &UploadId) -> Key {
    Key::new(format!("U#{id}"), "UPLOAD")
}

/// How far the import of an upload has come.
pub(crate) fn progress(id: &UploadId) -> Key {
    Key::new(format!("U#{id}"), "PROGRESS")
}

pub(crate) fn idempotency(key: &str) -> Key {
    Key::new(format!("IDEMPOTENCY#{key}"), "ANSWER")
}

pub(crate) fn consumed(consumer: &str, id: &MessageId) -> Key {
    Key::new(format!("CONSUMED#{consumer}#{id}"), "CONSUMED")
}

pub(crate) fn session(family: &str) -> Key {
    Key::new(format!("SESSION#{family}"), "SESSION")
}

/// The name holds no personal data: what it counts by is a keyed hash.
pub(crate) fn tally(name: &str) -> Key {
    Key::new(format!("TALLY#{name}"), "TALLY")
}

/// The name holds no personal data: what it is for is an identifier or a hash.
pub(crate) fn ticket(name: &str) -> Key {
    Key::new(format!("TICKET#{name}"), "TICKET")
}

pub(crate) fn sequence(sequence: Sequence) -> Key {
    let name = match sequence {
        Sequence::Application => "application",
        Sequence::Certificate => "certificate",
        Sequence::ReceiptBatch => "receipt-batch",
        Sequence::SampleReceipt => "sample-receipt",
    };
    Key::new(format!("SEQUENCE#{name}"), "SEQUENCE")
}

/// Partition of an account's exports.
pub(crate) fn exports(account: &AccountId) -> String {
    format!("EXPORTS#{account}")
}

/// An export: identifiers sort by time.
pub(crate) fn export(account: &AccountId, id: &ExportId) -> Key {
    Key::new(exports(account), format!("{EXPORT}{id}"))
}

/// Partition of the messages scheduled for a day.
pub(crate) fn due_on(day: Date) -> String {
    format!("DUE#{day}")
}

pub(crate) fn due(day: Date, id: &MessageId) -> Key {
    Key::new(due_on(day), format!("M#{id}"))
}

/// An instant as text whose order is the order of time: nanoseconds always written, `2026-11-22T03:04:05.000000000Z`.
pub(crate) fn instant(at: Timestamp) -> String {
    format!("{at:.9}")
}

#[cfg(test)]
mod tests;
