//! The subsidies and gifted cover of one office: granted from a day on, ended on a day, never edited.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::relief::{Relief, ReliefKind};
use super::{SubsidyRule, TITLE_CHARACTERS_MAX};
use crate::ids::{NodeId, ReliefId};
use crate::money::Fen;
use crate::refusal::{Problem, Refusal};

/// Most subsidies and gifted covers of one office, ended ones included.
pub const RELIEFS_MAX: usize = 400;
/// Longest tax number, in characters.
const TAX_NUMBER_CHARACTERS_MAX: usize = 20;
/// Highest amount for one member: 100,000.00.
const PER_MEMBER_MAX: Fen = Fen::new(10_000_000);
/// One hundred percent in basis points.
const WHOLE: u16 = 10_000;
const SHARES_MAX: u32 = 99;

/// Everything one office grants.
///
/// What an enrolment was granted is written on the enrolment when it is completed, so nothing here reaches into one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReliefBook {
    /// The office.
    pub office: NodeId,
    /// Goes up by one with every change.
    pub version: u64,
    /// In the order granted.
    pub reliefs: Vec<Relief>,
}

impl ReliefBook {
    /// An office that has never granted any.
    #[must_use]
    pub fn empty(office: NodeId) -> Self {
        Self { office, version: 0, reliefs: Vec::new() }
    }

    /// The book with another subsidy or gifted cover.
    ///
    /// # Errors
    /// Every field that breaks a rule; `RELIEF_OVERLAPS` beside one of the same plan and bearer on the same days.
    pub fn grant(&self, relief: Relief, today: Date) -> Result<Self, Refusal> {
        let mut problems = problems(&relief, today);
        let days_meet = |other: &Relief| {
            other.until.is_none_or(|until| relief.from <= until) && relief.until.is_none_or(|until| other.from <= until)
        };
        let same = |other: &&Relief| other.plan_code == relief.plan_code && same_bearer(&other.kind, &relief.kind);
        if let Some(other) = self.reliefs.iter().filter(same).find(|other| days_meet(other)) {
            let until = other.until.map_or_else(|| "今后".to_owned(), |until| until.to_string());
            let text = format!("同一活动已有相同来源的{}，自{}至{until}", relief.kind.chinese(), other.from);
            problems.push(Problem::new("/from", "RELIEF_OVERLAPS", text));
        }
        Refusal::unless_none(problems)?;
        if self.reliefs.len() >= RELIEFS_MAX {
            return Err(Refusal::conflict("TOO_MANY_RELIEFS", format!("补贴和赠险最多{RELIEFS_MAX}项")));
        }
        let mut next = self.next();
        next.reliefs.push(relief);
        Ok(next)
    }

    /// The book with one ended: `last` is the last day it is granted. One that would end before it begins is taken out.
    ///
    /// # Errors
    /// `NO_SUCH_RELIEF`; `END_DATE` before today, or not before the end it has.
    pub fn end(&self, id: &ReliefId, last: Date, today: Date) -> Result<Self, Refusal> {
        let at = self.reliefs.iter().position(|relief| &relief.id == id);
        let at = at.ok_or_else(|| Refusal::conflict("NO_SUCH_RELIEF", "没有这项补贴或赠险"))?;
        let refused = |text: &str| Err(Refusal::invalid(vec![Problem::new("/last_day", "END_DATE", text)]));
        if last < today {
            return refused("截止日期不能早于今天");
        }
        if self.reliefs[at].until.is_some_and(|until| until <= last) {
            return refused("截止日期应早于原来的截止日期");
        }
        let mut next = self.next();
        if last < next.reliefs[at].from {
            next.reliefs.remove(at);
        } else {
            next.reliefs[at].until = Some(last);
        }
        Ok(next)
    }

    fn next(&self) -> Self {
        Self { version: self.version.saturating_add(1), ..self.clone() }
    }
}

fn same_bearer(one: &ReliefKind, other: &ReliefKind) -> bool {
    match (one, other) {
        (ReliefKind::GiftedCover, ReliefKind::GiftedCover) => true,
        (
            ReliefKind::Subsidy { bearer_title: one, fund_source: from, .. },
            ReliefKind::Subsidy { bearer_title: other, fund_source: too, .. },
        ) => one == other && from == too,
        _ => false,
    }
}

fn problems(relief: &Relief, today: Date) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut unless = |fits: bool, at: &str, code: &str, text: &str| {
        if !fits {
            problems.push(Problem::new(at, code, text));
        }
    };
    match relief.rule {
        SubsidyRule::FixedPerMember { amount } => {
            let fits = Fen::ZERO < amount && amount <= PER_MEMBER_MAX;
            unless(fits, "/rule/amount_fen", "RELIEF_RULE", "每人金额应大于0，不超过100,000.00元");
        }
        SubsidyRule::Percentage { basis_points } => {
            let fits = (1..=WHOLE).contains(&basis_points);
            unless(fits, "/rule/basis_points", "RELIEF_RULE", "比例应大于0，不超过100%");
        }
        SubsidyRule::FirstShares { shares } => {
            unless((1..=SHARES_MAX).contains(&shares), "/rule/shares", "RELIEF_RULE", "份数应为1至99");
        }
    }
    if let ReliefKind::Subsidy { bearer_title, tax_number, .. } = &relief.kind {
        let title = bearer_title.trim();
        let fits = !title.is_empty() && title.chars().count() <= TITLE_CHARACTERS_MAX;
        unless(fits, "/bearer/title", "BEARER_TITLE", "请填写补贴单位，最多100个字");
        let fits = tax_number.chars().count() <= TAX_NUMBER_CHARACTERS_MAX;
        unless(fits, "/bearer/tax_number", "TEXT_TOO_LONG", "税号最多20位");
    }
    unless(today <= relief.from, "/from", "RELIEF_PERIOD", "开始日期不能早于今天");
    let ends_after = relief.until.is_none_or(|until| relief.from <= until);
    unless(ends_after, "/until", "RELIEF_PERIOD", "截止日期不能早于开始日期");
    problems
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use jiff::civil::date;

    use super::*;
    use crate::receipt::FundSource;

    const TODAY: Date = date(2026, 3, 10);

    fn book() -> ReliefBook {
        ReliefBook::empty(NodeId::parse("2602").unwrap())
    }

    fn subsidy(id: &str, title: &str, from: Date, until: Option<Date>) -> Relief {
        Relief {
            id: ReliefId::parse(id).unwrap(),
            plan_code: "hospital-a".into(),
            rule: SubsidyRule::FixedPerMember { amount: Fen::new(3500) },
            kind: ReliefKind::Subsidy {
                bearer_title: title.into(),
                tax_number: String::new(),
                fund_source: FundSource::UnionFunds,
            },
            from,
            until,
        }
    }

    #[test]
    fn what_is_granted_is_ended_and_never_edited() {
        let granted = book().grant(subsidy("a", "市总工会", TODAY, None), TODAY).unwrap();
        assert_eq!((granted.version, granted.reliefs.len()), (1, 1));
        let later = date(2026, 12, 31);
        let ended = granted.end(&granted.reliefs[0].id, later, TODAY).unwrap();
        assert_eq!((ended.version, ended.reliefs[0].until), (2, Some(later)));
        let code = |book: &ReliefBook, id, last, today| {
            let refusal = book.end(&ReliefId::parse(id).unwrap(), last, today).unwrap_err();
            refusal.problems.first().map_or_else(|| refusal.code.to_owned(), |problem| problem.code.clone())
        };
        assert_eq!(code(&ended, "a", later, TODAY), "END_DATE");
        assert_eq!(code(&ended, "a", TODAY, date(2026, 3, 11)), "END_DATE");
        assert_eq!(code(&ended, "b", later, TODAY), "NO_SUCH_RELIEF");
        let future = book().grant(subsidy("a", "市总工会", later, None), TODAY).unwrap();
        assert_eq!(future.end(&future.reliefs[0].id, TODAY, TODAY).unwrap().reliefs, []);
    }

    #[test]
    fn the_same_bearer_is_not_entered_twice_for_the_same_days() {
        let until = Some(date(2026, 6, 30));
        let granted = book().grant(subsidy("a", "市总工会", TODAY, until), TODAY).unwrap();
        let again = granted.grant(subsidy("b", "市总工会", date(2026, 6, 30), None), TODAY).unwrap_err();
        assert_eq!(again.problems[0].code, "RELIEF_OVERLAPS");
        granted.grant(subsidy("b", "市总工会", date(2026, 7, 1), None), TODAY).unwrap();
        granted.grant(subsidy("b", "区总工会", TODAY, None), TODAY).unwrap();
        let gift = Relief { kind: ReliefKind::GiftedCover, ..subsidy("b", "", TODAY, None) };
        granted.grant(gift, TODAY).unwrap();
    }

    #[test]
    fn every_field_is_judged_at_once() {
        let broken = Relief {
            rule: SubsidyRule::Percentage { basis_points: 10_001 },
            until: Some(date(2026, 1, 1)),
            ..subsidy("a", " ", date(2026, 3, 9), None)
        };
        let refusal = book().grant(broken, TODAY).unwrap_err();
        let places: Vec<_> = refusal.problems.iter().map(|problem| problem.at.as_str()).collect();
        assert_eq!(places, ["/rule/basis_points", "/bearer/title", "/from", "/until"]);
    }
}
