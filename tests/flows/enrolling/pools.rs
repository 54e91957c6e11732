//! Work pools: what is overdue, which tasks are shown, and tasks handed over by a supervisor.

use domain::enrolment::{Enrolment, State};
use domain::ids::TaskId;
use serde_json::{Value, json};

use super::{Bureau, refused, told};

const ROSTER: &str = "姓名,身份证号码,手机号码,职业\n张三,110101199003071233,13800000000,\n";

/// An enrolment in first review, with its task.
async fn queued(b: &Bureau) -> (Enrolment, TaskId) {
    let e = b.import(&b.draft().await, ROSTER).await;
    let complete = format!("POST /enrolments/{}/completion", e.id);
    let reply = b.ask(&b.world.sample.handler, &complete, Some(e.version), json!({})).await;
    assert_eq!(reply.status.as_u16(), 200, "{}", told(&reply));
    let e = b.now(&e.id);
    let task = e.task.clone().unwrap();
    (e, task)
}

fn numbers(pool: &Value) -> Vec<&str> {
    pool["tasks"]["items"].as_array().unwrap().iter().map(|t| t["application_number"].as_str().unwrap()).collect()
}

/// The sample's clock begins on a Tuesday: two working days end on Thursday at midnight.
#[tokio::test]
async fn tasks_beyond_their_target_are_marked_and_counted() {
    let b = Bureau::open().await;
    queued(&b).await;
    let pool = async || -> Value {
        let reviewer = &b.world.sample.first_reviewer;
        b.ask(reviewer, "GET /tasks?level=first-review", None, json!({})).await.json().unwrap()
    };
    let fresh = pool().await;
    assert_eq!((&fresh["overdue"], &fresh["tasks"]["items"][0]["overdue"]), (&json!(0), &json!(false)));
    assert_eq!(fresh["tasks"]["items"][0]["due_at"], "2026-03-12T16:00:00Z");
    b.world.clock.advance(jiff::SignedDuration::from_hours(3 * 24));
    let late = pool().await;
    assert_eq!((&late["pending"], &late["overdue"]), (&json!(1), &json!(1)));
    assert_eq!(late["tasks"]["items"][0]["overdue"], true);
}

#[tokio::test]
async fn what_somebody_holds_is_seen_by_those_who_look_at_the_pool_and_stays_overdue() {
    let b = Bureau::open().await;
    let (e, task) = queued(&b).await;
    let s = b.world.sample.clone();
    let taken = b.ask(&s.first_reviewer, &format!("POST /tasks/{task}/acquisition"), None, json!({})).await;
    assert!(taken.status.is_success(), "{}", told(&taken));
    b.world.clock.advance(jiff::SignedDuration::from_hours(3 * 24));
    let held = async |by: &domain::account::Account| -> Value {
        b.ask(by, "GET /tasks?level=first-review&tab=held", None, json!({})).await.json().unwrap()
    };
    let seen = held(&s.supervisor).await;
    assert_eq!(numbers(&seen), [&e.application_number]);
    assert_eq!(seen["tasks"]["items"][0]["owner_name"], s.first_reviewer.name);
    assert_eq!((&seen["pending"], &seen["held"], &seen["overdue"]), (&json!(0), &json!(1), &json!(1)));
    assert_eq!(numbers(&held(&s.stranger_reviewer).await), Vec::<&str>::new());
    let handler = b.ask(&s.handler, "GET /tasks?level=first-review&tab=held", None, json!({})).await;
    assert_eq!(refused(&handler).0, 403);
}

#[tokio::test]
async fn a_pool_is_filtered_by_unit_number_and_day_and_sorted_by_age() {
    let b = Bureau::open().await;
    let mut placed = Vec::new();
    for _ in 0..3 {
        placed.push(queued(&b).await.0.application_number);
        b.world.clock.advance(jiff::SignedDuration::from_hours(24));
    }
    let listed = async |query: &str| -> Value {
        let request = format!("GET /tasks?level=first-review{query}");
        b.ask(&b.world.sample.first_reviewer, &request, None, json!({})).await.json().unwrap()
    };
    let unit = &b.world.sample.unit.id;
    assert_eq!(numbers(&listed("").await), placed);
    assert_eq!(numbers(&listed("&order=newest").await), [&placed[2], &placed[1], &placed[0]]);
    assert_eq!(numbers(&listed(&format!("&unit={unit}")).await).len(), 3);
    assert_eq!(numbers(&listed(&format!("&application_number={}", placed[1])).await), [&placed[1]]);
    assert_eq!(numbers(&listed("&from=2026-03-11&to=2026-03-11").await), [&placed[1]]);
    assert_eq!(numbers(&listed("&to=2026-03-10").await), [&placed[0]]);
    assert_eq!(listed("&to=2026-03-10").await["pending"], 3, "counts are the pool's");
    assert_eq!(numbers(&listed("&from=2026-03-12&to=2026-03-10").await), Vec::<&str>::new());
    let elsewhere = format!("GET /tasks?level=first-review&unit={}", b.world.sample.neighbour.id);
    let refusal = b.ask(&b.world.sample.first_reviewer, &elsewhere, None, json!({})).await;
    assert_eq!(refused(&refusal).0, 404, "a unit outside the scope");
}

#[tokio::test]
async fn a_dispatched_task_opens_its_enrolment_to_its_new_owner_until_it_is_done() {
    let b = Bureau::open().await;
    let (e, task) = queued(&b).await;
    let (supervisor, far) = (&b.world.sample.supervisor, &b.world.sample.stranger_reviewer);
    let view = format!("GET /enrolments/{}", e.id);
    assert_eq!(refused(&b.ask(far, &view, None, json!({})).await).0, 404);

    let dispatch = format!("POST /tasks/{task}/dispatch");
    let to = json!({"account": far.id});
    let handed = b.ask_as("one-dispatch", supervisor, &dispatch, None, to.clone()).await;
    assert_eq!(handed.status.as_u16(), 200, "{}", told(&handed));
    assert_eq!(told(&b.ask_as("one-dispatch", supervisor, &dispatch, None, to.clone()).await), told(&handed));
    let again = b.ask(supervisor, &dispatch, None, to).await;
    assert_eq!(refused(&again), (409, "TASK_ALREADY_THEIRS".to_owned()));

    for what in ["", "/trail", "/files", "/earlier"] {
        assert_eq!(b.ask(far, &format!("{view}{what}"), None, json!({})).await.status.as_u16(), 200, "{what}");
    }
    let mine: Value = b.ask(far, "GET /tasks?level=first-review&tab=mine", None, json!({})).await.json().unwrap();
    assert_eq!((numbers(&mine).len(), &mine["tasks"]["items"][0]["dispatched"]), (1, &json!(true)));
    let trail: Value = b.ask(far, &format!("{view}/trail"), None, json!({})).await.json().unwrap();
    let last = trail["items"].as_array().unwrap().last().unwrap();
    assert_eq!((&last["action"], &last["note"]), (&json!("dispatch"), &json!("初审：转交陈刚")));

    let near = b.ask(&b.world.sample.first_reviewer, &format!("POST /tasks/{task}/acquisition"), None, json!({})).await;
    assert_eq!(refused(&near), (409, "TASK_HELD_BY_ANOTHER".to_owned()));
    let review = format!("POST /enrolments/{}/reviews", e.id);
    let done = b.ask(far, &review, Some(e.version), json!({"conclusion": "approve", "opinion": "同意"})).await;
    assert_eq!(done.status.as_u16(), 200, "{}", told(&done));
    assert_eq!(b.now(&e.id).state, State::SecondReview);
    assert_eq!(refused(&b.ask(far, &view, None, json!({})).await).0, 404, "the grant ends with the task");
}

#[tokio::test]
async fn a_grant_is_to_read_and_conclude_and_nothing_else() {
    let b = Bureau::open().await;
    let (e, task) = queued(&b).await;
    let mut far = b.world.sample.stranger_reviewer.clone();
    far.roles.push(domain::account::Role::Supervisor);
    b.world.store.inner().with_account(far.clone(), "");
    let handed = b
        .ask(&b.world.sample.supervisor, &format!("POST /tasks/{task}/dispatch"), None, json!({"account": far.id}))
        .await;
    assert_eq!(handed.status.as_u16(), 200, "{}", told(&handed));
    let withdraw = format!("POST /enrolments/{}/withdrawal", e.id);
    let refusal = b.ask(&far, &withdraw, Some(e.version), json!({"reason": "重复"})).await;
    assert_eq!(refused(&refusal), (403, "NOT_PERMITTED".to_owned()));
    let released = b.ask(&far, &format!("POST /tasks/{task}/release"), None, json!({})).await;
    assert_eq!(released.status.as_u16(), 204, "{}", told(&released));
    let gone = b.ask(&far, &format!("GET /enrolments/{}", e.id), None, json!({})).await;
    assert_eq!(refused(&gone).0, 404, "put back, it is no longer theirs");
}

#[tokio::test]
async fn only_a_supervisor_in_scope_hands_over_and_only_to_somebody_fit() {
    let b = Bureau::open().await;
    let (e, task) = queued(&b).await;
    let s = &b.world.sample;
    let dispatch = format!("POST /tasks/{task}/dispatch");
    let to = async |by, account: &domain::account::Account| {
        refused(&b.ask(by, &dispatch, None, json!({"account": account.id})).await)
    };
    assert_eq!(to(&s.first_reviewer, &s.other_first_reviewer).await, (403, "NOT_PERMITTED".to_owned()));
    assert_eq!(to(&s.supervisor, &s.second_reviewer).await, (422, "INVALID".to_owned()), "another level");
    let mut far = s.supervisor.clone();
    far.node = s.stranger_reviewer.node.clone();
    assert_eq!(to(&far, &s.first_reviewer).await.0, 404);
    let mut entered = s.first_reviewer.clone();
    entered.id = e.entered_by[0].clone();
    b.world.store.inner().with_account(entered.clone(), "");
    assert_eq!(to(&s.supervisor, &entered).await, (403, "SEPARATION_ENTERED".to_owned()), "names its rule");
}

#[tokio::test]
async fn a_supervisor_takes_a_task_from_whoever_has_it_and_a_lost_answer_is_given_again() {
    let b = Bureau::open().await;
    let (_, task) = queued(&b).await;
    let s = &b.world.sample;
    let acquire = b.ask(&s.first_reviewer, &format!("POST /tasks/{task}/acquisition"), None, json!({})).await;
    assert_eq!(acquire.status.as_u16(), 200, "{}", told(&acquire));
    let dispatch = format!("POST /tasks/{task}/dispatch");
    let handed = b.ask(&s.supervisor, &dispatch, None, json!({"account": s.other_first_reviewer.id})).await;
    assert_eq!(handed.json::<Value>().unwrap()["owner_name"], json!(s.other_first_reviewer.name));
    let release = b.ask(&s.first_reviewer, &format!("POST /tasks/{task}/release"), None, json!({})).await;
    assert_eq!(refused(&release), (409, "TASK_NOT_ACQUIRED".to_owned()));
    b.world.clock.advance(jiff::SignedDuration::from_secs(1));
    b.world.faults.fail_next_commit(testing::faults::When::AfterWritten);
    let lost = b.ask_as("lost-answer", &s.supervisor, &dispatch, None, json!({"account": s.first_reviewer.id})).await;
    assert_eq!(lost.status.as_u16(), 503);
    let again = b.ask_as("lost-answer", &s.supervisor, &dispatch, None, json!({"account": s.first_reviewer.id})).await;
    assert_eq!((again.status.as_u16(), again.header("idempotency-replayed")), (200, "true"), "{}", told(&again));
}
