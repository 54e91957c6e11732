//! Commits that are refused: nothing is written, and the reason is the first that holds.

use domain::account::Role;
use domain::task::TaskChange;
use workflow::commit::{Commit, CommitError};
use workflow::ports::{Store, Ticket};
use workflow::scope::Scope;

use super::commits::{everything, visible};
use super::fixture::{Fixture, Place, opening, writing};

/// What is there before a commit, and stands in its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Obstacle {
    Answer,
    Consumed,
    EnrolmentExists,
    EnrolmentMissing,
    TrailEntry,
    Message,
    Scheduled,
    Upload,
    TaskExists,
    TaskHeld,
}

/// Puts an obstacle in the way; answers the reason and the effects that are visible because of it.
async fn obstruct<S: Store>(
    store: &S,
    f: &Fixture,
    place: &Place,
    commit: &mut Commit,
    obstacle: Obstacle,
) -> (&'static str, Vec<&'static str>) {
    let only = |part: Commit| async { store.commit(part).await.unwrap() };
    match obstacle {
        Obstacle::Answer => {
            only(Commit { idempotency: commit.idempotency.clone(), ..Commit::default() }).await;
            ("answered", vec!["answer"])
        }
        Obstacle::Consumed => {
            only(Commit { consumed: commit.consumed.clone(), ..Commit::default() }).await;
            ("consumed", vec!["consumed"])
        }
        Obstacle::EnrolmentExists => {
            let (mut other, _) = commit.enrolment.clone().unwrap();
            other.remark = "先到".to_owned();
            only(writing(other, 0)).await;
            ("version", vec![])
        }
        Obstacle::EnrolmentMissing => {
            let (enrolment, expected) = commit.enrolment.as_mut().unwrap();
            (enrolment.version, *expected) = (3, 2);
            ("version", vec![])
        }
        Obstacle::TrailEntry => {
            only(Commit { trail: commit.trail.clone(), ..Commit::default() }).await;
            ("version", vec!["trail"])
        }
        Obstacle::Message => {
            only(Commit { messages: commit.messages.clone(), ..Commit::default() }).await;
            ("version", vec!["message"])
        }
        Obstacle::Scheduled => {
            only(Commit { scheduled: commit.scheduled.clone(), ..Commit::default() }).await;
            ("version", vec!["scheduled"])
        }
        Obstacle::Upload => {
            assert!(store.settle(commit.upload.as_ref().unwrap()).await.unwrap());
            ("upload", vec!["upload"])
        }
        Obstacle::TaskExists => {
            only(Commit { tasks: commit.tasks.clone(), ..Commit::default() }).await;
            ("task", vec!["task"])
        }
        Obstacle::TaskHeld => {
            let task = f.open_task(store, place).await;
            let owner = f.account("李敏", Role::EnrolmentFirstReviewer, &place.county);
            store.acquire(&task, &owner, f.now).await.unwrap();
            commit.tasks.push(TaskChange::Close { id: task.id, held_by: Some(place.handler.id.clone()) });
            ("task", vec![])
        }
    }
}

fn reason(answer: &Result<(), CommitError>) -> &'static str {
    match answer {
        Ok(()) => "written",
        Err(CommitError::Answered(_)) => "answered",
        Err(CommitError::Consumed) => "consumed",
        Err(CommitError::Version) => "version",
        Err(CommitError::Upload) => "upload",
        Err(CommitError::Task) => "task",
        Err(CommitError::Ticket) => "ticket",
        Err(CommitError::UserName) => "user name",
        Err(CommitError::Mobile) => "mobile number",
        Err(CommitError::Code) => "code",
        Err(CommitError::Unit) => "unit",
        Err(CommitError::Outage(_)) => "outage",
    }
}

pub(super) async fn writes_nothing_when_refused<S: Store>(store: &S, f: &Fixture) {
    use Obstacle::*;
    let place = f.place().await;
    let obstacles = [
        Answer,
        Consumed,
        EnrolmentExists,
        EnrolmentMissing,
        TrailEntry,
        Message,
        Scheduled,
        Upload,
        TaskExists,
        TaskHeld,
    ];
    for obstacle in obstacles {
        let mut commit = everything(store, f, &place).await;
        let (expected, there) = obstruct(store, f, &place, &mut commit, obstacle).await;
        assert_eq!(reason(&store.commit(commit.clone()).await), expected, "{obstacle:?}");
        assert_eq!(visible(store, &commit, f).await, there, "{obstacle:?}");
    }
}

/// With every obstacle in its way a commit meets them one after the other.
pub(super) async fn refuses_in_order<S: Store>(store: &S, f: &Fixture) {
    use Obstacle::*;
    let place = f.place().await;
    let mut commit = everything(store, f, &place).await;
    for obstacle in [Answer, Consumed, EnrolmentExists, Upload, TaskExists] {
        obstruct(store, f, &place, &mut commit, obstacle).await;
    }
    let answer = store.commit(commit.clone()).await;
    let Err(CommitError::Answered(record)) = answer else { panic!("{answer:?}") };
    assert_eq!(Some(*record), commit.idempotency);

    commit.idempotency = None;
    assert_eq!(reason(&store.commit(commit.clone()).await), "consumed");
    commit.consumed = None;
    assert_eq!(reason(&store.commit(commit.clone()).await), "version");
    let (enrolment, expected) = commit.enrolment.as_mut().unwrap();
    (enrolment.version, *expected) = (2, 1);
    assert_eq!(reason(&store.commit(commit.clone()).await), "upload");
    commit.upload = None;
    assert_eq!(reason(&store.commit(commit.clone()).await), "task");
    commit.tasks = opening(vec![f.task(&f.draft(&place), domain::task::Level::Archive, f.now)]).tasks;
    commit.redeemed = Some(Ticket { name: format!("contract#{}", f.text()), holds: f.text(), expires_at: f.after(60) });
    assert_eq!(reason(&store.commit(commit.clone()).await), "ticket");
    commit.redeemed = None;
    store.commit(commit.clone()).await.unwrap();

    let (enrolment, _) = commit.enrolment.unwrap();
    let stored = store.enrolment(&enrolment.id, &Scope::Platform).await.unwrap();
    assert_eq!(stored, Some(enrolment));
}

/// A caller that did not hear the answer repeats the commit.
pub(super) async fn shows_that_a_repeated_commit_was_written<S: Store>(store: &S, f: &Fixture) {
    let place = f.place().await;
    let mut commit = everything(store, f, &place).await;
    store.commit(commit.clone()).await.unwrap();
    let answer = store.commit(commit.clone()).await;
    let Err(CommitError::Answered(record)) = answer else { panic!("{answer:?}") };
    assert_eq!(Some(*record), commit.idempotency);
    commit.idempotency = None;
    assert_eq!(reason(&store.commit(commit.clone()).await), "consumed");
    commit.consumed = None;
    assert_eq!(reason(&store.commit(commit.clone()).await), "version");
    let trail = store.trail(&commit.trail[0].topic.id, &super::fixture::first(100)).await.unwrap();
    assert_eq!(trail.items, commit.trail);
}
