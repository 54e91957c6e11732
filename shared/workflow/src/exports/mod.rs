//! Exports: a list becomes a workbook, a step at a time.
//!
//! Each message takes a job one step further: it writes some rows as a part – an object of its own, whose key follows from
//! the job and the part's number –, then commits how far the job has come together with the message for the next step.
//! The last step puts the parts together. A message names the version of the job it goes on from, so one that comes twice,
//! late or out of order finds the job further on and does nothing; a crash before the commit writes the same part again.

mod conditions;
mod gather;
mod listed;
mod rows;

use domain::account::{Actor, Permission};
use domain::export::{Export, ExportKind, ExportState, Part, Place, ROWS_MAX, UNDER_WAY_MAX};
use domain::ids::{AccountId, ExportId, MessageId};
use domain::message_log::RecordChange;
use domain::refusal::Refusal;
use domain::texts::{Quote, Said};
use domain::trail::TrailEntry;

pub use self::conditions::{Conditions, WhichEnrolments};
pub use self::gather::{Batch, gather};
pub use self::rows::columns;
use crate::commit::{Commit, CommitError, IdempotencyRecord};
use crate::desk::{Desk, StepError};
use crate::message_log;
use crate::ports::{Cipher, Outage, PageRequest};

/// Jobs looked at to find those that are under way.
const LATEST: u32 = 20;

/// What somebody wants exported.
pub struct Wanted {
    /// What.
    pub kind: ExportKind,
    /// Which.
    pub conditions: Conditions,
    /// With ID numbers in full.
    pub in_full: bool,
}

/// Opens a job and asks for its first step.
pub async fn request(
    desk: &Desk,
    actor: &Actor,
    wanted: Wanted,
    answer: &(dyn Fn(&Export) -> IdempotencyRecord + Send + Sync),
) -> Result<Export, StepError> {
    if !wanted.conditions.shown_to(actor) || (wanted.in_full && !actor.may(Permission::UnmaskNumbers)) {
        return Err(Refusal::not_permitted().into());
    }
    let now = desk.clock.now();
    let latest = desk.store.exports(&actor.account, &PageRequest { limit: LATEST, after: None }).await?;
    if latest.items.iter().filter(|job| job.under_way() && !job.stalled(now)).count() >= UNDER_WAY_MAX {
        let text = format!("您已有{UNDER_WAY_MAX}个导出任务正在进行，请等其中一个完成后再试");
        return Err(Refusal::conflict("EXPORTS_UNDER_WAY", text).into());
    }
    let export = Export {
        id: ExportId::from_ulid(desk.ids.ulid()),
        account: actor.account.clone(),
        actor_name: actor.name.clone(),
        node: actor.node.clone(),
        kind: wanted.kind,
        conditions: wanted.conditions.kept()?,
        in_full: wanted.in_full,
        version: 1,
        requested_at: now,
        moved_at: now,
        state: ExportState::Writing { place: Place::default() },
        parts: Vec::new(),
        records: 0,
    };
    let commit = Commit {
        idempotency: Some(answer(&export)),
        messages: vec![export.next_step()],
        export: Some((export.clone(), 0)),
        ..Commit::default()
    };
    match desk.store.commit(commit).await {
        Ok(()) => Ok(export),
        Err(CommitError::Answered(record)) => Err(StepError::Answered(record)),
        Err(CommitError::Outage(outage)) => Err(outage.into()),
        Err(other) => Err(Outage::new("request-export", other).into()),
    }
}

/// Whether an account still sees all that an export of its own holds: it may see the list, and stands where it stood or above.
/// A job whose conditions nobody can read any more is shown to nobody.
pub fn still_shown(actor: &Actor, export: &Export) -> bool {
    actor.node.covers(&export.node) && Conditions::of(export).is_ok_and(|conditions| conditions.shown_to(actor))
}

/// The job a message takes further; none if it is further on already, ended or forgotten.
pub async fn due(desk: &Desk, account: &AccountId, id: &ExportId, version: u64) -> Result<Option<Export>, Outage> {
    let export = desk.store.export(account, id).await?;
    Ok(export.filter(|export| export.version == version && export.under_way()))
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stepped {
    /// It is recorded.
    Done,
    /// Another delivery of the same message recorded it.
    Duplicate,
}

/// Records a part that was written, and asks for the next step.
pub async fn record_part(desk: &Desk, export: &Export, part: Part, batch: Batch) -> Result<Stepped, Outage> {
    let state = match batch.next {
        Some(place) => ExportState::Writing { place },
        None => ExportState::Assembling,
    };
    let mut next = export.moved(state, desk.clock.now());
    next.parts.push(part);
    next.records = next.records.saturating_add(batch.records);
    record(desk, export, next, (batch.trail, None)).await
}

/// Whether a job with these further rows would be larger than an export may be.
pub fn too_large(export: &Export, rows: usize) -> bool {
    u32::try_from(rows).map_or(u32::MAX, |rows| export.rows().saturating_add(rows)) > ROWS_MAX
}

/// Ends a job that would be too large, and tells whoever asked.
pub async fn refuse_size(desk: &Desk, cipher: &dyn Cipher, export: &Export) -> Result<Stepped, Outage> {
    let reason = format!("超过{ROWS_MAX}行，请缩小查询条件（例如按月份或按机构）后分别导出");
    let said = Said::ExportFailed { what: export.kind.chinese().to_owned(), reason: Quote::of(&reason) };
    let state = ExportState::Failed { at: desk.clock.now(), code: "EXPORT_TOO_LARGE".to_owned(), reason };
    end(desk, cipher, export, (state, &said)).await
}

/// Records that the workbook is there, and tells whoever asked.
pub async fn record_ready(desk: &Desk, cipher: &dyn Cipher, export: &Export, size: u64) -> Result<Stepped, Outage> {
    let said = Said::ExportFinished { what: export.kind.chinese().to_owned(), rows: export.rows() };
    let state = ExportState::Ready { at: desk.clock.now(), key: export.workbook_key(), size };
    end(desk, cipher, export, (state, &said)).await
}

/// Ends a job, with the notice in the portal of whoever asked for it. The notice's id follows from the job's last version:
/// the step that is tried again tells it once.
async fn end(
    desk: &Desk,
    cipher: &dyn Cipher,
    export: &Export,
    (state, said): (ExportState, &Said),
) -> Result<Stepped, Outage> {
    let now = desk.clock.now();
    let next = export.moved(state, now);
    let id = MessageId::of(next.id.as_str(), next.version, 0);
    let to = (next.account.clone(), next.node.clone());
    let notice = message_log::notice(cipher, id, to, Some(next.id.to_string()), said, now)?;
    record(desk, export, next, (Vec::new(), Some(notice))).await
}

async fn record(
    desk: &Desk,
    before: &Export,
    next: Export,
    (trail, notice): (Vec<TrailEntry>, Option<RecordChange>),
) -> Result<Stepped, Outage> {
    let messages = if next.under_way() { vec![next.next_step()] } else { Vec::new() };
    let records = notice.into_iter().collect();
    let commit = Commit { messages, trail, records, export: Some((next, before.version)), ..Commit::default() };
    match desk.store.commit(commit).await {
        Ok(()) => Ok(Stepped::Done),
        Err(CommitError::Outage(outage)) => Err(outage),
        Err(other) => {
            // Either this very step was recorded before, or an entry's place in a trail was taken.
            let now = desk.store.export(&before.account, &before.id).await?;
            if now.is_none_or(|now| now.version != before.version) {
                return Ok(Stepped::Duplicate);
            }
            Err(Outage::new("record-export", other))
        }
    }
}
