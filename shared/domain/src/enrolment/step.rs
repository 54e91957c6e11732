//! One step of an enrolment while it is being decided: the next state and everything that goes with it.

use jiff::{Timestamp, civil::Date};

use super::{Conclusion, Enrolment, OPINIONS_MAX, Opinion, State};
use crate::account::Actor;
use crate::ids::{MessageId, TaskId};
use crate::ledger::{LedgerEntry, LedgerEvent, Posting, balance};
use crate::message::{Message, Outgoing, Scheduled, TextTemplate};
use crate::organisation::OfficeSettings;
use crate::payment::PaymentRecord;
use crate::refusal::{Problem, Refusal};
use crate::task::{Level, Subject, Task, TaskChange, TaskState};
use crate::trail::{Topic, TrailEntry};

/// Longest opinion, reason or note, in characters.
pub const OPINION_CHARACTERS_MAX: usize = 200;

/// What a decision may know besides the enrolment.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// Who asks; none for the platform itself.
    pub actor: Option<&'a Actor>,
    /// Now.
    pub now: Timestamp,
    /// Today's business date, in Asia/Shanghai.
    pub today: Date,
    /// Settings of the unit's office.
    pub office: &'a OfficeSettings,
    /// The enrolment's open task, as it stands.
    pub task: Option<&'a Task>,
}

/// What a step changes: all of it is written in one transaction, or none.
#[derive(Debug, Clone, PartialEq)]
pub struct Decision {
    /// The enrolment after the step, one version up.
    pub enrolment: Enrolment,
    /// Trail entries.
    pub trail: Vec<TrailEntry>,
    /// Ledger entries.
    pub ledger: Vec<LedgerEntry>,
    /// The payment that was confirmed.
    pub payment: Option<PaymentRecord>,
    /// Tasks opened and closed.
    pub tasks: Vec<TaskChange>,
    /// Messages that go out now.
    pub messages: Vec<Outgoing>,
    /// Messages that go out on a later day.
    pub scheduled: Vec<Scheduled>,
}

/// The step while it is being decided.
pub(super) struct Step<'a> {
    before: &'a Enrolment,
    pub next: Enrolment,
    pub context: &'a Context<'a>,
    note: String,
    ledger: Vec<LedgerEntry>,
    payment: Option<PaymentRecord>,
    tasks: Vec<TaskChange>,
    messages: Vec<Outgoing>,
    scheduled: Vec<Scheduled>,
}

impl<'a> Step<'a> {
    pub fn new(before: &'a Enrolment, context: &'a Context<'a>) -> Self {
        let mut next = before.clone();
        next.version = before.version.saturating_add(1);
        Self {
            before,
            next,
            context,
            note: String::new(),
            ledger: Vec::new(),
            payment: None,
            tasks: Vec::new(),
            messages: Vec::new(),
            scheduled: Vec::new(),
        }
    }

    /// What the trail says beside the action.
    pub fn note(&mut self, note: impl Into<String>) {
        self.note = note.into();
    }

    /// Moves to a state; closes the task of the old level, opens the one of the new.
    pub fn go(&mut self, to: State) {
        self.next.state = to;
        self.next.state_since = self.context.now;
        if let Some(id) = self.next.task.take() {
            let held_by = self.context.task.and_then(Task::owner).cloned();
            let worked = held_by.as_ref() == self.context.actor.map(|a| &a.account);
            self.tasks.push(match held_by {
                Some(owner) if worked => TaskChange::Close { id, held_by: Some(owner) },
                _ => TaskChange::Cancel { id },
            });
        }
        if let Some(level) = to.level().filter(|level| *level != Level::Archive) {
            self.open_task(level);
        }
    }

    /// Ends a task whoever has it.
    pub fn cancel_task(&mut self, id: TaskId) {
        self.tasks.push(TaskChange::Cancel { id });
    }

    /// Opens the task of a level.
    pub fn open_task(&mut self, level: Level) {
        let round = u32::try_from(self.next.version).unwrap_or(u32::MAX);
        let id = TaskId::of(self.next.id.as_str(), level.as_str(), round);
        self.next.task = Some(id.clone());
        self.tasks.push(TaskChange::Open(Task {
            id,
            subject: Subject::Enrolment(self.next.id.clone()),
            level,
            state: TaskState::Pending,
            path: self.next.unit.path.clone(),
            application_number: self.next.application_number.clone(),
            unit_name: self.next.unit.name.clone(),
            queued_at: self.context.now,
            due_at: self.context.office.review_due(level, self.context.today),
        }));
    }

    /// Records an opinion; answers its place, which messages quote it by.
    pub fn opine(&mut self, conclusion: Conclusion, text: &str) -> usize {
        if let Some(actor) = self.context.actor {
            self.next.opinions.push(Opinion {
                state: self.before.state,
                by: actor.account.clone(),
                by_name: actor.name.clone(),
                at: self.context.now,
                conclusion,
                text: text.to_owned(),
            });
        }
        self.note(text);
        self.next.opinions.len().saturating_sub(1)
    }

    /// Refuses once the opinions are full; a runaway loop of returns ends here, not in an oversized item.
    pub fn room_for_opinion(&self) -> Result<(), Refusal> {
        if self.before.opinions.len() < OPINIONS_MAX {
            return Ok(());
        }
        Err(Refusal::conflict("TOO_MANY_RETURNS", "该参保单退回次数过多，请撤销后重新录入"))
    }

    /// Sends a message; answers its identity.
    pub fn send(&mut self, message: Message) -> MessageId {
        let id = self.message_id();
        self.messages.push(Outgoing { id: id.clone(), message });
        id
    }

    /// Sends on a later day, or now if that day is today.
    pub fn send_on(&mut self, on: Date, message: Message) {
        if on <= self.context.today {
            self.send(message);
            return;
        }
        let outgoing = Outgoing { id: self.message_id(), message };
        self.scheduled.push(Scheduled { on, outgoing });
    }

    pub fn text(&mut self, template: TextTemplate, opinion: Option<usize>) {
        let (account, enrolment) = (self.next.handler.clone(), self.next.id.clone());
        self.send(Message::Text { template, account, enrolment, opinion });
    }

    fn message_id(&self) -> MessageId {
        let n = self.messages.len() + self.scheduled.len();
        MessageId::of(self.next.id.as_str(), self.next.version, n)
    }

    /// Posts one balanced ledger entry.
    pub fn post(&mut self, event: LedgerEvent, postings: Vec<Posting>) -> Result<(), Refusal> {
        let postings =
            balance(postings).map_err(|_| Refusal::conflict("LEDGER_UNBALANCED", "账务金额不平，请联系平台管理员"))?;
        self.ledger.push(LedgerEntry {
            subject: self.next.id.to_string(),
            version: self.next.version,
            n: self.ledger.len(),
            event,
            at: self.context.now,
            day: self.context.today,
            path: self.next.unit.path.clone(),
            application_number: self.next.application_number.clone(),
            unit_name: self.next.unit.name.clone(),
            postings,
        });
        Ok(())
    }

    /// Records a payment for those who look payments up.
    pub fn record_payment(&mut self, payment: PaymentRecord) {
        self.payment = Some(payment);
    }

    pub fn finish(self, action: &str) -> Decision {
        let actor = self.context.actor;
        let waited = self.context.now.duration_since(self.before.state_since);
        let entry = TrailEntry {
            topic: Topic::enrolment(&self.next),
            version: self.next.version,
            n: 0,
            at: self.context.now,
            account: actor.map(|a| a.account.clone()),
            actor_name: actor.map_or_else(|| "系统".to_owned(), |a| a.name.clone()),
            action: action.to_owned(),
            from: self.before.state.as_str().to_owned(),
            to: self.next.state.as_str().to_owned(),
            note: self.note,
            duration_ms: i64::try_from(waited.as_millis()).unwrap_or(i64::MAX),
        };
        Decision {
            enrolment: self.next,
            trail: vec![entry],
            ledger: self.ledger,
            payment: self.payment,
            tasks: self.tasks,
            messages: self.messages,
            scheduled: self.scheduled,
        }
    }
}

/// Checks a free text: not too long, and given where it is required.
pub(super) fn check_text(at: &str, text: &str, required: bool, characters_max: usize) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    if required && text.trim().is_empty() {
        problems.push(Problem::new(at, "TEXT_MISSING", "请填写原因"));
    }
    if text.chars().count() > characters_max {
        problems.push(Problem::new(at, "TEXT_TOO_LONG", format!("最多{characters_max}个字")));
    }
    Refusal::unless_none(problems)
}
