//! The machine over every (state × command × role), and what single steps promise.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fmt::Write as _;

use jiff::Timestamp;

use super::*;
use crate::account::Role;
use crate::ids::UploadId;
use crate::message::Message;
use crate::task::{Level, TaskChange};
use crate::unit::{CertificateType, Nature, Region, StoredImage};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

fn actor(role: Role) -> Actor {
    let name = serde_json::to_value(role).unwrap().as_str().unwrap().to_owned();
    let node = NodePath::try_from("/hq/2602/baoji/qishan/".to_owned()).unwrap();
    Actor { account: AccountId::parse(&name).unwrap(), name, roles: vec![role], node, unit: None }
}

fn form() -> Form {
    let image =
        |id| StoredImage { upload: UploadId::parse(id).unwrap(), key: format!("unit-papers/{id}"), thumbnail: None };
    Form {
        agency: OwningAgency {
            id: NodeId::parse("qishan").unwrap(),
            name: "岐山县总工会".to_owned(),
            path: NodePath::try_from("/hq/2602/baoji/qishan/".to_owned()).unwrap(),
            office: NodeId::parse("2602").unwrap(),
            office_code: OfficeCode::parse("2602").unwrap(),
        },
        unit: UnitFacts {
            name: "岐山县第二机械厂".to_owned(),
            nature: Nature::StateOwned,
            certificate_type: CertificateType::BusinessLicence,
            certificate_valid_until: None,
            code: "91370211MA3ABCDE1K".to_owned(),
            union_name: "岐山县第二机械厂工会委员会".to_owned(),
            union_code: "81370200MC7654321U".to_owned(),
            industry: String::new(),
            parent_unit: String::new(),
            region: Region { province: "陕西省".into(), city: "宝鸡市".into(), county: "岐山县".into() },
            address: "人民路2号".to_owned(),
        },
        contact: SealedContact {
            name: "李四".to_owned(),
            position: String::new(),
            masked_mobile: "138****5678".to_owned(),
            name_index: "00".to_owned(),
            mobile_index: "11".to_owned(),
            sealed: "c2VhbGVk".to_owned(),
        },
        images: UnitImages { unit_certificate: image("U1"), union_certificate: image("U2") },
    }
}

fn context<'a>(by: By<'a>, task: Option<&'a Task>) -> Context<'a> {
    Context { by, now: NOW, due_at: NOW, task }
}

fn new() -> NewRegistration {
    let id = RegistrationId::parse("R1").unwrap();
    NewRegistration { id, form: form(), request_hash: "request".to_owned(), token_hash: "token".to_owned() }
}

/// An application with its task.
struct Application {
    registration: Registration,
    task: Option<Task>,
}

impl Application {
    fn submitted() -> Self {
        let decision = submit(new(), &context(By::Applicant("李四"), None)).unwrap();
        let mut application = Self { registration: decision.registration.clone(), task: None };
        application.take(decision);
        application
    }

    /// An application in a state; a task in progress is held by `holder`.
    fn to(state: State, holder: &Actor) -> Self {
        let mut application = Self::submitted();
        if state != State::Submitted {
            application.acquire(holder);
        }
        match state {
            State::Submitted | State::InReview => {}
            State::Approved => application.act(By::Account(holder), approve()),
            State::Rejected => application.act(By::Account(holder), reject()),
        }
        application
    }

    fn acquire(&mut self, holder: &Actor) {
        let (owner, owner_name) = (holder.account.clone(), holder.name.clone());
        self.task.as_mut().unwrap().state = TaskState::InProgress { owner, owner_name, since: NOW, handed_by: None };
    }

    fn attempt(&self, by: By<'_>, command: Command) -> Result<Decision, Refusal> {
        decide(&self.registration, command, &context(by, self.task.as_ref()))
    }

    fn take(&mut self, decision: Decision) {
        for change in decision.tasks {
            self.task = match change {
                TaskChange::Open(task) => Some(task),
                TaskChange::Close { .. } | TaskChange::Hand { .. } | TaskChange::Cancel { .. } => None,
            };
        }
        self.registration = decision.registration;
    }

    fn act(&mut self, by: By<'_>, command: Command) {
        let decision = self.attempt(by, command).unwrap();
        self.take(decision);
    }

    fn state(&self) -> State {
        self.registration.state(self.task.as_ref())
    }
}

fn approve() -> Command {
    Command::Approve { unit: UnitId::parse("u-1").unwrap(), opinion: "属实".to_owned() }
}

fn reject() -> Command {
    Command::Reject { reason: "证件照片不清晰".to_owned() }
}

fn resubmit() -> Command {
    Command::Resubmit(Box::new(form()))
}

/// The walk: for every state and command, who may and where it leads. Its snapshot is the table in ARCHITECTURE.md.
/// Submitting has no state before it, and acquiring is the pool's, which asks for the same permission.
#[test]
fn every_state_command_and_role() {
    let mut table = String::from("| state | command | who | to |\n| --- | --- | --- | --- |\n");
    let everybody = || Role::ALL.into_iter().map(|role| Some(actor(role))).chain([None]);
    let name = |by: &Option<Actor>| by.as_ref().map_or_else(|| "applicant".to_owned(), |actor| actor.name.clone());
    let as_by = |by: &Option<Actor>| -> By<'static> {
        // The walk outlives its actors.
        match by {
            Some(actor) => By::Account(Box::leak(Box::new(actor.clone()))),
            None => By::Applicant("李四"),
        }
    };
    let mut row = |from: &str, command: &str, who: Vec<String>, to: State| {
        if !who.is_empty() {
            writeln!(table, "| {from} | {command} | {} | {} |", who.join(", "), to.as_str()).unwrap();
        }
    };
    let submitters = everybody().filter(|by| submit(new(), &context(as_by(by), None)).is_ok());
    row("–", "submit", submitters.map(|by| name(&by)).collect(), State::Submitted);
    let workers = everybody()
        .filter(|by| by.as_ref().is_some_and(|a| a.may(crate::account::Permission::Work(Level::Registration))));
    row("submitted", "acquire", workers.map(|by| name(&by)).collect(), State::InReview);
    for state in State::ALL {
        for command in [approve(), reject(), resubmit()] {
            let mut who = Vec::new();
            let mut to = None;
            for by in everybody() {
                // Whoever may work the task has it.
                let holder =
                    by.clone().filter(|a| a.roles == [Role::Registrar]).unwrap_or_else(|| actor(Role::Registrar));
                let application = Application::to(state, &holder);
                assert_eq!(application.state(), state);
                match application.attempt(as_by(&by), command.clone()) {
                    Ok(decision) => {
                        assert_eq!(decision.registration.version, application.registration.version + 1);
                        assert_eq!(decision.trail.len(), 1);
                        to = Some(decision.registration.stored_state);
                        who.push(name(&by));
                    }
                    Err(refusal) => assert!(["NOT_PERMITTED", "WRONG_STATE"].contains(&refusal.code), "{refusal:?}"),
                }
            }
            if let Some(to) = to {
                row(state.as_str(), command.name(), who, to);
            }
        }
    }
    insta::assert_snapshot!("walk", table);
}

#[test]
fn a_rejection_tells_why_and_the_same_application_comes_again() {
    let registrar = actor(Role::Registrar);
    let mut application = Application::to(State::InReview, &registrar);
    let decision = application.attempt(By::Account(&registrar), reject()).unwrap();
    let expected = Message::RegistrationRejected { registration: application.registration.id.clone(), review: 0 };
    assert_eq!(decision.messages.iter().map(|m| &m.message).collect::<Vec<_>>(), [&expected]);
    application.take(decision);
    assert_eq!(application.registration.rejection(), Some("证件照片不清晰"));
    application.act(By::Applicant("李四"), resubmit());
    assert_eq!((application.state(), application.registration.rejection()), (State::Submitted, None));
    assert_eq!(application.task.as_ref().unwrap().id.as_str(), "R1-registration-3", "a new round, a new task");
    application.acquire(&registrar);
    application.act(By::Account(&registrar), approve());
    assert_eq!(application.registration.unit, UnitId::parse("u-1").ok());
    assert_eq!(application.registration.reviews.len(), 2);
}

#[test]
fn nobody_reviews_what_they_entered_or_what_another_has() {
    let registrar = actor(Role::Registrar);
    let decision = submit(new(), &context(By::Account(&registrar), None)).unwrap();
    let mut application = Application { registration: decision.registration.clone(), task: None };
    application.take(decision);
    application.acquire(&registrar);
    assert_eq!(application.attempt(By::Account(&registrar), approve()).unwrap_err().code, "SEPARATION_ENTERED");
    let other = Actor { account: AccountId::parse("other").unwrap(), ..registrar.clone() };
    assert_eq!(application.attempt(By::Account(&other), approve()).unwrap_err().code, "TASK_HELD_BY_ANOTHER");
    application.acquire(&other);
    assert!(application.attempt(By::Account(&other), approve()).is_ok());
}

#[test]
fn a_reason_is_required_and_not_too_long() {
    let registrar = actor(Role::Registrar);
    let application = Application::to(State::InReview, &registrar);
    for (reason, code) in [(" ".to_owned(), "TEXT_MISSING"), ("长".repeat(201), "TEXT_TOO_LONG")] {
        let refusal = application.attempt(By::Account(&registrar), Command::Reject { reason }).unwrap_err();
        assert_eq!((refusal.problems[0].at.as_str(), refusal.problems[0].code.as_str()), ("/reason", code));
    }
}
