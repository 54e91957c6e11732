//! Work pools: lists, counts, acquiring, releasing, dispatching.

use axum::extract::State;
use domain::ids::{AccountId, TaskId};
use domain::refusal::{Problem as Fault, Refusal};
use domain::task::{Task, TaskState};
use http::StatusCode;
use jiff::Timestamp;
use lambda::enrolments::Counter;
use lambda::http::{Answer, Command, IdempotencyKey, Json, Listing, Paging, Path, Problem, Query, Signed};
use lambda::lists::PoolFilter;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::discretion;
use workflow::pools::{self, NotAcquired};
use workflow::ports::PoolCounts;

/// Most tasks acquired at once.
const ACQUIRE_MANY_MAX: usize = 50;
/// Where the counts of the tabs stop: whoever has so many before them needs no number, and the page is shown often.
const COUNT_CAP: u32 = 100;

/// A task.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskView {
    /// Identifier.
    id: String,
    /// The enrolment, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    enrolment: Option<String>,
    /// The registration, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    registration: Option<String>,
    /// Pool.
    level: &'static str,
    /// 申请书号; of a registration 统一社会信用代码.
    application_number: String,
    /// 单位名称
    unit_name: String,
    /// Since when it is in the pool.
    queued_at: String,
    /// From when on it is overdue.
    due_at: String,
    /// 超时: longer in the pool than its office's target.
    overdue: bool,
    /// `pending`, `in-progress` or `done`.
    state: &'static str,
    /// Who has it.
    owner_name: Option<String>,
    /// Whether a supervisor handed it over (调度).
    dispatched: bool,
}

/// A page of a pool with the counts of its tabs.
#[derive(Debug, Serialize, ToSchema)]
pub struct PoolPage {
    /// The tasks.
    tasks: Listing<TaskView>,
    /// 待处理
    pending: u32,
    /// 处理中, one's own.
    mine: u32,
    /// 处理中, everybody's.
    held: u32,
    /// Overdue, waiting or held.
    overdue: u32,
    /// A count equal to this means “at least”.
    cap: u32,
}

/// A page of a pool, oldest first unless asked otherwise. The counts are those of the whole pool, whatever the filters.
#[utoipa::path(get, path = "/tasks", tag = "review", params(PoolFilter, Paging),
    responses((status = 200, body = PoolPage)))]
pub async fn list(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Query(filter): Query<PoolFilter>,
    paging: Paging,
) -> Result<Json<PoolPage>, Problem> {
    let store = &c.desk.store;
    let (pool, tab) = filter.pool(&**store, &actor).await?;
    let now = c.desk.clock.now();
    let asked = (store.pool(&pool, tab, paging.request()), store.pool_counts(&pool, now, COUNT_CAP));
    let (page, PoolCounts { pending, mine, held, overdue }) = futures::future::try_join(asked.0, asked.1).await?;
    let discretion = discretion::of(&**store, &actor.node, page.items.iter().map(|task| &task.path).collect()).await?;
    let tasks = paging.listing(page, |task| {
        let unit_name = task.unit_name.listed(&task.path, &discretion);
        shown(task, unit_name, now)
    });
    Ok(Json(PoolPage { tasks, pending, mine, held, overdue, cap: COUNT_CAP }))
}

/// A task that somebody has now, who reads its subject as well: not a list.
fn one(task: Task, now: Timestamp) -> TaskView {
    let unit_name = task.unit_name.in_full().to_owned();
    shown(task, unit_name, now)
}

fn shown(task: Task, unit_name: String, now: Timestamp) -> TaskView {
    let overdue = task.overdue(now);
    let (state, owner_name, dispatched) = match task.state {
        TaskState::Pending => ("pending", None, false),
        TaskState::InProgress { owner_name, handed_by, .. } => ("in-progress", Some(owner_name), handed_by.is_some()),
        TaskState::Done => ("done", None, false),
    };
    TaskView {
        id: task.id.to_string(),
        enrolment: task.subject.enrolment().map(ToString::to_string),
        registration: task.subject.registration().map(ToString::to_string),
        level: task.level.as_str(),
        application_number: task.application_number,
        unit_name,
        queued_at: task.queued_at.to_string(),
        due_at: task.due_at.to_string(),
        overdue,
        state,
        owner_name,
        dispatched,
    }
}

/// Take a task out of the pool. Of several who ask at once exactly one gets it; asking again is safe.
#[utoipa::path(post, path = "/tasks/{task}/acquisition", tag = "review", params(("task" = String, Path)),
    responses((status = 200, body = TaskView)))]
pub async fn acquire(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Path(id): Path<TaskId>,
) -> Result<Json<TaskView>, Problem> {
    let task = pools::acquire(&c.desk, &actor, &id).await.map_err(problem)?;
    Ok(Json(one(task, c.desk.clock.now())))
}

fn problem(error: NotAcquired) -> Problem {
    match error {
        NotAcquired::NotFound => Problem::not_found(),
        NotAcquired::Refused(refusal) => (*refusal).into(),
        NotAcquired::Outage(outage) => outage.into(),
    }
}

/// Several tasks.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcquireManyInput {
    /// Up to 50 tasks.
    #[schema(value_type = Vec<String>, max_items = 50)]
    tasks: Vec<TaskId>,
}

/// What became of one of several tasks.
#[derive(Debug, Serialize, ToSchema)]
pub struct Acquired {
    /// The task.
    id: String,
    /// Whether it is one's own now.
    acquired: bool,
    /// Why not: a stable code.
    code: Option<String>,
    /// Why not: a sentence.
    text: Option<String>,
}

/// Take several tasks; each is reported.
#[utoipa::path(post, path = "/tasks/acquisitions", tag = "review", request_body = AcquireManyInput,
    responses((status = 200, body = Vec<Acquired>)))]
pub async fn acquire_many(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Json(input): Json<AcquireManyInput>,
) -> Result<Json<Vec<Acquired>>, Problem> {
    if input.tasks.is_empty() || input.tasks.len() > ACQUIRE_MANY_MAX {
        let text = format!("一次可获取1至{ACQUIRE_MANY_MAX}个任务");
        return Err(Refusal::invalid(vec![Fault::new("/tasks", "TASK_COUNT", text)]).into());
    }
    let mut outcome = Vec::with_capacity(input.tasks.len());
    for id in &input.tasks {
        let why = match pools::acquire(&c.desk, &actor, id).await {
            Ok(_) => None,
            Err(NotAcquired::Outage(outage)) if outcome.is_empty() => return Err(outage.into()),
            Err(error) => Some(problem(error)),
        };
        outcome.push(Acquired {
            id: id.to_string(),
            acquired: why.is_none(),
            code: why.as_ref().map(|p| p.code.to_string()),
            text: why.map(|p| p.detail.to_string()),
        });
    }
    Ok(Json(outcome))
}

/// Put a task back into the pool.
#[utoipa::path(post, path = "/tasks/{task}/release", tag = "review", params(("task" = String, Path)),
    responses((status = 204)))]
pub async fn release(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Path(id): Path<TaskId>,
) -> Result<http::StatusCode, Problem> {
    pools::release(&c.desk, &actor, &id).await.map_err(problem)?;
    Ok(http::StatusCode::NO_CONTENT)
}

/// Who is to have a task.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DispatchInput {
    /// An account that works the task's level.
    #[schema(value_type = String)]
    account: AccountId,
}

/// Hand a task to another account (调度), which may then read the enrolment wherever it sits. Of a dispatch and whatever
/// else happens to the task at the same time, one succeeds.
#[utoipa::path(post, path = "/tasks/{task}/dispatch", tag = "review", params(("task" = String, Path), IdempotencyKey),
    request_body = DispatchInput, responses((status = 200, body = TaskView)))]
pub async fn dispatch(
    State(c): State<Counter>,
    Path(id): Path<TaskId>,
    command: Command<DispatchInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let answer = |task: &Task| Answer::json(StatusCode::OK, &one(task.clone(), c.desk.clock.now()));
    let kept = |task: &Task| once.record(&answer(task));
    let work = async { Ok(answer(&pools::dispatch(&c.desk, &actor, &id, &body.account, &kept).await?)) };
    once.run(&*c.desk.store, work).await
}
