//! Renewals: opened from an earlier enrolment, whose rosters are brought over through the very door that files of clerks
//! come in by, so that every person is checked again by the same rules.

use bytes::Bytes;
use domain::account::Actor;
use domain::enrolment::{Command, Enrolment, ImportBatch, ImportOutcome, NewEnrolment, State, renew};
use domain::ids::{EnrolmentId, MessageId, UploadId};
use domain::message::{Message, Outgoing};
use domain::number::NumberKind;
use domain::refusal::Refusal;
use domain::upload::{Purpose, Upload, UploadState};
use sha2::{Digest, Sha256};

use crate::commit::{Commit, CommitError, Consumed};
use crate::desk::{Answering, Beside, Desk, Recorded, StepError, decided, office_of, record};
use crate::ports::{Bucket, ObjectProblem, Objects, Outage, business_date};
use crate::scope::Scope;
use crate::{enrolments, numbers, references};

/// The consumer's name.
pub const CONSUMER: &str = "renew-roster";
/// How often a renewal is opened anew because the earlier enrolment changed meanwhile.
const TRIES: usize = 5;

/// Opens the renewal of an enrolment in the actor's scope. One commit: the new draft, the mark on the old enrolment, and
/// the messages that bring the rosters over.
pub async fn open(desk: &Desk, actor: &Actor, of: &EnrolmentId, answer: Answering<'_>) -> Result<Enrolment, StepError> {
    for _ in 0..TRIES {
        let scope = Scope::of(actor);
        let old = desk.store.enrolment(of, &scope).await?.ok_or(StepError::NotFound)?;
        let unit = desk.store.unit(&old.unit.id, &scope).await?.ok_or(StepError::NotFound)?;
        let grace_days = office_of(desk, &old).await?.renewal_grace_days;
        let now = desk.clock.now();
        let published = references::plans_on(&*desk.store, business_date(now)).await?;
        let new = NewEnrolment {
            id: EnrolmentId::from_ulid(desk.ids.ulid()),
            application_number: numbers::next(desk, NumberKind::Application, unit.office_code).await?,
            unit: &unit,
            office: enrolments::office_of(&unit)?,
            now,
        };
        let draft = renew(new, &old, &published, (business_date(now), grace_days), actor)?;
        let mark = Command::Renew { by: draft.id.clone(), application_number: draft.application_number.clone() };
        let marked = decided(desk, &old, mark, Some(actor)).await??;
        let mut trail = marked.trail;
        trail.push(enrolments::created(&draft, actor));
        let message = |n| {
            let message = Message::RenewRoster { enrolment: draft.id.clone(), n };
            Outgoing { id: MessageId::of(draft.id.as_str(), draft.version, n), message }
        };
        let commit = Commit {
            idempotency: Some(answer(&draft)),
            enrolment: Some((draft.clone(), 0)),
            renewed: marked.enrolment,
            trail,
            messages: (0..draft.batches.len()).map(message).collect(),
            ..Commit::default()
        };
        match desk.store.commit(commit).await {
            Ok(()) => return Ok(draft),
            Err(CommitError::Answered(record)) => return Err(StepError::Answered(record)),
            Err(CommitError::Version) => {}
            Err(CommitError::Outage(outage)) => return Err(outage.into()),
            Err(other) => return Err(Outage::new("open-renewal", other).into()),
        }
    }
    Err(Outage::new("open-renewal", "the enrolment kept changing").into())
}

/// Puts the workbook of the `n`-th roster where files of clerks arrive; its import begins there. Done twice, the same
/// file is there, and its second event changes nothing.
pub async fn bring_over(
    desk: &Desk,
    objects: &dyn Objects,
    message: &MessageId,
    (enrolment, n): (&EnrolmentId, usize),
) -> Result<Recorded, Outage> {
    let Some(e) = desk.store.enrolment(enrolment, &Scope::Platform).await? else {
        return Ok(refused("NO_SUCH_ENROLMENT", "没有这张参保单"));
    };
    let id = UploadId::of_renewal(&e.id, n);
    let batch = e.batches.iter().find(|batch| batch.upload == id);
    let Some(batch) = batch.filter(|_| e.state == State::Drafting) else {
        return Ok(refused("WRONG_STATE", "参保单不再接受人员清单"));
    };
    let begun = desk.store.upload(&id, &Scope::Platform).await?.is_some_and(|u| u.state != UploadState::Issued);
    if batch.outcome.is_some() || begun {
        return Ok(Recorded::Duplicate);
    }
    let file = match workbook(desk, objects, &e, batch).await? {
        Ok(file) => file,
        Err(text) => return give_up(desk, message, &e, &id, text).await,
    };
    let upload = upload(&e, batch, &file);
    let content_type = upload.purpose.content_type(&upload.file_name).unwrap_or_default();
    desk.store.issue(&upload).await?;
    objects.submit(&upload, file, content_type).await?;
    Ok(Recorded::Done(Box::new(e)))
}

/// The workbook of the roster that a batch brings over, as it was kept with the earlier enrolment.
async fn workbook(
    desk: &Desk,
    objects: &dyn Objects,
    e: &Enrolment,
    batch: &ImportBatch,
) -> Result<Result<Bytes, &'static str>, Outage> {
    let old = match &e.renews {
        Some(renewal) => desk.store.enrolment(&renewal.of, &Scope::Platform).await?,
        None => None,
    };
    let plan = batch.plans.first().map(String::as_str).unwrap_or_default();
    let roster = old.as_ref().and_then(|old| old.line(plan)).and_then(|line| line.roster.as_ref());
    let Some(roster) = roster else { return Ok(Err("原参保单没有该保障活动的人员清单")) };
    match objects.get(Bucket::Documents, &roster.workbook, Purpose::Roster.size_max()).await {
        Ok(file) => Ok(Ok(file)),
        Err(ObjectProblem::TooLarge) => Ok(Err("原人员清单超过导入文件的大小限制，请分批导入")),
        Err(ObjectProblem::Missing) => Ok(Err("原人员清单已不存在，请重新导入")),
        Err(ObjectProblem::Outage(outage)) => Err(outage),
    }
}

/// What follows from the enrolment and the file alone: a second delivery makes the same.
fn upload(e: &Enrolment, batch: &ImportBatch, file: &[u8]) -> Upload {
    Upload {
        id: batch.upload.clone(),
        purpose: Purpose::Roster,
        enrolment: Some(e.id.clone()),
        plans: batch.plans.clone(),
        path: e.unit.path.clone(),
        account: Some(e.entered_by.first().unwrap_or(&e.handler).clone()),
        file_name: batch.file_name.clone(),
        size: file.len() as u64,
        sha256: Sha256::digest(file).iter().map(|byte| format!("{byte:02x}")).collect(),
        issued_at: e.created_at,
        state: UploadState::Issued,
        sequencer: None,
    }
}

/// The roster cannot be brought over: its batch says so.
async fn give_up(
    desk: &Desk,
    message: &MessageId,
    e: &Enrolment,
    upload: &UploadId,
    text: &'static str,
) -> Result<Recorded, Outage> {
    record(desk, &e.id, consumed(message), |_| {
        let outcome = ImportOutcome::Refused { code: "ROSTER_NOT_COPIED".to_owned(), text: text.to_owned() };
        Ok(Command::FinishImport { upload: upload.clone(), outcome, rosters: Vec::new() })
    })
    .await
}

/// What renewed an enrolment was withdrawn: it can be renewed again.
pub async fn free(
    desk: &Desk,
    message: &MessageId,
    (enrolment, by): (&EnrolmentId, &EnrolmentId),
) -> Result<Recorded, Outage> {
    record(desk, enrolment, consumed(message), |_| Ok(Command::FreeRenewed { by: by.clone() })).await
}

fn consumed(message: &MessageId) -> Beside {
    Beside { consumed: Some(Consumed { consumer: CONSUMER, message: message.clone() }), ..Beside::default() }
}

fn refused(code: &'static str, text: &'static str) -> Recorded {
    Recorded::Refused(Refusal::conflict(code, text))
}
