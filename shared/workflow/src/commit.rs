//! A commit: everything one step changes, written in one transaction or not at all.

use std::ops::Range;

use domain::account::Account;
use domain::enrolment::{Decision, Enrolment};
use domain::export::Export;
use domain::ids::{AccountId, MessageId, UnitId};
use domain::ledger::LedgerEntry;
use domain::message::{Outgoing, Scheduled};
use domain::message_log::{MessageRecord, RecordChange};
use domain::organisation::{Node, Unit};
use domain::payment::PaymentRecord;
use domain::registration::Registration;
use domain::sign_in::SignInRecord;
use domain::task::TaskChange;
use domain::trail::TrailEntry;
use domain::unit::{UnitTerm, terms};
use domain::upload::Upload;

use crate::ports::{Book, CodeHolder, Outage, RestrictionChange, Ticket};
use jiff::Timestamp;

/// Most actions of one transaction (DynamoDB: 100).
pub const ACTIONS_MAX: usize = 100;
/// Life of an idempotency record, in seconds: thirty days, since money moves.
pub const IDEMPOTENCY_LIFE_S: i64 = 30 * 24 * 3600;
/// Life of the mark of a consumed message, in seconds: longer than any queue or dead-letter queue keeps one.
pub const CONSUMED_LIFE_S: i64 = 30 * 24 * 3600;

/// The first answer to a request, kept to answer a repetition of it with the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct IdempotencyRecord {
    /// Account and client key, hashed: safe in a table key.
    pub key: String,
    /// Hash of method, path and body; another request under the same key is refused.
    pub request_hash: String,
    /// HTTP status answered.
    pub status: u16,
    /// Body answered.
    pub body: String,
    /// `ETag` answered.
    pub etag: Option<String>,
}

/// The mark a consumer leaves in the transaction of its effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consumed {
    /// The consumer: the function's name.
    pub consumer: &'static str,
    /// The message.
    pub message: MessageId,
}

/// A new password. It has no `Debug`.
#[derive(Clone)]
pub struct NewPassword {
    /// Whose.
    pub account: AccountId,
    /// Its PHC string.
    pub hash: String,
}

/// A change of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountChange {
    /// A new account without a password. Its id must be new, and its user name nobody's.
    Open(Box<Account>),
    /// An account that must still be as it was `before`; its id and user name stay.
    Edit {
        /// As it was read.
        before: Box<Account>,
        /// As it is to be.
        after: Box<Account>,
    },
}

/// A unit as a step leaves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitWrite {
    /// As it was read, with the version it must still have; none for one that must not exist yet.
    pub before: Option<Box<Unit>>,
    /// As it is to be.
    pub after: Box<Unit>,
}

/// A change of who has a unit code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CodeChange {
    /// A code that nobody has.
    Take {
        /// The code.
        code: String,
        /// Who has it now.
        by: CodeHolder,
    },
    /// A code that passes on.
    Pass {
        /// The code.
        code: String,
        /// Who must have it.
        from: CodeHolder,
        /// Who has it now.
        to: CodeHolder,
    },
    /// A code that nobody has any more.
    Release {
        /// The code.
        code: String,
        /// Who must have it.
        by: CodeHolder,
    },
}

/// A change of whose a mobile number is among the accounts of the back office. The number is given as its keyed index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MobileChange {
    /// A number that nobody else has.
    Take {
        /// The number's index.
        index: String,
        /// Whose it is now.
        by: AccountId,
    },
    /// A number that is nobody's any more; nothing happens to one that never was anybody's.
    Release {
        /// The number's index.
        index: String,
        /// Who must not have lost it to somebody else.
        by: AccountId,
    },
}

impl MobileChange {
    /// The number's index.
    pub fn index(&self) -> &str {
        match self {
            Self::Take { index, .. } | Self::Release { index, .. } => index,
        }
    }

    /// Whose it is, or was.
    pub fn by(&self) -> &AccountId {
        match self {
            Self::Take { by, .. } | Self::Release { by, .. } => by,
        }
    }
}

impl CodeChange {
    /// The code.
    pub fn code(&self) -> &str {
        match self {
            Self::Take { code, .. } | Self::Pass { code, .. } | Self::Release { code, .. } => code,
        }
    }
}

/// The end of every session of an account, for other reasons than a new password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedSessions {
    /// Whose.
    pub account: AccountId,
    /// Whether the second factor is taken away too.
    pub clears_totp: bool,
}

/// Everything one step changes.
#[derive(Clone, Default)]
pub struct Commit {
    /// The enrolment and the version it must still have; 0 for one that must not exist yet.
    pub enrolment: Option<(Enrolment, u64)>,
    /// Reference data, one version up from the version it must still have.
    pub book: Option<Book>,
    /// The earlier enrolment that this one renews, and the version it must still have.
    pub renewed: Option<(Enrolment, u64)>,
    /// An upload that must still be `received`, in its final state.
    pub upload: Option<Upload>,
    /// Tasks opened and closed.
    pub tasks: Vec<TaskChange>,
    /// Trail entries; each must be new.
    pub trail: Vec<TrailEntry>,
    /// Ledger entries; each must be new.
    pub ledger: Vec<LedgerEntry>,
    /// A confirmed payment, to be looked up; must be new.
    pub payment: Option<PaymentRecord>,
    /// Messages for the outbox; each must be new.
    pub messages: Vec<Outgoing>,
    /// Messages for a later day; each must be new.
    pub scheduled: Vec<Scheduled>,
    /// The answer to keep; its key must be new.
    pub idempotency: Option<IdempotencyRecord>,
    /// The mark of the message whose effect this is; must be new.
    pub consumed: Option<Consumed>,
    /// Tickets to keep, in place of earlier ones of their names.
    pub tickets: Vec<Ticket>,
    /// A ticket that must still be good, and is not afterwards.
    pub redeemed: Option<Ticket>,
    /// A new password, which begins a new generation of sessions.
    pub password: Option<NewPassword>,
    /// Accounts opened and edited.
    pub accounts: Vec<AccountChange>,
    /// The registration and the version it must still have; 0 for one that must not exist yet.
    pub registration: Option<(Registration, u64)>,
    /// Units, each with its terms.
    pub units: Vec<UnitWrite>,
    /// Who has unit codes.
    pub codes: Vec<CodeChange>,
    /// Whose mobile numbers are, among the accounts of the back office.
    pub mobiles: Vec<MobileChange>,
    /// A unit that must be active at this very moment.
    pub open_unit: Option<UnitId>,
    /// A change of the restricted list; refused as `Version` if the list changed meanwhile.
    pub restriction: Option<RestrictionChange>,
    /// Entries of the sign-in log.
    pub sign_ins: Vec<SignInRecord>,
    /// An export job and the version it must still have; 0 for one that must not exist yet.
    pub export: Option<(Export, u64)>,
    /// What became of messages. Those in `messages` get their records by themselves ([`Commit::record_changes`]).
    pub records: Vec<RecordChange>,
    /// A new generation of an account's sessions; not together with its new password.
    pub ended_sessions: Option<EndedSessions>,
    /// A node and the version it must still have; 0 for one that must not exist yet.
    pub node: Option<(Node, u64)>,
}

impl AccountChange {
    /// Actions the change takes: an account is opened with its user name and its credentials.
    fn actions(&self) -> usize {
        match self {
            Self::Open(_) => 3,
            Self::Edit { .. } => 1,
        }
    }
}

/// What a write of a unit does to the terms it is found by.
#[derive(Debug, PartialEq, Eq)]
pub struct TermChanges {
    /// Terms to write, each with its place.
    pub put: Vec<(usize, UnitTerm)>,
    /// Places that hold no term any more.
    pub removed: Range<usize>,
}

impl UnitWrite {
    /// The terms that change: all of them if the unit stands elsewhere now.
    pub fn term_changes(&self) -> TermChanges {
        let old = self.before.as_ref().map(|unit| terms(unit)).unwrap_or_default();
        let new = terms(&self.after);
        let moved = self.before.as_ref().is_none_or(|unit| unit.path != self.after.path);
        let removed = new.len()..old.len().max(new.len());
        let changed = new.into_iter().enumerate().filter(|(place, term)| moved || old.get(*place) != Some(term));
        TermChanges { put: changed.collect(), removed }
    }

    /// Actions the write takes: the unit, and each of its terms that changes.
    fn actions(&self) -> usize {
        let TermChanges { put, removed } = self.term_changes();
        1 + put.len() + removed.len()
    }
}

impl Commit {
    /// The commit of a decision about an enrolment that had `expected` as its version.
    pub fn of(decision: Decision, expected: u64) -> Self {
        Self {
            enrolment: Some((decision.enrolment, expected)),
            tasks: decision.tasks,
            trail: decision.trail,
            ledger: decision.ledger,
            payment: decision.payment,
            messages: decision.messages,
            scheduled: decision.scheduled,
            ..Self::default()
        }
    }

    /// Every change of a message's record: those given, and a new record of each message of `messages` that a person
    /// gets to see and that none is given of.
    pub fn record_changes(&self, now: Timestamp) -> Vec<RecordChange> {
        let path = self.enrolment.as_ref().map(|(e, _)| &e.unit.path);
        let given = |outgoing: &Outgoing| self.records.iter().any(|change| change.record().id == outgoing.id);
        let new = self.messages.iter().filter(|outgoing| !given(outgoing));
        let new = new.filter_map(|outgoing| MessageRecord::queued(outgoing, path, now)).map(RecordChange::Open);
        self.records.iter().cloned().chain(new).collect()
    }

    /// Actions the transaction will hold.
    pub fn actions(&self) -> usize {
        self.record_changes(Timestamp::UNIX_EPOCH).len()
            + usize::from(self.enrolment.is_some())
            + usize::from(self.renewed.is_some())
            + usize::from(self.book.is_some())
            + usize::from(self.upload.is_some())
            + usize::from(self.idempotency.is_some())
            + usize::from(self.consumed.is_some())
            + self.tasks.len()
            + self.trail.len()
            + self.ledger.len()
            + usize::from(self.payment.is_some())
            + self.messages.len()
            + self.scheduled.len()
            + self.tickets.len()
            + usize::from(self.redeemed.is_some())
            + usize::from(self.password.is_some())
            + 2 * usize::from(self.restriction.is_some())
            + self.sign_ins.len()
            + usize::from(self.export.is_some())
            + self.accounts.iter().map(AccountChange::actions).sum::<usize>()
            + usize::from(self.registration.is_some())
            + self.units.iter().map(UnitWrite::actions).sum::<usize>()
            + self.codes.len()
            + self.mobiles.len()
            + usize::from(self.open_unit.is_some())
            + usize::from(self.ended_sessions.is_some())
            + 2 * usize::from(self.node.is_some())
    }
}

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The same request was answered before: answer it with this record. Checked before every other reason.
    #[error("the request was answered before")]
    Answered(Box<IdempotencyRecord>),
    /// The message's effect is already there. Checked before the reasons below.
    #[error("the message was consumed before")]
    Consumed,
    /// The enrolment, the export job, the book, a node or an account to edit has another version meanwhile (or exists already), or
    /// an entry, a message or a record that must be new is not, or a record to change has met another end.
    #[error("the subject changed meanwhile")]
    Version,
    /// The upload is not `received` any more.
    #[error("the upload changed meanwhile")]
    Upload,
    /// A task to open exists, or a task to close is held by somebody else.
    #[error("a task changed meanwhile")]
    Task,
    /// The ticket to redeem was taken, replaced or has expired meanwhile.
    #[error("the ticket is not good any more")]
    Ticket,
    /// A unit code to take is somebody's, or one to pass on or release is another's.
    #[error("the unit code is somebody else's")]
    Code,
    /// The unit that must be active is not.
    #[error("the unit is not active")]
    Unit,
    /// The user name of an account to open is somebody else's.
    #[error("the user name is taken")]
    UserName,
    /// A mobile number to take is another account's.
    #[error("the mobile number is another account's")]
    Mobile,
    /// The store could not be reached, or another transaction was in the way for too long. Nothing is known to be
    /// written; the same commit may be tried again.
    #[error(transparent)]
    Outage(#[from] Outage),
}
