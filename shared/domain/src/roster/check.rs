//! The first pass over a roster file: everything that the file, the plans and their rosters can tell.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use jiff::civil::Date;

use super::raw::{Cell, Column, RawRow};
use super::{FailedRow, read};
use crate::cover::CoverPeriod;
use crate::identity::{IdKey, Mobile, PersonName, ResidentId};
use crate::ids::UploadId;
use crate::plan::{Occupation, PlanVariant};
use crate::reason::Reason;

/// What the rows of a file are checked against.
#[derive(Debug, Clone)]
pub struct RowRules<'a> {
    /// The upload that carried the file.
    pub upload: Option<UploadId>,
    /// Nobody is born later.
    pub today: Date,
    /// Whether the office asks for every mobile number.
    pub mobile_required: bool,
    /// The plans the file is for: usually one; for several, in the order of the file's share columns.
    pub plans: Vec<PlanRules<'a>>,
}

/// One plan of the enrolment that a file is for.
#[derive(Debug, Clone)]
pub struct PlanRules<'a> {
    /// The plan variant.
    pub plan: &'a PlanVariant,
    /// Where a member's shares come from.
    pub shares: SharesFrom,
    /// Cover of this enrolment; ages are those of its first day.
    pub period: CoverPeriod,
    /// Who is on this plan's roster already.
    pub on_roster: &'a HashSet<IdKey>,
}

/// Where the number of shares of a member comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SharesFrom {
    /// Every member has the enrolment's shares.
    Enrolment(u32),
    /// The file has a column for this plan; an empty cell or 0 means that the person is not in it.
    Column,
}

/// A file after the first pass. `total` = accepted + failed, rows in the file's order.
#[derive(Debug, Default)]
pub struct Checked {
    /// Rows that were not blank.
    pub total: u32,
    /// Rows without a fault so far.
    pub accepted: Vec<Accepted>,
    /// Rows that will not be imported.
    pub failed: Vec<Rejected>,
}

/// A row without a fault so far.
#[derive(Debug)]
pub struct Accepted {
    /// Row number in the file.
    pub row: u32,
    /// 姓名
    pub name: PersonName,
    /// 身份证号码
    pub id: ResidentId,
    /// 手机号码
    pub mobile: Option<Mobile>,
    /// 职业; none where the cell was empty.
    pub occupation: Option<Occupation>,
    /// Shares in each plan of the rules; 0 for not in it.
    pub shares: Box<[u32]>,
    /// The cells, kept only where the values above do not give them back exactly.
    uploaded: Option<Box<RawRow>>,
}

/// A row that failed, with what the second pass needs to find its further faults.
#[derive(Debug)]
pub struct Rejected {
    /// The row and its reasons.
    pub row: FailedRow,
    /// 身份证号码, where it is valid.
    pub id: Option<ResidentId>,
    /// 姓名, where it is valid.
    pub name: Option<PersonName>,
    /// Shares in each plan; 0 where they cannot be read.
    pub shares: Box<[u32]>,
}

/// Checks all rows of a file; see [`RowChecker`] for a file that comes in pieces.
pub fn check_rows(rows: impl IntoIterator<Item = RawRow>, rules: &RowRules<'_>) -> Checked {
    let mut checker = RowChecker::new(rules);
    rows.into_iter().for_each(|row| checker.push(row));
    checker.finish()
}

/// Takes rows one by one. Rows that pass are not copied; what is remembered of every row is its ID number in 8 bytes.
#[derive(Debug)]
pub struct RowChecker<'a> {
    rules: &'a RowRules<'a>,
    first_rows: HashMap<IdKey, u32>,
    checked: Checked,
}

impl<'a> RowChecker<'a> {
    /// A checker that has seen no row yet.
    #[must_use]
    pub fn new(rules: &'a RowRules<'a>) -> Self {
        Self { rules, first_rows: HashMap::new(), checked: Checked::default() }
    }

    /// Rows seen, for progress.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.checked.total
    }

    /// Checks the next row; all its reasons are found.
    pub fn push(&mut self, row: RawRow) {
        self.checked.total += 1;
        let mut faults = Faults::default();
        let name = faults.keep_all(Column::Name, read::name(&row.name));
        let id = faults.keep_all(Column::IdNumber, read::id(&row.id_number, self.rules.today));
        let mobile = faults.keep(Column::Mobile, read::mobile(&row.mobile, self.rules.mobile_required));
        let occupation = faults.keep(Column::Occupation, read::occupation(&row.occupation));
        let shares = self.rules.shares_of(&row, &mut faults);
        if let Some(id) = &id {
            match self.first_rows.entry(id.key()) {
                Entry::Vacant(entry) => {
                    entry.insert(row.row_number);
                }
                Entry::Occupied(first) => {
                    faults.add(Column::IdNumber, Reason::DuplicateInFile { first_row: *first.get() });
                }
            }
            for (column, plan, _) in self.rules.plans_of(&shares) {
                plan.judge(id, column, &mut faults);
            }
        }
        match (name, id, mobile, occupation) {
            (Some(name), Some(id), Some(mobile), Some(occupation)) if faults.0.is_empty() => {
                let mut accepted =
                    Accepted { row: row.row_number, name, id, mobile, occupation, shares, uploaded: None };
                if accepted.rebuilt(self.rules.share_columns()) != row {
                    accepted.uploaded = Some(Box::new(row));
                }
                self.checked.accepted.push(accepted);
            }
            (name, id, ..) => {
                let row = FailedRow { row_number: row.row_number, cells: row, reasons: faults.0 };
                self.checked.failed.push(Rejected { row, id, name, shares });
            }
        }
    }

    /// The outcome.
    #[must_use]
    pub fn finish(self) -> Checked {
        self.checked
    }
}

impl Checked {
    /// Everybody whose ID number is valid, with the name where it is: whom the second pass asks about.
    pub fn people(&self) -> impl Iterator<Item = (&ResidentId, Option<&PersonName>)> {
        let accepted = self.accepted.iter().map(|row| (&row.id, Some(&row.name)));
        accepted.chain(self.failed.iter().filter_map(|row| Some((row.id.as_ref()?, row.name.as_ref()))))
    }
}

impl Accepted {
    /// The cells exactly as uploaded.
    pub(super) fn into_cells(mut self, share_columns: usize) -> RawRow {
        self.uploaded.take().map_or_else(|| self.rebuilt(share_columns), |row| *row)
    }

    /// The cells as a tidy file has them: text, and numbers of shares.
    fn rebuilt(&self, share_columns: usize) -> RawRow {
        let cell = |text: Option<&str>| text.map_or(Cell::Empty, |text| Cell::Text(text.into()));
        let shares_cell = |shares: &u32| if *shares == 0 { Cell::Empty } else { Cell::Number((*shares).into()) };
        RawRow {
            row_number: self.row,
            name: cell(Some(self.name.as_str())),
            id_number: cell(Some(self.id.as_str())),
            mobile: cell(self.mobile.as_ref().map(Mobile::as_str)),
            occupation: cell(self.occupation.map(Occupation::chinese)),
            shares: self.shares.iter().take(share_columns).map(shares_cell).collect(),
        }
    }
}

/// A plan of the rules with the column its faults are shown in, and the shares a row asks for.
type PlanOfRow<'r> = (Column, &'r PlanRules<'r>, u32);

impl RowRules<'_> {
    /// The plans a row takes part in.
    pub(super) fn plans_of(&self, shares: &[u32]) -> impl Iterator<Item = PlanOfRow<'_>> {
        let columns = self.plans.iter().enumerate().map(|(at, plan)| (plan.column(at), plan));
        columns.zip(shares.to_vec()).map(|((column, plan), shares)| (column, plan, shares)).filter(|plan| plan.2 > 0)
    }

    /// Columns of shares in a file for these plans.
    pub(super) fn share_columns(&self) -> usize {
        if self.plans.iter().any(|plan| plan.shares == SharesFrom::Column) { self.plans.len() } else { 0 }
    }

    fn shares_of(&self, row: &RawRow, faults: &mut Faults) -> Box<[u32]> {
        let before = faults.0.len();
        let mut shares_in = |at: usize, plan: &PlanRules<'_>| {
            let shares = match plan.shares {
                SharesFrom::Enrolment(shares) => shares,
                SharesFrom::Column => {
                    let cell = row.shares.get(at).unwrap_or(&Cell::Empty);
                    faults.keep(Column::Shares(at), read::shares(cell)).unwrap_or(0)
                }
            };
            let maximum = plan.plan.max_shares;
            if shares > maximum {
                faults.add(plan.column(at), Reason::SharesExceeded { asked: shares, held: 0, maximum });
            }
            shares
        };
        let shares: Box<[u32]> = self.plans.iter().enumerate().map(|(at, plan)| shares_in(at, plan)).collect();
        if faults.0.len() == before && shares.iter().all(|shares| *shares == 0) {
            faults.add(Column::Shares(0), Reason::NoPlanChosen);
        }
        shares
    }
}

impl PlanRules<'_> {
    /// The column that shows this plan's faults: its own, or the ID number where the file has none for it.
    fn column(&self, at: usize) -> Column {
        match self.shares {
            SharesFrom::Column => Column::Shares(at),
            SharesFrom::Enrolment(_) => Column::IdNumber,
        }
    }

    fn judge(&self, id: &ResidentId, column: Column, faults: &mut Faults) {
        let minimum = self.plan.age.minimum;
        let rules = [
            (self.on_roster.contains(&id.key()), Reason::DuplicateInRoster),
            (!self.plan.sex.admits(id.sex()), Reason::SexNotEligible),
            (id.age_on(self.period.start()) < minimum, Reason::AgeBelowMinimum { minimum }),
        ];
        rules.into_iter().filter(|(broken, _)| *broken).for_each(|(_, reason)| faults.add(column, reason));
    }
}

/// The reasons of one row, each once.
#[derive(Default)]
struct Faults(Vec<(Column, Reason)>);

impl Faults {
    fn add(&mut self, column: Column, reason: Reason) {
        if !self.0.contains(&(column, reason.clone())) {
            self.0.push((column, reason));
        }
    }

    fn keep<T>(&mut self, column: Column, value: Result<T, Reason>) -> Option<T> {
        value.map_err(|reason| self.add(column, reason)).ok()
    }

    fn keep_all<T>(&mut self, column: Column, value: Result<T, Vec<Reason>>) -> Option<T> {
        value.map_err(|reasons| reasons.into_iter().for_each(|reason| self.add(column, reason))).ok()
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
pub(super) mod tests;
