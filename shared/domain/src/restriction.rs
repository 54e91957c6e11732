//! The restricted list of people (限制名单): who may not be enrolled, from when and until when.
//!
//! A person is restricted everywhere, whichever office says so: who was found cheating in one city is not to begin anew
//! in the next. Each office keeps its own entries and lifts its own only.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, NodeId, RestrictionId};
use crate::organisation::NodePath;
use crate::refusal::{Problem, Refusal};

/// Longest reason, in characters.
pub const REASON_CHARACTERS_MAX: usize = 200;

/// For how long a person is restricted: what a roster's rows are judged by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RestrictionSpan {
    /// The entry.
    pub id: RestrictionId,
    /// First day.
    pub from: Date,
    /// Last day; none for good.
    pub until: Option<Date>,
}

impl RestrictionSpan {
    /// Whether a day lies in it.
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && !self.is_over(day)
    }

    /// Whether it is over before a day.
    pub fn is_over(&self, day: Date) -> bool {
        self.until.is_some_and(|until| until < day)
    }
}

/// How an entry was lifted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifted {
    /// When.
    pub at: Timestamp,
    /// The name shown of who did it.
    pub by_name: String,
    /// Why.
    pub reason: String,
}

/// An entry of an office's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Restriction {
    /// For how long, with its identifier.
    pub span: RestrictionSpan,
    /// The office whose list it is in; headquarters for its own.
    pub office: NodeId,
    /// Where the account sits that entered it.
    pub path: NodePath,
    /// Blind index of the person.
    pub person: String,
    /// ID number as lists show it.
    pub masked: String,
    /// ID number, sealed for this entry.
    pub sealed_id_number: String,
    /// Why.
    pub reason: String,
    /// When it was entered.
    pub at: Timestamp,
    /// Who entered it.
    pub by: AccountId,
    /// The name shown.
    pub by_name: String,
    /// How it was lifted.
    pub lifted: Option<Lifted>,
}

/// Checks what a supervisor enters; `from` is the day the restriction begins on.
pub fn check(reason: &str, from: Date, until: Option<Date>) -> Vec<Problem> {
    let mut problems = check_reason(reason);
    if until.is_some_and(|until| until < from) {
        problems.push(Problem::new("/until", "DATE_RANGE", "结束日期不能早于开始日期"));
    }
    problems
}

/// Checks a reason.
pub fn check_reason(reason: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    if reason.trim().is_empty() {
        problems.push(Problem::new("/reason", "TEXT_MISSING", "请填写原因"));
    }
    if reason.chars().count() > REASON_CHARACTERS_MAX {
        problems.push(Problem::new("/reason", "TEXT_TOO_LONG", format!("最多{REASON_CHARACTERS_MAX}个字")));
    }
    problems
}

/// Lifts an entry before it is over.
pub fn lift(entry: &Restriction, lifted: Lifted, today: Date) -> Result<Restriction, Refusal> {
    Refusal::unless_none(check_reason(&lifted.reason))?;
    if entry.lifted.is_some() || entry.span.is_over(today) {
        return Err(Refusal::conflict("RESTRICTION_OVER", "该限制已经解除或到期"));
    }
    Ok(Restriction { lifted: Some(lifted), ..entry.clone() })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use jiff::civil::date;

    use super::*;

    fn span(until: Option<Date>) -> RestrictionSpan {
        RestrictionSpan { id: RestrictionId::parse("2602-1").unwrap(), from: date(2026, 3, 1), until }
    }

    #[test]
    fn both_days_belong_to_it() {
        let short = span(Some(date(2026, 3, 31)));
        let on = |day| (short.holds_on(day), short.is_over(day));
        assert_eq!(on(date(2026, 2, 28)), (false, false));
        assert_eq!((on(date(2026, 3, 1)), on(date(2026, 3, 31))), ((true, false), (true, false)));
        assert_eq!(on(date(2026, 4, 1)), (false, true));
        assert!(span(None).holds_on(Date::MAX));
    }

    #[test]
    fn all_that_is_wrong_is_named_at_once() {
        let codes = |reason: &str, until| {
            check(reason, date(2026, 3, 1), until).into_iter().map(|p| (p.at, p.code)).collect::<Vec<_>>()
        };
        assert_eq!(codes("伪造材料", Some(date(2026, 3, 1))), []);
        let both = [("/reason", "TEXT_MISSING"), ("/until", "DATE_RANGE")].map(|(at, c)| (at.to_owned(), c.to_owned()));
        assert_eq!(codes(" ", Some(date(2026, 2, 28))), both);
        assert_eq!(codes(&"字".repeat(201), None).len(), 1);
    }
}
