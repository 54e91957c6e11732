//! The machine over every (state × command × role), and what single steps promise.

#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

mod journey;
mod moving;
mod reissuing;
mod relief;
mod renewing;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::civil::date;

use self::journey::*;
use super::*;
use crate::account::{Actor, Role};
use crate::ledger::{Side, total};
use crate::message::{Message, TextTemplate};
use crate::receipt::Channel;
use crate::refusal::Refusal;
use crate::roster::raw::Column;
use crate::task::TaskState;

/// One command of every kind, each such that nothing but state, role and task can refuse it where it belongs.
fn commands() -> Vec<Command> {
    let receipt = ReceiptId::parse("R1").unwrap();
    vec![
        set_plans(),
        details(),
        Command::SetUnnamed { plan: "women-25".into(), ordinary: 1, high_risk: 0 },
        Command::RemoveMembers { plan: "women-25".into(), removed: 1, roster: Some(roster()) },
        Command::CorrectMember { plan: "women-25".into(), cells: vec![Column::Name], roster: roster() },
        correct_rows(1),
        Command::AddAttachment(attachment("A2")),
        complete(),
        approve(false),
        send_back(ReturnTo::Unit),
        send_back(ReturnTo::FirstReview),
        Command::AddReceipt { id: receipt, batch_number: "S1".into(), request: request(100) },
        Command::SubmitReceipts,
        Command::PrintNotice,
        confirm(),
        Command::ReturnToInvoicing { reason: "抬头有误".into() },
        void("R1"),
        reissue("R1", "R2"),
        renew_by("E2"),
        print(),
        Command::Refresh { unit_facts: "facts-2".into() },
        scan(),
        archive(),
        Command::SendBack { reason: "缺少公章".into() },
        withdraw(),
        Command::BeginImport { upload: upload("U2"), plans: vec!["women-25".into()], file_name: "b.xlsx".into() },
        Command::RecordCover { plan: "women-25".into(), covered: 8 },
        record_receipt("R1"),
        Command::FreeRenewed { by: EnrolmentId::parse("E2").unwrap() },
        move_to("u2"),
    ]
}

/// Prepares the state so that a command can only be refused for state or role: tasks held, receipts filled.
fn prepared(state: State, command: &Command, role: Option<Role>) -> Journey {
    let mut j = Journey::to(state);
    if state == State::Invoicing && matches!(command, Command::SubmitReceipts) {
        j.by(Role::UnitHandler, add_receipt());
    }
    if state == State::AwaitingPrint {
        j.act(None, record_certificate());
    }
    if matches!(command, Command::VoidReceipt { .. } | Command::ReissueReceipt { .. }) && j.e.payment.is_some() {
        j.act(None, record_receipt("R1"));
        if matches!(command, Command::ReissueReceipt { .. }) {
            j.by(Role::Finance, void("R1"));
        }
    }
    if matches!(command, Command::Renew { .. } | Command::FreeRenewed { .. }) && j.e.payment.is_some() {
        j.ends_on(date(2026, 12, 31));
        if matches!(command, Command::FreeRenewed { .. }) {
            j.by(Role::UnitHandler, renew_by("E2"));
        }
    }
    if state == State::AwaitingArchive && !matches!(command, Command::AttachScan(_)) {
        j.by(Role::UnitHandler, scan());
    }
    if let (Some(role), Some(_)) = (role, &j.e.task) {
        j.acquire(role);
    }
    j
}

/// The walk: for every state and command, who may and where it leads. Its snapshot is the table in ARCHITECTURE.md.
#[test]
fn every_state_command_and_role() {
    let mut table = String::from("| state | command | who | to |\n| --- | --- | --- | --- |\n");
    let mut accepted = 0;
    for state in State::ALL {
        for command in commands() {
            let mut who: BTreeMap<State, Vec<String>> = BTreeMap::new();
            for role in Role::ALL.into_iter().map(Some).chain([None]) {
                let j = prepared(state, &command, role);
                let by = role.map(actor);
                match j.attempt(by.as_ref(), command.clone()) {
                    Ok(decision) => {
                        accepted += 1;
                        assert_eq!(decision.enrolment.version, j.e.version + 1);
                        assert_eq!(decision.trail.len(), 1);
                        let name = by.map_or_else(|| "platform".to_owned(), |a| a.name);
                        who.entry(decision.enrolment.state).or_default().push(name);
                    }
                    Err(refusal) => {
                        let expected = ["NOT_PERMITTED", "WRONG_STATE", "ALREADY_RECORDED", "INVALID"];
                        assert!(expected.contains(&refusal.code), "{state:?} {} {role:?}: {refusal:?}", command.name());
                    }
                }
            }
            for (to, names) in who {
                let from = state.as_str();
                writeln!(table, "| {from} | {} | {} | {} |", command.name(), names.join(", "), to.as_str()).unwrap();
            }
        }
    }
    assert!(accepted > 50, "the walk must reach something: {accepted}");
    insta::assert_snapshot!("walk", table);
}

#[test]
fn the_whole_journey_balances() {
    let mut j = Journey::to(State::Completed);
    let issued = commands().into_iter().find(|c| matches!(c, Command::RecordReceipt { .. })).unwrap();
    j.act(None, issued).act(None, Command::RecordCover { plan: "women-25".into(), covered: 8 });
    let postings: Vec<_> = j.effects.iter().flat_map(|d| &d.ledger).flat_map(|entry| entry.postings.clone()).collect();
    assert_eq!(total(&postings, Side::Debit), Some(Fen::new(120_000)), "due, received, receipted: 400.00 each");
    assert_eq!(total(&postings, Side::Debit), total(&postings, Side::Credit));
    assert!(j.tasks.values().all(|task| task.state == TaskState::Done));
    let period = j.e.period("women-25").unwrap();
    assert_eq!((period.start(), period.end()), (date(2026, 11, 21), date(2027, 11, 20)));
    let texts: Vec<_> = j
        .effects
        .iter()
        .flat_map(|d| &d.messages)
        .filter_map(|m| match &m.message {
            Message::Text { template, .. } => Some(*template),
            _ => None,
        })
        .collect();
    let reminders = j.effects.iter().flat_map(|d| &d.scheduled).filter_map(|s| match &s.outgoing.message {
        Message::CoverEnding { end, days, .. } => Some((s.on, *end, *days)),
        _ => None,
    });
    let end = date(2027, 11, 20);
    let expected = [(date(2027, 9, 21), end, 60), (date(2027, 10, 21), end, 30), (date(2027, 11, 13), end, 7)];
    assert_eq!(reminders.collect::<Vec<_>>(), expected, "once for all plans that end on the same day");
    use TextTemplate::*;
    assert_eq!(texts, [EnrolmentApproved, PaymentConfirmed, CertificateArchived]);
}

#[test]
fn completion_names_all_that_is_missing_at_once() {
    let mut j = Journey::begin();
    let codes = |refusal: Refusal| refusal.problems.into_iter().map(|p| p.code).collect::<Vec<_>>();
    let by = actor(Role::UnitHandler);
    assert_eq!(codes(j.attempt(Some(&by), complete()).unwrap_err()), ["PLAN_COUNT", "HEADCOUNT_MISSING"]);
    j.drafted();
    j.e.staff = None;
    let ids = ["110101199003071233"].map(|id| crate::identity::ResidentId::parse(id, date(2026, 1, 1)).unwrap());
    j.e.lines[0].roster.as_mut().unwrap().over_age = ids.iter().collect();
    assert_eq!(codes(j.attempt(Some(&by), complete()).unwrap_err()), ["HEADCOUNT_MISSING", "OVER_AGE_PROOF_MISSING"]);
}

#[test]
fn a_running_import_holds_up_completion_until_it_ends_or_stalls() {
    let mut j = Journey::begin();
    j.drafted().act(
        None,
        Command::BeginImport { upload: upload("U9"), plans: vec!["women-25".into()], file_name: "c.xlsx".into() },
    );
    let by = actor(Role::UnitHandler);
    assert_eq!(j.attempt(Some(&by), complete()).unwrap_err().code, "IMPORT_RUNNING");
    j.now += jiff::SignedDuration::from_secs(IMPORT_STALLED_AFTER_S);
    assert!(j.attempt(Some(&by), complete()).is_ok());
}

#[test]
fn changing_shares_drops_the_roster_that_was_checked_against_them() {
    let mut j = Journey::to(State::Drafting);
    j.by(Role::UnitHandler, set_plans());
    assert_eq!(j.e.lines[0].participants(), 8, "the same choice keeps its roster");
    let choices = vec![LineChoice { plan: plan("women-25"), shares: 1 }];
    j.by(Role::UnitHandler, Command::SetPlans { choices, new_employment_form: false });
    assert_eq!(j.e.lines[0].participants(), 0);
}

#[test]
fn a_corrected_row_moves_from_failed_to_succeeded() {
    let mut j = Journey::to(State::Drafting);
    j.by(Role::UnitHandler, correct_rows(1));
    let counts = |j: &Journey| match j.e.batches[0].outcome.clone() {
        Some(ImportOutcome::Done { total, succeeded, failed, failed_rows }) => {
            (total, succeeded, failed, failed_rows.is_some())
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(counts(&j), (10, 9, 1, true));
    let by = actor(Role::UnitHandler);
    assert_eq!(j.attempt(Some(&by), correct_rows(2)).unwrap_err().code, "NO_FAILED_ROWS", "only one is left");
    j.by(Role::Registrar, correct_rows(1));
    assert_eq!((counts(&j).1, counts(&j).2), (10, 0));
    let registrar = actor(Role::Registrar).account;
    assert!(j.e.entered_by.contains(&registrar), "who corrects may not review");
}

#[test]
fn removing_the_last_member_leaves_no_roster() {
    let mut j = Journey::to(State::Drafting);
    j.by(Role::UnitHandler, Command::RemoveMembers { plan: "women-25".into(), removed: 8, roster: None });
    assert_eq!(j.e.lines[0].participants(), 0);
    assert!(j.effects.last().unwrap().trail[0].note.ends_with("移除8人"));
    let other = Command::RemoveMembers { plan: "hospital-a".into(), removed: 1, roster: None };
    let refusal = j.attempt(Some(&actor(Role::UnitHandler)), other).unwrap_err();
    assert_eq!(refusal.problems[0].code, "PLAN_NOT_CHOSEN");
}

#[test]
fn a_corrected_member_is_told_by_what_was_changed_and_who_corrects_may_not_review() {
    let mut j = Journey::to(State::Drafting);
    let cells = vec![Column::IdNumber, Column::Mobile];
    j.by(Role::Registrar, Command::CorrectMember { plan: "women-25".into(), cells, roster: roster() });
    assert!(j.effects.last().unwrap().trail[0].note.ends_with("更正1人：身份证号码、手机号码"));
    assert!(j.e.entered_by.contains(&actor(Role::Registrar).account));
    let other = Command::CorrectMember { plan: "hospital-a".into(), cells: vec![Column::Name], roster: roster() };
    let refusal = j.attempt(Some(&actor(Role::UnitHandler)), other).unwrap_err();
    assert_eq!(refusal.problems[0].code, "PLAN_NOT_CHOSEN");
}

#[test]
fn nobody_approves_twice_or_what_they_entered() {
    let mut both = actor(Role::EnrolmentFirstReviewer);
    both.roles = vec![Role::EnrolmentFirstReviewer, Role::EnrolmentSecondReviewer, Role::UnitHandler];
    let hold = |j: &mut Journey, by: &Actor| {
        let task = j.tasks.get_mut(j.e.task.as_ref().unwrap()).unwrap();
        let (owner, owner_name) = (by.account.clone(), by.name.clone());
        task.state = TaskState::InProgress { owner, owner_name, since: j.now, handed_by: None };
    };

    let mut j = Journey::to(State::FirstReview);
    hold(&mut j, &both);
    j.act(Some(&both), approve(false));
    hold(&mut j, &both);
    assert_eq!(j.attempt(Some(&both), approve(false)).unwrap_err().code, "SEPARATION_LEVELS");

    let mut j = Journey::to(State::Drafting);
    j.act(Some(&both), details()).by(Role::UnitHandler, complete());
    hold(&mut j, &both);
    assert_eq!(j.attempt(Some(&both), approve(false)).unwrap_err().code, "SEPARATION_ENTERED");
}

#[test]
fn a_task_is_decided_by_the_one_who_has_it() {
    let mut j = Journey::to(State::FirstReview);
    let by = actor(Role::EnrolmentFirstReviewer);
    assert_eq!(j.attempt(Some(&by), approve(false)).unwrap_err().code, "TASK_NOT_ACQUIRED");
    j.acquire(Role::EnrolmentFirstReviewer);
    let mut other = by.clone();
    other.account = AccountId::parse("another").unwrap();
    let refusal = j.attempt(Some(&other), approve(false)).unwrap_err();
    assert_eq!(refusal.code, "TASK_HELD_BY_ANOTHER");
    assert!(refusal.text.contains(&by.name), "tells who has it");
}

#[test]
fn every_print_of_the_notice_counts_and_asks_for_its_own_rendering() {
    let mut j = Journey::to(State::Invoicing);
    j.by(Role::UnitHandler, Command::PrintNotice).by(Role::Finance, Command::PrintNotice);
    let asked: Vec<_> = j.effects.iter().rev().take(2).map(|d| d.messages.clone()).collect();
    let message = |print| Message::Notice { enrolment: j.e.id.clone(), print };
    assert_eq!(asked.iter().map(|m| &m[0].message).collect::<Vec<_>>(), [&message(2), &message(1)]);
    let notice = j.e.notice.clone().unwrap();
    assert_eq!((notice.prints, &notice.message), (2, &asked[0][0].id));
    assert_eq!(j.effects.last().unwrap().trail[0].note, "第2次打印");

    let problem = |print| Command::RecordNoticeProblem { print, problem: "缺少字形".into() };
    assert_eq!(j.attempt(None, problem(1)).unwrap_err().code, "ALREADY_RECORDED", "print 2 is on its way");
    j.act(None, problem(2));
    assert_eq!(j.e.notice.unwrap().problem.as_deref(), Some("缺少字形"));
}

#[test]
fn payment_must_be_the_amount_due() {
    let mut j = Journey::to(State::AwaitingPayment);
    j.acquire(Role::Finance);
    let wrong = Command::ConfirmPayment {
        arrived_on: date(2026, 11, 21),
        amount: Fen::new(39_999),
        channel: Channel::Transfer,
        bank_reference: " ".into(),
        remark: String::new(),
        certificate_number: "G1".into(),
    };
    let refusal = j.attempt(Some(&actor(Role::Finance)), wrong).unwrap_err();
    let codes: Vec<_> = refusal.problems.iter().map(|p| p.code.as_str()).collect();
    assert_eq!(codes, ["AMOUNT_MISMATCH", "DATE_IN_FUTURE", "TEXT_MISSING"]);
}

#[test]
fn a_facts_second_recording_is_a_duplicate() {
    let mut j = Journey::to(State::AwaitingPrint);
    let cover = Command::RecordCover { plan: "women-25".into(), covered: 8 };
    j.act(None, record_certificate()).act(None, cover.clone());
    for again in [record_certificate(), cover] {
        assert_eq!(j.attempt(None, again).unwrap_err().code, "ALREADY_RECORDED");
    }
}

#[test]
fn withdrawing_cancels_what_was_due() {
    let mut j = Journey::to(State::AwaitingPayment);
    j.by(Role::Supervisor, withdraw());
    let postings: Vec<_> = j.effects.iter().flat_map(|d| &d.ledger).flat_map(|entry| entry.postings.clone()).collect();
    let of = |side| {
        let income = crate::ledger::LedgerAccount::ContributionIncome;
        Fen::sum(postings.iter().filter(|p| p.account == income && p.side == side).map(|p| p.amount))
    };
    assert_eq!(of(Side::Debit), of(Side::Credit), "income is taken back");
    let voided = j.e.receipts[0].voided.as_ref().unwrap();
    assert_eq!((j.e.receipts.len(), voided.by_name.as_str()), (1, "supervisor"));
    assert!(j.e.standing_receipts().next().is_none() && j.e.task.is_none());
}
