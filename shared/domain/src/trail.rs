//! The trail (操作轨迹): who did what, when, how long it took. Append-only.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::AccountId;

/// One entry of a subject's trail.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrailEntry {
    /// What the entry is about: an enrolment's id.
    pub subject: String,
    /// The subject's version after the step; with `n` it names the entry.
    pub version: u64,
    /// Place among the entries of one step.
    pub n: usize,
    /// When.
    pub at: Timestamp,
    /// Who; none for the platform itself.
    pub account: Option<AccountId>,
    /// Name shown.
    pub actor_name: String,
    /// The command, in kebab-case.
    pub action: String,
    /// State before.
    pub from: String,
    /// State after.
    pub to: String,
    /// Opinion, reason or remark.
    pub note: String,
    /// Milliseconds since the subject entered the state it was in.
    pub duration_ms: i64,
}
