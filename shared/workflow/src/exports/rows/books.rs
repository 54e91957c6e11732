//! Rows of the books: confirmed payments, lines of the ledger.

use std::collections::BTreeMap;

use domain::export::{Cell, Column, Holds};
use domain::ledger::{LedgerEntry, Posting, Side};
use domain::money::Fen;
use domain::payment::PaymentRecord;
use domain::receipt::FundSource;
use domain::unit::Discretion;

use super::{CERTIFICATE, NUMBER, PLAN, Row, UNIT, column};
use crate::ports::{business_date, business_time};

pub(super) const PAYMENTS: &[Column] = &[
    NUMBER,
    UNIT,
    CERTIFICATE,
    column("到账日期", Holds::Day, 12),
    column("到账金额", Holds::Money, 16),
    column("缴费渠道", Holds::Text, 10),
    column("银行流水号", Holds::Text, 24),
    column("备注", Holds::Text, 24),
    column("确认人", Holds::Text, 12),
    column("确认日期", Holds::Day, 12),
    column("确认时间", Holds::Instant, 20),
    column("工会经费", Holds::Money, 16),
    column("行政经费", Holds::Money, 16),
    column("会员自付", Holds::Money, 16),
];

pub(super) const LEDGER: &[Column] = &[
    column("记账日期", Holds::Day, 12),
    column("记账时间", Holds::Instant, 20),
    column("业务", Holds::Text, 12),
    NUMBER,
    UNIT,
    column("科目", Holds::Text, 12),
    PLAN,
    column("会费来源", Holds::Text, 12),
    column("借方", Holds::Money, 16),
    column("贷方", Holds::Money, 16),
];

/// The row of a confirmed payment.
pub fn payment(payment: PaymentRecord, discretion: &Discretion) -> Row {
    let from = |source: FundSource| {
        let known = !payment.funds.is_empty();
        known.then(|| payment.funds.iter().find(|(fund, _)| *fund == source).map_or(Fen::ZERO, |(_, amount)| *amount))
    };
    let funds = [FundSource::UnionFunds, FundSource::AdministrativeFunds, FundSource::SelfPaid].map(from);
    let mut row: Row = vec![
        payment.application_number.into(),
        payment.unit_name.listed(&payment.path, discretion).into(),
        payment.certificate_number.into(),
        payment.arrived_on.into(),
        payment.amount.into(),
        payment.channel.chinese().into(),
        payment.bank_reference.into(),
        payment.remark.into(),
        payment.by_name.into(),
        business_date(payment.confirmed_at).into(),
        business_time(payment.confirmed_at).into(),
    ];
    row.extend(funds.map(Cell::from));
    row
}

/// The rows of an entry, line by line; `plans` are the names of plans by code.
pub fn ledger(entry: &LedgerEntry, plans: &BTreeMap<String, String>, discretion: &Discretion) -> Vec<Row> {
    let line = |posting: &Posting| {
        let plan = posting.plan.as_ref().map(|code| plans.get(code).unwrap_or(code).as_str());
        let on = |side: Side| (posting.side == side).then_some(posting.amount);
        vec![
            entry.day.into(),
            business_time(entry.at).into(),
            entry.event.chinese().into(),
            entry.application_number.as_str().into(),
            entry.unit_name.clone().listed(&entry.path, discretion).into(),
            posting.account.chinese().into(),
            plan.into(),
            posting.fund_source.map(FundSource::chinese).into(),
            on(Side::Debit).into(),
            on(Side::Credit).into(),
        ]
    };
    entry.postings.iter().map(line).collect()
}
