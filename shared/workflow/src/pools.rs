//! Work pools: taking a task, putting it back, handing it to somebody else.

use domain::account::{Account, Actor, Permission};
use domain::enrolment::separation_of_duties;
use domain::ids::{AccountId, TaskId};
use domain::refusal::{Problem, Refusal};
use domain::task::{Level, Subject, Task, TaskChange, TaskState};
use domain::trail::Topic;

use crate::asides;
use crate::commit::{Commit, CommitError, IdempotencyRecord};
use crate::desk::{Desk, StepError};
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

/// Whether an account looks at the pool of a level: those who work it, and those who dispatch its tasks.
pub fn looked_at_by(actor: &Actor, level: Level) -> bool {
    actor.may(Permission::Work(level)) || actor.may(Permission::Dispatch)
}

/// Takes a pending task of a level the actor works.
pub async fn acquire(desk: &Desk, actor: &Actor, id: &TaskId) -> Result<Task, NotAcquired> {
    let task = readable(desk, actor, id).await?;
    let account = desk.store.account(&actor.account).await?.ok_or(NotAcquired::NotFound)?;
    match desk.store.acquire(&task, &account, desk.clock.now()).await {
        Ok(task) => Ok(task),
        Err(AcquireError::Outage(outage)) => Err(outage.into()),
        Err(AcquireError::Gone) => Err(NotAcquired::Refused(Box::new(gone()))),
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

/// Hands an open task in the actor's scope to an account that works its level, wherever that account sits: a supervisor's
/// dispatch (调度). Who may not conclude the enrolment is refused here already. One commit: the task, the trail, and the
/// answer that `answer` makes of the task as it then is.
pub async fn dispatch(
    desk: &Desk,
    actor: &Actor,
    id: &TaskId,
    to: &AccountId,
    answer: &(dyn Fn(&Task) -> IdempotencyRecord + Send + Sync),
) -> Result<Task, StepError> {
    let scope = Scope::of(actor);
    let task = desk.store.task(id, &scope).await?.ok_or(StepError::NotFound)?;
    if !actor.may(Permission::Dispatch) {
        return Err(Refusal::not_permitted().into());
    }
    if task.state == TaskState::Done {
        return Err(gone().into());
    }
    let works = |account: &Account| account.active && account.actor().may(Permission::Work(task.level));
    let to = desk.store.account(to).await?.filter(works).ok_or_else(unfit)?;
    if task.owner() == Some(&to.id) {
        return Err(Refusal::conflict("TASK_ALREADY_THEIRS", format!("该任务已由{}处理", to.name)).into());
    }
    let note = format!("{}：转交{}", task.level.chinese(), to.name);
    let entry = match &task.subject {
        Subject::Enrolment(id) => {
            let e = desk.store.enrolment(id, &scope).await?.ok_or(StepError::NotFound)?;
            separation_of_duties(&e, &to.id)?;
            asides::entry(desk, actor, &e, "dispatch", note)
        }
        Subject::Registration(id) => {
            let r = desk.store.registration(id, &scope).await?.ok_or(StepError::NotFound)?;
            r.separation_of_duties(&to.id)?;
            let state = r.state(Some(&task)).as_str();
            let standing =
                asides::Standing { topic: Topic::registration(&r), version: r.version, state, since: r.state_since };
            asides::about(desk, actor, standing, "dispatch", note)
        }
    };
    let state = TaskState::InProgress {
        owner: to.id,
        owner_name: to.name,
        since: entry.at,
        handed_by: Some(actor.account.clone()),
    };
    let held_by = task.owner().cloned();
    let task = Task { state, ..task };
    let change = TaskChange::Hand { task: task.clone(), held_by };
    let commit = Commit { tasks: vec![change], idempotency: Some(answer(&task)), ..Commit::default() };
    match asides::commit(desk, entry, commit).await {
        Ok(()) => Ok(task),
        Err(CommitError::Answered(record)) => Err(StepError::Answered(record)),
        Err(CommitError::Task) => {
            Err(Refusal::conflict("TASK_MOVED", "该任务刚刚被他人获取、放回或办结，请刷新后重试").into())
        }
        Err(CommitError::Outage(outage)) => Err(outage.into()),
        Err(other) => Err(Outage::new("dispatch-task", other).into()),
    }
}

fn gone() -> Refusal {
    Refusal::conflict("TASK_GONE", "该任务已处理完毕")
}

/// An account that does not exist, is closed, or does not work the level: the answer is the same.
fn unfit() -> Refusal {
    let text = "该账户不存在、已停用，或没有处理该环节的角色";
    Refusal::invalid(vec![Problem::new("/account", "ACCOUNT_UNFIT", text)])
}

async fn readable(desk: &Desk, actor: &Actor, id: &TaskId) -> Result<Task, NotAcquired> {
    let task = desk.store.task(id, &Scope::Platform).await?;
    let near = |task: &Task| Scope::of(actor).covers(&task.path) || task.handed_to(&actor.account);
    let task = task.filter(near).ok_or(NotAcquired::NotFound)?;
    if actor.may(Permission::Work(task.level)) {
        return Ok(task);
    }
    Err(NotAcquired::Refused(Box::new(Refusal::not_permitted())))
}

fn refused(code: &'static str, text: String) -> NotAcquired {
    NotAcquired::Refused(Box::new(Refusal::conflict(code, text)))
}
