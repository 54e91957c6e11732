//! The sheet 填写说明: how to fill in the workbook, and what each reason means.

use domain::reason::Reason;
use rust_xlsxwriter::{Workbook, XlsxError};

use super::cells::row_height;
use super::style::{HEADER_HEIGHT, Style, set_up_pages};
use crate::workbook::limits::{FILE_BYTES_MAX, HEADER_ROW_MAX, ROWS_MAX};

const SHEET: &str = "填写说明";
const WIDTHS: [u32; 2] = [30, 76];
/// In the catalogue of reasons those of rows come first; from this one on they concern whole files and forms.
const FIRST_FILE_CODE: &str = "HEADER_NOT_FOUND";

/// Adds the sheet.
pub fn add(workbook: &mut Workbook, style: &Style) -> Result<(), XlsxError> {
    let sheet = workbook.add_worksheet_with_constant_memory()?.set_name(SHEET)?;
    for (column, width) in (0..).zip(WIDTHS) {
        sheet.set_column_width(column, width)?;
    }
    set_up_pages(sheet)?;
    let mut row = 0;
    for (title, lines) in [(["项目", "填写要求"], rules()), (["失败原因代码", "含义"], reasons())] {
        sheet.set_row_height(row, HEADER_HEIGHT)?;
        for (column, text) in (0..).zip(title) {
            sheet.write_string_with_format(row, column, text, &style.header)?;
        }
        for [name, meaning] in lines {
            row += 1;
            sheet.set_row_height(row, row_height(&meaning, WIDTHS[1]))?;
            sheet.write_string_with_format(row, 0, name, &style.wrapped)?;
            sheet.write_string_with_format(row, 1, meaning, &style.wrapped)?;
        }
        row += 2;
    }
    Ok(())
}

fn rules() -> Vec<[String; 2]> {
    [
        (
            "表头",
            format!(
                "前{HEADER_ROW_MAX}行内须有一行同时包含“姓名”和“身份证号码”(或“证件号码”);列的顺序不限,其他列会被忽略"
            ),
        ),
        ("姓名", "必填,2至50个字;少数民族姓名中的间隔号写作“·”".to_owned()),
        (
            "身份证号码",
            "必填,18位,以文本格式填写;单元格若为数值格式,Excel 会丢失第15位以后的数字,该行将被退回".to_owned(),
        ),
        ("手机号码", "选填,11位手机号码".to_owned()),
        ("职业", "选填,“一般职业”或“高危职业”;不填视为一般职业".to_owned()),
        ("份数", "多活动模板中每个保障活动一列,填写该职工参加的份数;不参加的留空".to_owned()),
        ("重复人员", "同一身份证号码在文件中只能出现一次,已在该活动清单中的人员不能重复导入".to_owned()),
        ("空白行", "整行空白的行会被跳过,不计入总数".to_owned()),
        ("工作表", "只读取第一个可见的工作表".to_owned()),
        ("文件", format!("支持 .xlsx、.xls、.csv,不超过 {} MiB、{ROWS_MAX} 人;不要设置打开密码", FILE_BYTES_MAX >> 20)),
        ("失败人员名单", "修改标红的单元格后直接上传该文件,只会导入名单中的人员".to_owned()),
    ]
    .map(|(name, meaning)| [name.to_owned(), meaning])
    .into()
}

fn reasons() -> Vec<[String; 2]> {
    let of_rows = Reason::ALL_CODES.iter().take_while(|(code, _)| *code != FIRST_FILE_CODE);
    of_rows.map(|(code, meaning)| [(*code).to_owned(), (*meaning).to_owned()]).collect()
}
