//! Takes an export a step further: writes some rows of its workbook, or puts its parts together.
//!
//! Trigger: queue `export`. Effect: an object for the part, or the workbook, then one commit of the job's progress, which
//! leaves the message for the next step; the last one leaves a notice for whoever asked. Delivered twice, late or out of order: the job is further on, nothing happens; a
//! crash before the commit writes the same object again. Too many rows: the job fails, with a reason for whoever asked.
//! Outage: retried, then dead-lettered; the job counts as failed after two hours without progress.

use std::sync::Arc;

use bytes::Bytes;
use documents::export::{self, CONTENT_TYPE, ExportProblem, Position, assembly};
use domain::export::Export;
use domain::ids::{AccountId, ExportId};
use domain::message::{Message, Outgoing};
use futures::{StreamExt, stream};
use lambda::batch::{Delivery, Outcome, Step};
use workflow::desk::Desk;
use workflow::exports::{Batch, Stepped, columns, due, gather, record_part, record_ready, refuse_size, too_large};
use workflow::ports::{Bucket, Cipher, ObjectProblem, Objects, Outage, business_time};

/// Largest part read back, in bytes: twenty thousand rows take about two.
const PART_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Content type of a part.
const PART_TYPE: &str = "application/octet-stream";

/// The step.
#[derive(Clone)]
pub struct BuildExport {
    /// The tables.
    pub desk: Desk,
    /// The buckets.
    pub objects: Arc<dyn Objects>,
    /// Keys of sealed rosters and of what notices say.
    pub cipher: Arc<dyn Cipher>,
}

impl Step for BuildExport {
    type Message = Outgoing;
    // Each holds rows in memory.
    const CONCURRENCY: usize = 1;

    async fn perform(&self, outgoing: Outgoing, _: &Delivery) -> Result<Outcome, Outage> {
        let Message::Export { account, export, version } = outgoing.message else {
            return Ok(Outcome::rejected("MESSAGE_KIND"));
        };
        self.step(&account, &export, version).await
    }
}

impl BuildExport {
    async fn step(&self, account: &AccountId, id: &ExportId, version: u64) -> Result<Outcome, Outage> {
        let Some(job) = due(&self.desk, account, id, version).await? else { return Ok(Outcome::Duplicate) };
        let stepped = match gather(&self.desk, &*self.objects, &*self.cipher, &job).await? {
            Some(batch) if too_large(&job, batch.rows.len()) => refuse_size(&self.desk, &*self.cipher, &job).await?,
            Some(batch) => self.write(&job, batch).await?,
            None => self.assemble(&job).await?,
        };
        Ok(match stepped {
            Stepped::Done => Outcome::Done,
            Stepped::Duplicate => Outcome::Duplicate,
        })
    }

    /// Writes a part.
    async fn write(&self, job: &Export, mut batch: Batch) -> Result<Stepped, Outage> {
        let at = Position { first: job.parts.is_empty(), last: batch.next.is_none(), rows_before: job.rows() };
        let (columns, rows) = (columns(job.kind), std::mem::take(&mut batch.rows));
        let packed = tokio::task::spawn_blocking(move || export::part(columns, &rows, at)).await;
        let (part, bytes) = packed.map_err(|e| Outage::new("write-part", e))?.map_err(failed("write-part"))?;
        self.objects.put(&job.part_key(job.parts.len()), Bytes::from(bytes), PART_TYPE).await?;
        record_part(&self.desk, job, part, batch).await
    }

    /// Puts the parts together: one after another, so that no more than one is in memory.
    async fn assemble(&self, job: &Export) -> Result<Stepped, Outage> {
        let created = business_time(job.requested_at);
        let ends = assembly(job.kind.chinese(), &job.parts, created).map_err(failed("assemble-export"))?;
        let (head, tail) = (Bytes::from(ends.head), Bytes::from(ends.tail));
        let parts = stream::iter(0..job.parts.len()).then(|n| self.read(job, n));
        let pieces = stream::iter([Ok(head)]).chain(parts).chain(stream::iter([Ok(tail)]));
        let size = self.objects.put_pieces(&job.workbook_key(), pieces.boxed(), CONTENT_TYPE).await?;
        record_ready(&self.desk, &*self.cipher, job, size).await
    }

    async fn read(&self, job: &Export, part: usize) -> Result<Bytes, Outage> {
        let read = self.objects.get(Bucket::Documents, &job.part_key(part), PART_BYTES_MAX).await;
        read.map_err(|problem| match problem {
            ObjectProblem::Outage(outage) => outage,
            other => Outage::new("read-part", other),
        })
    }
}

fn failed(operation: &'static str) -> impl Fn(ExportProblem) -> Outage {
    move |problem| Outage::new(operation, problem)
}
