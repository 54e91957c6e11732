//! Receipt entry (开票录入): who pays how much, from which fund, and to whom the receipt is made out.

use super::step::Step;
use super::{Enrolment, Line, RECEIPTS_MAX, Receipt, State};
use crate::ids::ReceiptId;
use crate::plan::Occupation;
use crate::receipt::{ReceiptPlan, ReceiptRequest, Remaining, can_submit, check_receipts};
use crate::refusal::{Problem, Refusal};

/// What the receipts of an enrolment are measured against.
pub fn receipt_plans(enrolment: &Enrolment) -> Result<Vec<ReceiptPlan>, Refusal> {
    enrolment.lines.iter().map(receipt_plan).collect()
}

fn receipt_plan(line: &Line) -> Result<ReceiptPlan, Refusal> {
    Ok(ReceiptPlan {
        code: line.plan.code.clone(),
        due: line.due().ok_or_else(super::review::too_large)?,
        shares: line.roster.as_ref().map_or(0, |r| r.shares_most).max(line.shares),
        fee: line.plan.fee,
        fee_high_risk: line.plan.fee_high_risk,
        ordinary: line.participants_of(Occupation::Ordinary),
        high_risk: line.participants_of(Occupation::HighRisk),
    })
}

/// What is left to be receipted of each plan.
pub fn remaining(enrolment: &Enrolment) -> Result<Vec<Remaining>, Refusal> {
    let requests: Vec<ReceiptRequest> = enrolment.standing_receipts().map(|r| r.request.clone()).collect();
    check(enrolment, &requests, 0)
}

/// Checks requests together; faults of the request at `asked` are reported, its pointers starting at that request.
fn check(enrolment: &Enrolment, requests: &[ReceiptRequest], asked: usize) -> Result<Vec<Remaining>, Refusal> {
    let plans = receipt_plans(enrolment)?;
    check_receipts(&plans, requests).map(|checked| checked.remaining).map_err(|faults| {
        let (mine, others): (Vec<_>, Vec<_>) = faults.iter().partition(|fault| fault.request == asked);
        let shown = if mine.is_empty() { others } else { mine };
        Refusal::invalid(shown.iter().map(|fault| Problem::of(fault.pointer(), &fault.reason)).collect())
    })
}

pub(super) fn add(
    step: &mut Step,
    id: ReceiptId,
    batch_number: String,
    request: ReceiptRequest,
) -> Result<(), Refusal> {
    if step.next.receipts.len() >= RECEIPTS_MAX {
        return Err(Refusal::conflict("TOO_MANY_RECEIPTS", format!("开票信息最多{RECEIPTS_MAX}条")));
    }
    step.note(batch_number.clone());
    step.next.receipts.push(Receipt::asked(id.clone(), batch_number, request));
    recheck(step, &id)
}

pub(super) fn edit(step: &mut Step, id: &ReceiptId, request: ReceiptRequest) -> Result<(), Refusal> {
    let at = place_of(step, id)?;
    step.next.receipts[at].request = request;
    step.note(step.next.receipts[at].batch_number.clone());
    recheck(step, id)
}

pub(super) fn delete(step: &mut Step, id: &ReceiptId) -> Result<(), Refusal> {
    let at = place_of(step, id)?;
    let removed = step.next.receipts.remove(at);
    step.note(removed.batch_number);
    Ok(())
}

pub(super) fn submit(step: &mut Step) -> Result<(), Refusal> {
    let left = remaining(&step.next)?;
    if !can_submit(&left) {
        let problems = left.iter().filter(|plan| plan.remaining.fen() != 0).map(|plan| {
            let text = format!("剩余开票金额{}元，应为0", plan.remaining.grouped());
            Problem::new(format!("/plans/{}", plan.plan_code), "RECEIPTS_INCOMPLETE", text)
        });
        return Err(Refusal::invalid(problems.collect()));
    }
    step.go(State::AwaitingPayment);
    Ok(())
}

/// Checks the receipts together; faults are those of the receipt that was asked for.
pub(super) fn recheck(step: &Step, asked: &ReceiptId) -> Result<(), Refusal> {
    let place = step.next.standing_receipts().position(|receipt| &receipt.id == asked).unwrap_or_default();
    let requests: Vec<ReceiptRequest> = step.next.standing_receipts().map(|r| r.request.clone()).collect();
    check(&step.next, &requests, place).map(|_| ())
}

fn place_of(step: &Step, id: &ReceiptId) -> Result<usize, Refusal> {
    let at = step.next.receipts.iter().position(|receipt| &receipt.id == id);
    at.ok_or_else(|| Refusal::conflict("NO_SUCH_RECEIPT", "没有这条开票信息"))
}
