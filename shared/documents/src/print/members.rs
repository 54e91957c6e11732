//! The annex of the certificate: the list of members.

use super::data::CertificateData;
use super::flow::Flow;
use super::problem::RenderProblem;
use super::table::{Column, Table, column, running_head};
use super::text::{Align, Style};

const COLUMNS: &[Column] = &[
    column("序号", 9, Align::Right),
    column("姓名", 23, Align::Left),
    column("性别", 8, Align::Centre),
    column("年龄", 8, Align::Right),
    column("证件号码", 27, Align::Centre),
    column("保障活动", 30, Align::Left),
    column("状态", 10, Align::Centre),
];

/// Sets the list from a new page on.
pub(super) fn member_list(flow: &mut Flow, data: &CertificateData) -> Result<(), RenderProblem> {
    flow.next_page();
    let note = format!("确认书号码：{}　共 {} 条", data.number, data.members.len());
    running_head(flow, "会员名单", &note)?;
    let table = Table {
        columns: COLUMNS,
        body: Style::regular(9_000),
        leading: 12_000,
        row_height: 18_000,
        continued: Some(("会员名单（续）", &note)),
    };
    let mut filling = table.begin(flow)?;
    for (index, member) in data.members.iter().enumerate() {
        let (number, age) = ((index + 1).to_string(), member.age.to_string());
        filling
            .row(flow, &[&number, &member.name, &member.sex, &age, &member.id_number, &member.plan, &member.state])?;
    }
    filling.end(flow);
    Ok(())
}
