//! The rows of one worksheet, one at a time, from calamine's stream of cells.

use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxCellReader};
use domain::roster::raw::Cell;
use self_cell::{MutBorrow, self_cell};

use super::stream::Package;
use crate::workbook::limits::{CELL_BYTES_MAX, COLUMNS_MAX, ROW_NUMBER_MAX};
use crate::workbook::problem::FileProblem;
use crate::workbook::table::{Table, Wanted, text};

/// The first serial number behind 9999-12-31, the last day a spreadsheet shows.
const DAYS_MAX: f64 = 2_958_466.0;

type Workbook = Xlsx<Package>;

/// The cells of a sheet in the file's order, and the one that comes next.
struct Cells<'a> {
    reader: XlsxCellReader<'a, Package>,
    package: Package,
    ahead: Option<calamine::Cell<DataRef<'a>>>,
}

self_cell!(
    /// A worksheet being read, and the workbook it borrows from.
    pub struct Sheet {
        owner: MutBorrow<Workbook>,
        #[not_covariant]
        dependent: Cells,
    }
);

/// Goes to the first cell of the first visible sheet.
pub fn open(package: Package) -> Result<Sheet, FileProblem> {
    unpanicked(|| {
        let workbook = Workbook::new(package.clone()).map_err(|_| FileProblem::Damaged)?;
        let name = first_visible_sheet(&workbook)?;
        Sheet::try_new(MutBorrow::new(workbook), |workbook| {
            let reader = workbook.borrow_mut().worksheet_cells_reader(&name).map_err(|_| package.problem())?;
            let mut cells = Cells { reader, package, ahead: None };
            cells.advance()?;
            Ok(cells)
        })
    })
}

impl Cells<'_> {
    fn advance(&mut self) -> Result<(), FileProblem> {
        self.ahead = self.reader.next_cell().map_err(|_| self.package.problem())?;
        if self.ahead.is_none() { self.package.finish() } else { Ok(()) }
    }

    fn next_row(&mut self, wanted: Wanted<'_>, cells: &mut Vec<Cell>) -> Result<Option<u32>, FileProblem> {
        let Some((row, _)) = self.ahead.as_ref().map(calamine::Cell::get_position) else { return Ok(None) };
        if row >= ROW_NUMBER_MAX {
            return Err(FileProblem::Damaged);
        }
        while let Some(cell) = self.ahead.take_if(|cell| cell.get_position().0 == row) {
            let column = cell.get_position().1 as usize;
            if column < COLUMNS_MAX && wanted.has(column) {
                cells.resize(cells.len().max(column + 1), Cell::Empty);
                cells[column] = meaning(cell.get_value())?;
            }
            self.advance()?;
        }
        Ok(Some(row + 1))
    }
}

impl Table for Sheet {
    fn next_row(&mut self, wanted: Wanted<'_>, cells: &mut Vec<Cell>) -> Result<Option<u32>, FileProblem> {
        cells.clear();
        self.with_dependent_mut(|_, sheet| unpanicked(|| sheet.next_row(wanted, cells)))
    }
}

/// calamine computes positions without looking: `ZZZZZZZZZZ1` overflows, as does a dimension that ends before it starts.
/// It is compiled so that this panics rather than going on with a wrong number.
fn unpanicked<T>(read: impl FnOnce() -> Result<T, FileProblem>) -> Result<T, FileProblem> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or(Err(FileProblem::Damaged))
}

/// Name of the first sheet that is neither hidden nor a chart. It is the only handle to a sheet, so it must be unique.
fn first_visible_sheet(workbook: &Workbook) -> Result<String, FileProblem> {
    let sheets = workbook.sheets_metadata();
    let visible =
        |sheet: &&calamine::Sheet| sheet.visible == SheetVisible::Visible && sheet.typ == SheetType::WorkSheet;
    let name = &sheets.iter().find(visible).ok_or(FileProblem::NoSheet)?.name;
    let namesakes = sheets.iter().filter(|sheet| sheet.name == *name).count();
    if namesakes > 1 { Err(FileProblem::Damaged) } else { Ok(name.clone()) }
}

fn meaning(value: &DataRef<'_>) -> Result<Cell, FileProblem> {
    Ok(match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Float(number) if number.is_finite() => Cell::Number(*number),
        DataRef::Float(number) => text(&number.to_string()),
        DataRef::Int(number) => text(&number.to_string()),
        DataRef::Bool(boolean) => text(if *boolean { "TRUE" } else { "FALSE" }),
        DataRef::Error(error) => text(&error.to_string()),
        DataRef::DateTime(moment) => moment_text(moment).map_or(Cell::Number(moment.as_f64()), Cell::Text),
        DataRef::DateTimeIso(string) | DataRef::DurationIso(string) | DataRef::String(string) => short(string)?,
        DataRef::SharedString(string) => short(string)?,
    })
}

fn short(string: &str) -> Result<Cell, FileProblem> {
    if string.len() > CELL_BYTES_MAX { Err(FileProblem::CellTooLong) } else { Ok(text(string)) }
}

/// A date, or date and time, in ISO form; `None` for what a spreadsheet does not show as a date either.
fn moment_text(moment: &ExcelDateTime) -> Option<String> {
    if !(0.0..DAYS_MAX).contains(&moment.as_f64()) {
        return None;
    }
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    let midnight = (hour, minute, second) == (0, 0, 0);
    Some(if midnight { date } else { format!("{date} {hour:02}:{minute:02}:{second:02}") })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use calamine::ExcelDateTimeType::DateTime;

    use super::*;

    #[test]
    fn serial_numbers_show_as_the_spreadsheet_shows_them() {
        let show = |serial, from_1904| moment_text(&ExcelDateTime::new(serial, DateTime, from_1904));
        assert_eq!(show(45606.0, false).unwrap(), "2024-11-10");
        assert_eq!(show(45606.75, false).unwrap(), "2024-11-10 18:00:00");
        assert_eq!(show(45_606.999_999_999_99, false).unwrap(), "2024-11-11");
        assert_eq!(show(44144.0, true).unwrap(), "2024-11-10");
        assert_eq!(show(99_999_999_999.0, false), None);
        assert_eq!(show(-1.0, false), None);
        assert_eq!(show(f64::NAN, false), None);
    }
}
