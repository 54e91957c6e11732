//! What a test looks at afterwards.

use domain::enrolment::Enrolment;
use domain::ids::{EnrolmentId, UploadId};
use domain::ledger::LedgerEntry;
use domain::message::{Message, Outgoing, Queue, Scheduled};
use domain::message_log::MessageRecord;
use domain::task::{Task, TaskState};
use domain::trail::TrailEntry;
use domain::upload::Upload;
use workflow::ports::{KnownPerson, PersonKey, Sequence};

use super::MemoryStore;

impl MemoryStore {
    /// The enrolment, whatever the scope.
    pub fn enrolment_of(&self, id: &EnrolmentId) -> Option<Enrolment> {
        self.tables().enrolments.get(id).cloned()
    }

    /// The upload, whatever the scope.
    pub fn upload_of(&self, id: &UploadId) -> Option<Upload> {
        self.tables().uploads.get(id).cloned()
    }

    /// A subject's trail, oldest first.
    pub fn trail_of(&self, subject: &str) -> Vec<TrailEntry> {
        self.tables().trail.values().filter(|entry| entry.topic.id == subject).cloned().collect()
    }

    /// A subject's trail as the names of its actions, oldest first.
    pub fn actions_of(&self, subject: &str) -> Vec<String> {
        self.trail_of(subject).into_iter().map(|entry| entry.action).collect()
    }

    /// All ledger entries, by subject, version and place.
    pub fn ledger_entries(&self) -> Vec<LedgerEntry> {
        self.tables().ledger.values().cloned().collect()
    }

    /// All messages not sent yet, by id.
    pub fn outbox(&self) -> Vec<Outgoing> {
        self.tables().outbox.values().map(|row| row.outgoing.clone()).collect()
    }

    /// The messages to one queue not sent yet, by id.
    pub fn outbox_to(&self, queue: Queue) -> Vec<Message> {
        self.outbox().into_iter().map(|outgoing| outgoing.message).filter(|m| m.queue() == queue).collect()
    }

    /// All messages for a later day, by id.
    pub fn scheduled(&self) -> Vec<Scheduled> {
        self.tables().scheduled.values().cloned().collect()
    }

    /// The records of all messages, by id.
    pub fn records(&self) -> Vec<MessageRecord> {
        self.tables().records.values().cloned().collect()
    }

    /// All tasks, done ones included, by id.
    pub fn tasks(&self) -> Vec<Task> {
        self.tables().tasks.values().cloned().collect()
    }

    /// The open task of an enrolment. There is at most one.
    pub fn open_task_of(&self, enrolment: &EnrolmentId) -> Option<Task> {
        let tables = self.tables();
        let mut open =
            tables.tasks.values().filter(|t| t.subject.enrolment() == Some(enrolment) && t.state != TaskState::Done);
        let task = open.next().cloned();
        assert!(open.next().is_none(), "{enrolment} has two open tasks");
        task
    }

    /// What is known of a person.
    pub fn person(&self, key: &PersonKey) -> Option<KnownPerson> {
        self.tables().people.get(&key.0).cloned().map(KnownPerson::from)
    }

    /// How many people are known.
    pub fn people_count(&self) -> usize {
        self.tables().people.len()
    }

    /// The last number given from a sequence, 0 before the first.
    pub fn last_of(&self, sequence: Sequence) -> u64 {
        self.tables().sequences.get(&sequence).copied().unwrap_or_default()
    }

    /// Every effect there is, to compare before and after: a delivery that changes nothing leaves it equal. Without
    /// sequences, whose gaps mean nothing.
    pub fn snapshot(&self) -> serde_json::Value {
        serde_json::to_value(&*self.tables()).expect("every row is serialisable")
    }
}
