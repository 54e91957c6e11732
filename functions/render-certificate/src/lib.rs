//! Renders a revision of a certificate.
//!
//! Trigger: queue `certificate`. Effect: the PDF in the documents bucket, then one commit that records it and tells the
//! handler. Delivered twice: the same bytes under the same key. A character no font can draw: the problem is recorded
//! for the handler, nothing is published. Outage: retried, then dead-lettered.

mod layout;

use std::sync::Arc;

use documents::print::{RenderProblem, render_certificate};
use domain::message::{Message, Outgoing};
use lambda::batch::{Delivery, Outcome, Step};
use workflow::certificates::{fail, file, gather};
use workflow::desk::Desk;
use workflow::ports::{Cipher, Objects, Outage};

/// The step.
#[derive(Clone)]
pub struct RenderCertificate {
    /// The tables.
    pub desk: Desk,
    /// The buckets.
    pub objects: Arc<dyn Objects>,
    /// Keys of sealed rosters, mobile numbers and verification tokens.
    pub cipher: Arc<dyn Cipher>,
    /// Origin of the public verification page.
    pub public_url: String,
}

impl Step for RenderCertificate {
    type Message = Outgoing;
    const CONCURRENCY: usize = 1;

    async fn perform(&self, outgoing: Outgoing, _: &Delivery) -> Result<Outcome, Outage> {
        let Message::Certificate { enrolment, revision } = outgoing.message else {
            return Ok(Outcome::rejected("MESSAGE_KIND"));
        };
        let found = gather(&self.desk, &*self.objects, &*self.cipher, &enrolment, revision).await?;
        let Some(manuscript) = found else { return Ok(Outcome::Duplicate) };
        let Some(data) = layout::data(&manuscript, &self.public_url) else {
            return Ok(Outcome::rejected("NOT_PAID"));
        };
        let rendering = tokio::task::spawn_blocking(move || render_certificate(&data));
        let recorded = match rendering.await.map_err(|e| Outage::new("render-certificate", e))? {
            Ok(pdf) => file(&self.desk, &*self.objects, &outgoing.id, &manuscript, revision, pdf).await?,
            Err(problem @ (RenderProblem::BuiltInFont | RenderProblem::NotWritten)) => {
                return Err(Outage::new("render-certificate", problem));
            }
            Err(problem) => fail(&self.desk, &outgoing.id, &enrolment, revision, problem.to_string()).await?,
        };
        Ok(recorded.into())
    }
}
