//! Lists of enrolments.

use async_trait::async_trait;
use domain::enrolment::{Enrolment, State};
use domain::ids::UnitId;
use jiff::civil::Date;
use workflow::ports::{
    EnrolmentCounts, EnrolmentList, EnrolmentLists, EnrolmentSummary, LIST_LIMIT_MAX, Outage, Page, PageRequest,
};
use workflow::scope::Scope;

use super::page::{Order, page_of};
use super::tables::Tables;
use super::{COUNT_CAP, MemoryStore};

#[async_trait]
impl EnrolmentLists for MemoryStore {
    async fn enrolments(&self, list: &EnrolmentList, request: &PageRequest) -> Result<Page<EnrolmentSummary>, Outage> {
        let tables = self.tables();
        let listed = listed(&tables, list).map(|e| (by_creation(e), EnrolmentSummary::of(e)));
        Ok(page_of(listed, Order::Descending, request, LIST_LIMIT_MAX))
    }

    async fn count_enrolments(&self, list: &EnrolmentList) -> Result<EnrolmentCounts, Outage> {
        let tables = self.tables();
        let count =
            |state: State| listed(&tables, list).filter(|e| e.state == state).zip(0..COUNT_CAP).map(|_| 1).sum();
        let by_state: Vec<(State, u32)> = list.wanted().into_iter().map(|state| (state, count(state))).collect();
        let at_least = by_state.iter().any(|(_, count)| *count >= COUNT_CAP);
        Ok(EnrolmentCounts { by_state, at_least })
    }

    async fn enrolment_numbered(&self, number: &str, scope: &Scope) -> Result<Option<EnrolmentSummary>, Outage> {
        let tables = self.tables();
        let found = tables.enrolments.values().find(|e| e.application_number == number);
        Ok(found.filter(|e| scope.covers(&e.unit.path)).map(EnrolmentSummary::of))
    }

    async fn enrolments_ending(
        &self,
        unit: &UnitId,
        scope: &Scope,
        (from, upto): (Date, Date),
        request: &PageRequest,
    ) -> Result<Page<EnrolmentSummary>, Outage> {
        let tables = self.tables();
        let of_unit = tables.enrolments.values().filter(|e| e.unit.id == *unit && scope.covers(&e.unit.path));
        let ending = of_unit.filter(|e| e.awaits_renewal()).filter_map(|e| {
            let summary = EnrolmentSummary::of(e);
            let ends_on = summary.ends_on.filter(|end| (from..=upto).contains(end))?;
            Some((format!("{ends_on}#{}", e.id), summary))
        });
        Ok(page_of(ending, Order::Ascending, request, LIST_LIMIT_MAX))
    }
}

fn listed<'a>(tables: &'a Tables, list: &'a EnrolmentList) -> impl Iterator<Item = &'a Enrolment> {
    let below = tables.enrolments.values().filter(|e| list.node.covers(&e.unit.path));
    below.filter(|e| list.admits(&EnrolmentSummary::of(e)))
}

fn by_creation(e: &Enrolment) -> String {
    format!("{:020}#{}", e.created_at.as_nanosecond(), e.id)
}
