//! The boxes for signatures and seals, with the QR code of the public verification page.

use super::data::CertificateData;
use super::flow::Flow;
use super::form::time_of_printing;
use super::page::{Colour, tenths_mm};
use super::problem::RenderProblem;
use super::qr::draw_qr;
use super::text::{Align, Style};

const HEIGHT: i32 = tenths_mm(400);
const NOTE: i32 = tenths_mm(55);
const QR_BOX: i32 = tenths_mm(330);
const QR: i32 = tenths_mm(250);

/// Draws the boxes at the foot of the current page, or of the next where this one is full. `printed` adds the time of
/// printing below.
pub(super) fn seal_boxes(flow: &mut Flow, data: &CertificateData, printed: bool) -> Result<(), RenderProblem> {
    flow.need(HEIGHT + NOTE);
    flow.y = flow.bottom() - HEIGHT - NOTE;
    let office = format!("中国职工保险互助会{}", data.office);
    let width = (flow.width() - QR_BOX) / 2;
    let left = flow.left();
    party(flow, left, width, "会员单位", &data.unit)?;
    party(flow, left + width, width, "办事处", &office)?;
    verification(flow, left + 2 * width, data)?;
    flow.y += HEIGHT;
    if printed {
        let style = Style::regular(9_000);
        let text = format!("打印时间：{}", time_of_printing(data.printed_at));
        flow.line(style, NOTE, Align::Right, &text)?;
    }
    Ok(())
}

fn party(flow: &mut Flow, left: i32, width: i32, role: &str, name: &str) -> Result<(), RenderProblem> {
    const LEADING: i32 = 13_000;
    let (inner, room) = (left + tenths_mm(25), width - tenths_mm(50));
    let (label, text) = (Style::bold(9_500), Style::regular(9_500));
    let (top, bottom) = (flow.y, flow.y + HEIGHT);
    flow.page.frame((left, top), (width, HEIGHT), 500, Colour::Hairline);
    let mut y = top + tenths_mm(20) + label.baseline(LEADING);
    flow.setter.draw(&mut flow.page, (inner, y), label, &format!("{role}（盖章）"))?;
    y += tenths_mm(10);
    // A name too long for three lines is set smaller rather than cut.
    let long = flow.setter.lines(name, text, room)?.len() > 3;
    let (style, leading) = if long { (Style::regular(7_000), 8_800) } else { (text, LEADING) };
    for line in flow.setter.lines(name, style, room)? {
        y += leading;
        flow.setter.draw(&mut flow.page, (inner, y), style, line)?;
    }
    for (up, line) in [(95, "经办人（签字）："), (35, "日　　期：　　　　年　　月　　日")] {
        flow.setter.draw(&mut flow.page, (inner, bottom - tenths_mm(up)), text, line)?;
    }
    Ok(())
}

fn verification(flow: &mut Flow, left: i32, data: &CertificateData) -> Result<(), RenderProblem> {
    let top = flow.y;
    flow.page.frame((left, top), (QR_BOX, HEIGHT), 500, Colour::Hairline);
    let corner = (left + (QR_BOX - QR) / 2, top + tenths_mm(20));
    draw_qr(&mut flow.page, corner, QR, &data.verification_url)?;
    let small = Style::regular(6_800);
    let captions = [(format!("扫码核验 · 第{}版", data.revision), small), (data.number.clone(), small)];
    let mut y = top + tenths_mm(20) + QR + tenths_mm(45);
    for (caption, style) in captions {
        flow.setter.draw_aligned(&mut flow.page, (left, y), QR_BOX, Align::Centre, style, &caption)?;
        y += tenths_mm(40);
    }
    Ok(())
}
