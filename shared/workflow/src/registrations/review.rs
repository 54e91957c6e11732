//! Concluding the review of an application. Approval makes the unit, its handler's account and the link to set a password
//! in one commit with the conclusion.

use domain::account::{Account, Actor, Role};
use domain::ids::{AccountId, RegistrationId, UnitId};
use domain::organisation::Unit;
use domain::registration::{By, Command, Context, Registration, decide};
use domain::trail::{Topic, TrailEntry};
use domain::unit::{Contact, UnitRecord};

use super::{Answering, Registry};
use crate::accounts::{self, NewAccount};
use crate::commit::{CodeChange, Commit, CommitError, UnitWrite};
use crate::contacts;
use crate::desk::StepError;
use crate::ports::CodeHolder;
use crate::scope::Scope;

/// A conclusion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conclusion {
    /// 通过, with an opinion.
    Approve(String),
    /// 退回, with the reason.
    Reject(String),
}

/// Concludes the review of the version seen, of an application whose task the actor has.
pub async fn review(
    registry: &Registry<'_>,
    actor: &Actor,
    id: &RegistrationId,
    version: u64,
    conclusion: Conclusion,
    answer: Answering<'_>,
) -> Result<Registration, StepError> {
    let seen = registry.readable(actor, id).await?.ok_or(StepError::NotFound)?;
    let before = seen.registration;
    if before.version != version {
        return Err(StepError::Changed { current: before.version });
    }
    let now = registry.desk.clock.now();
    // A conclusion opens no task, so nothing becomes overdue.
    let context = Context { by: By::Account(actor), now, due_at: now, task: seen.task.as_ref() };
    let code = before.form.unit.code.clone();
    let holder = CodeHolder::Registration(id.clone());
    let outcome = match conclusion {
        Conclusion::Reject(reason) => {
            let decision = decide(&before, Command::Reject { reason }, &context)?;
            let next = decision.registration.clone();
            let commit = Commit {
                registration: Some((next.clone(), version)),
                trail: decision.trail,
                tasks: decision.tasks,
                messages: decision.messages,
                codes: vec![CodeChange::Release { code, by: holder }],
                idempotency: Some(answer(&next)),
                ..Commit::default()
            };
            registry.desk.store.commit(commit).await.map(|()| next)
        }
        Conclusion::Approve(opinion) => {
            let unit = UnitId::from_ulid(registry.desk.ids.ulid());
            let account = AccountId::from_ulid(registry.desk.ids.ulid());
            let decision = decide(&before, Command::Approve { unit: unit.clone(), opinion }, &context)?;
            let next = decision.registration.clone();
            let facts = registry.contact(&next)?;
            let contact = contacts::seal(registry.cipher, &contacts::account_place(&account), &facts)?;
            let unit = founded(&next, unit, Contact { account: account.clone(), contact, active: true });
            let new = NewAccount {
                name: facts.name.as_str(),
                mobile: facts.mobile.as_str(),
                roles: vec![Role::UnitHandler],
                node: unit.path.clone(),
                unit: Some(unit.id.clone()),
            };
            let to = CodeHolder::Unit(unit.id.clone());
            let step = |_: &Account| Commit {
                registration: Some((next.clone(), version)),
                trail: decision.trail.iter().cloned().chain([registered(&unit, actor, &next)]).collect(),
                tasks: decision.tasks.clone(),
                messages: decision.messages.clone(),
                units: vec![UnitWrite { before: None, after: Box::new(unit.clone()) }],
                codes: vec![CodeChange::Pass { code: code.clone(), from: holder.clone(), to: to.clone() }],
                idempotency: Some(answer(&next)),
                ..Commit::default()
            };
            accounts::open(registry.desk, registry.cipher, account, &new, step).await.map(|_| next.clone())
        }
    };
    match outcome {
        Ok(next) => Ok(next),
        Err(CommitError::Answered(record)) => Err(StepError::Answered(record)),
        Err(CommitError::Outage(outage)) => Err(outage.into()),
        Err(_) => {
            let now = registry.desk.store.registration(id, &Scope::Platform).await?;
            Err(now.map_or(StepError::NotFound, |now| StepError::Changed { current: now.version }))
        }
    }
}

/// The unit of an approved application.
fn founded(registration: &Registration, id: UnitId, contact: Contact) -> Unit {
    let form = &registration.form;
    let facts = form.unit.clone();
    Unit {
        path: form.agency.path.unit(&id),
        id,
        name: facts.name,
        code: facts.code,
        union_name: facts.union_name,
        address: facts.address,
        office_code: form.agency.office_code,
        handler: contact.account.clone(),
        active: true,
        restricted: false,
        version: 1,
        classified: false,
        merged_into: None,
        moving: false,
        record: UnitRecord {
            nature: Some(facts.nature),
            certificate_type: Some(facts.certificate_type),
            certificate_valid_until: facts.certificate_valid_until,
            union_code: facts.union_code,
            industry: facts.industry,
            parent_unit: facts.parent_unit,
            region: Some(facts.region),
            contacts: vec![contact],
            images: Some(form.images.clone()),
        },
    }
}

fn registered(unit: &Unit, actor: &Actor, registration: &Registration) -> TrailEntry {
    TrailEntry {
        topic: Topic::unit(unit),
        version: unit.version,
        n: 0,
        at: registration.state_since,
        account: Some(actor.account.clone()),
        actor_name: actor.name.clone(),
        action: "register".to_owned(),
        from: String::new(),
        to: "active".to_owned(),
        note: "注册申请审核通过".to_owned(),
        duration_ms: 0,
    }
}
