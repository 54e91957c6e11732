//! Receipts (开票): who pays how much of a contribution from which fund, and to whom each receipt is made out.

mod check;
mod relief;
mod relief_book;
mod subsidy;

use serde::{Deserialize, Serialize};

pub use self::check::{ReceiptCheck, ReceiptFault, ReceiptField, ReceiptPlan, Remaining, can_submit, check_receipts};
pub use self::relief::{Borne, Relief, ReliefKind, borne};
pub use self::relief_book::{RELIEFS_MAX, ReliefBook};
pub use self::subsidy::{SharesHeld, SubsidyRule, amount_due, contribution_total};

use crate::money::Fen;
use crate::plan::Occupation;

/// Most characters of a receipt's other information and of an item's note.
pub const NOTE_CHARACTERS_MAX: usize = 40;
/// Most characters of a payer's title.
pub const TITLE_CHARACTERS_MAX: usize = 100;

/// Where the money of a receipt comes from (会费来源).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FundSource {
    /// 工会经费
    UnionFunds,
    /// 行政经费
    AdministrativeFunds,
    /// 会员自付
    SelfPaid,
}

impl FundSource {
    /// All sources, in the order of lists.
    pub const ALL: [Self; 3] = [Self::UnionFunds, Self::AdministrativeFunds, Self::SelfPaid];

    /// Chinese name.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::UnionFunds => "工会经费",
            Self::AdministrativeFunds => "行政经费",
            Self::SelfPaid => "会员自付",
        }
    }
}

/// How the money travels (缴费渠道).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// 转账
    Transfer,
    /// 支票
    Cheque,
    /// 支票倒存
    ReverseCheque,
    /// 电汇
    WireTransfer,
    /// 国库支付
    TreasuryPayment,
}

impl Channel {
    /// All channels, in the order of lists.
    pub const ALL: [Self; 5] =
        [Self::Transfer, Self::Cheque, Self::ReverseCheque, Self::WireTransfer, Self::TreasuryPayment];

    /// Chinese name.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Transfer => "转账",
            Self::Cheque => "支票",
            Self::ReverseCheque => "支票倒存",
            Self::WireTransfer => "电汇",
            Self::TreasuryPayment => "国库支付",
        }
    }
}

/// What a payer's tax number is (税号类型).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TaxNumberType {
    /// 统一社会信用代码
    CreditCode,
    /// 纳税人识别号
    TaxpayerNumber,
    /// 无
    #[default]
    None,
}

impl TaxNumberType {
    /// All types, in the order of lists.
    pub const ALL: [Self; 3] = [Self::CreditCode, Self::TaxpayerNumber, Self::None];

    /// Chinese name.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::CreditCode => "统一社会信用代码",
            Self::TaxpayerNumber => "纳税人识别号",
            Self::None => "无",
        }
    }
}

/// One receipt asked for, as entered; [`check_receipts`] judges it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptRequest {
    /// 会费来源
    pub fund_source: FundSource,
    /// 抬头; required.
    pub payer_title: String,
    /// 税号类型
    pub tax_number_type: TaxNumberType,
    /// 税号; may be empty.
    #[serde(default)]
    pub tax_number: String,
    /// 缴费渠道
    pub channel: Channel,
    /// Where the e-receipt is mailed to; required.
    pub payer_email: String,
    /// 其他信息, at most [`NOTE_CHARACTERS_MAX`].
    #[serde(default)]
    pub other_information: String,
    /// At least one.
    pub items: Vec<ReceiptItem>,
}

impl ReceiptRequest {
    /// The same request, made out anew.
    #[must_use]
    pub fn made_out(self, to: MadeOut) -> Self {
        let MadeOut { payer_title, tax_number_type, tax_number, payer_email } = to;
        Self { payer_title, tax_number_type, tax_number, payer_email, ..self }
    }

    /// Total of the items; `None` beyond the range of 64 bits.
    #[must_use]
    pub fn amount(&self) -> Option<Fen> {
        self.items.iter().try_fold(Fen::ZERO, |sum, item| sum.checked_add(item.amount()?))
    }
}

/// To whom a receipt is made out: what a reissue may correct. Amount, fund source and channel stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeOut {
    /// 抬头; required.
    pub payer_title: String,
    /// 税号类型
    pub tax_number_type: TaxNumberType,
    /// 税号; may be empty.
    pub tax_number: String,
    /// Where the e-receipt is mailed to; required.
    pub payer_email: String,
}

/// One line of a receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceiptItem {
    /// Code of the plan variant.
    pub plan_code: String,
    /// Whose contribution it is.
    pub occupation: Occupation,
    /// Number of persons, at least 1.
    pub persons: u32,
    /// Price per person, more than 0.
    pub price: Fen,
    /// 备注, at most [`NOTE_CHARACTERS_MAX`].
    #[serde(default)]
    pub note: String,
}

impl ReceiptItem {
    /// Persons × price; `None` beyond the range of 64 bits.
    #[must_use]
    pub fn amount(&self) -> Option<Fen> {
        self.price.checked_times(self.persons)
    }
}
