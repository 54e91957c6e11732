//! A message as lists show it.

use domain::message_log::MessageRecord;
use domain::texts::Channel;
use serde::Serialize;
use utoipa::ToSchema;
use workflow::message_log::{REFUSED, words};
use workflow::ports::Cipher;

/// A message.
#[derive(Debug, Serialize, ToSchema)]
pub struct MessageView {
    /// Identifier.
    id: String,
    /// Its template, `enrolment-returned`.
    kind: &'static str,
    /// What the template is called.
    title: &'static str,
    /// `text`, `mail` or `portal`.
    #[schema(value_type = String)]
    channel: Channel,
    /// `queued`, `retrying`, `sent`, `failed`, `dropped` or `dead`.
    state: &'static str,
    /// 状态
    state_name: &'static str,
    /// Why it was not sent: a stable code.
    reason: Option<String>,
    /// The same as a sentence.
    reason_text: Option<&'static str>,
    /// What the provider said of it: its own code.
    detail: Option<String>,
    /// How often it was tried.
    attempts: u32,
    /// When it was written.
    queued_at: String,
    /// Since when its state is what it is.
    changed_at: String,
    /// The enrolment, or other subject, it speaks of.
    about: Option<String>,
    /// Number or address, masked, once it was tried.
    recipient: Option<String>,
    /// Version of the words, once they were written.
    wording: Option<u32>,
    /// Subject of a mail, title of a notice.
    subject: Option<String>,
    /// The words; those of codes and links are not kept.
    text: Option<String>,
    /// What the provider calls it.
    provider_id: Option<String>,
    /// Whether it may be sent again.
    may_resend: bool,
    /// The message it was sent again as.
    resent_as: Option<String>,
    /// The message it repeats.
    repeats: Option<String>,
}

/// A record as lists show it.
pub fn shown(cipher: &dyn Cipher, record: MessageRecord) -> MessageView {
    let words = words(cipher, &record);
    let template = record.template.template();
    MessageView {
        id: record.id.to_string(),
        kind: record.template.as_str(),
        title: template.title,
        channel: template.channel,
        state: record.fate.as_str(),
        state_name: record.fate.chinese(),
        reason_text: record.reason.as_deref().map(sentence),
        may_resend: record.may_repeat(),
        reason: record.reason,
        detail: record.detail,
        attempts: record.attempts,
        queued_at: record.queued_at.to_string(),
        changed_at: record.changed_at.to_string(),
        about: record.about,
        recipient: record.recipient,
        wording: record.wording,
        subject: words.as_ref().map(|words| words.subject.clone()).filter(|subject| !subject.is_empty()),
        text: words.map(|words| words.text),
        provider_id: record.provider_id,
        resent_as: record.resent_as.map(|id| id.to_string()),
        repeats: record.repeats.map(|(id, _)| id.to_string()),
    }
}

/// Why a message was not sent, for people. What is not listed is an operation that failed.
fn sentence(reason: &str) -> &'static str {
    match reason {
        REFUSED => "号码或地址被服务商拒收，请核对后重新发送",
        "NO_MOBILE" => "收件人没有手机号码",
        "NO_SUCH_ACCOUNT" => "收件账户不存在",
        "NO_SUCH_ENROLMENT" => "参保单不存在",
        "NOTHING_TO_SAY" => "参保单没有可通知的内容",
        "NOT_SO_ANY_MORE" => "情况已经变化，无需再通知",
        "EXPIRED" => "验证码或链接发送前已过期，请重新获取",
        _ => "服务商暂时无法发送",
    }
}
