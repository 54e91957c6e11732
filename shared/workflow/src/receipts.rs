//! Receipts: numbered when they are entered, issued once the money is there, mailed to the payer.

use bytes::Bytes;
use domain::enrolment::{Command, Enrolment, Receipt};
use domain::identity::Email;
use domain::ids::{EnrolmentId, MessageId, ReceiptId};
use domain::message::Outgoing;
use domain::message_log::{Fate, MessageRecord, RecordChange};
use domain::number::NumberKind;
use domain::refusal::Refusal;
use domain::texts::{Said, Written};

use crate::commit::Consumed;
use crate::desk::{self, Beside, Desk, Recorded};
use crate::ports::{Cipher, Mail, Mails, Objects, Outage, ReceiptSeries, SendFailure, Sequence, business_date};
use crate::scope::Scope;
use crate::{message_log, numbers};

/// The consumer's name.
pub const CONSUMER: &str = "mail-receipt";

/// Key of a receipt's PDF in the documents bucket.
pub fn key(enrolment: &EnrolmentId, receipt: &ReceiptId) -> String {
    format!("receipts/{enrolment}/{receipt}.pdf")
}

/// The next receipt batch number. The office plays no part in it.
pub async fn batch_number(desk: &Desk) -> Result<String, Outage> {
    let value = desk.store.next(Sequence::ReceiptBatch).await?;
    let nowhere = domain::number::OfficeCode::parse("0000").map_err(|_| Outage::new("write-number", "no office"))?;
    numbers::write(NumberKind::ReceiptBatch, nowhere, business_date(desk.clock.now()), value)
}

/// Issues the receipt if it has not been issued: its number is taken from the series and recorded before anything is
/// printed, so that a second delivery prints and mails the same receipt.
pub async fn issue(
    desk: &Desk,
    series: &dyn ReceiptSeries,
    enrolment: &EnrolmentId,
    receipt: &ReceiptId,
) -> Result<Result<Box<(Enrolment, Receipt)>, Refusal>, Outage> {
    match find(desk, enrolment, receipt).await? {
        // Voided between its issue and its mail: nobody is sent it any more.
        Some(found) if found.1.voided.is_some() => {
            return Ok(Err(Refusal::conflict("RECEIPT_VOIDED", "该票据已经作废")));
        }
        Some(found) if found.1.issued.is_some() => return Ok(Ok(found)),
        _ => {}
    }
    let issued = series.next(business_date(desk.clock.now())).await?;
    let fact = |_: &Enrolment| Ok(Command::RecordReceipt { id: receipt.clone(), issued: issued.clone() });
    if let Recorded::Refused(refusal) = desk::record(desk, enrolment, Beside::default(), fact).await? {
        return Ok(Err(refusal));
    }
    let found = find(desk, enrolment, receipt).await?;
    Ok(found.ok_or_else(|| Refusal::conflict("NO_SUCH_RECEIPT", "没有这张票据")))
}

async fn find(
    desk: &Desk,
    enrolment: &EnrolmentId,
    receipt: &ReceiptId,
) -> Result<Option<Box<(Enrolment, Receipt)>>, Outage> {
    let Some(e) = desk.store.enrolment(enrolment, &Scope::Platform).await? else { return Ok(None) };
    let receipt = e.receipts.iter().find(|r| &r.id == receipt).cloned();
    Ok(receipt.map(|receipt| Box::new((e, receipt))))
}

/// Who mails receipts, and with what.
pub struct Postman<'a> {
    /// The tables.
    pub desk: &'a Desk,
    /// The buckets.
    pub objects: &'a dyn Objects,
    /// The provider of mail.
    pub mails: &'a dyn Mails,
    /// Keys of what the log of messages keeps.
    pub cipher: &'a dyn Cipher,
}

impl Postman<'_> {
    /// Files the PDF of an issued receipt, mails it, and records that it was mailed – or that its address refused it for
    /// good, which the unit sees. A crash between mail and record mails the same receipt, under the same message id, again.
    pub async fn deliver(
        &self,
        outgoing: &Outgoing,
        (e, receipt): &(Enrolment, Receipt),
        pdf: Vec<u8>,
    ) -> Result<Recorded, Outage> {
        let desk = self.desk;
        // An address that refused is tried again only by a message that somebody sent again.
        let seen = receipt.mail_problem.is_some() && desk.store.consumed(CONSUMER, &outgoing.id).await?;
        if receipt.mailed_at.is_some() || seen {
            return Ok(Recorded::Duplicate);
        }
        let record = message_log::record_of(desk, outgoing).await?;
        self.objects.put(&key(&e.id, &receipt.id), Bytes::from(pdf.clone()), "application/pdf").await?;
        let Some(said) = said(e, receipt) else {
            return Ok(Recorded::Refused(Refusal::conflict("NOT_ISSUED", "票据尚未开具")));
        };
        let written = said.written();
        let to = &receipt.request.payer_email;
        let record = MessageRecord {
            // Whether it is the first receipt or stands in for another is known here only.
            template: said.id(),
            path: e.unit.path.clone(),
            recipient: Email::parse(to).ok().map(|to| to.masked()),
            wording: Some(written.template.wording.version),
            sealed_words: Some(message_log::seal_words(self.cipher, &outgoing.id, &written)?),
            ..record
        };
        let sent = self.mails.send(&mail(&outgoing.id, to, receipt, written, pdf)).await;
        let now = desk.clock.now();
        let (problem, record) = match sent {
            Ok(provider_id) => (None, MessageRecord { provider_id, ..record }.became(Fate::Sent, None, now)),
            Err(SendFailure::Permanent(code)) => {
                let record = MessageRecord { detail: Some(code), ..record };
                let record = record.became(Fate::Failed, Some(message_log::REFUSED), now);
                (Some("邮件被收件地址拒收，请核对电子邮箱".to_owned()), record)
            }
            Err(SendFailure::Temporary(outage)) => return Err(outage),
        };
        let beside = Beside {
            consumed: Some(Consumed { consumer: CONSUMER, message: outgoing.id.clone() }),
            records: vec![RecordChange::End(record)],
            ..Beside::default()
        };
        let fact =
            |_: &Enrolment| Ok(Command::RecordReceiptMailed { id: receipt.id.clone(), problem: problem.clone() });
        desk::record(desk, &e.id, beside, fact).await
    }
}

/// What the mail with an issued receipt says.
fn said(e: &Enrolment, receipt: &Receipt) -> Option<Said> {
    let (issued, amount) = receipt.issued.as_ref().zip(receipt.request.amount())?;
    let (payer, application) = (receipt.request.payer_title.clone(), e.application_number.clone());
    let (batch, number) = (receipt.batch_number.clone(), issued.number.clone());
    Some(match replaced(e, receipt).map(str::to_owned) {
        None => Said::Receipt { payer, amount, application, batch, number },
        Some(voided) => Said::ReceiptReissued { payer, amount, voided, application, batch, number },
    })
}

/// Number of the voided receipt that this one stands in for.
fn replaced<'e>(e: &'e Enrolment, receipt: &Receipt) -> Option<&'e str> {
    let wrong = e.receipts.iter().find(|other| Some(&other.id) == receipt.replaces.as_ref())?;
    wrong.issued.as_ref().map(|issued| issued.number.as_str())
}

fn mail(message: &MessageId, to: &str, receipt: &Receipt, written: Written, pdf: Vec<u8>) -> Mail {
    let name = format!("{}.pdf", receipt.batch_number);
    Mail {
        id: message.to_string(),
        to: to.to_owned(),
        subject: written.subject,
        text: written.text,
        attachment: Some((name, "application/pdf".to_owned(), pdf)),
    }
}
