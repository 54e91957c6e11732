//! Enrolments, trails, uploads and the registry.

use async_trait::async_trait;
use domain::account::Account;
use domain::enrolment::Enrolment;
use domain::ids::{AccountId, EnrolmentId, NodeId, UnitId, UploadId};
use domain::organisation::{Node, NodePath, Unit};
use domain::trail::TrailEntry;
use domain::upload::{Upload, UploadState};
use jiff::Timestamp;
use jiff::civil::Date;
use workflow::ports::{
    Credentials, DueForRenewal, EnrolmentSummary, Enrolments, Outage, Page, PageRequest, Registry, RowsSoFar, Totp,
    Trails, Uploads,
};
use workflow::scope::Scope;

use super::MemoryStore;
use super::page::{Order, page};

#[async_trait]
impl Enrolments for MemoryStore {
    async fn enrolment(&self, id: &EnrolmentId, scope: &Scope) -> Result<Option<Enrolment>, Outage> {
        Ok(self.tables().enrolments.get(id).filter(|e| scope.covers(&e.unit.path)).cloned())
    }

    async fn enrolments_of(
        &self,
        unit: &UnitId,
        scope: &Scope,
        before: Option<Timestamp>,
        request: &PageRequest,
    ) -> Result<Page<EnrolmentSummary>, Outage> {
        let tables = self.tables();
        let of_unit = tables.enrolments.values().filter(|e| e.unit.id == *unit && scope.covers(&e.unit.path));
        let earlier = of_unit.filter(|e| before.is_none_or(|before| e.created_at < before));
        Ok(page(earlier.map(|e| (created(e), EnrolmentSummary::of(e))), Order::Descending, request))
    }

    async fn due_for_renewal(
        &self,
        node: &NodePath,
        (first, last): (Date, Date),
        request: &PageRequest,
    ) -> Result<Page<DueForRenewal>, Outage> {
        let tables = self.tables();
        let due = tables.enrolments.values().filter(|e| node.covers(&e.unit.path) && e.awaits_renewal());
        let due = due.filter_map(|e| {
            let cover_ends = e.cover_ends().filter(|end| (first..=last).contains(end))?;
            let due = DueForRenewal { summary: EnrolmentSummary::of(e), unit: e.unit.id.clone(), cover_ends };
            Some((format!("{cover_ends}#{}", e.id), due))
        });
        Ok(page(due, Order::Ascending, request))
    }
}

fn created(e: &Enrolment) -> String {
    format!("{:020}#{}", e.created_at.as_microsecond(), e.id)
}

#[async_trait]
impl Trails for MemoryStore {
    async fn trail(&self, subject: &str, request: &PageRequest) -> Result<Page<TrailEntry>, Outage> {
        let tables = self.tables();
        let entries = tables.trail.iter().filter(|(_, entry)| entry.topic.id == subject);
        Ok(page(entries.map(|(key, entry)| (key.clone(), entry.clone())), Order::Ascending, request))
    }
}

#[async_trait]
impl Uploads for MemoryStore {
    async fn issue(&self, upload: &Upload) -> Result<(), Outage> {
        let mut tables = self.tables();
        let stored = tables.uploads.entry(upload.id.clone()).or_insert_with(|| upload.clone());
        if stored == upload { Ok(()) } else { Err(Outage::new("issue-upload", "the upload exists")) }
    }

    async fn upload(&self, id: &UploadId, scope: &Scope) -> Result<Option<Upload>, Outage> {
        Ok(self.tables().uploads.get(id).filter(|upload| scope.covers(&upload.path)).cloned())
    }

    async fn receive(&self, id: &UploadId, sequencer: &str) -> Result<Option<Upload>, Outage> {
        let mut tables = self.tables();
        Ok(tables.uploads.get_mut(id).map(|upload| {
            if upload.state == UploadState::Issued {
                upload.state = UploadState::Received;
                upload.sequencer = Some(sequencer.to_owned());
            }
            upload.clone()
        }))
    }

    async fn settle(&self, upload: &Upload) -> Result<bool, Outage> {
        let mut tables = self.tables();
        let stored = tables.uploads.get_mut(&upload.id).filter(|stored| stored.state == UploadState::Received);
        Ok(stored.map(|stored| *stored = upload.clone()).is_some())
    }

    async fn report(&self, id: &UploadId, rows: RowsSoFar) -> Result<(), Outage> {
        self.tables().progress.insert(id.clone(), rows);
        Ok(())
    }

    async fn rows_so_far(&self, id: &UploadId) -> Result<Option<RowsSoFar>, Outage> {
        Ok(self.tables().progress.get(id).copied())
    }
}

#[async_trait]
impl Registry for MemoryStore {
    async fn node(&self, id: &NodeId) -> Result<Option<Node>, Outage> {
        Ok(self.tables().nodes.get(id).cloned())
    }

    async fn unit(&self, id: &UnitId, scope: &Scope) -> Result<Option<Unit>, Outage> {
        Ok(self.tables().units.get(id).filter(|unit| scope.covers(&unit.path)).cloned())
    }

    async fn account(&self, id: &AccountId) -> Result<Option<Account>, Outage> {
        Ok(self.tables().accounts.get(id).map(|row| row.account.clone()))
    }

    async fn user_name_taken(&self, user_name: &str) -> Result<bool, Outage> {
        Ok(self.tables().accounts.values().any(|row| row.account.user_name == user_name))
    }

    async fn mobile_holder(&self, index: &str) -> Result<Option<AccountId>, Outage> {
        Ok(self.tables().mobiles.get(index).cloned())
    }

    async fn credentials(&self, user_name: &str) -> Result<Option<Credentials>, Outage> {
        let tables = self.tables();
        let row = tables.accounts.values().find(|row| row.account.user_name == user_name);
        Ok(row.cloned().map(Credentials::from))
    }

    async fn credentials_of(&self, account: &AccountId) -> Result<Option<Credentials>, Outage> {
        Ok(self.tables().accounts.get(account).cloned().map(Credentials::from))
    }

    async fn set_totp(&self, account: &AccountId, totp: &Totp) -> Result<bool, Outage> {
        let mut tables = self.tables();
        let row = tables.accounts.get_mut(account).filter(|row| row.totp.is_none());
        Ok(row.map(|row| row.totp = Some(totp.clone())).is_some())
    }

    async fn use_totp_step(&self, account: &AccountId, step: u64) -> Result<bool, Outage> {
        let mut tables = self.tables();
        let totp = tables.accounts.get_mut(account).and_then(|row| row.totp.as_mut());
        Ok(totp.filter(|totp| totp.last_step < step).map(|totp| totp.last_step = step).is_some())
    }
}
