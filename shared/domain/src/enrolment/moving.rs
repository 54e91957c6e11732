//! Bringing an enrolment over to the unit that goes on with it after a merger, or to where its unit stands now.

use super::UnitRef;
use super::step::Step;
use crate::ids::AccountId;
use crate::refusal::Refusal;

/// The enrolment belongs to `unit` from now on, whatever its state. A task that is open begins anew in the pools above that
/// unit: whoever had it sees a pool it is not in any more.
pub(super) fn bring_over(step: &mut Step, unit: UnitRef, handler: AccountId) -> Result<(), Refusal> {
    let before = step.next.unit.clone();
    if (&before.id, &before.path) == (&unit.id, &unit.path) {
        return Err(Refusal::conflict("ALREADY_RECORDED", "该参保单已属于该单位"));
    }
    let merged = before.id != unit.id;
    step.note(if merged {
        format!("{} → {}", before.name.in_full(), unit.name.in_full())
    } else {
        "归属变更".to_owned()
    });
    if let Some(certificate) = step.next.certificate.as_mut().filter(|_| merged) {
        for rendered in &mut certificate.rendered {
            rendered.printed_for.get_or_insert_with(|| before.name.clone());
        }
    }
    step.next.unit = unit;
    step.next.handler = handler;
    if let (Some(id), Some(level)) = (step.next.task.take(), step.next.state.level()) {
        step.cancel_task(id);
        step.open_task(level);
    }
    Ok(())
}
