//! What can be asked of an enrolment, and who may ask.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Attachment, IssuedReceipt, RenderedCertificate, RosterPointer, UnitRef};
use crate::account::Permission;
use crate::ids::{AccountId, EnrolmentId, ReceiptId, UploadId};
use crate::money::Fen;
use crate::plan::PlanVariant;
use crate::receipt::{Channel, MadeOut, ReceiptRequest, Relief};
use crate::roster::raw::Column;
use crate::self_check::SelfCheckResult;
use crate::task::Level;

/// One plan as the unit chose it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineChoice {
    /// The published variant.
    pub plan: PlanVariant,
    /// Shares of each member.
    pub shares: u32,
}

/// How an import ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub enum ImportOutcome {
    /// The file was read; each row succeeded or failed.
    Done {
        /// Rows that are not wholly blank.
        total: u32,
        /// Rows that became members.
        succeeded: u32,
        /// Rows that failed; `total = succeeded + failed`.
        failed: u32,
        /// Where the failed rows lie, if any row failed.
        failed_rows: Option<FailedRowFiles>,
    },
    /// The file as a whole could not be read.
    Refused {
        /// Stable code.
        code: String,
        /// A sentence for the clerk.
        text: String,
    },
}

/// The failed rows of a batch, in two forms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FailedRowFiles {
    /// Key of the workbook to download.
    pub workbook: String,
    /// Key of the sealed rows, which are corrected in place; the object never changes.
    pub sealed: String,
}

/// Where a return goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReturnTo {
    /// The unit.
    Unit,
    /// First review.
    FirstReview,
}

/// A command. Those without a [`permission`](Self::permission) are facts the platform itself records.
#[derive(Debug, Clone, PartialEq)]
pub enum Command {
    /// Choose plans and shares; rosters of plans that stay are kept.
    SetPlans {
        /// The plans.
        choices: Vec<LineChoice>,
        /// 是否新业态
        new_employment_form: bool,
    },
    /// Enter headcounts and remark.
    SetDetails {
        /// Staff of the unit.
        staff: u32,
        /// Female staff of the unit.
        female_staff: u32,
        /// Remark, at most 500 characters.
        remark: String,
    },
    /// Set the unnamed headcounts of a plan.
    SetUnnamed {
        /// Code of the plan.
        plan: String,
        /// Ordinary occupation.
        ordinary: u32,
        /// High-risk occupation.
        high_risk: u32,
    },
    /// Take members off a plan's roster.
    RemoveMembers {
        /// Code of the plan.
        plan: String,
        /// How many.
        removed: u32,
        /// The roster without them; none if nobody is left.
        roster: Option<RosterPointer>,
    },
    /// Correct a member of a plan's roster.
    CorrectMember {
        /// Code of the plan.
        plan: String,
        /// What was changed: the trail says so, but not from what to what.
        cells: Vec<Column>,
        /// The roster with the member as corrected.
        roster: RosterPointer,
    },
    /// Correct failed rows of an import in place.
    CorrectRows {
        /// The upload that brought them.
        upload: UploadId,
        /// Rows that pass now.
        accepted: u32,
        /// The rows that are still failed.
        failed_rows: Option<FailedRowFiles>,
        /// The new roster of each plan that got members.
        rosters: Vec<(String, RosterPointer)>,
    },
    /// Attach an accepted upload.
    AddAttachment(Attachment),
    /// Take an attachment away.
    RemoveAttachment(UploadId),
    /// Finish drafting; the self-check has been run.
    Complete {
        /// What the self-check found.
        self_check: SelfCheckResult,
        /// What the unit's office grants, now and at other times.
        granted: Vec<Relief>,
    },
    /// Approve at the current review level.
    Approve {
        /// Opinion, at most 200 characters.
        opinion: String,
        /// Designated start of cover (first review).
        start: Option<Date>,
        /// Whether a final review is needed, as far as the office leaves it to the second reviewer.
        final_review: Option<bool>,
    },
    /// Return from the current review level.
    Return {
        /// Where to.
        to: ReturnTo,
        /// Why; required, at most 200 characters.
        reason: String,
    },
    /// Add a receipt request.
    AddReceipt {
        /// Its identifier.
        id: ReceiptId,
        /// Its batch number.
        batch_number: String,
        /// What is asked for.
        request: ReceiptRequest,
    },
    /// Replace a receipt request.
    EditReceipt {
        /// Which.
        id: ReceiptId,
        /// What is asked for now.
        request: ReceiptRequest,
    },
    /// Delete a receipt request.
    DeleteReceipt(ReceiptId),
    /// Submit the receipts: every plan's remaining amount is 0.
    SubmitReceipts,
    /// Print the payment notice.
    PrintNotice,
    /// Confirm that the money arrived.
    ConfirmPayment {
        /// The day the money arrived.
        arrived_on: Date,
        /// The amount.
        amount: Fen,
        /// How it came.
        channel: Channel,
        /// The bank's reference.
        bank_reference: String,
        /// Remark.
        remark: String,
        /// The certificate number.
        certificate_number: String,
    },
    /// Send the receipts back to the unit.
    ReturnToInvoicing {
        /// Why; required, at most 200 characters.
        reason: String,
    },
    /// Void an issued receipt.
    VoidReceipt {
        /// Which.
        id: ReceiptId,
        /// Why; required, at most 200 characters.
        reason: String,
    },
    /// Issue a receipt in place of a voided one: same amount, made out anew.
    ReissueReceipt {
        /// The voided one.
        of: ReceiptId,
        /// Identifier of the new one.
        id: ReceiptId,
        /// Batch number of the new one.
        batch_number: String,
        /// To whom it is made out now.
        made_out: MadeOut,
    },
    /// Print the certificate.
    Print {
        /// “我已确认人员名单无误”
        roster_confirmed: bool,
    },
    /// Render the certificate again: the unit's data changed.
    Refresh {
        /// Fingerprint of the unit's data now.
        unit_facts: String,
    },
    /// Attach the signed, sealed scan.
    AttachScan(Attachment),
    /// Archive the certificate.
    Archive {
        /// Note, at most 200 characters.
        note: String,
    },
    /// Send the scan back.
    SendBack {
        /// Why; required, at most 200 characters.
        reason: String,
    },
    /// Withdraw the enrolment.
    Withdraw {
        /// Why; required, at most 200 characters.
        reason: String,
    },
    /// Renew the enrolment.
    Renew {
        /// The enrolment that renews it.
        by: EnrolmentId,
        /// That enrolment's application number.
        application_number: String,
    },
    /// What renewed the enrolment was withdrawn.
    FreeRenewed {
        /// The withdrawn enrolment.
        by: EnrolmentId,
    },
    /// The enrolment's unit was merged into another, or stands elsewhere now.
    Move {
        /// The unit it belongs to now.
        unit: UnitRef,
        /// Who gets the texts now.
        handler: AccountId,
    },
    /// A roster file arrived and is being read.
    BeginImport {
        /// The upload.
        upload: UploadId,
        /// Plan codes it is for.
        plans: Vec<String>,
        /// Name of the file.
        file_name: String,
    },
    /// A roster file has been read.
    FinishImport {
        /// The upload.
        upload: UploadId,
        /// How it ended.
        outcome: ImportOutcome,
        /// The new roster of each plan that got members.
        rosters: Vec<(String, RosterPointer)>,
    },
    /// Some members' cover is written.
    RecordCover {
        /// Code of the plan.
        plan: String,
        /// Members covered so far.
        covered: u32,
    },
    /// A certificate revision is rendered.
    RecordCertificate(RenderedCertificate),
    /// A certificate revision cannot be rendered.
    RecordCertificateProblem {
        /// The revision.
        revision: u32,
        /// A sentence for the handler.
        problem: String,
    },
    /// A print of the payment notice cannot be rendered.
    RecordNoticeProblem {
        /// The print.
        print: u32,
        /// A sentence for the handler.
        problem: String,
    },
    /// A receipt is issued.
    RecordReceipt {
        /// The receipt request.
        id: ReceiptId,
        /// The receipt.
        issued: IssuedReceipt,
    },
    /// A receipt has been mailed, or never will be.
    RecordReceiptMailed {
        /// The receipt request.
        id: ReceiptId,
        /// Why the mail was refused for good.
        problem: Option<String>,
    },
}

impl Command {
    /// The command's name in trails and tables.
    pub fn name(&self) -> &'static str {
        match self {
            Self::SetPlans { .. } => "set-plans",
            Self::SetDetails { .. } => "set-details",
            Self::SetUnnamed { .. } => "set-unnamed",
            Self::RemoveMembers { .. } => "remove-members",
            Self::CorrectMember { .. } => "correct-member",
            Self::CorrectRows { .. } => "correct-rows",
            Self::AddAttachment(_) => "add-attachment",
            Self::RemoveAttachment(_) => "remove-attachment",
            Self::Complete { .. } => "complete",
            Self::Approve { .. } => "approve",
            Self::Return { to: ReturnTo::Unit, .. } => "return-to-unit",
            Self::Return { to: ReturnTo::FirstReview, .. } => "return-to-first-review",
            Self::AddReceipt { .. } => "add-receipt",
            Self::EditReceipt { .. } => "edit-receipt",
            Self::DeleteReceipt(_) => "delete-receipt",
            Self::SubmitReceipts => "submit-receipts",
            Self::PrintNotice => "print-notice",
            Self::ConfirmPayment { .. } => "confirm-payment",
            Self::ReturnToInvoicing { .. } => "return-to-invoicing",
            Self::VoidReceipt { .. } => "void-receipt",
            Self::ReissueReceipt { .. } => "reissue-receipt",
            Self::Print { .. } => "print",
            Self::Refresh { .. } => "refresh-certificate",
            Self::AttachScan(_) => "attach-scan",
            Self::Archive { .. } => "archive",
            Self::SendBack { .. } => "send-back",
            Self::Withdraw { .. } => "withdraw",
            Self::Renew { .. } => "renew",
            Self::FreeRenewed { .. } => "free-renewed",
            Self::Move { .. } => "move",
            Self::BeginImport { .. } => "begin-import",
            Self::FinishImport { .. } => "finish-import",
            Self::RecordCover { .. } => "record-cover",
            Self::RecordCertificate(_) => "record-certificate",
            Self::RecordCertificateProblem { .. } => "record-certificate-problem",
            Self::RecordNoticeProblem { .. } => "record-notice-problem",
            Self::RecordReceipt { .. } => "record-receipt",
            Self::RecordReceiptMailed { .. } => "record-receipt-mailed",
        }
    }

    /// The permission a person needs while the enrolment's open level is `level`; none for the platform's own facts.
    pub fn permission(&self, level: Option<Level>) -> Option<Permission> {
        match self {
            Self::SetPlans { .. }
            | Self::SetDetails { .. }
            | Self::SetUnnamed { .. }
            | Self::RemoveMembers { .. }
            | Self::CorrectMember { .. }
            | Self::CorrectRows { .. }
            | Self::AddAttachment(_)
            | Self::RemoveAttachment(_)
            | Self::Complete { .. }
            | Self::Renew { .. } => Some(Permission::EnterEnrolment),
            Self::Approve { .. } | Self::Return { .. } => {
                let review = level.filter(|l| !matches!(l, Level::Payment | Level::Archive | Level::Registration));
                Some(Permission::Work(review.unwrap_or(Level::FirstReview)))
            }
            Self::AddReceipt { .. } | Self::EditReceipt { .. } | Self::DeleteReceipt(_) | Self::SubmitReceipts => {
                Some(Permission::EnterReceipts)
            }
            Self::PrintNotice => Some(Permission::PrintNotice),
            Self::ConfirmPayment { .. } | Self::ReturnToInvoicing { .. } => Some(Permission::Work(Level::Payment)),
            Self::VoidReceipt { .. } | Self::ReissueReceipt { .. } => Some(Permission::AmendReceipts),
            Self::Print { .. } | Self::Refresh { .. } | Self::AttachScan(_) => Some(Permission::PrintCertificate),
            Self::Archive { .. } | Self::SendBack { .. } => Some(Permission::Work(Level::Archive)),
            Self::Withdraw { .. } => Some(match level {
                Some(Level::SecondReview | Level::FinalReview | Level::Payment | Level::Archive) => {
                    Permission::WithdrawLate
                }
                Some(Level::FirstReview | Level::Registration) | None => Permission::WithdrawEarly,
            }),
            Self::FreeRenewed { .. }
            | Self::Move { .. }
            | Self::BeginImport { .. }
            | Self::FinishImport { .. }
            | Self::RecordCover { .. }
            | Self::RecordCertificate(_)
            | Self::RecordCertificateProblem { .. }
            | Self::RecordNoticeProblem { .. }
            | Self::RecordReceipt { .. }
            | Self::RecordReceiptMailed { .. } => None,
        }
    }
}
