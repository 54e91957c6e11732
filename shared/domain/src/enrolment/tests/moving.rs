//! Enrolments of a unit that was merged into another.

use super::*;

#[test]
fn an_enrolment_goes_over_once_with_everything_of_it() {
    let mut j = Journey::to(State::Completed);
    let before = j.e.clone();
    j.act(None, move_to("u2"));
    assert_eq!((j.e.unit.id.as_str(), j.e.unit.path.as_str()), ("u2", "/hq/2602/baoji/u2/"));
    assert_eq!((j.e.handler.as_str(), j.e.state, j.e.state_since), ("other-handler", before.state, before.state_since));
    let last = j.effects.last().unwrap();
    assert_eq!(last.trail[0].note, "岐山县第一机械厂 → 宝鸡市第二机械厂");
    assert!(last.tasks.is_empty() && last.ledger.is_empty() && last.messages.is_empty());
    assert_eq!(j.attempt(None, move_to("u2")).unwrap_err().code, "ALREADY_RECORDED");
    let printed = |j: &Journey| j.e.certificate.clone().unwrap().rendered[0].printed_for.clone();
    assert_eq!(printed(&j), Some("岐山县第一机械厂".into()), "what the paper in hand says");
    j.act(None, move_to("u3"));
    assert_eq!(printed(&j), Some("岐山县第一机械厂".into()), "moved on again, the paper says the same");
}

#[test]
fn a_task_that_is_open_waits_in_the_pools_of_the_new_unit() {
    let mut j = Journey::to(State::FirstReview);
    j.acquire(Role::EnrolmentFirstReviewer);
    let old = j.e.task.clone().unwrap();
    j.act(None, move_to("u2"));
    let new = j.tasks[j.e.task.as_ref().unwrap()].clone();
    assert_eq!(j.tasks[&old].state, TaskState::Done);
    assert_eq!((new.state, new.path.as_str()), (TaskState::Pending, "/hq/2602/baoji/u2/"));
}

#[test]
fn an_enrolment_follows_its_unit_to_another_agency() {
    let mut j = Journey::to(State::Completed);
    j.act(None, move_to("u1"));
    assert_eq!(j.e.unit.path.as_str(), "/hq/2602/baoji/u1/");
    assert_eq!(j.effects.last().unwrap().trail[0].note, "归属变更");
    assert_eq!(j.e.certificate.unwrap().rendered[0].printed_for, None, "its name is the same");
}
