//! What the timetable watches over: tasks that became overdue, and dead letters. Each is told once, by mail to those who run
//! the platform.

use std::collections::BTreeMap;

use domain::ids::{MessageId, NodeId};
use domain::message::{Message, Outgoing};
use domain::organisation::NodePath;
use domain::task::{Level, Task};
use jiff::ToSpan;
use jiff::civil::Date;

use crate::commit::{Commit, CommitError};
use crate::desk::Desk;
use crate::ports::{Outage, PageRequest, Queues, business_date};

/// The consumer's name, under which a day is marked as told.
const CONSUMER: &str = "watch-overdue";
/// Days back that are looked at, should the timetable have stood still.
const DAYS_BACK: i64 = 7;
/// Tasks read at a time.
const PAGE: u32 = 100;
/// Most application numbers a mail names.
const NUMBERS_MAX: usize = 20;

/// Leaves a mail for each office whose tasks had to be done by the end of a past day and are still open. A task has one last
/// day, and a day is told once: its mails are named by office and day. Answers how many mails were left.
pub async fn overdue(desk: &Desk) -> Result<u32, Outage> {
    let today = business_date(desk.clock.now());
    let past = (1..=DAYS_BACK).filter_map(|back| today.checked_sub(back.days()).ok());
    let mut untold = Vec::new();
    for day in past {
        if desk.store.consumed(CONSUMER, &mark(day)?).await? {
            break;
        }
        untold.push(day);
    }
    let mut left = 0_u32;
    for day in untold.into_iter().rev() {
        for (office, tasks) in by_office(&open_tasks(desk, day).await?) {
            let id = named(&format!("overdue-{office}-{day}"))?;
            left = left.saturating_add(u32::from(leave(desk, id, tell(office, day, &tasks)).await?));
        }
        desk.store.consume(CONSUMER, &mark(day)?).await?;
    }
    Ok(left)
}

/// Leaves a mail, once a day, for each queue that has dead letters. Answers how many were left.
pub async fn dead_letters(desk: &Desk, queues: &dyn Queues) -> Result<u32, Outage> {
    let today = business_date(desk.clock.now());
    let mut left = 0_u32;
    for (queue, letters) in queues.dead_letters().await? {
        let id = named(&format!("dead-{queue}-{today}"))?;
        if desk.store.message(&id).await?.is_none() {
            left = left.saturating_add(u32::from(leave(desk, id, Message::DeadLetters { queue, letters }).await?));
        }
    }
    Ok(left)
}

fn named(text: &str) -> Result<MessageId, Outage> {
    MessageId::parse(text).map_err(|problem| Outage::new("name-message", problem))
}

fn mark(day: Date) -> Result<MessageId, Outage> {
    named(&day.to_string())
}

async fn open_tasks(desk: &Desk, day: Date) -> Result<Vec<Task>, Outage> {
    let (mut tasks, mut after) = (Vec::new(), None);
    loop {
        let page = desk.store.tasks_due(day, &PageRequest { limit: PAGE, after }).await?;
        tasks.extend(page.items);
        after = page.next;
        if after.is_none() {
            return Ok(tasks);
        }
    }
}

fn by_office(tasks: &[Task]) -> BTreeMap<NodeId, Vec<&Task>> {
    let mut offices: BTreeMap<NodeId, Vec<&Task>> = BTreeMap::new();
    for task in tasks {
        if let Some(office) = office_of(&task.path) {
            offices.entry(office).or_default().push(task);
        }
    }
    offices
}

/// The office a node belongs to: the second of its path.
fn office_of(path: &NodePath) -> Option<NodeId> {
    path.as_str().trim_matches('/').split('/').nth(1).and_then(|id| NodeId::parse(id).ok())
}

fn tell(office: NodeId, day: Date, tasks: &[&Task]) -> Message {
    let count =
        |level: Level| u32::try_from(tasks.iter().filter(|task| task.level == level).count()).unwrap_or(u32::MAX);
    let levels = Level::ALL.iter().map(|level| (*level, count(*level))).filter(|(_, count)| *count > 0).collect();
    let numbers = tasks.iter().take(NUMBERS_MAX).map(|task| task.application_number.clone()).collect();
    Message::OverdueTasks { office, day, levels, numbers }
}

/// Leaves a message of a name that follows from what it tells; false if it was left before.
async fn leave(desk: &Desk, id: MessageId, message: Message) -> Result<bool, Outage> {
    let messages = vec![Outgoing { id, message }];
    match desk.store.commit(Commit { messages, ..Commit::default() }).await {
        Ok(()) => Ok(true),
        Err(CommitError::Version) => Ok(false),
        Err(CommitError::Outage(outage)) => Err(outage),
        Err(other) => Err(Outage::new("leave-mail", other)),
    }
}
