//! The rows of one step of an export.

use std::collections::VecDeque;

use domain::account::Actor;
use domain::enrolment::{Enrolment, State};
use domain::export::{Export, ExportKind, ExportState, Place};
use domain::ids::EnrolmentId;
use domain::trail::TrailEntry;
use domain::unit::Discretion;
use futures::future::try_join_all;

use super::listed::Listed;
use super::rows::{self, Row};
use super::{Conditions, WhichEnrolments};
use crate::asides;
use crate::desk::Desk;
use crate::discretion;
use crate::ports::{Cipher, Objects, Outage, PageRequest};
use crate::scope::Scope;

/// Rows after which a step ends.
pub(super) const STEP_ROWS: usize = 20_000;
/// Enrolments after which a step ends that reads them whole.
const STEP_ENROLMENTS: usize = 2_000;
/// Enrolments after which a step ends that writes into the trail of each: its commit holds them all.
const STEP_TRAILS: usize = 80;
/// Enrolments of one page of those that are read whole; a job keeps those of a page it has not come to.
const WHOLE_PAGE: u32 = 100;
/// Enrolments read at the same time.
const AT_ONCE: usize = 16;

/// What a step writes.
#[derive(Debug)]
pub struct Batch {
    /// The rows.
    pub rows: Vec<Row>,
    /// Where the next step goes on; none if these are the last rows.
    pub next: Option<Place>,
    /// Records of the list that were gone through to their end.
    pub records: u32,
    /// What the trails of the enrolments say of it.
    pub trail: Vec<TrailEntry>,
}

/// Gathers the rows of the next step of a job whose rows are not all written; none of one whose are.
pub async fn gather(
    desk: &Desk,
    objects: &dyn Objects,
    cipher: &dyn Cipher,
    export: &Export,
) -> Result<Option<Batch>, Outage> {
    let ExportState::Writing { place } = &export.state else { return Ok(None) };
    let conditions = Conditions::of(export)?;
    let batch = match (export.kind, &conditions) {
        (ExportKind::Rosters | ExportKind::Receipts, Conditions::Enrolments(which)) => {
            Whole { desk, objects, cipher, export, which }.gather(place).await?
        }
        _ => Listed::new(desk, export).gather(&conditions, place).await?,
    };
    Ok(Some(batch))
}

/// Rows that are made of whole enrolments.
struct Whole<'a> {
    desk: &'a Desk,
    objects: &'a dyn Objects,
    cipher: &'a dyn Cipher,
    export: &'a Export,
    which: &'a WhichEnrolments,
}

impl Whole<'_> {
    async fn gather(&self, place: &Place) -> Result<Batch, Outage> {
        let mut batch = Batch { rows: Vec::new(), next: None, records: 0, trail: Vec::new() };
        let mut waiting: VecDeque<EnrolmentId> = place.waiting.iter().cloned().collect();
        let (mut after, mut written, mut more) = (place.after.clone(), place.rows_of_next, !place.at_end);
        let mut enrolments = 0;
        loop {
            if waiting.is_empty() && more {
                let page = self.which.page(&*self.desk.store, &PageRequest { limit: WHOLE_PAGE, after }).await?;
                waiting.extend(page.items.into_iter().filter(|e| self.concerns(e.state)).map(|e| e.id));
                more = page.next.is_some();
                after = page.next;
                continue;
            }
            if waiting.is_empty() {
                return Ok(batch);
            }
            let some: Vec<&EnrolmentId> = waiting.iter().take(AT_ONCE).collect();
            let read = some.into_iter().map(|id| self.desk.store.enrolment(id, &Scope::Platform));
            let read = try_join_all(read).await?;
            let units = read.iter().flatten().map(|e| &e.unit.path).collect();
            let discretion = discretion::of(&*self.desk.store, &self.export.node, units).await?;
            for e in read {
                let whole = self.add(&mut batch, (e, &discretion), written).await?;
                enrolments += 1;
                let full = enrolments >= STEP_ENROLMENTS || batch.trail.len() >= STEP_TRAILS;
                match whole {
                    Ok(()) => {
                        waiting.pop_front();
                        written = 0;
                        batch.records = batch.records.saturating_add(1);
                    }
                    Err(rows_of_it) => written = rows_of_it,
                }
                if full || batch.rows.len() >= STEP_ROWS {
                    let next = Place { after, waiting: waiting.into(), rows_of_next: written, at_end: !more };
                    batch.next = (!next.waiting.is_empty() || more).then_some(next);
                    return Ok(batch);
                }
            }
        }
    }

    /// Whether enrolments of a state can have rows of the kind.
    fn concerns(&self, state: State) -> bool {
        use State::{AwaitingArchive, AwaitingPayment, AwaitingPrint, Completed, Invoicing, Withdrawn};
        self.export.kind == ExportKind::Rosters
            || matches!(state, Invoicing | AwaitingPayment | AwaitingPrint | AwaitingArchive | Completed | Withdrawn)
    }

    /// Adds the rows of an enrolment from the `from`-th on, as many as the step takes. If rows are left, how many were
    /// written of it in all.
    async fn add(
        &self,
        batch: &mut Batch,
        (e, discretion): (Option<Enrolment>, &Discretion),
        from: usize,
    ) -> Result<Result<(), usize>, Outage> {
        // It was there when the list was read, and must still lie where the list looks.
        let Some(e) = e.filter(|e| self.which.list.node.covers(&e.unit.path)) else { return Ok(Ok(())) };
        let room = STEP_ROWS.saturating_sub(batch.rows.len());
        let (rows, all) = if self.export.kind == ExportKind::Rosters {
            let part = (from, room);
            let found = rows::members(self.objects, self.cipher, (&e, discretion), self.export.in_full, part).await?;
            if self.export.in_full && from == 0 && found.1 > 0 {
                batch.trail.push(self.seen(&e));
            }
            found
        } else {
            part_of(rows::receipts(&e, discretion), from, room)
        };
        let upto = from.saturating_add(rows.len());
        batch.rows.extend(rows);
        Ok(if upto < all { Err(upto) } else { Ok(()) })
    }

    /// The entry that ID numbers of an enrolment were exported in full.
    fn seen(&self, e: &Enrolment) -> TrailEntry {
        let actor = Actor {
            account: self.export.account.clone(),
            name: self.export.actor_name.clone(),
            roles: Vec::new(),
            node: self.export.node.clone(),
            unit: None,
        };
        asides::entry(self.desk, &actor, e, "view-unmasked", "导出参保人员，含完整证件号码".to_owned())
    }
}

/// The rows from the `from`-th on, `room` at most, and how many there are in all.
fn part_of(rows: Vec<Row>, from: usize, room: usize) -> (Vec<Row>, usize) {
    let all = rows.len();
    (rows.into_iter().skip(from).take(room).collect(), all)
}
