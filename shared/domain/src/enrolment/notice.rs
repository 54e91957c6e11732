//! The payment notice (缴费通知单): each print is asked for and counted here; a queue's worker renders it.

use super::Notice;
use super::step::Step;
use crate::message::Message;
use crate::refusal::Refusal;

pub(super) fn print(step: &mut Step) -> Result<(), Refusal> {
    let prints = step.next.notice.as_ref().map_or(0, |notice| notice.prints).saturating_add(1);
    let message = step.send(Message::Notice { enrolment: step.next.id.clone(), print: prints });
    step.next.notice = Some(Notice { prints, requested_at: step.context.now, message, problem: None });
    step.note(format!("第{prints}次打印"));
    Ok(())
}

/// A problem of an earlier print is dropped: a newer one is on its way.
pub(super) fn record_problem(step: &mut Step, print: u32, problem: String) -> Result<(), Refusal> {
    let notice = step.next.notice.as_mut().filter(|notice| notice.prints == print && notice.problem.is_none());
    let notice = notice.ok_or_else(|| Refusal::conflict("ALREADY_RECORDED", "该次打印已有结果"))?;
    notice.problem = Some(problem);
    Ok(())
}
