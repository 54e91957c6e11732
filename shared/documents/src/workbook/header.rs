//! The header row: which column holds what.

use domain::roster::raw::{Cell, Column, RawRow};

use super::limits::{HEADER_ROW_MAX, QUOTED_TITLE_CHARS, QUOTED_TITLES};
use super::problem::FileProblem;
use super::table::{Table, Wanted};

/// Ends the title of a column that holds shares: 份数, or a plan's name before it.
pub const SHARES_TITLE: &str = "份数";

/// The header found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Its row number, from 1.
    pub row_number: u32,
    /// The plans whose shares the file gives, in the order of `RawRow::shares`: the column titles without 份数, spaces
    /// removed and full-width characters made half-width. A lone 份数 column gives an empty name.
    pub plans: Vec<String>,
    /// Meaning of each column of the file, from the left.
    columns: Vec<Option<Column>>,
    pub(super) wanted: Vec<bool>,
}

impl Header {
    /// Reads `table` up to and including its header row.
    pub(super) fn find(table: &mut dyn Table) -> Result<Self, FileProblem> {
        let mut cells = Vec::new();
        let mut closest: Vec<String> = Vec::new();
        while let Some(row_number) = table.next_row(Wanted::All, &mut cells)? {
            if row_number > HEADER_ROW_MAX {
                break;
            }
            let titles: Vec<String> = cells.iter().map(title).collect();
            let columns: Vec<Option<Column>> = meanings(&titles);
            if columns.contains(&Some(Column::Name)) && columns.contains(&Some(Column::IdNumber)) {
                return Self::new(row_number, &titles, columns);
            }
            closest = likelier(closest, titles);
        }
        Err(FileProblem::HeaderNotFound { found: closest.iter().map(|title| quote(title)).collect() })
    }

    fn new(row_number: u32, titles: &[String], columns: Vec<Option<Column>>) -> Result<Self, FileProblem> {
        let repeated = (1..columns.len()).find(|&at| columns[at].is_some() && columns[..at].contains(&columns[at]));
        let plans: Vec<String> =
            titles.iter().filter_map(|title| title.strip_suffix(SHARES_TITLE)).map(Into::into).collect();
        let repeated_plan = (1..plans.len()).find(|&at| plans[..at].contains(&plans[at]));
        let repeated =
            repeated.map(|at| titles[at].clone()).or(repeated_plan.map(|at| plans[at].clone() + SHARES_TITLE));
        if let Some(title) = repeated {
            return Err(FileProblem::HeaderRepeated { title: quote(&title) });
        }
        Ok(Self { row_number, plans, wanted: columns.iter().map(Option::is_some).collect(), columns })
    }

    /// Moves the cells the header names into a row; `None` if all of them are blank.
    pub(super) fn row(&self, row_number: u32, cells: &mut [Cell]) -> Option<RawRow> {
        let mut row = RawRow { row_number, shares: vec![Cell::Empty; self.plans.len()], ..RawRow::default() };
        let mut blank = true;
        for (column, cell) in self.columns.iter().zip(cells) {
            let field = match column {
                None => continue,
                Some(Column::Name) => &mut row.name,
                Some(Column::IdNumber) => &mut row.id_number,
                Some(Column::Mobile) => &mut row.mobile,
                Some(Column::Occupation) => &mut row.occupation,
                Some(Column::Shares(plan)) => &mut row.shares[*plan],
            };
            *field = std::mem::take(cell);
            blank &= *field == Cell::Empty;
        }
        (!blank).then_some(row)
    }
}

fn meanings(titles: &[String]) -> Vec<Option<Column>> {
    let mut plans = 0;
    let mut meaning = |title: &String| match title.as_str() {
        "姓名" => Some(Column::Name),
        "身份证号码" | "证件号码" => Some(Column::IdNumber),
        "手机号码" | "手机号" => Some(Column::Mobile),
        "职业" => Some(Column::Occupation),
        title if title.ends_with(SHARES_TITLE) => {
            plans += 1;
            Some(Column::Shares(plans - 1))
        }
        _ => None,
    };
    titles.iter().map(&mut meaning).collect()
}

/// A title as it is compared: no white space, zero-width characters or `*` marks, full-width made half-width.
pub(super) fn title(cell: &Cell) -> String {
    let Cell::Text(text) = cell else { return String::new() };
    let narrow = text.chars().map(|character| match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0).unwrap_or(character),
        other => other,
    });
    narrow
        .filter(|character| {
            !(character.is_whitespace() || matches!(character, '*' | '\u{200B}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}'))
        })
        .collect()
}

/// Of two rows the one with more titles that may be quoted.
fn likelier(one: Vec<String>, titles: Vec<String>) -> Vec<String> {
    let other: Vec<String> = titles.into_iter().filter(|title| is_title(title)).take(QUOTED_TITLES).collect();
    if other.len() > one.len() { other } else { one }
}

/// Whether a cell of an unknown row reads like a column title. A file without a header starts with people, and nothing
/// of theirs may be quoted: so only cells with one of these words are, and none with a run of digits.
fn is_title(title: &str) -> bool {
    const WORDS: [&str; 24] = [
        "姓名",
        "名字",
        "名称",
        "身份证",
        "证件",
        "证号",
        "手机",
        "电话",
        "联系",
        "职业",
        "工种",
        "岗位",
        "性别",
        "年龄",
        "生日",
        "日期",
        "单位",
        "部门",
        "序号",
        "编号",
        "工号",
        "备注",
        "份数",
        "卡号",
    ];
    WORDS.iter().any(|word| title.contains(word)) && title.chars().filter(char::is_ascii_digit).count() < 4
}

fn quote(title: &str) -> String {
    title.chars().take(QUOTED_TITLE_CHARS).collect()
}
