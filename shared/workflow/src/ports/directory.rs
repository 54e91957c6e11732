//! Who and what stands where in the tree, and what accounts have done.

use async_trait::async_trait;
use domain::account::{Account, Role};
use domain::ids::AccountId;
use domain::organisation::{Node, NodePath};
use domain::trail::{TopicKind, TrailEntry};
use jiff::civil::Date;

use super::{Outage, Page, PageRequest};

/// Which accounts of a subtree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountFilter {
    /// Those at this node or below it.
    pub under: NodePath,
    /// Whose name holds, or whose user name begins with, this text.
    pub text: Option<String>,
    /// Who hold this role.
    pub role: Option<Role>,
    /// Who may sign in, or may not.
    pub active: Option<bool>,
}

impl AccountFilter {
    /// Every account of a subtree.
    pub fn under(node: &NodePath) -> Self {
        Self { under: node.clone(), text: None, role: None, active: None }
    }

    /// Whether an account passes.
    pub fn admits(&self, account: &Account) -> bool {
        let named = |text: &String| account.name.contains(text) || account.user_name.starts_with(text);
        self.under.covers(&account.node)
            && self.text.as_ref().is_none_or(named)
            && self.role.is_none_or(|role| account.roles.contains(&role))
            && self.active.is_none_or(|active| account.active == active)
    }
}

/// Which trail entries of a subtree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionQuery {
    /// About what lay at this node or below it when something was done to it.
    pub node: NodePath,
    /// First business day.
    pub from: Date,
    /// Last business day.
    pub to: Date,
    /// About what people call by exactly this name.
    pub name: Option<String>,
    /// About things of this kind.
    pub kind: Option<TopicKind>,
    /// Of this command.
    pub action: Option<String>,
}

impl ActionQuery {
    /// Whether an entry passes; `day` is the business day it was written on.
    pub fn admits(&self, entry: &TrailEntry, day: Date) -> bool {
        self.node.covers(&entry.topic.path)
            && (self.from..=self.to).contains(&day)
            && self.name.as_ref().is_none_or(|name| *name == entry.topic.name)
            && self.kind.is_none_or(|kind| kind == entry.topic.kind)
            && self.action.as_ref().is_none_or(|action| *action == entry.action)
    }
}

/// The tree with its accounts, and what they did. What was written a moment ago may be missing.
#[async_trait]
pub trait Directory: Send + Sync {
    /// A node and every node below it, in the order of their paths.
    async fn nodes_under(&self, node: &NodePath) -> Result<Vec<Node>, Outage>;

    /// The accounts that pass, in the order of where they sit, then of their user names.
    async fn accounts_under(&self, filter: &AccountFilter, page: &PageRequest) -> Result<Page<Account>, Outage>;

    /// The trail entries of what an account did, whatever they are about, newest first.
    async fn actions_of(&self, account: &AccountId, page: &PageRequest) -> Result<Page<TrailEntry>, Outage>;

    /// The trail entries that pass, whoever made them, newest first.
    async fn done_in(&self, query: &ActionQuery, page: &PageRequest) -> Result<Page<TrailEntry>, Outage>;
}
