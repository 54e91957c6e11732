//! 全国性社会团体会费统一票据(电子): the receipt for a contribution, and its preview.

use domain::money::{Fen, amount_in_words};

use super::data::ReceiptData;
use super::document::{Meta, save};
use super::flow::{Flow, Margins};
use super::form::{Field, field_row};
use super::page::{Colour, Paper, tenths_mm};
use super::problem::{Place, RenderProblem};
use super::table::{Column, Table, column};
use super::text::{Align, Style, Typesetter};

const TITLE: &str = "全国性社会团体会费统一票据（电子）";

const COLUMNS: &[Column] = &[
    column("项目编码", 13, Align::Centre),
    column("项目名称", 36, Align::Left),
    column("单位", 8, Align::Centre),
    column("数量", 10, Align::Right),
    column("标准", 14, Align::Right),
    column("金额（元）", 17, Align::Right),
    column("备注", 20, Align::Left),
];

/// Renders the receipt; code, number and check code stay blank in a preview.
///
/// # Errors
/// [`RenderProblem::MissingGlyphs`] with every character no font can draw, [`RenderProblem::AmountOutOfRange`].
pub fn render_receipt(data: &ReceiptData) -> Result<Vec<u8>, RenderProblem> {
    let mut setter = Typesetter::default();
    setter.check(texts(data))?;
    let mut flow = Flow::new(setter, Paper::SLIP, Margins { top: 100, side: 120, bottom: 130 });
    if data.sample {
        flow.page.watermark((tenths_mm(620), tenths_mm(1090)), 96_000, "样　例");
    }
    head(&mut flow, data)?;
    items(&mut flow, data)?;
    issuer(&mut flow, data)?;

    let preview = data.number.is_empty();
    let pages = flow.finish(if preview { "预览" } else { "电子票据" })?;
    let number = if preview { "preview".to_owned() } else { format!("{}{}", data.code, data.number) };
    let meta = Meta {
        title: &format!("{TITLE} {}", data.number),
        author: &data.issuer,
        subject: "社会团体会费",
        number: &number,
        revision: &format!("{number} {}", data.issued_on),
        dated: data.issued_on.into(),
    };
    save(pages, &meta)
}

fn texts(data: &ReceiptData) -> impl Iterator<Item = (Place, &str)> {
    let fields = [
        (Place::Field("票据代码"), data.code.as_str()),
        (Place::Field("票据号码"), &data.number),
        (Place::Field("校验码"), &data.check_code),
        (Place::Field("交款人"), &data.payer),
        (Place::Field("统一社会信用代码"), &data.payer_uscc),
        (Place::Field("其他信息"), &data.other_information),
        (Place::Field("收款单位"), &data.issuer),
        (Place::Field("复核人"), &data.checker),
        (Place::Field("收款人"), &data.cashier),
    ];
    let items = (1..).zip(&data.items).flat_map(|(number, item)| {
        [&item.code, &item.name, &item.unit, &item.note]
            .map(|text| (Place::Row { table: "票据明细", number }, text.as_str()))
    });
    fields.into_iter().chain(items)
}

fn head(flow: &mut Flow, data: &ReceiptData) -> Result<(), RenderProblem> {
    let red = Style::bold(17_000).coloured(Colour::Red);
    flow.line(red, 24_000, Align::Centre, TITLE)?;
    let centre = flow.left() + flow.width() / 2;
    let half = flow.setter.width(TITLE, red)? / 2 + tenths_mm(40);
    for (down, thickness) in [(1_500, 900), (3_600, 400)] {
        let y = flow.y + down;
        flow.page.rule((centre - half, y), (centre + half, y), thickness, Colour::Red);
    }
    flow.skip(35);

    let date = data.issued_on.strftime("%Y年%m月%d日").to_string();
    let rows = [
        (("票据代码：", &data.code), ("票据号码：", &data.number)),
        (("统一社会信用代码：", &data.payer_uscc), ("校验码：", &data.check_code)),
        (("交款人：", &data.payer), ("开票日期：", &date)),
    ];
    let (label, value) = (Style::regular(9_500).coloured(Colour::Red), Style::regular(9_500));
    let (left, width) = (flow.left(), flow.width());
    let right = left + width * 66 / 100;
    for ((left_label, left_value), (right_label, right_value)) in rows {
        const LEADING: i32 = 14_500;
        let indent = flow.setter.width(left_label, label)?;
        let lines = flow.setter.lines(left_value, value, right - left - indent - tenths_mm(40))?;
        let y = flow.y + value.baseline(LEADING);
        flow.setter.draw(&mut flow.page, (left, y), label, left_label)?;
        flow.setter.draw(&mut flow.page, (right, y), label, right_label)?;
        let beside = flow.setter.width(right_label, label)?;
        flow.setter.draw(&mut flow.page, (right + beside, y), value, right_value)?;
        for line in lines {
            let at = (left + indent, flow.y + value.baseline(LEADING));
            flow.setter.draw(&mut flow.page, at, value, line)?;
            flow.y += LEADING;
        }
    }
    flow.skip(15);
    Ok(())
}

fn items(flow: &mut Flow, data: &ReceiptData) -> Result<(), RenderProblem> {
    /// A form shows some empty rows rather than a table that ends early.
    const LEAST_ROWS: usize = 7;
    let total = Fen::sum(data.items.iter().map(|item| item.amount)).ok_or(RenderProblem::AmountOutOfRange)?;
    let table = Table {
        columns: COLUMNS,
        body: Style::regular(9_000),
        leading: 12_000,
        row_height: 19_000,
        continued: Some((TITLE, &data.number)),
    };
    let mut filling = table.begin(flow)?;
    for item in &data.items {
        filling.row(
            flow,
            &[
                &item.code,
                &item.name,
                &item.unit,
                &item.quantity.to_string(),
                &item.price.grouped(),
                &item.amount.grouped(),
                &item.note,
            ],
        )?;
    }
    for _ in data.items.len()..LEAST_ROWS {
        filling.row(flow, &[""; 7])?;
    }
    filling.end(flow);
    let (words, figures) = (amount_in_words(total), format!("￥{}", total.grouped()));
    let strong = Style::bold(10_000);
    field_row(
        flow,
        &[
            Field::new("金额合计（大写）", 20, &words, 40).styled(strong),
            Field::new("（小写）", 12, &figures, 28).styled(strong),
        ],
    )?;
    field_row(flow, &[Field::new("其他信息", 20, &data.other_information, 80)])
}

fn issuer(flow: &mut Flow, data: &ReceiptData) -> Result<(), RenderProblem> {
    const LEADING: i32 = 20_000;
    flow.skip(10);
    flow.need(LEADING);
    let style = Style::regular(9_500);
    let y = flow.y + style.baseline(LEADING);
    let (left, width) = (flow.left(), flow.width());
    for (percent, label, value) in
        [(0, "收款单位（章）：", &data.issuer), (62, "复核人：", &data.checker), (82, "收款人：", &data.cashier)]
    {
        let x = left + width / 100 * percent;
        let red = style.coloured(Colour::Red);
        flow.setter.draw(&mut flow.page, (x, y), red, label)?;
        let beside = flow.setter.width(label, red)?;
        flow.setter.draw(&mut flow.page, (x + beside, y), style, value)?;
    }
    flow.y += LEADING;
    Ok(())
}
