//! Work pools: one task per subject, level and round. A subject is an enrolment or a unit's registration.

use jiff::civil::Date;
use jiff::tz::{self, TimeZone};
use jiff::{Timestamp, ToSpan};
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, EnrolmentId, RegistrationId, TaskId};
use crate::organisation::NodePath;
use crate::unit::UnitName;

/// A work pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// 初审
    FirstReview,
    /// 复审
    SecondReview,
    /// 终审
    FinalReview,
    /// 到账确认
    Payment,
    /// 确认书归档
    Archive,
    /// 单位注册
    Registration,
}

impl Level {
    /// Every level there is.
    pub const ALL: [Self; 6] =
        [Self::FirstReview, Self::SecondReview, Self::FinalReview, Self::Payment, Self::Archive, Self::Registration];

    /// The level as keys and URLs spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FirstReview => "first-review",
            Self::SecondReview => "second-review",
            Self::FinalReview => "final-review",
            Self::Payment => "payment",
            Self::Archive => "archive",
            Self::Registration => "registration",
        }
    }

    /// The level as people call it.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::FirstReview => "初审",
            Self::SecondReview => "复审",
            Self::FinalReview => "终审",
            Self::Payment => "到账确认",
            Self::Archive => "确认书归档",
            Self::Registration => "单位注册",
        }
    }
}

/// What a task is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// An enrolment.
    Enrolment(EnrolmentId),
    /// A unit's registration.
    Registration(RegistrationId),
}

impl Subject {
    /// The subject's identifier.
    pub fn id(&self) -> &str {
        match self {
            Self::Enrolment(id) => id.as_str(),
            Self::Registration(id) => id.as_str(),
        }
    }

    /// The enrolment, if it is one.
    pub fn enrolment(&self) -> Option<&EnrolmentId> {
        match self {
            Self::Enrolment(id) => Some(id),
            Self::Registration(_) => None,
        }
    }

    /// The registration, if it is one.
    pub fn registration(&self) -> Option<&RegistrationId> {
        match self {
            Self::Registration(id) => Some(id),
            Self::Enrolment(_) => None,
        }
    }
}

/// Where a task stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum TaskState {
    /// 待处理: nobody has it.
    Pending,
    /// 处理中: one account has it.
    InProgress {
        /// Who has it.
        owner: AccountId,
        /// The owner's name, shown to the one who came too late.
        owner_name: String,
        /// Since when.
        since: Timestamp,
        /// Who handed it over by dispatch (调度); none if the owner took it. Then the owner may read the subject, wherever
        /// it lies.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        handed_by: Option<AccountId>,
    },
    /// Finished by a decision, or closed with its subject.
    Done,
}

/// A task: what a pool's list shows, and who has it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    /// Identifier: subject, level and round.
    pub id: TaskId,
    /// What it is about.
    #[serde(flatten)]
    pub subject: Subject,
    /// The pool.
    pub level: Level,
    /// Where it stands.
    pub state: TaskState,
    /// Where the subject's unit stands, or the agency it is to belong to: the pools it is listed in.
    pub path: NodePath,
    /// Application number, for the list; of a registration the unit's credit code.
    pub application_number: String,
    /// Unit name, for the list.
    pub unit_name: UnitName,
    /// When it entered the pool.
    pub queued_at: Timestamp,
    /// From then on it is overdue.
    pub due_at: Timestamp,
}

impl Task {
    /// Who has it, if anybody.
    pub fn owner(&self) -> Option<&AccountId> {
        match &self.state {
            TaskState::InProgress { owner, .. } => Some(owner),
            TaskState::Pending | TaskState::Done => None,
        }
    }

    /// Whether an account has it by dispatch.
    pub fn handed_to(&self, account: &AccountId) -> bool {
        matches!(&self.state, TaskState::InProgress { owner, handed_by: Some(_), .. } if owner == account)
    }

    /// The last day, in UTC+8, on which it is not overdue yet.
    pub fn last_day(&self) -> Date {
        let last = self.due_at.checked_sub(1.nanosecond()).unwrap_or(self.due_at);
        last.to_zoned(TimeZone::fixed(tz::offset(8))).date()
    }

    /// Whether it waits or is worked on longer than its level's target.
    pub fn overdue(&self, now: Timestamp) -> bool {
        self.state != TaskState::Done && now >= self.due_at
    }
}

/// What a step does to tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskChange {
    /// A new task enters its pool.
    Open(Task),
    /// The task is done. Fails if somebody other than `held_by` has it meanwhile; `None` asks that nobody has it.
    Close {
        /// The task.
        id: TaskId,
        /// Who must have it.
        held_by: Option<AccountId>,
    },
    /// The task passes to another account by dispatch. Fails if somebody other than `held_by` has it meanwhile; `None`
    /// asks that nobody has it.
    Hand {
        /// The task as it then is: in progress, with its new owner.
        task: Task,
        /// Who must have it.
        held_by: Option<AccountId>,
    },
    /// The task is done whoever has it: its subject left the level.
    Cancel {
        /// The task.
        id: TaskId,
    },
}
