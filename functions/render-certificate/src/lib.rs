//! Renders a revision of a certificate, or a print of a payment notice: both need the fonts that no other function links.
//!
//! Trigger: queue `certificate`. Effect: the PDF in the documents bucket, then one commit that records a certificate and
//! tells the handler, or the mark of a notice's message. Delivered twice: the same bytes under the same key. A character no font can draw: the problem is recorded
//! for the handler, nothing is published. Outage: retried, then dead-lettered.

mod layout;
mod notice;

use std::sync::Arc;

use documents::print::{RenderProblem, render_certificate, render_payment_notice};
use domain::ids::{EnrolmentId, MessageId};
use domain::message::{Message, Outgoing};
use lambda::batch::{Delivery, Outcome, Step};
use workflow::certificates::{fail, file, gather};
use workflow::desk::Desk;
use workflow::notices;
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
        match outgoing.message {
            Message::Certificate { enrolment, revision } => self.certificate(&outgoing.id, &enrolment, revision).await,
            Message::Notice { enrolment, print } => self.notice(&outgoing.id, &enrolment, print).await,
            _ => Ok(Outcome::rejected("MESSAGE_KIND")),
        }
    }
}

impl RenderCertificate {
    async fn certificate(&self, id: &MessageId, enrolment: &EnrolmentId, revision: u32) -> Result<Outcome, Outage> {
        let found = gather(&self.desk, &*self.objects, &*self.cipher, enrolment, revision).await?;
        let Some(manuscript) = found else { return Ok(Outcome::Duplicate) };
        let Some(data) = layout::data(&manuscript, &self.public_url) else {
            return Ok(Outcome::rejected("NOT_PAID"));
        };
        let recorded = match rendered("render-certificate", move || render_certificate(&data)).await? {
            Ok(pdf) => file(&self.desk, &*self.objects, id, &manuscript, revision, pdf).await?,
            Err(problem) => fail(&self.desk, id, enrolment, revision, problem.to_string()).await?,
        };
        Ok(recorded.into())
    }

    async fn notice(&self, id: &MessageId, enrolment: &EnrolmentId, print: u32) -> Result<Outcome, Outage> {
        let found = notices::gather(&self.desk, &*self.cipher, id, enrolment, print).await?;
        let Some(manuscript) = found else { return Ok(Outcome::Duplicate) };
        let Some(data) = notice::data(&manuscript) else { return Ok(Outcome::rejected("AMOUNT_TOO_LARGE")) };
        match rendered("render-notice", move || render_payment_notice(&data)).await? {
            Ok(pdf) => {
                let first = notices::file(&self.desk, &*self.objects, id, &manuscript, pdf).await?;
                Ok(if first { Outcome::Done } else { Outcome::Duplicate })
            }
            Err(problem) => Ok(notices::fail(&self.desk, id, &manuscript, problem.to_string()).await?.into()),
        }
    }
}

/// Renders off the async threads; what the document's data cannot be blamed for is an outage.
async fn rendered(
    operation: &'static str,
    render: impl FnOnce() -> Result<Vec<u8>, RenderProblem> + Send + 'static,
) -> Result<Result<Vec<u8>, RenderProblem>, Outage> {
    match tokio::task::spawn_blocking(render).await.map_err(|e| Outage::new(operation, e))? {
        Err(problem @ (RenderProblem::BuiltInFont | RenderProblem::NotWritten)) => Err(Outage::new(operation, problem)),
        rendering => Ok(rendering),
    }
}
