//! The texts sent to people: templates with versions (documents: messages). A text says no more than it must.

use crate::enrolment::Enrolment;
use crate::message::{CodePurpose, TextTemplate};

/// Name and version of the text with a link to set a password.
pub const PASSWORD_LINK: &str = "password-link.2";

/// Longest quoted opinion, in characters: a text message is short, the whole reason is on the portal.
const QUOTE_CHARACTERS_MAX: usize = 60;

impl TextTemplate {
    /// Name and version, as providers with registered templates know it.
    pub fn code(self) -> &'static str {
        match self {
            Self::EnrolmentReturned => "enrolment-returned.1",
            Self::EnrolmentApproved => "enrolment-approved.1",
            Self::ReceiptsReturned => "receipts-returned.1",
            Self::PaymentConfirmed => "payment-confirmed.1",
            Self::CertificateArchived => "certificate-archived.1",
            Self::ScanSentBack => "scan-sent-back.1",
        }
    }
}

/// The text about an enrolment; `opinion` is the place of the opinion it quotes.
pub fn text(template: TextTemplate, enrolment: &Enrolment, opinion: Option<usize>) -> String {
    let number = &enrolment.application_number;
    let reason = opinion.and_then(|at| enrolment.opinions.get(at)).map_or("", |o| o.text.as_str());
    let reason = quoted(reason);
    match template {
        TextTemplate::EnrolmentReturned => {
            format!("【职工互助保障】参保单{number}已退回，原因：{reason}。请登录平台修改后重新提交。")
        }
        TextTemplate::EnrolmentApproved => {
            let due = enrolment.amount_due().map_or_else(String::new, |due| due.grouped());
            format!("【职工互助保障】参保单{number}审核通过，应缴会费{due}元。请登录平台录入开票信息并缴费。")
        }
        TextTemplate::ReceiptsReturned => {
            format!("【职工互助保障】参保单{number}的开票信息已退回，原因：{reason}。请登录平台修改后重新提交。")
        }
        TextTemplate::PaymentConfirmed => {
            format!("【职工互助保障】参保单{number}会费已到账，确认书已生成。请登录平台核对人员名单并打印。")
        }
        TextTemplate::CertificateArchived => {
            format!("【职工互助保障】参保单{number}的确认书已归档，参保手续办理完毕。")
        }
        TextTemplate::ScanSentBack => {
            format!("【职工互助保障】参保单{number}的确认书扫描件已退回，原因：{reason}。请重新上传。")
        }
    }
}

impl CodePurpose {
    /// Name and version of its text.
    pub fn template(self) -> &'static str {
        match self {
            Self::PasswordReset => "password-reset-code.1",
            Self::UnitRegistration => "unit-registration-code.1",
            Self::MemberSignIn => "member-sign-in-code.1",
        }
    }
}

/// The text with a code.
pub fn code_text(purpose: CodePurpose, code: &str) -> String {
    let what = match purpose {
        CodePurpose::PasswordReset => "重设登录密码",
        CodePurpose::UnitRegistration => "单位注册",
        CodePurpose::MemberSignIn => "会员登录",
    };
    format!("【职工互助保障】验证码{code}，用于{what}，5分钟内有效。请勿告诉任何人。")
}

/// The text with a user name and a link to set its password.
pub fn password_link_text(user_name: &str, link: &str) -> String {
    format!(
        "【职工互助保障】您的用户名是{user_name}，请在72小时内打开链接设置登录密码：{link} 。链接只能使用一次，请勿转发。"
    )
}

/// Name and version of the text that tells where a registration is read.
pub const REGISTRATION_LINK: &str = "registration-link.1";
/// Name and version of the text about a rejected registration.
pub const REGISTRATION_REJECTED: &str = "registration-rejected.1";

/// The text that tells where a registration is read.
pub fn registration_link_text(link: &str) -> String {
    format!("【职工互助保障】单位注册申请已提交，审核结果将以短信通知。打开链接可查看进度：{link} 。请勿转发。")
}

/// The text about a rejected registration.
pub fn registration_rejected_text(reason: &str, link: &str) -> String {
    let reason = quoted(reason);
    format!("【职工互助保障】单位注册申请未通过，原因：{reason}。请打开链接修改后重新提交：{link} 。请勿转发。")
}

fn quoted(reason: &str) -> String {
    let reason = reason.trim().trim_end_matches(['。', '.', '！', '!']);
    if reason.chars().count() <= QUOTE_CHARACTERS_MAX {
        return reason.to_owned();
    }
    reason.chars().take(QUOTE_CHARACTERS_MAX).chain(['…']).collect()
}
