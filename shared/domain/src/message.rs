//! Messages a step leaves in the outbox: work for the queues. They carry ids, and personal data only sealed.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, EnrolmentId, ExportId, MessageId, NodeId, ReceiptId, RegistrationId};
use crate::task::Level;
use crate::texts::TemplateId;
use crate::unit::UnitMove;

/// A work queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Queue {
    /// Text messages, sent by `send-text`.
    TextMessage,
    /// E-receipts, issued and mailed by `mail-receipt`.
    ReceiptMail,
    /// Certificates and payment notices, rendered by `render-certificate`.
    Certificate,
    /// Cover, written by `activate-cover`.
    Cover,
    /// Exports, written by `build-export`.
    Export,
    /// Mails to those who run the platform, sent by `send-mail`.
    Mail,
    /// Rosters of renewals, brought over by `renew-roster`.
    Renewal,
    /// What units held that were merged or handed over, brought over by `move-unit`.
    UnitMove,
}

impl Queue {
    /// Every queue there is, in the order in which they are declared: arrays by queue rely on it.
    pub const ALL: [Self; 8] = [
        Self::TextMessage,
        Self::ReceiptMail,
        Self::Certificate,
        Self::Cover,
        Self::Export,
        Self::Mail,
        Self::Renewal,
        Self::UnitMove,
    ];
}

/// Which text a handler gets (documents: messages).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TextTemplate {
    /// Returned to the unit, with the reason.
    EnrolmentReturned,
    /// Approved, with the amount due.
    EnrolmentApproved,
    /// Finance sent the receipts back, with the reason.
    ReceiptsReturned,
    /// Payment confirmed, the certificate can be printed.
    PaymentConfirmed,
    /// The signed certificate is archived.
    CertificateArchived,
    /// The scan was sent back, with the reason.
    ScanSentBack,
}

/// What a code sent to a mobile number is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CodePurpose {
    /// A new password in place of a forgotten one.
    PasswordReset,
    /// Proof that the contact of a new unit has the number.
    UnitRegistration,
    /// Signing in as a member.
    MemberSignIn,
}

impl CodePurpose {
    /// Every purpose there is.
    pub const ALL: [Self; 3] = [Self::PasswordReset, Self::UnitRegistration, Self::MemberSignIn];

    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PasswordReset => "password-reset",
            Self::UnitRegistration => "unit-registration",
            Self::MemberSignIn => "member-sign-in",
        }
    }
}

/// What a queue's worker is asked to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Message {
    /// Send a text to an account's mobile number.
    Text {
        /// Which text.
        template: TextTemplate,
        /// Whose mobile number.
        account: AccountId,
        /// The enrolment it speaks of.
        enrolment: EnrolmentId,
        /// Place of the opinion it quotes in the enrolment's opinions.
        opinion: Option<usize>,
    },
    /// Text an enrolment's handler that cover ends soon – if it still does, on the day the text goes out.
    CoverEnding {
        /// The enrolment.
        enrolment: EnrolmentId,
        /// Last day of the cover that ends.
        end: Date,
        /// Days left when the text goes out.
        days: u32,
    },
    /// Text an account the one-time link to set its password. The link is not in the message: it follows from the
    /// message's id, and only with the key.
    PasswordLink {
        /// Whose password, and whose mobile number.
        account: AccountId,
    },
    /// Text a registration's contact the link to read where it stands. The link is not in the message: it follows from the
    /// registration, and only with the key.
    RegistrationLink {
        /// The registration.
        registration: RegistrationId,
    },
    /// Text a registration's contact why it was rejected, with the link to correct it.
    RegistrationRejected {
        /// The registration.
        registration: RegistrationId,
        /// Place of the reason in the registration's reviews.
        review: usize,
    },
    /// Text a code to a number. The code is not in the message: it follows from the message's id, and only with the key.
    Code {
        /// What the code is good for.
        purpose: CodePurpose,
        /// The number, sealed.
        sealed_mobile: String,
    },
    /// Mail that tasks of an office became overdue.
    OverdueTasks {
        /// The office.
        office: NodeId,
        /// The day that was their last.
        day: Date,
        /// How many, by level.
        levels: Vec<(Level, u32)>,
        /// Application numbers of the first of them.
        numbers: Vec<String>,
    },
    /// Mail that messages were given up.
    DeadLetters {
        /// The queue.
        queue: String,
        /// How many there are.
        letters: u32,
    },
    /// Issue a receipt and mail it to its payer.
    ReceiptMail {
        /// The enrolment.
        enrolment: EnrolmentId,
        /// The receipt request.
        receipt: ReceiptId,
    },
    /// Render a revision of the certificate.
    Certificate {
        /// The enrolment.
        enrolment: EnrolmentId,
        /// The revision.
        revision: u32,
    },
    /// Render a print of the payment notice.
    Notice {
        /// The enrolment.
        enrolment: EnrolmentId,
        /// The print, from 1.
        print: u32,
    },
    /// Write the cover of one plan's members, one chunk.
    Cover {
        /// The enrolment.
        enrolment: EnrolmentId,
        /// Code of the plan.
        plan: String,
        /// First member of the chunk, counted from 0.
        from: usize,
    },
    /// Take an export one step further.
    Export {
        /// Whose.
        account: AccountId,
        /// The job.
        export: ExportId,
        /// The version it goes on from.
        version: u64,
    },
    /// Bring a roster of the earlier enrolment over to the one that renews it.
    RenewRoster {
        /// The enrolment that renews.
        enrolment: EnrolmentId,
        /// Which of its rosters, counted from 0.
        n: usize,
    },
    /// What renewed an enrolment was withdrawn: the enrolment can be renewed again.
    FreeRenewed {
        /// The earlier enrolment.
        enrolment: EnrolmentId,
        /// What renewed it.
        by: EnrolmentId,
    },
    /// Bring the next of what a unit held over to the unit it was merged into, or to its new place.
    MoveUnit(UnitMove),
}

impl Message {
    /// The queue whose worker does it.
    pub fn queue(&self) -> Queue {
        match self {
            Self::Text { .. }
            | Self::CoverEnding { .. }
            | Self::PasswordLink { .. }
            | Self::RegistrationLink { .. }
            | Self::RegistrationRejected { .. }
            | Self::Code { .. } => Queue::TextMessage,
            Self::OverdueTasks { .. } | Self::DeadLetters { .. } => Queue::Mail,
            Self::ReceiptMail { .. } => Queue::ReceiptMail,
            Self::Certificate { .. } | Self::Notice { .. } => Queue::Certificate,
            Self::Cover { .. } => Queue::Cover,
            Self::Export { .. } => Queue::Export,
            Self::RenewRoster { .. } | Self::FreeRenewed { .. } => Queue::Renewal,
            Self::MoveUnit(_) => Queue::UnitMove,
        }
    }

    /// The template of what a person gets to see; none for work that nobody sees.
    pub fn template(&self) -> Option<TemplateId> {
        match self {
            Self::Text { template, .. } => Some(template.id()),
            Self::CoverEnding { .. } => Some(TemplateId::CoverEnding),
            Self::PasswordLink { .. } => Some(TemplateId::PasswordLink),
            Self::RegistrationLink { .. } => Some(TemplateId::RegistrationLink),
            Self::RegistrationRejected { .. } => Some(TemplateId::RegistrationRejected),
            Self::Code { purpose, .. } => Some(purpose.id()),
            Self::OverdueTasks { .. } => Some(TemplateId::OverdueTasks),
            Self::DeadLetters { .. } => Some(TemplateId::DeadLetters),
            Self::ReceiptMail { .. } => Some(TemplateId::Receipt),
            Self::Certificate { .. }
            | Self::Notice { .. }
            | Self::Cover { .. }
            | Self::Export { .. }
            | Self::RenewRoster { .. }
            | Self::FreeRenewed { .. }
            | Self::MoveUnit(_) => None,
        }
    }

    /// The subject it speaks of, by its identifier, and whose message it is.
    pub fn concerns(&self) -> (Option<String>, Option<AccountId>) {
        match self {
            Self::Text { account, enrolment, .. } => (Some(enrolment.to_string()), Some(account.clone())),
            Self::PasswordLink { account } | Self::Export { account, .. } => (None, Some(account.clone())),
            Self::RegistrationLink { registration } | Self::RegistrationRejected { registration, .. } => {
                (Some(registration.to_string()), None)
            }
            Self::Code { .. } | Self::OverdueTasks { .. } | Self::DeadLetters { .. } => (None, None),
            // Who handles an enrolment is known when the text goes out.
            Self::CoverEnding { enrolment, .. }
            | Self::ReceiptMail { enrolment, .. }
            | Self::Certificate { enrolment, .. }
            | Self::Notice { enrolment, .. }
            | Self::Cover { enrolment, .. }
            | Self::RenewRoster { enrolment, .. }
            | Self::FreeRenewed { enrolment, .. } => (Some(enrolment.to_string()), None),
            Self::MoveUnit(step) => (Some(step.unit.to_string()), None),
        }
    }
}

/// A message with its identity: a consumer that has seen the id does nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outgoing {
    /// Identity, named by the step that wrote it.
    pub id: MessageId,
    /// What to do.
    #[serde(flatten)]
    pub message: Message,
}

/// A message that goes out on a later day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scheduled {
    /// Business date on which it goes out.
    pub on: Date,
    /// What goes out.
    pub outgoing: Outgoing,
}
