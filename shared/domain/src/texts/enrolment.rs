//! What is said of an enrolment, from the enrolment as it stands.

use jiff::civil::Date;

use super::{Quote, Said, TemplateId};
use crate::enrolment::{Enrolment, State};
use crate::message::{CodePurpose, TextTemplate};

impl TextTemplate {
    /// The name of its template.
    pub fn id(self) -> TemplateId {
        match self {
            Self::EnrolmentReturned => TemplateId::EnrolmentReturned,
            Self::EnrolmentApproved => TemplateId::EnrolmentApproved,
            Self::ReceiptsReturned => TemplateId::ReceiptsReturned,
            Self::PaymentConfirmed => TemplateId::PaymentConfirmed,
            Self::CertificateArchived => TemplateId::CertificateArchived,
            Self::ScanSentBack => TemplateId::ScanSentBack,
        }
    }

    /// What it says of an enrolment; `opinion` is the place of the opinion it quotes. None if the enrolment has not got
    /// what it speaks of.
    pub fn of(self, enrolment: &Enrolment, opinion: Option<usize>) -> Option<Said> {
        let number = enrolment.application_number.clone();
        let quoted = opinion.and_then(|at| enrolment.opinions.get(at)).map_or("", |o| o.text.as_str());
        let reason = Quote::of(quoted);
        Some(match self {
            Self::EnrolmentReturned => Said::EnrolmentReturned { number, reason },
            Self::EnrolmentApproved => Said::EnrolmentApproved { number, due: enrolment.amount_due()? },
            Self::ReceiptsReturned => Said::ReceiptsReturned { number, reason },
            Self::PaymentConfirmed => Said::PaymentConfirmed { number },
            Self::CertificateArchived => Said::CertificateArchived { number },
            Self::ScanSentBack => Said::ScanSentBack { number, reason },
        })
    }
}

/// The reminder that cover ends. None if it does not any more: the enrolment was withdrawn or renewed, or none of its cover ends then.
pub fn cover_ending(enrolment: &Enrolment, end: Date, days: u32) -> Option<Said> {
    let ends = enrolment.periods.iter().any(|(_, period)| period.end() == end);
    let stands = ends && enrolment.state != State::Withdrawn && enrolment.renewed_by.is_none();
    stands.then(|| Said::CoverEnding { number: enrolment.application_number.clone(), end, days })
}

impl CodePurpose {
    /// The name of its template.
    pub fn id(self) -> TemplateId {
        match self {
            Self::PasswordReset => TemplateId::PasswordResetCode,
            Self::UnitRegistration => TemplateId::UnitRegistrationCode,
            Self::MemberSignIn => TemplateId::MemberSignInCode,
        }
    }

    /// What the text with a code says.
    pub fn said(self, code: String) -> Said {
        match self {
            Self::PasswordReset => Said::PasswordResetCode { code },
            Self::UnitRegistration => Said::UnitRegistrationCode { code },
            Self::MemberSignIn => Said::MemberSignInCode { code },
        }
    }
}
