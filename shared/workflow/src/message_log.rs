//! The log of messages: what becomes of each, and sending a failed one again.

use domain::account::{Actor, Permission};
use domain::ids::{AccountId, MessageId};
use domain::message::{Message, Outgoing};
use domain::message_log::{Fate, MessageRecord, RecordChange};
use domain::organisation::NodePath;
use domain::refusal::Refusal;
use domain::texts::{Said, Written};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::commit::{Commit, CommitError, IdempotencyRecord};
use crate::desk::{Desk, StepError};
use crate::password_links;
use crate::ports::{Cipher, Outage};
use crate::scope::Scope;
use crate::texts;

/// A provider refused a message for good.
pub const REFUSED: &str = "REFUSED_BY_PROVIDER";

/// What a message said, as the log keeps it, sealed.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Subject of a mail or title of a notice; empty for texts.
    pub subject: String,
    /// The words.
    pub text: String,
}

fn words_place(message: &MessageId) -> String {
    format!("message/{message}/words")
}

/// Seals what a message says, for its record.
pub fn seal_words(cipher: &dyn Cipher, message: &MessageId, said: &Written) -> Result<String, Outage> {
    let words = Words { subject: said.subject.clone(), text: said.text.clone() };
    let words = serde_json::to_vec(&words).map_err(|_| Outage::new("seal-words", "not writable"))?;
    Ok(texts::sealed(cipher, &words_place(message), &words))
}

/// A notice in the portal for an account, which sits at a node, for the commit of what it tells ([`Commit::records`]).
/// `id` follows from that, so that a commit tried again is the same; `about` is the subject.
pub fn notice(
    cipher: &dyn Cipher,
    id: MessageId,
    to: (AccountId, NodePath),
    about: Option<String>,
    said: &Said,
    now: Timestamp,
) -> Result<RecordChange, Outage> {
    let sealed_words = Some(seal_words(cipher, &id, &said.written())?);
    let record = MessageRecord::notice(id, said.id(), to, about, now);
    Ok(RecordChange::Open(MessageRecord { sealed_words, ..record }))
}

/// What a message said; none if that is not kept.
pub fn words(cipher: &dyn Cipher, record: &MessageRecord) -> Option<Words> {
    let words = texts::opened(cipher, &words_place(&record.id), record.sealed_words.as_deref()?)?;
    serde_json::from_slice(&words).ok()
}

/// The record of a message that is being sent. One that is older than the log gets its own now.
pub async fn record_of(desk: &Desk, outgoing: &Outgoing) -> Result<MessageRecord, Outage> {
    let found = desk.store.message(&outgoing.id).await?;
    let record = found.or_else(|| MessageRecord::queued(outgoing, None, desk.clock.now()));
    let mut record = record.ok_or_else(|| Outage::new("read-record", "not a message to a person"))?;
    record.attempts = record.attempts.saturating_add(1);
    Ok(record)
}

/// Notes that a message could not be sent now: it comes again, or – after the `last` try – rests in the dead letters. What
/// cannot be noted is only logged: the outage itself decides what happens next.
pub async fn put_off(desk: &Desk, outgoing: &Outgoing, outage: &Outage, last: bool) {
    let Ok(record) = record_of(desk, outgoing).await else { return };
    let fate = if last { Fate::Dead } else { Fate::Retrying };
    let record = record.became(fate, Some(outage.operation), desk.clock.now());
    let commit = Commit { records: vec![RecordChange::Attempt(record)], ..Commit::default() };
    let _ = desk.store.commit(commit).await;
}

/// Sends a failed or dead message again, as a new message. One commit: the new message with its record, the old record,
/// and the answer that `answer` makes of the new record.
pub async fn resend(
    desk: &Desk,
    cipher: &dyn Cipher,
    actor: &Actor,
    id: &MessageId,
    answer: &(dyn Fn(&MessageRecord) -> IdempotencyRecord + Send + Sync),
) -> Result<MessageRecord, StepError> {
    let old = desk.store.message(id).await?.filter(|record| Scope::of(actor).covers(&record.path));
    let old = old.ok_or(StepError::NotFound)?;
    if !actor.may(Permission::ResendMessages) {
        return Err(Refusal::not_permitted().into());
    }
    if let Some(again) = &old.resent_as {
        return Err(Refusal::conflict("MESSAGE_RESENT", format!("该消息已重新发送（{again}）")).into());
    }
    if !matches!(old.fate, Fate::Failed | Fate::Dead) {
        return Err(Refusal::conflict("MESSAGE_NOT_FAILED", "只有发送失败或已放弃的消息可以重新发送").into());
    }
    let Some(message) = old.message.clone() else {
        let text = "验证码和站内通知不能重新发送，请重新获取";
        return Err(Refusal::conflict("MESSAGE_NOT_REPEATABLE", text).into());
    };
    let now = desk.clock.now();
    let outgoing = Outgoing { id: MessageId::from_ulid(desk.ids.ulid()), message };
    let new = MessageRecord::queued(&outgoing, Some(&old.path), now);
    let new = new.ok_or_else(|| Outage::new("resend-message", "not a message to a person"))?;
    let new = MessageRecord { repeats: Some((old.id.clone(), actor.account.clone())), ..new };
    let old = MessageRecord { resent_as: Some(outgoing.id.clone()), ..old };
    let commit = Commit {
        records: vec![RecordChange::Repeat(old), RecordChange::Open(new.clone())],
        idempotency: Some(answer(&new)),
        ..Commit::default()
    };
    let commit = match &outgoing.message {
        // A link follows from its message: a new message needs a new ticket.
        Message::PasswordLink { account } => password_links::invite(commit, cipher, account, outgoing.id.clone(), now),
        _ => Commit { messages: vec![outgoing], ..commit },
    };
    match desk.store.commit(commit).await {
        Ok(()) => Ok(new),
        Err(CommitError::Answered(record)) => Err(StepError::Answered(record)),
        Err(CommitError::Version) => {
            Err(Refusal::conflict("MESSAGE_MOVED", "该消息刚刚被他人重新发送或已发出，请刷新后查看").into())
        }
        Err(CommitError::Outage(outage)) => Err(outage.into()),
        Err(other) => Err(Outage::new("resend-message", other).into()),
    }
}
