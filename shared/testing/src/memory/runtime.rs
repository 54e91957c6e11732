//! Sessions, running numbers and the outbox.

use async_trait::async_trait;
use domain::ids::MessageId;
use domain::message::Outgoing;
use domain::message_log::MessageRecord;
use jiff::{Timestamp, civil::Date};
use workflow::ports::{IssuedSession, Outage, Outbox, RotateError, Sequence, Sequences, Sessions};

use super::MemoryStore;
use super::tables::OutboxRow;

#[async_trait]
impl Sessions for MemoryStore {
    async fn begin(&self, session: &IssuedSession) -> Result<(), Outage> {
        self.tables().sessions.insert(session.family.clone(), session.clone());
        Ok(())
    }

    async fn rotate(
        &self,
        family: &str,
        token_hash: &str,
        next_hash: &str,
        now: Timestamp,
    ) -> Result<IssuedSession, RotateError> {
        let mut tables = self.tables();
        let session = tables.sessions.get_mut(family).filter(|session| now < session.expires_at);
        let session = session.ok_or(RotateError::Unknown)?;
        if session.token_hash != token_hash {
            tables.sessions.remove(family);
            return Err(RotateError::Reused);
        }
        session.token_hash = next_hash.to_owned();
        Ok(session.clone())
    }

    async fn revoke(&self, family: &str) -> Result<(), Outage> {
        self.tables().sessions.remove(family);
        Ok(())
    }
}

#[async_trait]
impl Sequences for MemoryStore {
    async fn next(&self, sequence: Sequence) -> Result<u64, Outage> {
        let mut tables = self.tables();
        let last = tables.sequences.entry(sequence).or_default();
        *last += 1;
        Ok(*last)
    }

    async fn last(&self, sequence: Sequence) -> Result<u64, Outage> {
        Ok(self.tables().sequences.get(&sequence).copied().unwrap_or_default())
    }
}

#[async_trait]
impl Outbox for MemoryStore {
    async fn unsent(&self, before: Timestamp, limit: u32) -> Result<Vec<Outgoing>, Outage> {
        let tables = self.tables();
        let mut rows: Vec<&OutboxRow> = tables.outbox.values().filter(|row| row.written_at < before).collect();
        rows.sort_by_key(|row| row.written_at);
        Ok(rows.into_iter().take(limit as usize).map(|row| row.outgoing.clone()).collect())
    }

    async fn sent(&self, id: &MessageId) -> Result<(), Outage> {
        self.tables().outbox.remove(id);
        Ok(())
    }

    async fn release_scheduled(&self, day: Date, now: Timestamp, limit: u32) -> Result<u32, Outage> {
        let mut tables = self.tables();
        let due = tables.scheduled.values().filter(|s| s.on == day).take(limit as usize);
        let due: Vec<Outgoing> = due.map(|s| s.outgoing.clone()).collect();
        for outgoing in &due {
            tables.scheduled.remove(&outgoing.id);
            let row = OutboxRow { written_at: now, outgoing: outgoing.clone() };
            tables.outbox.entry(outgoing.id.clone()).or_insert(row);
            if let Some(record) = MessageRecord::queued(outgoing, None, now) {
                tables.records.insert(record.id.clone(), record);
            }
        }
        Ok(u32::try_from(due.len()).unwrap_or(limit))
    }
}
