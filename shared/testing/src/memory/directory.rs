//! The tree with its accounts, and what they did.

use async_trait::async_trait;
use domain::account::Account;
use domain::ids::AccountId;
use domain::organisation::{Node, NodePath};
use domain::trail::TrailEntry;
use workflow::ports::{AccountFilter, ActionQuery, Directory, Outage, Page, PageRequest, business_date};

use super::MemoryStore;
use super::page::{Order, page};

#[async_trait]
impl Directory for MemoryStore {
    async fn nodes_under(&self, node: &NodePath) -> Result<Vec<Node>, Outage> {
        let mut nodes: Vec<Node> = self.tables().nodes.values().filter(|n| node.covers(&n.path)).cloned().collect();
        nodes.sort_by(|one, other| one.path.cmp(&other.path));
        Ok(nodes)
    }

    async fn accounts_under(&self, filter: &AccountFilter, request: &PageRequest) -> Result<Page<Account>, Outage> {
        let tables = self.tables();
        let accounts = tables.accounts.values().map(|row| &row.account).filter(|account| filter.admits(account));
        // `!` comes before everything that identifiers hold: who sits at a node comes before who sits below it.
        let place = |account: &Account| format!("{}!{}", account.node.as_str(), account.user_name);
        Ok(page(accounts.map(|account| (place(account), account.clone())), Order::Ascending, request))
    }

    async fn actions_of(&self, account: &AccountId, request: &PageRequest) -> Result<Page<TrailEntry>, Outage> {
        let tables = self.tables();
        let entries = tables.trail.iter().filter(|(_, entry)| entry.account.as_ref() == Some(account));
        Ok(page(entries.map(|(key, entry)| (by_time(key, entry), entry.clone())), Order::Descending, request))
    }

    async fn done_in(&self, query: &ActionQuery, request: &PageRequest) -> Result<Page<TrailEntry>, Outage> {
        let tables = self.tables();
        let entries = tables.trail.iter().filter(|(_, entry)| query.admits(entry, business_date(entry.at)));
        Ok(page(entries.map(|(key, entry)| (by_time(key, entry), entry.clone())), Order::Descending, request))
    }
}

fn by_time(key: &str, entry: &TrailEntry) -> String {
    format!("{:020}#{key}", entry.at.as_microsecond())
}
