//! Money that arrived, as finance looks it up (到账查询).

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, EnrolmentId, UnitId};
use crate::money::Fen;
use crate::organisation::NodePath;
use crate::receipt::{Channel, FundSource};
use crate::unit::UnitName;

/// A confirmed payment. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentRecord {
    /// The enrolment it paid.
    pub enrolment: EnrolmentId,
    /// The enrolment's version after the confirmation.
    pub version: u64,
    /// 申请书号
    pub application_number: String,
    /// 确认书号码
    pub certificate_number: String,
    /// The unit.
    pub unit: UnitId,
    /// 单位名称
    pub unit_name: UnitName,
    /// Where the unit stands.
    pub path: NodePath,
    /// 到账金额
    pub amount: Fen,
    /// What of it came from which source; empty in records from before this was kept.
    #[serde(default)]
    pub funds: Vec<(FundSource, Fen)>,
    /// 缴费渠道
    pub channel: Channel,
    /// 到账日期
    pub arrived_on: Date,
    /// 银行流水号
    pub bank_reference: String,
    /// 备注
    pub remark: String,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// Who confirmed it.
    pub by: AccountId,
    /// The name shown.
    pub by_name: String,
}
