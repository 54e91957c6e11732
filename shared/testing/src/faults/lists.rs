//! Lists of enrolments, failing.

use async_trait::async_trait;
use domain::ids::UnitId;
use jiff::civil::Date;
use workflow::ports::{EnrolmentCounts, EnrolmentList, EnrolmentLists, EnrolmentSummary, Outage, Page, PageRequest};
use workflow::scope::Scope;

use super::{Call, Faulty};

#[async_trait]
impl<T: EnrolmentLists> EnrolmentLists for Faulty<T> {
    async fn enrolments(&self, list: &EnrolmentList, page: &PageRequest) -> Result<Page<EnrolmentSummary>, Outage> {
        self.meet(Call::ListEnrolments, self.inner.enrolments(list, page)).await
    }

    async fn count_enrolments(&self, list: &EnrolmentList) -> Result<EnrolmentCounts, Outage> {
        self.meet(Call::CountEnrolments, self.inner.count_enrolments(list)).await
    }

    async fn enrolment_numbered(&self, number: &str, scope: &Scope) -> Result<Option<EnrolmentSummary>, Outage> {
        self.meet(Call::EnrolmentNumbered, self.inner.enrolment_numbered(number, scope)).await
    }

    async fn enrolments_ending(
        &self,
        unit: &UnitId,
        scope: &Scope,
        days: (Date, Date),
        page: &PageRequest,
    ) -> Result<Page<EnrolmentSummary>, Outage> {
        self.meet(Call::EnrolmentsEnding, self.inner.enrolments_ending(unit, scope, days, page)).await
    }
}
