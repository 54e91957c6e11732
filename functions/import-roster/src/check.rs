//! Reading and judging a file, off the async threads: bytes in, members and workbooks out.

use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use documents::workbook::{self, FileProblem, IdNumbers, read_roster};
use domain::cover::CoverPeriod;
use domain::enrolment::Line;
use domain::identity::{IdKey, PersonName, ResidentId, normalise};
use domain::plan::PlanVariant;
use domain::roster::raw::{Cell, RawRow};
use domain::roster::{Checked, KnownPerson, Member, PlanRules, RowChecker, RowRules, SharesFrom, apply_known};
use jiff::civil::Date;
use jiff::{Timestamp, tz};
use std::sync::Arc;
use workflow::ports::{Cipher, Outage};

/// A plan the file is for.
pub struct Target {
    plan: PlanVariant,
    shares: u32,
    before: Option<String>,
    members: Vec<Member>,
    on_roster: HashSet<IdKey>,
    start: Option<Date>,
}

impl Target {
    /// A line of the enrolment with the members it has now; `before` is the key of their object.
    pub fn new(line: &Line, before: Option<String>, members: Vec<Member>, start: Option<Date>) -> Self {
        let on_roster = members.iter().map(|member| member.id.key()).collect();
        Self { plan: line.plan.clone(), shares: line.shares, before, members, on_roster, start }
    }

    /// The period that ages and overlaps are judged by: the designated start, else tomorrow, the earliest day a
    /// payment confirmed today would give.
    fn period(&self, today: Date) -> Option<CoverPeriod> {
        let start = self.start.or_else(|| today.tomorrow().ok())?;
        CoverPeriod::of_term(start, self.plan.term_months)
    }
}

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

/// A file after the first pass.
pub struct Read {
    checked: Checked,
    targets: Vec<Target>,
    columns: Vec<String>,
    today: Date,
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
    /// Rows that failed.
    pub failed: u32,
    /// The failed-row workbook, if a row failed.
    pub failed_rows: Option<Vec<u8>>,
    /// The plans of the file.
    pub rosters: Vec<NewRoster>,
}

/// The new roster of a plan.
pub struct NewRoster {
    /// Code of the plan.
    pub plan: String,
    /// Key of the roster it follows.
    pub before: Option<String>,
    /// Members this file added.
    pub added: usize,
    /// All members.
    pub members: Vec<Member>,
    /// All members as a workbook; empty if none was added.
    pub workbook: Vec<u8>,
}

/// Reads the file and checks every row against the plans and their rosters.
pub async fn read(bytes: Bytes, targets: Vec<Target>, today: Date) -> Result<Result<Read, Unreadable>, Outage> {
    off_thread(move || read_now(&bytes, targets, today)).await
}

fn read_now(bytes: &[u8], targets: Vec<Target>, today: Date) -> Result<Read, Unreadable> {
    let file = read_roster(bytes)?;
    let layout = Layout::of(&file.header().plans, &targets)?;
    let targets = layout.order(targets);
    let checked = {
        let rules = rules(&targets, !layout.columns.is_empty(), today)?;
        let mut checker = RowChecker::new(&rules);
        for row in file {
            checker.push(layout.arrange(row?)?);
        }
        checker.finish()
    };
    Ok(Read { checked, targets, columns: layout.names, today })
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

fn rules(targets: &[Target], by_column: bool, today: Date) -> Result<RowRules<'_>, Unreadable> {
    let plans = targets.iter().map(|target| {
        let period = target
            .period(today)
            .ok_or_else(|| Unreadable {
                code: "DATE_OUT_OF_RANGE", text: "保障期间超出日期范围".to_owned()
            })?;
        let shares = if by_column { SharesFrom::Column } else { SharesFrom::Enrolment(target.shares) };
        Ok(PlanRules { plan: &target.plan, shares, period, on_roster: &target.on_roster })
    });
    Ok(RowRules { today, mobile_required: false, plans: plans.collect::<Result<_, Unreadable>>()? })
}

/// What the platform knows of people, by ID number.
pub type Known = HashMap<IdKey, workflow::ports::KnownPerson>;

/// Judges the rows by what the platform knows of their people, and makes the rosters and workbooks.
pub async fn judge(read: Read, known: Known, cipher: Arc<dyn Cipher>, at: Timestamp) -> Result<Imported, Outage> {
    off_thread(move || judge_now(read, &known, &*cipher, at)).await?
}

fn judge_now(read: Read, known: &Known, cipher: &dyn Cipher, at: Timestamp) -> Result<Imported, Outage> {
    let Read { checked, targets, columns, today } = read;
    let created = at.to_zoned(tz::TimeZone::fixed(tz::offset(8))).datetime();
    let answer = |id: &ResidentId, name: Option<&PersonName>| {
        known.get(&id.key()).map(|person| domain_view(person, name, cipher))
    };
    let outcome = {
        let rules = rules(&targets, !columns.is_empty(), today).map_err(|p| Outage::new("judge-rows", p.code))?;
        apply_known(checked, &rules, &answer)
    };
    let failed_rows = if outcome.failed.is_empty() {
        None
    } else {
        let titles: Vec<&str> = columns.iter().map(String::as_str).collect();
        let written = workbook::failed_rows(&titles, &outcome.failed, created);
        Some(written.map_err(|e| Outage::new("write-failed-rows", e))?)
    };
    let mut rosters = Vec::new();
    for (target, new) in targets.into_iter().zip(outcome.rosters) {
        let added = new.len();
        let mut members = target.members;
        members.extend(new);
        let workbook = if added == 0 {
            Vec::new()
        } else {
            let written = workbook::roster(&members, IdNumbers::Full, created);
            written.map_err(|e| Outage::new("write-roster", e))?
        };
        rosters.push(NewRoster { plan: target.plan.code, before: target.before, added, members, workbook });
    }
    let failed = u32::try_from(outcome.failed.len()).unwrap_or(u32::MAX);
    Ok(Imported { total: outcome.total, succeeded: outcome.accepted, failed, failed_rows, rosters })
}

fn domain_view(person: &workflow::ports::KnownPerson, name: Option<&PersonName>, cipher: &dyn Cipher) -> KnownPerson {
    let same = |name: &PersonName| workflow::cover::name_index(cipher, name.as_str()) == person.name_index;
    let covers = person.covers.iter().filter_map(|cover| {
        let period = CoverPeriod::new(cover.start, cover.end)?;
        Some(domain::roster::KnownCover { plan_code: cover.plan.clone(), period, shares: cover.shares })
    });
    KnownPerson {
        name_matches: person.name_index.is_empty() || name.is_none_or(same),
        restricted: person.restricted,
        covers: covers.collect(),
    }
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Outage> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Outage::new("read-roster", e))
}
