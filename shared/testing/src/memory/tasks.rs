//! Tasks and pools.

use async_trait::async_trait;
use domain::account::Account;
use domain::ids::{AccountId, TaskId};
use domain::task::{Task, TaskState};
use jiff::Timestamp;
use jiff::civil::Date;
use workflow::ports::{AcquireError, Outage, Page, PageRequest, Pool, PoolCounts, PoolTab, Tasks};
use workflow::scope::Scope;

use super::MemoryStore;
use super::page::{Order, page};
use super::tables::Tables;

#[async_trait]
impl Tasks for MemoryStore {
    async fn task(&self, id: &TaskId, scope: &Scope) -> Result<Option<Task>, Outage> {
        Ok(self.tables().tasks.get(id).filter(|task| scope.covers(&task.path)).cloned())
    }

    async fn acquire(&self, task: &Task, account: &Account, now: Timestamp) -> Result<Task, AcquireError> {
        let mut tables = self.tables();
        let task = tables.tasks.get_mut(&task.id).ok_or(AcquireError::Gone)?;
        match &task.state {
            TaskState::Done => return Err(AcquireError::Gone),
            TaskState::InProgress { owner, owner_name, .. } if *owner != account.id => {
                return Err(AcquireError::Held { owner_name: owner_name.clone() });
            }
            TaskState::InProgress { .. } => {}
            TaskState::Pending => {
                let (owner, owner_name) = (account.id.clone(), account.name.clone());
                task.state = TaskState::InProgress { owner, owner_name, since: now, handed_by: None };
            }
        }
        Ok(task.clone())
    }

    async fn release(&self, id: &TaskId, account: &AccountId) -> Result<bool, Outage> {
        let mut tables = self.tables();
        let held = tables.tasks.get_mut(id).filter(|task| task.owner() == Some(account));
        Ok(held.map(|task| task.state = TaskState::Pending).is_some())
    }

    async fn pool(&self, pool: &Pool, tab: PoolTab, request: &PageRequest) -> Result<Page<Task>, Outage> {
        let tables = self.tables();
        let tasks = listed(&tables, pool, tab).filter(|task| pool.filter.admits(task));
        let order = if pool.filter.newest_first { Order::Descending } else { Order::Ascending };
        Ok(page(tasks.map(|task| (by_age(task), task.clone())), order, request))
    }

    async fn tasks_due(&self, day: Date, request: &PageRequest) -> Result<Page<Task>, Outage> {
        let tables = self.tables();
        let due = tables.tasks.values().filter(|task| task.state != TaskState::Done && task.last_day() == day);
        let key = |task: &Task| format!("{:020}#{}", task.due_at.as_microsecond(), task.id);
        Ok(page(due.map(|task| (key(task), task.clone())), Order::Ascending, request))
    }

    async fn pool_counts(&self, pool: &Pool, now: Timestamp, cap: u32) -> Result<PoolCounts, Outage> {
        let tables = self.tables();
        let oldest = |tab| {
            let mut oldest: Vec<&Task> = listed(&tables, pool, tab).collect();
            oldest.sort_by_cached_key(|task| by_age(task));
            oldest.truncate(usize::try_from(cap).unwrap_or(usize::MAX));
            oldest
        };
        let (pending, held) = (oldest(PoolTab::Pending), oldest(PoolTab::Held));
        let count = |tasks: usize| u32::try_from(tasks).unwrap_or(u32::MAX).min(cap);
        Ok(PoolCounts {
            pending: count(pending.len()),
            held: count(held.len()),
            mine: count(listed(&tables, pool, PoolTab::Mine).count()),
            overdue: count(pending.iter().chain(&held).filter(|task| task.overdue(now)).count()),
        })
    }
}

fn listed<'a>(tables: &'a Tables, pool: &'a Pool, tab: PoolTab) -> impl Iterator<Item = &'a Task> {
    tables.tasks.values().filter(move |task| {
        let on_tab = match tab {
            PoolTab::Pending => task.state == TaskState::Pending,
            PoolTab::Mine => task.owner() == Some(&pool.account),
            PoolTab::Held => task.owner().is_some(),
        };
        let near = pool.node.covers(&task.path) || tab == PoolTab::Mine && task.handed_to(&pool.account);
        on_tab && task.level == pool.level && near
    })
}

fn by_age(task: &Task) -> String {
    format!("{:020}#{}", task.queued_at.as_microsecond(), task.id)
}
