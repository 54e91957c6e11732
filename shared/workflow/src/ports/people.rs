//! People under cover, found by a keyed blind index of their ID number.

use async_trait::async_trait;
use domain::ids::{EnrolmentId, NodeId, RestrictionId, UnitId};
use domain::organisation::NodePath;
use domain::restriction::{Restriction, RestrictionSpan};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Outage, Page, PageRequest};

/// Blind index of a person's ID number, hex.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonKey(pub String);

/// One cover of a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverRecord {
    /// The enrolment.
    pub enrolment: EnrolmentId,
    /// The unit.
    pub unit: UnitId,
    /// Code of the plan.
    pub plan: String,
    /// Version of the plan.
    pub plan_version: String,
    /// Shares.
    pub shares: u32,
    /// First day.
    pub start: Date,
    /// Last day.
    pub end: Date,
}

/// What the platform knows of a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownPerson {
    /// Keyed index of the name the person is known under.
    pub name_index: String,
    /// Entries of offices' restricted lists for enrolment that were not lifted; some may be over, or not begun.
    pub restrictions: Vec<RestrictionSpan>,
    /// Covers, past and present.
    pub covers: Vec<CoverRecord>,
}

impl KnownPerson {
    /// Whether the person may not be enrolled on a day.
    pub fn restricted_on(&self, day: Date) -> bool {
        self.restrictions.iter().any(|span| span.holds_on(day))
    }
}

/// Cover to write for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonWrite {
    /// The person.
    pub key: PersonKey,
    /// Keyed index of the name; kept only if the person is not known yet.
    pub name_index: String,
    /// The cover. Writing the cover of one (enrolment, plan) twice changes nothing.
    pub cover: CoverRecord,
}

/// People under cover.
#[async_trait]
pub trait People: Send + Sync {
    /// What is known of each person, in the order asked; none for strangers. Reads in batches.
    async fn known(&self, keys: &[PersonKey]) -> Result<Vec<Option<KnownPerson>>, Outage>;

    /// Writes cover: one write per person, each idempotent; an outage may leave some written.
    async fn write_cover(&self, writes: &[PersonWrite]) -> Result<(), Outage>;

    /// Names another unit on the cover that people have by a plan of an enrolment; whoever has none is left as they are.
    /// One write per person, each idempotent; an outage may leave some written.
    async fn move_cover(&self, people: &[PersonKey], of: (&EnrolmentId, &str), unit: &UnitId) -> Result<(), Outage>;
}

/// A change of the restricted list, in a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RestrictionChange {
    /// A new entry, in place of one of the same office that is over. None of the office's may hold for the person.
    Add {
        /// The entry.
        entry: Box<Restriction>,
        /// What it takes the place of.
        instead_of: Option<RestrictionSpan>,
    },
    /// An entry that was not lifted yet, lifted.
    Lift(Box<Restriction>),
}

/// The restricted list of people.
#[async_trait]
pub trait Restrictions: Send + Sync {
    /// A page of an office's list, the newest entry first: what was entered at or below a node.
    async fn restrictions(
        &self,
        office: &NodeId,
        node: &NodePath,
        page: &PageRequest,
    ) -> Result<Page<Restriction>, Outage>;

    /// An entry (strongly consistent).
    async fn restriction(&self, id: &RestrictionId) -> Result<Option<Restriction>, Outage>;
}
