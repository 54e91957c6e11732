//! The tables.

use async_trait::async_trait;
use domain::cover::CoverPeriod;
use domain::enrolment::{Enrolment, Line, State};
use domain::ids::{EnrolmentId, MessageId, UnitId, UploadId};
use domain::message::Outgoing;
use domain::money::Fen;
use domain::organisation::NodePath;
use domain::receipt::FundSource;
use domain::trail::TrailEntry;
use domain::unit::UnitName;
use domain::upload::Upload;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use super::{
    Books, Directory, EnrolmentLists, Exports, MessageLog, Outage, People, PhraseBook, References, Registry,
    Restrictions, Sessions, SignIns, Tallies, Tasks, Tickets, Units,
};
use crate::commit::{Commit, CommitError, IdempotencyRecord};
use crate::scope::Scope;

/// A page that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageRequest {
    /// Most items, 1 to 100.
    pub limit: u32,
    /// Where the last page ended: the text its [`Page::next`] gave. The HTTP layer signs it.
    pub after: Option<String>,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where to go on; none on the last page.
    pub next: Option<String>,
}

/// An enrolment as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnrolmentSummary {
    /// Identifier.
    pub id: EnrolmentId,
    /// Application number.
    pub application_number: String,
    /// Unit name.
    pub unit_name: UnitName,
    /// Where the unit stands; the root in summaries from before they said so.
    #[serde(default = "NodePath::root")]
    pub path: NodePath,
    /// Where it stands.
    pub state: State,
    /// When it was created.
    pub created_at: Timestamp,
    /// Reason of the last return.
    pub return_reason: Option<String>,
    /// 保障活动, by name.
    pub plans: Vec<String>,
    /// Participants of all plans, named or not.
    pub participants: u32,
    /// Total contribution; none on overflow.
    pub contribution: Option<Fen>,
    /// 补贴; none on overflow.
    #[serde(default)]
    pub subsidy: Option<Fen>,
    /// 赠险; none on overflow.
    #[serde(default)]
    pub gifted: Option<Fen>,
    /// What the unit has to pay; none on overflow.
    #[serde(default)]
    pub amount_due: Option<Fen>,
    /// From the first day of cover of any plan to the last, once paid.
    pub period: Option<CoverPeriod>,
    /// Prints of the payment notice.
    pub notice_prints: u32,
    /// Since when it stands there.
    #[serde(default)]
    pub state_since: Timestamp,
    /// 保障活动, by code.
    #[serde(default)]
    pub plan_codes: Vec<String>,
    /// 是否新业态
    #[serde(default)]
    pub new_employment_form: bool,
    /// What its receipts that stand come to; none on overflow.
    #[serde(default)]
    pub receipted: Option<Fen>,
    /// The same by fund source (会费来源), in the order of lists; sources with none are left out.
    #[serde(default)]
    pub funds: Vec<(FundSource, Fen)>,
    /// Certificate number, once paid.
    #[serde(default)]
    pub certificate_number: Option<String>,
    /// Prints of the certificate.
    #[serde(default)]
    pub certificate_prints: u32,
    /// Whether the signed, sealed scan is there.
    #[serde(default)]
    pub scanned: bool,
    /// The first day on which cover of any plan ends, once paid.
    #[serde(default)]
    pub ends_on: Option<Date>,
}

impl EnrolmentSummary {
    /// The summary of an enrolment.
    pub fn of(e: &Enrolment) -> Self {
        let periods = || e.periods.iter().map(|(_, period)| period);
        let ends = periods().map(|p| p.start()).min().zip(periods().map(|p| p.end()).max());
        Self {
            id: e.id.clone(),
            application_number: e.application_number.clone(),
            unit_name: e.unit.name.clone(),
            path: e.unit.path.clone(),
            state: e.state,
            created_at: e.created_at,
            return_reason: e.return_reason().map(str::to_owned),
            plans: e.lines.iter().map(|line| line.plan.variant.clone()).collect(),
            participants: e.lines.iter().map(Line::participants).fold(0, u32::saturating_add),
            contribution: e.contribution(),
            subsidy: e.subsidy(),
            gifted: e.gifted(),
            amount_due: e.amount_due(),
            period: ends.and_then(|(start, end)| CoverPeriod::new(start, end)),
            notice_prints: e.notice.as_ref().map_or(0, |notice| notice.prints),
            state_since: e.state_since,
            plan_codes: e.lines.iter().map(|line| line.plan.code.clone()).collect(),
            new_employment_form: e.new_employment_form,
            receipted: receipted(e, &FundSource::ALL),
            funds: FundSource::ALL
                .into_iter()
                .filter_map(|source| Some((source, receipted(e, &[source])?)))
                .filter(|(_, amount)| *amount != Fen::ZERO)
                .collect(),
            certificate_number: e.certificate.as_ref().map(|certificate| certificate.number.clone()),
            certificate_prints: e.certificate.as_ref().map_or(0, |certificate| certificate.prints),
            scanned: e.certificate.as_ref().is_some_and(|certificate| certificate.scan.is_some()),
            ends_on: periods().map(|p| p.end()).min(),
        }
    }
}

/// What the receipts that stand come to, of some fund sources.
fn receipted(e: &Enrolment, sources: &[FundSource]) -> Option<Fen> {
    let mut requests = e.standing_receipts().map(|receipt| &receipt.request);
    requests.try_fold(Fen::ZERO, |sum, request| {
        if sources.contains(&request.fund_source) { sum.checked_add(request.amount()?) } else { Some(sum) }
    })
}

/// An enrolment whose cover ends and that nothing renews yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueForRenewal {
    /// What lists show of it.
    pub summary: EnrolmentSummary,
    /// The unit.
    pub unit: UnitId,
    /// Last day of cover of the plan that ends first.
    pub cover_ends: Date,
}

impl DueForRenewal {
    /// Days until its cover ends; below 0 afterwards.
    pub fn days_left(&self, today: Date) -> i64 {
        self.cover_ends.duration_since(today).as_hours() / 24
    }
}

/// Reads enrolments.
#[async_trait]
pub trait Enrolments: Send + Sync {
    /// The enrolment as last committed (strongly consistent); none if there is none **or it lies outside the scope**.
    async fn enrolment(&self, id: &EnrolmentId, scope: &Scope) -> Result<Option<Enrolment>, Outage>;

    /// The enrolments of a unit, newest first – those created before an instant, if one is given; empty if the unit lies
    /// outside the scope.
    async fn enrolments_of(
        &self,
        unit: &UnitId,
        scope: &Scope,
        before: Option<Timestamp>,
        page: &PageRequest,
    ) -> Result<Page<EnrolmentSummary>, Outage>;

    /// Paid enrolments of units at or below a node that nothing renews and whose cover ends between two days, the first
    /// to end first. Costs what the page shows; may lag behind what was committed a moment ago.
    async fn due_for_renewal(
        &self,
        node: &NodePath,
        ends: (Date, Date),
        page: &PageRequest,
    ) -> Result<Page<DueForRenewal>, Outage>;
}

/// Writes what a step changes.
#[async_trait]
pub trait Commits: Send + Sync {
    /// Writes all of the commit, or nothing. A retry of a commit that was written answers with the reason that shows
    /// it: `Answered`, `Consumed` or `Version`.
    async fn commit(&self, commit: Commit) -> Result<(), CommitError>;

    /// The answer kept for an idempotency key.
    async fn answered(&self, key: &str) -> Result<Option<IdempotencyRecord>, Outage>;

    /// Whether a consumer has seen a message.
    async fn consumed(&self, consumer: &str, message: &MessageId) -> Result<bool, Outage>;

    /// Marks a message as seen, where its effect is outside the tables. False if it was seen before.
    async fn consume(&self, consumer: &str, message: &MessageId) -> Result<bool, Outage>;
}

/// Reads trails.
#[async_trait]
pub trait Trails: Send + Sync {
    /// A subject's trail, oldest first.
    async fn trail(&self, subject: &str, page: &PageRequest) -> Result<Page<TrailEntry>, Outage>;
}

/// How far the import of a roster file has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowsSoFar {
    /// Rows read from the file and checked one by one.
    pub read: u32,
    /// Rows whose people were looked up.
    pub checked: u32,
}

/// Reads and moves uploads.
#[async_trait]
pub trait Uploads: Send + Sync {
    /// Writes a new upload.
    async fn issue(&self, upload: &Upload) -> Result<(), Outage>;

    /// The upload, if it lies in the scope.
    async fn upload(&self, id: &UploadId, scope: &Scope) -> Result<Option<Upload>, Outage>;

    /// Takes the object event with this `sequencer`: `issued → received`. Answers the upload as it then stands; the
    /// same event again answers the same, an event of a later object under the same key leaves the upload as it is
    /// (its `sequencer` differs from the one given). None if there is no such upload.
    async fn receive(&self, id: &UploadId, sequencer: &str) -> Result<Option<Upload>, Outage>;

    /// Writes the final state of an upload that is `received`. False if it is not any more.
    async fn settle(&self, upload: &Upload) -> Result<bool, Outage>;

    /// Tells how far an import has come, in place of what was told before. It informs whoever waits and decides nothing.
    async fn report(&self, id: &UploadId, rows: RowsSoFar) -> Result<(), Outage>;

    /// What was told last; none if nothing was, or long ago.
    async fn rows_so_far(&self, id: &UploadId) -> Result<Option<RowsSoFar>, Outage>;
}

/// A running number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sequence {
    /// Application numbers.
    Application,
    /// Certificate numbers.
    Certificate,
    /// Receipt batch numbers.
    ReceiptBatch,
    /// Receipts of the sample series.
    SampleReceipt,
}

/// Running numbers.
#[async_trait]
pub trait Sequences: Send + Sync {
    /// The next number: 1, 2, 3 … Unique under concurrency and never given again; gaps are allowed.
    async fn next(&self, sequence: Sequence) -> Result<u64, Outage>;

    /// The number given last; 0 if none was. It informs and decides nothing: the next one may be given meanwhile.
    async fn last(&self, sequence: Sequence) -> Result<u64, Outage>;
}

/// The outbox: what is in it has not been sent.
#[async_trait]
pub trait Outbox: Send + Sync {
    /// Messages written before `before`, at most `limit`.
    async fn unsent(&self, before: Timestamp, limit: u32) -> Result<Vec<Outgoing>, Outage>;

    /// Takes a sent message out. Taking it out twice is fine.
    async fn sent(&self, id: &MessageId) -> Result<(), Outage>;

    /// Moves the messages scheduled for `day` into the outbox, each with its record in the log, at most `limit`; answers
    /// how many. Moving one twice changes nothing.
    async fn release_scheduled(&self, day: Date, now: Timestamp, limit: u32) -> Result<u32, Outage>;
}

/// All the tables.
pub trait Store:
    Enrolments
    + EnrolmentLists
    + Commits
    + Tasks
    + Trails
    + Uploads
    + Registry
    + References
    + Sessions
    + Sequences
    + Outbox
    + People
    + PhraseBook
    + Tallies
    + Tickets
    + SignIns
    + Exports
    + Units
    + MessageLog
    + Books
    + Restrictions
    + Directory
{
}

impl<T> Store for T where
    T: Enrolments
        + EnrolmentLists
        + Commits
        + Tasks
        + Trails
        + Uploads
        + Registry
        + References
        + Sessions
        + Sequences
        + Outbox
        + People
        + PhraseBook
        + Tallies
        + Tickets
        + SignIns
        + Exports
        + Units
        + MessageLog
        + Books
        + Restrictions
        + Directory
{
}
