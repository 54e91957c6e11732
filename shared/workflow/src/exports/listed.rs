//! Rows of lists that their own pages hold: one page after another, as the list itself reads them.

use std::collections::BTreeMap;

use domain::export::{Export, Place};
use domain::organisation::{Node, NodePath};
use domain::unit::Discretion;

use super::Conditions;
use super::gather::{Batch, STEP_ROWS};
use super::rows::{self, Row};
use crate::desk::Desk;
use crate::discretion;
use crate::ports::{LIST_LIMIT_MAX, Outage, Page, PageRequest, business_date};

/// A list as a step reads it, on behalf of whoever asked for the job.
pub(super) struct Listed<'a> {
    desk: &'a Desk,
    export: &'a Export,
    /// Names of the plans met so far, by code.
    plans: BTreeMap<String, String>,
    /// The nodes at and below the reader's, by path, once they were needed.
    nodes: BTreeMap<String, Node>,
}

impl<'a> Listed<'a> {
    pub(super) fn new(desk: &'a Desk, export: &'a Export) -> Self {
        Self { desk, export, plans: BTreeMap::new(), nodes: BTreeMap::new() }
    }

    /// The rows of a step, page by page.
    pub(super) async fn gather(mut self, conditions: &Conditions, place: &Place) -> Result<Batch, Outage> {
        let (mut rows, mut records, mut after) = (Vec::new(), 0_u32, place.after.clone());
        loop {
            // Each list knows how many records a page of it holds at most.
            let page = self.page(conditions, &PageRequest { limit: LIST_LIMIT_MAX, after }).await?;
            records = records.saturating_add(u32::try_from(page.items.len()).unwrap_or(u32::MAX));
            rows.extend(page.items.into_iter().flatten());
            after = page.next;
            if after.is_none() || rows.len() >= STEP_ROWS {
                break;
            }
        }
        let next = after.map(|after| Place { after: Some(after), ..Place::default() });
        Ok(Batch { rows, next, records, trail: Vec::new() })
    }

    /// A page: of each record its rows.
    async fn page(&mut self, conditions: &Conditions, request: &PageRequest) -> Result<Page<Vec<Row>>, Outage> {
        let store = &*self.desk.store;
        match conditions {
            Conditions::Enrolments(which) => {
                let page = which.page(store, request).await?;
                let discretion = self.discretion(page.items.iter().map(|e| &e.path)).await?;
                Ok(each(page, |e| vec![rows::enrolment(e, &discretion)]))
            }
            Conditions::Payments(query) => {
                let page = store.payments(query, request).await?;
                let discretion = self.discretion(page.items.iter().map(|payment| &payment.path)).await?;
                Ok(each(page, |payment| vec![rows::payment(payment, &discretion)]))
            }
            Conditions::Ledger(query) => {
                let page = store.ledger(query, request).await?;
                let discretion = self.discretion(page.items.iter().map(|entry| &entry.path)).await?;
                self.learn_plans(page.items.iter().flat_map(|entry| entry.plans())).await?;
                Ok(each(page, |entry| rows::ledger(&entry, &self.plans, &discretion)))
            }
            Conditions::Units(list) => {
                let page = list.page(store, request).await?;
                self.learn_nodes().await?;
                Ok(each(page, |unit| vec![rows::unit(&unit, &self.export.node, &self.nodes)]))
            }
            Conditions::Tasks(pool, tab) => {
                let page = store.pool(pool, *tab, request).await?;
                let discretion = self.discretion(page.items.iter().map(|task| &task.path)).await?;
                Ok(each(page, |task| vec![rows::task(task, self.export.requested_at, &discretion)]))
            }
            Conditions::Renewals(node, ends) => {
                let page = store.due_for_renewal(node, *ends, request).await?;
                let discretion = self.discretion(page.items.iter().map(|due| &due.summary.path)).await?;
                let today = business_date(self.export.requested_at);
                Ok(each(page, |due| vec![rows::renewal(due, today, &discretion)]))
            }
        }
    }

    async fn discretion(&self, units: impl Iterator<Item = &NodePath>) -> Result<Discretion, Outage> {
        discretion::of(&*self.desk.store, &self.export.node, units.collect()).await
    }

    /// Reads the nodes below the reader's, as the page of the list does: once a step.
    async fn learn_nodes(&mut self) -> Result<(), Outage> {
        if self.nodes.is_empty() {
            let nodes = self.desk.store.subtree(&self.export.node).await?;
            self.nodes = nodes.into_iter().map(|node| (node.path.as_str().to_owned(), node)).collect();
        }
        Ok(())
    }

    /// Reads the names of plans that were not met before, as they were on the day the job was asked for.
    async fn learn_plans(&mut self, codes: impl Iterator<Item = &str>) -> Result<(), Outage> {
        let day = business_date(self.export.requested_at);
        for code in codes {
            if self.plans.contains_key(code) {
                continue;
            }
            let book = self.desk.store.plan_book(code).await?;
            let name = book.as_ref().and_then(|book| book.on(day)).map_or(code, |plan| plan.variant.as_str());
            self.plans.insert(code.to_owned(), name.to_owned());
        }
        Ok(())
    }
}

/// A page with the rows of each of its records.
fn each<T>(page: Page<T>, rows: impl FnMut(T) -> Vec<Row>) -> Page<Vec<Row>> {
    Page { items: page.items.into_iter().map(rows).collect(), next: page.next }
}
