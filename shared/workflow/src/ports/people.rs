//! People under cover, found by a keyed blind index of their ID number.

use async_trait::async_trait;
use domain::ids::{EnrolmentId, UnitId};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::Outage;

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
    /// On the restricted list for enrolment.
    pub restricted: bool,
    /// Covers, past and present.
    pub covers: Vec<CoverRecord>,
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
}
