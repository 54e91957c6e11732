//! Payments (到账查询) and the ledger (业财明细), looked up by subtree and days.

use axum::extract::State;
use domain::ledger::{LedgerAccount, LedgerEntry, LedgerEvent, LedgerTotals, Posting, Side, TotalKey};
use domain::money::Fen;
use domain::payment::PaymentRecord;
use domain::receipt::{Channel, FundSource};
use domain::refusal::Refusal;
use domain::unit::Discretion;
use lambda::enrolments::Counter;
use lambda::http::{Json, Listing, Paging, Problem, Query, Signed};
use lambda::lists::{LedgerFilter, PaymentFilter};
use serde::Serialize;
use utoipa::ToSchema;
use workflow::discretion;

/// A confirmed payment.
#[derive(Debug, Serialize, ToSchema)]
pub struct PaymentView {
    /// The enrolment.
    enrolment: String,
    /// 申请书号
    application_number: String,
    /// 确认书号码
    certificate_number: String,
    /// Identifier of the unit.
    unit: String,
    /// 单位名称
    unit_name: String,
    /// 到账日期
    arrived_on: String,
    /// 到账金额, in fen.
    amount_fen: i64,
    /// Channel, `transfer`.
    #[schema(value_type = String)]
    channel: Channel,
    /// 缴费渠道
    channel_name: &'static str,
    /// 银行流水号
    bank_reference: String,
    /// 备注
    remark: String,
    /// 确认时间
    confirmed_at: String,
    /// 确认人
    by_name: String,
}

/// Confirmed payments of a subtree, by the day the money arrived, the newest first.
#[utoipa::path(get, path = "/payments", tag = "payment", params(PaymentFilter, Paging),
    responses((status = 200, body = Listing<PaymentView>)))]
pub async fn payments(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Query(filter): Query<PaymentFilter>,
    paging: Paging,
) -> Result<Json<Listing<PaymentView>>, Problem> {
    let query = filter.query(&*c.desk.store, &actor, c.desk.clock.today()).await?;
    let page = c.desk.store.payments(&query, paging.request()).await?;
    let discretion = discretion::of(&*c.desk.store, &actor.node, page.items.iter().map(|p| &p.path).collect()).await?;
    Ok(Json(paging.listing(page, |payment| PaymentView::of(payment, &discretion))))
}

impl PaymentView {
    fn of(payment: PaymentRecord, discretion: &Discretion) -> Self {
        Self {
            enrolment: payment.enrolment.to_string(),
            application_number: payment.application_number,
            certificate_number: payment.certificate_number,
            unit: payment.unit.to_string(),
            unit_name: payment.unit_name.listed(&payment.path, discretion),
            arrived_on: payment.arrived_on.to_string(),
            amount_fen: payment.amount.fen(),
            channel: payment.channel,
            channel_name: payment.channel.chinese(),
            bank_reference: payment.bank_reference,
            remark: payment.remark,
            confirmed_at: payment.confirmed_at.to_string(),
            by_name: payment.by_name,
        }
    }
}

/// An entry of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryView {
    /// The enrolment.
    enrolment: String,
    /// 申请书号
    application_number: String,
    /// 单位名称
    unit_name: String,
    /// What happened, `contribution-received`.
    #[schema(value_type = String)]
    event: LedgerEvent,
    /// 业务
    event_name: &'static str,
    /// Business day.
    day: String,
    /// When it was posted.
    at: String,
    /// The lines; debits and credits are equal.
    lines: Vec<LineView>,
}

/// A line of an entry.
#[derive(Debug, Serialize, ToSchema)]
struct LineView {
    /// Account, `bank`.
    #[schema(value_type = String)]
    account: LedgerAccount,
    /// 科目
    account_name: &'static str,
    /// `debit` or `credit`.
    #[schema(value_type = String)]
    side: Side,
    /// In fen.
    amount_fen: i64,
    /// Code of the plan.
    plan: Option<String>,
    /// 会费来源, `union-funds`.
    #[schema(value_type = Option<String>)]
    fund_source: Option<FundSource>,
}

/// The ledger of a subtree, the newest entry first.
#[utoipa::path(get, path = "/ledger", tag = "payment", params(LedgerFilter, Paging),
    responses((status = 200, body = Listing<EntryView>)))]
pub async fn ledger(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Query(filter): Query<LedgerFilter>,
    paging: Paging,
) -> Result<Json<Listing<EntryView>>, Problem> {
    let query = filter.query(&*c.desk.store, &actor, c.desk.clock.today()).await?;
    let page = c.desk.store.ledger(&query, paging.request()).await?;
    let discretion = discretion::of(&*c.desk.store, &actor.node, page.items.iter().map(|e| &e.path).collect()).await?;
    Ok(Json(paging.listing(page, |entry| EntryView::of(entry, &discretion))))
}

impl EntryView {
    fn of(entry: LedgerEntry, discretion: &Discretion) -> Self {
        let line = |posting: Posting| LineView {
            account: posting.account,
            account_name: posting.account.chinese(),
            side: posting.side,
            amount_fen: posting.amount.fen(),
            plan: posting.plan,
            fund_source: posting.fund_source,
        };
        Self {
            enrolment: entry.subject,
            application_number: entry.application_number,
            unit_name: entry.unit_name.listed(&entry.path, discretion),
            event: entry.event,
            event_name: entry.event.chinese(),
            day: entry.day.to_string(),
            at: entry.at.to_string(),
            lines: entry.postings.into_iter().map(line).collect(),
        }
    }
}

/// Sums of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub struct TotalsView {
    /// By account, plan and fund source.
    totals: Vec<TotalView>,
    /// All debits, in fen.
    debit_fen: i64,
    /// All credits, in fen; equal to the debits, unless only the lines of one plan are summed.
    credit_fen: i64,
    /// Entries summed.
    entries: u32,
    /// Whether there are more: these are the sums of the newest entries then; ask for fewer days.
    cut: bool,
}

/// A sum.
#[derive(Debug, Serialize, ToSchema)]
struct TotalView {
    /// Account, `bank`.
    #[schema(value_type = String)]
    account: LedgerAccount,
    /// 科目
    account_name: &'static str,
    /// Code of the plan.
    plan: Option<String>,
    /// 会费来源, `union-funds`.
    #[schema(value_type = Option<String>)]
    fund_source: Option<FundSource>,
    /// Debits, in fen.
    debit_fen: i64,
    /// Credits, in fen.
    credit_fen: i64,
}

/// Sums of the entries that the ledger lists under the same filters; of at most 20,000 entries.
#[utoipa::path(get, path = "/ledger/totals", tag = "payment", params(LedgerFilter),
    responses((status = 200, body = TotalsView), (status = 409)))]
pub async fn totals(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Query(filter): Query<LedgerFilter>,
) -> Result<Json<TotalsView>, Problem> {
    let query = filter.query(&*c.desk.store, &actor, c.desk.clock.today()).await?;
    let LedgerTotals { sums, entries, cut } = c.desk.store.ledger_totals(&query).await?;
    let all = |side: fn(&(Fen, Fen)) -> Fen| Fen::sum(sums.values().map(side)).map(Fen::fen);
    let (Some(debit_fen), Some(credit_fen)) = (all(|sum| sum.0), all(|sum| sum.1)) else {
        return Err(Refusal::conflict("AMOUNT_TOO_LARGE", "合计金额超出系统可以处理的范围，请缩小查询范围").into());
    };
    Ok(Json(TotalsView {
        totals: sums.into_iter().map(TotalView::from).collect(),
        debit_fen,
        credit_fen,
        entries,
        cut,
    }))
}

impl From<(TotalKey, (Fen, Fen))> for TotalView {
    fn from(((account, plan, fund_source), (debits, credits)): (TotalKey, (Fen, Fen))) -> Self {
        let (debit_fen, credit_fen) = (debits.fen(), credits.fen());
        Self { account, account_name: account.chinese(), plan, fund_source, debit_fen, credit_fen }
    }
}
