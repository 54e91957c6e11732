//! What waits for somebody: the tasks of their pools, and what their units have to do.

use axum::extract::State;
use domain::account::{Actor, Permission};
use domain::enrolment::State as Stand;
use domain::money::Fen;
use domain::task::Level;
use domain::unit::Discretion;
use futures::future::{try_join_all, try_join4};
use jiff::ToSpan;
use lambda::enrolments::Counter;
use lambda::http::{Json, Problem, Signed};
use serde::Serialize;
use utoipa::ToSchema;
use workflow::discretion;
use workflow::ports::{EnrolmentList, EnrolmentSummary, Outage, PageRequest, Pool, PoolCounts, TaskFilter};
use workflow::scope::Scope;

/// Enrolments shown of each kind.
const SHOWN: u32 = 5;
/// Where counting a pool stops.
const COUNT_CAP: u32 = 1000;
/// Cover that ends within so many days can be renewed (workflows: renewal).
const ENDS_WITHIN_DAYS: i64 = 60;

/// What waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct TasksDashboard {
    /// The pools one works or dispatches, with what they hold below one's node.
    pools: Vec<PoolView>,
    /// What one's unit, or the units one enters for, have to do; absent for those who enter nothing.
    unit: Option<UnitWork>,
}

/// What a pool holds.
#[derive(Debug, Serialize, ToSchema)]
pub struct PoolView {
    /// `first-review`, `second-review`, `final-review`, `payment` or `archive`.
    level: &'static str,
    /// 初审
    level_name: &'static str,
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

/// What units have to do.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitWork {
    /// 退回: sent back, with the reason.
    returned: Waiting,
    /// 开票录入
    receipts: Waiting,
    /// 确认书打印
    prints: Waiting,
    /// Cover that ends within 60 days and that nothing renews, the earliest first; of one's own unit.
    ending: Vec<WaitingEnrolment>,
}

/// Enrolments that wait for the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct Waiting {
    /// How many.
    count: u32,
    /// Whether there are at least so many.
    at_least: bool,
    /// The newest of them.
    newest: Vec<WaitingEnrolment>,
}

/// An enrolment that waits.
#[derive(Debug, Serialize, ToSchema)]
pub struct WaitingEnrolment {
    /// Identifier.
    id: String,
    /// 申请书号
    application_number: String,
    /// 单位名称
    unit_name: String,
    /// State, `invoicing`.
    state: &'static str,
    /// 状态
    state_name: &'static str,
    /// Since when it stands there.
    state_since: String,
    /// 退回原因
    return_reason: Option<String>,
    /// 保障活动, by name.
    plans: Vec<String>,
    /// 剩余开票金额, in fen.
    remaining_fen: Option<i64>,
    /// The first day on which cover of any plan ends, once paid.
    ends_on: Option<String>,
}

/// What waits for me: my pools with what is overdue, and what my unit, or the units I enter for, have to do.
#[utoipa::path(get, path = "/dashboards/tasks", tag = "records", responses((status = 200, body = TasksDashboard)))]
pub async fn tasks(State(c): State<Counter>, Signed { actor, .. }: Signed) -> Result<Json<TasksDashboard>, Problem> {
    let (pools, unit) = futures::future::try_join(pools(&c, &actor), unit_work(&c, &actor)).await?;
    Ok(Json(TasksDashboard { pools, unit }))
}

async fn pools(c: &Counter, actor: &Actor) -> Result<Vec<PoolView>, Outage> {
    let now = c.desk.clock.now();
    let mine = |level: &Level| actor.may(Permission::Work(*level)) || actor.may(Permission::Dispatch);
    let counted = Level::ALL.into_iter().filter(mine).map(|level| async move {
        let (node, account) = (actor.node.clone(), actor.account.clone());
        let pool = Pool { level, node, account, filter: TaskFilter::default() };
        let PoolCounts { pending, mine, held, overdue } = c.desk.store.pool_counts(&pool, now, COUNT_CAP).await?;
        Ok(PoolView {
            level: level.as_str(),
            level_name: level.chinese(),
            pending,
            mine,
            held,
            overdue,
            cap: COUNT_CAP,
        })
    });
    try_join_all(counted).await
}

async fn unit_work(c: &Counter, actor: &Actor) -> Result<Option<UnitWork>, Outage> {
    if !actor.may(Permission::EnterEnrolment) {
        return Ok(None);
    }
    let below = |states: &[Stand]| EnrolmentList { states: states.to_vec(), ..EnrolmentList::of(actor.node.clone()) };
    // An enrolment comes back to be drafted anew, to have its receipts corrected, or to have its scan replaced.
    let back = [Stand::Drafting, Stand::Invoicing, Stand::AwaitingArchive];
    let (returned, receipts, prints, ending) = try_join4(
        waiting(c, actor, EnrolmentList { returned: Some(true), ..below(&back) }),
        waiting(c, actor, below(&[Stand::Invoicing])),
        waiting(c, actor, below(&[Stand::AwaitingPrint])),
        ending(c, actor),
    )
    .await?;
    Ok(Some(UnitWork { returned, receipts, prints, ending }))
}

async fn waiting(c: &Counter, actor: &Actor, list: EnrolmentList) -> Result<Waiting, Outage> {
    let page = PageRequest { limit: SHOWN, after: None };
    let asked = (c.desk.store.enrolments(&list, &page), c.desk.store.count_enrolments(&list));
    let (page, counts) = futures::future::try_join(asked.0, asked.1).await?;
    let newest = views(c, actor, page.items).await?;
    Ok(Waiting { count: counts.total(), at_least: counts.at_least, newest })
}

async fn ending(c: &Counter, actor: &Actor) -> Result<Vec<WaitingEnrolment>, Outage> {
    let Some(unit) = &actor.unit else { return Ok(Vec::new()) };
    let today = c.desk.clock.today();
    let Ok(upto) = today.checked_add(ENDS_WITHIN_DAYS.days()) else { return Ok(Vec::new()) };
    let page = PageRequest { limit: SHOWN, after: None };
    let ending = c.desk.store.enrolments_ending(unit, &Scope::of(actor), (today, upto), &page).await?;
    views(c, actor, ending.items).await
}

async fn views(c: &Counter, actor: &Actor, items: Vec<EnrolmentSummary>) -> Result<Vec<WaitingEnrolment>, Outage> {
    let discretion = discretion::of(&*c.desk.store, &actor.node, items.iter().map(|e| &e.path).collect()).await?;
    Ok(items.into_iter().map(|e| view(e, &discretion)).collect())
}

fn view(e: EnrolmentSummary, discretion: &Discretion) -> WaitingEnrolment {
    let remaining = e.amount_due.zip(e.receipted).and_then(|(due, receipted)| due.checked_sub(receipted));
    WaitingEnrolment {
        id: e.id.to_string(),
        application_number: e.application_number,
        unit_name: e.unit_name.listed(&e.path, discretion),
        state: e.state.as_str(),
        state_name: e.state.chinese(),
        state_since: e.state_since.to_string(),
        return_reason: e.return_reason,
        plans: e.plans,
        remaining_fen: remaining.map(Fen::fen),
        ends_on: e.ends_on.map(|day| day.to_string()),
    }
}
