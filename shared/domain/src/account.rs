//! Accounts, their roles, and what a role may do.

use std::collections::BTreeSet;

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
    /// 活动管理: plans, self-check rules, subsidies and gifted cover.
    PlanAdmin,
    /// Accounts, roles, organisation tree.
    OrgAdmin,
    /// Reads everything in scope, the trail included.
    Auditor,
}

impl Role {
    /// Every role there is.
    pub const ALL: [Self; 11] = [
        Self::UnitHandler,
        Self::Registrar,
        Self::EnrolmentFirstReviewer,
        Self::EnrolmentSecondReviewer,
        Self::EnrolmentFinalReviewer,
        Self::Finance,
        Self::Archivist,
        Self::Supervisor,
        Self::PlanAdmin,
        Self::OrgAdmin,
        Self::Auditor,
    ];

    /// The role as people call it.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::UnitHandler => "单位经办人",
            Self::Registrar => "单位管理",
            Self::EnrolmentFirstReviewer => "参保初审",
            Self::EnrolmentSecondReviewer => "参保复审",
            Self::EnrolmentFinalReviewer => "参保终审",
            Self::Finance => "财务",
            Self::Archivist => "归档",
            Self::Supervisor => "主管",
            Self::PlanAdmin => "活动管理",
            Self::OrgAdmin => "机构管理员",
            Self::Auditor => "审计员",
        }
    }

    /// Whether it watches over others: such accounts are made from above ([`crate::administration`]).
    pub fn watches(self) -> bool {
        matches!(self, Self::OrgAdmin | Self::Auditor)
    }

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
                MaintainOwnUnit,
            ],
            Self::Registrar => &[
                ReadEnrolments,
                EnterEnrolment,
                EnterReceipts,
                PrintNotice,
                PrintCertificate,
                UnmaskNumbers,
                Work(Level::Registration),
                ReadUnits,
                ManageUnits,
                ReadMessages,
            ],
            Self::EnrolmentFirstReviewer => &[ReadEnrolments, Work(Level::FirstReview)],
            Self::EnrolmentSecondReviewer => &[ReadEnrolments, Work(Level::SecondReview)],
            Self::EnrolmentFinalReviewer => &[ReadEnrolments, Work(Level::FinalReview)],
            Self::Finance => &[ReadEnrolments, PrintNotice, Work(Level::Payment), AmendReceipts, ReadBooks],
            Self::Archivist => &[ReadEnrolments, Work(Level::Archive)],
            Self::Supervisor => &[
                ReadEnrolments,
                Dispatch,
                WithdrawEarly,
                WithdrawLate,
                ReadUnits,
                ReadMessages,
                ResendMessages,
                RestrictPeople,
            ],
            Self::PlanAdmin => &[ReadEnrolments, ReadPlans, ManagePlans],
            Self::OrgAdmin => &[ReadAccounts, ManageAccounts, ManageOrganisation],
            Self::Auditor => {
                &[ReadEnrolments, ReadPlans, ReadSignIns, ReadUnits, ReadMessages, ReadBooks, ReadAccounts, ReadActions]
            }
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
    /// Look up payments and the ledger.
    ReadBooks,
    /// Void issued receipts, and issue others in their place.
    AmendReceipts,
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
    /// See plans in all their versions, self-check rules, subsidies and gifted cover, with their trails.
    ReadPlans,
    /// Draft and publish them: plans and self-check rules at headquarters, subsidies and gifted cover in scope.
    ManagePlans,
    /// Look up units and their registrations.
    ReadUnits,
    /// Register units on their behalf, edit and merge them.
    ManageUnits,
    /// Edit address and contacts of one's own unit.
    MaintainOwnUnit,
    /// Keep the restricted list of people.
    RestrictPeople,
    /// Read the sign-in log of other accounts.
    ReadSignIns,
    /// Read the log of messages.
    ReadMessages,
    /// Send a failed message again.
    ResendMessages,
    /// See accounts, the settings of offices, and the trails of both.
    ReadAccounts,
    /// Change, close and reopen accounts.
    ManageAccounts,
    /// Add and rename agencies, change the settings of offices.
    ManageOrganisation,
    /// Read what an account has done, whatever it was about.
    ReadActions,
}

impl Permission {
    /// The name under which clients know it, in kebab-case: never changes its meaning.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReadEnrolments => "read-enrolments",
            Self::EnterEnrolment => "enter-enrolments",
            Self::EnterReceipts => "enter-receipts",
            Self::PrintNotice => "print-notices",
            Self::PrintCertificate => "print-certificates",
            Self::Work(Level::Registration) => "work-registrations",
            Self::Work(Level::FirstReview) => "work-first-review",
            Self::Work(Level::SecondReview) => "work-second-review",
            Self::Work(Level::FinalReview) => "work-final-review",
            Self::Work(Level::Payment) => "work-payment",
            Self::Work(Level::Archive) => "work-archive",
            Self::UnmaskNumbers => "unmask-numbers",
            Self::Dispatch => "dispatch-tasks",
            Self::WithdrawEarly => "withdraw-early",
            Self::WithdrawLate => "withdraw-late",
            Self::ReadPlans => "read-plans",
            Self::ManagePlans => "manage-plans",
            Self::ReadSignIns => "read-sign-ins",
            Self::ReadMessages => "read-messages",
            Self::ResendMessages => "resend-messages",
            Self::ReadBooks => "read-books",
            Self::AmendReceipts => "amend-receipts",
            Self::RestrictPeople => "restrict-people",
            Self::ReadUnits => "read-units",
            Self::ManageUnits => "manage-units",
            Self::MaintainOwnUnit => "maintain-own-unit",
            Self::ReadAccounts => "read-accounts",
            Self::ManageAccounts => "manage-accounts",
            Self::ManageOrganisation => "manage-organisation",
            Self::ReadActions => "read-actions",
        }
    }
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

    /// The names of everything the roles grant together, in the order of the alphabet, each once.
    pub fn permissions(&self) -> Vec<&'static str> {
        let granted = self.roles.iter().flat_map(|role| role.permissions());
        granted.map(|permission| permission.name()).collect::<BTreeSet<_>>().into_iter().collect()
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
    /// How often it was written; 1 for a new one.
    #[serde(default = "first_version", skip_serializing_if = "is_first")]
    pub version: u64,
}

/// What the version of a record begins at.
pub(crate) fn first_version() -> u64 {
    1
}

/// The first version is not written: accounts from before there were versions are compared as a whole.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_first(version: &u64) -> bool {
    *version == first_version()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::organisation::NodePath;

    #[test]
    fn what_several_roles_grant_is_named_once_and_in_order() {
        let roles = vec![Role::Supervisor, Role::Finance, Role::Auditor];
        let account = AccountId::parse("a").map_err(|problem| problem.to_string());
        let actor =
            account.map(|account| Actor { account, name: String::new(), roles, node: NodePath::root(), unit: None });
        let told = actor.map(|actor| actor.permissions()).unwrap_or_default();
        assert!(told.windows(2).all(|pair| pair[0] < pair[1]), "in order, each once: {told:?}");
        let held = ["dispatch-tasks", "read-actions", "read-enrolments", "work-payment"];
        assert!(held.iter().all(|name| told.contains(name)) && !told.contains(&"enter-enrolments"), "{told:?}");
    }

    #[test]
    fn every_permission_has_a_name_of_its_own() {
        let granted: Vec<Permission> = Role::ALL.iter().flat_map(|role| role.permissions()).copied().collect();
        for one in &granted {
            assert!(granted.iter().all(|other| one == other || one.name() != other.name()), "{}", one.name());
        }
    }
}
