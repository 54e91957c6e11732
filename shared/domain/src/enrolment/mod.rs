//! An enrolment (参保单): one application of one unit for one or more plans, from the first entry to the archived
//! certificate. [`decide`] is its whole state machine.

mod certificate;
mod command;
mod decide;
mod drafting;
mod invoicing;
mod moving;
mod notice;
mod payment;
mod reissue;
mod relief;
mod renewal;
mod review;
mod state;
mod step;
#[cfg(test)]
mod tests;

use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};

pub use self::command::{Command, FailedRowFiles, ImportOutcome, LineChoice, ReturnTo};
pub use self::decide::decide;
pub use self::drafting::{IMPORT_STALLED_AFTER_S, NewEnrolment, create};
pub use self::invoicing::{receipt_plans, remaining};
pub use self::renewal::{RENEWAL_OPENS_DAYS, Renewal, renew};
pub use self::review::separation_of_duties;
pub use self::state::State;
pub use self::step::{Context, Decision};
use crate::cover::CoverPeriod;
use crate::ids::{AccountId, EnrolmentId, MessageId, NodeId, ReceiptId, TaskId, UnitId, UploadId};
use crate::money::Fen;
use crate::number::OfficeCode;
use crate::organisation::{NodePath, Unit};
use crate::plan::{Occupation, PlanVariant};
use crate::receipt::{Borne, Channel, ReceiptRequest, SharesHeld};
use crate::roster::RosterSummary;
use crate::self_check::{Flagged, SelfCheckResult};
use crate::unit::UnitName;

/// Most plans in one enrolment.
pub const LINES_MAX: usize = 12;
/// Most attachments of one enrolment.
pub const ATTACHMENTS_MAX: usize = 50;
/// Most import batches kept on an enrolment; the oldest give way.
pub const BATCHES_MAX: usize = 60;
/// Most receipt requests of one enrolment.
pub const RECEIPTS_MAX: usize = 60;
/// Most receipts of one enrolment, voided ones included.
pub const RECEIPTS_KEPT_MAX: usize = 2 * RECEIPTS_MAX;
/// Most certificate revisions of one enrolment.
pub const REVISIONS_MAX: usize = 50;
/// Most opinions kept on an enrolment: forty full rounds of returns.
pub const OPINIONS_MAX: usize = 120;

/// The unit as the enrolment saw it when it was created, or when it was brought over to that unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitRef {
    /// Identifier.
    pub id: UnitId,
    /// Name.
    pub name: UnitName,
    /// Where it stands.
    pub path: NodePath,
    /// Four-digit code of its office.
    pub office_code: OfficeCode,
    /// Node of its office, whose settings apply.
    pub office: NodeId,
}

impl UnitRef {
    /// The unit as it stands, below the node of its office.
    pub fn of(unit: &Unit, office: NodeId) -> Self {
        Self {
            id: unit.id.clone(),
            name: unit.name.clone().into(),
            path: unit.path.clone(),
            office_code: unit.office_code,
            office,
        }
    }
}

/// The roster object an enrolment's line points to, and what decisions need to know of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RosterPointer {
    /// Key in the documents bucket; the object never changes.
    pub key: String,
    /// Key of the same roster as a workbook to download.
    pub workbook: String,
    /// Members of ordinary occupation.
    pub ordinary: u32,
    /// Members of high-risk occupation.
    pub high_risk: u32,
    /// Shares of the member who has most.
    pub shares_most: u32,
    /// Shares of the members of ordinary occupation together.
    pub shares_ordinary: u32,
    /// Shares of the members of high-risk occupation together.
    pub shares_high_risk: u32,
    /// How many members of each occupation hold how many shares, which subsidies are reckoned from.
    #[serde(default)]
    pub held: Vec<SharesHeld>,
    /// Members over the plan's age limit.
    pub over_age: Flagged,
    /// Members already covered by the same plan on the new start date.
    pub unexpired: Flagged,
    /// Its members by sex, age and occupation.
    pub distribution: RosterSummary,
}

impl RosterPointer {
    /// All named members.
    pub fn members(&self) -> u32 {
        self.ordinary.saturating_add(self.high_risk)
    }
}

/// One plan of an enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The plan variant as it was when chosen.
    pub plan: PlanVariant,
    /// Shares of each member.
    pub shares: u32,
    /// The named members.
    pub roster: Option<RosterPointer>,
    /// Unnamed members of ordinary occupation.
    pub unnamed_ordinary: u32,
    /// Unnamed members of high-risk occupation.
    pub unnamed_high_risk: u32,
    /// Named members whose cover has been written.
    pub covered: u32,
    /// Subsidies and gifted cover, as the last completion found them; none while it is drafted.
    #[serde(default)]
    pub borne: Vec<Borne>,
}

impl Line {
    /// Participants of one occupation class, named and unnamed.
    pub fn participants_of(&self, occupation: Occupation) -> u32 {
        let roster = self.roster.as_ref();
        match occupation {
            Occupation::Ordinary => roster.map_or(0, |r| r.ordinary).saturating_add(self.unnamed_ordinary),
            Occupation::HighRisk => roster.map_or(0, |r| r.high_risk).saturating_add(self.unnamed_high_risk),
        }
    }

    /// All participants.
    pub fn participants(&self) -> u32 {
        self.participants_of(Occupation::Ordinary).saturating_add(self.participants_of(Occupation::HighRisk))
    }

    /// Contribution of the line: Σ members shares × fee(occupation). None on overflow.
    pub fn contribution(&self) -> Option<Fen> {
        let price = |occupation| self.plan.fee_for(occupation).checked_times(self.shares_of(occupation)?);
        price(Occupation::Ordinary)?.checked_add(price(Occupation::HighRisk)?)
    }

    /// Shares of all participants of one occupation class together.
    fn shares_of(&self, occupation: Occupation) -> Option<u32> {
        let (named, unnamed) = match occupation {
            Occupation::Ordinary => (self.roster.as_ref().map_or(0, |r| r.shares_ordinary), self.unnamed_ordinary),
            Occupation::HighRisk => (self.roster.as_ref().map_or(0, |r| r.shares_high_risk), self.unnamed_high_risk),
        };
        unnamed.checked_mul(self.shares)?.checked_add(named)
    }
}

/// Outcome of one uploaded roster file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportBatch {
    /// The upload that carried the file.
    pub upload: UploadId,
    /// Plan codes it was for.
    pub plans: Vec<String>,
    /// Name of the file as the clerk knows it.
    pub file_name: String,
    /// When the import began.
    pub begun_at: Timestamp,
    /// How it ended; none while it runs.
    pub outcome: Option<ImportOutcome>,
}

/// What an attachment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AttachmentKind {
    /// Any supporting paper.
    General,
    /// 超龄证明
    OverAgeProof,
}

/// An accepted file attached to the enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// The upload that carried it.
    pub upload: UploadId,
    /// What it is.
    pub kind: AttachmentKind,
    /// Name of the file as the clerk knows it.
    pub file_name: String,
    /// Key of the stored copy in the documents bucket.
    pub key: String,
    /// Content type of the stored copy.
    pub content_type: String,
    /// Key of the thumbnail.
    pub thumbnail: Option<String>,
    /// Pages.
    pub pages: u32,
}

/// How somebody concluded at a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// 同意
    Approved,
    /// 退回
    Returned,
}

/// An opinion given at a level: reviews, finance's and the archivist's alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opinion {
    /// The state it was given in.
    pub state: State,
    /// Who gave it.
    pub by: AccountId,
    /// The name shown.
    pub by_name: String,
    /// When.
    pub at: Timestamp,
    /// How it concluded.
    pub conclusion: Conclusion,
    /// The opinion, reason or note.
    pub text: String,
}

/// A receipt request with what became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// Identifier within the enrolment.
    pub id: ReceiptId,
    /// Receipt batch number (`S…`).
    pub batch_number: String,
    /// What was asked for.
    pub request: ReceiptRequest,
    /// The receipt, once issued.
    pub issued: Option<IssuedReceipt>,
    /// When it was mailed to the payer.
    pub mailed_at: Option<Timestamp>,
    /// Why it will never reach the payer's address: a sentence for the unit.
    pub mail_problem: Option<String>,
    /// How it was voided, once it was.
    #[serde(default)]
    pub voided: Option<Voided>,
    /// The voided receipt it stands in for.
    #[serde(default)]
    pub replaces: Option<ReceiptId>,
}

impl Receipt {
    /// A receipt as it is asked for.
    pub fn asked(id: ReceiptId, batch_number: String, request: ReceiptRequest) -> Self {
        Self {
            id,
            batch_number,
            request,
            issued: None,
            mailed_at: None,
            mail_problem: None,
            voided: None,
            replaces: None,
        }
    }
}

/// How a receipt was voided (作废).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Voided {
    /// When.
    pub at: Timestamp,
    /// The name shown of who did it.
    pub by_name: String,
    /// Why.
    pub reason: String,
}

/// An issued e-receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedReceipt {
    /// 票据代码
    pub code: String,
    /// 票据号码
    pub number: String,
    /// 校验码
    pub check_code: String,
    /// 开票日期
    pub on: Date,
    /// Whether it belongs to the sample series.
    pub sample: bool,
}

/// Confirmed payment (到账确认).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payment {
    /// The day the money arrived.
    pub arrived_on: Date,
    /// The amount.
    pub amount: Fen,
    /// How it came.
    pub channel: Channel,
    /// The bank's reference.
    pub bank_reference: String,
    /// Remark.
    pub remark: String,
    /// Business date of the confirmation.
    pub confirmed_on: Date,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// Who confirmed it.
    pub by: AccountId,
    /// The day its receipts are issued, by the settlement-day rule.
    #[serde(default)]
    pub receipts_on: Option<Date>,
}

/// One rendered revision of the certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenderedCertificate {
    /// Revision, from 1.
    pub revision: u32,
    /// Key in the documents bucket.
    pub key: String,
    /// SHA-256 of the PDF, lower-case hex.
    pub sha256: String,
    /// When it was rendered.
    pub at: Timestamp,
    /// Fingerprint of the unit's data printed on it.
    pub unit_facts: String,
    /// Name of the unit it was printed for, where the enrolment has been brought over to another unit since.
    #[serde(default)]
    pub printed_for: Option<UnitName>,
}

/// The certificate (确认书).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Certificate {
    /// Certificate number (`G…`).
    pub number: String,
    /// Revision asked for last; rendered when the last of `rendered` has it.
    pub revision: u32,
    /// When that revision was asked for: the time printed on it.
    pub requested_at: Timestamp,
    /// Why the last rendering failed, for the handler; none while it runs or after it succeeded.
    pub problem: Option<String>,
    /// Rendered revisions, oldest first.
    pub rendered: Vec<RenderedCertificate>,
    /// Prints, each counted.
    pub prints: u32,
    /// Signed, sealed scan.
    pub scan: Option<Attachment>,
    /// Archivist's note.
    pub archive_note: Option<String>,
}

impl Certificate {
    /// The current revision, if it has been rendered.
    pub fn current(&self) -> Option<&RenderedCertificate> {
        self.rendered.last().filter(|r| r.revision == self.revision)
    }
}

/// The payment notice (缴费通知单).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Prints asked for, each counted; the last one's number.
    pub prints: u32,
    /// When the last was asked for: the time printed on it.
    pub requested_at: Timestamp,
    /// The message that asks for the last; once it is consumed, the PDF is there.
    pub message: MessageId,
    /// Why the last cannot be rendered, for the handler.
    pub problem: Option<String>,
}

/// An enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enrolment {
    /// Identifier.
    pub id: EnrolmentId,
    /// Application number (`A…`).
    pub application_number: String,
    /// The unit.
    pub unit: UnitRef,
    /// Account that gets the texts.
    pub handler: AccountId,
    /// Goes up by one with every step.
    pub version: u64,
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub state_since: Timestamp,
    /// When it was created.
    pub created_at: Timestamp,
    /// Accounts that entered something: they may not review it.
    pub entered_by: Vec<AccountId>,
    /// 是否新业态
    pub new_employment_form: bool,
    /// The plans.
    pub lines: Vec<Line>,
    /// Staff of the unit.
    pub staff: Option<u32>,
    /// Female staff of the unit.
    pub female_staff: Option<u32>,
    /// Remark.
    pub remark: String,
    /// Attachments.
    pub attachments: Vec<Attachment>,
    /// Import batches, oldest first.
    pub batches: Vec<ImportBatch>,
    /// Self-check of the last completion.
    pub self_check: Option<SelfCheckResult>,
    /// Opinions, oldest first.
    pub opinions: Vec<Opinion>,
    /// Start of cover a reviewer designated.
    pub designated_start: Option<Date>,
    /// The open task of the current level.
    pub task: Option<TaskId>,
    /// Receipt requests.
    pub receipts: Vec<Receipt>,
    /// The payment notice, once it was printed.
    #[serde(default)]
    pub notice: Option<Notice>,
    /// Confirmed payment.
    pub payment: Option<Payment>,
    /// Period of cover, once paid; one per plan code.
    pub periods: Vec<(String, CoverPeriod)>,
    /// The certificate.
    pub certificate: Option<Certificate>,
    /// What it renews, for a renewal.
    #[serde(default)]
    pub renews: Option<Renewal>,
    /// The enrolment that renews this one.
    #[serde(default)]
    pub renewed_by: Option<EnrolmentId>,
}

impl Enrolment {
    /// The line of a plan.
    pub fn line(&self, plan: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.plan.code == plan)
    }

    /// Total contribution of all plans. None on overflow.
    pub fn contribution(&self) -> Option<Fen> {
        let amounts: Option<Vec<Fen>> = self.lines.iter().map(Line::contribution).collect();
        Fen::sum(amounts?)
    }

    /// What the unit has to pay: contribution − subsidies − gifted cover. None on overflow.
    pub fn amount_due(&self) -> Option<Fen> {
        let amounts: Option<Vec<Fen>> = self.lines.iter().map(Line::due).collect();
        Fen::sum(amounts?)
    }

    /// Period of cover of a plan, once paid.
    pub fn period(&self, plan: &str) -> Option<CoverPeriod> {
        self.periods.iter().find(|(code, _)| code == plan).map(|(_, period)| *period)
    }

    /// The receipts that were not voided.
    pub fn standing_receipts(&self) -> impl Iterator<Item = &Receipt> {
        self.receipts.iter().filter(|receipt| receipt.voided.is_none())
    }

    /// Reason of the last return, while the unit or finance has to act on it.
    pub fn return_reason(&self) -> Option<&str> {
        let last = self.opinions.last()?;
        (last.conclusion == Conclusion::Returned).then_some(last.text.as_str())
    }
}
