//! The name of a classified unit (涉密单位) in every list there is: in full within its agency, masked outside, whenever it
//! became one.

use std::sync::Arc;

use domain::account::{Account, Role};
use domain::export::ExportKind;
use domain::ids::{AccountId, EnrolmentId, TaskId};
use domain::organisation::{NodePath, Unit};
use domain::task::{Level, Subject, Task, TaskChange, TaskState};
use http::Method;
use jiff::civil::date;
use serde_json::{Value, json};
use testing::world::World;
use workflow::commit::Commit;
use workflow::exports::gather;
use workflow::ports::{Clock, Commits, Exports, PageRequest};

use super::job::{begin, pay};
use super::platform::{Platform, Travel};
use crate::in_process::desk;

const IN_FULL: &str = "岐山机械厂";
const MASKED: &str = "岐***厂";

/// Somebody with every role that reads lists.
fn reader(platform: &Platform, name: &str, node: &str) -> Account {
    let id = AccountId::parse(name).unwrap();
    let node = NodePath::try_from(node.to_owned()).unwrap();
    let roles = vec![Role::Registrar, Role::Finance, Role::Supervisor];
    let template = platform.world.sample.finance.clone();
    let account = Account { id, user_name: name.to_owned(), node, roles, ..template };
    platform.world.store.inner().with_account(account.clone(), "");
    account
}

/// Every unit name in an answer, wherever it stands.
fn names(answer: &Value, found: &mut Vec<String>) {
    match answer {
        Value::Object(fields) => {
            for (field, value) in fields {
                match value.as_str() {
                    Some(name) if field == "unit_name" => found.push(name.to_owned()),
                    _ => names(value, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| names(item, found)),
        _ => {}
    }
}

/// A task of the enrolment in the pool of the first reviewers.
async fn waits_for_review(p: &Platform, id: &str) {
    let (unit, now) = (&p.world.sample.unit, p.world.clock.now());
    let task = Task {
        id: TaskId::of(id, "first-review", 9),
        subject: Subject::Enrolment(EnrolmentId::parse(id).unwrap()),
        level: Level::FirstReview,
        state: TaskState::Pending,
        path: unit.path.clone(),
        application_number: "A26022026031000001".to_owned(),
        unit_name: unit.name.clone().into(),
        queued_at: now,
        due_at: now,
    };
    let commit = Commit { tasks: vec![TaskChange::Open(task)], ..Commit::default() };
    p.world.store.inner().commit(commit).await.unwrap();
}

#[tokio::test]
async fn lists_mask_the_name_of_a_classified_unit_outside_its_agency() {
    let mut platform = Platform::open(World::default(), Travel::Calmly).await;
    let p = &mut platform;
    let mut seat = begin(p).await;
    pay(&mut seat).await;
    let handler = seat.handler.clone();
    let unit = Unit { classified: true, ..p.world.sample.unit.clone() };
    p.world.store.inner().with_unit(unit);
    p.world.clock.set_day(date(2027, 2, 1));
    let outside = reader(p, "office-reader", "/hq/2602/");
    let inside = reader(p, "county-reader", "/hq/2602/baoji/qishan/");
    let neighbour = reader(p, "city-reader", "/hq/2602/baoji/");

    let lists = [
        "/enrolments",
        "/enrolments?certificate=unprinted",
        "/renewals",
        "/dashboards/tasks",
        "/payments?from=2026-01-01",
        "/ledger?from=2026-01-01",
    ];
    for list in lists {
        for (by, expected) in [(&outside, MASKED), (&neighbour, MASKED), (&inside, IN_FULL)] {
            let answer = p.ask(by, Method::GET, list, None, Value::Null).await;
            let mut found = Vec::new();
            names(&answer, &mut found);
            assert!(!found.is_empty(), "{list} shows nobody: {answer}");
            assert!(found.iter().all(|name| name == expected), "{list}, {}: {found:?}", by.user_name);
        }
    }
    let own = p.ask(&handler, Method::GET, "/enrolments", None, Value::Null).await;
    assert_eq!(own["items"][0]["unit_name"], IN_FULL, "the unit itself");
    let id = own["items"][0]["id"].as_str().unwrap();
    let one = p.ask(&outside, Method::GET, &format!("/enrolments/{id}"), None, Value::Null).await;
    assert_eq!(one["unit_name"], IN_FULL, "no list, but the subject itself");

    waits_for_review(p, id).await;
    for kind in ExportKind::ALL {
        for (by, expected) in [(&outside, MASKED), (&inside, IN_FULL)] {
            let body = json!({"kind": kind, "filter": {"from": "2026-01-01", "level": "first-review"}});
            p.ask(by, Method::POST, "/exports", None, body).await;
            let store = p.world.store.inner();
            let jobs = store.exports(&by.id, &PageRequest { limit: 1, after: None }).await.unwrap().items;
            let objects = Arc::new(p.world.objects.clone());
            let batch = gather(&desk(&p.world), &*objects, &p.world.cipher, &jobs[0]).await.unwrap().unwrap();
            assert!(!batch.rows.is_empty(), "{kind:?} has no rows");
            let told = format!("{:?}", batch.rows);
            let other = if expected == MASKED { IN_FULL } else { MASKED };
            let in_cell = |name: &str| told.contains(&format!("\"{name}\""));
            assert!(in_cell(expected) && !in_cell(other), "{kind:?}, {}: {told}", by.user_name);
            p.settle().await;
        }
    }
}
