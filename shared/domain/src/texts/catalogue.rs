//! Every template. A new one is one entry here; docs/messages.md says when each is sent, and to whom.
//!
//! Words that were ever sent are never changed: the new wording takes the next version, and the old one moves behind it, as
//! `[earlier …]`. What the operator has registered with the provider of texts stands beside the words.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Channel, Parameter, Quote, Template, Wording};
use crate::money::Fen;

macro_rules! templates {
    ($(
        $(#[$doc:meta])*
        $name:ident = $id:literal $title:literal $channel:ident { $($parameter:ident: $kind:ty),* $(,)? }
        $version:literal: $provider:literal $subject:literal $text:literal
        $([earlier $past:literal: $past_provider:literal $past_subject:literal $past_text:literal])*
    )+) => {
        /// The name of a template.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum TemplateId {
            $($(#[$doc])* #[serde(rename = $id)] $name),+
        }

        impl TemplateId {
            /// Every template there is.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name as it is stored and shown.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $id),+
                }
            }

            /// The template.
            pub fn template(self) -> &'static Template {
                match self {
                    $(Self::$name => &Template {
                        id: Self::$name,
                        title: $title,
                        channel: Channel::$channel,
                        parameters: &[$(stringify!($parameter)),*],
                        wording: Wording {
                            version: $version, provider_template: $provider, subject: $subject, text: $text,
                        },
                        earlier: &[$(Wording {
                            version: $past, provider_template: $past_provider, subject: $past_subject, text: $past_text,
                        }),*],
                    }),+
                }
            }
        }

        /// What is said: a template with its parameters. It has no `Debug`: it may hold a code or a link.
        #[derive(Clone, PartialEq, Eq)]
        pub enum Said {
            $($(#[$doc])* $name {
                $(#[doc = concat!("`{", stringify!($parameter), "}`")] $parameter: $kind),*
            }),+
        }

        impl Said {
            /// By which template.
            pub fn id(&self) -> TemplateId {
                match self {
                    $(Self::$name { .. } => TemplateId::$name),+
                }
            }

            /// The parameters as they are shown, in the template's order.
            pub fn parameters(&self) -> Vec<(&'static str, String)> {
                match self {
                    $(Self::$name { $($parameter),* } => vec![$((stringify!($parameter), $parameter.shown())),*]),+
                }
            }
        }
    };
}

templates! {
    /// Returned to the unit, with the reason.
    EnrolmentReturned = "enrolment-returned" "参保单退回" Text { number: String, reason: Quote }
        1: "SMS_ENROLMENT_RETURNED" ""
        "参保单{number}已退回，原因：{reason}。请登录平台修改后重新提交。"

    /// Approved, with the amount due.
    EnrolmentApproved = "enrolment-approved" "参保单审核通过" Text { number: String, due: Fen }
        1: "SMS_ENROLMENT_APPROVED" ""
        "参保单{number}审核通过，应缴会费{due}元。请登录平台录入开票信息并缴费。"

    /// Finance sent the receipts back, with the reason.
    ReceiptsReturned = "receipts-returned" "开票信息退回" Text { number: String, reason: Quote }
        1: "SMS_RECEIPTS_RETURNED" ""
        "参保单{number}的开票信息已退回，原因：{reason}。请登录平台修改后重新提交。"

    /// Payment confirmed, the certificate can be printed.
    PaymentConfirmed = "payment-confirmed" "到账确认" Text { number: String }
        1: "SMS_PAYMENT_CONFIRMED" ""
        "参保单{number}会费已到账，确认书已生成。请登录平台核对人员名单并打印。"

    /// The signed certificate is archived.
    CertificateArchived = "certificate-archived" "确认书归档" Text { number: String }
        1: "SMS_CERTIFICATE_ARCHIVED" ""
        "参保单{number}的确认书已归档，参保手续办理完毕。"

    /// The scan was sent back, with the reason.
    ScanSentBack = "scan-sent-back" "扫描件退回" Text { number: String, reason: Quote }
        1: "SMS_SCAN_SENT_BACK" ""
        "参保单{number}的确认书扫描件已退回，原因：{reason}。请重新上传。"

    /// Cover ends in so many days.
    CoverEnding = "cover-ending" "保障即将到期" Text { number: String, end: Date, days: u32 }
        1: "SMS_COVER_ENDING" ""
        "参保单{number}的保障将于{end}到期，还有{days}天。请登录平台办理续保，以免保障中断。"

    /// The one-time link to set a password.
    PasswordLink = "password-link" "设置密码链接" Text { user_name: String, link: String }
        2: "SMS_PASSWORD_LINK_2" ""
        "您的用户名是{user_name}，请在72小时内打开链接设置登录密码：{link} 。链接只能使用一次，请勿转发。"
        [earlier 1: "SMS_PASSWORD_LINK" ""
         "请在72小时内打开链接设置登录密码：{link} 。链接只能使用一次，请勿转发。"]

    /// Where a unit's registration is read, with its link.
    RegistrationLink = "registration-link" "单位注册已提交" Text { link: String }
        1: "SMS_REGISTRATION_LINK" ""
        "单位注册申请已提交，审核结果将以短信通知。打开链接可查看进度：{link} 。请勿转发。"

    /// A registration was rejected, with the reason and the link to correct it.
    RegistrationRejected = "registration-rejected" "单位注册未通过" Text { reason: Quote, link: String }
        1: "SMS_REGISTRATION_REJECTED" ""
        "单位注册申请未通过，原因：{reason}。请打开链接修改后重新提交：{link} 。请勿转发。"

    /// The code for a new password in place of a forgotten one.
    PasswordResetCode = "password-reset-code" "重设密码验证码" Text { code: String }
        1: "SMS_PASSWORD_RESET_CODE" ""
        "验证码{code}，用于重设登录密码，5分钟内有效。请勿告诉任何人。"

    /// The code that proves the mobile number of a new unit's contact.
    UnitRegistrationCode = "unit-registration-code" "单位注册验证码" Text { code: String }
        1: "SMS_UNIT_REGISTRATION_CODE" ""
        "验证码{code}，用于单位注册，5分钟内有效。请勿告诉任何人。"

    /// The code a member signs in with.
    MemberSignInCode = "member-sign-in-code" "会员登录验证码" Text { code: String }
        1: "SMS_MEMBER_SIGN_IN_CODE" ""
        "验证码{code}，用于会员登录，5分钟内有效。请勿告诉任何人。"

    /// The e-receipt, attached, to its payer.
    Receipt = "receipt" "电子票据" Mail { payer: String, amount: Fen, application: String, batch: String, number: String }
        1: "" "职工互助保障会费电子票据（{batch}）"
        "{payer}：\n\n您缴纳的职工互助保障会费{amount}元已到账，电子票据见附件。\n\n申请书号：{application}\n批次号：{batch}\n票据号码：{number}\n\n本邮件由系统自动发送，请勿回复。如有疑问，请与所属办事处联系。\n"

    /// The e-receipt that stands in for a voided one, attached, to its payer.
    ReceiptReissued = "receipt-reissued" "电子票据重开" Mail {
        payer: String, amount: Fen, voided: String, application: String, batch: String, number: String
    }
        1: "" "职工互助保障会费电子票据（{batch}）"
        "{payer}：\n\n您缴纳的职工互助保障会费{amount}元的电子票据已重新开具，见附件。本票据代替已作废的票据{voided}，原票据不再有效。\n\n申请书号：{application}\n批次号：{batch}\n票据号码：{number}\n\n本邮件由系统自动发送，请勿回复。如有疑问，请与所属办事处联系。\n"

    /// Tasks of an office became overdue.
    OverdueTasks = "overdue-tasks" "任务超时" Mail { office: String, day: Date, total: u32, levels: String, numbers: String }
        1: "" "{office}有{total}个任务超时"
        "{office}有{total}个任务未能在{day}前办结：\n\n{levels}\n\n申请书号：{numbers}\n\n请登录平台，在任务池中查看并调度。本邮件由系统自动发送，请勿回复。\n"

    /// Messages were given up after their last try.
    DeadLetters = "dead-letters" "死信告警" Mail { queue: String, letters: u32 }
        1: "" "队列{queue}中有{letters}条死信"
        "队列{queue}中有{letters}条消息在最后一次重试后仍未办结，已移入死信队列。\n\n请查明原因；工作队列的死信用 cargo xtask redrive {queue} 重新投递。本邮件每天发送一次，直到死信队列清空。\n"

    /// An export can be downloaded.
    ExportFinished = "export-finished" "导出完成" Portal { what: String, rows: u32 }
        1: "" "{what}已导出"
        "您导出的{what}已完成，共{rows}行，请在导出列表中下载。"

    /// An export will never be, with the reason.
    ExportFailed = "export-failed" "导出失败" Portal { what: String, reason: Quote }
        1: "" "{what}未能导出"
        "您导出的{what}未能完成，原因：{reason}。"
}
