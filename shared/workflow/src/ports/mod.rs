//! Ports: what use cases need from the world. Each trait's doc is its contract.

mod books;
mod directory;
mod exports;
mod guards;
mod links;
mod lists;
mod message_log;
mod messaging;
mod objects;
mod people;
mod phrases;
mod references;
mod sessions;
mod store;
mod tasks;
mod tokens;
mod units;
mod world;

pub use self::books::{Books, LedgerQuery, PaymentQuery, TOTALLED_MAX};
pub use self::directory::{AccountFilter, ActionQuery, Directory};
pub use self::exports::Exports;
pub use self::guards::{Limit, SignIns, Tallies, Tally, Ticket, Tickets};
pub use self::links::{Links, PostForm};
pub use self::lists::{EnrolmentCounts, EnrolmentList, EnrolmentLists, LIST_LIMIT_MAX};
pub use self::message_log::{MessageFilter, MessageList, MessageLog};
pub use self::messaging::{Mail, Mails, Patience, ProviderId, Queues, SendFailure, ShortMessage, Texts};
pub use self::objects::{Bucket, ObjectProblem, Objects, Pieces};
pub use self::people::{CoverRecord, KnownPerson, People, PersonKey, PersonWrite, RestrictionChange, Restrictions};
pub use self::phrases::PhraseBook;
pub use self::references::{Book, RULES_SUBJECT, References, plan_subject, reliefs_subject};
pub use self::sessions::{Credentials, IssuedSession, Registry, RotateError, Sessions, Totp};
pub use self::store::{
    Commits, DueForRenewal, EnrolmentSummary, Enrolments, Outbox, Page, PageRequest, RowsSoFar, Sequence, Sequences,
    Store, Trails, Uploads,
};
pub use self::tasks::{AcquireError, Pool, PoolCounts, PoolTab, TaskFilter, Tasks};
pub use self::tokens::{TokenSigner, TokenVerifier};
pub use self::units::{CodeHolder, RegistrationList, UnitQuery, UnitSearch, Units};
pub use self::world::{
    Cipher, CipherProblem, Clock, Ids, ReceiptSeries, SeriesStanding, business_date, business_day_begins, business_time,
};

/// Something outside could not be reached or did not answer as promised. Retried, then dead-lettered.
#[derive(Debug, thiserror::Error)]
#[error("{operation} failed")]
pub struct Outage {
    /// What was tried, `put-object`.
    pub operation: &'static str,
    /// Why; logged, never shown.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl Outage {
    /// An outage of an operation.
    pub fn new(operation: &'static str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { operation, source: source.into() }
    }
}
