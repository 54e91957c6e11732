//! What every change of reference data shares.

use domain::account::{Actor, Permission};
use domain::organisation::NodePath;
use domain::refusal::Refusal;
use domain::trail::TrailEntry;
use domain::versions::{Edition, Stage};
use http::StatusCode;
use jiff::civil::Date;
use lambda::http::{Answer, Failure, Listing, Once, Paging, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::desk::Desk;
use workflow::ports::{Book, business_date};
use workflow::references::{Change, change};

/// Where a change left what was changed.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookChanged {
    /// Version of the whole, for the next `If-Match`.
    version: u64,
}

/// A day to begin on.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PublicationInput {
    /// 生效日期: today or later.
    #[schema(value_type = String, format = "date")]
    pub effective_from: Date,
}

/// When a version is in effect.
#[derive(Debug, Serialize, ToSchema)]
pub struct StandingView {
    /// `draft`, `scheduled`, `in-effect` or `superseded`, today.
    #[schema(value_type = String)]
    standing: domain::versions::Standing,
    /// 状态
    standing_name: &'static str,
    /// First day it is in effect.
    effective_from: Option<String>,
    /// Last day, once another version follows it.
    effective_until: Option<String>,
}

impl StandingView {
    pub fn of<T>(edition: &Edition<T>, today: Date) -> Self {
        let standing = edition.standing(today);
        let (from, until) = match edition.stage {
            Stage::Draft => (None, None),
            Stage::Published { from, until } => (Some(from), until),
        };
        Self {
            standing,
            standing_name: standing.chinese(),
            effective_from: from.map(|day| day.to_string()),
            effective_until: until.map(|day| day.to_string()),
        }
    }
}

/// A step of a trail.
#[derive(Debug, Serialize, ToSchema)]
pub struct BookTrailView {
    /// When.
    at: String,
    /// Who.
    actor_name: String,
    /// What was done, `publish`.
    action: String,
    /// What of it, each place before and after.
    note: String,
    /// Version of the whole afterwards.
    version: u64,
}

/// A page of a trail.
pub async fn trail_of(desk: &Desk, subject: &str, paging: Paging) -> Result<Listing<BookTrailView>, Problem> {
    let page = desk.store.trail(subject, paging.request()).await?;
    Ok(paging.listing(page, shown))
}

fn shown(entry: TrailEntry) -> BookTrailView {
    BookTrailView {
        at: entry.at.to_string(),
        actor_name: entry.actor_name,
        action: entry.action,
        note: entry.note,
        version: entry.version,
    }
}

/// Today's business date.
pub fn today(desk: &Desk) -> Date {
    business_date(desk.clock.now())
}

/// Whether somebody may look.
pub fn may_read(actor: &Actor) -> Result<(), Refusal> {
    if actor.may(Permission::ReadPlans) { Ok(()) } else { Err(Refusal::not_permitted()) }
}

/// Whether somebody may change what holds for all offices: at headquarters only.
pub fn may_change_for_all(actor: &Actor) -> Result<(), Refusal> {
    if !actor.may(Permission::ManagePlans) {
        return Err(Refusal::not_permitted());
    }
    if actor.node != NodePath::root() {
        return Err(Refusal::forbidden("HEADQUARTERS_ONLY", "保障活动和自核规则由总会管理"));
    }
    Ok(())
}

/// Refuses a change that was made from another version.
pub fn seen(current: u64, seen: u64) -> Result<(), Problem> {
    if current == seen { Ok(()) } else { Err(Problem::version_changed(current)) }
}

/// One change of a book, once: answered again with the same bytes when it is sent again.
pub struct Revision<'a> {
    /// The tables, the clock, identifiers.
    pub desk: &'a Desk,
    /// Who.
    pub actor: &'a Actor,
    /// The key of the request.
    pub once: &'a Once,
    /// What is answered.
    pub status: StatusCode,
}

/// A book as a change leaves it, what was done to it, and what of it the trail tells.
pub type Revised<B> = (B, &'static str, String);

impl Revision<'_> {
    /// Carries out what `change` makes of the book that `read` finds, for somebody who may change it and has seen it as it
    /// is.
    pub async fn carry_out<B: Into<Book> + Send>(
        self,
        read: impl Future<Output = Result<B, Failure>> + Send,
        change: impl FnOnce(B) -> Result<Revised<B>, Refusal> + Send,
    ) -> Result<Answer, Problem> {
        let work = async { self.write(change(read.await?)?).await };
        self.once.run(&*self.desk.store, work).await
    }

    /// Writes a changed book and answers its version.
    pub async fn write<B: Into<Book>>(&self, (book, action, note): Revised<B>) -> Result<Answer, Failure> {
        let book: Book = book.into();
        let version = book.version();
        let answer = Answer::json(self.status, &BookChanged { version }).version(version);
        change(self.desk, Change { actor: self.actor, book, action, note, answer: self.once.record(&answer) }).await?;
        Ok(answer)
    }
}
