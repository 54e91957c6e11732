//! The certificate: rendered, printed, refreshed, scanned, archived.

use super::step::{OPINION_CHARACTERS_MAX, Step, check_text};
use super::{Attachment, Certificate, Conclusion, REVISIONS_MAX, RenderedCertificate, State, review};
use crate::message::{Message, TextTemplate};
use crate::refusal::{Problem, Refusal};
use crate::task::Level;

fn of<'s>(step: &'s mut Step) -> Result<&'s mut Certificate, Refusal> {
    step.next.certificate.as_mut().ok_or_else(not_rendered)
}

fn not_rendered() -> Refusal {
    Refusal::conflict("CERTIFICATE_NOT_RENDERED", "确认书正在生成，请稍后再试")
}

pub(super) fn print(step: &mut Step, roster_confirmed: bool) -> Result<(), Refusal> {
    let first = step.next.state == State::AwaitingPrint;
    if first && !roster_confirmed {
        let text = "打印前请确认人员名单无误";
        return Err(Refusal::invalid(vec![Problem::new("/roster_confirmed", "ROSTER_NOT_CONFIRMED", text)]));
    }
    let certificate = of(step)?;
    let revision = certificate.current().ok_or_else(not_rendered)?.revision;
    certificate.prints = certificate.prints.saturating_add(1);
    let note = format!("第{}次打印，版本{revision}", certificate.prints);
    step.note(note);
    if first {
        step.go(State::AwaitingArchive);
    }
    Ok(())
}

pub(super) fn refresh(step: &mut Step, unit_facts: &str) -> Result<(), Refusal> {
    let now = step.context.now;
    let certificate = of(step)?;
    let current = certificate.rendered.last().ok_or_else(not_rendered)?;
    if current.unit_facts == unit_facts && certificate.problem.is_none() {
        return Err(Refusal::conflict("NOTHING_CHANGED", "单位信息没有变化，无需刷新"));
    }
    if certificate.rendered.len() >= REVISIONS_MAX {
        return Err(Refusal::conflict("TOO_MANY_REVISIONS", "确认书版本过多，请联系办事处"));
    }
    certificate.revision = certificate.revision.saturating_add(1);
    certificate.requested_at = now;
    certificate.problem = None;
    let revision = certificate.revision;
    step.note(format!("版本{revision}"));
    step.send(Message::Certificate { enrolment: step.next.id.clone(), revision });
    Ok(())
}

pub(super) fn attach_scan(step: &mut Step, scan: Attachment) -> Result<(), Refusal> {
    of(step)?.scan = Some(scan);
    if step.next.task.is_none() {
        step.open_task(Level::Archive);
    }
    Ok(())
}

pub(super) fn archive(step: &mut Step, note: &str) -> Result<(), Refusal> {
    review::held_by_actor(step)?;
    review::separate_duties(step)?;
    step.room_for_opinion()?;
    check_text("/note", note, false, OPINION_CHARACTERS_MAX)?;
    let certificate = of(step)?;
    if certificate.scan.is_none() {
        return Err(Refusal::conflict("SCAN_MISSING", "尚未上传签字盖章的扫描件"));
    }
    certificate.archive_note = Some(note.to_owned());
    step.opine(Conclusion::Approved, note);
    step.go(State::Completed);
    step.text(TextTemplate::CertificateArchived, None);
    Ok(())
}

pub(super) fn send_back(step: &mut Step, reason: &str) -> Result<(), Refusal> {
    review::held_by_actor(step)?;
    step.room_for_opinion()?;
    check_text("/reason", reason, true, OPINION_CHARACTERS_MAX)?;
    of(step)?.scan = None;
    let opinion = step.opine(Conclusion::Returned, reason);
    step.go(State::AwaitingArchive);
    step.text(TextTemplate::ScanSentBack, Some(opinion));
    Ok(())
}

/// A rendering that finishes late, after a newer revision was asked for, is dropped: the newer one is on its way.
pub(super) fn record(step: &mut Step, rendered: RenderedCertificate) -> Result<(), Refusal> {
    let certificate = of(step)?;
    if rendered.revision != certificate.revision || certificate.current().is_some() {
        return Err(Refusal::conflict("ALREADY_RECORDED", "该版本确认书已经生成"));
    }
    let first = certificate.rendered.is_empty();
    certificate.problem = None;
    certificate.rendered.push(rendered);
    if first {
        step.text(TextTemplate::PaymentConfirmed, None);
    }
    Ok(())
}

pub(super) fn record_problem(step: &mut Step, revision: u32, problem: String) -> Result<(), Refusal> {
    let certificate = of(step)?;
    if revision != certificate.revision || certificate.current().is_some() {
        return Err(Refusal::conflict("ALREADY_RECORDED", "该版本确认书已经生成"));
    }
    certificate.problem = Some(problem);
    Ok(())
}
