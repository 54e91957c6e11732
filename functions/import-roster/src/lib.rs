//! Imports a roster file.
//!
//! Trigger: object created under `incoming/roster/` → queue `roster-upload`. Effect, in one commit: the batch's outcome,
//! the new roster of each plan, the upload accepted or rejected. Before it, objects that only this commit names.
//! Delivered twice: the same objects are written again, and nothing else. Changed meanwhile: checked again against the
//! roster as it then is. Unreadable file: the batch is refused with the reason. Outage: retried, then dead-lettered.

mod check;
mod people;
mod progress;

use std::sync::Arc;
use std::time::Instant;

use documents::workbook::CONTENT_TYPE;
use domain::enrolment::{Command, Enrolment, FailedRowFiles, ImportOutcome, RosterPointer, State};
use domain::ids::EnrolmentId;
use domain::refusal::Refusal;
use domain::upload::{Upload, UploadState};
use lambda::batch::s3::UploadedObject;
use lambda::batch::{Delivery, Outcome, Step};
use workflow::desk::{Beside, Desk, Recorded, record};
use workflow::eligibility::{NewRoster, Terms, targets};
use workflow::ports::{Cipher, Objects, Outage};
use workflow::rosters::{self, FailedRows};
use workflow::scope::Scope;
use workflow::uploads::{self, Arrival};

use crate::check::Imported;
use crate::progress::{Counts, telling};

/// Times a file is checked again because the roster changed while it was being checked.
const CHECKS_MAX: usize = 5;

/// The step.
#[derive(Clone)]
pub struct ImportRoster {
    /// The tables.
    pub desk: Desk,
    /// The buckets.
    pub objects: Arc<dyn Objects>,
    /// Keys of sealed rosters and blind indexes.
    pub cipher: Arc<dyn Cipher>,
}

impl Step for ImportRoster {
    type Message = UploadedObject;
    /// A large roster takes its memory several times over.
    const CONCURRENCY: usize = 1;

    async fn perform(&self, object: UploadedObject, _: &Delivery) -> Result<Outcome, Outage> {
        let upload = match uploads::arrived(&self.desk, &object.key, &object.sequencer).await? {
            Arrival::Expected(upload) => *upload,
            Arrival::Duplicate => return Ok(Outcome::Duplicate),
            Arrival::Unknown => return Ok(Outcome::rejected("UPLOAD_UNKNOWN")),
        };
        self.import(upload).await
    }
}

impl ImportRoster {
    async fn import(&self, upload: Upload) -> Result<Outcome, Outage> {
        match self.begin(&upload).await? {
            Recorded::Done(_) | Recorded::Duplicate => {}
            Recorded::Refused(refusal) => return self.turn_away(upload, refusal).await,
        }
        let bytes = match uploads::fetch(&*self.objects, &upload).await? {
            Ok(bytes) => bytes,
            Err(reason) => return self.refuse(upload, reason.code(), reason.text()).await,
        };
        for _ in 0..CHECKS_MAX {
            let Some(e) = self.desk.store.enrolment(enrolment_of(&upload)?, &Scope::Platform).await? else {
                return Ok(Outcome::rejected("ENROLMENT_UNKNOWN"));
            };
            let targets = match targets(&*self.objects, &*self.cipher, &e, &upload.plans).await? {
                Ok(targets) => targets,
                Err(refusal) => return self.turn_away(upload, refusal).await,
            };
            let mut watch = Stopwatch(Instant::now());
            let (store, counts) = (&*self.desk.store, Counts::default());
            let terms = Terms::of(&self.desk, &e, Some(upload.id.clone())).await?;
            let read = check::read(bytes.clone(), targets, terms, counts.clone());
            let read = telling(store, &upload.id, &counts, read).await?;
            let read = match read {
                Ok(read) => read,
                Err(problem) => return self.refuse(upload, problem.code, problem.text).await,
            };
            let read_ms = watch.lap_ms();
            let known = people::known(store, &self.cipher, read.people(), &counts);
            let known = telling(store, &upload.id, &counts, known).await?;
            let look_up_ms = watch.lap_ms();
            let imported = check::judge(read, known, self.cipher.clone(), upload.issued_at).await?;
            let judge_ms = watch.lap_ms();
            let published = self.publish(&upload, imported).await?;
            tracing::info!(
                read.duration_ms = read_ms,
                look_up.duration_ms = look_up_ms,
                judge.duration_ms = judge_ms,
                publish.duration_ms = watch.lap_ms(),
                "Checked a roster"
            );
            match published {
                Recorded::Refused(refusal) if refusal.code == ROSTER_CHANGED => {}
                Recorded::Refused(refusal) => return self.turn_away(upload, refusal).await,
                Recorded::Done(_) => return Ok(Outcome::Done),
                Recorded::Duplicate => return Ok(Outcome::Duplicate),
            }
        }
        Err(Outage::new("import-roster", "the roster kept changing"))
    }

    async fn begin(&self, upload: &Upload) -> Result<Recorded, Outage> {
        record(&self.desk, enrolment_of(upload)?, Beside::default(), |_| {
            Ok(Command::BeginImport {
                upload: upload.id.clone(),
                plans: upload.plans.clone(),
                file_name: upload.file_name.clone(),
            })
        })
        .await
    }

    /// Writes the new rosters, failed rows and workbooks, then commits what points to them.
    async fn publish(&self, upload: &Upload, imported: Imported) -> Result<Recorded, Outage> {
        let Imported { total, succeeded, failed, rosters: new } = imported;
        let (failed, failed_rows) = match failed {
            Some((rows, workbook)) => {
                let count = u32::try_from(rows.rows.len()).unwrap_or(u32::MAX);
                (count, Some(self.store_failed(upload, &rows, workbook).await?))
            }
            None => (0, None),
        };
        let mut pointers: Vec<(String, RosterPointer)> = Vec::new();
        let mut expected = Vec::new();
        for (roster, workbook) in new {
            if roster.added > 0 {
                pointers.push((roster.plan.clone(), self.store(upload, &roster, workbook).await?));
            }
            expected.push((roster.plan, roster.before));
        }
        let outcome = ImportOutcome::Done { total, succeeded, failed, failed_rows };
        let beside = Beside { upload: Some(settled(upload, accepted(upload))), ..Beside::default() };
        record(&self.desk, enrolment_of(upload)?, beside, |e| {
            unchanged(e, &expected)?;
            Ok(Command::FinishImport { upload: upload.id.clone(), outcome: outcome.clone(), rosters: pointers.clone() })
        })
        .await
    }

    async fn store(&self, upload: &Upload, roster: &NewRoster, workbook: Vec<u8>) -> Result<RosterPointer, Outage> {
        let NewRoster { plan, members, start, .. } = roster;
        let key = format!("rosters/{}/{plan}/{}", enrolment_of(upload)?, upload.id);
        let workbook_key = format!("workbooks/{}/{plan}.xlsx", upload.id);
        self.objects.put(&workbook_key, workbook.into(), CONTENT_TYPE).await?;
        rosters::store(&*self.objects, &*self.cipher, key, workbook_key, members, *start).await
    }

    async fn store_failed(
        &self,
        upload: &Upload,
        rows: &FailedRows,
        workbook: Vec<u8>,
    ) -> Result<FailedRowFiles, Outage> {
        let sealed = format!("failed-rows/{}/{}", enrolment_of(upload)?, upload.id);
        let key = format!("workbooks/{}/failed-rows.xlsx", upload.id);
        self.objects.put(&key, workbook.into(), CONTENT_TYPE).await?;
        rosters::store_failed(&*self.objects, &*self.cipher, &sealed, rows).await?;
        Ok(FailedRowFiles { workbook: key, sealed })
    }

    /// The file as a whole cannot be read: the batch says so, and the upload is rejected.
    async fn refuse(&self, upload: Upload, code: &str, text: String) -> Result<Outcome, Outage> {
        let outcome = ImportOutcome::Refused { code: code.to_owned(), text: text.clone() };
        let rejected = UploadState::Rejected { code: code.to_owned(), text };
        let beside = Beside { upload: Some(settled(&upload, rejected)), ..Beside::default() };
        let recorded = record(&self.desk, enrolment_of(&upload)?, beside, |_| {
            Ok(Command::FinishImport { upload: upload.id.clone(), outcome: outcome.clone(), rosters: Vec::new() })
        })
        .await?;
        match recorded {
            Recorded::Refused(refusal) => self.turn_away(upload, refusal).await,
            Recorded::Done(_) | Recorded::Duplicate => Ok(Outcome::rejected(code.to_owned())),
        }
    }

    /// The enrolment takes no rosters any more: only the upload can say so.
    async fn turn_away(&self, upload: Upload, refusal: Refusal) -> Result<Outcome, Outage> {
        let rejected = UploadState::Rejected { code: refusal.code.to_owned(), text: refusal.text };
        self.desk.store.settle(&settled(&upload, rejected)).await?;
        Ok(Outcome::rejected(refusal.code))
    }
}

/// Measures one phase after the other.
struct Stopwatch(Instant);

impl Stopwatch {
    /// Milliseconds since the last phase ended.
    fn lap_ms(&mut self) -> u64 {
        let begun = std::mem::replace(&mut self.0, Instant::now());
        u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}

/// Code of a refusal that asks for the file to be checked again.
const ROSTER_CHANGED: &str = "ROSTER_CHANGED";

/// The rows were checked against these rosters; they must still be the ones in force.
fn unchanged(e: &Enrolment, expected: &[(String, Option<String>)]) -> Result<(), Refusal> {
    let same = expected.iter().all(|(plan, before)| {
        e.line(plan).is_some_and(|line| line.roster.as_ref().map(|roster| &roster.key) == before.as_ref())
    });
    if same || e.state != State::Drafting {
        Ok(())
    } else {
        Err(Refusal::conflict(ROSTER_CHANGED, "人员清单有变化"))
    }
}

fn accepted(upload: &Upload) -> UploadState {
    UploadState::Accepted {
        key: upload.quarantine_key(),
        content_type: upload.purpose.content_type(&upload.file_name).unwrap_or(CONTENT_TYPE).to_owned(),
        size: upload.size,
        thumbnail: None,
        pages: 1,
    }
}

/// The enrolment of a roster; every roster has one.
fn enrolment_of(upload: &Upload) -> Result<&EnrolmentId, Outage> {
    upload.enrolment.as_ref().ok_or_else(|| Outage::new("import-roster", "the upload belongs to no enrolment"))
}

fn settled(upload: &Upload, state: UploadState) -> Upload {
    Upload { state, ..upload.clone() }
}
