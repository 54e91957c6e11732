//! Whether receipts may stand as entered, and what remains to be receipted (剩余开票金额).

use std::collections::BTreeMap;
use std::fmt;

use super::{NOTE_CHARACTERS_MAX, ReceiptItem, ReceiptRequest, TITLE_CHARACTERS_MAX, TaxNumberType};
use crate::identity::{Email, Uscc};
use crate::money::Fen;
use crate::plan::Occupation;
use crate::reason::Reason;

/// What the receipts of one plan are measured against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptPlan {
    /// Code of the plan variant; each at most once.
    pub code: String,
    /// Amount due after subsidies and gifted cover.
    pub due: Fen,
    /// Shares of a member; the most, where members differ.
    pub shares: u32,
    /// Contribution of one share, ordinary occupation.
    pub fee: Fen,
    /// Contribution of one share, high-risk occupation.
    pub fee_high_risk: Fen,
    /// Participants of ordinary occupation, named or not.
    pub ordinary: u32,
    /// Participants of high-risk occupation, named or not.
    pub high_risk: u32,
}

impl ReceiptPlan {
    fn participants(&self, occupation: Occupation) -> u32 {
        match occupation {
            Occupation::Ordinary => self.ordinary,
            Occupation::HighRisk => self.high_risk,
        }
    }

    /// Highest price per person: fee × shares, the high-risk fee as soon as one participant is high-risk. A cap beyond
    /// 64 bits is none.
    fn price_cap(&self) -> Fen {
        let fee = if self.high_risk > 0 { self.fee_high_risk } else { self.fee };
        fee.checked_times(self.shares).unwrap_or(Fen::new(i64::MAX))
    }
}

/// What is left to be receipted of one plan.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Remaining {
    /// Code of the plan variant.
    pub plan_code: String,
    /// Amount due.
    pub due: Fen,
    /// Due − Σ items; never negative.
    pub remaining: Fen,
}

/// Receipts that may stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptCheck {
    /// One for each plan, in the order given.
    pub remaining: Vec<Remaining>,
    /// Doubts that do not refuse, such as a tax number that fails its check.
    pub warnings: Vec<ReceiptFault>,
}

/// A broken rule, located.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceiptFault {
    /// Index of the request, from 0.
    pub request: usize,
    /// Index of the item in the request; none for a fault of the request itself.
    pub item: Option<usize>,
    /// The field to correct.
    pub field: ReceiptField,
    /// What is wrong with it.
    pub reason: Reason,
}

impl ReceiptFault {
    /// JSON pointer into one request: `/items/0/persons`.
    #[must_use]
    pub fn pointer(&self) -> String {
        self.item.map_or_else(|| format!("/{}", self.field), |item| format!("/items/{item}/{}", self.field))
    }
}

/// A field of a request or an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReceiptField {
    /// 抬头
    PayerTitle,
    /// 税号
    TaxNumber,
    /// 邮箱
    PayerEmail,
    /// 其他信息
    OtherInformation,
    /// 明细
    Items,
    /// 保障活动
    PlanCode,
    /// 人数
    Persons,
    /// 每人金额
    Price,
    /// 备注
    Note,
}

/// The field's name in JSON.
impl fmt::Display for ReceiptField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::PayerTitle => "payer_title",
            Self::TaxNumber => "tax_number",
            Self::PayerEmail => "payer_email",
            Self::OtherInformation => "other_information",
            Self::Items => "items",
            Self::PlanCode => "plan_code",
            Self::Persons => "persons",
            Self::Price => "price",
            Self::Note => "note",
        })
    }
}

/// Judges all receipts of an enrolment together.
///
/// # Errors
/// Every broken rule at once, in the order of the form: title, tax number, e-mail, other information, items.
pub fn check_receipts(plans: &[ReceiptPlan], requests: &[ReceiptRequest]) -> Result<ReceiptCheck, Vec<ReceiptFault>> {
    let mut faults = Vec::new();
    let mut warnings = Vec::new();
    let mut remaining: BTreeMap<&str, Fen> = plans.iter().map(|plan| (plan.code.as_str(), plan.due)).collect();
    for (at, request) in requests.iter().enumerate() {
        let located = |item, (field, reason)| ReceiptFault { request: at, item, field, reason };
        faults.extend(request_faults(request).into_iter().map(|fault| located(None, fault)));
        warnings.extend(tax_number_warning(request).map(|reason| located(None, (ReceiptField::TaxNumber, reason))));
        for (index, item) in request.items.iter().enumerate() {
            let plan = plans.iter().find(|plan| plan.code == item.plan_code);
            let item_faults = item_faults(item, plan);
            let over_due = plan.and_then(|plan| take(remaining.get_mut(plan.code.as_str())?, item, plan.due));
            faults.extend(item_faults.into_iter().chain(over_due).map(|fault| located(Some(index), fault)));
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let remaining = plans.iter().map(|plan| Remaining {
        plan_code: plan.code.clone(),
        due: plan.due,
        remaining: remaining.get(plan.code.as_str()).copied().unwrap_or(plan.due),
    });
    Ok(ReceiptCheck { remaining: remaining.collect(), warnings })
}

/// Receipts may be submitted only when nothing remains of any plan.
#[must_use]
pub fn can_submit(remaining: &[Remaining]) -> bool {
    remaining.iter().all(|plan| plan.remaining == Fen::ZERO)
}

type Fault = (ReceiptField, Reason);

fn request_faults(request: &ReceiptRequest) -> Vec<Fault> {
    let mut faults = Vec::new();
    if request.payer_title.trim().is_empty() {
        faults.push((ReceiptField::PayerTitle, Reason::PayerTitleMissing));
    }
    faults.extend(too_long(ReceiptField::PayerTitle, &request.payer_title, TITLE_CHARACTERS_MAX));
    if request.tax_number_type != TaxNumberType::None && request.tax_number.trim().is_empty() {
        faults.push((ReceiptField::TaxNumber, Reason::TaxNumberMissing));
    }
    faults.extend(Email::parse(&request.payer_email).err().map(|reason| (ReceiptField::PayerEmail, reason)));
    faults.extend(too_long(ReceiptField::OtherInformation, &request.other_information, NOTE_CHARACTERS_MAX));
    if request.items.is_empty() {
        faults.push((ReceiptField::Items, Reason::ReceiptEmpty));
    }
    faults
}

fn tax_number_warning(request: &ReceiptRequest) -> Option<Reason> {
    let given = request.tax_number_type == TaxNumberType::CreditCode && !request.tax_number.trim().is_empty();
    given.then(|| Uscc::parse(&request.tax_number).err()).flatten()
}

fn item_faults(item: &ReceiptItem, plan: Option<&ReceiptPlan>) -> Vec<Fault> {
    let mut faults = Vec::new();
    match plan {
        None => faults.push((ReceiptField::PlanCode, Reason::ReceiptPlan)),
        Some(plan) => {
            let maximum = plan.participants(item.occupation);
            if !(1..=maximum).contains(&item.persons) {
                faults.push((ReceiptField::Persons, Reason::ReceiptPersons { maximum }));
            }
            let maximum = plan.price_cap();
            if item.price <= Fen::ZERO || item.price > maximum {
                faults.push((ReceiptField::Price, Reason::ReceiptPrice { maximum }));
            }
        }
    }
    faults.extend(too_long(ReceiptField::Note, &item.note, NOTE_CHARACTERS_MAX));
    faults
}

/// Takes a positive item off what remains; an item that no longer fits takes nothing and is the fault, so that a later
/// one which fits is not blamed.
fn take(remaining: &mut Fen, item: &ReceiptItem, due: Fen) -> Option<Fault> {
    if item.price <= Fen::ZERO {
        return None;
    }
    let left = item.amount().and_then(|amount| remaining.checked_sub(amount)).filter(|left| *left >= Fen::ZERO);
    match left {
        Some(left) => {
            *remaining = left;
            None
        }
        None => Some((ReceiptField::Price, Reason::ReceiptOverDue { due })),
    }
}

fn too_long(field: ReceiptField, text: &str, limit: usize) -> Option<Fault> {
    let limit_shown = u32::try_from(limit).unwrap_or(u32::MAX);
    (text.chars().count() > limit).then_some((field, Reason::TextTooLong { limit: limit_shown }))
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
