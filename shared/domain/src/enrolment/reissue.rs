//! Receipts that turn out wrong: voided by finance, and issued again made out anew, for the same amount.

use super::step::{OPINION_CHARACTERS_MAX, Step, check_text};
use super::{RECEIPTS_KEPT_MAX, Receipt, Voided, invoicing, payment, review};
use crate::ids::ReceiptId;
use crate::ledger::LedgerAccount::{ReceiptsIssued, ReceiptsOwed};
use crate::ledger::{LedgerEvent, Posting};
use crate::message::Message;
use crate::receipt::MadeOut;
use crate::refusal::Refusal;

/// Voids an issued receipt. The money it stood for is owed a receipt again.
pub(super) fn void(step: &mut Step, id: &ReceiptId, reason: &str) -> Result<(), Refusal> {
    check_text("/reason", reason, true, OPINION_CHARACTERS_MAX)?;
    let voided = voided(step, reason);
    let receipt = payment::receipt_of(step, id)?;
    if receipt.voided.is_some() {
        return Err(Refusal::conflict("RECEIPT_VOIDED", "该票据已经作废"));
    }
    if receipt.issued.is_none() {
        return Err(Refusal::conflict("RECEIPT_NOT_ISSUED", "该票据尚未开具，不能作废"));
    }
    let amount = receipt.request.amount().ok_or_else(review::too_large)?;
    let fund = receipt.request.fund_source;
    receipt.voided = Some(voided);
    let note = format!("{}：{reason}", receipt.batch_number);
    step.note(note);
    step.post(
        LedgerEvent::ReceiptVoided,
        vec![
            Posting::debit(ReceiptsIssued, amount).from_fund(fund),
            Posting::credit(ReceiptsOwed, amount).from_fund(fund),
        ],
    )
}

/// Asks for a receipt in place of a voided one. The money arrived long ago and its first receipt was issued when the
/// settlement day allowed, so this one goes out at once.
pub(super) fn reissue(
    step: &mut Step,
    of: &ReceiptId,
    id: ReceiptId,
    batch_number: String,
    made_out: MadeOut,
) -> Result<(), Refusal> {
    let wrong = payment::receipt_of(step, of)?;
    if wrong.voided.is_none() {
        return Err(Refusal::conflict("RECEIPT_NOT_VOIDED", "请先作废原票据，再重新开具"));
    }
    let (request, note) =
        (wrong.request.clone().made_out(made_out), format!("{} → {batch_number}", wrong.batch_number));
    if step.next.receipts.iter().any(|receipt| receipt.replaces.as_ref() == Some(of)) {
        return Err(Refusal::conflict("RECEIPT_REISSUED", "该票据已经重新开具"));
    }
    if step.next.receipts.len() >= RECEIPTS_KEPT_MAX {
        return Err(Refusal::conflict("TOO_MANY_RECEIPTS", format!("开票信息最多{RECEIPTS_KEPT_MAX}条")));
    }
    let receipt = Receipt { replaces: Some(of.clone()), ..Receipt::asked(id.clone(), batch_number, request) };
    step.next.receipts.push(receipt);
    invoicing::recheck(step, &id)?;
    step.note(note);
    step.send(Message::ReceiptMail { enrolment: step.next.id.clone(), receipt: id });
    Ok(())
}

/// Voids what was asked for and never issued: the enrolment is withdrawn.
pub(super) fn void_all(step: &mut Step, reason: &str) {
    let voided = voided(step, reason);
    for receipt in &mut step.next.receipts {
        receipt.voided.get_or_insert_with(|| voided.clone());
    }
}

fn voided(step: &Step, reason: &str) -> Voided {
    let by_name = step.context.actor.map_or_else(String::new, |actor| actor.name.clone());
    Voided { at: step.context.now, by_name, reason: reason.to_owned() }
}
