//! First, second and final review, and withdrawal.

use jiff::civil::Date;

use super::step::{OPINION_CHARACTERS_MAX, Step, check_text};
use super::{Conclusion, Enrolment, Opinion, ReturnTo, State, reissue, relief};
use crate::ids::AccountId;
use crate::ledger::LedgerAccount::{ContributionIncome, ContributionsReceivable};
use crate::ledger::{LedgerEvent, Posting};
use crate::message::{Message, TextTemplate};
use crate::organisation::FinalReview;
use crate::refusal::{Problem, Refusal};

/// A designated start of cover may not be further away than this, in days: it is a correction, not a plan.
const START_DAYS_AHEAD_MAX: i64 = 366;

pub(super) fn approve(
    step: &mut Step,
    opinion: &str,
    start: Option<Date>,
    final_review: Option<bool>,
) -> Result<(), Refusal> {
    held_by_actor(step)?;
    separate_duties(step)?;
    step.room_for_opinion()?;
    check_text("/opinion", opinion, false, OPINION_CHARACTERS_MAX)?;
    let from = step.next.state;
    if let Some(start) = start {
        designate_start(step, from, start)?;
    }
    let goes_on = from == State::SecondReview && goes_on(step.context.office.final_enrolment_review, final_review)?;
    step.opine(Conclusion::Approved, opinion);
    match from {
        State::FirstReview => step.go(State::SecondReview),
        State::SecondReview if goes_on => step.go(State::FinalReview),
        _ => approved(step)?,
    }
    Ok(())
}

/// Whether a final review follows the second. What the office has decided the reviewer need not say, and may not say
/// otherwise.
fn goes_on(setting: FinalReview, asked: Option<bool>) -> Result<bool, Refusal> {
    let refused = |code, text| Err(Refusal::invalid(vec![Problem::new("/final_review", code, text)]));
    match (setting, asked) {
        (FinalReview::Always, None | Some(true)) => Ok(true),
        (FinalReview::Never, None | Some(false)) => Ok(false),
        (FinalReview::ReviewerDecides, Some(asked)) => Ok(asked),
        (FinalReview::ReviewerDecides, None) => refused("FINAL_REVIEW_UNDECIDED", "请选择是否进入终审"),
        (FinalReview::Always, Some(false)) => refused("FINAL_REVIEW_REQUIRED", "本办事处规定复审通过后一律进入终审"),
        (FinalReview::Never, Some(true)) => refused("FINAL_REVIEW_NOT_USED", "本办事处规定复审通过后不再终审"),
    }
}

fn designate_start(step: &mut Step, from: State, start: Date) -> Result<(), Refusal> {
    if from != State::FirstReview {
        let text = "只有初审可以指定生效日期";
        return Err(Refusal::invalid(vec![Problem::new("/effective_date", "DATE_NOT_ALLOWED", text)]));
    }
    let ahead = start.duration_since(step.context.today).as_hours() / 24;
    if !(-START_DAYS_AHEAD_MAX..=START_DAYS_AHEAD_MAX).contains(&ahead) {
        let text = "指定生效日期应在前后一年之内";
        return Err(Refusal::invalid(vec![Problem::new("/effective_date", "DATE_OUT_OF_RANGE", text)]));
    }
    step.next.designated_start = Some(start);
    Ok(())
}

/// The last review is done: the contribution is due.
fn approved(step: &mut Step) -> Result<(), Refusal> {
    step.go(State::Invoicing);
    let mut postings = Vec::new();
    for line in &step.next.lines {
        let amount = line.contribution().ok_or_else(too_large)?;
        postings.push(Posting::debit(ContributionsReceivable, amount).of_plan(&line.plan.code));
        postings.push(Posting::credit(ContributionIncome, amount).of_plan(&line.plan.code));
    }
    step.post(LedgerEvent::ContributionDue, postings)?;
    relief::post(step, relief::Way::Forth)?;
    step.text(TextTemplate::EnrolmentApproved, None);
    Ok(())
}

pub(super) fn send_back(step: &mut Step, to: ReturnTo, reason: &str) -> Result<(), Refusal> {
    held_by_actor(step)?;
    step.room_for_opinion()?;
    check_text("/reason", reason, true, OPINION_CHARACTERS_MAX)?;
    let from = step.next.state;
    let opinion = step.opine(Conclusion::Returned, reason);
    match (from, to) {
        (_, ReturnTo::Unit) => {
            step.go(State::Drafting);
            relief::take_off(step);
            step.text(TextTemplate::EnrolmentReturned, Some(opinion));
        }
        (State::SecondReview | State::FinalReview, ReturnTo::FirstReview) => step.go(State::FirstReview),
        (_, ReturnTo::FirstReview) => {
            let text = "初审只能退回单位";
            return Err(Refusal::invalid(vec![Problem::new("/to", "RETURN_TARGET", text)]));
        }
    }
    Ok(())
}

pub(super) fn withdraw(step: &mut Step, reason: &str) -> Result<(), Refusal> {
    step.room_for_opinion()?;
    check_text("/reason", reason, true, OPINION_CHARACTERS_MAX)?;
    let was_due = matches!(step.next.state, State::Invoicing | State::AwaitingPayment);
    step.opine(Conclusion::Returned, reason);
    step.go(State::Withdrawn);
    if was_due {
        let mut postings = Vec::new();
        for line in &step.next.lines {
            let amount = line.contribution().ok_or_else(too_large)?;
            postings.push(Posting::debit(ContributionIncome, amount).of_plan(&line.plan.code));
            postings.push(Posting::credit(ContributionsReceivable, amount).of_plan(&line.plan.code));
        }
        step.post(LedgerEvent::ContributionCancelled, postings)?;
        relief::post(step, relief::Way::Back)?;
    }
    reissue::void_all(step, reason);
    if let Some(renewal) = &step.next.renews {
        let message = Message::FreeRenewed { enrolment: renewal.of.clone(), by: step.next.id.clone() };
        step.send(message);
    }
    Ok(())
}

/// The open task must be the actor's: acquiring comes before deciding.
pub(super) fn held_by_actor(step: &Step) -> Result<(), Refusal> {
    let task = step.context.task.filter(|task| Some(&task.id) == step.next.task.as_ref());
    let actor = step.context.actor.map(|actor| &actor.account);
    match task.map(|task| (task.owner(), &task.state)) {
        Some((Some(owner), _)) if Some(owner) == actor => Ok(()),
        Some((_, crate::task::TaskState::InProgress { owner_name, .. })) => {
            Err(Refusal::conflict("TASK_HELD_BY_ANOTHER", format!("该任务正由{owner_name}处理")))
        }
        _ => Err(Refusal::conflict("TASK_NOT_ACQUIRED", "请先获取任务再处理")),
    }
}

/// The actor may conclude the level the enrolment stands at.
pub(super) fn separate_duties(step: &Step) -> Result<(), Refusal> {
    step.context.actor.map_or(Ok(()), |actor| separation_of_duties(&step.next, &actor.account))
}

/// No account approves the same enrolment at two levels, nor what it entered itself (workflows: data scope). The refusal
/// names the rule.
pub fn separation_of_duties(e: &Enrolment, account: &AccountId) -> Result<(), Refusal> {
    if e.entered_by.contains(account) {
        let text = "职责分离：录入人不能审核自己录入的参保单";
        return Err(Refusal::forbidden("SEPARATION_ENTERED", text));
    }
    let approved = |o: &&Opinion| o.by == *account && o.conclusion == Conclusion::Approved && o.state != e.state;
    match e.opinions.iter().find(approved) {
        Some(o) => {
            let text = format!("职责分离：已在{}环节通过该参保单的人，不能再审核其他环节", o.state.chinese());
            Err(Refusal::forbidden("SEPARATION_LEVELS", text))
        }
        None => Ok(()),
    }
}

pub(super) fn too_large() -> Refusal {
    Refusal::conflict("AMOUNT_TOO_LARGE", "金额超出系统可以处理的范围")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_office_decides_about_final_review_before_the_reviewer() {
        let told = |setting| {
            [None, Some(false), Some(true)].map(|asked| {
                goes_on(setting, asked)
                    .map_err(|refusal| refusal.problems.iter().map(|problem| problem.code.as_str()).collect::<String>())
            })
        };
        let wrong = |code: &str| Err(code.to_owned());
        assert_eq!(told(FinalReview::Always), [Ok(true), wrong("FINAL_REVIEW_REQUIRED"), Ok(true)]);
        assert_eq!(told(FinalReview::Never), [Ok(false), Ok(false), wrong("FINAL_REVIEW_NOT_USED")]);
        let decides = [wrong("FINAL_REVIEW_UNDECIDED"), Ok(false), Ok(true)];
        assert_eq!(told(FinalReview::ReviewerDecides), decides);
    }
}
