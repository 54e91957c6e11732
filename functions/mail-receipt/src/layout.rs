//! What an e-receipt shows, from what the platform knows.

use documents::print::{ReceiptData, ReceiptItem};
use domain::enrolment::{Enrolment, Receipt};
use domain::organisation::Node;

/// Item code of contributions (会费) in the receipts' catalogue.
const CONTRIBUTION_CODE: &str = "9930";

/// The data of an issued receipt; none before it is issued.
pub fn data(e: &Enrolment, receipt: &Receipt, office: &Node) -> Option<ReceiptData> {
    let issued = receipt.issued.as_ref()?;
    let items = receipt.request.items.iter().map(|item| {
        let plan = e.line(&item.plan_code).map_or(item.plan_code.as_str(), |line| line.plan.variant.as_str());
        Some(ReceiptItem {
            code: CONTRIBUTION_CODE.to_owned(),
            name: format!("会费-{plan}"),
            unit: "人".to_owned(),
            quantity: item.persons,
            price: item.price,
            amount: item.amount()?,
            note: item.note.clone(),
        })
    });
    Some(ReceiptData {
        code: issued.code.clone(),
        number: issued.number.clone(),
        check_code: issued.check_code.clone(),
        payer: receipt.request.payer_title.clone(),
        payer_uscc: receipt.request.tax_number.clone(),
        issued_on: issued.on,
        items: items.collect::<Option<_>>()?,
        other_information: receipt.request.other_information.clone(),
        issuer: format!("中国职工保险互助会{}", office.name),
        checker: String::new(),
        cashier: String::new(),
        sample: issued.sample,
    })
}
