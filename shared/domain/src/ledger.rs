//! The ledger (业财明细): an append-only double-entry journal. Every entry balances, or it cannot be made.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use std::collections::BTreeMap;

use crate::money::Fen;
use crate::organisation::NodePath;
use crate::receipt::FundSource;
use crate::unit::UnitName;

/// An account of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LedgerAccount {
    /// 应收会费: what a unit owes.
    ContributionsReceivable,
    /// 会费收入: what the plan has earned.
    ContributionIncome,
    /// 应收补贴: what somebody else owes of it.
    SubsidyReceivable,
    /// 赠险: what nobody pays of it.
    GiftedCover,
    /// 银行存款: money that arrived.
    Bank,
    /// 已开票据: receipts that are out (memorandum).
    ReceiptsIssued,
    /// 应开票据: receipts owed for money that arrived (memorandum).
    ReceiptsOwed,
}

impl LedgerAccount {
    /// 科目
    pub fn chinese(self) -> &'static str {
        match self {
            Self::ContributionsReceivable => "应收会费",
            Self::ContributionIncome => "会费收入",
            Self::SubsidyReceivable => "应收补贴",
            Self::GiftedCover => "赠险",
            Self::Bank => "银行存款",
            Self::ReceiptsIssued => "已开票据",
            Self::ReceiptsOwed => "应开票据",
        }
    }
}

/// Debit or credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// 借
    Debit,
    /// 贷
    Credit,
}

/// One line of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// The account.
    pub account: LedgerAccount,
    /// Debit or credit.
    pub side: Side,
    /// The amount, above 0.
    pub amount: Fen,
    /// Code of the plan, where the line concerns one.
    pub plan: Option<String>,
    /// Where the money came from, on lines about money received.
    pub fund_source: Option<FundSource>,
}

impl Posting {
    /// A debit.
    pub fn debit(account: LedgerAccount, amount: Fen) -> Self {
        Self { account, side: Side::Debit, amount, plan: None, fund_source: None }
    }

    /// A credit.
    pub fn credit(account: LedgerAccount, amount: Fen) -> Self {
        Self { account, side: Side::Credit, amount, plan: None, fund_source: None }
    }

    /// The line, about one plan.
    pub fn of_plan(mut self, plan: &str) -> Self {
        self.plan = Some(plan.to_owned());
        self
    }

    /// The line, about one fund source.
    pub fn from_fund(mut self, source: FundSource) -> Self {
        self.fund_source = Some(source);
        self
    }
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LedgerEvent {
    /// An enrolment was approved: the contribution is due.
    ContributionDue,
    /// The enrolment was withdrawn or went back before it was paid: nothing is due any more.
    ContributionCancelled,
    /// Somebody else bears a part of what is due.
    SubsidyGranted,
    /// A part of what is due is given.
    CoverGifted,
    /// The subsidy of a contribution that is not due any more.
    SubsidyCancelled,
    /// The gift of a contribution that is not due any more.
    GiftCancelled,
    /// Finance confirmed that the money arrived.
    ContributionReceived,
    /// A receipt was issued.
    ReceiptIssued,
    /// An issued receipt was voided: it is owed again.
    ReceiptVoided,
}

impl LedgerEvent {
    /// 业务
    pub fn chinese(self) -> &'static str {
        match self {
            Self::ContributionDue => "应收会费",
            Self::ContributionCancelled => "冲销应收",
            Self::SubsidyGranted => "补贴",
            Self::CoverGifted => "赠险",
            Self::SubsidyCancelled => "冲销补贴",
            Self::GiftCancelled => "冲销赠险",
            Self::ContributionReceived => "会费到账",
            Self::ReceiptIssued => "开具票据",
            Self::ReceiptVoided => "作废票据",
        }
    }
}

/// One balanced entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerEntry {
    /// The enrolment it is about.
    pub subject: String,
    /// The subject's version after the step; with `n` it names the entry.
    pub version: u64,
    /// Place among the entries of one step.
    pub n: usize,
    /// What happened.
    pub event: LedgerEvent,
    /// When it was posted.
    pub at: Timestamp,
    /// Business date.
    pub day: Date,
    /// Where the unit stands.
    pub path: NodePath,
    /// Application number of the enrolment.
    #[serde(default)]
    pub application_number: String,
    /// Name of the unit.
    #[serde(default = "nameless")]
    pub unit_name: UnitName,
    /// The lines; debits and credits are equal.
    pub postings: Vec<Posting>,
}

/// The name in entries from before they had one.
fn nameless() -> UnitName {
    UnitName::from("")
}

impl LedgerEntry {
    /// Codes of the plans its lines are about, each once.
    pub fn plans(&self) -> impl Iterator<Item = &str> {
        let plans: std::collections::BTreeSet<_> = self.postings.iter().filter_map(|p| p.plan.as_deref()).collect();
        plans.into_iter()
    }
}

/// What a total is of: an account, and the plan and fund source of the lines, where they have one.
pub type TotalKey = (LedgerAccount, Option<String>, Option<FundSource>);

/// Sums of many entries: debits and credits by account, plan and fund source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LedgerTotals {
    /// Debits and credits.
    pub sums: BTreeMap<TotalKey, (Fen, Fen)>,
    /// Entries summed.
    pub entries: u32,
    /// Whether there were more entries than are summed in one go: the sums are of the newest then.
    pub cut: bool,
}

impl LedgerTotals {
    /// Adds the lines of an entry; of one plan only, if one is given. None beyond the range of 64 bits.
    pub fn add(&mut self, entry: &LedgerEntry, plan: Option<&str>) -> Option<()> {
        for posting in &entry.postings {
            if plan.is_some() && posting.plan.as_deref() != plan {
                continue;
            }
            let key = (posting.account, posting.plan.clone(), posting.fund_source);
            let (debits, credits) = self.sums.entry(key).or_insert((Fen::ZERO, Fen::ZERO));
            let side = if posting.side == Side::Debit { debits } else { credits };
            *side = side.checked_add(posting.amount)?;
        }
        self.entries = self.entries.saturating_add(1);
        Some(())
    }
}

/// The lines of an entry do not balance, are empty, or hold an amount that is not above 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the ledger entry does not balance")]
pub struct Unbalanced;

/// Sum of one side of some postings.
pub fn total(postings: &[Posting], side: Side) -> Option<Fen> {
    Fen::sum(postings.iter().filter(|p| p.side == side).map(|p| p.amount))
}

/// Checks that postings make an entry: at least one line, each above 0, debits equal to credits.
pub fn balance(postings: Vec<Posting>) -> Result<Vec<Posting>, Unbalanced> {
    let positive = postings.iter().all(|p| p.amount > Fen::ZERO);
    let debits = total(&postings, Side::Debit).ok_or(Unbalanced)?;
    let credits = total(&postings, Side::Credit).ok_or(Unbalanced)?;
    if positive && !postings.is_empty() && debits == credits { Ok(postings) } else { Err(Unbalanced) }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use LedgerAccount::*;

    use super::*;

    #[test]
    fn totals_are_by_account_plan_and_fund() {
        let entry = |postings| LedgerEntry {
            subject: "E1".into(),
            version: 1,
            n: 0,
            event: LedgerEvent::ContributionDue,
            at: Timestamp::UNIX_EPOCH,
            day: Date::constant(1970, 1, 1),
            path: NodePath::root(),
            application_number: String::new(),
            unit_name: nameless(),
            postings,
        };
        let due = |plan, fen| {
            let (debit, credit) = (ContributionsReceivable, ContributionIncome);
            [Posting::debit(debit, Fen::new(fen)).of_plan(plan), Posting::credit(credit, Fen::new(fen)).of_plan(plan)]
        };
        let two = entry([due("a", 500), due("b", 70)].concat());
        assert_eq!(two.plans().collect::<Vec<_>>(), ["a", "b"]);
        let mut all = LedgerTotals::default();
        all.add(&two, None).unwrap();
        all.add(&entry(due("a", 3).to_vec()), None).unwrap();
        let key = |plan: &str| (ContributionsReceivable, Some(plan.to_owned()), None);
        assert_eq!((all.sums[&key("a")], all.sums[&key("b")]), ((Fen::new(503), Fen::ZERO), (Fen::new(70), Fen::ZERO)));
        assert_eq!((all.sums.len(), all.entries), (4, 2));
        let mut one = LedgerTotals::default();
        one.add(&two, Some("b")).unwrap();
        assert_eq!(one.sums.len(), 2);
    }

    #[test]
    fn an_entry_balances_or_is_refused() {
        let due = Posting::debit(ContributionsReceivable, Fen::new(500));
        let income = Posting::credit(ContributionIncome, Fen::new(500));
        assert!(balance(vec![due.clone(), income.clone()]).is_ok());
        assert_eq!(balance(vec![due.clone()]), Err(Unbalanced));
        assert_eq!(balance(vec![]), Err(Unbalanced));
        let zero = Posting::debit(Bank, Fen::ZERO);
        assert_eq!(balance(vec![due, income, zero]), Err(Unbalanced));
    }
}
