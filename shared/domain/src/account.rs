//! Accounts, their roles, and what a role may do.

use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, UnitId};
use crate::organisation::NodePath;
use crate::task::Level;

/// A role (workflows: organisation tree and data scope).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// 经办人 of a unit
    UnitHandler,
    /// Unit management; enters enrolments on a unit's behalf.
    Registrar,
    /// 初审
    EnrolmentFirstReviewer,
    /// 复审
    EnrolmentSecondReviewer,
    /// 终审
    EnrolmentFinalReviewer,
    /// 财务
    Finance,
    /// 归档
    Archivist,
    /// Dispatch, withdrawal, restricted list.
    Supervisor,
    /// Reads everything in scope, the trail included.
    Auditor,
}

impl Role {
    /// Every role there is.
    pub const ALL: [Self; 9] = [
        Self::UnitHandler,
        Self::Registrar,
        Self::EnrolmentFirstReviewer,
        Self::EnrolmentSecondReviewer,
        Self::EnrolmentFinalReviewer,
        Self::Finance,
        Self::Archivist,
        Self::Supervisor,
        Self::Auditor,
    ];

    /// What the role may do within its data scope.
    pub fn permissions(self) -> &'static [Permission] {
        use Permission::*;
        match self {
            Self::UnitHandler => &[
                ReadEnrolments,
                EnterEnrolment,
                EnterReceipts,
                PrintNotice,
                PrintCertificate,
                UnmaskNumbers,
                WithdrawEarly,
            ],
            Self::Registrar => {
                &[ReadEnrolments, EnterEnrolment, EnterReceipts, PrintNotice, PrintCertificate, UnmaskNumbers]
            }
            Self::EnrolmentFirstReviewer => &[ReadEnrolments, Work(Level::FirstReview)],
            Self::EnrolmentSecondReviewer => &[ReadEnrolments, Work(Level::SecondReview)],
            Self::EnrolmentFinalReviewer => &[ReadEnrolments, Work(Level::FinalReview)],
            Self::Finance => &[ReadEnrolments, PrintNotice, Work(Level::Payment)],
            Self::Archivist => &[ReadEnrolments, Work(Level::Archive)],
            Self::Supervisor => &[ReadEnrolments, Dispatch, WithdrawEarly, WithdrawLate],
            Self::Auditor => &[ReadEnrolments, ReadSignIns],
        }
    }
}

/// Something a role may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// See enrolments.
    ReadEnrolments,
    /// Create and fill in enrolments.
    EnterEnrolment,
    /// Enter receipt requests.
    EnterReceipts,
    /// Print the payment notice.
    PrintNotice,
    /// Print the certificate, refresh it, upload its scan.
    PrintCertificate,
    /// Work the pool of one level.
    Work(Level),
    /// See ID and mobile numbers in full.
    UnmaskNumbers,
    /// Hand a task to another account.
    Dispatch,
    /// Withdraw an enrolment that no second reviewer has seen.
    WithdrawEarly,
    /// Withdraw any enrolment before money was confirmed.
    WithdrawLate,
    /// Read the sign-in log of other accounts.
    ReadSignIns,
}

/// Who acts: an account with its place in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub account: AccountId,
    /// Name shown in trails.
    pub name: String,
    /// Roles held.
    pub roles: Vec<Role>,
    /// Where the account sits; it sees this subtree only.
    pub node: NodePath,
    /// The unit of a unit's own account.
    pub unit: Option<UnitId>,
}

impl Actor {
    /// Whether one of the roles grants it.
    pub fn may(&self, permission: Permission) -> bool {
        self.roles.iter().any(|role| role.permissions().contains(&permission))
    }
}

/// An account as it is stored, without its password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Identifier.
    pub id: AccountId,
    /// Name typed at sign-in: pinyin without tones.
    pub user_name: String,
    /// Name shown.
    pub name: String,
    /// Roles held.
    pub roles: Vec<Role>,
    /// Where it sits.
    pub node: NodePath,
    /// The unit of a unit's own account.
    pub unit: Option<UnitId>,
    /// Mobile number, encrypted; read through the field cipher only.
    pub sealed_mobile: Option<String>,
    /// Whether it may sign in.
    pub active: bool,
}

impl Account {
    /// The account as it acts.
    pub fn actor(&self) -> Actor {
        Actor {
            account: self.id.clone(),
            name: self.name.clone(),
            roles: self.roles.clone(),
            node: self.node.clone(),
            unit: self.unit.clone(),
        }
    }
}
