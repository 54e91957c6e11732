//! Queues and providers that remember what they were given.

use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use domain::message::{Message, Outgoing, Queue};
use workflow::ports::{Mail, Mails, Outage, ProviderId, Queues, SendFailure, ShortMessage, Texts};

/// What something was given so far. Clones share it.
#[derive(Debug)]
struct Record<T>(Arc<Mutex<Vec<T>>>);

impl<T> Clone for Record<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> Default for Record<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Record<T> {
    fn all(&self) -> MutexGuard<'_, Vec<T>> {
        self.0.lock().expect("no holder of the lock panics")
    }
}

/// Queues that keep every message.
#[derive(Debug, Clone, Default)]
pub struct MemoryQueues(Record<Outgoing>, Record<(String, u32)>);

impl MemoryQueues {
    /// Everything sent, in order; a message sent twice is there twice.
    pub fn sent(&self) -> Vec<Outgoing> {
        self.0.all().clone()
    }

    /// What was sent to one queue, in order.
    pub fn sent_to(&self, queue: Queue) -> Vec<Message> {
        self.sent().into_iter().map(|outgoing| outgoing.message).filter(|m| m.queue() == queue).collect()
    }

    /// A queue has so many dead letters from now on.
    pub fn bury(&self, queue: &str, letters: u32) {
        let mut dead = self.1.all();
        dead.retain(|(name, _)| name != queue);
        dead.extend((letters > 0).then(|| (queue.to_owned(), letters)));
    }

    /// Takes everything out, as workers would.
    pub fn drain(&self) -> Vec<Outgoing> {
        std::mem::take(&mut self.0.all())
    }
}

#[async_trait]
impl Queues for MemoryQueues {
    async fn send(&self, messages: &[Outgoing]) -> Vec<Result<(), Outage>> {
        self.0.all().extend_from_slice(messages);
        messages.iter().map(|_| Ok(())).collect()
    }

    async fn dead_letters(&self) -> Result<Vec<(String, u32)>, Outage> {
        Ok(self.1.all().clone())
    }
}

/// A provider of texts that keeps them and refuses chosen numbers for good.
#[derive(Debug, Clone, Default)]
pub struct MemoryTexts {
    sent: Record<(String, String)>,
    refused: Record<String>,
}

impl MemoryTexts {
    /// Number and text of everything sent, in order.
    pub fn sent(&self) -> Vec<(String, String)> {
        self.sent.all().clone()
    }

    /// Refuses a number for good from now on.
    pub fn refuse(&self, mobile: &str) {
        self.refused.all().push(mobile.to_owned());
    }
}

#[async_trait]
impl Texts for MemoryTexts {
    async fn send(&self, message: &ShortMessage) -> Result<ProviderId, SendFailure> {
        if self.refused.all().contains(&message.mobile) {
            return Err(SendFailure::Permanent("InvalidParameter".to_owned()));
        }
        self.sent.all().push((message.mobile.clone(), message.said.text.clone()));
        Ok(Some(format!("taken-{}", message.id)))
    }
}

/// A provider of mail that keeps it and refuses chosen addresses for good.
#[derive(Clone, Default)]
pub struct MemoryMails {
    sent: Record<Mail>,
    refused: Record<String>,
}

impl MemoryMails {
    /// Everything sent, in order.
    pub fn sent(&self) -> Vec<Mail> {
        self.sent.all().clone()
    }

    /// Refuses an address for good from now on.
    pub fn refuse(&self, address: &str) {
        self.refused.all().push(address.to_owned());
    }
}

#[async_trait]
impl Mails for MemoryMails {
    async fn send(&self, mail: &Mail) -> Result<ProviderId, SendFailure> {
        if self.refused.all().contains(&mail.to) {
            return Err(SendFailure::Permanent("MessageRejected".to_owned()));
        }
        self.sent.all().push(mail.clone());
        Ok(Some(format!("taken-{}", mail.id)))
    }
}
