//! A plan variant through its versions.

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use super::{PlanVariant, plan_problems};
use crate::refusal::{Problem, Refusal};
use crate::versions::{Versioned, Versions};

impl Versioned for PlanVariant {
    fn version(&self) -> &str {
        &self.version
    }
}

/// All versions of one plan variant.
///
/// An enrolment carries the version it was entered with, so no change here reaches into an enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanBook {
    /// Code of the variant, in all its versions.
    pub code: String,
    /// Goes up by one with every change.
    pub version: u64,
    /// The versions.
    pub versions: Versions<PlanVariant>,
}

impl PlanBook {
    /// A variant that is new: a draft.
    ///
    /// # Errors
    /// Every field that breaks a rule.
    pub fn open(plan: PlanVariant) -> Result<Self, Refusal> {
        let book = Self { code: plan.code.clone(), version: 0, versions: Versions::default() };
        book.begin(plan)
    }

    /// The book with another draft.
    ///
    /// # Errors
    /// Every field that breaks a rule; a version that is taken.
    pub fn begin(&self, plan: PlanVariant) -> Result<Self, Refusal> {
        self.sound(&plan)?;
        self.changed(|versions| versions.begin(plan)).map(|(book, ())| book)
    }

    /// The book with the draft edited, and what the draft said before.
    ///
    /// # Errors
    /// Every field that breaks a rule; a version that is no draft.
    pub fn edit(&self, version: &str, plan: PlanVariant) -> Result<(Self, PlanVariant), Refusal> {
        self.sound(&plan)?;
        self.changed(|versions| versions.edit(version, plan))
    }

    /// The book without the draft.
    ///
    /// # Errors
    /// A version that is no draft.
    pub fn discard(&self, version: &str) -> Result<Self, Refusal> {
        self.changed(|versions| versions.discard(version)).map(|(book, _)| book)
    }

    /// The book with the draft published from a day on.
    ///
    /// # Errors
    /// As [`Versions::publish`].
    pub fn publish(&self, version: &str, from: Date, today: Date) -> Result<Self, Refusal> {
        self.changed(|versions| versions.publish(version, from, today)).map(|(book, ())| book)
    }

    /// The book with a version that is not in effect yet taken back to a draft.
    ///
    /// # Errors
    /// As [`Versions::recall`].
    pub fn recall(&self, version: &str, today: Date) -> Result<Self, Refusal> {
        self.changed(|versions| versions.recall(version, today)).map(|(book, ())| book)
    }

    /// What a unit can choose on a day.
    #[must_use]
    pub fn on(&self, day: Date) -> Option<&PlanVariant> {
        self.versions.on(day)
    }

    /// The books a fresh installation begins with: each version in effect from the first day of the year it is named
    /// after, or as long as anybody remembers.
    ///
    /// # Errors
    /// Versions that do not follow each other.
    pub fn installed(plans: &[PlanVariant]) -> Result<Vec<Self>, Refusal> {
        let mut books: Vec<Self> = Vec::new();
        let mut sorted: Vec<&PlanVariant> = plans.iter().collect();
        sorted.sort_by(|one, other| (&one.code, &one.version).cmp(&(&other.code, &other.version)));
        for plan in sorted {
            let year = plan.version.parse::<i16>().ok().filter(|year| (2000..=2200).contains(year)).unwrap_or(2000);
            let from = date(year, 1, 1);
            match books.last_mut().filter(|book| book.code == plan.code) {
                Some(book) => book.versions.install(plan.clone(), from)?,
                None => {
                    let mut versions = Versions::default();
                    versions.install(plan.clone(), from)?;
                    books.push(Self { code: plan.code.clone(), version: 1, versions });
                }
            }
        }
        Ok(books)
    }

    fn sound(&self, plan: &PlanVariant) -> Result<(), Refusal> {
        let mut problems = plan_problems(plan);
        if plan.code != self.code {
            problems.push(Problem::new("/code", "PLAN_CODE_FIXED", "保障活动细类的代码不能修改"));
        }
        Refusal::unless_none(problems)
    }

    fn changed<A>(
        &self,
        change: impl FnOnce(&mut Versions<PlanVariant>) -> Result<A, Refusal>,
    ) -> Result<(Self, A), Refusal> {
        let mut versions = self.versions.clone();
        let answer = change(&mut versions)?;
        Ok((Self { code: self.code.clone(), version: self.version.saturating_add(1), versions }, answer))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::plan::tests::plan;

    const TODAY: Date = date(2026, 3, 10);

    #[test]
    fn an_installed_variant_goes_on_in_a_new_version() {
        let old = plan(9500, 9500, 1);
        let [book] = PlanBook::installed(std::slice::from_ref(&old)).unwrap().try_into().unwrap();
        assert_eq!((book.version, book.on(TODAY), book.on(date(2024, 12, 31))), (1, Some(&old), None));
        let next = PlanVariant { version: "2026".into(), ..plan(10_000, 10_000, 1) };
        let drafted = book.begin(next.clone()).unwrap();
        let edited = PlanVariant { term_months: 6, ..next.clone() };
        let (edited_book, before) = drafted.edit("2026", edited.clone()).unwrap();
        assert_eq!((before, edited_book.version), (next, 3));
        let published = edited_book.publish("2026", date(2026, 4, 1), TODAY).unwrap();
        assert_eq!(published.on(TODAY), Some(&old));
        assert_eq!(published.on(date(2026, 4, 1)), Some(&edited));
        assert_eq!(published.recall("2026", TODAY).unwrap().versions, edited_book.versions);
        assert_eq!(drafted.discard("2026").unwrap().versions, book.versions);
        assert_eq!(published.discard("2026").unwrap_err().code, "NOT_A_DRAFT");
    }

    #[test]
    fn every_field_is_judged_at_once() {
        let broken = PlanVariant { code: "Other Code".into(), name: String::new(), ..plan(0, -1, 0) };
        let [book] = PlanBook::installed(&[plan(9500, 9500, 1)]).unwrap().try_into().unwrap();
        let refusal = book.begin(PlanVariant { version: "2026".into(), ..broken }).unwrap_err();
        let places: Vec<_> = refusal.problems.iter().map(|problem| problem.at.as_str()).collect();
        assert_eq!(places, ["/code", "/name", "/fee_fen", "/fee_high_risk_fen", "/max_shares", "/code"]);
    }

    #[test]
    fn the_versions_of_a_catalogue_follow_each_other() {
        let (old, new) = (plan(9500, 9500, 1), PlanVariant { version: "2027".into(), ..plan(1, 1, 1) });
        let [book] = PlanBook::installed(&[new.clone(), old.clone()]).unwrap().try_into().unwrap();
        assert_eq!((book.on(TODAY), book.on(date(2027, 1, 1))), (Some(&old), Some(&new)));
    }
}
