//! Work pools: lists, counts, acquiring, releasing, dispatching.

use axum::extract::State;
use domain::account::{Actor, Permission};
use domain::ids::{AccountId, TaskId, UnitId};
use domain::organisation::NodePath;
use domain::refusal::{Problem as Fault, Refusal};
use domain::task::{Level, Task, TaskState};
use http::StatusCode;
use jiff::Timestamp;
use jiff::civil::Date;
use lambda::enrolments::Counter;
use lambda::http::{Answer, Command, IdempotencyKey, Json, Listing, Paging, Path, Problem, Query, Signed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use workflow::discretion;
use workflow::pools::{self, NotAcquired};
use workflow::ports::{Pool, PoolCounts, PoolTab, TaskFilter, business_day_begins};
use workflow::scope::Scope;

/// Most tasks acquired at once.
const ACQUIRE_MANY_MAX: usize = 50;
/// Where the counts of the tabs stop: whoever has so many before them needs no number, and the page is shown often.
const COUNT_CAP: u32 = 100;

/// A tab of a pool.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Tab {
    /// 待处理
    Pending,
    /// 处理中, one's own.
    Mine,
}

/// Which tasks.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PoolQuery {
    /// `first-review`, `second-review`, `final-review`, `payment`, `archive` or `registration`.
    #[param(value_type = String)]
    level: Level,
    /// Which tab; pending if absent.
    #[param(inline)]
    tab: Option<Tab>,
    /// Path of a node, to look at its subtree; one's own if absent.
    #[param(value_type = Option<String>)]
    node: Option<NodePath>,
    /// A unit in one's scope, to look at its tasks only.
    #[param(value_type = Option<String>)]
    unit: Option<UnitId>,
    /// 申请书号, in full.
    application_number: Option<String>,
    /// First day, in UTC+8, on which a task entered the pool.
    #[param(value_type = Option<String>)]
    from: Option<Date>,
    /// Last day, likewise.
    #[param(value_type = Option<String>)]
    to: Option<Date>,
    /// By age; the oldest first if absent.
    #[param(inline)]
    order: Option<Order>,
}

/// An order of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Order {
    /// The oldest first.
    Oldest,
    /// The newest first.
    Newest,
}

impl PoolQuery {
    fn filter(&self) -> TaskFilter {
        TaskFilter {
            application_number: self.application_number.clone(),
            queued_from: self.from.and_then(business_day_begins),
            queued_before: self.to.and_then(|day| business_day_begins(day.tomorrow().ok()?)),
            newest_first: self.order == Some(Order::Newest),
        }
    }
}

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
    /// 待处理 and overdue.
    overdue: u32,
    /// A count equal to this means “at least”.
    cap: u32,
}

/// A page of a pool, oldest first unless asked otherwise. The counts are those of the whole pool, whatever the filters.
#[utoipa::path(get, path = "/tasks", tag = "review", params(PoolQuery, Paging),
    responses((status = 200, body = PoolPage)))]
pub async fn list(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Query(query): Query<PoolQuery>,
    paging: Paging,
) -> Result<Json<PoolPage>, Problem> {
    looks_at(&actor, query.level)?;
    let store = &c.desk.store;
    let filter = query.filter();
    let node = match &query.unit {
        Some(unit) => store.unit(unit, &Scope::of(&actor)).await?.ok_or_else(Problem::not_found)?.path,
        None => query.node.unwrap_or_else(|| actor.node.clone()),
    };
    if !actor.node.covers(&node) {
        return Err(Problem::not_found());
    }
    let tab = match query.tab {
        None | Some(Tab::Pending) => PoolTab::Pending,
        Some(Tab::Mine) => PoolTab::Mine,
    };
    let reader = actor.node;
    let pool = Pool { level: query.level, node, account: actor.account, filter };
    let now = c.desk.clock.now();
    let asked = (store.pool(&pool, tab, paging.request()), store.pool_counts(&pool, now, COUNT_CAP));
    let (page, PoolCounts { pending, mine, overdue }) = futures::future::try_join(asked.0, asked.1).await?;
    let discretion = discretion::of(&**store, &reader, page.items.iter().map(|task| &task.path).collect()).await?;
    let tasks = paging.listing(page, |task| {
        let unit_name = task.unit_name.listed(&task.path, &discretion);
        shown(task, unit_name, now)
    });
    Ok(Json(PoolPage { tasks, pending, mine, overdue, cap: COUNT_CAP }))
}

/// Those who work a level look at its pool, and those who dispatch its tasks.
fn looks_at(actor: &Actor, level: Level) -> Result<(), Refusal> {
    if actor.may(Permission::Work(level)) || actor.may(Permission::Dispatch) {
        Ok(())
    } else {
        Err(Refusal::not_permitted())
    }
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
