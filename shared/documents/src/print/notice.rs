//! 缴费通知单: what a unit has to pay, where and until when.

use domain::money::{Fen, amount_in_words};

use super::data::PaymentNoticeData;
use super::document::{Meta, save};
use super::flow::{Flow, Margins};
use super::form::{Field, document_head, field_row, long_date, section_head, time_of_printing};
use super::page::{Colour, Paper, tenths_mm};
use super::problem::{Place, RenderProblem};
use super::table::{Column, Table, column};
use super::text::{Align, Style, Typesetter};

const TITLE: &str = "缴费通知单";

const COLUMNS: &[Column] = &[
    column("保障活动", 44, Align::Left),
    column("参保人数", 13, Align::Right),
    column("每人份数", 13, Align::Right),
    column("会费标准（元）", 18, Align::Right),
    column("金额（元）", 20, Align::Right),
];

/// Renders the payment notice.
///
/// # Errors
/// [`RenderProblem::MissingGlyphs`] with every character no font can draw, [`RenderProblem::AmountOutOfRange`].
pub fn render_payment_notice(data: &PaymentNoticeData) -> Result<Vec<u8>, RenderProblem> {
    let mut setter = Typesetter::default();
    setter.check(texts(data))?;
    let margins = Margins { top: 160, side: 180, bottom: 200 };
    let mut flow = Flow::new(setter, Paper::A4, margins);
    document_head(&mut flow, &data.office, TITLE, &format!("申请书号：{}", data.application))?;
    addressee(&mut flow, data)?;
    amounts(&mut flow, data)?;
    payment(&mut flow, data)?;
    warning(&mut flow)?;
    closing(&mut flow, data)?;

    let pages = flow.finish(&format!("申请书号 {}", data.application))?;
    let meta = Meta {
        title: &format!("{TITLE} {}", data.application),
        author: &format!("中国职工保险互助会{}", data.office),
        subject: &format!("{} 互助保障活动会费", data.unit),
        number: &data.application,
        revision: &format!("{}-{} {}", data.application, data.print_count, data.printed_at),
        dated: data.issued_on.into(),
    };
    save(pages, &meta)
}

fn texts(data: &PaymentNoticeData) -> impl Iterator<Item = (Place, &str)> {
    let fields = [
        (Place::Field("办事处"), data.office.as_str()),
        (Place::Field("申请书号"), &data.application),
        (Place::Field("参保单位"), &data.unit),
        (Place::Field("经办人"), &data.handler),
        (Place::Field("联系电话"), &data.phone),
        (Place::Field("户名"), &data.account.holder),
        (Place::Field("开户银行"), &data.account.bank),
        (Place::Field("账号"), &data.account.number),
        (Place::Field("咨询电话"), &data.office_phone),
    ];
    let plans =
        (1..).zip(&data.plans).map(|(number, plan)| (Place::Row { table: "保障活动", number }, plan.name.as_str()));
    let subsidies =
        (1..).zip(&data.subsidies).map(|(number, one)| (Place::Row { table: "补贴", number }, one.bearer.as_str()));
    fields.into_iter().chain(plans).chain(subsidies)
}

fn addressee(flow: &mut Flow, data: &PaymentNoticeData) -> Result<(), RenderProblem> {
    let strong = Style::bold(10_500);
    field_row(flow, &[Field::new("参保单位", 14, &data.unit, 86).styled(strong)])?;
    field_row(flow, &[Field::new("经 办 人", 14, &data.handler, 36), Field::new("联系电话", 14, &data.phone, 36)])?;
    flow.skip(30);
    flow.paragraph(
        Style::regular(10_000),
        16_000,
        "",
        "　　你单位申请参加下列职工互助保障活动，经审核符合规定，请按本通知缴纳会费。会费到账确认后，办事处出具确认书，保障按约定生效。",
    )?;
    flow.skip(15);
    Ok(())
}

fn amounts(flow: &mut Flow, data: &PaymentNoticeData) -> Result<(), RenderProblem> {
    let total = Fen::sum(data.plans.iter().map(|plan| plan.amount)).ok_or(RenderProblem::AmountOutOfRange)?;
    let table =
        Table { columns: COLUMNS, body: Style::regular(9_500), leading: 13_000, row_height: 21_000, continued: None };
    let mut filling = table.begin(flow)?;
    for plan in &data.plans {
        filling.row(
            flow,
            &[
                &plan.name,
                &plan.members.to_string(),
                &plan.shares.to_string(),
                &plan.fee.grouped(),
                &plan.amount.grouped(),
            ],
        )?;
    }
    filling.row(flow, &["会费合计", "", "", "", &total.grouped()])?;
    for subsidy in &data.subsidies {
        let name = format!("减：{}", subsidy.bearer);
        filling.row(flow, &[&name, "", "", "", &format!("-{}", subsidy.amount.grouped())])?;
    }
    filling.end(flow);
    let (words, figures) = (amount_in_words(data.amount_due), format!("￥{}", data.amount_due.grouped()));
    field_row(
        flow,
        &[
            Field::new("应缴金额（大写）", 20, &words, 40).styled(Style::bold(10_500)),
            Field::new("（小写）", 12, &figures, 28).styled(Style::bold(11_000).coloured(Colour::Red)),
        ],
    )?;
    flow.skip(40);
    Ok(())
}

fn payment(flow: &mut Flow, data: &PaymentNoticeData) -> Result<(), RenderProblem> {
    section_head(flow, "收款账户")?;
    flow.skip(10);
    for (label, value) in
        [("户　　名", &data.account.holder), ("开户银行", &data.account.bank), ("账　　号", &data.account.number)]
    {
        field_row(flow, &[Field::new(label, 14, value, 86)])?;
    }
    flow.skip(40);
    section_head(flow, "缴费期限")?;
    flow.skip(10);
    let (pay_by, entry_by) = (long_date(data.pay_by), long_date(data.receipt_entry_by));
    field_row(
        flow,
        &[
            Field::new("转账截止", 14, &pay_by, 36).styled(Style::bold(10_500)),
            Field::new("开票录入截止", 14, &entry_by, 36),
        ],
    )?;
    field_row(flow, &[Field::new("咨询电话", 14, &data.office_phone, 86)])?;
    flow.skip(40);
    Ok(())
}

/// The transfer cannot be matched without the unit's name.
fn warning(flow: &mut Flow) -> Result<(), RenderProblem> {
    const HEIGHT: i32 = tenths_mm(140);
    let style = Style::bold(11_000).coloured(Colour::Red);
    flow.need(HEIGHT);
    let (corner, size) = ((flow.left(), flow.y), (flow.width(), HEIGHT));
    flow.page.fill(corner, size, Colour::Tint);
    flow.page.frame(corner, size, 900, Colour::Red);
    flow.line(style, HEIGHT, Align::Centre, "重要提示：汇款时请务必在附言中注明参保单位全称，否则无法及时确认到账。")?;
    flow.skip(40);
    Ok(())
}

fn closing(flow: &mut Flow, data: &PaymentNoticeData) -> Result<(), RenderProblem> {
    const LEADING: i32 = 17_000;
    flow.need(4 * LEADING);
    let style = Style::regular(10_500);
    flow.line(style, LEADING, Align::Right, &format!("中国职工保险互助会{}", data.office))?;
    flow.line(style, LEADING, Align::Right, &long_date(data.issued_on))?;
    let printed = format!("第 {} 次打印　打印时间：{}", data.print_count, time_of_printing(data.printed_at));
    let small = Style::regular(9_000).coloured(Colour::Grey);
    flow.line(small, 2 * LEADING, Align::Right, &printed)
}
