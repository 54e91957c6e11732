//! Issues an e-receipt and mails it to its payer.
//!
//! Trigger: queue `receipt-mail`. Effect: a commit that records the receipt's number, the PDF in the documents bucket,
//! the mail, and a commit that records it was mailed. Delivered twice: the number is kept, a mail already recorded is
//! not sent again. An address that refuses for good: recorded, the unit sees it. Outage: noted in the log of messages, retried
//! ever later, then dead-lettered.

mod layout;

use std::sync::Arc;

use documents::print::{RenderProblem, render_receipt};
use domain::message::{Message, Outgoing};
use lambda::batch::{Delivery, Outcome, Step};
use workflow::desk::Desk;
use workflow::message_log::put_off;
use workflow::ports::{Cipher, Mails, Objects, Outage, ReceiptSeries};
use workflow::receipts::{Postman, issue};

/// The step.
#[derive(Clone)]
pub struct MailReceipt {
    /// The tables.
    pub desk: Desk,
    /// The buckets.
    pub objects: Arc<dyn Objects>,
    /// Keys of what the log of messages keeps.
    pub cipher: Arc<dyn Cipher>,
    /// The provider of mail.
    pub mails: Arc<dyn Mails>,
    /// The receipt series.
    pub series: Arc<dyn ReceiptSeries>,
}

impl Step for MailReceipt {
    type Message = Outgoing;

    async fn perform(&self, outgoing: Outgoing, delivery: &Delivery) -> Result<Outcome, Outage> {
        let outcome = self.mail(&outgoing).await;
        if let Err(outage) = &outcome {
            put_off(&self.desk, &outgoing, outage, delivery.is_last()).await;
        }
        outcome
    }
}

impl MailReceipt {
    async fn mail(&self, outgoing: &Outgoing) -> Result<Outcome, Outage> {
        let Message::ReceiptMail { enrolment, receipt } = &outgoing.message else {
            return Ok(Outcome::rejected("MESSAGE_KIND"));
        };
        let issued = match issue(&self.desk, &*self.series, enrolment, receipt).await? {
            Ok(issued) => issued,
            Err(refusal) => return Ok(Outcome::rejected(refusal.code)),
        };
        let office = self.desk.store.node(&issued.0.unit.office).await?;
        let office = office.ok_or_else(|| Outage::new("read-office", "the enrolment's office is missing"))?;
        let Some(data) = layout::data(&issued.0, &issued.1, &office) else {
            return Ok(Outcome::rejected("NOT_ISSUED"));
        };
        let rendering = tokio::task::spawn_blocking(move || render_receipt(&data));
        let pdf = match rendering.await.map_err(|e| Outage::new("render-receipt", e))? {
            Ok(pdf) => pdf,
            Err(problem @ (RenderProblem::BuiltInFont | RenderProblem::NotWritten)) => {
                return Err(Outage::new("render-receipt", problem));
            }
            Err(problem) => return Ok(Outcome::rejected(problem.code())),
        };
        let (objects, mails, cipher) = (&*self.objects, &*self.mails, &*self.cipher);
        let postman = Postman { desk: &self.desk, objects, mails, cipher };
        Ok(postman.deliver(outgoing, &issued, pdf).await?.into())
    }
}
