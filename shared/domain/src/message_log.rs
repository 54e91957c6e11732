//! What became of every message to a person (documents: messages).
//!
//! A record begins in the transaction that leaves the message in the outbox, and ends in the one that marks it consumed.
//! It tells whom it was for only masked; the words are sealed, and those of codes and links are not kept at all.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, MessageId};
use crate::message::{Message, Outgoing};
use crate::organisation::NodePath;
use crate::texts::TemplateId;

/// What became of a message so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fate {
    /// On its way.
    Queued,
    /// A provider did not take it; it is tried again by itself.
    Retrying,
    /// The provider has it; a notice is in the portal.
    Sent,
    /// It never will be sent: a bad number, an address that refuses.
    Failed,
    /// What it would say is not so any more: cover that was renewed before its reminder.
    Dropped,
    /// Given up after the last try; it rests in the dead letters until somebody puts it back.
    Dead,
}

impl Fate {
    /// Every fate there is.
    pub const ALL: [Self; 6] = [Self::Queued, Self::Retrying, Self::Sent, Self::Failed, Self::Dropped, Self::Dead];

    /// Its stable name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Retrying => "retrying",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Dropped => "dropped",
            Self::Dead => "dead",
        }
    }

    /// What people call it.
    pub fn chinese(self) -> &'static str {
        match self {
            Self::Queued => "待发送",
            Self::Retrying => "重试中",
            Self::Sent => "已发送",
            Self::Failed => "发送失败",
            Self::Dropped => "无需发送",
            Self::Dead => "已放弃",
        }
    }

    /// Whether nothing more happens to it by itself.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Sent | Self::Failed | Self::Dropped)
    }
}

/// The record of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageRecord {
    /// The message.
    pub id: MessageId,
    /// By which template it is written.
    pub template: TemplateId,
    /// Version of the words it was written with, once it was.
    pub wording: Option<u32>,
    /// What became of it.
    pub fate: Fate,
    /// Why it was not sent: a stable code.
    pub reason: Option<String>,
    /// What the provider said of it: its own code.
    pub detail: Option<String>,
    /// Times a provider was asked or could not be.
    pub attempts: u32,
    /// When it was left in the outbox.
    pub queued_at: Timestamp,
    /// Since when its fate is what it is.
    pub changed_at: Timestamp,
    /// The subject it speaks of, by its identifier.
    pub about: Option<String>,
    /// Whose message it is; none if the recipient has no account.
    pub account: Option<AccountId>,
    /// Where it belongs in the tree: who reads this node's subtree reads it. The root until it is known.
    pub path: NodePath,
    /// Number or address it was sent to, masked, once it was tried.
    pub recipient: Option<String>,
    /// What the provider calls it.
    pub provider_id: Option<String>,
    /// Its subject and words, sealed; none for codes and links.
    pub sealed_words: Option<String>,
    /// What to send again; none for codes, which are asked for anew, and for notices.
    pub message: Option<Message>,
    /// The message it was sent again as.
    pub resent_as: Option<MessageId>,
    /// The message it repeats, and who asked for that.
    pub repeats: Option<(MessageId, AccountId)>,
}

impl MessageRecord {
    /// The record of a message that enters the outbox; none for work that no person sees. `path` is where its subject
    /// stands, if that is known.
    pub fn queued(outgoing: &Outgoing, path: Option<&NodePath>, now: Timestamp) -> Option<Self> {
        let template = outgoing.message.template()?;
        let (about, account) = outgoing.message.concerns();
        let message = (!matches!(outgoing.message, Message::Code { .. })).then(|| outgoing.message.clone());
        Some(Self {
            id: outgoing.id.clone(),
            template,
            wording: None,
            fate: Fate::Queued,
            reason: None,
            detail: None,
            attempts: 0,
            queued_at: now,
            changed_at: now,
            about,
            account,
            path: path.cloned().unwrap_or_else(NodePath::root),
            recipient: None,
            provider_id: None,
            sealed_words: None,
            message,
            resent_as: None,
            repeats: None,
        })
    }

    /// The record of a notice in the portal, which is there as soon as it is committed.
    pub fn notice(
        id: MessageId,
        template: TemplateId,
        to: (AccountId, NodePath),
        about: Option<String>,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            template,
            wording: Some(template.template().wording.version),
            fate: Fate::Sent,
            reason: None,
            detail: None,
            attempts: 0,
            queued_at: now,
            changed_at: now,
            about,
            account: Some(to.0),
            path: to.1,
            recipient: None,
            provider_id: None,
            sealed_words: None,
            message: None,
            resent_as: None,
            repeats: None,
        }
    }

    /// The record after it became something.
    #[must_use]
    pub fn became(mut self, fate: Fate, reason: Option<&str>, now: Timestamp) -> Self {
        self.fate = fate;
        self.reason = reason.map(str::to_owned);
        self.changed_at = now;
        self
    }

    /// Whether it may be sent again.
    pub fn may_repeat(&self) -> bool {
        matches!(self.fate, Fate::Failed | Fate::Dead) && self.resent_as.is_none() && self.message.is_some()
    }
}

/// What a step does to a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordChange {
    /// A new record. Fails if there is one of its message.
    Open(MessageRecord),
    /// A try that was not the end. Fails if the message has met its end meanwhile.
    Attempt(MessageRecord),
    /// The end of a message, in the commit of its mark; whatever was there.
    End(MessageRecord),
    /// A failed or dead message was sent again. Fails if it is neither any more, or was sent again before.
    Repeat(MessageRecord),
}

impl RecordChange {
    /// The record as it is written.
    pub fn record(&self) -> &MessageRecord {
        match self {
            Self::Open(record) | Self::Attempt(record) | Self::End(record) | Self::Repeat(record) => record,
        }
    }

    /// Whether it can be written over what is there.
    pub fn stands(&self, there: Option<&MessageRecord>) -> bool {
        match self {
            Self::Open(_) => there.is_none(),
            Self::Attempt(_) => there.is_none_or(|there| !there.fate.is_final()),
            Self::End(_) => true,
            Self::Repeat(_) => there.is_some_and(MessageRecord::may_repeat),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use super::*;
    use crate::message::CodePurpose;

    fn outgoing(message: Message) -> Outgoing {
        Outgoing { id: MessageId::parse("m-1").unwrap(), message }
    }

    fn link() -> MessageRecord {
        let account = AccountId::parse("a-1").unwrap();
        let outgoing = outgoing(Message::PasswordLink { account });
        MessageRecord::queued(&outgoing, None, Timestamp::UNIX_EPOCH).unwrap()
    }

    #[test]
    fn a_code_is_never_kept_to_be_sent_again() {
        let code = Message::Code { purpose: CodePurpose::MemberSignIn, sealed_mobile: "sealed".to_owned() };
        let record = MessageRecord::queued(&outgoing(code), None, Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!((record.message.as_ref(), record.account.as_ref()), (None, None));
        let failed = record.became(Fate::Failed, Some("REFUSED_BY_PROVIDER"), Timestamp::UNIX_EPOCH);
        assert!(!failed.may_repeat());
    }

    #[test]
    fn work_that_nobody_sees_has_no_record() {
        let enrolment = crate::ids::EnrolmentId::parse("e-1").unwrap();
        let work = outgoing(Message::Certificate { enrolment, revision: 1 });
        assert_eq!(MessageRecord::queued(&work, None, Timestamp::UNIX_EPOCH), None);
    }

    #[test]
    fn only_what_failed_is_sent_again_and_only_once() {
        let repeats = |fate| link().became(fate, None, Timestamp::UNIX_EPOCH).may_repeat();
        assert_eq!(Fate::ALL.map(repeats), [false, false, false, true, false, true]);
        let again = MessageRecord { resent_as: MessageId::parse("m-2").ok(), ..link() };
        assert!(!again.became(Fate::Failed, None, Timestamp::UNIX_EPOCH).may_repeat());
    }

    #[test]
    fn an_end_is_not_overwritten_by_a_late_try() {
        let sent = link().became(Fate::Sent, None, Timestamp::UNIX_EPOCH);
        let dead = link().became(Fate::Dead, Some("send-text"), Timestamp::UNIX_EPOCH);
        assert!(!RecordChange::Attempt(link()).stands(Some(&sent)));
        assert!(RecordChange::Attempt(link()).stands(Some(&dead)), "a dead letter was put back");
        assert!(RecordChange::Attempt(link()).stands(None));
        assert!(!RecordChange::Open(link()).stands(Some(&dead)));
        assert!(RecordChange::Repeat(link()).stands(Some(&dead)) && !RecordChange::Repeat(link()).stands(Some(&sent)));
    }
}
