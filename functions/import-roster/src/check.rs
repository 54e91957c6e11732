//! Reading and judging a file, off the async threads: bytes in, members and workbooks out.

use bytes::Bytes;
use documents::workbook::{self, FileProblem, IdNumbers, read_roster};
use domain::identity::{ResidentId, normalise};
use domain::refusal::Refusal;
use domain::roster::raw::{Cell, RawRow};
use domain::roster::{Checked, RowChecker};
use jiff::Timestamp;
use std::sync::Arc;
use workflow::eligibility::{self, Known, NewRoster, Target, Terms, joined, rules};
use workflow::ports::{Cipher, Outage, business_time};
use workflow::rosters::FailedRows;

use crate::progress::Counts;

/// Why the file as a whole is refused.
pub struct Unreadable {
    /// Stable code.
    pub code: &'static str,
    /// A sentence for the clerk.
    pub text: String,
}

impl From<FileProblem> for Unreadable {
    fn from(problem: FileProblem) -> Self {
        Self { code: problem.code(), text: problem.to_string() }
    }
}

impl From<Refusal> for Unreadable {
    fn from(refusal: Refusal) -> Self {
        Self { code: refusal.code, text: refusal.text }
    }
}

/// A file after the first pass.
pub struct Read {
    checked: Checked,
    targets: Vec<Target>,
    columns: Vec<String>,
    terms: Terms,
}

impl Read {
    /// Everybody the platform may know.
    pub fn people(&self) -> Vec<ResidentId> {
        self.checked.people().map(|(id, _)| *id).collect()
    }
}

/// What an import brings.
pub struct Imported {
    /// Rows that are not blank.
    pub total: u32,
    /// Rows that became members.
    pub succeeded: u32,
    /// The failed rows with their workbook, if a row failed.
    pub failed: Option<(FailedRows, Vec<u8>)>,
    /// The rosters of the file's plans, each with its workbook, which is empty if nobody joined.
    pub rosters: Vec<(NewRoster, Vec<u8>)>,
}

/// Reads the file and checks every row against the plans and their rosters.
pub async fn read(
    bytes: Bytes,
    targets: Vec<Target>,
    terms: Terms,
    counts: Counts,
) -> Result<Result<Read, Unreadable>, Outage> {
    off_thread(move || read_now(&bytes, targets, terms, &counts)).await
}

fn read_now(bytes: &[u8], targets: Vec<Target>, terms: Terms, counts: &Counts) -> Result<Read, Unreadable> {
    let file = read_roster(bytes)?;
    let layout = Layout::of(&file.header().plans, &targets)?;
    let targets = layout.order(targets);
    let checked = {
        let rules = rules(&targets, !layout.columns.is_empty(), &terms)?;
        let mut checker = RowChecker::new(&rules);
        for row in file {
            checker.push(layout.arrange(row?)?);
            counts.one_read();
        }
        checker.finish()
    };
    Ok(Read { checked, targets, columns: layout.names, terms })
}

/// Which share column of the file belongs to which plan.
struct Layout {
    /// For each target in the file, its column; empty if the file has no share columns.
    columns: Vec<usize>,
    /// Titles of those columns.
    names: Vec<String>,
    /// For each target in the file, its place among the targets.
    places: Vec<usize>,
    /// Columns of plans the enrolment has not chosen, with their titles.
    foreign: Vec<(usize, String)>,
}

impl Layout {
    fn of(titles: &[String], targets: &[Target]) -> Result<Self, Unreadable> {
        let mut layout = Self { columns: vec![], names: vec![], places: vec![], foreign: vec![] };
        if titles.is_empty() {
            layout.places = (0..targets.len()).collect();
            return Ok(layout);
        }
        for (column, title) in titles.iter().enumerate() {
            let named = |t: &Target| [&t.plan.variant, &t.plan.name].into_iter().any(|n| &normalise(n) == title);
            let alone = title.is_empty() && targets.len() == 1;
            match targets.iter().position(|t| alone || named(t)) {
                Some(place) => {
                    layout.columns.push(column);
                    layout.names.push(targets[place].plan.variant.clone());
                    layout.places.push(place);
                }
                None => layout.foreign.push((column, title.clone())),
            }
        }
        if layout.columns.is_empty() {
            let text = "文件中的份数列与所选的保障活动都不对应，请使用模板的列名".to_owned();
            return Err(Unreadable { code: "PLAN_COLUMN_NOT_FOUND", text });
        }
        Ok(layout)
    }

    /// The targets in the file, in the order of its columns.
    fn order(&self, targets: Vec<Target>) -> Vec<Target> {
        let mut targets: Vec<Option<Target>> = targets.into_iter().map(Some).collect();
        self.places.iter().filter_map(|place| targets.get_mut(*place)?.take()).collect()
    }

    /// The row with the shares of the targets only. Shares of a plan that was not chosen are a mistake nobody should
    /// find out about later.
    fn arrange(&self, mut row: RawRow) -> Result<RawRow, Unreadable> {
        for (column, title) in &self.foreign {
            if row.shares.get(*column).is_some_and(asks_for_shares) {
                let text = format!("第{}行填写了参保单未选择的保障活动“{title}”的份数", row.row_number);
                return Err(Unreadable { code: "PLAN_NOT_CHOSEN", text });
            }
        }
        row.shares = self.columns.iter().map(|c| row.shares.get(*c).cloned().unwrap_or_default()).collect();
        Ok(row)
    }
}

fn asks_for_shares(cell: &Cell) -> bool {
    match cell {
        Cell::Empty => false,
        Cell::Text(text) => !matches!(normalise(text).as_str(), "" | "0"),
        Cell::Number(number) => *number != 0.0,
    }
}

/// Judges the rows by what the platform knows of their people, and makes the rosters and workbooks.
pub async fn judge(read: Read, known: Known, cipher: Arc<dyn Cipher>, at: Timestamp) -> Result<Imported, Outage> {
    off_thread(move || judge_now(read, &known, &*cipher, at)).await?
}

fn judge_now(read: Read, known: &Known, cipher: &dyn Cipher, at: Timestamp) -> Result<Imported, Outage> {
    let Read { checked, targets, columns, terms } = read;
    let created = business_time(at);
    let outcome = {
        let rules = rules(&targets, !columns.is_empty(), &terms).map_err(|r| Outage::new("judge-rows", r.code))?;
        eligibility::judge(checked, &rules, known, cipher)
    };
    let plans = targets.iter().map(|target| target.plan.code.clone()).collect();
    let rows = FailedRows { plans, columns, rows: outcome.failed };
    let failed = if rows.rows.is_empty() {
        None
    } else {
        let titles: Vec<&str> = rows.columns.iter().map(String::as_str).collect();
        let written = workbook::failed_rows(&titles, &rows.rows, created);
        let written = written.map_err(|e| Outage::new("write-failed-rows", e))?;
        Some((rows, written))
    };
    let mut rosters = Vec::new();
    for roster in joined(targets, outcome.rosters, terms.today) {
        let workbook = if roster.added == 0 {
            Vec::new()
        } else {
            let written = workbook::roster(&roster.members, IdNumbers::Full, created);
            written.map_err(|e| Outage::new("write-roster", e))?
        };
        rosters.push((roster, workbook));
    }
    Ok(Imported { total: outcome.total, succeeded: outcome.accepted, failed, rosters })
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Outage> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Outage::new("read-roster", e))
}
