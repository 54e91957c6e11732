//! Subsidies and gifted cover of an enrolment.
//!
//! They are reckoned when the draft is completed, from what the office grants on that day, and every reviewer sees them
//! beside the contribution. Nothing changes them while they are reviewed: what is approved is what was seen. A return to
//! the unit takes them off, since the next completion reckons anew. From the last approval on they are what the amount
//! due, the receipts, the payment notice and the ledger go by.

use super::review::too_large;
use super::step::Step;
use super::{Enrolment, Line};
use crate::ledger::LedgerAccount::{ContributionsReceivable, GiftedCover, SubsidyReceivable};
use crate::ledger::{LedgerAccount, LedgerEvent, Posting};
use crate::money::Fen;
use crate::plan::Occupation;
use crate::receipt::{Borne, FundSource, Relief, ReliefKind, SharesHeld, borne};
use crate::refusal::Refusal;

impl Line {
    /// All participants by occupation and shares, named and unnamed.
    pub fn held(&self) -> Vec<SharesHeld> {
        let mut held = self.roster.as_ref().map(|roster| roster.held.clone()).unwrap_or_default();
        let unnamed = [(Occupation::Ordinary, self.unnamed_ordinary), (Occupation::HighRisk, self.unnamed_high_risk)];
        let unnamed = unnamed.into_iter().filter(|(_, members)| *members > 0);
        held.extend(unnamed.map(|(occupation, members)| SharesHeld { occupation, shares: self.shares, members }));
        held
    }

    /// What is borne of the line of one kind. None on overflow.
    fn borne_by(&self, of: impl Fn(&ReliefKind) -> bool) -> Option<Fen> {
        Fen::sum(self.borne.iter().filter(|borne| of(&borne.kind)).map(|borne| borne.amount))
    }

    /// 补贴: what others bear of the line. None on overflow.
    pub fn subsidy(&self) -> Option<Fen> {
        self.borne_by(|kind| matches!(kind, ReliefKind::Subsidy { .. }))
    }

    /// 赠险: what nobody pays of the line. None on overflow.
    pub fn gifted(&self) -> Option<Fen> {
        self.borne_by(|kind| matches!(kind, ReliefKind::GiftedCover))
    }

    /// What the unit has to pay of the line. None on overflow.
    pub fn due(&self) -> Option<Fen> {
        self.contribution()?.checked_sub(self.subsidy()?)?.checked_sub(self.gifted()?)
    }
}

impl Enrolment {
    /// 补贴 of all plans. None on overflow.
    pub fn subsidy(&self) -> Option<Fen> {
        let amounts: Option<Vec<Fen>> = self.lines.iter().map(Line::subsidy).collect();
        Fen::sum(amounts?)
    }

    /// 赠险 of all plans. None on overflow.
    pub fn gifted(&self) -> Option<Fen> {
        let amounts: Option<Vec<Fen>> = self.lines.iter().map(Line::gifted).collect();
        Fen::sum(amounts?)
    }
}

/// Reckons what the office grants today.
pub(super) fn reckon(step: &mut Step, granted: &[Relief]) -> Result<(), Refusal> {
    let (today, rounding) = (step.context.today, step.context.office.rounding);
    for line in &mut step.next.lines {
        line.borne = borne(&line.plan, &line.held(), granted, today, rounding).ok_or_else(too_large)?;
    }
    Ok(())
}

/// Takes it off a draft that is changed again.
pub(super) fn take_off(step: &mut Step) {
    for line in &mut step.next.lines {
        line.borne.clear();
    }
}

/// Which way an entry goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// It becomes due.
    Forth,
    /// It is due no more.
    Back,
}

/// Posts what is borne: one entry for all subsidies, one for all gifted cover. What others bear is receivable from them
/// instead of the unit; what is given is an expense.
pub(super) fn post(step: &mut Step, way: Way) -> Result<(), Refusal> {
    let mut subsidies = Vec::new();
    let mut gifts = Vec::new();
    for line in &step.next.lines {
        for Borne { kind, amount, .. } in &line.borne {
            let entry = |account: LedgerAccount, fund: Option<FundSource>| {
                let taken = Posting { fund_source: fund, ..posting(way, account, *amount) }.of_plan(&line.plan.code);
                let left = posting(way.reversed(), ContributionsReceivable, *amount).of_plan(&line.plan.code);
                [taken, left]
            };
            match kind {
                ReliefKind::Subsidy { fund_source, .. } => {
                    subsidies.extend(entry(SubsidyReceivable, Some(*fund_source)));
                }
                ReliefKind::GiftedCover => gifts.extend(entry(GiftedCover, None)),
            }
        }
    }
    let events = match way {
        Way::Forth => [LedgerEvent::SubsidyGranted, LedgerEvent::CoverGifted],
        Way::Back => [LedgerEvent::SubsidyCancelled, LedgerEvent::GiftCancelled],
    };
    for (event, postings) in events.into_iter().zip([subsidies, gifts]) {
        if !postings.is_empty() {
            step.post(event, postings)?;
        }
    }
    Ok(())
}

impl Way {
    fn reversed(self) -> Self {
        match self {
            Self::Forth => Self::Back,
            Self::Back => Self::Forth,
        }
    }
}

fn posting(way: Way, account: LedgerAccount, amount: Fen) -> Posting {
    match way {
        Way::Forth => Posting::debit(account, amount),
        Way::Back => Posting::credit(account, amount),
    }
}
