//! An application to register a unit (单位注册), from the form to the unit. [`decide`] is its whole state machine.
//!
//! ```text
//! submitted ──acquire──▶ in-review ──approve──▶ approved
//!     ▲                     │
//!     └──resubmit── rejected ◀──reject
//! ```
//!
//! `in-review` is a submitted application whose task somebody has: the pool's one conditional write is all it takes, and
//! putting the task back makes it `submitted` again.

mod decide;
#[cfg(test)]
mod tests;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use self::decide::{Command, Context, Decision, NewRegistration, decide, submit};
use crate::account::Actor;
use crate::ids::{AccountId, NodeId, RegistrationId, TaskId, UnitId};
use crate::number::OfficeCode;
use crate::organisation::NodePath;
use crate::refusal::Refusal;
use crate::task::{Task, TaskState};
use crate::unit::{SealedContact, UnitFacts, UnitImages};

/// Longest opinion or reason, in characters.
pub const OPINION_CHARACTERS_MAX: usize = 200;
/// Most reviews of one application: a loop of rejections ends here.
pub const REVIEWS_MAX: usize = 50;

/// Where an application stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// 待审核
    Submitted,
    /// 审核中
    InReview,
    /// 已通过
    Approved,
    /// 已退回
    Rejected,
}

impl State {
    /// Every state there is.
    pub const ALL: [Self; 4] = [Self::Submitted, Self::InReview, Self::Approved, Self::Rejected];

    /// The state as tables and the API spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::InReview => "in-review",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }

    /// The state as people call it.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Submitted => "待审核",
            Self::InReview => "审核中",
            Self::Approved => "已通过",
            Self::Rejected => "已退回",
        }
    }
}

/// The agency a unit is to belong to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwningAgency {
    /// The agency.
    pub id: NodeId,
    /// Its name when it was chosen.
    pub name: String,
    /// Where it stands: who reviews.
    pub path: NodePath,
    /// Its office.
    pub office: NodeId,
    /// Four-digit code of the office.
    pub office_code: OfficeCode,
}

/// What the form says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    /// 归属代办处
    pub agency: OwningAgency,
    /// The unit.
    pub unit: UnitFacts,
    /// Its contact, who becomes its handler.
    pub contact: SealedContact,
    /// Images of its papers.
    pub images: UnitImages,
}

/// A conclusion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who.
    pub by: AccountId,
    /// The name shown.
    pub by_name: String,
    /// When.
    pub at: Timestamp,
    /// Approved or rejected.
    pub approved: bool,
    /// The opinion, or the reason.
    pub text: String,
}

/// An application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registration {
    /// Identifier.
    pub id: RegistrationId,
    /// Goes up by one with every step.
    pub version: u64,
    /// Where it stands; `in-review` is told by the task, see [`Registration::state`].
    pub stored_state: State,
    /// Since when.
    pub state_since: Timestamp,
    /// When it was submitted first.
    pub created_at: Timestamp,
    /// What the form says now.
    pub form: Form,
    /// Registrars who entered it on the unit's behalf: they may not review it.
    pub entered_by: Vec<AccountId>,
    /// Keyed hash of the request that made it: the same request again is answered the same.
    pub request_hash: String,
    /// SHA-256 of the token with which the applicant reads and corrects it, lower-case hex.
    pub token_hash: String,
    /// The open task.
    pub task: Option<TaskId>,
    /// Conclusions, oldest first.
    pub reviews: Vec<Review>,
    /// The unit, once approved.
    pub unit: Option<UnitId>,
}

impl Registration {
    /// Where it stands, given its open task.
    pub fn state(&self, task: Option<&Task>) -> State {
        match (self.stored_state, task.map(|task| &task.state)) {
            (State::Submitted, Some(TaskState::InProgress { .. })) => State::InReview,
            (state, _) => state,
        }
    }

    /// Reason of the rejection, while it is to be corrected.
    pub fn rejection(&self) -> Option<&str> {
        let last = self.reviews.last()?;
        (self.stored_state == State::Rejected && !last.approved).then_some(last.text.as_str())
    }

    /// Whoever entered an application may not review it (workflows: separation of duties).
    pub fn separation_of_duties(&self, account: &AccountId) -> Result<(), Refusal> {
        if self.entered_by.contains(account) {
            return Err(Refusal::forbidden("SEPARATION_ENTERED", "录入该注册申请的人不能审核它（职责分离）"));
        }
        Ok(())
    }
}

/// Who acts on an application: somebody who is signed in, or the applicant with the link.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// Somebody with an account.
    Account(&'a Actor),
    /// Whoever has the link; the name of the contact.
    Applicant(&'a str),
}
