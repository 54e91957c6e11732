//! Rows of labelled boxes, and the heads of the documents.

use super::flow::Flow;
use super::page::{Colour, tenths_mm};
use super::problem::RenderProblem;
use super::text::{Align, Style};

/// A label and its value in boxes side by side; widths are shares of the row, 100 in all.
pub(super) struct Field<'a> {
    pub(super) label: &'a str,
    pub(super) label_share: i32,
    pub(super) value: &'a str,
    pub(super) value_share: i32,
    pub(super) style: Style,
}

impl<'a> Field<'a> {
    pub(super) const fn new(label: &'a str, label_share: i32, value: &'a str, value_share: i32) -> Self {
        Self { label, label_share, value, value_share, style: Style::regular(10_000) }
    }

    pub(super) const fn styled(self, style: Style) -> Self {
        Self { style, ..self }
    }
}

const PADDING: i32 = tenths_mm(18);
const LEADING: i32 = 14_000;
const RULE: i32 = 500;

/// Draws one row; long values wrap and the row grows.
pub(super) fn field_row(flow: &mut Flow, fields: &[Field<'_>]) -> Result<(), RenderProblem> {
    let label_style = Style::bold(10_000);
    let share = |shares: i32| flow.width() / 100 * shares;
    let mut widths = Vec::new();
    let mut wrapped = Vec::new();
    let mut most = 1;
    for field in fields {
        let (label, value) = (share(field.label_share), share(field.value_share));
        widths.push((label, value));
    }
    for (field, (_, width)) in fields.iter().zip(&widths) {
        let lines = flow.setter.lines(field.value, field.style, width - 2 * PADDING)?;
        most = most.max(lines.len());
        wrapped.push(lines);
    }
    let rows = i32::try_from(most).unwrap_or(i32::MAX);
    let height = rows.saturating_mul(LEADING).saturating_add(2 * tenths_mm(12));
    flow.need(height);
    let mut x = flow.left();
    for ((field, lines), (label_width, value_width)) in fields.iter().zip(wrapped).zip(widths) {
        if label_width > 0 {
            flow.page.fill((x, flow.y), (label_width, height), Colour::Tint);
            flow.page.frame((x, flow.y), (label_width, height), RULE, Colour::Hairline);
            let y = flow.y + label_style.baseline(height);
            flow.setter.draw_aligned(&mut flow.page, (x, y), label_width, Align::Centre, label_style, field.label)?;
            x += label_width;
        }
        flow.page.frame((x, flow.y), (value_width, height), RULE, Colour::Hairline);
        let block = i32::try_from(lines.len()).unwrap_or(i32::MAX).saturating_mul(LEADING);
        let mut y = flow.y + (height - block) / 2 + field.style.baseline(LEADING);
        for line in lines {
            flow.setter.draw(&mut flow.page, (x + PADDING, y), field.style, line)?;
            y += LEADING;
        }
        x += value_width;
    }
    flow.y += height;
    Ok(())
}

/// The society and its office in red above a double rule, the title, and a note on the right.
pub(super) fn document_head(flow: &mut Flow, office: &str, title: &str, note: &str) -> Result<(), RenderProblem> {
    let society = format!("中国职工保险互助会{office}");
    let red = Style::bold(20_000).coloured(Colour::Red);
    for line in flow.setter.lines(&society, red, flow.width())? {
        flow.line(red, 27_000, Align::Centre, line)?;
    }
    flow.skip(15);
    let (left, right) = (flow.left(), flow.left() + flow.width());
    flow.page.rule((left, flow.y), (right, flow.y), 1_800, Colour::Red);
    flow.page.rule((left, flow.y + 2_600), (right, flow.y + 2_600), 500, Colour::Red);
    flow.skip(40);
    flow.line(Style::bold(17_000), 25_000, Align::Centre, title)?;
    flow.skip(8);
    flow.line(Style::regular(9_500), 14_000, Align::Right, note)?;
    flow.skip(8);
    Ok(())
}

/// A heading within a document.
pub(super) fn section_head(flow: &mut Flow, title: &str) -> Result<(), RenderProblem> {
    const LEADING: i32 = 17_000;
    flow.need(2 * LEADING);
    flow.page.fill((flow.left(), flow.y + 3_500), (2_400, 10_500), Colour::Red);
    let style = Style::bold(10_500);
    let at = (flow.left() + 7_000, flow.y + style.baseline(LEADING));
    flow.setter.draw(&mut flow.page, at, style, title)?;
    flow.y += LEADING;
    Ok(())
}

/// `2024年11月10日`.
pub(super) fn long_date(date: jiff::civil::Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// `2024-11-10 09:05`.
pub(super) fn time_of_printing(time: jiff::civil::DateTime) -> String {
    format!("{} {:02}:{:02}", time.date(), time.hour(), time.minute())
}
