//! Opening an enrolment, and what reviewers are told when it is completed.

use domain::account::Actor;
use domain::enrolment::{Enrolment, NewEnrolment, create};
use domain::ids::{EnrolmentId, NodeId, UnitId};
use domain::number::NumberKind;
use domain::organisation::Unit;
use domain::refusal::{Problem, Refusal};
use domain::trail::{Topic, TrailEntry};

use crate::commit::{Commit, CommitError};
use crate::desk::{Answering, Desk, StepError};
use crate::numbers;
use crate::ports::Outage;
use crate::scope::Scope;

/// Opens an enrolment of the actor's own unit, or of a unit in the actor's scope on its behalf.
pub async fn open(
    desk: &Desk,
    actor: &Actor,
    unit: Option<&UnitId>,
    answer: Answering<'_>,
) -> Result<Enrolment, StepError> {
    let Some(unit) = unit.or(actor.unit.as_ref()) else {
        return Err(Refusal::invalid(vec![Problem::new("/unit", "UNIT_MISSING", "请选择参保单位")]).into());
    };
    let unit = desk.store.unit(unit, &Scope::of(actor)).await?.ok_or(StepError::NotFound)?;
    let office = office_of(&unit)?;
    let now = desk.clock.now();
    let application_number = numbers::next(desk, NumberKind::Application, unit.office_code).await?;
    let id = EnrolmentId::from_ulid(desk.ids.ulid());
    let enrolment = create(NewEnrolment { id, application_number, unit: &unit, office, now }, actor)?;
    let commit = Commit {
        idempotency: Some(answer(&enrolment)),
        trail: vec![created(&enrolment, actor)],
        enrolment: Some((enrolment.clone(), 0)),
        // Read a moment ago; a merger may have closed it since.
        open_unit: Some(unit.id.clone()),
        ..Commit::default()
    };
    match desk.store.commit(commit).await {
        Ok(()) => Ok(enrolment),
        Err(CommitError::Answered(record)) => Err(StepError::Answered(record)),
        Err(CommitError::Unit) => Err(Refusal::conflict("UNIT_INACTIVE", "参保单位已停用或已合并，不能参保").into()),
        Err(CommitError::Outage(outage)) => Err(outage.into()),
        Err(other) => Err(Outage::new("open-enrolment", other).into()),
    }
}

/// Node of a unit's office.
pub(crate) fn office_of(unit: &Unit) -> Result<NodeId, Outage> {
    let office = unit.path.lineage().nth(1).and_then(|path| path.trim_matches('/').rsplit('/').next());
    let office = office.and_then(|id| NodeId::parse(id).ok());
    office.ok_or_else(|| Outage::new("read-unit", "the unit belongs to no office"))
}

pub(crate) fn created(e: &Enrolment, actor: &Actor) -> TrailEntry {
    TrailEntry {
        topic: Topic::enrolment(e),
        version: e.version,
        n: 0,
        at: e.created_at,
        account: Some(actor.account.clone()),
        actor_name: actor.name.clone(),
        action: "create".to_owned(),
        from: e.state.as_str().to_owned(),
        to: e.state.as_str().to_owned(),
        note: String::new(),
        duration_ms: 0,
    }
}
