//! Queues and providers that remember what they were given.

use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use domain::message::{Message, Outgoing, Queue};
use workflow::ports::{Mail, Mails, Outage, Queues, SendFailure, Texts};

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
pub struct MemoryQueues(Record<Outgoing>);

impl MemoryQueues {
    /// Everything sent, in order; a message sent twice is there twice.
    pub fn sent(&self) -> Vec<Outgoing> {
        self.0.all().clone()
    }

    /// What was sent to one queue, in order.
    pub fn sent_to(&self, queue: Queue) -> Vec<Message> {
        self.sent().into_iter().map(|outgoing| outgoing.message).filter(|m| m.queue() == queue).collect()
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
    async fn send(&self, mobile: &str, text: &str) -> Result<(), SendFailure> {
        if self.refused.all().iter().any(|refused| refused == mobile) {
            return Err(SendFailure::Permanent("InvalidParameter".to_owned()));
        }
        self.sent.all().push((mobile.to_owned(), text.to_owned()));
        Ok(())
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
    async fn send(&self, mail: &Mail) -> Result<(), SendFailure> {
        if self.refused.all().contains(&mail.to) {
            return Err(SendFailure::Permanent("MessageRejected".to_owned()));
        }
        self.sent.all().push(mail.clone());
        Ok(())
    }
}
