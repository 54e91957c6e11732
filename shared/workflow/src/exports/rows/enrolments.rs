//! Rows that are made of enrolments: as their list shows them, their members, their receipts.

use domain::enrolment::{Enrolment, Line, Receipt};
use domain::export::{Cell, Column, Holds};
use domain::identity::Sex;
use domain::plan::Occupation;
use domain::receipt::ReceiptItem;
use domain::roster::Member;
use domain::unit::Discretion;
use jiff::civil::Date;

use super::{CERTIFICATE, NUMBER, PLAN, Row, UNIT, column, yes};
use crate::ports::{Cipher, DueForRenewal, EnrolmentSummary, Objects, Outage, business_date};
use crate::rosters;

const STATE: Column = column("状态", Holds::Text, 12);
const STARTS: Column = column("保障起期", Holds::Day, 12);
const ENDS: Column = column("保障止期", Holds::Day, 12);

pub(super) const ENROLMENTS: &[Column] = &[
    NUMBER,
    UNIT,
    STATE,
    column("录入日期", Holds::Day, 12),
    PLAN,
    column("参保人数", Holds::Whole, 10),
    column("新业态", Holds::Text, 8),
    column("总会费", Holds::Money, 16),
    column("应付", Holds::Money, 16),
    column("已录票据", Holds::Money, 16),
    STARTS,
    ENDS,
    CERTIFICATE,
    column("缴费通知单打印次数", Holds::Whole, 20),
    column("确认书打印次数", Holds::Whole, 16),
    column("退回原因", Holds::Text, 40),
];

pub(super) const ROSTERS: &[Column] = &[
    NUMBER,
    UNIT,
    STATE,
    PLAN,
    column("姓名", Holds::Text, 16),
    column("性别", Holds::Text, 6),
    column("身份证号码", Holds::Text, 22),
    column("手机号码", Holds::Text, 14),
    column("职业", Holds::Text, 10),
    column("份数", Holds::Whole, 6),
    column("会费", Holds::Money, 12),
    column("超龄", Holds::Text, 6),
    column("未到期", Holds::Text, 8),
    STARTS,
    ENDS,
];

pub(super) const RECEIPTS: &[Column] = &[
    NUMBER,
    UNIT,
    STATE,
    column("票据批次号", Holds::Text, 24),
    column("会费来源", Holds::Text, 12),
    column("抬头", Holds::Text, 32),
    column("税号", Holds::Text, 22),
    column("缴费渠道", Holds::Text, 10),
    PLAN,
    column("职业", Holds::Text, 10),
    column("人数", Holds::Whole, 8),
    column("单价", Holds::Money, 12),
    column("金额", Holds::Money, 16),
    column("备注", Holds::Text, 24),
    column("开票日期", Holds::Day, 12),
    column("票据代码", Holds::Text, 14),
    column("票据号码", Holds::Text, 14),
    column("校验码", Holds::Text, 10),
    column("发送", Holds::Text, 10),
];

pub(super) const RENEWALS: &[Column] = &[
    NUMBER,
    UNIT,
    PLAN,
    column("参保人数", Holds::Whole, 10),
    column("总会费", Holds::Money, 16),
    column("到期日期", Holds::Day, 12),
    column("剩余天数", Holds::Whole, 10),
];

/// The row of an enrolment.
pub fn enrolment(e: EnrolmentSummary, discretion: &Discretion) -> Row {
    vec![
        e.application_number.into(),
        e.unit_name.listed(&e.path, discretion).into(),
        e.state.chinese().into(),
        business_date(e.created_at).into(),
        e.plans.join("、").into(),
        e.participants.into(),
        yes(e.new_employment_form),
        e.contribution.into(),
        e.amount_due.into(),
        e.receipted.into(),
        e.period.map(|period| period.start()).into(),
        e.period.map(|period| period.end()).into(),
        e.certificate_number.into(),
        e.notice_prints.into(),
        e.certificate_prints.into(),
        e.return_reason.into(),
    ]
}

/// The row of an enrolment that is due for renewal, on a day.
pub fn renewal(due: DueForRenewal, today: Date, discretion: &Discretion) -> Row {
    let days_left = due.days_left(today);
    let DueForRenewal { summary: e, cover_ends, .. } = due;
    vec![
        e.application_number.into(),
        e.unit_name.listed(&e.path, discretion).into(),
        e.plans.join("、").into(),
        e.participants.into(),
        e.contribution.into(),
        cover_ends.into(),
        Cell::Whole(days_left),
    ]
}

/// The cells that the rows of one enrolment begin with.
fn head(e: &Enrolment, discretion: &Discretion) -> Row {
    let unit = e.unit.name.listed(&e.unit.path, discretion);
    vec![e.application_number.as_str().into(), unit.into(), e.state.chinese().into()]
}

/// The rows of an enrolment's named members, plan by plan: those from the `from`-th on, `room` at most, and how many there
/// are in all.
pub async fn members(
    objects: &dyn Objects,
    cipher: &dyn Cipher,
    (e, discretion): (&Enrolment, &Discretion),
    in_full: bool,
    (from, room): (usize, usize),
) -> Result<(Vec<Row>, usize), Outage> {
    let (mut rows, mut all) = (Vec::new(), 0_usize);
    for line in &e.lines {
        // One plan's roster at a time is in memory, and cells only of the rows that are wanted.
        let members = rosters::load(objects, cipher, line.roster.as_ref()).await?;
        let wanted = members.iter().skip(from.saturating_sub(all)).take(room.saturating_sub(rows.len()));
        rows.extend(wanted.map(|member| self::member((e, discretion), line, member, in_full)));
        all = all.saturating_add(members.len());
    }
    Ok((rows, all))
}

fn member((e, discretion): (&Enrolment, &Discretion), line: &Line, member: &Member, in_full: bool) -> Row {
    let mobile = member.mobile.as_ref();
    let (id, mobile) = if in_full {
        (member.id.as_str().to_owned(), mobile.map(|mobile| mobile.as_str().to_owned()))
    } else {
        (member.id.masked(), mobile.map(|mobile| mobile.masked()))
    };
    let period = e.period(&line.plan.code);
    let mut row = head(e, discretion);
    row.extend([
        line.plan.variant.as_str().into(),
        member.name.as_str().into(),
        if member.id.sex() == Sex::Male { "男" } else { "女" }.into(),
        id.into(),
        mobile.into(),
        member.occupation.chinese().into(),
        member.shares.into(),
        line.plan.fee_for(member.occupation).checked_times(member.shares).into(),
        yes(member.over_age),
        yes(member.unexpired),
        period.map(|period| period.start()).into(),
        period.map(|period| period.end()).into(),
    ]);
    row
}

/// The rows of an enrolment's receipt requests, item by item.
pub fn receipts(e: &Enrolment, discretion: &Discretion) -> Vec<Row> {
    let items = e.receipts.iter().flat_map(|receipt| receipt.request.items.iter().map(move |item| (receipt, item)));
    items.map(|(receipt, item)| receipt_row((e, discretion), receipt, item)).collect()
}

fn receipt_row((e, discretion): (&Enrolment, &Discretion), receipt: &Receipt, item: &ReceiptItem) -> Row {
    let (request, issued) = (&receipt.request, receipt.issued.as_ref());
    let plan = e.line(&item.plan_code).map_or(item.plan_code.as_str(), |line| line.plan.variant.as_str());
    let mailed = match (&receipt.mailed_at, &receipt.mail_problem) {
        (Some(_), _) => "已发送",
        (None, Some(_)) => "发送失败",
        (None, None) => "未发送",
    };
    let mut row = head(e, discretion);
    row.extend([
        receipt.batch_number.as_str().into(),
        request.fund_source.chinese().into(),
        request.payer_title.as_str().into(),
        request.tax_number.as_str().into(),
        request.channel.chinese().into(),
        plan.into(),
        Occupation::chinese(item.occupation).into(),
        item.persons.into(),
        item.price.into(),
        item.amount().into(),
        item.note.as_str().into(),
        issued.map(|issued| issued.on).into(),
        issued.map(|issued| issued.code.as_str()).into(),
        issued.map(|issued| issued.number.as_str()).into(),
        issued.map(|issued| issued.check_code.as_str()).into(),
        mailed.into(),
    ]);
    row
}
