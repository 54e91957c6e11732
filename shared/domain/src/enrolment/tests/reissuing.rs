//! Receipts after payment: voided, issued again; and before it: never more than is due, whatever is entered in whatever
//! order.

use jiff::civil::date;
use proptest::prelude::*;

use super::journey::*;
use super::*;
use crate::ledger::{LedgerAccount, LedgerEvent, Posting};

/// Paid, and its receipt issued.
fn issued() -> Journey {
    let mut j = Journey::to(State::AwaitingPrint);
    j.act(None, record_receipt("R1"));
    j
}

fn refusal(j: &Journey, command: Command) -> &'static str {
    j.attempt(Some(&actor(Role::Finance)), command).unwrap_err().code
}

/// Balance of an account: debits less credits.
fn balance_of(j: &Journey, account: LedgerAccount) -> i64 {
    let postings = j.effects.iter().flat_map(|d| &d.ledger).flat_map(|entry| &entry.postings);
    let signed = |p: &Posting| if p.side == Side::Debit { p.amount.fen() } else { -p.amount.fen() };
    postings.filter(|p| p.account == account).map(signed).sum()
}

#[test]
fn a_wrong_receipt_is_voided_and_issued_again() {
    let mut j = issued();
    j.by(Role::Finance, void("R1"));
    let entry = &j.effects.last().unwrap().ledger[0];
    assert_eq!(entry.event, LedgerEvent::ReceiptVoided);
    assert_eq!(total(&entry.postings, Side::Debit), total(&entry.postings, Side::Credit));
    assert_eq!(j.effects.last().unwrap().trail[0].note, "S202611201000000001：抬头有误");
    assert_eq!((balance_of(&j, LedgerAccount::ReceiptsIssued), balance_of(&j, LedgerAccount::ReceiptsOwed)), (0, 0));

    j.by(Role::Finance, reissue("R1", "R2"));
    let anew = Message::ReceiptMail { enrolment: j.e.id.clone(), receipt: ReceiptId::parse("R2").unwrap() };
    assert_eq!(j.effects.last().unwrap().messages[0].message, anew, "at once, whatever the day");
    j.act(None, record_receipt("R2"));
    let [wrong, right] = j.e.receipts.as_slice() else { panic!("{:?}", j.e.receipts) };
    assert_eq!(right.request.amount(), wrong.request.amount());
    assert_eq!((right.replaces.as_ref(), right.request.payer_email.as_str()), (Some(&wrong.id), "union@example.com"));
    assert_eq!(balance_of(&j, LedgerAccount::ReceiptsOwed), 40_000, "as if it had been issued once");
    assert!(remaining(&j.e).unwrap().iter().all(|plan| plan.remaining == Fen::ZERO));

    // The second may be wrong as well.
    j.by(Role::Finance, void("R2")).by(Role::Finance, reissue("R2", "R3")).act(None, record_receipt("R3"));
    assert_eq!(balance_of(&j, LedgerAccount::ReceiptsIssued), -40_000);
    assert_eq!(j.e.standing_receipts().count(), 1);
}

#[test]
fn nothing_is_voided_or_issued_twice() {
    let paid = Journey::to(State::AwaitingPrint);
    assert_eq!(refusal(&paid, void("R1")), "RECEIPT_NOT_ISSUED");
    assert_eq!(refusal(&paid, void("R9")), "NO_SUCH_RECEIPT");
    let mut j = issued();
    assert_eq!(refusal(&j, reissue("R1", "R2")), "RECEIPT_NOT_VOIDED");
    j.by(Role::Finance, void("R1"));
    assert_eq!(refusal(&j, void("R1")), "RECEIPT_VOIDED");
    j.by(Role::Finance, reissue("R1", "R2"));
    assert_eq!(refusal(&j, reissue("R1", "R3")), "RECEIPT_REISSUED");
    assert_eq!(refusal(&j, void("R2")), "RECEIPT_NOT_ISSUED");
}

#[test]
fn a_reissue_is_made_out_as_strictly_as_the_first() {
    let mut j = issued();
    j.by(Role::Finance, void("R1"));
    let Command::ReissueReceipt { of, id, batch_number, mut made_out } = reissue("R1", "R2") else { unreachable!() };
    made_out.payer_title = " ".into();
    made_out.payer_email = "nobody".into();
    let wrong = Command::ReissueReceipt { of, id, batch_number, made_out };
    let refusal = j.attempt(Some(&actor(Role::Finance)), wrong).unwrap_err();
    let places: Vec<_> = refusal.problems.iter().map(|p| p.at.as_str()).collect();
    assert_eq!(places, ["/payer_title", "/payer_email"]);
}

#[test]
fn the_settlement_day_puts_receipts_off_and_nothing_else() {
    for (today, receipts_on, scheduled) in
        [(date(2026, 11, 25), date(2026, 11, 25), 0), (date(2026, 11, 26), date(2026, 12, 1), 1)]
    {
        let mut j = Journey::to(State::AwaitingPayment);
        j.acquire(Role::Finance);
        let (office, by) = (office(), actor(Role::Finance));
        let task = j.e.task.as_ref().and_then(|id| j.tasks.get(id));
        let context = Context { actor: Some(&by), now: j.now, today, office: &office, task };
        let decision = decide(&j.e, confirm(), &context).unwrap();
        // Reminders that cover ends are scheduled too.
        let receipts = decision.scheduled.iter().filter(|s| matches!(s.outgoing.message, Message::ReceiptMail { .. }));
        let due: Vec<_> = receipts.map(|message| message.on).collect();
        assert_eq!(due, vec![receipts_on; scheduled]);
        assert_eq!(decision.enrolment.payment.unwrap().receipts_on, Some(receipts_on));
        assert_eq!(decision.enrolment.periods[0].1.start(), today.tomorrow().unwrap(), "cover does not wait");
        let covers = decision.messages.iter().filter(|m| matches!(m.message, Message::Cover { .. })).count();
        assert_eq!(covers, 1);
    }
}

/// Something a clerk does in receipt entry.
#[derive(Debug, Clone)]
enum Entry {
    Add(u32, i64),
    Edit(usize, u32, i64),
    Delete(usize),
    Submit,
}

fn entry() -> impl Strategy<Value = Entry> {
    prop_oneof![
        4 => (1..9_u32, 1..6_000_i64).prop_map(|(persons, price)| Entry::Add(persons, price)),
        2 => (0..6_usize, 1..9_u32, 1..6_000_i64).prop_map(|(at, persons, price)| Entry::Edit(at, persons, price)),
        1 => (0..6_usize).prop_map(Entry::Delete),
        // What is left, in one receipt: so that some entries end in full.
        1 => Just(Entry::Add(8, 0)),
        2 => Just(Entry::Submit),
    ]
}

fn asked(persons: u32, price: i64) -> ReceiptRequest {
    let mut asked = request(price);
    asked.items[0].persons = persons;
    asked
}

fn left(j: &Journey) -> i64 {
    remaining(&j.e).unwrap().iter().map(|plan| plan.remaining.fen()).sum()
}

proptest! {
    /// Whatever is entered: the receipts never exceed what is due, what remains is the rest, and they are submitted
    /// exactly when nothing remains.
    #[test]
    fn receipts_never_exceed_what_is_due(entries in prop::collection::vec(entry(), 1..25)) {
        let mut j = Journey::to(State::Invoicing);
        let due = j.e.amount_due().unwrap();
        let by = actor(Role::UnitHandler);
        for (n, entry) in entries.into_iter().enumerate() {
            let place = |at: usize| j.e.receipts.get(at).map(|r| r.id.clone());
            let command = match entry {
                Entry::Add(persons, price) => {
                    let price = if price == 0 { left(&j) / i64::from(persons) } else { price };
                    let id = ReceiptId::parse(&format!("R{n}")).unwrap();
                    Command::AddReceipt { id, batch_number: format!("S{n}"), request: asked(persons, price) }
                }
                Entry::Edit(at, persons, price) => {
                    let Some(id) = place(at) else { continue };
                    Command::EditReceipt { id, request: asked(persons, price) }
                }
                Entry::Delete(at) => {
                    let Some(id) = place(at) else { continue };
                    Command::DeleteReceipt(id)
                }
                Entry::Submit => {
                    let submitted = j.attempt(Some(&by), Command::SubmitReceipts).is_ok();
                    prop_assert_eq!(submitted, left(&j) == 0);
                    continue;
                }
            };
            if let Ok(decision) = j.attempt(Some(&by), command) {
                j.e = decision.enrolment;
            }
            let sum = Fen::sum(j.e.receipts.iter().map(|r| r.request.amount().unwrap())).unwrap();
            prop_assert!(sum <= due, "{sum:?} of {due:?}");
            prop_assert_eq!(left(&j), due.fen() - sum.fen());
        }
    }
}
