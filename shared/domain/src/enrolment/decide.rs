//! The state machine of an enrolment: one `match` over (state, command). What is not in it is refused.

use super::step::{Context, Decision, Step};
use super::{
    Command, Enrolment, State, certificate, drafting, invoicing, moving, notice, payment, reissue, renewal, review,
};
use crate::account::Permission;
use crate::refusal::Refusal;

/// Decides a command: what it changes, or why it is refused. Pure and total.
///
/// The caller has checked that the enrolment lies in the actor's data scope.
pub fn decide(enrolment: &Enrolment, command: Command, context: &Context<'_>) -> Result<Decision, Refusal> {
    use State::*;

    permitted(enrolment, &command, context)?;
    let name = command.name();
    let mut step = Step::new(enrolment, context);
    let s = &mut step;
    match (enrolment.state, command) {
        (Drafting, Command::SetPlans { choices, new_employment_form }) => {
            drafting::set_plans(s, choices, new_employment_form)
        }
        (Drafting, Command::SetDetails { staff, female_staff, remark }) => {
            drafting::set_details(s, staff, female_staff, remark)
        }
        (Drafting, Command::SetUnnamed { plan, ordinary, high_risk }) => {
            drafting::set_unnamed(s, &plan, ordinary, high_risk)
        }
        (Drafting, Command::RemoveMembers { plan, removed, roster }) => {
            drafting::remove_members(s, &plan, removed, roster)
        }
        (Drafting, Command::CorrectMember { plan, cells, roster }) => {
            drafting::correct_member(s, &plan, &cells, roster)
        }
        (Drafting, Command::CorrectRows { upload, accepted, failed_rows, rosters }) => {
            drafting::correct_rows(s, &upload, accepted, failed_rows, rosters)
        }
        (Drafting, Command::AddAttachment(attachment)) => drafting::add_attachment(s, attachment),
        (Drafting, Command::RemoveAttachment(upload)) => drafting::remove_attachment(s, &upload),
        (Drafting, Command::BeginImport { upload, plans, file_name }) => {
            drafting::begin_import(s, upload, plans, file_name)
        }
        (Drafting, Command::FinishImport { upload, outcome, rosters }) => {
            drafting::finish_import(s, &upload, outcome, rosters)
        }
        (Drafting, Command::Complete { self_check, granted }) => drafting::complete(s, self_check, &granted),

        (FirstReview | SecondReview | FinalReview, Command::Approve { opinion, start, final_review }) => {
            review::approve(s, &opinion, start, final_review)
        }
        (FirstReview | SecondReview | FinalReview, Command::Return { to, reason }) => review::send_back(s, to, &reason),

        (Invoicing, Command::AddReceipt { id, batch_number, request }) => invoicing::add(s, id, batch_number, request),
        (Invoicing, Command::EditReceipt { id, request }) => invoicing::edit(s, &id, request),
        (Invoicing, Command::DeleteReceipt(id)) => invoicing::delete(s, &id),
        (Invoicing, Command::SubmitReceipts) => invoicing::submit(s),

        (state, Command::PrintNotice) if state.has_notice() => notice::print(s),
        (
            Invoicing | AwaitingPayment | AwaitingPrint | AwaitingArchive | Completed,
            Command::RecordNoticeProblem { print, problem },
        ) => notice::record_problem(s, print, problem),

        (
            AwaitingPayment,
            Command::ConfirmPayment { arrived_on, amount, channel, bank_reference, remark, certificate_number },
        ) => payment::confirm(
            s,
            payment::Arrival { arrived_on, amount, channel, bank_reference, remark },
            certificate_number,
        ),
        (AwaitingPayment, Command::ReturnToInvoicing { reason }) => payment::send_back(s, &reason),

        (AwaitingPrint | AwaitingArchive | Completed, Command::VoidReceipt { id, reason }) => {
            reissue::void(s, &id, &reason)
        }
        (AwaitingPrint | AwaitingArchive | Completed, Command::ReissueReceipt { of, id, batch_number, made_out }) => {
            reissue::reissue(s, &of, id, batch_number, made_out)
        }

        (AwaitingPrint | AwaitingArchive | Completed, Command::Print { roster_confirmed }) => {
            certificate::print(s, roster_confirmed)
        }
        (AwaitingPrint | AwaitingArchive | Completed, Command::Refresh { unit_facts }) => {
            certificate::refresh(s, &unit_facts)
        }
        (AwaitingArchive, Command::AttachScan(scan)) => certificate::attach_scan(s, scan),
        (AwaitingArchive, Command::Archive { note }) => certificate::archive(s, &note),
        (AwaitingArchive, Command::SendBack { reason }) => certificate::send_back(s, &reason),

        (AwaitingPrint | AwaitingArchive | Completed, Command::Renew { by, application_number }) => {
            renewal::mark(s, by, &application_number)
        }
        (AwaitingPrint | AwaitingArchive | Completed, Command::FreeRenewed { by }) => renewal::free(s, &by),

        (AwaitingPrint | AwaitingArchive | Completed, Command::RecordCover { plan, covered }) => {
            payment::record_cover(s, &plan, covered)
        }
        (AwaitingPrint | AwaitingArchive | Completed, Command::RecordReceipt { id, issued }) => {
            payment::record_receipt(s, &id, issued)
        }
        (AwaitingPrint | AwaitingArchive | Completed, Command::RecordReceiptMailed { id, problem }) => {
            payment::record_mailed(s, &id, problem)
        }
        (AwaitingPrint | AwaitingArchive | Completed, Command::RecordCertificate(rendered)) => {
            certificate::record(s, rendered)
        }
        (AwaitingPrint | AwaitingArchive | Completed, Command::RecordCertificateProblem { revision, problem }) => {
            certificate::record_problem(s, revision, problem)
        }

        (
            Drafting | FirstReview | SecondReview | FinalReview | Invoicing | AwaitingPayment,
            Command::Withdraw { reason },
        ) => review::withdraw(s, &reason),

        (_, Command::Move { unit, handler }) => moving::bring_over(s, unit, handler),

        (state, _) => Err(wrong_state(state)),
    }?;
    Ok(step.finish(name))
}

fn wrong_state(state: State) -> Refusal {
    Refusal::conflict("WRONG_STATE", format!("参保单处于“{}”状态，不能进行此项操作", state.chinese()))
}

/// Roles first, so that a refusal never tells a stranger how far an enrolment has come.
fn permitted(enrolment: &Enrolment, command: &Command, context: &Context<'_>) -> Result<(), Refusal> {
    let needed = match command {
        // An enrolment in invoicing has no open level, but a second reviewer has already seen it.
        Command::Withdraw { .. } if enrolment.state == State::Invoicing => Some(Permission::WithdrawLate),
        _ => command.permission(enrolment.state.level()),
    };
    let allowed = match (needed, context.actor) {
        (Some(permission), Some(actor)) => actor.may(permission),
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    if allowed { Ok(()) } else { Err(Refusal::not_permitted()) }
}
