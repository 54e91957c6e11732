//! Accounts, the organisation tree and the settings of offices, as administrators change them. Each change is one commit: the
//! record with its version, the end of sessions, the link that is sent, the trail entry, the answer kept for a repetition.

use domain::account::{Account, Actor, Permission};
use domain::administration::{self, AccountCommand, Appointed, Appointment, Change, told};
use domain::identity::Mobile;
use domain::ids::{AccountId, MessageId, NodeId};
use domain::office;
use domain::organisation::{Node, NodePath, OfficeSettings};
use domain::refusal::{Problem, Refusal};
use domain::trail::{Topic, TrailEntry};

use crate::accounts::{self, NewAccount, mobile_index};
use crate::commit::{AccountChange, Commit, CommitError, EndedSessions, IdempotencyRecord, MobileChange};
use crate::desk::{Desk, StepError};
use crate::password_links;
use crate::ports::{Cipher, Outage};
use crate::scope::Scope;
use crate::texts;

/// Who asks to change what, from which version.
pub struct Asked<'a, Id, T> {
    /// Who.
    pub actor: &'a Actor,
    /// What.
    pub id: &'a Id,
    /// The version the person has seen.
    pub seen: u64,
    /// The answer to keep for a repetition of the request.
    pub answer: &'a (dyn Fn(&T) -> IdempotencyRecord + Send + Sync),
}

/// The one who asks, as the account stands now: an administrator that was closed or lost the role a minute ago has an access token
/// that does not say so yet.
///
/// # Errors
/// `NOT_PERMITTED` for an account that is closed or gone.
pub async fn as_of_now(desk: &Desk, actor: &Actor) -> Result<Actor, StepError> {
    let account = desk.store.account(&actor.account).await?.filter(|account| account.active);
    Ok(account.ok_or_else(Refusal::not_permitted)?.actor())
}

/// The place of a node that exists, by its path.
pub async fn existing(desk: &Desk, path: &str) -> Result<Option<NodePath>, Outage> {
    let Ok(path) = NodePath::try_from(path.to_owned()) else { return Ok(None) };
    let Ok(id) = NodeId::parse(path.last()) else { return Ok(None) };
    Ok(desk.store.node(&id).await?.map(|node| node.path).filter(|found| *found == path))
}

/// Opens an account of the back office, with a link to set its password. `user_name` is the name to sign in with that was
/// asked for; none leaves it to the pinyin of the person's name.
pub async fn open_account(
    desk: &Desk,
    cipher: &dyn Cipher,
    actor: &Actor,
    (asked, user_name): (Appointment, Option<&str>),
    answer: &(dyn Fn(&Account) -> IdempotencyRecord + Send + Sync),
) -> Result<Account, StepError> {
    let admin = as_of_now(desk, actor).await?;
    let appointed = administration::appoint(asked, user_name, &admin)?;
    let index = mobile_index(cipher, &appointed.mobile);
    nobodys(desk, &appointed, &index).await?;
    let id = AccountId::from_ulid(desk.ids.ulid());
    let new = NewAccount {
        name: appointed.name.as_str(),
        mobile: appointed.mobile.as_str(),
        roles: appointed.roles.clone(),
        node: appointed.node.clone(),
        unit: None,
    };
    let step = |account: &Account| Commit {
        trail: vec![entry(
            desk,
            &admin,
            Topic::account(account),
            account.version,
            "open-account",
            introduced(account, &appointed.mobile),
        )],
        mobiles: vec![MobileChange::Take { index: index.clone(), by: account.id.clone() }],
        idempotency: Some(answer(account)),
        ..Commit::default()
    };
    let opened = match &appointed.user_name {
        Some(user_name) => accounts::open_as(desk, cipher, id, (&new, user_name), step).await,
        None => accounts::open(desk, cipher, id, &new, step).await,
    };
    opened.map_err(|error| match error {
        CommitError::Answered(record) => StepError::Answered(record),
        CommitError::UserName => Refusal::invalid(vec![user_name_taken()]).into(),
        CommitError::Mobile => Refusal::invalid(vec![mobile_taken()]).into(),
        CommitError::Outage(outage) => outage.into(),
        other => Outage::new("open-account", other).into(),
    })
}

/// Neither user name nor mobile number is another account's; somebody may still be faster, which the commit finds.
async fn nobodys(desk: &Desk, new: &Appointed, mobile: &str) -> Result<(), StepError> {
    let mut problems = Vec::new();
    if let Some(name) = &new.user_name
        && desk.store.user_name_taken(name).await?
    {
        problems.push(user_name_taken());
    }
    if desk.store.mobile_holder(mobile).await?.is_some() {
        problems.push(mobile_taken());
    }
    Ok(Refusal::unless_none(problems)?)
}

fn user_name_taken() -> Problem {
    Problem::new("/user_name", "USER_NAME_TAKEN", "该用户名已有人使用，请换一个，或留空由系统按姓名生成")
}

fn mobile_taken() -> Problem {
    Problem::new("/mobile", "MOBILE_TAKEN", "该手机号码已登记在另一个后台账户名下")
}

/// A new account, for the trail.
fn introduced(account: &Account, mobile: &Mobile) -> String {
    let roles = account.roles.iter().map(|role| role.chinese()).collect::<Vec<_>>().join("、");
    let Account { user_name, name, node, .. } = account;
    format!(
        "用户名：{user_name}；姓名：{name}；角色：{roles}；所在机构：{}；手机号码：{}",
        node.as_str(),
        mobile.masked()
    )
}

/// Carries out a command about an account.
pub async fn change_account(
    desk: &Desk,
    cipher: &dyn Cipher,
    ask: Asked<'_, AccountId, Account>,
    command: AccountCommand,
) -> Result<Account, StepError> {
    let admin = as_of_now(desk, ask.actor).await?;
    if !admin.may(Permission::ManageAccounts) {
        return Err(Refusal::not_permitted().into());
    }
    let before = account_in_scope(desk, &admin, ask.id).await?;
    administration::may_manage(&admin, &before)?;
    if before.version != ask.seen {
        return Err(StepError::Changed { current: before.version });
    }
    let decision = administration::decide(&before, command, &admin)?;
    let (mut account, mut changes) = (decision.account, decision.changes);
    if let Some(mobile) = decision.mobile {
        let old = before.sealed_mobile.as_ref().and_then(|sealed| texts::open(cipher, &before.id, sealed));
        if old.as_deref() != Some(mobile.as_str()) {
            changes.push(Change {
                what: "手机号码",
                before: old.as_deref().map(masked).unwrap_or_default(),
                after: mobile.masked(),
            });
            account.sealed_mobile = Some(texts::seal(cipher, &account.id, mobile.as_str()));
        }
    }
    let note = note(&changes, &decision.reason);
    let ended = EndedSessions { account: account.id.clone(), clears_totp: decision.clears_totp };
    let mobiles = mobile_changes(cipher, &before, &account);
    let mut commit = Commit {
        trail: vec![entry(desk, &admin, Topic::account(&account), account.version, decision.action, note)],
        idempotency: Some((ask.answer)(&account)),
        ended_sessions: decision.ends_sessions.then_some(ended),
        mobiles,
        accounts: vec![AccountChange::Edit { before: Box::new(before), after: Box::new(account.clone()) }],
        ..Commit::default()
    };
    if decision.sends_link {
        let message = MessageId::from_ulid(desk.ids.ulid());
        commit = password_links::invite(commit, cipher, &account.id, message, desk.clock.now());
    }
    match desk.store.commit(commit).await {
        Ok(()) => Ok(account),
        Err(CommitError::Mobile) => Err(Refusal::invalid(vec![mobile_taken()]).into()),
        Err(error) => {
            Err(not_written(error, || async { Ok(account_in_scope(desk, &admin, ask.id).await?.version) }).await)
        }
    }
}

/// What becomes of mobile numbers when an account becomes another. A number is an open account's of the back office:
/// closing gives it back, for the account somebody gets elsewhere. The accounts of units are apart: one person may be the contact of several.
fn mobile_changes(cipher: &dyn Cipher, before: &Account, after: &Account) -> Vec<MobileChange> {
    let held = |account: &Account| {
        let sealed = account.sealed_mobile.as_ref().filter(|_| account.active && account.unit.is_none())?;
        let mobile = texts::open(cipher, &account.id, sealed)?;
        Mobile::parse(&mobile).ok().map(|mobile| mobile_index(cipher, &mobile))
    };
    let (old, new) = (held(before), held(after));
    if old == new {
        return Vec::new();
    }
    let by = || after.id.clone();
    let taken = new.map(|index| MobileChange::Take { index, by: by() });
    let released = old.map(|index| MobileChange::Release { index, by: by() });
    taken.into_iter().chain(released).collect()
}

/// The account, if the actor's scope covers it.
pub async fn account_in_scope(desk: &Desk, actor: &Actor, id: &AccountId) -> Result<Account, StepError> {
    // With its credentials, since that read is consistent: what is changed next follows from it.
    let found = desk.store.credentials_of(id).await?.map(|credentials| credentials.account);
    found.filter(|account| Scope::of(actor).covers(&account.node)).ok_or(StepError::NotFound)
}

fn masked(mobile: &str) -> String {
    Mobile::parse(mobile).map(|mobile| mobile.masked()).unwrap_or_default()
}

/// What is asked of a node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeCommand {
    /// Another name.
    Rename(String),
    /// Other settings, of an office.
    Settings(Box<OfficeSettings>),
}

/// Carries out a command about a node.
pub async fn change_node(desk: &Desk, ask: Asked<'_, NodeId, Node>, command: NodeCommand) -> Result<Node, StepError> {
    let admin = as_of_now(desk, ask.actor).await?;
    office::may_organise(&admin)?;
    let before = node_in_scope(desk, &admin, ask.id).await?;
    if before.version != ask.seen {
        return Err(StepError::Changed { current: before.version });
    }
    let ((node, changes), action) = match command {
        NodeCommand::Rename(name) => (office::renamed(&before, &name)?, "rename-node"),
        NodeCommand::Settings(settings) => (office::with_settings(&before, *settings)?, "change-settings"),
    };
    if let Some(parent) = node.path.parent().filter(|_| node.name != before.name) {
        unlike_its_siblings(desk, &node, &parent).await?;
    }
    let commit = Commit {
        trail: vec![entry(desk, &admin, Topic::node(&node), node.version, action, note(&changes, ""))],
        idempotency: Some((ask.answer)(&node)),
        node: Some((node.clone(), ask.seen)),
        ..Commit::default()
    };
    match desk.store.commit(commit).await {
        Ok(()) => Ok(node),
        Err(error) => {
            Err(not_written(error, || async { Ok(node_in_scope(desk, &admin, ask.id).await?.version) }).await)
        }
    }
}

/// Adds an agency under a node.
pub async fn add_agency(
    desk: &Desk,
    actor: &Actor,
    parent: &NodeId,
    name: &str,
    answer: &(dyn Fn(&Node) -> IdempotencyRecord + Send + Sync),
) -> Result<Node, StepError> {
    let admin = as_of_now(desk, actor).await?;
    office::may_organise(&admin)?;
    let parent = node_in_scope(desk, &admin, parent).await?;
    let node = office::agency(&parent, NodeId::from_ulid(desk.ids.ulid()), name)?;
    unlike_its_siblings(desk, &node, &parent.path).await?;
    let note = format!("{}；上级：{}", node.name, parent.name);
    let commit = Commit {
        trail: vec![entry(desk, &admin, Topic::node(&node), node.version, "add-agency", note)],
        idempotency: Some(answer(&node)),
        node: Some((node.clone(), 0)),
        ..Commit::default()
    };
    match desk.store.commit(commit).await {
        Ok(()) => Ok(node),
        Err(error) => Err(not_written(error, || async { Ok(node.version) }).await),
    }
}

/// The node, if the actor's scope covers it.
pub async fn node_in_scope(desk: &Desk, actor: &Actor, id: &NodeId) -> Result<Node, StepError> {
    let found = desk.store.node(id).await?;
    found.filter(|node| Scope::of(actor).covers(&node.path)).ok_or(StepError::NotFound)
}

/// Two agencies of one name beside each other could not be told apart. Of two that are named at the same moment both may stay: the
/// list that is looked at is a moment old, and a name can be changed.
async fn unlike_its_siblings(desk: &Desk, node: &Node, parent: &NodePath) -> Result<(), StepError> {
    let near = desk.store.nodes_under(parent).await?;
    let sibling = |other: &&Node| other.path.parent().as_ref() == Some(parent) && other.id != node.id;
    if near.iter().filter(sibling).any(|other| other.name == node.name) {
        let problem = Problem::new("/name", "NODE_NAME_TAKEN", "同一上级之下已有同名机构");
        return Err(Refusal::invalid(vec![problem]).into());
    }
    Ok(())
}

fn note(changes: &[Change], reason: &str) -> String {
    let changes = Some(told(changes)).filter(|told| !told.is_empty());
    let reason = Some(reason).filter(|reason| !reason.is_empty()).map(|reason| format!("原因：{reason}"));
    changes.into_iter().chain(reason).collect::<Vec<_>>().join("；")
}

fn entry(desk: &Desk, admin: &Actor, topic: Topic, version: u64, action: &str, note: String) -> TrailEntry {
    TrailEntry {
        topic,
        version,
        n: 0,
        at: desk.clock.now(),
        account: Some(admin.account.clone()),
        actor_name: admin.name.clone(),
        action: action.to_owned(),
        from: String::new(),
        to: String::new(),
        note,
        duration_ms: 0,
    }
}

/// Why a commit was not written; `current` reads the version now.
async fn not_written<F: Future<Output = Result<u64, StepError>>>(
    error: CommitError,
    current: impl FnOnce() -> F,
) -> StepError {
    match error {
        CommitError::Answered(record) => StepError::Answered(record),
        CommitError::Outage(outage) => outage.into(),
        _ => match current().await {
            Ok(current) => StepError::Changed { current },
            Err(error) => error,
        },
    }
}
