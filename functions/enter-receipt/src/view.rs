//! What receipt entry reads and shows.

use domain::enrolment::{Enrolment, IssuedReceipt, Receipt, Voided, remaining};
use domain::money::{Fen, amount_in_words};
use domain::plan::Occupation;
use domain::receipt::{Channel, FundSource, MadeOut, ReceiptItem, ReceiptRequest, TaxNumberType};
use domain::refusal::{Problem, Refusal};
use lambda::enrolments::BorneView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A receipt request (开票信息).
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiptInput {
    /// `union-funds`, `administrative-funds` or `self-paid`.
    #[schema(value_type = String)]
    fund_source: FundSource,
    /// 抬头
    payer_title: String,
    /// `credit-code`, `taxpayer-number` or `none`.
    #[schema(value_type = String)]
    tax_number_type: TaxNumberType,
    /// 税号
    #[serde(default)]
    tax_number: String,
    /// `transfer`, `cheque`, `reverse-cheque`, `wire-transfer` or `treasury-payment`.
    #[schema(value_type = String)]
    channel: Channel,
    /// Where the receipt is mailed to.
    payer_email: String,
    /// At most 40 characters.
    #[serde(default)]
    other_information: String,
    /// At least one.
    items: Vec<ItemInput>,
}

/// A line of a receipt.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ItemInput {
    /// Code of the plan.
    plan_code: String,
    /// `ordinary` or `high-risk`.
    #[schema(value_type = String)]
    occupation: Occupation,
    /// Persons.
    persons: u32,
    /// Price per person, in fen.
    price_fen: i64,
    /// At most 40 characters.
    #[serde(default)]
    note: String,
}

impl From<ReceiptInput> for ReceiptRequest {
    fn from(input: ReceiptInput) -> Self {
        let items = input.items.into_iter().map(|item| ReceiptItem {
            plan_code: item.plan_code,
            occupation: item.occupation,
            persons: item.persons,
            price: Fen::new(item.price_fen),
            note: item.note,
        });
        Self {
            fund_source: input.fund_source,
            payer_title: input.payer_title,
            tax_number_type: input.tax_number_type,
            tax_number: input.tax_number,
            channel: input.channel,
            payer_email: input.payer_email,
            other_information: input.other_information,
            items: items.collect(),
        }
    }
}

impl From<&ReceiptRequest> for ReceiptInput {
    fn from(request: &ReceiptRequest) -> Self {
        let items = request.items.iter().map(|item| ItemInput {
            plan_code: item.plan_code.clone(),
            occupation: item.occupation,
            persons: item.persons,
            price_fen: item.price.fen(),
            note: item.note.clone(),
        });
        Self {
            fund_source: request.fund_source,
            payer_title: request.payer_title.clone(),
            tax_number_type: request.tax_number_type,
            tax_number: request.tax_number.clone(),
            channel: request.channel,
            payer_email: request.payer_email.clone(),
            other_information: request.other_information.clone(),
            items: items.collect(),
        }
    }
}

/// The receipts of an enrolment.
#[derive(Debug, Serialize, ToSchema)]
pub struct Receipts {
    /// 总会费, in fen.
    contribution_fen: Option<i64>,
    /// 补贴, in fen.
    subsidy_fen: Option<i64>,
    /// 赠险, in fen.
    gifted_fen: Option<i64>,
    /// 应付, in fen.
    amount_due_fen: Option<i64>,
    /// 补贴和赠险明细 of each plan that has any.
    borne: Vec<PlanBorne>,
    /// 剩余开票金额 of each plan.
    remaining: Vec<RemainingView>,
    /// The day on which receipts are issued by the settlement-day rule, once paid.
    receipts_on: Option<String>,
    /// The receipts, voided ones included.
    receipts: Vec<ReceiptView>,
}

/// Subsidies and gifted cover of a plan.
#[derive(Debug, Serialize, ToSchema)]
struct PlanBorne {
    /// Code of the plan.
    plan_code: String,
    /// 保障活动细类
    plan_name: String,
    /// 会费, in fen.
    contribution_fen: Option<i64>,
    /// Who bears how much.
    borne: Vec<BorneView>,
}

/// What remains of a plan.
#[derive(Debug, Serialize, ToSchema)]
struct RemainingView {
    /// Code of the plan.
    plan_code: String,
    /// 应付, in fen.
    due_fen: i64,
    /// 剩余, in fen.
    remaining_fen: i64,
}

/// A receipt.
#[derive(Debug, Serialize, ToSchema)]
struct ReceiptView {
    /// Identifier.
    id: String,
    /// 批次号
    batch_number: String,
    /// Total, in fen.
    amount_fen: Option<i64>,
    /// What was asked for.
    request: ReceiptInput,
    /// 票据号码, once issued.
    receipt_number: Option<String>,
    /// What else the issued receipt says of itself.
    issued: Option<IssuedView>,
    /// When it was mailed.
    mailed_at: Option<String>,
    /// Why it will never reach the payer's address.
    mail_problem: Option<String>,
    /// 作废, once it was voided.
    voided: Option<VoidedView>,
    /// Identifier of the voided receipt it stands in for.
    replaces: Option<String>,
}

/// An issued e-receipt.
#[derive(Debug, Serialize, ToSchema)]
struct IssuedView {
    /// 票据代码
    code: String,
    /// 校验码
    check_code: String,
    /// 开票日期
    on: String,
    /// Whether it belongs to the sample series.
    sample: bool,
}

/// How a receipt was voided.
#[derive(Debug, Serialize, ToSchema)]
struct VoidedView {
    /// When.
    at: String,
    /// Who.
    by_name: String,
    /// Why.
    reason: String,
}

/// Why a receipt is voided.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidInput {
    /// At most 200 characters.
    pub reason: String,
}

/// To whom the receipt is made out now. Amount, fund source and channel stay.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReissueInput {
    /// 抬头
    payer_title: String,
    /// `credit-code`, `taxpayer-number` or `none`.
    #[schema(value_type = String)]
    tax_number_type: TaxNumberType,
    /// 税号
    #[serde(default)]
    tax_number: String,
    /// Where the receipt is mailed to.
    payer_email: String,
}

impl From<ReissueInput> for MadeOut {
    fn from(input: ReissueInput) -> Self {
        let ReissueInput { payer_title, tax_number_type, tax_number, payer_email } = input;
        Self { payer_title, tax_number_type, tax_number, payer_email }
    }
}

impl From<&Receipt> for ReceiptView {
    fn from(receipt: &Receipt) -> Self {
        let issued = |issued: &IssuedReceipt| IssuedView {
            code: issued.code.clone(),
            check_code: issued.check_code.clone(),
            on: issued.on.to_string(),
            sample: issued.sample,
        };
        let voided = |voided: &Voided| VoidedView {
            at: voided.at.to_string(),
            by_name: voided.by_name.clone(),
            reason: voided.reason.clone(),
        };
        Self {
            id: receipt.id.to_string(),
            batch_number: receipt.batch_number.clone(),
            amount_fen: receipt.request.amount().map(Fen::fen),
            request: (&receipt.request).into(),
            receipt_number: receipt.issued.as_ref().map(|issued| issued.number.clone()),
            issued: receipt.issued.as_ref().map(issued),
            mailed_at: receipt.mailed_at.map(|at| at.to_string()),
            mail_problem: receipt.mail_problem.clone(),
            voided: receipt.voided.as_ref().map(voided),
            replaces: receipt.replaces.as_ref().map(ToString::to_string),
        }
    }
}

impl Receipts {
    /// The receipts of an enrolment.
    pub fn of(e: &Enrolment) -> Result<Self, Refusal> {
        let remaining = remaining(e)?.into_iter().map(|plan| RemainingView {
            plan_code: plan.plan_code,
            due_fen: plan.due.fen(),
            remaining_fen: plan.remaining.fen(),
        });
        let borne = e.lines.iter().filter(|line| !line.borne.is_empty()).map(|line| PlanBorne {
            plan_code: line.plan.code.clone(),
            plan_name: line.plan.variant.clone(),
            contribution_fen: line.contribution().map(Fen::fen),
            borne: line.borne.iter().map(BorneView::of).collect(),
        });
        Ok(Self {
            contribution_fen: e.contribution().map(Fen::fen),
            subsidy_fen: e.subsidy().map(Fen::fen),
            gifted_fen: e.gifted().map(Fen::fen),
            amount_due_fen: e.amount_due().map(Fen::fen),
            borne: borne.collect(),
            remaining: remaining.collect(),
            receipts_on: e.payment.as_ref().and_then(|p| p.receipts_on).map(|day| day.to_string()),
            receipts: e.receipts.iter().map(ReceiptView::from).collect(),
        })
    }
}

/// What a receipt would say. Code, number and check code are given when it is issued.
#[derive(Debug, Serialize, ToSchema)]
pub struct Preview {
    /// 交款人
    payer_title: String,
    /// 统一社会信用代码
    tax_number: String,
    /// The lines.
    lines: Vec<PreviewLine>,
    /// Total, in fen.
    total_fen: i64,
    /// 金额合计（大写）
    total_in_words: String,
    /// 其他信息
    other_information: String,
    /// What would remain of each plan if it were added now, in fen; may be below 0.
    remaining_after: Vec<RemainingAfter>,
}

/// A line of a preview.
#[derive(Debug, Serialize, ToSchema)]
struct PreviewLine {
    /// 项目名称
    name: String,
    /// 数量
    persons: u32,
    /// 标准, in fen.
    price_fen: i64,
    /// 金额, in fen.
    amount_fen: i64,
    /// 备注
    note: String,
}

/// What would remain of a plan.
#[derive(Debug, Serialize, ToSchema)]
struct RemainingAfter {
    /// Code of the plan.
    plan_code: String,
    /// In fen.
    remaining_fen: i64,
}

impl Preview {
    /// The preview of a request, whatever its state of completion.
    pub fn of(e: &Enrolment, request: ReceiptRequest) -> Result<Self, Refusal> {
        let too_large = || Refusal::invalid(vec![Problem::new("/items", "AMOUNT_TOO_LARGE", "金额超出可以处理的范围")]);
        let mut lines = Vec::new();
        for item in &request.items {
            let plan = e.line(&item.plan_code).map(|line| line.plan.variant.clone()).unwrap_or_default();
            let amount = item.amount().ok_or_else(too_large)?;
            lines.push(PreviewLine {
                name: plan,
                persons: item.persons,
                price_fen: item.price.fen(),
                amount_fen: amount.fen(),
                note: item.note.clone(),
            });
        }
        let total = request.amount().ok_or_else(too_large)?;
        let mut remaining_after = Vec::new();
        for plan in remaining(e)? {
            let asked = request.items.iter().filter(|item| item.plan_code == plan.plan_code);
            let asked = asked.map(ReceiptItem::amount).collect::<Option<Vec<Fen>>>().and_then(Fen::sum);
            let left = asked.and_then(|asked| plan.remaining.checked_sub(asked)).ok_or_else(too_large)?;
            remaining_after.push(RemainingAfter { plan_code: plan.plan_code, remaining_fen: left.fen() });
        }
        Ok(Self {
            payer_title: request.payer_title,
            tax_number: request.tax_number,
            lines,
            total_fen: total.fen(),
            total_in_words: amount_in_words(total),
            other_information: request.other_information,
            remaining_after,
        })
    }
}
