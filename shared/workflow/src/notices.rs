//! Payment notices: what is printed on them, and where a print lies once it is rendered.
//!
//! A rendered print changes nothing that anybody decides by, so it leaves the enrolment's version alone: whoever goes
//! on with the receipts meanwhile is not told that something changed. That its PDF is there is told by the mark of the
//! message that asked for it.

use bytes::Bytes;
use domain::enrolment::{Command, Enrolment, Notice};
use domain::ids::{EnrolmentId, MessageId};
use domain::money::Fen;
use domain::organisation::{CollectionAccount, Node};
use domain::receipt::{Borne, ReliefKind};
use jiff::civil::Date;

use crate::certificates::{CONSUMER, UnitFacts, consumed, unit_facts};
use crate::desk::{Desk, Recorded, record};
use crate::ports::{Cipher, Objects, Outage};
use crate::scope::Scope;

/// Everything a print of a notice is made of.
pub struct Manuscript {
    /// The enrolment.
    pub enrolment: Enrolment,
    /// The print.
    pub notice: Notice,
    /// The unit's data.
    pub facts: UnitFacts,
    /// The office.
    pub office: Node,
}

/// What a notice says.
pub struct Content {
    /// The office's name.
    pub office: String,
    /// 申请书号
    pub application_number: String,
    /// The business date it is printed on.
    pub issued_on: Date,
    /// 单位名称
    pub unit: String,
    /// 经办人
    pub handler: String,
    /// The handler's mobile number.
    pub phone: String,
    /// The plans, in the enrolment's order.
    pub plans: Vec<ContentPlan>,
    /// Each subsidy and gifted cover of each plan: who bears it, and how much.
    pub reliefs: Vec<(String, Fen)>,
    /// 应付
    pub amount_due: Fen,
    /// Where the money goes.
    pub account: CollectionAccount,
    /// Last day of payment, and of receipt entry.
    pub pay_by: Date,
    /// The office's telephone.
    pub office_phone: String,
}

/// A plan of a notice.
pub struct ContentPlan {
    /// 保障活动
    pub name: String,
    /// 参保人数
    pub members: u32,
    /// 份数
    pub shares: u32,
    /// 会费标准
    pub fee: Fen,
    /// 会费
    pub amount: Fen,
}

/// What a print on a business date says; none if an amount is out of range or the office has no settings.
pub fn content(e: &Enrolment, facts: &UnitFacts, office: &Node, issued_on: Date) -> Option<Content> {
    let settings = office.settings.as_ref()?;
    let plans = e.lines.iter().map(|line| {
        Some(ContentPlan {
            name: line.plan.variant.clone(),
            members: line.participants(),
            shares: line.shares,
            fee: line.plan.fee,
            amount: line.contribution()?,
        })
    });
    Some(Content {
        office: office.name.clone(),
        application_number: e.application_number.clone(),
        issued_on,
        unit: facts.unit.name.clone(),
        handler: facts.handler_name.clone(),
        phone: facts.handler_mobile.clone(),
        plans: plans.collect::<Option<_>>()?,
        reliefs: reliefs(e),
        amount_due: e.amount_due()?,
        account: settings.collection_account.clone(),
        pay_by: settings.next_settlement_day(issued_on),
        office_phone: settings.telephone.clone(),
    })
}

fn reliefs(e: &Enrolment) -> Vec<(String, Fen)> {
    let of_plans = e.lines.iter().flat_map(|line| line.borne.iter().map(move |borne| (&line.plan.variant, borne)));
    let line = |(plan, borne): (&String, &Borne)| {
        let bearer = match &borne.kind {
            ReliefKind::Subsidy { bearer_title, .. } => format!("{bearer_title}补贴 · {plan}"),
            ReliefKind::GiftedCover => format!("赠险 · {plan}"),
        };
        (bearer, borne.amount)
    };
    of_plans.map(line).collect()
}

/// What a notice would say if it were printed now; none if it could not be rendered.
pub async fn preview(desk: &Desk, cipher: &dyn Cipher, e: &Enrolment) -> Result<Option<Content>, Outage> {
    let facts = unit_facts(desk, cipher, e).await?;
    let office = office(desk, e).await?;
    Ok(content(e, &facts, &office, desk.clock.today()))
}

async fn office(desk: &Desk, e: &Enrolment) -> Result<Node, Outage> {
    let office = desk.store.node(&e.unit.office).await?;
    office.ok_or_else(|| Outage::new("read-office", "the enrolment's office is missing"))
}

/// Key of a print's PDF in the documents bucket.
pub fn key(enrolment: &EnrolmentId, print: u32) -> String {
    format!("notices/{enrolment}/{print}.pdf")
}

/// Whether the last print is rendered.
pub async fn rendered(desk: &Desk, notice: &Notice) -> Result<bool, Outage> {
    Ok(notice.problem.is_none() && desk.store.consumed(CONSUMER, &notice.message).await?)
}

/// Gathers what a print is made of; none if it is not wanted any more: rendered already, or a newer one asked for.
pub async fn gather(
    desk: &Desk,
    cipher: &dyn Cipher,
    message: &MessageId,
    enrolment: &EnrolmentId,
    print: u32,
) -> Result<Option<Manuscript>, Outage> {
    let e = desk.store.enrolment(enrolment, &Scope::Platform).await?;
    let notice = e.as_ref().and_then(|e| e.notice.clone()).filter(|n| n.prints == print && n.problem.is_none());
    let Some((enrolment, notice)) = e.zip(notice) else { return Ok(None) };
    if desk.store.consumed(CONSUMER, message).await? {
        return Ok(None);
    }
    let facts = unit_facts(desk, cipher, &enrolment).await?;
    let office = office(desk, &enrolment).await?;
    Ok(Some(Manuscript { enrolment, notice, facts, office }))
}

/// Files a rendered print, then marks its message. The same print is filed under the same key. False if it was marked
/// before.
pub async fn file(
    desk: &Desk,
    objects: &dyn Objects,
    message: &MessageId,
    manuscript: &Manuscript,
    pdf: Vec<u8>,
) -> Result<bool, Outage> {
    let key = key(&manuscript.enrolment.id, manuscript.notice.prints);
    objects.put(&key, Bytes::from(pdf), "application/pdf").await?;
    desk.store.consume(CONSUMER, message).await
}

/// Records why a print cannot be rendered; the handler sees it.
pub async fn fail(
    desk: &Desk,
    message: &MessageId,
    manuscript: &Manuscript,
    problem: String,
) -> Result<Recorded, Outage> {
    let print = manuscript.notice.prints;
    let fact = |_: &Enrolment| Ok(Command::RecordNoticeProblem { print, problem: problem.clone() });
    record(desk, &manuscript.enrolment.id, consumed(message), fact).await
}
