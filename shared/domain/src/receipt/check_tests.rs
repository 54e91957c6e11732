#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use proptest::prelude::*;

use super::super::{Channel, FundSource};
use super::*;

fn women(ordinary: u32, shares: u32) -> ReceiptPlan {
    let due = Fen::new(2500 * i64::from(ordinary) * i64::from(shares));
    let fee = Fen::new(2500);
    ReceiptPlan { code: "women-25".into(), due, shares, fee, fee_high_risk: fee, ordinary, high_risk: 0 }
}

fn item(persons: u32, price: i64) -> ReceiptItem {
    ReceiptItem {
        plan_code: "women-25".into(),
        occupation: Occupation::Ordinary,
        persons,
        price: Fen::new(price),
        note: String::new(),
    }
}

fn request(fund_source: FundSource, items: Vec<ReceiptItem>) -> ReceiptRequest {
    ReceiptRequest {
        fund_source,
        payer_title: "某某单位工会委员会".into(),
        tax_number_type: TaxNumberType::CreditCode,
        tax_number: "81370200MC7654321U".into(),
        channel: Channel::Transfer,
        payer_email: "finance@example.com".into(),
        other_information: String::new(),
        items,
    }
}

fn union(items: Vec<ReceiptItem>) -> ReceiptRequest {
    request(FundSource::UnionFunds, items)
}

/// The faults of one request as `pointer CODE`.
fn faults(plan: ReceiptPlan, request: ReceiptRequest) -> Vec<String> {
    match check_receipts(&[plan], &[request]) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.iter().map(|fault| format!("{} {}", fault.pointer(), fault.reason.code())).collect(),
    }
}

#[test]
fn two_requests_pay_the_worked_example_in_full() {
    let requests = [union(vec![item(8, 1000)]), request(FundSource::SelfPaid, vec![item(8, 4000)])];
    let checked = check_receipts(&[women(8, 2)], &requests).unwrap();
    let [plan] = checked.remaining.as_slice() else { panic!("one plan") };
    assert_eq!((plan.due, plan.remaining), (Fen::new(40_000), Fen::ZERO));
    assert!(can_submit(&checked.remaining));
    assert_eq!(checked.warnings, []);

    let checked = check_receipts(&[women(8, 2)], &requests[..1]).unwrap();
    assert_eq!(checked.remaining[0].remaining, Fen::new(32_000));
    assert!(!can_submit(&checked.remaining));
}

#[test]
fn items_keep_to_the_plan() {
    let check = |item, expect: &[&str]| assert_eq!(faults(women(8, 2), union(vec![item])), expect);
    check(item(8, 5000), &[]);
    check(item(0, 5000), &["/items/0/persons RECEIPT_PERSONS"]);
    check(item(9, 100), &["/items/0/persons RECEIPT_PERSONS"]);
    check(item(1, 0), &["/items/0/price RECEIPT_PRICE"]);
    check(item(1, -100), &["/items/0/price RECEIPT_PRICE"]);
    check(item(1, 5001), &["/items/0/price RECEIPT_PRICE"]);
    check(ReceiptItem { plan_code: "other".into(), ..item(1, 1) }, &["/items/0/plan_code RECEIPT_PLAN"]);
    check(ReceiptItem { note: "字".repeat(40), ..item(1, 1) }, &[]);
    check(ReceiptItem { note: "字".repeat(41), ..item(1, 1) }, &["/items/0/note TEXT_TOO_LONG"]);
    check(ReceiptItem { occupation: Occupation::HighRisk, ..item(1, 1) }, &["/items/0/persons RECEIPT_PERSONS"]);
    check(
        item(u32::MAX, i64::MAX),
        &["/items/0/persons RECEIPT_PERSONS", "/items/0/price RECEIPT_PRICE", "/items/0/price RECEIPT_OVER_DUE"],
    );
}

#[test]
fn both_occupations_count_apart_and_share_the_high_risk_cap() {
    let plan = || ReceiptPlan {
        due: Fen::new(5 * 2 * 2000 + 3 * 2 * 3200),
        fee: Fen::new(2000),
        fee_high_risk: Fen::new(3200),
        high_risk: 3,
        ..women(5, 2)
    };
    let high = |persons, price| ReceiptItem { occupation: Occupation::HighRisk, ..item(persons, price) };
    assert_eq!(faults(plan(), union(vec![item(5, 4000), high(3, 6400)])), [""; 0]);
    assert_eq!(faults(plan(), union(vec![item(1, 6400)])), [""; 0]);
    assert_eq!(faults(plan(), union(vec![item(1, 6401)])), ["/items/0/price RECEIPT_PRICE"]);
    assert_eq!(
        faults(plan(), union(vec![item(6, 100), high(4, 100)])),
        ["/items/0/persons RECEIPT_PERSONS", "/items/1/persons RECEIPT_PERSONS"]
    );
}

#[test]
fn the_sum_keeps_to_the_amount_due() {
    let found =
        check_receipts(&[women(8, 2)], &[union(vec![item(8, 4000)]), union(vec![item(8, 1001), item(8, 1000)])]);
    let due = Fen::new(40_000);
    let fault =
        ReceiptFault { request: 1, item: Some(0), field: ReceiptField::Price, reason: Reason::ReceiptOverDue { due } };
    assert_eq!(found, Err(vec![fault]));
}

#[test]
fn a_request_names_all_its_faults() {
    let empty = ReceiptRequest {
        payer_title: " ".into(),
        tax_number: String::new(),
        payer_email: "nobody".into(),
        other_information: "字".repeat(41),
        ..union(Vec::new())
    };
    assert_eq!(
        faults(women(8, 2), empty),
        [
            "/payer_title PAYER_TITLE_MISSING",
            "/tax_number TAX_NUMBER_MISSING",
            "/payer_email EMAIL_FORMAT",
            "/other_information TEXT_TOO_LONG",
            "/items RECEIPT_EMPTY",
        ]
    );
}

#[test]
fn a_doubtful_tax_number_only_warns() {
    let doubtful = ReceiptRequest { tax_number: "123702006762229200".into(), ..union(vec![item(1, 1)]) };
    let warnings = check_receipts(&[women(8, 2)], &[doubtful]).unwrap().warnings;
    assert_eq!(warnings.len(), 1);
    assert_eq!((warnings[0].pointer().as_str(), &warnings[0].reason), ("/tax_number", &Reason::UsccCheckDigit));
    let none =
        ReceiptRequest { tax_number_type: TaxNumberType::None, tax_number: String::new(), ..union(vec![item(1, 1)]) };
    assert_eq!(check_receipts(&[women(8, 2)], &[none]).unwrap().warnings, []);
}

proptest! {
    #[test]
    fn stands_up_to_the_amount_due_and_is_submitted_only_in_full(
        shares in 1..3_u32, items in prop::collection::vec((1..9_u32, 1..2501_i64), 1..6),
    ) {
        let plan = women(8, shares);
        let due = plan.due;
        let items: Vec<_> = items.into_iter().map(|(persons, price)| item(persons, price)).collect();
        let asked = Fen::sum(items.iter().map(|item| item.amount().unwrap())).unwrap();
        let checked = check_receipts(&[plan], &[union(items)]);
        prop_assert_eq!(checked.is_ok(), asked <= due);
        if let Ok(checked) = checked {
            prop_assert_eq!(checked.remaining[0].remaining.checked_add(asked), Some(due));
            prop_assert_eq!(can_submit(&checked.remaining), asked == due);
        }
    }

    /// Any division of the persons at the full price, over any number of receipts, pays in full.
    #[test]
    fn any_division_pays_in_full(cuts in prop::collection::vec(1..5_u32, 1..6)) {
        let persons = cuts.iter().sum();
        let requests: Vec<_> = cuts.into_iter().map(|part| union(vec![item(part, 5000)])).collect();
        let checked = check_receipts(&[women(persons, 2)], &requests).unwrap();
        prop_assert!(can_submit(&checked.remaining));
    }
}
