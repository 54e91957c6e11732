//! The state machine of an application: one `match` over (state, command). What is not in it is refused.

use jiff::Timestamp;

use super::{By, Form, OPINION_CHARACTERS_MAX, REVIEWS_MAX, Registration, Review, State};
use crate::account::Permission;
use crate::ids::{MessageId, RegistrationId, TaskId, UnitId};
use crate::message::{Message, Outgoing};
use crate::refusal::{Problem, Refusal};
use crate::task::{Level, Subject, Task, TaskChange, TaskState};
use crate::trail::{Topic, TrailEntry};

/// What can be asked of an application.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Approve: the unit and its handler's account come to be in the same commit.
    Approve {
        /// The unit's new identifier.
        unit: UnitId,
        /// Opinion, at most 200 characters.
        opinion: String,
    },
    /// Reject; the contact gets the reason with a link to correct the application.
    Reject {
        /// Why; required, at most 200 characters.
        reason: String,
    },
    /// Submit again, corrected.
    Resubmit(Box<Form>),
}

impl Command {
    /// The command's name in trails.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Approve { .. } => "approve",
            Self::Reject { .. } => "reject",
            Self::Resubmit(_) => "resubmit",
        }
    }
}

/// What a decision may know besides the application.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Who asks.
    pub by: By<'a>,
    /// Now.
    pub now: Timestamp,
    /// When a task that enters the pool now becomes overdue.
    pub due_at: Timestamp,
    /// The open task, as it stands.
    pub task: Option<&'a Task>,
}

/// What a step changes: all of it is written in one transaction, or none.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The application after the step, one version up.
    pub registration: Registration,
    /// Trail entries.
    pub trail: Vec<TrailEntry>,
    /// Tasks opened and closed.
    pub tasks: Vec<TaskChange>,
    /// Messages that go out now.
    pub messages: Vec<Outgoing>,
}

/// A new application.
#[derive(Debug, Clone)]
pub struct NewRegistration {
    /// Its identifier.
    pub id: RegistrationId,
    /// What the form says.
    pub form: Form,
    /// Keyed hash of the request.
    pub request_hash: String,
    /// SHA-256 of the applicant's token.
    pub token_hash: String,
}

/// Submits an application: by the applicant, or by a registrar on the unit's behalf, whose scope the caller has checked.
///
/// # Errors
/// `NOT_PERMITTED` for an account that is no registrar's.
pub fn submit(new: NewRegistration, context: &Context<'_>) -> Result<Decision, Refusal> {
    let entered_by = match context.by {
        By::Applicant(_) => Vec::new(),
        By::Account(actor) if actor.may(Permission::ManageUnits) => vec![actor.account.clone()],
        By::Account(_) => return Err(Refusal::not_permitted()),
    };
    let NewRegistration { id, form, request_hash, token_hash } = new;
    let mut registration = Registration {
        id,
        version: 1,
        stored_state: State::Submitted,
        state_since: context.now,
        created_at: context.now,
        form,
        entered_by,
        request_hash,
        token_hash,
        task: None,
        reviews: Vec::new(),
        unit: None,
    };
    let opened = open_task(&mut registration, context);
    let entry = entry(&registration, &registration, "submit", String::new(), context);
    // The applicant keeps the link: where the application stands is read with it, before and after the review.
    let message = Message::RegistrationLink { registration: registration.id.clone() };
    let messages = vec![outgoing(&registration, message)];
    Ok(Decision { registration, trail: vec![entry], tasks: vec![opened], messages })
}

/// Decides a command: what it changes, or why it is refused. Pure and total.
///
/// The caller has checked that the application lies in the account's data scope, or that the link is the applicant's.
///
/// # Errors
/// Why it is refused.
pub fn decide(before: &Registration, command: Command, context: &Context<'_>) -> Result<Decision, Refusal> {
    permitted(&command, context)?;
    let name = command.name();
    let mut next = before.clone();
    next.version = before.version.saturating_add(1);
    let (tasks, messages, note) = match (before.state(context.task), command) {
        (State::InReview, Command::Approve { unit, opinion }) => {
            let (account, closed) = conclude(before, context)?;
            check_text("/opinion", &opinion, false)?;
            next.stored_state = State::Approved;
            next.unit = Some(unit);
            next.task = None;
            next.reviews.push(review(account, context.now, true, &opinion));
            (vec![closed], Vec::new(), opinion)
        }
        (State::InReview, Command::Reject { reason }) => {
            let (account, closed) = conclude(before, context)?;
            check_text("/reason", &reason, true)?;
            if before.reviews.len() >= REVIEWS_MAX {
                let text = "该申请退回次数过多，请联系申请单位重新提交一份申请";
                return Err(Refusal::conflict("TOO_MANY_RETURNS", text));
            }
            next.stored_state = State::Rejected;
            next.task = None;
            next.reviews.push(review(account, context.now, false, &reason));
            let message =
                Message::RegistrationRejected { registration: next.id.clone(), review: next.reviews.len() - 1 };
            (vec![closed], vec![outgoing(&next, message)], reason)
        }
        (State::Rejected, Command::Resubmit(form)) => {
            next.form = *form;
            next.stored_state = State::Submitted;
            if let By::Account(actor) = context.by
                && !next.entered_by.contains(&actor.account)
            {
                next.entered_by.push(actor.account.clone());
            }
            (vec![open_task(&mut next, context)], Vec::new(), String::new())
        }
        (state, _) => return Err(wrong_state(state)),
    };
    next.state_since = context.now;
    let entry = entry(before, &next, name, note, context);
    Ok(Decision { registration: next, trail: vec![entry], tasks, messages })
}

fn permitted(command: &Command, context: &Context<'_>) -> Result<(), Refusal> {
    let needed = match command {
        Command::Approve { .. } | Command::Reject { .. } => Permission::Work(Level::Registration),
        Command::Resubmit(_) => Permission::ManageUnits,
    };
    match (context.by, command) {
        (By::Account(actor), _) if actor.may(needed) => Ok(()),
        (By::Applicant(_), Command::Resubmit(_)) => Ok(()),
        _ => Err(Refusal::not_permitted()),
    }
}

/// The account that may conclude, and its task closed.
fn conclude<'a>(
    before: &Registration,
    context: &Context<'a>,
) -> Result<(&'a crate::account::Actor, TaskChange), Refusal> {
    let By::Account(actor) = context.by else { return Err(Refusal::not_permitted()) };
    let Some(task) = context.task else { return Err(wrong_state(before.stored_state)) };
    match &task.state {
        TaskState::InProgress { owner, .. } if *owner == actor.account => {}
        TaskState::InProgress { owner_name, .. } => {
            return Err(Refusal::conflict("TASK_HELD_BY_ANOTHER", format!("该任务正由{owner_name}处理")));
        }
        TaskState::Pending | TaskState::Done => return Err(wrong_state(State::Submitted)),
    }
    before.separation_of_duties(&actor.account)?;
    Ok((actor, TaskChange::Close { id: task.id.clone(), held_by: Some(actor.account.clone()) }))
}

fn review(actor: &crate::account::Actor, at: Timestamp, approved: bool, text: &str) -> Review {
    Review { by: actor.account.clone(), by_name: actor.name.clone(), at, approved, text: text.trim().to_owned() }
}

fn open_task(registration: &mut Registration, context: &Context<'_>) -> TaskChange {
    let round = u32::try_from(registration.version).unwrap_or(u32::MAX);
    let id = TaskId::of(registration.id.as_str(), Level::Registration.as_str(), round);
    registration.task = Some(id.clone());
    TaskChange::Open(Task {
        id,
        subject: Subject::Registration(registration.id.clone()),
        level: Level::Registration,
        state: TaskState::Pending,
        path: registration.form.agency.path.clone(),
        application_number: registration.form.unit.code.clone(),
        unit_name: registration.form.unit.name.clone().into(),
        queued_at: context.now,
        due_at: context.due_at,
    })
}

fn outgoing(registration: &Registration, message: Message) -> Outgoing {
    Outgoing { id: MessageId::of(registration.id.as_str(), registration.version, 0), message }
}

fn entry(before: &Registration, next: &Registration, action: &str, note: String, context: &Context<'_>) -> TrailEntry {
    let (account, actor_name) = match context.by {
        By::Account(actor) => (Some(actor.account.clone()), actor.name.clone()),
        By::Applicant(name) => (None, name.to_owned()),
    };
    TrailEntry {
        topic: Topic::registration(next),
        version: next.version,
        n: 0,
        at: context.now,
        account,
        actor_name,
        action: action.to_owned(),
        from: before.state(context.task).as_str().to_owned(),
        to: next.stored_state.as_str().to_owned(),
        note,
        duration_ms: i64::try_from(context.now.duration_since(before.state_since).as_millis()).unwrap_or(i64::MAX),
    }
}

fn check_text(at: &str, text: &str, required: bool) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    if required && text.trim().is_empty() {
        problems.push(Problem::new(at, "TEXT_MISSING", "请填写原因"));
    }
    if text.chars().count() > OPINION_CHARACTERS_MAX {
        problems.push(Problem::new(at, "TEXT_TOO_LONG", format!("最多{OPINION_CHARACTERS_MAX}个字")));
    }
    Refusal::unless_none(problems)
}

fn wrong_state(state: State) -> Refusal {
    let text = match state {
        State::Submitted => "该注册申请尚未被获取，请先获取任务".to_owned(),
        _ => format!("该注册申请处于“{}”状态，不能进行此项操作", state.chinese()),
    };
    Refusal::conflict("WRONG_STATE", text)
}
