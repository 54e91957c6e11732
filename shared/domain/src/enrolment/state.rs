//! The states of an enrolment.

use serde::{Deserialize, Serialize};

use crate::task::Level;

/// Where an enrolment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// 录入
    Drafting,
    /// 初审
    FirstReview,
    /// 复审
    SecondReview,
    /// 终审
    FinalReview,
    /// 开票录入
    Invoicing,
    /// 到账确认
    AwaitingPayment,
    /// 确认书打印
    AwaitingPrint,
    /// 确认书归档
    AwaitingArchive,
    /// 完毕
    Completed,
    /// 已撤销
    Withdrawn,
}

impl State {
    /// Every state there is.
    pub const ALL: [Self; 10] = [
        Self::Drafting,
        Self::FirstReview,
        Self::SecondReview,
        Self::FinalReview,
        Self::Invoicing,
        Self::AwaitingPayment,
        Self::AwaitingPrint,
        Self::AwaitingArchive,
        Self::Completed,
        Self::Withdrawn,
    ];

    /// Whether the payment notice can be printed: once what is due is settled.
    pub fn has_notice(self) -> bool {
        let printed = [Self::Invoicing, Self::AwaitingPayment, Self::AwaitingPrint, Self::AwaitingArchive];
        printed.contains(&self) || self == Self::Completed
    }

    /// The state as tables and the API spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Drafting => "drafting",
            Self::FirstReview => "first-review",
            Self::SecondReview => "second-review",
            Self::FinalReview => "final-review",
            Self::Invoicing => "invoicing",
            Self::AwaitingPayment => "awaiting-payment",
            Self::AwaitingPrint => "awaiting-print",
            Self::AwaitingArchive => "awaiting-archive",
            Self::Completed => "completed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The state as people call it.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Drafting => "录入",
            Self::FirstReview => "初审",
            Self::SecondReview => "复审",
            Self::FinalReview => "终审",
            Self::Invoicing => "开票录入",
            Self::AwaitingPayment => "到账确认",
            Self::AwaitingPrint => "确认书打印",
            Self::AwaitingArchive => "确认书归档",
            Self::Completed => "完毕",
            Self::Withdrawn => "已撤销",
        }
    }

    /// The pool whose task is open while the enrolment stands here.
    pub fn level(self) -> Option<Level> {
        match self {
            Self::FirstReview => Some(Level::FirstReview),
            Self::SecondReview => Some(Level::SecondReview),
            Self::FinalReview => Some(Level::FinalReview),
            Self::AwaitingPayment => Some(Level::Payment),
            Self::AwaitingArchive => Some(Level::Archive),
            Self::Drafting | Self::Invoicing | Self::AwaitingPrint | Self::Completed | Self::Withdrawn => None,
        }
    }
}
