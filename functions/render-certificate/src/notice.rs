//! What a payment notice shows, from what the platform knows.

use documents::print::{CollectionAccount, NoticePlan, PaymentNoticeData, Subsidy};
use domain::enrolment::Enrolment;
use domain::receipt::ReliefKind;
use workflow::notices::Manuscript;
use workflow::ports::{business_date, business_time};

/// The data of a print; none if an amount is out of range or the office has no settings.
pub fn data(m: &Manuscript) -> Option<PaymentNoticeData> {
    let e = &m.enrolment;
    let settings = m.office.settings.as_ref()?;
    let printed_at = m.notice.requested_at;
    let issued_on = business_date(printed_at);
    let pay_by = settings.next_settlement_day(issued_on);
    let plans = e.lines.iter().map(|line| {
        Some(NoticePlan {
            name: line.plan.variant.clone(),
            members: line.participants(),
            shares: line.shares,
            fee: line.plan.fee,
            amount: line.contribution()?,
        })
    });
    Some(PaymentNoticeData {
        office: m.office.name.clone(),
        application: e.application_number.clone(),
        issued_on,
        unit: m.facts.unit.name.clone(),
        handler: m.facts.handler_name.clone(),
        phone: m.facts.handler_mobile.clone(),
        plans: plans.collect::<Option<_>>()?,
        subsidies: subsidies(e),
        amount_due: e.amount_due()?,
        account: CollectionAccount {
            holder: settings.collection_account.name.clone(),
            bank: settings.collection_account.bank.clone(),
            number: settings.collection_account.account_number.clone(),
        },
        pay_by,
        receipt_entry_by: pay_by,
        office_phone: settings.telephone.clone(),
        print_count: m.notice.prints,
        printed_at: business_time(printed_at),
    })
}

/// One line for each subsidy and gifted cover of each plan.
fn subsidies(e: &Enrolment) -> Vec<Subsidy> {
    let of_plans = e.lines.iter().flat_map(|line| line.borne.iter().map(move |borne| (&line.plan.variant, borne)));
    let line = |(plan, borne): (&String, &domain::receipt::Borne)| {
        let bearer = match &borne.kind {
            ReliefKind::Subsidy { bearer_title, .. } => format!("{bearer_title}补贴 · {plan}"),
            ReliefKind::GiftedCover => format!("赠险 · {plan}"),
        };
        Subsidy { bearer, amount: borne.amount }
    };
    of_plans.map(line).collect()
}
