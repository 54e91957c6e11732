//! Payment: finance confirms that the money arrived; cover, receipts and the certificate follow from it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;

use super::step::{OPINION_CHARACTERS_MAX, Step, check_text};
use super::{Certificate, Conclusion, IssuedReceipt, Payment, Receipt, RosterPointer, State, review};
use crate::cover::{CoverPeriod, start_date};
use crate::ids::ReceiptId;
use crate::ledger::LedgerAccount::{Bank, ContributionsReceivable, ReceiptsIssued, ReceiptsOwed};
use crate::ledger::{LedgerEvent, Posting};
use crate::message::{Message, TextTemplate};
use crate::money::Fen;
use crate::payment::PaymentRecord;
use crate::receipt::{Channel, FundSource};
use crate::refusal::{Problem, Refusal};

/// Longest bank reference, in characters.
const BANK_REFERENCE_CHARACTERS_MAX: usize = 60;

/// Days before the end of cover on which its handler is reminded (documents: messages).
const REMINDED_DAYS_BEFORE: [u32; 3] = [60, 30, 7];

/// What finance enters.
pub(super) struct Arrival {
    pub arrived_on: Date,
    pub amount: Fen,
    pub channel: Channel,
    pub bank_reference: String,
    pub remark: String,
}

pub(super) fn confirm(step: &mut Step, arrival: Arrival, certificate_number: String) -> Result<(), Refusal> {
    review::held_by_actor(step)?;
    review::separate_duties(step)?;
    step.room_for_opinion()?;
    check_arrival(step, &arrival)?;
    step.opine(Conclusion::Approved, &arrival.remark);
    step.go(State::AwaitingPrint);
    step.next.certificate = Some(Certificate {
        number: certificate_number,
        revision: 1,
        requested_at: step.context.now,
        problem: None,
        rendered: Vec::new(),
        prints: 0,
        scan: None,
        archive_note: None,
    });
    activate_cover(step)?;
    remind(step);
    send_receipts(step);
    let enrolment = step.next.id.clone();
    step.send(Message::Certificate { enrolment, revision: 1 });
    post_received(step)?;
    step.record_payment(record_of(step, &arrival)?);
    step.next.payment = Some(Payment {
        arrived_on: arrival.arrived_on,
        amount: arrival.amount,
        channel: arrival.channel,
        bank_reference: arrival.bank_reference,
        remark: arrival.remark,
        confirmed_on: step.context.today,
        confirmed_at: step.context.now,
        by: step.context.actor.map(|a| a.account.clone()).ok_or_else(Refusal::not_permitted)?,
        receipts_on: Some(step.context.office.receipts_issued_on(step.context.today)),
    });
    Ok(())
}

/// What finance finds again.
fn record_of(step: &Step, arrival: &Arrival) -> Result<PaymentRecord, Refusal> {
    let actor = step.context.actor.ok_or_else(Refusal::not_permitted)?;
    let e = &step.next;
    Ok(PaymentRecord {
        enrolment: e.id.clone(),
        version: e.version,
        application_number: e.application_number.clone(),
        certificate_number: e.certificate.as_ref().map(|c| c.number.clone()).unwrap_or_default(),
        unit: e.unit.id.clone(),
        unit_name: e.unit.name.clone(),
        path: e.unit.path.clone(),
        amount: arrival.amount,
        funds: funds_of(step)?,
        channel: arrival.channel,
        arrived_on: arrival.arrived_on,
        bank_reference: arrival.bank_reference.clone(),
        remark: arrival.remark.clone(),
        confirmed_at: step.context.now,
        by: actor.account.clone(),
        by_name: actor.name.clone(),
    })
}

/// What the receipts ask of each source of funds.
fn funds_of(step: &Step) -> Result<Vec<(FundSource, Fen)>, Refusal> {
    let mut funds = BTreeMap::new();
    for receipt in &step.next.receipts {
        let amount = receipt.request.amount().ok_or_else(review::too_large)?;
        let sum = funds.entry(receipt.request.fund_source).or_insert(Fen::ZERO);
        *sum = sum.checked_add(amount).ok_or_else(review::too_large)?;
    }
    Ok(funds.into_iter().collect())
}

fn check_arrival(step: &Step, arrival: &Arrival) -> Result<(), Refusal> {
    let due = step.next.amount_due().ok_or_else(review::too_large)?;
    let mut problems = Vec::new();
    if arrival.amount != due {
        let text = format!("到账金额应等于应付金额{}元", due.grouped());
        problems.push(Problem::new("/amount", "AMOUNT_MISMATCH", text));
    }
    if arrival.arrived_on > step.context.today {
        problems.push(Problem::new("/arrived_on", "DATE_IN_FUTURE", "到账日期不能晚于今天"));
    }
    if arrival.bank_reference.trim().is_empty() {
        problems.push(Problem::new("/bank_reference", "TEXT_MISSING", "请填写银行流水号"));
    }
    Refusal::unless_none(problems)?;
    check_text("/bank_reference", &arrival.bank_reference, true, BANK_REFERENCE_CHARACTERS_MAX)?;
    check_text("/remark", &arrival.remark, false, OPINION_CHARACTERS_MAX)
}

/// Fixes each plan's period of cover and asks for its members' cover to be written.
fn activate_cover(step: &mut Step) -> Result<(), Refusal> {
    let grace_days = step.context.office.renewal_grace_days;
    let (designated, today) = (step.next.designated_start, step.context.today);
    let enrolment = step.next.id.clone();
    for i in 0..step.next.lines.len() {
        let line = &step.next.lines[i];
        let (code, named) = (line.plan.code.clone(), line.roster.is_some());
        let old_end = step.next.old_end(&code);
        let start = start_date(designated, old_end, grace_days, today).ok_or_else(out_of_range)?;
        let period = CoverPeriod::of_term(start, line.plan.term_months).ok_or_else(out_of_range)?;
        step.next.periods.push((code.clone(), period));
        if named {
            step.send(Message::Cover { enrolment: enrolment.clone(), plan: code, from: 0 });
        }
    }
    Ok(())
}

/// Schedules the reminders that cover ends, for each day on which cover of some plan does.
fn remind(step: &mut Step) {
    let ends: BTreeSet<Date> = step.next.periods.iter().map(|(_, period)| period.end()).collect();
    for end in ends {
        for days in REMINDED_DAYS_BEFORE {
            let on = end.checked_sub(i64::from(days).days()).unwrap_or(end);
            if on > step.context.today {
                let enrolment = step.next.id.clone();
                step.send_on(on, Message::CoverEnding { enrolment, end, days });
            }
        }
    }
}

fn out_of_range() -> Refusal {
    Refusal::conflict("DATE_OUT_OF_RANGE", "保障期间超出日期范围")
}

/// Receipts go out at once up to the settlement day, later on the 1st of the next month.
fn send_receipts(step: &mut Step) {
    let on = step.context.office.receipts_issued_on(step.context.today);
    let ids: Vec<ReceiptId> = step.next.receipts.iter().map(|receipt| receipt.id.clone()).collect();
    for receipt in ids {
        let enrolment = step.next.id.clone();
        step.send_on(on, Message::ReceiptMail { enrolment, receipt });
    }
}

fn post_received(step: &mut Step) -> Result<(), Refusal> {
    let mut postings = Vec::new();
    for receipt in &step.next.receipts {
        let amount = receipt.request.amount().ok_or_else(review::too_large)?;
        postings.push(Posting::debit(Bank, amount).from_fund(receipt.request.fund_source));
    }
    for line in &step.next.lines {
        // What others bear, or nobody, does not come from the unit.
        let amount = line.due().ok_or_else(review::too_large)?;
        if amount > Fen::ZERO {
            postings.push(Posting::credit(ContributionsReceivable, amount).of_plan(&line.plan.code));
        }
    }
    if postings.is_empty() {
        return Ok(());
    }
    step.post(LedgerEvent::ContributionReceived, postings)
}

pub(super) fn send_back(step: &mut Step, reason: &str) -> Result<(), Refusal> {
    review::held_by_actor(step)?;
    step.room_for_opinion()?;
    check_text("/reason", reason, true, OPINION_CHARACTERS_MAX)?;
    let opinion = step.opine(Conclusion::Returned, reason);
    step.go(State::Invoicing);
    step.text(TextTemplate::ReceiptsReturned, Some(opinion));
    Ok(())
}

/// Progress only grows: a chunk that is reported again changes nothing. What is left is asked for in the same step.
pub(super) fn record_cover(step: &mut Step, plan: &str, covered: u32) -> Result<(), Refusal> {
    let line = step.next.lines.iter_mut().find(|line| line.plan.code == plan);
    let line = line.ok_or_else(|| Refusal::conflict("PLAN_NOT_CHOSEN", "参保单中没有这个保障活动"))?;
    if covered <= line.covered {
        return Err(Refusal::conflict("ALREADY_RECORDED", "保障已经生效"));
    }
    line.covered = covered;
    let named = line.roster.as_ref().map_or(0, RosterPointer::members);
    step.note(format!("{covered}人保障生效"));
    if covered < named {
        let from = usize::try_from(covered).unwrap_or(usize::MAX);
        step.send(Message::Cover { enrolment: step.next.id.clone(), plan: plan.to_owned(), from });
    }
    Ok(())
}

pub(super) fn record_receipt(step: &mut Step, id: &ReceiptId, issued: IssuedReceipt) -> Result<(), Refusal> {
    let receipt = receipt_of(step, id)?;
    if receipt.issued.is_some() {
        return Err(Refusal::conflict("ALREADY_RECORDED", "该票据已经开具"));
    }
    let amount = receipt.request.amount().ok_or_else(review::too_large)?;
    let fund = receipt.request.fund_source;
    receipt.issued = Some(issued);
    step.post(
        LedgerEvent::ReceiptIssued,
        vec![
            Posting::debit(ReceiptsOwed, amount).from_fund(fund),
            Posting::credit(ReceiptsIssued, amount).from_fund(fund),
        ],
    )
}

pub(super) fn record_mailed(step: &mut Step, id: &ReceiptId, problem: Option<String>) -> Result<(), Refusal> {
    let now = step.context.now;
    let receipt = receipt_of(step, id)?;
    // An address that refused may be tried again: whoever asks for that has another message.
    if receipt.mailed_at.is_some() {
        return Err(Refusal::conflict("ALREADY_RECORDED", "该票据已经发送"));
    }
    receipt.mailed_at = problem.is_none().then_some(now);
    receipt.mail_problem = problem;
    Ok(())
}

pub(super) fn receipt_of<'s>(step: &'s mut Step, id: &ReceiptId) -> Result<&'s mut Receipt, Refusal> {
    let receipt = step.next.receipts.iter_mut().find(|receipt| &receipt.id == id);
    receipt.ok_or_else(|| Refusal::conflict("NO_SUCH_RECEIPT", "没有这张票据"))
}
