//! A payment notice as the printer takes it.

use documents::print::{CollectionAccount, NoticePlan, PaymentNoticeData, Subsidy};
use workflow::notices::{self, Content, ContentPlan, Manuscript};
use workflow::ports::{business_date, business_time};

/// The data of a print; none if an amount is out of range or the office has no settings.
pub fn data(m: &Manuscript) -> Option<PaymentNoticeData> {
    let printed_at = m.notice.requested_at;
    let content = notices::content(&m.enrolment, &m.facts, &m.office, business_date(printed_at))?;
    let Content { office, application_number, issued_on, unit, handler, phone, amount_due, .. } = content;
    let plan = |ContentPlan { name, members, shares, fee, amount }| NoticePlan { name, members, shares, fee, amount };
    let subsidies = content.reliefs.into_iter().map(|(bearer, amount)| Subsidy { bearer, amount });
    let account = content.account;
    Some(PaymentNoticeData {
        office,
        application: application_number,
        issued_on,
        unit,
        handler,
        phone,
        plans: content.plans.into_iter().map(plan).collect(),
        subsidies: subsidies.collect(),
        amount_due,
        account: CollectionAccount { holder: account.name, bank: account.bank, number: account.account_number },
        pay_by: content.pay_by,
        receipt_entry_by: content.pay_by,
        office_phone: content.office_phone,
        print_count: m.notice.prints,
        printed_at: business_time(printed_at),
    })
}
