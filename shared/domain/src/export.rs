//! An export: a list written into a workbook as a background job, and what its cells are.
//!
//! ```text
//! queued ──▶ running ──▶ running … ──▶ ready      each arrow is one step: some rows, or putting the parts together
//!                └──────────────────▶ failed      with a reason
//! ```

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, EnrolmentId, ExportId, MessageId};
use crate::message::{Message, Outgoing};
use crate::money::Fen;
use crate::organisation::NodePath;

/// Most rows of an export: what one sheet holds, rounded down.
pub const ROWS_MAX: u32 = 1_000_000;
/// A job without progress for so long has failed: its messages are all in the dead letters by then.
pub const STALLED_AFTER: SignedDuration = SignedDuration::from_hours(2);
/// Days for which the workbook of a job can be downloaded; the bucket forgets it afterwards.
pub const KEPT_DAYS: i64 = 7;
/// Most jobs of one account that are under way at a time.
pub const UNDER_WAY_MAX: usize = 3;

/// What is exported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportKind {
    /// 参保单: a row for each enrolment.
    Enrolments,
    /// 参保人员: a row for each named member of each plan.
    Rosters,
    /// 票据: a row for each item of each receipt request.
    Receipts,
    /// 到账: a row for each confirmed payment.
    Payments,
    /// 业财明细: a row for each line of each entry of the ledger.
    Ledger,
    /// 单位: a row for each unit.
    Units,
    /// 工作池: a row for each task.
    Tasks,
    /// 续保: a row for each enrolment that is due for renewal.
    Renewals,
}

impl ExportKind {
    /// Every kind there is.
    pub const ALL: [Self; 8] = [
        Self::Enrolments,
        Self::Rosters,
        Self::Receipts,
        Self::Payments,
        Self::Ledger,
        Self::Units,
        Self::Tasks,
        Self::Renewals,
    ];

    /// Chinese name.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Enrolments => "参保单",
            Self::Rosters => "参保人员",
            Self::Receipts => "票据",
            Self::Payments => "到账",
            Self::Ledger => "业财明细",
            Self::Units => "单位",
            Self::Tasks => "工作池",
            Self::Renewals => "续保",
        }
    }
}

/// Where a job goes on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The place of the list after which the next page stands; none: its first page.
    pub after: Option<String>,
    /// Enrolments of the page before that are still to be gone through, in order.
    pub waiting: Vec<EnrolmentId>,
    /// Rows of the first of them that are written already.
    pub rows_of_next: usize,
    /// Whether the page before was the last.
    pub at_end: bool,
}

/// One part of a workbook's rows, packed, as an object of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Rows.
    pub rows: u32,
    /// Bytes as they lie in the object.
    pub packed: u64,
    /// Bytes when unpacked.
    pub unpacked: u64,
    /// CRC-32 of the unpacked bytes.
    pub crc32: u32,
}

/// How far a job has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum ExportState {
    /// Rows are still to be written.
    Writing {
        /// From where on.
        place: Place,
    },
    /// All rows are written; the parts are to be put together.
    Assembling,
    /// It can be downloaded.
    Ready {
        /// Since when.
        at: Timestamp,
        /// Key of the workbook in the documents bucket.
        key: String,
        /// Bytes.
        size: u64,
    },
    /// It will never be.
    Failed {
        /// When that was found.
        at: Timestamp,
        /// A stable code.
        code: String,
        /// A Chinese sentence.
        reason: String,
    },
}

/// A job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Export {
    /// Identifier.
    pub id: ExportId,
    /// Who asked for it; nobody else sees it.
    pub account: AccountId,
    /// Their name, for trails.
    pub actor_name: String,
    /// Where they stood: what lies outside is not in it, and it is theirs only as long as they stand there.
    pub node: NodePath,
    /// What is exported.
    pub kind: ExportKind,
    /// The conditions, as the list takes them, JSON.
    pub conditions: String,
    /// Whether ID numbers are written in full.
    pub in_full: bool,
    /// Goes up by one with every step.
    pub version: u64,
    /// When it was asked for.
    pub requested_at: Timestamp,
    /// When its last step was done.
    pub moved_at: Timestamp,
    /// How far it has come.
    pub state: ExportState,
    /// The parts written so far.
    pub parts: Vec<Part>,
    /// Records of the list gone through so far: enrolments, payments, entries …
    #[serde(alias = "enrolments")]
    pub records: u32,
}

impl Export {
    /// Rows written so far.
    pub fn rows(&self) -> u32 {
        self.parts.iter().map(|part| part.rows).fold(0, u32::saturating_add)
    }

    /// Whether steps are left.
    pub fn under_way(&self) -> bool {
        matches!(self.state, ExportState::Writing { .. } | ExportState::Assembling)
    }

    /// Whether its messages went to the dead letters, and nothing will move it any more.
    pub fn stalled(&self, now: Timestamp) -> bool {
        self.under_way() && now.duration_since(self.moved_at) >= STALLED_AFTER
    }

    /// The message that asks for the next step of a job as it stands; the same job always the same message.
    pub fn next_step(&self) -> Outgoing {
        Outgoing {
            id: MessageId::of(self.id.as_str(), self.version, 0),
            message: Message::Export { account: self.account.clone(), export: self.id.clone(), version: self.version },
        }
    }

    /// The job after a step that was done now.
    #[must_use]
    pub fn moved(&self, state: ExportState, now: Timestamp) -> Self {
        Self { version: self.version + 1, moved_at: now, state, ..self.clone() }
    }

    /// Key of the object that holds a part.
    pub fn part_key(&self, part: usize) -> String {
        format!("exports/{}/{}/{part}", self.account, self.id)
    }

    /// Key of the workbook.
    pub fn workbook_key(&self) -> String {
        format!("exports/{}/{}.xlsx", self.account, self.id)
    }

    /// Name of the workbook when it is downloaded.
    pub fn file_name(&self, requested_on: Date) -> String {
        format!("{}-{}.xlsx", self.kind.chinese(), requested_on.strftime("%Y%m%d"))
    }
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Text, whatever it looks like.
    Text,
    /// Whole numbers.
    Whole,
    /// Yuan with two decimals.
    Money,
    /// Days.
    Day,
    /// Days with the time.
    Instant,
}

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Heading.
    pub title: &'static str,
    /// What it holds.
    pub holds: Holds,
    /// Width in digits.
    pub width: u16,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// An amount.
    Money(Fen),
    /// A day.
    Day(Date),
    /// A day and a time, as a clock on the wall shows it.
    Instant(DateTime),
}

impl Cell {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<u32> for Cell {
    fn from(number: u32) -> Self {
        Self::Whole(number.into())
    }
}

impl From<Fen> for Cell {
    fn from(amount: Fen) -> Self {
        Self::Money(amount)
    }
}

impl From<Date> for Cell {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

impl From<DateTime> for Cell {
    fn from(at: DateTime) -> Self {
        Self::Instant(at)
    }
}
