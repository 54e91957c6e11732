//! The sheet 参保人信息 in its three uses.

use std::collections::BTreeMap;

use domain::plan::Occupation;
use domain::roster::raw::{Cell, Column, RawRow};
use domain::roster::{FailedRow, Member};
use jiff::civil::DateTime;
use rust_xlsxwriter::{DataValidation, DataValidationRule, Note, Workbook, Worksheet, XlsxError};

use super::IdNumbers;
use super::cells::{row_height, shown, write};
use super::help;
use super::style::{HEADER_HEIGHT, Style, set_up_pages, workbook};
use crate::workbook::header::SHARES_TITLE;

const SHEET: &str = "参保人信息";
/// Rows of the template that are ready to be filled in.
const ENTRY_ROWS: u32 = 5_000;
/// Cells that get their reason as a comment. A comment is a drawing that the spreadsheet program keeps in memory: with
/// tens of thousands a file takes minutes to open. Colour and 失败原因 go on for every row.
pub const COMMENTS_MAX: usize = 5_000;
const COMMENT_AUTHOR: &str = "校验结果";
const COMMENT_FONT: &str = "宋体";
const SHARES_MAX: i32 = 99;

const FIXED: [(&str, u32); 5] = [("序号", 7), ("姓名", 20), ("身份证号码", 24), ("手机号码", 16), ("职业", 12)];
const SHARES_WIDTH: u32 = 18;
const REASONS: (&str, u32) = ("失败原因", 68);
const ORIGIN: (&str, u32) = ("原文件行号", 12);
const REMARK: (&str, u32) = ("备注", 18);
const NAME: u16 = 1;
const OCCUPATION: u16 = 4;
const FIRST_SHARES: u16 = 5;

/// See [`super::template`].
pub fn template(plans: &[&str], created: DateTime) -> Result<Vec<u8>, XlsxError> {
    let style = Style::new();
    let mut workbook =
        workbook(if plans.is_empty() { "参保人信息模板-通用" } else { "参保人信息模板-多活动" }, created)?;
    let titles = titles(plans, &[]);
    let sheet = add_sheet(&mut workbook, &style, &titles)?;
    for column in NAME..FIRST_SHARES {
        sheet.set_column_format(column, &style.entry)?;
    }
    choices(sheet, ENTRY_ROWS, plans.len())?;
    for row in 1..=ENTRY_ROWS {
        for column in NAME..FIRST_SHARES {
            sheet.write_blank(row, column, &style.entry)?;
        }
        for (column, _) in (FIRST_SHARES..).zip(plans) {
            sheet.write_blank(row, column, &style.entry_number)?;
        }
    }
    help::add(&mut workbook, &style)?;
    workbook.save_to_buffer()
}

/// See [`super::failed_rows`].
pub fn failed_rows<'a>(
    plans: &[&str],
    rows: impl IntoIterator<Item = &'a FailedRow>,
    created: DateTime,
) -> Result<Vec<u8>, XlsxError> {
    let style = Style::new();
    let mut workbook = workbook("失败人员名单", created)?;
    let titles = titles(plans, &[REASONS, ORIGIN]);
    let sheet = add_sheet(&mut workbook, &style, &titles)?;
    sheet.set_default_note_author(COMMENT_AUTHOR);
    let mut comments = 0;
    let mut last = 0;
    for (row, failed) in (1..).zip(rows) {
        failed_row(sheet, &style, row, failed, plans.len(), &mut comments)?;
        last = row;
    }
    choices(sheet, last.max(1), 0)?;
    help::add(&mut workbook, &style)?;
    workbook.save_to_buffer()
}

/// See [`super::roster`].
pub fn roster<'a>(
    members: impl IntoIterator<Item = &'a Member>,
    id_numbers: IdNumbers,
    created: DateTime,
) -> Result<Vec<u8>, XlsxError> {
    let style = Style::new();
    let mut workbook = workbook("参保人员清单", created)?;
    let sheet = add_sheet(&mut workbook, &style, &titles(&[""], &[REMARK]))?;
    for (row, member) in (1..).zip(members) {
        let mobile = member.mobile.as_ref();
        let (id, mobile) = match id_numbers {
            IdNumbers::Full => (member.id.as_str().to_owned(), mobile.map(|mobile| mobile.as_str().to_owned())),
            IdNumbers::Masked => (member.id.masked(), mobile.map(|mobile| mobile.masked())),
        };
        let mobile = mobile.unwrap_or_default();
        let texts = [member.name.as_str(), &id, &mobile, member.occupation.chinese()];
        sheet.write_number_with_format(row, 0, row, &style.number)?;
        for (column, text) in (NAME..).zip(texts) {
            write(sheet, row, column, text, &style.text)?;
        }
        sheet.write_number_with_format(row, FIRST_SHARES, member.shares, &style.number)?;
        let flags = [(member.over_age, "超龄"), (member.unexpired, "未到期")];
        let flags: Vec<&str> = flags.into_iter().filter_map(|(set, text)| set.then_some(text)).collect();
        write(sheet, row, FIRST_SHARES + 1, &flags.join("、"), &style.text)?;
    }
    help::add(&mut workbook, &style)?;
    workbook.save_to_buffer()
}

fn titles(plans: &[&str], more: &[(&str, u32)]) -> Vec<(String, u32)> {
    let plans = plans.iter().map(|plan| (format!("{plan}{SHARES_TITLE}"), SHARES_WIDTH));
    let owned = |(title, width): &(&str, u32)| ((*title).to_owned(), *width);
    FIXED.iter().map(owned).chain(plans).chain(more.iter().map(owned)).collect()
}

fn add_sheet<'a>(
    workbook: &'a mut Workbook,
    style: &Style,
    titles: &[(String, u32)],
) -> Result<&'a mut Worksheet, XlsxError> {
    let sheet = workbook.add_worksheet_with_constant_memory()?.set_name(SHEET)?;
    set_up_pages(sheet)?;
    if titles.len() > FIXED.len() {
        sheet.set_landscape();
    }
    let long = titles.iter().any(|(title, width)| 2 * title.chars().count() > *width as usize);
    sheet.set_row_height(0, if long { 2 * HEADER_HEIGHT } else { HEADER_HEIGHT })?;
    for (column, (title, width)) in (0..).zip(titles) {
        sheet.set_column_width(column, *width)?;
        sheet.write_string_with_format(0, column, title, &style.header)?;
    }
    Ok(sheet)
}

/// Drop-down lists for occupations, whole numbers for shares, on rows 2 to `last` + 1.
fn choices(sheet: &mut Worksheet, last: u32, plans: usize) -> Result<(), XlsxError> {
    let occupations = DataValidation::new()
        .allow_list_strings(&Occupation::ALL.map(Occupation::chinese))?
        .set_error_title("职业")?
        .set_error_message("请选择“一般职业”或“高危职业”,或留空")?;
    sheet.add_data_validation(1, OCCUPATION, last, OCCUPATION, &occupations)?;
    let shares = DataValidation::new()
        .allow_whole_number(DataValidationRule::Between(0, SHARES_MAX))
        .set_error_title("份数")?
        .set_error_message("请填写参加的份数;不参加的留空")?;
    for (column, _) in (FIRST_SHARES..).zip(0..plans) {
        sheet.add_data_validation(1, column, last, column, &shares)?;
    }
    Ok(())
}

fn failed_row(
    sheet: &mut Worksheet,
    style: &Style,
    row: u32,
    failed: &FailedRow,
    plans: usize,
    comments: &mut usize,
) -> Result<(), XlsxError> {
    let mut by_column: BTreeMap<u16, Vec<String>> = BTreeMap::new();
    for (column, reason) in &failed.reasons {
        by_column.entry(position(*column)).or_default().push(reason.text());
    }
    sheet.write_number_with_format(row, 0, row, &style.number)?;
    for (column, cell) in (NAME..).zip(cells(&failed.cells, plans)) {
        let reasons = by_column.get(&column);
        write(sheet, row, column, &shown(cell), if reasons.is_some() { &style.alert } else { &style.text })?;
        if let Some(reasons) = reasons
            && *comments < COMMENTS_MAX
        {
            *comments += 1;
            sheet.insert_note(row, column, &comment(&reasons.join("\n")))?;
        }
    }
    let all: Vec<String> = failed.reasons.iter().map(|(_, reason)| reason.text()).collect();
    let all = all.join("\n");
    sheet.set_row_height(row, row_height(&all, REASONS.1))?;
    let after = FIRST_SHARES + u16::try_from(plans).unwrap_or(u16::MAX - FIRST_SHARES - 1);
    write(sheet, row, after, &all, &style.wrapped)?;
    sheet.write_number_with_format(row, after + 1, failed.row_number, &style.number)?;
    Ok(())
}

/// The cells of columns B and on; `plans` of them are shares.
fn cells(row: &RawRow, plans: usize) -> impl Iterator<Item = &Cell> {
    let shares = row.shares.iter().chain(std::iter::repeat(&Cell::Empty)).take(plans);
    [&row.name, &row.id_number, &row.mobile, &row.occupation].into_iter().chain(shares)
}

fn position(column: Column) -> u16 {
    match column {
        Column::Name => NAME,
        Column::IdNumber => NAME + 1,
        Column::Mobile => NAME + 2,
        Column::Occupation => OCCUPATION,
        Column::Shares(plan) => FIRST_SHARES + u16::try_from(plan).unwrap_or(u16::MAX - FIRST_SHARES),
    }
}

fn comment(text: &str) -> Note {
    let lines = u32::try_from(text.chars().count() / 14 + text.lines().count() + 1).unwrap_or(1);
    Note::new(text)
        .add_author_prefix(false)
        .set_font_name(COMMENT_FONT)
        .set_font_size(9)
        .set_width(200)
        .set_height(18 * lines.min(12))
}
