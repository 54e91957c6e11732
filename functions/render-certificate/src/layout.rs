//! What a certificate shows, from what the platform knows.

use documents::print::{CertificateData, MemberRow, PlanRow};
use domain::enrolment::{Enrolment, Line};
use domain::identity::Sex;
use domain::plan::Occupation;
use domain::roster::Member;
use jiff::civil::Date;
use workflow::certificates::{Manuscript, verification_url};
use workflow::ports::business_time;

/// The data of a certificate; none before the enrolment is paid.
pub fn data(m: &Manuscript, public_url: &str) -> Option<CertificateData> {
    let e = &m.enrolment;
    let certificate = e.certificate.as_ref()?;
    let payment = e.payment.as_ref()?;
    let settings = m.office.settings.as_ref()?;
    let plans = e.lines.iter().map(|line| plan_row(e, line)).collect::<Option<Vec<PlanRow>>>()?;
    Some(CertificateData {
        office: m.office.name.clone(),
        number: certificate.number.clone(),
        revision: certificate.revision,
        issued_on: payment.confirmed_on,
        unit: m.facts.unit.name.clone(),
        handler: m.facts.handler_name.clone(),
        phone: m.facts.handler_mobile.clone(),
        address: m.facts.unit.address.clone(),
        plans,
        renewal_grace_days: settings.renewal_grace_days,
        verification_url: verification_url(public_url, &m.token),
        members: members(m),
        printed_at: business_time(certificate.requested_at),
    })
}

fn plan_row(e: &Enrolment, line: &Line) -> Option<PlanRow> {
    let period = e.period(&line.plan.code)?;
    let unnamed = line.unnamed_ordinary.saturating_add(line.unnamed_high_risk);
    Some(PlanRow {
        name: line.plan.variant.clone(),
        starts_on: period.start(),
        ends_on: period.end(),
        shares: line.shares,
        fee: line.plan.fee,
        members: line.participants(),
        amount: line.contribution()?,
        note: note(line, unnamed),
    })
}

/// What the row's figures do not say by themselves: who has no name yet, and whose fee is another.
fn note(line: &Line, unnamed: u32) -> String {
    let mut notes = Vec::new();
    let high_risk = line.participants_of(Occupation::HighRisk);
    if high_risk > 0 && line.plan.fee_high_risk != line.plan.fee {
        notes.push(format!("高危{high_risk}人，每份{}元", line.plan.fee_high_risk.grouped()));
    }
    if unnamed > 0 {
        notes.push(format!("无名单{unnamed}人"));
    }
    notes.join("；")
}

fn members(m: &Manuscript) -> Vec<MemberRow> {
    let masked = m.office.settings.as_ref().is_none_or(|settings| settings.mask_certificate_ids);
    let mut rows = Vec::new();
    for (code, members) in &m.rosters {
        let Some((line, period)) = m.enrolment.line(code).zip(m.enrolment.period(code)) else { continue };
        rows.extend(members.iter().map(|member| member_row(member, &line.plan.variant, period.start(), masked)));
    }
    rows
}

fn member_row(member: &Member, plan: &str, start: Date, masked: bool) -> MemberRow {
    MemberRow {
        name: member.name.as_str().to_owned(),
        sex: if member.id.sex() == Sex::Male { "男" } else { "女" }.to_owned(),
        age: member.id.age_on(start),
        id_number: if masked { member.id.masked() } else { member.id.as_str().to_owned() },
        plan: plan.to_owned(),
        state: "有效".to_owned(),
    }
}
