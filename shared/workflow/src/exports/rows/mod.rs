//! The columns of each kind of export, and the cells of its rows.

mod books;
mod enrolments;
mod tasks;
mod units;

use domain::export::{Cell, Column, ExportKind, Holds};

pub use self::books::{ledger, payment};
pub use self::enrolments::{enrolment, members, receipts, renewal};
pub use self::tasks::task;
pub use self::units::unit;

/// The cells of a row, one for each column.
pub type Row = Vec<Cell>;

const fn column(title: &'static str, holds: Holds, width: u16) -> Column {
    Column { title, holds, width }
}

const NUMBER: Column = column("申请书号", Holds::Text, 24);
const UNIT: Column = column("单位名称", Holds::Text, 32);
const PLAN: Column = column("保障活动", Holds::Text, 30);
const CERTIFICATE: Column = column("确认书号码", Holds::Text, 24);

/// The columns of a kind.
pub fn columns(kind: ExportKind) -> &'static [Column] {
    match kind {
        ExportKind::Enrolments => enrolments::ENROLMENTS,
        ExportKind::Rosters => enrolments::ROSTERS,
        ExportKind::Receipts => enrolments::RECEIPTS,
        ExportKind::Payments => books::PAYMENTS,
        ExportKind::Ledger => books::LEDGER,
        ExportKind::Units => units::UNITS,
        ExportKind::Tasks => tasks::TASKS,
        ExportKind::Renewals => enrolments::RENEWALS,
    }
}

fn yes(flag: bool) -> Cell {
    if flag { "是".into() } else { Cell::Empty }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_columns_with_headings_of_their_own() {
        for kind in ExportKind::ALL {
            let mut titles: Vec<_> = columns(kind).iter().map(|column| column.title).collect();
            titles.sort_unstable();
            let count = titles.len();
            titles.dedup();
            assert_eq!(titles.len(), count, "{kind:?}");
        }
    }
}
