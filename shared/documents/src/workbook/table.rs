//! What the readers of the three formats have in common: a table handed over row by row.

use domain::roster::raw::Cell;

use super::problem::FileProblem;

/// Rows of cells, in the file's order.
pub trait Table {
    /// Puts the next row's cells into `cells`, which is cleared first, and returns its number as the spreadsheet
    /// program shows it; `None` after the last row. Rows may be left out where they are blank, and a row may end early.
    fn next_row(&mut self, wanted: Wanted<'_>, cells: &mut Vec<Cell>) -> Result<Option<u32>, FileProblem>;
}

/// The columns whose cells matter; others need not be filled.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// All, while the header is looked for.
    All,
    /// Those marked true.
    Marked(&'a [bool]),
}

impl Wanted<'_> {
    /// Whether the cell of that column, from 0, matters.
    pub fn has(self, column: usize) -> bool {
        match self {
            Self::All => true,
            Self::Marked(marks) => marks.get(column).copied().unwrap_or(false),
        }
    }
}

/// Text as a cell: white space alone is no value.
pub fn text(text: &str) -> Cell {
    if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) }
}
