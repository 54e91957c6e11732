//! Rows of a work pool's tasks, as the pool shows them.

use domain::export::{Column, Holds};
use domain::task::{Subject, Task, TaskState};
use domain::unit::Discretion;
use jiff::Timestamp;

use super::{NUMBER, Row, UNIT, column, yes};
use crate::ports::business_time;

pub(super) const TASKS: &[Column] = &[
    column("环节", Holds::Text, 12),
    NUMBER,
    column("统一社会信用代码", Holds::Text, 22),
    UNIT,
    column("进入时间", Holds::Instant, 20),
    column("办理期限", Holds::Instant, 20),
    column("超时", Holds::Text, 6),
    column("状态", Holds::Text, 8),
    column("处理人", Holds::Text, 12),
    column("调度", Holds::Text, 6),
];

/// The row of a task, overdue or not as it was at an instant.
pub fn task(task: Task, at: Timestamp, discretion: &Discretion) -> Row {
    let overdue = task.overdue(at);
    let (state, owner, dispatched) = match task.state {
        TaskState::Pending => ("待处理", None, false),
        TaskState::InProgress { owner_name, handed_by, .. } => ("处理中", Some(owner_name), handed_by.is_some()),
        TaskState::Done => ("已办结", None, false),
    };
    let number = task.application_number;
    let (number, code) = match task.subject {
        Subject::Enrolment(_) => (Some(number), None),
        Subject::Registration(_) => (None, Some(number)),
    };
    vec![
        task.level.chinese().into(),
        number.into(),
        code.into(),
        task.unit_name.listed(&task.path, discretion).into(),
        business_time(task.queued_at).into(),
        business_time(task.due_at).into(),
        yes(overdue),
        state.into(),
        owner.into(),
        yes(dispatched),
    ]
}
