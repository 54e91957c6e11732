//! The tables, failing.

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::account::Account;
use domain::enrolment::Enrolment;
use domain::ids::{AccountId, EnrolmentId, MessageId, NodeId, RegistrationId, RestrictionId, TaskId, UnitId, UploadId};
use domain::ledger::{LedgerEntry, LedgerTotals};
use domain::message::Outgoing;
use domain::message_log::MessageRecord;
use domain::organisation::{Node, NodePath, Unit};
use domain::payment::PaymentRecord;
use domain::phrases::Phrases;
use domain::plan::PlanBook;
use domain::receipt::ReliefBook;
use domain::registration::Registration;
use domain::restriction::Restriction;
use domain::self_check::RuleBook;
use domain::sign_in::SignInRecord;
use domain::task::Task;
use domain::trail::TrailEntry;
use domain::upload::Upload;
use jiff::{Timestamp, civil::Date};
use workflow::commit::{Commit, CommitError, IdempotencyRecord};
use workflow::ports::{
    AccountFilter, AcquireError, ActionQuery, Books, CodeHolder, Commits, Credentials, Directory, DueForRenewal,
    EnrolmentSummary, Enrolments, IssuedSession, KnownPerson, LedgerQuery, Limit, MessageFilter, MessageList,
    MessageLog, Outage, Outbox, Page, PageRequest, PaymentQuery, People, PersonKey, PersonWrite, PhraseBook, Pool,
    PoolCounts, PoolTab, References, RegistrationList, Registry, Restrictions, RotateError, RowsSoFar, Sequence,
    Sequences, Sessions, SignIns, Tallies, Tasks, Ticket, Tickets, Totp, Trails, UnitQuery, Units, Uploads,
};
use workflow::scope::Scope;

use super::{Call, Faulty};

#[async_trait]
impl<T: Enrolments> Enrolments for Faulty<T> {
    async fn enrolment(&self, id: &EnrolmentId, scope: &Scope) -> Result<Option<Enrolment>, Outage> {
        self.meet(Call::Enrolment, self.inner.enrolment(id, scope)).await
    }

    async fn enrolments_of(
        &self,
        unit: &UnitId,
        scope: &Scope,
        before: Option<Timestamp>,
        page: &PageRequest,
    ) -> Result<Page<EnrolmentSummary>, Outage> {
        self.meet(Call::EnrolmentsOf, self.inner.enrolments_of(unit, scope, before, page)).await
    }

    async fn due_for_renewal(
        &self,
        node: &NodePath,
        ends: (Date, Date),
        page: &PageRequest,
    ) -> Result<Page<DueForRenewal>, Outage> {
        self.meet(Call::DueForRenewal, self.inner.due_for_renewal(node, ends, page)).await
    }
}

#[async_trait]
impl<T: Commits> Commits for Faulty<T> {
    async fn commit(&self, commit: Commit) -> Result<(), CommitError> {
        self.meet(Call::Commit, self.inner.commit(commit)).await
    }

    async fn answered(&self, key: &str) -> Result<Option<IdempotencyRecord>, Outage> {
        self.meet(Call::Answered, self.inner.answered(key)).await
    }

    async fn consumed(&self, consumer: &str, message: &MessageId) -> Result<bool, Outage> {
        self.meet(Call::Consumed, self.inner.consumed(consumer, message)).await
    }

    async fn consume(&self, consumer: &str, message: &MessageId) -> Result<bool, Outage> {
        self.meet(Call::Consume, self.inner.consume(consumer, message)).await
    }
}

#[async_trait]
impl<T: Tasks> Tasks for Faulty<T> {
    async fn task(&self, id: &TaskId, scope: &Scope) -> Result<Option<Task>, Outage> {
        self.meet(Call::Task, self.inner.task(id, scope)).await
    }

    async fn acquire(&self, task: &Task, account: &Account, now: Timestamp) -> Result<Task, AcquireError> {
        self.meet(Call::Acquire, self.inner.acquire(task, account, now)).await
    }

    async fn release(&self, id: &TaskId, account: &AccountId) -> Result<bool, Outage> {
        self.meet(Call::Release, self.inner.release(id, account)).await
    }

    async fn pool(&self, pool: &Pool, tab: PoolTab, page: &PageRequest) -> Result<Page<Task>, Outage> {
        self.meet(Call::Pool, self.inner.pool(pool, tab, page)).await
    }

    async fn tasks_due(&self, day: Date, page: &PageRequest) -> Result<Page<Task>, Outage> {
        self.meet(Call::TasksDue, self.inner.tasks_due(day, page)).await
    }

    async fn pool_counts(&self, pool: &Pool, now: Timestamp, cap: u32) -> Result<PoolCounts, Outage> {
        self.meet(Call::PoolCounts, self.inner.pool_counts(pool, now, cap)).await
    }
}

#[async_trait]
impl<T: Trails> Trails for Faulty<T> {
    async fn trail(&self, subject: &str, page: &PageRequest) -> Result<Page<TrailEntry>, Outage> {
        self.meet(Call::Trail, self.inner.trail(subject, page)).await
    }
}

#[async_trait]
impl<T: Uploads> Uploads for Faulty<T> {
    async fn issue(&self, upload: &Upload) -> Result<(), Outage> {
        self.meet(Call::IssueUpload, self.inner.issue(upload)).await
    }

    async fn upload(&self, id: &UploadId, scope: &Scope) -> Result<Option<Upload>, Outage> {
        self.meet(Call::Upload, self.inner.upload(id, scope)).await
    }

    async fn receive(&self, id: &UploadId, sequencer: &str) -> Result<Option<Upload>, Outage> {
        self.meet(Call::ReceiveUpload, self.inner.receive(id, sequencer)).await
    }

    async fn settle(&self, upload: &Upload) -> Result<bool, Outage> {
        self.meet(Call::SettleUpload, self.inner.settle(upload)).await
    }

    async fn report(&self, id: &UploadId, rows: RowsSoFar) -> Result<(), Outage> {
        self.meet(Call::ReportRows, self.inner.report(id, rows)).await
    }

    async fn rows_so_far(&self, id: &UploadId) -> Result<Option<RowsSoFar>, Outage> {
        self.meet(Call::RowsSoFar, self.inner.rows_so_far(id)).await
    }
}

#[async_trait]
impl<T: Registry> Registry for Faulty<T> {
    async fn node(&self, id: &NodeId) -> Result<Option<Node>, Outage> {
        self.meet(Call::Node, self.inner.node(id)).await
    }

    async fn unit(&self, id: &UnitId, scope: &Scope) -> Result<Option<Unit>, Outage> {
        self.meet(Call::Unit, self.inner.unit(id, scope)).await
    }

    async fn account(&self, id: &AccountId) -> Result<Option<Account>, Outage> {
        self.meet(Call::Account, self.inner.account(id)).await
    }

    async fn user_name_taken(&self, user_name: &str) -> Result<bool, Outage> {
        self.meet(Call::UserNameTaken, self.inner.user_name_taken(user_name)).await
    }

    async fn mobile_holder(&self, index: &str) -> Result<Option<AccountId>, Outage> {
        self.meet(Call::MobileHolder, self.inner.mobile_holder(index)).await
    }

    async fn credentials(&self, user_name: &str) -> Result<Option<Credentials>, Outage> {
        self.meet(Call::Credentials, self.inner.credentials(user_name)).await
    }

    async fn credentials_of(&self, account: &AccountId) -> Result<Option<Credentials>, Outage> {
        self.meet(Call::CredentialsOf, self.inner.credentials_of(account)).await
    }

    async fn set_totp(&self, account: &AccountId, totp: &Totp) -> Result<bool, Outage> {
        self.meet(Call::SetTotp, self.inner.set_totp(account, totp)).await
    }

    async fn use_totp_step(&self, account: &AccountId, step: u64) -> Result<bool, Outage> {
        self.meet(Call::UseTotpStep, self.inner.use_totp_step(account, step)).await
    }
}

#[async_trait]
impl<T: References> References for Faulty<T> {
    async fn plan_books(&self) -> Result<Vec<PlanBook>, Outage> {
        self.meet(Call::PlanBooks, self.inner.plan_books()).await
    }

    async fn plan_book(&self, code: &str) -> Result<Option<PlanBook>, Outage> {
        self.meet(Call::PlanBook, self.inner.plan_book(code)).await
    }

    async fn rule_book(&self) -> Result<RuleBook, Outage> {
        self.meet(Call::RuleBook, self.inner.rule_book()).await
    }

    async fn relief_book(&self, office: &NodeId) -> Result<ReliefBook, Outage> {
        self.meet(Call::ReliefBook, self.inner.relief_book(office)).await
    }
}

#[async_trait]
impl<T: Sessions> Sessions for Faulty<T> {
    async fn begin(&self, session: &IssuedSession) -> Result<(), Outage> {
        self.meet(Call::BeginSession, self.inner.begin(session)).await
    }

    async fn rotate(
        &self,
        family: &str,
        token_hash: &str,
        next_hash: &str,
        now: Timestamp,
    ) -> Result<IssuedSession, RotateError> {
        self.meet(Call::RotateSession, self.inner.rotate(family, token_hash, next_hash, now)).await
    }

    async fn revoke(&self, family: &str) -> Result<(), Outage> {
        self.meet(Call::RevokeSession, self.inner.revoke(family)).await
    }
}

#[async_trait]
impl<T: Sequences> Sequences for Faulty<T> {
    async fn next(&self, sequence: Sequence) -> Result<u64, Outage> {
        self.meet(Call::NextNumber, self.inner.next(sequence)).await
    }

    async fn last(&self, sequence: Sequence) -> Result<u64, Outage> {
        self.meet(Call::LastNumber, self.inner.last(sequence)).await
    }
}

#[async_trait]
impl<T: Outbox> Outbox for Faulty<T> {
    async fn unsent(&self, before: Timestamp, limit: u32) -> Result<Vec<Outgoing>, Outage> {
        self.meet(Call::Unsent, self.inner.unsent(before, limit)).await
    }

    async fn sent(&self, id: &MessageId) -> Result<(), Outage> {
        self.meet(Call::Sent, self.inner.sent(id)).await
    }

    async fn release_scheduled(&self, day: Date, now: Timestamp, limit: u32) -> Result<u32, Outage> {
        self.meet(Call::ReleaseScheduled, self.inner.release_scheduled(day, now, limit)).await
    }
}

#[async_trait]
impl<T: People> People for Faulty<T> {
    async fn known(&self, keys: &[PersonKey]) -> Result<Vec<Option<KnownPerson>>, Outage> {
        self.meet(Call::Known, self.inner.known(keys)).await
    }

    async fn write_cover(&self, writes: &[PersonWrite]) -> Result<(), Outage> {
        self.meet(Call::WriteCover, self.inner.write_cover(writes)).await
    }

    async fn move_cover(&self, people: &[PersonKey], of: (&EnrolmentId, &str), unit: &UnitId) -> Result<(), Outage> {
        self.meet(Call::MoveCover, self.inner.move_cover(people, of, unit)).await
    }
}

#[async_trait]
impl<T: Tallies> Tallies for Faulty<T> {
    async fn count(&self, name: &str, limit: Limit, now: Timestamp) -> Result<Result<u32, Timestamp>, Outage> {
        self.meet(Call::Count, self.inner.count(name, limit, now)).await
    }

    async fn forget(&self, name: &str) -> Result<(), Outage> {
        self.meet(Call::Forget, self.inner.forget(name)).await
    }
}

#[async_trait]
impl<T: Tickets> Tickets for Faulty<T> {
    async fn keep_ticket(&self, ticket: &Ticket) -> Result<(), Outage> {
        self.meet(Call::KeepTicket, self.inner.keep_ticket(ticket)).await
    }

    async fn ticket(&self, name: &str, now: Timestamp) -> Result<Option<Ticket>, Outage> {
        self.meet(Call::Ticket, self.inner.ticket(name, now)).await
    }

    async fn take_ticket(&self, name: &str, now: Timestamp) -> Result<Option<Ticket>, Outage> {
        self.meet(Call::TakeTicket, self.inner.take_ticket(name, now)).await
    }
}

#[async_trait]
impl<T: SignIns> SignIns for Faulty<T> {
    async fn record_sign_in(&self, record: &SignInRecord) -> Result<(), Outage> {
        self.meet(Call::RecordSignIn, self.inner.record_sign_in(record)).await
    }

    async fn sign_ins(&self, account: &AccountId, page: &PageRequest) -> Result<Page<SignInRecord>, Outage> {
        self.meet(Call::SignIns, self.inner.sign_ins(account, page)).await
    }
}

#[async_trait]
impl<T: PhraseBook> PhraseBook for Faulty<T> {
    async fn phrases(&self, account: &AccountId) -> Result<Phrases, Outage> {
        self.meet(Call::Phrases, self.inner.phrases(account)).await
    }

    async fn put_phrases(&self, account: &AccountId, phrases: &Phrases) -> Result<bool, Outage> {
        self.meet(Call::PutPhrases, self.inner.put_phrases(account, phrases)).await
    }
}

#[async_trait]
impl<T: Units> Units for Faulty<T> {
    async fn registration(&self, id: &RegistrationId, scope: &Scope) -> Result<Option<Registration>, Outage> {
        self.meet(Call::Registration, self.inner.registration(id, scope)).await
    }

    async fn registrations(&self, list: &RegistrationList, page: &PageRequest) -> Result<Page<Registration>, Outage> {
        self.meet(Call::Registrations, self.inner.registrations(list, page)).await
    }

    async fn code_holder(&self, code: &str) -> Result<Option<CodeHolder>, Outage> {
        self.meet(Call::CodeHolder, self.inner.code_holder(code)).await
    }

    async fn find_units(&self, query: &UnitQuery, page: &PageRequest) -> Result<Page<Unit>, Outage> {
        self.meet(Call::FindUnits, self.inner.find_units(query, page)).await
    }

    async fn classified(&self, units: &BTreeSet<UnitId>) -> Result<BTreeSet<UnitId>, Outage> {
        self.meet(Call::Classified, self.inner.classified(units)).await
    }

    async fn subtree(&self, node: &NodePath) -> Result<Vec<Node>, Outage> {
        self.meet(Call::Subtree, self.inner.subtree(node)).await
    }
}

#[async_trait]
impl<T: MessageLog> MessageLog for Faulty<T> {
    async fn message(&self, id: &MessageId) -> Result<Option<MessageRecord>, Outage> {
        self.meet(Call::Message, self.inner.message(id)).await
    }

    async fn messages(
        &self,
        list: &MessageList,
        filter: &MessageFilter,
        page: &PageRequest,
    ) -> Result<Page<MessageRecord>, Outage> {
        self.meet(Call::Messages, self.inner.messages(list, filter, page)).await
    }
}

#[async_trait]
impl<T: Books> Books for Faulty<T> {
    async fn payments(&self, query: &PaymentQuery, page: &PageRequest) -> Result<Page<PaymentRecord>, Outage> {
        self.meet(Call::Payments, self.inner.payments(query, page)).await
    }

    async fn ledger(&self, query: &LedgerQuery, page: &PageRequest) -> Result<Page<LedgerEntry>, Outage> {
        self.meet(Call::Ledger, self.inner.ledger(query, page)).await
    }

    async fn ledger_totals(&self, query: &LedgerQuery) -> Result<LedgerTotals, Outage> {
        self.meet(Call::LedgerTotals, self.inner.ledger_totals(query)).await
    }

    async fn move_books(&self, enrolment: &EnrolmentId, unit: &UnitId, path: &NodePath) -> Result<(), Outage> {
        self.meet(Call::MoveBooks, self.inner.move_books(enrolment, unit, path)).await
    }
}

#[async_trait]
impl<T: Restrictions> Restrictions for Faulty<T> {
    async fn restrictions(
        &self,
        office: &NodeId,
        node: &NodePath,
        page: &PageRequest,
    ) -> Result<Page<Restriction>, Outage> {
        self.meet(Call::Restrictions, self.inner.restrictions(office, node, page)).await
    }

    async fn restriction(&self, id: &RestrictionId) -> Result<Option<Restriction>, Outage> {
        self.meet(Call::Restriction, self.inner.restriction(id)).await
    }
}

#[async_trait]
impl<T: Directory> Directory for Faulty<T> {
    async fn nodes_under(&self, node: &NodePath) -> Result<Vec<Node>, Outage> {
        self.meet(Call::NodesUnder, self.inner.nodes_under(node)).await
    }

    async fn accounts_under(&self, filter: &AccountFilter, page: &PageRequest) -> Result<Page<Account>, Outage> {
        self.meet(Call::AccountsUnder, self.inner.accounts_under(filter, page)).await
    }

    async fn actions_of(&self, account: &AccountId, page: &PageRequest) -> Result<Page<TrailEntry>, Outage> {
        self.meet(Call::ActionsOf, self.inner.actions_of(account, page)).await
    }

    async fn done_in(&self, query: &ActionQuery, page: &PageRequest) -> Result<Page<TrailEntry>, Outage> {
        self.meet(Call::DoneIn, self.inner.done_in(query, page)).await
    }
}
