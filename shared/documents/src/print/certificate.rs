//! 参加职工互助保障活动确认书: the certificate a unit receives for its members.

use domain::money::{Fen, amount_in_words};

use super::data::CertificateData;
use super::document::{Meta, save};
use super::flow::{Flow, Margins};
use super::form::{Field, document_head, field_row, long_date, section_head};
use super::members::member_list;
use super::page::{Colour, Paper};
use super::problem::{Place, RenderProblem};
use super::seals::seal_boxes;
use super::table::{Column, Table, column};
use super::text::{Align, Style, Typesetter};

const TITLE: &str = "参加职工互助保障活动确认书";

const PLAN_COLUMNS: &[Column] = &[
    column("保障活动名称", 29, Align::Left),
    column("保障期间", 27, Align::Left),
    column("每人份数", 11, Align::Right),
    column("会费标准（元）", 17, Align::Right),
    column("参保人数", 11, Align::Right),
    column("合计金额（元）", 17, Align::Right),
    column("备注", 12, Align::Left),
];

const NOTICE_TO_MEMBERS: &[&str] = &[
    "本确认书是会员单位及其职工参加职工互助保障活动的凭证。保障责任、给付标准、观察期和除外情形，以所参加保障活动的实施细则为准。",
    "保障自起始日0时起，至终止日24时止。首次参加的会员须经过实施细则规定的观察期。",
    "会员发生保障责任范围内的情形，应当及时通过所在单位工会提出申领，并如实提供身份证明、结算单据等材料。办理申领不收取任何费用。",
    "请核对单位信息、会员名单、保障期间和金额。与实际不符的，请单位经办人及时向办事处提出变更；变更后以最新版次的确认书为准。",
    "扫描本确认书上的二维码，可以核验其真伪、版次以及是否为最新版本。",
];

/// Renders the certificate with its annex.
///
/// # Errors
/// [`RenderProblem::MissingGlyphs`] with every character no font can draw, [`RenderProblem::AmountOutOfRange`] when the
/// plans' amounts exceed what money can hold, [`RenderProblem::VerificationUrlTooLong`]. Nothing half-made is returned.
pub fn render_certificate(data: &CertificateData) -> Result<Vec<u8>, RenderProblem> {
    let mut setter = Typesetter::default();
    setter.check(texts(data))?;
    let margins = Margins { top: 160, side: 180, bottom: 200 };
    let mut flow = Flow::new(setter, Paper::A4, margins);
    document_head(&mut flow, &data.office, TITLE, &format!("确认书号码：{}", data.number))?;
    unit(&mut flow, data)?;
    plans(&mut flow, data)?;
    terms(&mut flow, data)?;
    seal_boxes(&mut flow, data, false)?;
    member_list(&mut flow, data)?;
    seal_boxes(&mut flow, data, true)?;

    let foot = format!("确认书号码 {}　第 {} 版", data.number, data.revision);
    let pages = flow.finish(&foot)?;
    let meta = Meta {
        title: &format!("{TITLE} {}", data.number),
        author: &format!("中国职工保险互助会{}", data.office),
        subject: &format!("{} 参加职工互助保障活动", data.unit),
        number: &data.number,
        revision: &format!("{}-{} {}", data.number, data.revision, data.printed_at),
        dated: data.issued_on.into(),
    };
    save(pages, &meta)
}

/// Every text of the data with its place.
fn texts(data: &CertificateData) -> impl Iterator<Item = (Place, &str)> {
    let fields = [
        (Place::Field("办事处"), data.office.as_str()),
        (Place::Field("确认书号码"), &data.number),
        (Place::Field("参保单位"), &data.unit),
        (Place::Field("经办人"), &data.handler),
        (Place::Field("联系电话"), &data.phone),
        (Place::Field("单位地址"), &data.address),
    ];
    let plans = (1..).zip(&data.plans).flat_map(|(number, plan)| {
        [&plan.name, &plan.note].map(|text| (Place::Row { table: "保障活动", number }, text.as_str()))
    });
    let members = (1..).zip(&data.members).flat_map(|(number, row)| {
        [&row.name, &row.sex, &row.id_number, &row.plan, &row.state]
            .map(|text| (Place::Row { table: "会员名单", number }, text.as_str()))
    });
    fields.into_iter().chain(plans).chain(members)
}

fn unit(flow: &mut Flow, data: &CertificateData) -> Result<(), RenderProblem> {
    let strong = Style::bold(10_500);
    field_row(flow, &[Field::new("参保单位", 14, &data.unit, 86).styled(strong)])?;
    field_row(flow, &[Field::new("经 办 人", 14, &data.handler, 36), Field::new("联系电话", 14, &data.phone, 36)])?;
    field_row(flow, &[Field::new("单位地址", 14, &data.address, 86)])?;
    flow.skip(30);
    flow.paragraph(
        Style::regular(10_000),
        15_000,
        "",
        "　　你单位及所属职工申请参加下列职工互助保障活动，会费已经确认到账，现予确认：",
    )?;
    flow.skip(10);
    Ok(())
}

fn plans(flow: &mut Flow, data: &CertificateData) -> Result<(), RenderProblem> {
    let total = Fen::sum(data.plans.iter().map(|plan| plan.amount)).ok_or(RenderProblem::AmountOutOfRange)?;
    let table = Table {
        columns: PLAN_COLUMNS,
        body: Style::regular(9_000),
        leading: 12_500,
        row_height: 20_000,
        continued: None,
    };
    let mut filling = table.begin(flow)?;
    for plan in &data.plans {
        let period = format!("{}0时起\n{}24时止", long_date(plan.starts_on), long_date(plan.ends_on));
        filling.row(
            flow,
            &[
                &plan.name,
                &period,
                &plan.shares.to_string(),
                &plan.fee.grouped(),
                &plan.members.to_string(),
                &plan.amount.grouped(),
                &plan.note,
            ],
        )?;
    }
    filling.end(flow);
    let figures = format!("￥{}", total.grouped());
    let strong = Style::bold(10_500).coloured(Colour::Red);
    field_row(
        flow,
        &[
            Field::new("合计（大写）", 17, &amount_in_words(total), 43).styled(Style::bold(10_500)),
            Field::new("（小写）", 12, &figures, 28).styled(strong),
        ],
    )?;
    flow.skip(30);
    Ok(())
}

fn terms(flow: &mut Flow, data: &CertificateData) -> Result<(), RenderProblem> {
    const LEADING: i32 = 13_200;
    let style = Style::regular(8_800);
    section_head(flow, "会员须知")?;
    for (number, text) in (1..).zip(NOTICE_TO_MEMBERS) {
        flow.paragraph(style, LEADING, &format!("{number}．"), text)?;
    }
    flow.skip(20);
    section_head(flow, "特别约定")?;
    for (mark, text) in ["一、", "二、", "三、"].into_iter().zip(special_terms(data)) {
        flow.paragraph(style, LEADING, mark, &text)?;
    }
    flow.skip(20);
    Ok(())
}

/// Renewal grace, data authorisation and the unit's pledge.
fn special_terms(data: &CertificateData) -> [String; 3] {
    [
        format!(
            "续保宽限。保障期满后{}日内办妥续保并缴清会费的，新的保障期间自原终止日次日起算，视为连续参加，不再重新计算观察期；逾期办理的，按首次参加处理。",
            data.renewal_grace_days
        ),
        "信息授权。会员单位已告知参保职工并取得其同意：为办理参保、核验、申领审核和互助金给付，中国职工保险互助会及其办事处可以依法处理其姓名、证件号码、联系方式、就医结算等必要的个人信息，并向医疗保障经办机构、医疗机构核实有关情况；除法律法规另有规定外，不用于其他目的。".to_owned(),
        "单位承诺。本单位承诺所提供的单位信息、会员名单和有关材料真实、准确、完整，参保职工符合保障活动规定的条件；因材料不实产生的责任由本单位承担。本确认书经本单位经办人签字并加盖公章后交回办事处归档。".to_owned(),
    ]
}
