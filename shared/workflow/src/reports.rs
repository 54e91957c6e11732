//! Mails to those who run the platform: overdue tasks, dead letters.

use domain::identity::Email;
use domain::message::{Message, Outgoing};
use domain::message_log::{Fate, MessageRecord, RecordChange};
use domain::organisation::NodePath;
use domain::texts::Said;

use crate::commit::{Commit, CommitError, Consumed};
use crate::desk::Desk;
use crate::message_log;
use crate::ports::{Cipher, Mail, Mails, Outage, SendFailure};
use crate::texts::Sent;

/// The consumer's name.
pub const CONSUMER: &str = "send-mail";

/// Who writes reports, and with what.
pub struct Reporter<'a> {
    /// The tables.
    pub desk: &'a Desk,
    /// Keys of what the log of messages keeps.
    pub cipher: &'a dyn Cipher,
    /// Mailbox of those who run the platform.
    pub operations: &'a str,
}

impl Reporter<'_> {
    /// Sends a mail once per message id; mark and record follow in one commit, as with texts.
    pub async fn send(&self, provider: &dyn Mails, outgoing: &Outgoing) -> Result<Sent, Outage> {
        if self.desk.store.consumed(CONSUMER, &outgoing.id).await? {
            return Ok(Sent::Duplicate);
        }
        let record = message_log::record_of(self.desk, outgoing).await?;
        let Some((said, path)) = self.said(outgoing).await? else { return Ok(Sent::Failed("MESSAGE_KIND")) };
        let written = said.written();
        let record = MessageRecord {
            path,
            recipient: Email::parse(self.operations).ok().map(|to| to.masked()),
            wording: Some(written.template.wording.version),
            sealed_words: Some(message_log::seal_words(self.cipher, &outgoing.id, &written)?),
            ..record
        };
        let (id, to) = (outgoing.id.to_string(), self.operations.to_owned());
        let mail = Mail { id, to, subject: written.subject, text: written.text, attachment: None };
        let answer = provider.send(&mail).await;
        let now = self.desk.clock.now();
        let (sent, record) = match answer {
            Ok(provider_id) => (Sent::Sent, MessageRecord { provider_id, ..record }.became(Fate::Sent, None, now)),
            Err(SendFailure::Permanent(code)) => {
                let record = MessageRecord { detail: Some(code), ..record };
                let refused = message_log::REFUSED;
                (Sent::Failed(refused), record.became(Fate::Failed, Some(refused), now))
            }
            Err(SendFailure::Temporary(outage)) => return Err(outage),
        };
        let commit = Commit {
            consumed: Some(Consumed { consumer: CONSUMER, message: outgoing.id.clone() }),
            records: vec![RecordChange::End(record)],
            ..Commit::default()
        };
        match self.desk.store.commit(commit).await {
            Ok(()) => Ok(sent),
            Err(CommitError::Consumed) => Ok(Sent::Duplicate),
            Err(CommitError::Outage(outage)) => Err(outage),
            Err(other) => Err(Outage::new("mark-mail", other)),
        }
    }

    /// What a mail says, and where what it speaks of stands.
    async fn said(&self, outgoing: &Outgoing) -> Result<Option<(Said, NodePath)>, Outage> {
        Ok(match &outgoing.message {
            Message::DeadLetters { queue, letters } => {
                Some((Said::DeadLetters { queue: queue.clone(), letters: *letters }, NodePath::root()))
            }
            Message::OverdueTasks { office, day, levels, numbers } => {
                let node = self.desk.store.node(office).await?;
                let (name, path) = match node {
                    Some(node) => (node.name, node.path),
                    None => (office.to_string(), NodePath::root()),
                };
                let total = levels.iter().map(|(_, count)| *count).fold(0, u32::saturating_add);
                let lines: Vec<String> =
                    levels.iter().map(|(level, n)| format!("{}：{n}个", level.chinese())).collect();
                let more = if usize::try_from(total).is_ok_and(|total| total > numbers.len()) { "等" } else { "" };
                let numbers = format!("{}{more}", numbers.join("、"));
                Some((Said::OverdueTasks { office: name, day: *day, total, levels: lines.join("\n"), numbers }, path))
            }
            _ => None,
        })
    }
}
