//! One step of an enrolment: load, decide, commit – for people over HTTP and for the platform's own workers.

use std::sync::Arc;

use domain::account::{Actor, Permission};
use domain::enrolment::{Command, Context, Enrolment, decide};
use domain::ids::EnrolmentId;
use domain::message_log::RecordChange;
use domain::organisation::OfficeSettings;
use domain::refusal::Refusal;
use domain::task::Task;
use domain::upload::Upload;

use crate::commit::{Commit, CommitError, Consumed, IdempotencyRecord};
use crate::ports::{Clock, Ids, Outage, Store};
use crate::scope::Scope;

/// How often a worker starts over when somebody else changed the enrolment in between.
pub const RECORD_ATTEMPTS_MAX: usize = 12;

/// What a step needs of the world.
#[derive(Clone)]
pub struct Desk {
    /// The tables.
    pub store: Arc<dyn Store>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// New identifiers.
    pub ids: Arc<dyn Ids>,
}

/// Builds the answer to keep, from the enrolment as the step leaves it.
pub type Answering<'a> = &'a (dyn Fn(&Enrolment) -> IdempotencyRecord + Send + Sync);

/// What a person asks.
pub struct Ask<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// Of which enrolment.
    pub enrolment: &'a EnrolmentId,
    /// The version the person has seen.
    pub seen: u64,
    /// The answer to keep for a repetition of the request.
    pub answer: Answering<'a>,
}

/// Why a person's step did not happen.
#[derive(Debug, thiserror::Error)]
pub enum StepError {
    /// There is nothing of that name in the person's data scope.
    #[error("not found")]
    NotFound,
    /// Somebody changed it meanwhile; its version now.
    #[error("changed meanwhile")]
    Changed {
        /// The version now.
        current: u64,
    },
    /// The rules do not allow it.
    #[error("refused")]
    Refused(Box<Refusal>),
    /// The request was answered before: answer the same again.
    #[error("answered before")]
    Answered(Box<IdempotencyRecord>),
    /// Something outside did not answer.
    #[error(transparent)]
    Outage(#[from] Outage),
}

impl From<Refusal> for StepError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(Box::new(refusal))
    }
}

/// Carries out a person's command; `command` builds it from the enrolment as it stands.
pub async fn carry_out(
    desk: &Desk,
    ask: Ask<'_>,
    command: impl FnOnce(&Enrolment) -> Result<Command, Refusal> + Send,
) -> Result<Enrolment, StepError> {
    let before = readable(desk, ask.actor, ask.enrolment).await?.ok_or(StepError::NotFound)?;
    if before.version != ask.seen {
        return Err(StepError::Changed { current: before.version });
    }
    let command = command(&before)?;
    let works = matches!(command.permission(before.state.level()), Some(Permission::Work(_)));
    if !works && !Scope::of(ask.actor).covers(&before.unit.path) {
        // A task handed over by dispatch is to be concluded; nothing else of the subject becomes the actor's business.
        return Err(Refusal::not_permitted().into());
    }
    let commit = decided(desk, &before, command, Some(ask.actor)).await??;
    let Some((next, _)) = commit.enrolment.clone() else { return Err(StepError::NotFound) };
    let commit = Commit { idempotency: Some((ask.answer)(&next)), ..commit };
    match desk.store.commit(commit).await {
        Ok(()) => Ok(next),
        Err(CommitError::Answered(record)) => Err(StepError::Answered(record)),
        Err(CommitError::Outage(outage)) => Err(outage.into()),
        Err(
            CommitError::Version
            | CommitError::Task
            | CommitError::Upload
            | CommitError::Consumed
            | CommitError::Ticket
            | CommitError::Code
            | CommitError::Unit
            | CommitError::UserName
            | CommitError::Mobile,
        ) => {
            let now = readable(desk, ask.actor, ask.enrolment).await?.ok_or(StepError::NotFound)?;
            Err(StepError::Changed { current: now.version })
        }
    }
}

/// What became of a fact the platform recorded.
#[derive(Debug)]
pub enum Recorded {
    /// It is recorded; the enrolment after it.
    Done(Box<Enrolment>),
    /// It was recorded before.
    Duplicate,
    /// The enrolment has moved on, or the rules do not allow it: a fact to log, not an outage.
    Refused(Refusal),
}

/// What goes into the transaction beside the fact.
#[derive(Default)]
pub struct Beside {
    /// The message whose effect the fact is.
    pub consumed: Option<Consumed>,
    /// The upload whose final state goes with it.
    pub upload: Option<Upload>,
    /// What became of messages.
    pub records: Vec<RecordChange>,
}

/// Records a fact of the platform, starting over when somebody else changed the enrolment in between.
pub async fn record(
    desk: &Desk,
    id: &EnrolmentId,
    beside: Beside,
    command: impl Fn(&Enrolment) -> Result<Command, Refusal> + Send + Sync,
) -> Result<Recorded, Outage> {
    for _ in 0..RECORD_ATTEMPTS_MAX {
        let Some(before) = desk.store.enrolment(id, &Scope::Platform).await? else {
            return Ok(Recorded::Refused(Refusal::conflict("NO_SUCH_ENROLMENT", "没有这张参保单")));
        };
        let built = match command(&before) {
            Ok(built) => built,
            Err(refusal) => return Ok(refused(refusal)),
        };
        let commit = match decided(desk, &before, built, None).await? {
            Ok(commit) => commit,
            Err(refusal) => return Ok(refused(refusal)),
        };
        let next = commit.enrolment.as_ref().map(|(next, _)| next.clone());
        let commit = Commit { consumed: beside.consumed.clone(), upload: beside.upload.clone(), ..commit };
        let commit = Commit { records: beside.records.clone(), ..commit };
        match (desk.store.commit(commit).await, next) {
            (Ok(()), Some(next)) => return Ok(Recorded::Done(Box::new(next))),
            (Ok(()), None) | (Err(CommitError::Consumed | CommitError::Upload | CommitError::Answered(_)), _) => {
                return Ok(Recorded::Duplicate);
            }
            (
                Err(
                    CommitError::Version
                    | CommitError::Task
                    | CommitError::Ticket
                    | CommitError::Code
                    | CommitError::Unit
                    | CommitError::UserName
                    | CommitError::Mobile,
                ),
                _,
            ) => {}
            (Err(CommitError::Outage(outage)), _) => return Err(outage),
        }
    }
    Err(Outage::new("record", "the enrolment kept changing"))
}

fn refused(refusal: Refusal) -> Recorded {
    if matches!(refusal.code, "ALREADY_RECORDED" | "ALREADY_BEGUN") {
        return Recorded::Duplicate;
    }
    Recorded::Refused(refusal)
}

/// Decides a command with what it may know: the open task and the office's settings.
pub(crate) async fn decided(
    desk: &Desk,
    before: &Enrolment,
    command: Command,
    actor: Option<&Actor>,
) -> Result<Result<Commit, Refusal>, Outage> {
    let (task, office) = futures::future::try_join(open_task(desk, before), office_of(desk, before)).await?;
    let now = desk.clock.now();
    let context = Context { actor, now, today: crate::ports::business_date(now), office: &office, task: task.as_ref() };
    Ok(decide(before, command, &context).map(|decision| Commit::of(decision, before.version)))
}

/// The enrolment, if it lies in the actor's data scope or its open task was handed to the actor by dispatch. Everything
/// a person reads of an enrolment goes through here.
pub async fn readable(desk: &Desk, actor: &Actor, id: &EnrolmentId) -> Result<Option<Enrolment>, Outage> {
    if let Some(e) = desk.store.enrolment(id, &Scope::of(actor)).await? {
        return Ok(Some(e));
    }
    let Some(e) = desk.store.enrolment(id, &Scope::Platform).await? else { return Ok(None) };
    let task = open_task(desk, &e).await?;
    Ok(task.is_some_and(|task| task.handed_to(&actor.account)).then_some(e))
}

async fn open_task(desk: &Desk, e: &Enrolment) -> Result<Option<Task>, Outage> {
    match &e.task {
        Some(id) => desk.store.task(id, &Scope::Platform).await,
        None => Ok(None),
    }
}

/// Settings of the enrolment's office.
pub async fn office_of(desk: &Desk, e: &Enrolment) -> Result<OfficeSettings, Outage> {
    let node = desk.store.node(&e.unit.office).await?;
    node.and_then(|node| node.settings).ok_or_else(|| Outage::new("read-office", "the office has no settings"))
}
