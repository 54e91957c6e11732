//! Work pools. An open task is in one index per node above it, among those that wait or those that are held; a task in
//! progress in its owner's, too.

use async_trait::async_trait;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::UpdateItemError;
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue, ReturnValuesOnConditionCheckFailure, Select};
use domain::account::Account;
use domain::ids::{AccountId, TaskId};
use domain::task::{Task, TaskState};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use workflow::ports::{AcquireError, Outage, Page, PageRequest, Pool, PoolCounts, PoolTab, TaskFilter, Tasks};
use workflow::scope::Scope;

use super::items::{self, DOC, Item, Row, to_value};
use super::keys::Half;
use super::{Dynamo, keys, page};
use crate::config::Table;
use crate::outage::{done, outage};

/// Who holds a task; there only while it is in progress.
pub(super) const OWNER: &str = "owner";
/// A pending task is in the pool of the root, and nobody's.
pub(super) const IS_PENDING: &str = "attribute_exists(pool_0) AND attribute_not_exists(#owner)";
/// Takes a task out of every list.
pub(super) const FINISH: &str =
    "SET #doc.#state = :state REMOVE #owner, due_on, pool_0, pool_1, pool_2, pool_3, pool_4";
/// The last day of an open task.
const DUE_ON: &str = "due_on";

/// The item of a task.
pub(super) fn item(task: &Task) -> Result<Item, Outage> {
    let row = Row::of(&keys::task(&task.id), task)?
        .text("level", task.level.as_str())
        .text("path", task.path.as_str())
        .text("queued_at", keys::instant(task.queued_at))
        .text("due_at", keys::instant(task.due_at));
    let row = match &task.state {
        TaskState::Done => row,
        TaskState::Pending | TaskState::InProgress { .. } => row.text(DUE_ON, task.last_day().to_string()),
    };
    let listed = |row, half| pools(half, task).fold(row, |row: Row, (name, pool)| row.text(name, pool));
    match &task.state {
        TaskState::Pending => listed(row, Half::Pending),
        TaskState::InProgress { owner, .. } => listed(row, Half::Held).text(OWNER, owner.as_str()),
        TaskState::Done => row,
    }
    .finish()
}

fn pools(half: Half, task: &Task) -> impl Iterator<Item = (&'static str, String)> {
    keys::pools(half, task.level, &task.path).map(|(depth, pool)| (keys::POOL_ATTRIBUTES[depth], pool))
}

/// What lists a task in a half of its pools: the clauses of an update with the values they name.
pub(super) fn relisted(half: Half, task: &Task) -> (String, Vec<(String, AttributeValue)>) {
    let pools: Vec<_> = pools(half, task).collect();
    let clauses = pools.iter().map(|(name, _)| format!(", {name} = :{name}")).collect();
    (clauses, pools.into_iter().map(|(name, pool)| (format!(":{name}"), AttributeValue::S(pool))).collect())
}

/// Gives a task an owner and lists it among those that are held.
pub(super) fn acquiring(task: &Task) -> (String, Vec<(String, AttributeValue)>) {
    let (clauses, values) = relisted(Half::Held, task);
    (format!("SET #doc.#state = :state, #owner = :owner{clauses}"), values)
}

#[async_trait]
impl Tasks for Dynamo {
    async fn task(&self, id: &TaskId, scope: &Scope) -> Result<Option<Task>, Outage> {
        let found: Option<Task> = self.doc(Table::Tasks, &keys::task(id), true).await?;
        Ok(found.filter(|task| scope.covers(&task.path)))
    }

    async fn acquire(&self, task: &Task, account: &Account, now: Timestamp) -> Result<Task, AcquireError> {
        let (owner, owner_name) = (account.id.clone(), account.name.clone());
        let held = TaskState::InProgress { owner, owner_name, since: now, handed_by: None };
        let (expression, listed) = acquiring(task);
        let mut update = self
            .client
            .update_item()
            .table_name(self.tables.name(Table::Tasks)?)
            .set_key(Some(keys::task(&task.id).attributes()))
            .update_expression(expression)
            .condition_expression(IS_PENDING)
            .expression_attribute_names("#doc", DOC)
            .expression_attribute_names("#state", "state")
            .expression_attribute_names("#owner", OWNER)
            .expression_attribute_values(":state", to_value(&held)?)
            .expression_attribute_values(":owner", AttributeValue::S(account.id.to_string()))
            .return_values(ReturnValue::AllNew)
            .return_values_on_condition_check_failure(ReturnValuesOnConditionCheckFailure::AllOld);
        for (name, pool) in listed {
            update = update.expression_attribute_values(name, pool);
        }
        let error = match update.send().await {
            Ok(written) => return Ok(items::doc(written.attributes.unwrap_or_default())?),
            Err(error) => error,
        };
        match error.as_service_error() {
            Some(UpdateItemError::ConditionalCheckFailedException(failed)) => refused(failed.item.clone(), &account.id),
            _ => Err(outage("acquire-task")(error).into()),
        }
    }

    async fn release(&self, id: &TaskId, account: &AccountId) -> Result<bool, Outage> {
        // Level and path never change, so any copy names the pools to go back to.
        let Some(task) = self.doc::<Task>(Table::Tasks, &keys::task(id), false).await? else { return Ok(false) };
        let (back, listed) = relisted(Half::Pending, &task);
        let mut update = self
            .client
            .update_item()
            .table_name(self.tables.name(Table::Tasks)?)
            .set_key(Some(keys::task(id).attributes()))
            .update_expression(format!("SET #doc.#state = :state{back} REMOVE #owner"))
            .condition_expression("#owner = :owner")
            .expression_attribute_names("#doc", DOC)
            .expression_attribute_names("#state", "state")
            .expression_attribute_names("#owner", OWNER)
            .expression_attribute_values(":state", to_value(&TaskState::Pending)?)
            .expression_attribute_values(":owner", AttributeValue::S(account.to_string()));
        for (name, pool) in listed {
            update = update.expression_attribute_values(name, pool);
        }
        done("release-task", update.send().await)
    }

    async fn pool(&self, pool: &Pool, tab: PoolTab, request: &PageRequest) -> Result<Page<Task>, Outage> {
        if pool.filter.is_empty() {
            return Ok(Page { items: Vec::new(), next: None });
        }
        let (query, hash) = match tab {
            PoolTab::Pending => self.half(Half::Pending, pool)?,
            PoolTab::Held => self.half(Half::Held, pool)?,
            PoolTab::Mine => (self.mine(pool)?, OWNER),
        };
        let query = narrowed(query, &pool.filter);
        let found = page::page(query, &[keys::PK, keys::SK, hash, "queued_at"], request).await?;
        let items: Result<Vec<Task>, Outage> = found.items.into_iter().map(items::doc).collect();
        Ok(Page { items: items?, next: found.next })
    }

    async fn tasks_due(&self, day: Date, request: &PageRequest) -> Result<Page<Task>, Outage> {
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Tasks)?)
            .index_name(keys::BY_DUE)
            .key_condition_expression("due_on = :day")
            .expression_attribute_values(":day", AttributeValue::S(day.to_string()));
        let found = page::page(query, &[keys::PK, keys::SK, DUE_ON, "due_at"], request).await?;
        let items: Result<Vec<Task>, Outage> = found.items.into_iter().map(items::doc).collect();
        Ok(Page { items: items?, next: found.next })
    }

    async fn pool_counts(&self, pool: &Pool, now: Timestamp, cap: u32) -> Result<PoolCounts, Outage> {
        let pending = oldest_due(self.half(Half::Pending, pool)?.0, cap as usize);
        let held = oldest_due(self.half(Half::Held, pool)?.0, cap as usize);
        let (pending, held, mine) = futures::try_join!(pending, held, count(self.mine(pool)?, cap))?;
        let now = keys::instant(now);
        let number = |tasks: usize| u32::try_from(tasks).unwrap_or(u32::MAX);
        let overdue = number(pending.iter().chain(&held).filter(|due_at| **due_at <= now).count()).min(cap);
        Ok(PoolCounts { pending: number(pending.len()), held: number(held.len()), mine, overdue })
    }
}

impl Dynamo {
    /// 待处理 or 处理中 of a node, oldest first, with the hash attribute of its index.
    fn half(&self, half: Half, pool: &Pool) -> Result<(QueryFluentBuilder, &'static str), Outage> {
        let (depth, key) = keys::pool(half, pool.level, &pool.node);
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Tasks)?)
            .index_name(keys::POOLS[depth])
            .key_condition_expression("#pool = :pool")
            .expression_attribute_names("#pool", keys::POOL_ATTRIBUTES[depth])
            .expression_attribute_values(":pool", AttributeValue::S(key));
        Ok((query, keys::POOL_ATTRIBUTES[depth]))
    }

    /// 处理中 of an account, oldest first. An account holds a handful of tasks: the filter costs nothing.
    fn mine(&self, pool: &Pool) -> Result<QueryFluentBuilder, Outage> {
        let query = self
            .client
            .query()
            .table_name(self.tables.name(Table::Tasks)?)
            .index_name(keys::BY_OWNER)
            .key_condition_expression("#owner = :owner")
            .filter_expression(
                "#level = :level AND (begins_with(#path, :node) OR attribute_exists(#doc.#state.handed_by))",
            )
            .expression_attribute_names("#doc", DOC)
            .expression_attribute_names("#state", "state")
            .expression_attribute_names("#owner", OWNER)
            .expression_attribute_names("#level", "level")
            .expression_attribute_names("#path", "path")
            .expression_attribute_values(":owner", AttributeValue::S(pool.account.to_string()))
            .expression_attribute_values(":level", AttributeValue::S(pool.level.as_str().to_owned()))
            .expression_attribute_values(":node", AttributeValue::S(pool.node.as_str().to_owned()));
        Ok(query)
    }
}

/// The part of a pool that a filter admits, in its order. Instants are keys; an application number is looked for.
fn narrowed(query: QueryFluentBuilder, filter: &TaskFilter) -> QueryFluentBuilder {
    let TaskFilter { application_number, queued_from, queued_before, newest_first } = filter;
    let mut query = query.scan_index_forward(!newest_first);
    if queued_from.is_some() || queued_before.is_some() {
        // A key takes one condition: both ends are always given, the upper one just below the instant that is out.
        let from = keys::instant(queued_from.unwrap_or(Timestamp::MIN));
        let last = queued_before.unwrap_or(Timestamp::MAX).checked_sub(1.nanosecond()).unwrap_or(Timestamp::MIN);
        let condition = query.get_key_condition_expression().clone().unwrap_or_default();
        query = query
            .key_condition_expression(format!("{condition} AND queued_at BETWEEN :from AND :last"))
            .expression_attribute_values(":from", AttributeValue::S(from))
            .expression_attribute_values(":last", AttributeValue::S(keys::instant(last)));
    }
    if let Some(number) = application_number {
        let condition = query.get_filter_expression().clone().map(|c| format!("({c}) AND ")).unwrap_or_default();
        query = query
            .filter_expression(format!("{condition}#doc.application_number = :number"))
            .expression_attribute_names("#doc", DOC)
            .expression_attribute_values(":number", AttributeValue::S(number.clone()));
    }
    query
}

/// What a task that is not pending means to the account that asked for it.
fn refused(item: Option<Item>, account: &AccountId) -> Result<Task, AcquireError> {
    let task: Task = items::doc(item.ok_or(AcquireError::Gone)?)?;
    match &task.state {
        TaskState::InProgress { owner, .. } if owner == account => Ok(task),
        TaskState::InProgress { owner_name, .. } => Err(AcquireError::Held { owner_name: owner_name.clone() }),
        TaskState::Pending | TaskState::Done => Err(AcquireError::Gone),
    }
}

/// When those of a query's tasks are due that come first, up to a number of them.
async fn oldest_due(query: QueryFluentBuilder, most: usize) -> Result<Vec<String>, Outage> {
    let query = query.projection_expression("due_at");
    let (mut found, mut start) = (Vec::new(), None);
    while found.len() < most {
        let left = i32::try_from(most - found.len()).unwrap_or(i32::MAX);
        let some = query.clone().limit(left).set_exclusive_start_key(start).send().await.map_err(outage("count"))?;
        for mut item in some.items.unwrap_or_default() {
            found.push(items::take(&mut item, "due_at")?);
        }
        start = some.last_evaluated_key;
        if start.is_none() {
            break;
        }
    }
    Ok(found)
}

/// Counts at the store up to the cap; no item travels.
async fn count(query: QueryFluentBuilder, cap: u32) -> Result<u32, Outage> {
    let query = query.select(Select::Count);
    let (mut counted, mut start) = (0, None);
    while counted < cap {
        let left = i32::try_from(cap - counted).unwrap_or(i32::MAX);
        let some = query.clone().limit(left).set_exclusive_start_key(start).send().await.map_err(outage("count"))?;
        counted += u32::try_from(some.count).unwrap_or_default();
        start = some.last_evaluated_key;
        if start.is_none() {
            break;
        }
    }
    Ok(counted)
}
