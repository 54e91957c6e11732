//! Receipts: numbered when they are entered, issued once the money is there, mailed to the payer.

use bytes::Bytes;
use domain::enrolment::{Command, Enrolment, Receipt};
use domain::ids::{EnrolmentId, MessageId, ReceiptId};
use domain::number::NumberKind;
use domain::refusal::Refusal;

use crate::commit::Consumed;
use crate::desk::{Beside, Desk, Recorded, record};
use crate::numbers;
use crate::ports::{Mail, Mails, Objects, Outage, ReceiptSeries, SendFailure, Sequence, business_date};
use crate::scope::Scope;

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
    if let Some(found) = find(desk, enrolment, receipt).await?.filter(|found| found.1.issued.is_some()) {
        return Ok(Ok(found));
    }
    let issued = series.next(business_date(desk.clock.now())).await?;
    let fact = |_: &Enrolment| Ok(Command::RecordReceipt { id: receipt.clone(), issued: issued.clone() });
    if let Recorded::Refused(refusal) = record(desk, enrolment, Beside::default(), fact).await? {
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

/// Files the PDF of an issued receipt, mails it, and records that it was mailed – or that its address refused it for
/// good, which the unit sees. A crash between mail and record mails the same receipt, under the same message id, again.
pub async fn deliver(
    desk: &Desk,
    objects: &dyn Objects,
    mails: &dyn Mails,
    message: &MessageId,
    (e, receipt): &(Enrolment, Receipt),
    pdf: Vec<u8>,
) -> Result<Recorded, Outage> {
    if receipt.mailed_at.is_some() || receipt.mail_problem.is_some() {
        return Ok(Recorded::Duplicate);
    }
    objects.put(&key(&e.id, &receipt.id), Bytes::from(pdf.clone()), "application/pdf").await?;
    let problem = match mails.send(&mail(message, e, receipt, pdf)).await {
        Ok(()) => None,
        Err(SendFailure::Permanent(_)) => Some("邮件被收件地址拒收，请核对电子邮箱".to_owned()),
        Err(SendFailure::Temporary(outage)) => return Err(outage),
    };
    let beside =
        Beside { consumed: Some(Consumed { consumer: CONSUMER, message: message.clone() }), ..Beside::default() };
    let fact = |_: &Enrolment| Ok(Command::RecordReceiptMailed { id: receipt.id.clone(), problem: problem.clone() });
    record(desk, &e.id, beside, fact).await
}

fn mail(message: &MessageId, e: &Enrolment, receipt: &Receipt, pdf: Vec<u8>) -> Mail {
    let amount = receipt.request.amount().map(domain::money::Fen::grouped).unwrap_or_default();
    let number = receipt.issued.as_ref().map(|issued| issued.number.as_str()).unwrap_or_default();
    let text = format!(
        "{payer}：\n\n您缴纳的职工互助保障会费{amount}元已到账，电子票据见附件。\n\n\
         申请书号：{application}\n批次号：{batch}\n票据号码：{number}\n\n\
         本邮件由系统自动发送，请勿回复。如有疑问，请与所属办事处联系。\n",
        payer = receipt.request.payer_title,
        application = e.application_number,
        batch = receipt.batch_number,
    );
    Mail {
        id: message.to_string(),
        to: receipt.request.payer_email.clone(),
        subject: format!("职工互助保障会费电子票据（{}）", receipt.batch_number),
        text,
        attachment: Some((format!("{}.pdf", receipt.batch_number), "application/pdf".to_owned(), pdf)),
    }
}
