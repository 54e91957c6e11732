//! The rules of the self-check through their versions.

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use super::SelfCheckRules;
use crate::refusal::Refusal;
use crate::versions::Versions;

/// All versions of the rules, of which one is in effect on any day.
///
/// A stored result names the version that made it, so no change here reaches into an enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleBook {
    /// Goes up by one with every change.
    pub version: u64,
    /// The versions.
    pub versions: Versions<SelfCheckRules>,
}

/// The rules as shipped, in effect ever since.
impl Default for RuleBook {
    fn default() -> Self {
        let mut versions = Versions::default();
        // The first version of a book has none to collide with.
        let _ = versions.install(SelfCheckRules::default(), date(2000, 1, 1));
        Self { version: 0, versions }
    }
}

impl RuleBook {
    /// The rules that run on a day.
    #[must_use]
    pub fn on(&self, day: Date) -> SelfCheckRules {
        self.versions.on(day).cloned().unwrap_or_default()
    }

    /// The book with another draft.
    ///
    /// # Errors
    /// Everything that is wrong with it; a version that is taken.
    pub fn begin(&self, rules: SelfCheckRules) -> Result<Self, Refusal> {
        Refusal::unless_none(rules.problems())?;
        self.changed(|versions| versions.begin(rules)).map(|(book, ())| book)
    }

    /// The book with the draft edited, and what the draft said before.
    ///
    /// # Errors
    /// Everything that is wrong with it; a version that is no draft.
    pub fn edit(&self, version: &str, rules: SelfCheckRules) -> Result<(Self, SelfCheckRules), Refusal> {
        Refusal::unless_none(rules.problems())?;
        self.changed(|versions| versions.edit(version, rules))
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

    fn changed<A>(
        &self,
        change: impl FnOnce(&mut Versions<SelfCheckRules>) -> Result<A, Refusal>,
    ) -> Result<(Self, A), Refusal> {
        let mut versions = self.versions.clone();
        let answer = change(&mut versions)?;
        Ok((Self { version: self.version.saturating_add(1), versions }, answer))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::self_check::{ParticipationRule, Rule};

    const TODAY: Date = date(2026, 3, 10);

    #[test]
    fn the_shipped_rules_hold_until_others_take_their_place() {
        let shipped = RuleBook::default();
        assert_eq!(shipped.on(TODAY), SelfCheckRules::default());
        let fewer = SelfCheckRules { version: "2026".into(), rules: vec![Rule::OverAge], participation: Vec::new() };
        let drafted = shipped.begin(fewer.clone()).unwrap();
        assert_eq!(drafted.on(TODAY), SelfCheckRules::default());
        let from = date(2026, 4, 1);
        let published = drafted.publish("2026", from, TODAY).unwrap();
        assert_eq!((published.version, published.on(TODAY), published.on(from)), (2, SelfCheckRules::default(), fewer));
        assert_eq!(published.recall("2026", TODAY).unwrap().versions, drafted.versions);
        assert_eq!(drafted.discard("2026").unwrap().versions, shipped.versions);
        assert_eq!(shipped.begin(SelfCheckRules::default()).unwrap_err().problems[0].code, "VERSION_TAKEN");
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let parameter =
            ParticipationRule { office: None, plan: None, minimum_percent: Some(101), all_below_staff: None };
        let broken = SelfCheckRules {
            version: "２０２６".into(),
            rules: vec![Rule::OverAge, Rule::OverAge],
            participation: vec![parameter.clone(), ParticipationRule { minimum_percent: None, ..parameter }],
        };
        let refusal = RuleBook::default().begin(broken).unwrap_err();
        let codes: Vec<_> = refusal.problems.iter().map(|problem| problem.code.as_str()).collect();
        assert_eq!(codes, ["RULES_VERSION", "RULE_TWICE", "PARAMETER_RANGE", "PARAMETER_EMPTY", "PARAMETER_TWICE"]);
    }
}
