//! Work pools: the tasks that wait, and whose they are.

use async_trait::async_trait;
use domain::account::Account;
use domain::ids::{AccountId, TaskId};
use domain::organisation::NodePath;
use domain::task::{Level, Task};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{Outage, Page, PageRequest};
use crate::scope::Scope;

/// Which tab of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PoolTab {
    /// 待处理, everybody's.
    Pending,
    /// 处理中, the asking account's own.
    Mine,
    /// 处理中, everybody's.
    Held,
}

/// A pool as somebody sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pool {
    /// The level.
    pub level: Level,
    /// The node whose subtree is looked at.
    pub node: NodePath,
    /// Who looks.
    pub account: AccountId,
    /// Which of its tasks.
    pub filter: TaskFilter,
}

/// Which tasks of a pool, and in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskFilter {
    /// Application number, in full.
    pub application_number: Option<String>,
    /// Queued at this instant or later.
    pub queued_from: Option<Timestamp>,
    /// Queued before this instant.
    pub queued_before: Option<Timestamp>,
    /// The newest first instead of the oldest.
    pub newest_first: bool,
}

impl TaskFilter {
    /// Whether it ends before it begins.
    pub fn is_empty(&self) -> bool {
        self.queued_from.zip(self.queued_before).is_some_and(|(from, before)| before <= from)
    }

    /// Whether a task passes.
    pub fn admits(&self, task: &Task) -> bool {
        self.application_number.as_ref().is_none_or(|number| task.application_number == *number)
            && self.queued_from.is_none_or(|from| task.queued_at >= from)
            && self.queued_before.is_none_or(|before| task.queued_at < before)
    }
}

/// How many tasks a pool holds, counted up to a cap: a count equal to it means “at least”.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolCounts {
    /// 待处理
    pub pending: u32,
    /// 处理中, the account's own.
    pub mine: u32,
    /// 处理中, everybody's.
    pub held: u32,
    /// Those of the counted 待处理 and 处理中 that are overdue. What waits longest is counted first.
    pub overdue: u32,
}

/// Why a task was not acquired.
#[derive(Debug, thiserror::Error)]
pub enum AcquireError {
    /// Somebody else has it.
    #[error("held by another account")]
    Held {
        /// Their name.
        owner_name: String,
    },
    /// It is done, or there is no such task.
    #[error("no longer open")]
    Gone,
    /// The store did not answer.
    #[error(transparent)]
    Outage(#[from] Outage),
}

/// Reads and moves tasks.
#[async_trait]
pub trait Tasks: Send + Sync {
    /// The task as last written (strongly consistent), if it lies in the scope.
    async fn task(&self, id: &TaskId, scope: &Scope) -> Result<Option<Task>, Outage>;

    /// Takes a pending task: one conditional write. Of several who ask at once exactly one gets it; the one who has it
    /// already gets it again. Where the task lies is taken from what was read of it: that never changes.
    async fn acquire(&self, task: &Task, account: &Account, now: Timestamp) -> Result<Task, AcquireError>;

    /// Puts a task back. False if the account does not have it.
    async fn release(&self, id: &TaskId, account: &AccountId) -> Result<bool, Outage>;

    /// A page of a pool, oldest first unless the filter says otherwise. Costs what the page shows; with an application
    /// number, what is looked at to find it. A task handed to the account by dispatch is among its own, wherever it lies.
    async fn pool(&self, pool: &Pool, tab: PoolTab, page: &PageRequest) -> Result<Page<Task>, Outage>;

    /// The open tasks, of all pools, that had to be done by the end of a day, in the order of their due instants.
    async fn tasks_due(&self, day: Date, page: &PageRequest) -> Result<Page<Task>, Outage>;

    /// How many tasks the tabs hold at an instant, whatever the filter, counted up to a cap: what it costs grows with the
    /// cap, not with the pool.
    async fn pool_counts(&self, pool: &Pool, now: Timestamp, cap: u32) -> Result<PoolCounts, Outage>;
}
