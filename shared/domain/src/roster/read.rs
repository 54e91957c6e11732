//! From cells to values; nothing is guessed.

use std::borrow::Cow;

use jiff::civil::Date;

use super::raw::Cell;
use crate::identity::{Mobile, PersonName, ResidentId, normalise};
use crate::plan::Occupation;
use crate::reason::Reason;

/// From here on a number has more digits than the 15 a spreadsheet keeps.
const FIRST_INEXACT: f64 = 1e15;

pub(super) fn name(cell: &Cell) -> Result<PersonName, Vec<Reason>> {
    PersonName::parse(&text(cell))
}

pub(super) fn id(cell: &Cell, today: Date) -> Result<ResidentId, Vec<Reason>> {
    ResidentId::parse(&exact(cell).map_err(|reason| vec![reason])?, today)
}

/// `None` when the cell is empty and may be.
pub(super) fn mobile(cell: &Cell, required: bool) -> Result<Option<Mobile>, Reason> {
    match exact(cell).and_then(|text| Mobile::parse(&text)) {
        Err(Reason::PhoneMissing) if !required => Ok(None),
        mobile => mobile.map(Some),
    }
}

/// `None` when the cell is empty, which stands for an ordinary occupation.
pub(super) fn occupation(cell: &Cell) -> Result<Option<Occupation>, Reason> {
    let text = normalise(&text(cell));
    match Occupation::ALL.into_iter().find(|occupation| occupation.chinese() == text) {
        None if text.is_empty() => Ok(None),
        None => Err(Reason::OccupationUnknown),
        occupation => Ok(occupation),
    }
}

/// A whole number of shares; an empty cell is 0.
pub(super) fn shares(cell: &Cell) -> Result<u32, Reason> {
    let text = normalise(&text(cell));
    if text.is_empty() { Ok(0) } else { text.parse().map_err(|_| Reason::SharesFormat) }
}

fn text(cell: &Cell) -> Cow<'_, str> {
    match cell {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) => Cow::Borrowed(text),
        Cell::Number(number) => Cow::Owned(number.to_string()),
    }
}

/// The text of a cell whose every digit counts.
fn exact(cell: &Cell) -> Result<Cow<'_, str>, Reason> {
    match cell {
        Cell::Number(number) if number.abs() >= FIRST_INEXACT => Err(Reason::NumberStoredAsNumber),
        // What a spreadsheet writes into a CSV file for such a number: 1.10101E+17.
        Cell::Text(text) if is_scientific(text) => Err(Reason::NumberStoredAsNumber),
        cell => Ok(text(cell)),
    }
}

fn is_scientific(text: &str) -> bool {
    text.to_ascii_uppercase().contains("E+") && text.trim().parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn typed(text: &str) -> Cell {
        Cell::Text(text.into())
    }

    #[test]
    fn a_number_that_lost_digits_is_refused() {
        let check = |cell: Cell, expect: Reason| assert_eq!(id(&cell, date(2025, 1, 1)), Err(vec![expect]), "{cell:?}");
        check(Cell::Number(110_101_199_003_071_233.0), Reason::NumberStoredAsNumber);
        check(Cell::Number(1e15), Reason::NumberStoredAsNumber);
        check(typed("1.10101199003071E+17"), Reason::NumberStoredAsNumber);
        check(typed("1.10101e+17 "), Reason::NumberStoredAsNumber);
        check(Cell::Number(610_104_620_927_690.0), Reason::IdFifteen);
        check(Cell::Number(13_800_138_000.0), Reason::IdLength);
        check(Cell::Empty, Reason::IdMissing);
        assert_eq!(mobile(&Cell::Number(6.228e18), false), Err(Reason::NumberStoredAsNumber));
    }

    #[test]
    fn a_phone_stored_as_a_number_is_exact() {
        assert_eq!(mobile(&Cell::Number(13_800_138_000.0), true), Mobile::parse("13800138000").map(Some));
        assert_eq!(mobile(&Cell::Number(13_800_138_000.5), true), Err(Reason::PhoneFormat));
        assert_eq!(mobile(&Cell::Number(f64::NAN), true), Err(Reason::PhoneFormat));
    }

    #[test]
    fn a_phone_may_be_empty_unless_required() {
        assert_eq!(mobile(&typed(" "), false), Ok(None));
        assert_eq!(mobile(&Cell::Empty, true), Err(Reason::PhoneMissing));
        assert_eq!(mobile(&typed("029-1"), false), Err(Reason::PhoneFormat));
    }

    #[test]
    fn occupations_are_named_in_full() {
        assert_eq!(occupation(&Cell::Empty), Ok(None));
        assert_eq!(occupation(&typed(" 一般 职业")), Ok(Some(Occupation::Ordinary)));
        assert_eq!(occupation(&typed("高危职业")), Ok(Some(Occupation::HighRisk)));
        assert_eq!(occupation(&typed("高危")), Err(Reason::OccupationUnknown));
        assert_eq!(occupation(&Cell::Number(1.0)), Err(Reason::OccupationUnknown));
    }

    #[test]
    fn shares_are_whole() {
        let check = |cell: Cell, expect| assert_eq!(shares(&cell), expect, "{cell:?}");
        check(Cell::Empty, Ok(0));
        check(Cell::Number(2.0), Ok(2));
        check(typed(" ２ "), Ok(2));
        for wrong in [Cell::Number(1.5), Cell::Number(-1.0), Cell::Number(1e10), typed("两份"), typed("-1")] {
            check(wrong, Err(Reason::SharesFormat));
        }
    }

    #[test]
    fn a_number_is_no_name() {
        assert_eq!(name(&Cell::Number(12.0)), Err(vec![Reason::NameCharacter]));
    }
}
