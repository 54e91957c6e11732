//! Subsidies and gifted cover, from the completion to the payment.

use jiff::civil::date;

use super::journey::*;
use crate::account::Role;
use crate::enrolment::*;
use crate::ids::ReliefId;
use crate::ledger::{LedgerAccount, LedgerEvent, Posting, Side, total};
use crate::receipt::{FundSource, Relief, ReliefKind, SubsidyRule};

fn relief(id: &str, rule: SubsidyRule, kind: ReliefKind) -> Relief {
    let id = ReliefId::parse(id).unwrap();
    Relief { id, plan_code: "women-25".into(), rule, kind, from: date(2026, 1, 1), until: None }
}

/// 8 members × 2 shares × 25.00 = 400.00: 10.00 each from the city, the rest of the first share given.
fn granted() -> Vec<Relief> {
    let kind = ReliefKind::Subsidy {
        bearer_title: "宝鸡市总工会".into(),
        tax_number: String::new(),
        fund_source: FundSource::AdministrativeFunds,
    };
    vec![
        relief("subsidy", SubsidyRule::FixedPerMember { amount: Fen::new(1000) }, kind),
        relief("gift", SubsidyRule::FixedPerMember { amount: Fen::new(1500) }, ReliefKind::GiftedCover),
        Relief {
            until: Some(date(2026, 11, 19)),
            ..relief("ended", SubsidyRule::FirstShares { shares: 1 }, ReliefKind::GiftedCover)
        },
    ]
}

fn approved(granted: Vec<Relief>) -> Journey {
    let mut j = Journey::to(State::Drafting);
    j.by(Role::UnitHandler, complete_with(granted));
    for (role, needs_final) in [(Role::EnrolmentFirstReviewer, false), (Role::EnrolmentSecondReviewer, false)] {
        j.acquire(role).by(role, approve(needs_final));
    }
    assert_eq!(j.e.state, State::Invoicing);
    j
}

fn postings(j: &Journey) -> Vec<(LedgerEvent, Posting)> {
    let entries = j.effects.iter().flat_map(|decision| &decision.ledger);
    entries.flat_map(|entry| entry.postings.iter().map(|posting| (entry.event, posting.clone()))).collect()
}

fn balance_of(j: &Journey, account: LedgerAccount) -> i64 {
    let signed =
        |posting: &Posting| if posting.side == Side::Debit { posting.amount.fen() } else { -posting.amount.fen() };
    postings(j).iter().filter(|(_, posting)| posting.account == account).map(|(_, posting)| signed(posting)).sum()
}

#[test]
fn what_is_borne_is_not_due() {
    let j = approved(granted());
    let line = &j.e.lines[0];
    let amounts = [line.contribution(), line.subsidy(), line.gifted(), line.due(), j.e.amount_due()];
    assert_eq!(amounts, [40_000, 8_000, 12_000, 20_000, 20_000].map(|fen| Some(Fen::new(fen))));
    assert_eq!(remaining(&j.e).unwrap()[0].due, Fen::new(20_000));
    use LedgerAccount::*;
    let accounts = [ContributionsReceivable, SubsidyReceivable, GiftedCover, ContributionIncome];
    assert_eq!(accounts.map(|account| balance_of(&j, account)), [20_000, 8_000, 12_000, -40_000]);
    let funds: Vec<_> = postings(&j).iter().filter_map(|(_, posting)| posting.fund_source).collect();
    assert_eq!(funds, [FundSource::AdministrativeFunds]);
    assert!(
        j.effects
            .iter()
            .flat_map(|d| &d.ledger)
            .all(|e| total(&e.postings, Side::Debit) == total(&e.postings, Side::Credit))
    );
}

#[test]
fn the_unit_pays_what_is_left() {
    let mut j = approved(granted());
    let over = j.attempt(Some(&actor(Role::UnitHandler)), add_receipt()).unwrap_err();
    assert_eq!(over.problems[0].code, "RECEIPT_OVER_DUE");
    let id = ReceiptId::parse("R1").unwrap();
    j.by(Role::UnitHandler, Command::AddReceipt { id, batch_number: "S1".into(), request: request(2500) });
    j.by(Role::UnitHandler, Command::SubmitReceipts).acquire(Role::Finance);
    let Command::ConfirmPayment { arrived_on, channel, bank_reference, remark, certificate_number, .. } = confirm()
    else {
        panic!("a payment")
    };
    let amount = Fen::new(20_000);
    let paid = Command::ConfirmPayment { arrived_on, amount, channel, bank_reference, remark, certificate_number };
    j.by(Role::Finance, paid);
    assert_eq!(balance_of(&j, LedgerAccount::ContributionsReceivable), 0);
    assert_eq!(balance_of(&j, LedgerAccount::Bank), 20_000);
    assert_eq!(balance_of(&j, LedgerAccount::SubsidyReceivable), 8_000, "the bearer still owes it");
}

#[test]
fn a_contribution_that_is_given_whole_needs_no_receipt() {
    let gift = relief("gift", SubsidyRule::Percentage { basis_points: 10_000 }, ReliefKind::GiftedCover);
    let mut j = approved(vec![gift]);
    assert_eq!(j.e.amount_due(), Some(Fen::ZERO));
    j.by(Role::UnitHandler, Command::SubmitReceipts).acquire(Role::Finance);
    let Command::ConfirmPayment { arrived_on, channel, bank_reference, remark, certificate_number, .. } = confirm()
    else {
        panic!("a payment")
    };
    let paid =
        Command::ConfirmPayment { arrived_on, amount: Fen::ZERO, channel, bank_reference, remark, certificate_number };
    j.by(Role::Finance, paid);
    assert_eq!(j.e.state, State::AwaitingPrint);
    assert_eq!(balance_of(&j, LedgerAccount::ContributionsReceivable), 0);
    assert_eq!(balance_of(&j, LedgerAccount::Bank), 0);
}

#[test]
fn withdrawing_takes_all_of_it_back() {
    let mut j = approved(granted());
    j.by(Role::Supervisor, withdraw());
    use LedgerAccount::*;
    for account in [ContributionsReceivable, SubsidyReceivable, GiftedCover, ContributionIncome] {
        assert_eq!(balance_of(&j, account), 0, "{account:?}");
    }
}

#[test]
fn a_return_to_the_unit_takes_it_off_until_the_next_completion() {
    let mut j = Journey::to(State::Drafting);
    j.by(Role::UnitHandler, complete_with(granted()));
    j.acquire(Role::EnrolmentFirstReviewer).by(Role::EnrolmentFirstReviewer, send_back(ReturnTo::Unit));
    assert_eq!((j.e.lines[0].borne.len(), j.e.amount_due()), (0, Some(Fen::new(40_000))));
    j.by(Role::UnitHandler, complete());
    assert_eq!(j.e.amount_due(), Some(Fen::new(40_000)), "the office grants nothing any more");
}

/// Rules: 25 × 95.00 = 2,375.00, subsidy 35.00 each = 875.00 → 1,500.00; with 25 × 36.00 = 900.00 → due 2,400.00.
#[test]
fn the_worked_example_is_due_2400() {
    let plan = |code: &str, fee| PlanVariant {
        code: code.into(),
        fee: Fen::new(fee),
        fee_high_risk: Fen::new(fee),
        ..plan("hospital-a")
    };
    let mut j = Journey::begin();
    let choices = [plan("a", 9500), plan("b", 3600)].map(|plan| LineChoice { plan, shares: 1 }).to_vec();
    j.by(Role::UnitHandler, Command::SetPlans { choices, new_employment_form: false }).by(Role::UnitHandler, details());
    for plan in ["a", "b"] {
        j.by(Role::UnitHandler, Command::SetUnnamed { plan: plan.into(), ordinary: 25, high_risk: 0 });
    }
    let rule = SubsidyRule::FixedPerMember { amount: Fen::new(3500) };
    let subsidy = Relief { plan_code: "a".into(), rule, ..granted().swap_remove(0) };
    j.by(Role::UnitHandler, complete_with(vec![subsidy]));
    let due: Vec<_> = j.e.lines.iter().map(|line| line.due().unwrap().fen()).collect();
    assert_eq!((due, j.e.amount_due()), (vec![150_000, 90_000], Some(Fen::new(240_000))));
    assert_eq!(j.e.subsidy(), Some(Fen::new(87_500)));
}
