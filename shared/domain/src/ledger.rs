//! The ledger (业财明细): an append-only double-entry journal. Every entry balances, or it cannot be made.

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::money::Fen;
use crate::organisation::NodePath;
use crate::receipt::FundSource;

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
    /// The lines; debits and credits are equal.
    pub postings: Vec<Posting>,
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
    use LedgerAccount::*;

    use super::*;

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
