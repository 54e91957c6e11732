//! What administrators may do to accounts (workflows: organisation tree and data scope; sign-in and accounts).
//!
//! Administrators are made from above. Who holds a role that watches over others – `org-admin`, `auditor` – is appointed,
//! changed and closed from a node above the one it sits at; nobody touches the own account. So no administrator can
//! widen what it may do, nor choose who audits it. Those of headquarters are made when the platform is set up.

use crate::account::{Account, Actor, Permission, Role};
use crate::identity::{Mobile, PersonName};
use crate::organisation::NodePath;
use crate::refusal::{Problem, Refusal};
use crate::user_name;

/// Longest reason, in characters.
pub const REASON_CHARACTERS_MAX: usize = 200;

/// What an account should be like, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// Name shown.
    pub name: String,
    /// Roles to hold; at least one.
    pub roles: Vec<Role>,
    /// Where it should sit; none if there is no such node.
    pub node: Option<NodePath>,
    /// A new mobile number; none leaves it as it is. Personal data.
    pub mobile: Option<String>,
}

/// What is asked of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountCommand {
    /// Another name, other roles, another place or mobile number.
    Change(Appointment),
    /// 停用: no more signing in; every session ends.
    Close {
        /// Why.
        reason: String,
    },
    /// 启用
    Reopen {
        /// Why.
        reason: String,
    },
    /// Takes the second factor away: the authenticator is lost. Every session ends.
    ResetTotp {
        /// Why.
        reason: String,
        /// Whether there is one.
        enrolled: bool,
    },
    /// Texts a new link to set a password.
    SendLink,
}

/// A new account of the back office, as checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointed {
    /// Name shown.
    pub name: PersonName,
    /// The name to sign in with that was asked for; none leaves it to the pinyin of the name.
    pub user_name: Option<String>,
    /// Roles to hold.
    pub roles: Vec<Role>,
    /// Where it sits.
    pub node: NodePath,
    /// Where its link goes.
    pub mobile: Mobile,
}

/// One thing that changed, as trails tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What, in Chinese.
    pub what: &'static str,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

impl Change {
    /// A change, if there is one.
    pub fn of(what: &'static str, before: impl Into<String>, after: impl Into<String>) -> Option<Self> {
        let (before, after) = (before.into(), after.into());
        (before != after).then_some(Self { what, before, after })
    }
}

/// Changes as the note of a trail entry: `姓名：张三 → 张珊；角色：参保初审 → 参保初审、财务`.
pub fn told(changes: &[Change]) -> String {
    let shown = |text: &str| if text.is_empty() { "（空）".to_owned() } else { text.to_owned() };
    let one = |c: &Change| format!("{}：{} → {}", c.what, shown(&c.before), shown(&c.after));
    changes.iter().map(one).collect::<Vec<_>>().join("；")
}

/// What an administrator's command does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountDecision {
    /// The account as it then is, but for its sealed mobile number; its version is one more.
    pub account: Account,
    /// The command, in kebab-case, for the trail.
    pub action: &'static str,
    /// What changed, but for the mobile number.
    pub changes: Vec<Change>,
    /// Why, where a reason is asked for.
    pub reason: String,
    /// A new mobile number, to be sealed.
    pub mobile: Option<Mobile>,
    /// Whether its sessions end.
    pub ends_sessions: bool,
    /// Whether its second factor is taken away.
    pub clears_totp: bool,
    /// Whether it is texted a link to set a password.
    pub sends_link: bool,
}

/// Whether an actor may change an account that lies in its data scope.
///
/// # Errors
/// `NOT_PERMITTED`, `OWN_ACCOUNT`, `MADE_FROM_ABOVE`.
pub fn may_manage(admin: &Actor, account: &Account) -> Result<(), Refusal> {
    if !admin.may(Permission::ManageAccounts) {
        return Err(Refusal::not_permitted());
    }
    if admin.account == account.id {
        return Err(Refusal::forbidden("OWN_ACCOUNT", "不能管理自己的账户，请由上级管理员办理"));
    }
    if account.roles.iter().any(|role| role.watches()) && !is_above(&admin.node, &account.node) {
        let text = "管理员和审计员的账户由上级机构的管理员管理";
        return Err(Refusal::forbidden("MADE_FROM_ABOVE", text));
    }
    Ok(())
}

/// Whether an actor may grant a role at a node.
pub fn may_grant(admin: &Actor, role: Role, node: &NodePath) -> bool {
    admin.may(Permission::ManageAccounts) && admin.node.covers(node) && (!role.watches() || is_above(&admin.node, node))
}

/// Decides about a new account of the back office: within the administrator's data scope, and with nothing that is granted
/// from above. Units' own accounts are opened with their contacts.
///
/// # Errors
/// `NOT_PERMITTED`; what is wrong with the appointment, all at once.
pub fn appoint(asked: Appointment, user_name: Option<&str>, admin: &Actor) -> Result<Appointed, Refusal> {
    if !admin.may(Permission::ManageAccounts) {
        return Err(Refusal::not_permitted());
    }
    let mut problems = Vec::new();
    let name = PersonName::parse(&asked.name);
    problems.extend(name.as_ref().err().into_iter().flatten().map(|reason| Problem::of("/name", reason)));
    let user_name = user_name.map(user_name::typed);
    if user_name.as_deref().is_some_and(|name| !user_name::is_fit(name)) {
        let text = "用户名应为3至40位小写字母和数字，以字母开头";
        problems.push(Problem::new("/user_name", "USER_NAME_FORMAT", text));
    }
    problems.extend(misplaced(None, &asked, admin));
    let mobile = Mobile::parse(asked.mobile.as_deref().unwrap_or_default());
    problems.extend(mobile.as_ref().err().map(|reason| Problem::of("/mobile", reason)));
    match (name, mobile, asked.node) {
        (Ok(name), Ok(mobile), Some(node)) if problems.is_empty() => {
            Ok(Appointed { name, user_name, roles: asked.roles, node, mobile })
        }
        _ => Err(Refusal::invalid(problems)),
    }
}

fn is_above(one: &NodePath, other: &NodePath) -> bool {
    one != other && one.covers(other)
}

/// Decides a command about an account in the administrator's data scope.
///
/// # Errors
/// Those of [`may_manage`]; a conflict if the account does not stand as the command needs it; what is wrong with an
/// appointment, all at once.
pub fn decide(account: &Account, command: AccountCommand, admin: &Actor) -> Result<AccountDecision, Refusal> {
    may_manage(admin, account)?;
    let mut next = AccountDecision {
        account: Account { version: account.version + 1, ..account.clone() },
        action: "send-link",
        changes: Vec::new(),
        reason: String::new(),
        mobile: None,
        ends_sessions: false,
        clears_totp: false,
        sends_link: false,
    };
    match command {
        AccountCommand::Change(appointment) => {
            next.action = "change-account";
            change(&mut next, account, appointment, admin)?;
        }
        AccountCommand::Close { reason } => {
            must_be_open(account)?;
            next.action = "close-account";
            next.account.active = false;
            next.ends_sessions = true;
            next.reason = reasoned(reason)?;
        }
        AccountCommand::Reopen { reason } => {
            if account.active {
                return Err(Refusal::conflict("ACCOUNT_OPEN", "该账户未停用，无需启用"));
            }
            next.action = "reopen-account";
            next.account.active = true;
            next.reason = reasoned(reason)?;
        }
        AccountCommand::ResetTotp { reason, enrolled } => {
            if !enrolled {
                return Err(Refusal::conflict("TOTP_NOT_SET", "该账户没有绑定动态口令"));
            }
            next.action = "reset-totp";
            (next.clears_totp, next.ends_sessions) = (true, true);
            next.reason = reasoned(reason)?;
        }
        AccountCommand::SendLink => {
            must_be_open(account)?;
            if account.sealed_mobile.is_none() {
                return Err(Refusal::conflict("NO_MOBILE", "该账户没有登记手机号码，请先补填"));
            }
            next.sends_link = true;
        }
    }
    next.changes.extend(Change::of("状态", standing(account), standing(&next.account)));
    Ok(next)
}

fn must_be_open(account: &Account) -> Result<(), Refusal> {
    if account.active { Ok(()) } else { Err(Refusal::conflict("ACCOUNT_CLOSED", "该账户已停用")) }
}

fn standing(account: &Account) -> &'static str {
    if account.active { "启用" } else { "停用" }
}

fn reasoned(reason: String) -> Result<String, Refusal> {
    let reason = reason.trim().to_owned();
    let problem = match reason.chars().count() {
        0 => Problem::new("/reason", "REASON_MISSING", "请填写原因"),
        1..=REASON_CHARACTERS_MAX => return Ok(reason),
        _ => Problem::of("/reason", &crate::reason::Reason::TextTooLong { limit: 200 }),
    };
    Err(Refusal::invalid(vec![problem]))
}

fn change(next: &mut AccountDecision, before: &Account, asked: Appointment, admin: &Actor) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    match PersonName::parse(&asked.name) {
        Ok(name) => next.account.name = name.as_str().to_owned(),
        Err(reasons) => problems.extend(reasons.iter().map(|reason| Problem::of("/name", reason))),
    }
    problems.extend(misplaced(Some(before), &asked, admin));
    match asked.mobile.as_deref().map(Mobile::parse) {
        None => {}
        Some(Ok(mobile)) => next.mobile = Some(mobile),
        Some(Err(reason)) => problems.push(Problem::of("/mobile", &reason)),
    }
    Refusal::unless_none(problems)?;
    next.account.roles = asked.roles;
    next.account.node = asked.node.unwrap_or_else(|| before.node.clone());
    next.changes.extend(Change::of("姓名", before.name.as_str(), next.account.name.as_str()));
    next.changes.extend(Change::of("角色", names(&before.roles), names(&next.account.roles)));
    next.changes.extend(Change::of("所在机构", before.node.as_str(), next.account.node.as_str()));
    Ok(())
}

fn names(roles: &[Role]) -> String {
    roles.iter().map(|role| role.chinese()).collect::<Vec<_>>().join("、")
}

/// What is wrong with roles and place; `before` is none of a new account. A unit's account stays with its unit and is its
/// handler's; nobody else is one.
fn misplaced(before: Option<&Account>, asked: &Appointment, admin: &Actor) -> Vec<Problem> {
    let of_unit = before.filter(|before| before.unit.is_some());
    let mut problems = Vec::new();
    if asked.roles.is_empty() {
        problems.push(Problem::new("/roles", "ROLES_MISSING", "请至少选择一个角色"));
    }
    for (i, role) in asked.roles.iter().enumerate() {
        let at = format!("/roles/{i}");
        if asked.roles.iter().take(i).any(|earlier| earlier == role) {
            problems.push(Problem::new(at, "ROLE_TWICE", "角色重复"));
        } else if (*role == Role::UnitHandler) != of_unit.is_some() {
            let text = "单位账户只能是单位经办人，单位经办人只能是单位账户";
            problems.push(Problem::new(at, "ROLE_NOT_FOR_ACCOUNT", text));
        } else if asked.node.as_ref().is_some_and(|node| !may_grant(admin, *role, node)) {
            let text = format!("“{}”由上级机构的管理员授予", role.chinese());
            problems.push(Problem::new(at, "ROLE_NOT_GRANTABLE", text));
        }
    }
    if of_unit.is_some_and(|before| asked.node.as_ref() != Some(&before.node)) {
        problems.push(Problem::new("/node", "UNIT_ACCOUNT_MOVED", "单位账户不能调到其他机构"));
    } else if !asked.node.as_ref().is_some_and(|node| admin.node.covers(node)) {
        problems.push(Problem::new("/node", "NODE_OUT_OF_SCOPE", "没有这个机构，或不在您的管理范围内"));
    }
    problems
}

#[cfg(test)]
#[path = "administration_tests.rs"]
mod tests;
