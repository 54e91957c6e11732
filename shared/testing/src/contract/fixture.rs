//! What checks are made of: fresh places, people and steps.

use std::sync::Arc;

use async_trait::async_trait;
use domain::account::{Account, Role};
use domain::enrolment::Enrolment;
use domain::ids::{AccountId, MessageId, NodeId, TaskId, UnitId};
use domain::message::{Message, Outgoing, TextTemplate};
use domain::organisation::{Node, NodeKind, NodePath, Unit};
use domain::task::{Level, Subject, Task, TaskChange, TaskState};
use domain::trail::{Topic, TrailEntry};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use workflow::commit::{Commit, CommitError};
use workflow::ports::{Ids, PageRequest, PersonKey, Store};
use workflow::scope::Scope;

use crate::sample;

/// Seconds until a task is overdue.
const TASK_LIFE_S: i64 = 172_800;

/// Writes what a [`Store`] only reads, replacing what was there.
#[async_trait]
pub trait Seed: Send + Sync {
    /// Writes a node.
    async fn node(&self, node: Node);
    /// Writes a unit.
    async fn unit(&self, unit: Unit);
    /// Writes an account that is not locked, with the PHC string of its password.
    async fn account(&self, account: Account, password_hash: &str);
    /// Puts a person on the restricted list.
    async fn restrict(&self, person: &PersonKey);
}

/// What a check needs besides the store.
#[derive(Clone)]
pub struct Fixture {
    /// Identifiers no earlier run has used.
    pub ids: Arc<dyn Ids>,
    /// Now, in whole milliseconds or coarser. Tables that forget by themselves what has expired need the real time.
    pub now: Timestamp,
    /// Fills the registry.
    pub seed: Arc<dyn Seed>,
}

/// A unit of its own below an office, a city and a county of its own.
pub(super) struct Place {
    pub office: NodePath,
    pub county: NodePath,
    pub unit: Unit,
    pub handler: Account,
}

impl Fixture {
    pub(super) fn text(&self) -> String {
        self.ids.ulid().to_string()
    }

    pub(super) fn hash(&self) -> String {
        self.ids.secret().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    pub(super) fn person(&self) -> PersonKey {
        PersonKey(self.hash()[..32].to_owned())
    }

    /// A day centuries ahead that no other check uses.
    pub(super) fn day(&self) -> Date {
        let secret = self.ids.secret();
        let days = i64::from(u32::from_be_bytes([0, secret[0] & 0x1f, secret[1], secret[2]]));
        Date::constant(2200, 1, 1) + days.days()
    }

    pub(super) fn after(&self, seconds: i64) -> Timestamp {
        self.now + SignedDuration::from_secs(seconds)
    }

    pub(super) fn account(&self, name: &str, role: Role, node: &NodePath) -> Account {
        Account {
            id: AccountId::from_ulid(self.ids.ulid()),
            user_name: self.text(),
            name: name.to_owned(),
            roles: vec![role],
            node: node.clone(),
            unit: None,
            sealed_mobile: None,
            active: true,
            version: 1,
        }
    }

    /// A new place, in the registry.
    pub(super) async fn place(&self) -> Place {
        let node_id = || NodeId::from_ulid(self.ids.ulid());
        let office = NodePath::root().child(&node_id());
        let county = office.child(&node_id()).child(&node_id());
        let (unit, handler) = self.unit_below(&county).await;
        Place { office, county, unit, handler }
    }

    /// A new unit below an agency, in the registry with its handler.
    pub(super) async fn unit_below(&self, agency: &NodePath) -> (Unit, Account) {
        let id = UnitId::from_ulid(self.ids.ulid());
        let path = agency.unit(&id);
        let handler = Account { unit: Some(id.clone()), ..self.account("王芳", Role::UnitHandler, &path) };
        let template = sample::Organisation::default().unit;
        let unit = Unit { id, path, handler: handler.id.clone(), ..template };
        self.seed.account(handler.clone(), sample::PASSWORD_HASH).await;
        self.seed.unit(unit.clone()).await;
        (unit, handler)
    }

    pub(super) fn node(&self, path: &NodePath, kind: NodeKind) -> Node {
        let id = path.as_str().trim_end_matches('/').rsplit('/').next().unwrap();
        Node {
            id: NodeId::parse(id).unwrap(),
            kind,
            name: "样例".to_owned(),
            path: path.clone(),
            office_code: None,
            settings: (kind == NodeKind::Office).then(sample::office_settings),
            version: 1,
        }
    }

    pub(super) fn draft(&self, place: &Place) -> Enrolment {
        sample::draft(self.ids.ulid(), &place.unit, &place.handler, self.now)
    }

    pub(super) fn message(&self, enrolment: &Enrolment) -> Outgoing {
        let message = Message::Text {
            template: TextTemplate::EnrolmentApproved,
            account: enrolment.handler.clone(),
            enrolment: enrolment.id.clone(),
            opinion: Some(0),
        };
        Outgoing { id: MessageId::from_ulid(self.ids.ulid()), message }
    }

    pub(super) fn task(&self, enrolment: &Enrolment, level: Level, queued_at: Timestamp) -> Task {
        Task {
            id: TaskId::of(enrolment.id.as_str(), level.as_str(), 1),
            subject: Subject::Enrolment(enrolment.id.clone()),
            level,
            state: TaskState::Pending,
            path: enrolment.unit.path.clone(),
            application_number: enrolment.application_number.clone(),
            unit_name: enrolment.unit.name.clone(),
            queued_at,
            due_at: queued_at + SignedDuration::from_secs(TASK_LIFE_S),
        }
    }

    /// A pending task of a new enrolment of the place, committed.
    pub(super) async fn open_task<S: Store>(&self, store: &S, place: &Place) -> Task {
        let task = self.task(&self.draft(place), Level::FirstReview, self.now);
        store.commit(opening(vec![task.clone()])).await.unwrap();
        task
    }
}

/// A commit that opens tasks and nothing else.
pub(super) fn opening(tasks: Vec<Task>) -> Commit {
    Commit { tasks: tasks.into_iter().map(TaskChange::Open).collect(), ..Commit::default() }
}

/// A commit that writes an enrolment and nothing else.
pub(super) fn writing(enrolment: Enrolment, expected: u64) -> Commit {
    Commit { enrolment: Some((enrolment, expected)), ..Commit::default() }
}

pub(super) fn trail_entry(enrolment: &Enrolment, version: u64, n: usize) -> TrailEntry {
    TrailEntry {
        topic: Topic::enrolment(enrolment),
        version,
        n,
        at: enrolment.created_at,
        account: Some(enrolment.handler.clone()),
        actor_name: "王芳".to_owned(),
        action: "set-details".to_owned(),
        from: "drafting".to_owned(),
        to: "drafting".to_owned(),
        note: "备注".to_owned(),
        duration_ms: 1500,
    }
}

/// Commits, and again as long as another transaction is in the way.
pub(super) async fn insist<S: Store>(store: &S, commit: Commit) -> Result<(), CommitError> {
    const ATTEMPTS_MAX: usize = 20;
    for _ in 1..ATTEMPTS_MAX {
        match store.commit(commit.clone()).await {
            Err(CommitError::Outage(_)) => {}
            answer => return answer,
        }
    }
    store.commit(commit).await
}

/// The message ids of the outbox, written at any time.
pub(super) async fn unsent<S: Store>(store: &S) -> Vec<MessageId> {
    const LIMIT: u32 = 10_000;
    let far_future = Timestamp::from_second(7_258_118_400).unwrap();
    let messages = store.unsent(far_future, LIMIT).await.unwrap();
    messages.into_iter().map(|outgoing| outgoing.id).collect()
}

pub(super) fn first(limit: u32) -> PageRequest {
    PageRequest { limit, after: None }
}

/// A scope that holds nothing of any place.
pub(super) fn elsewhere(fixture: &Fixture) -> Scope {
    Scope::Subtree(NodePath::root().child(&NodeId::from_ulid(fixture.ids.ulid())))
}

/// Collects all pages of at most `limit` items: only an empty list has an empty page, so the last item ends the list.
macro_rules! pages {
    ($limit:expr, |$request:ident| $page:expr) => {{
        let mut $request = $crate::contract::fixture::first($limit);
        let mut all = Vec::new();
        loop {
            let page = $page.await.unwrap();
            assert!(page.items.len() <= $limit as usize, "more than a page");
            assert!(all.is_empty() || !page.items.is_empty(), "a page after the last");
            all.extend(page.items);
            assert!(all.len() < 1000, "the pages go round in circles");
            if page.next.is_none() {
                break all;
            }
            $request.after = page.next;
        }
    }};
}
pub(super) use pages;
