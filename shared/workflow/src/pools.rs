//! Work pools: taking a task and putting it back.

use domain::account::{Actor, Permission};
use domain::ids::TaskId;
use domain::refusal::Refusal;
use domain::task::Task;

use crate::desk::Desk;
use crate::ports::{AcquireError, Outage};
use crate::scope::Scope;

/// Why a task was not acquired or released.
#[derive(Debug, thiserror::Error)]
pub enum NotAcquired {
    /// There is no such task in the actor's data scope.
    #[error("not found")]
    NotFound,
    /// The rules do not allow it, or somebody else has it.
    #[error("refused")]
    Refused(Box<Refusal>),
    /// Something outside did not answer.
    #[error(transparent)]
    Outage(#[from] Outage),
}

/// Takes a pending task of a level the actor works.
pub async fn acquire(desk: &Desk, actor: &Actor, id: &TaskId) -> Result<Task, NotAcquired> {
    let task = readable(desk, actor, id).await?;
    let account = desk.store.account(&actor.account).await?.ok_or(NotAcquired::NotFound)?;
    match desk.store.acquire(&task.id, &account, desk.clock.now()).await {
        Ok(task) => Ok(task),
        Err(AcquireError::Outage(outage)) => Err(outage.into()),
        Err(AcquireError::Gone) => Err(refused("TASK_GONE", "该任务已处理完毕".to_owned())),
        Err(AcquireError::Held { owner_name }) => {
            Err(refused("TASK_HELD_BY_ANOTHER", format!("该任务正由{owner_name}处理")))
        }
    }
}

/// Puts back a task the actor has.
pub async fn release(desk: &Desk, actor: &Actor, id: &TaskId) -> Result<(), NotAcquired> {
    let task = readable(desk, actor, id).await?;
    if desk.store.release(&task.id, &actor.account).await? {
        return Ok(());
    }
    Err(refused("TASK_NOT_ACQUIRED", "您没有获取该任务".to_owned()))
}

async fn readable(desk: &Desk, actor: &Actor, id: &TaskId) -> Result<Task, NotAcquired> {
    let task = desk.store.task(id, &Scope::of(actor)).await?.ok_or(NotAcquired::NotFound)?;
    if actor.may(Permission::Work(task.level)) {
        return Ok(task);
    }
    Err(NotAcquired::Refused(Box::new(Refusal::not_permitted())))
}

fn refused(code: &'static str, text: String) -> NotAcquired {
    NotAcquired::Refused(Box::new(Refusal::conflict(code, text)))
}
