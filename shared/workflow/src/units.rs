//! Maintaining units (单位管理, 信息维护): facts, papers, contacts, handler, standing. Every change is one commit with a trail
//! entry that says what was there before and what is there now.

use domain::account::{Account, Actor, Permission, Role};
use domain::ids::{AccountId, NodeId, UnitId};
use domain::organisation::{NodeKind, Unit};
use domain::refusal::{Problem, Refusal};
use domain::trail::{Topic, TrailEntry};
use domain::unit::{CONTACTS_MAX, Contact, ContactFacts, RawContact, RawUnit, UnitMove, described, hand_over};

use crate::accounts::{self, NewAccount};
use crate::commit::{AccountChange, CodeChange, Commit, CommitError, IdempotencyRecord, UnitWrite};
use crate::contacts;
use crate::desk::{Desk, StepError};
use crate::mergers::open_enrolments;
use crate::papers;
use crate::ports::{Cipher, CodeHolder, Outage};
use crate::registrations::held;
use crate::scope::Scope;

/// Builds the answer to keep, from the unit as the step leaves it.
pub type Answering<'a> = &'a (dyn Fn(&Unit) -> IdempotencyRecord + Send + Sync);

/// Somebody at work on the version of a unit that was seen.
pub struct Maintenance<'a> {
    /// The tables, the clock, identifiers.
    pub desk: &'a Desk,
    /// Keys of contacts and links.
    pub cipher: &'a dyn Cipher,
    /// Who.
    pub actor: &'a Actor,
    /// Which unit.
    pub unit: &'a UnitId,
    /// The version seen.
    pub seen: u64,
    /// The answer to keep.
    pub answer: Answering<'a>,
}

/// How a unit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Whether it may open enrolments.
    pub active: bool,
    /// On the restricted list for enrolment.
    pub restricted: bool,
    /// 涉密单位
    pub classified: bool,
}

/// The unit, for somebody who may look it up, or whose own it is.
pub async fn readable(desk: &Desk, actor: &Actor, id: &UnitId) -> Result<Option<Unit>, StepError> {
    let unit = desk.store.unit(id, &Scope::of(actor)).await?;
    let own = actor.may(Permission::MaintainOwnUnit) && actor.unit.as_ref() == Some(id);
    if unit.is_some() && !own && !actor.may(Permission::ReadUnits) {
        return Err(Refusal::not_permitted().into());
    }
    Ok(unit)
}

/// The contact of a unit in full, if the account is one.
pub fn contact_of(cipher: &dyn Cipher, unit: &Unit, account: &AccountId) -> Result<Option<ContactFacts>, Outage> {
    let contact = unit.record.contacts.iter().find(|contact| contact.account == *account);
    contact.map(|contact| contacts::open(cipher, &contacts::account_place(account), &contact.contact)).transpose()
}

impl Maintenance<'_> {
    /// Replaces the facts of the unit. A new code must be nobody's.
    pub async fn edit(&self, raw: &RawUnit<'_>) -> Result<Unit, StepError> {
        let before = self.unit(Permission::ManageUnits).await?;
        let facts = raw.read("", self.desk.clock.today()).map_err(Refusal::invalid)?;
        let mut after = before.clone();
        after.name = facts.name;
        after.code = facts.code;
        after.union_name = facts.union_name;
        after.address = facts.address;
        after.record.nature = Some(facts.nature);
        after.record.certificate_type = Some(facts.certificate_type);
        after.record.certificate_valid_until = facts.certificate_valid_until;
        after.record.union_code = facts.union_code;
        after.record.industry = facts.industry;
        after.record.parent_unit = facts.parent_unit;
        after.record.region = Some(facts.region);
        let mut codes = Vec::new();
        if after.code != before.code {
            if let Some(holder) = self.desk.store.code_holder(&after.code).await? {
                return Err(held(&holder).into());
            }
            let by = CodeHolder::Unit(before.id.clone());
            codes.push(CodeChange::Take { code: after.code.clone(), by: by.clone() });
            codes.push(CodeChange::Release { code: before.code.clone(), by });
        }
        self.commit("edit", &before, after, Commit { codes, ..Commit::default() }).await
    }

    /// Replaces what a unit may say of itself: everything else is what its papers say.
    pub async fn edit_address(&self, address: &str) -> Result<Unit, StepError> {
        let before = self.unit(Permission::MaintainOwnUnit).await?;
        let address = address.trim();
        let problem = match address.chars().count() {
            0 => Some(Problem::new("/address", "TEXT_MISSING", "请填写地址")),
            1..=100 if !address.chars().any(char::is_control) => None,
            _ => Some(Problem::new("/address", "TEXT_TOO_LONG", "最多100个字，且不能换行")),
        };
        Refusal::unless_none(problem.into_iter().collect())?;
        let after = Unit { address: address.to_owned(), ..before.clone() };
        self.commit("edit-address", &before, after, Commit::default()).await
    }

    /// Replaces the images of the papers.
    pub async fn replace_images(&self, unit_certificate: &str, union_certificate: &str) -> Result<Unit, StepError> {
        let before = self.unit(Permission::ManageUnits).await?;
        let images = papers::images(self.desk, "", unit_certificate, union_certificate).await?;
        let mut after = before.clone();
        after.record.images = Some(images.map_err(Refusal::invalid)?);
        self.commit("replace-images", &before, after, Commit::default()).await
    }

    /// Changes how the unit stands.
    pub async fn set_standing(&self, standing: Standing) -> Result<Unit, StepError> {
        let before = self.unit(Permission::ManageUnits).await?;
        let Standing { active, restricted, classified } = standing;
        let after = Unit { active, restricted, classified, ..before.clone() };
        self.commit("set-standing", &before, after, Commit::default()).await
    }

    /// Hands the unit over to another agency of its office (归属变更). What it holds follows in the background
    /// ([`crate::unit_moves`]).
    pub async fn change_agency(&self, agency: &NodeId) -> Result<Unit, StepError> {
        let before = self.unit(Permission::ManageUnits).await?;
        let found = self.desk.store.node(agency).await?.filter(|node| node.kind == NodeKind::Agency);
        let Some(agency) = found.filter(|node| Scope::of(self.actor).covers(&node.path)) else {
            let problem = Problem::new("/agency", "AGENCY_UNKNOWN", "请选择您辖区内的代办处");
            return Err(Refusal::invalid(vec![problem]).into());
        };
        let open = open_enrolments(self.desk, &before).await?;
        let after = hand_over(&before, &agency.path, open)?;
        let left = match NodeId::parse(before.agency().trim_end_matches('/').rsplit('/').next().unwrap_or_default()) {
            Ok(id) => self.desk.store.node(&id).await?,
            Err(_) => None,
        };
        let left = left.map_or_else(|| before.agency().to_owned(), |node| node.name);
        let (after, mut commit) = self.step("change-agency", &before, after)?;
        for entry in &mut commit.trail {
            entry.note = format!("归属代办处：{left} → {}", agency.name);
        }
        commit.messages.push(UnitMove::begin(&after, before.path.clone()).outgoing());
        let committed = self.desk.store.commit(commit).await;
        self.done(committed.map(|()| after)).await
    }

    /// Adds a contact, who gets an account of the unit and the link to set its password.
    pub async fn add_contact(&self, raw: &RawContact<'_>) -> Result<Unit, StepError> {
        let before = self.unit(Permission::MaintainOwnUnit).await?;
        let facts = raw.read("").map_err(Refusal::invalid)?;
        self.fits(&before, &facts, None)?;
        if before.record.contacts.len() >= CONTACTS_MAX {
            let text = format!("一个单位最多{CONTACTS_MAX}位联系人，请先更新已停用的联系人");
            return Err(Refusal::conflict("TOO_MANY_CONTACTS", text).into());
        }
        let id = AccountId::from_ulid(self.desk.ids.ulid());
        let contact = contacts::seal(self.cipher, &contacts::account_place(&id), &facts)?;
        let mut after = before.clone();
        after.record.contacts.push(Contact { account: id.clone(), contact, active: true });
        let (after, commit) = self.step("add-contact", &before, after)?;
        let new = NewAccount {
            name: facts.name.as_str(),
            mobile: facts.mobile.as_str(),
            roles: vec![Role::UnitHandler],
            node: before.path.clone(),
            unit: Some(before.id.clone()),
        };
        let opened = accounts::open(self.desk, self.cipher, id, &new, |_: &Account| commit.clone()).await;
        self.done(opened.map(|_| after)).await
    }

    /// Replaces what is known of a contact, and name and number of its account. A handler who is no contact yet becomes one.
    pub async fn edit_contact(&self, account: &AccountId, raw: &RawContact<'_>) -> Result<Unit, StepError> {
        let before = self.unit(Permission::MaintainOwnUnit).await?;
        let facts = raw.read("").map_err(Refusal::invalid)?;
        let held = self.account_of(&before, account).await?;
        self.fits(&before, &facts, Some(account))?;
        let contact = contacts::seal(self.cipher, &contacts::account_place(account), &facts)?;
        let mut after = before.clone();
        match after.record.contacts.iter_mut().find(|contact| contact.account == *account) {
            Some(found) => found.contact = contact,
            None => after.record.contacts.push(Contact { account: account.clone(), contact, active: held.active }),
        }
        let edited = Account {
            name: facts.name.as_str().to_owned(),
            sealed_mobile: Some(crate::texts::seal(self.cipher, account, facts.mobile.as_str())),
            version: held.version + 1,
            ..held.clone()
        };
        let accounts = vec![AccountChange::Edit { before: Box::new(held), after: Box::new(edited) }];
        self.commit("edit-contact", &before, after, Commit { accounts, ..Commit::default() }).await
    }

    /// Disables a contact, who cannot sign in any more, or makes it valid again. The handler is somebody else first.
    pub async fn set_contact_active(&self, account: &AccountId, active: bool) -> Result<Unit, StepError> {
        let before = self.unit(Permission::MaintainOwnUnit).await?;
        if before.handler == *account && !active {
            let text = "该联系人是单位的经办人，请先更换经办人";
            return Err(Refusal::conflict("CONTACT_IS_HANDLER", text).into());
        }
        let held = self.account_of(&before, account).await?;
        let mut after = before.clone();
        let found = after.record.contacts.iter_mut().find(|contact| contact.account == *account);
        found.ok_or(StepError::NotFound)?.active = active;
        let edited = Account { active, version: held.version + 1, ..held.clone() };
        let accounts = vec![AccountChange::Edit { before: Box::new(held), after: Box::new(edited) }];
        self.commit("set-contact-active", &before, after, Commit { accounts, ..Commit::default() }).await
    }

    /// Makes a valid contact the unit's handler: enrolments that are opened from now on text them.
    pub async fn set_handler(&self, account: &AccountId) -> Result<Unit, StepError> {
        let before = self.unit(Permission::MaintainOwnUnit).await?;
        let valid = before.record.contacts.iter().any(|contact| contact.account == *account && contact.active);
        if !valid {
            let text = "经办人应为该单位的有效联系人";
            return Err(Refusal::invalid(vec![Problem::new("/account", "CONTACT_UNKNOWN", text)]).into());
        }
        let after = Unit { handler: account.clone(), ..before.clone() };
        self.commit("set-handler", &before, after, Commit::default()).await
    }

    /// The unit as it stands, if the actor may do what needs `permission`: what a unit does for itself, a registrar does for
    /// it as well.
    async fn unit(&self, permission: Permission) -> Result<Unit, StepError> {
        let unit = self.desk.store.unit(self.unit, &Scope::of(self.actor)).await?.ok_or(StepError::NotFound)?;
        let own = permission == Permission::MaintainOwnUnit
            && self.actor.may(permission)
            && self.actor.unit.as_ref() == Some(self.unit);
        if !own && !self.actor.may(Permission::ManageUnits) {
            return Err(Refusal::not_permitted().into());
        }
        if unit.version != self.seen {
            return Err(StepError::Changed { current: unit.version });
        }
        if unit.merged_into.is_some() {
            return Err(Refusal::conflict("UNIT_MERGED", "该单位已合并到其他单位，不能修改").into());
        }
        Ok(unit)
    }

    /// An account of the unit.
    async fn account_of(&self, unit: &Unit, account: &AccountId) -> Result<Account, StepError> {
        let held = self.desk.store.account(account).await?;
        held.filter(|held| held.unit.as_ref() == Some(&unit.id)).ok_or(StepError::NotFound)
    }

    /// Nobody else of the unit has the number.
    fn fits(&self, unit: &Unit, facts: &ContactFacts, account: Option<&AccountId>) -> Result<(), Refusal> {
        let index = contacts::mobile_index(self.cipher, &facts.mobile);
        let others = unit.record.contacts.iter().filter(|contact| Some(&contact.account) != account);
        if others.filter(|contact| contact.active).any(|contact| contact.contact.mobile_index == index) {
            let text = "该手机号码已是本单位另一位联系人的号码";
            return Err(Refusal::invalid(vec![Problem::new("/mobile", "CONTACT_EXISTS", text)]));
        }
        Ok(())
    }

    /// The unit one version up, and the commit of it with its trail entry and the answer.
    fn step(&self, action: &str, before: &Unit, mut after: Unit) -> Result<(Unit, Commit), StepError> {
        after.version = before.version.saturating_add(1);
        let standing = |unit: &Unit| if unit.active { "active" } else { "inactive" };
        let entry = TrailEntry {
            topic: Topic::unit(&after),
            version: after.version,
            n: 0,
            at: self.desk.clock.now(),
            account: Some(self.actor.account.clone()),
            actor_name: self.actor.name.clone(),
            action: action.to_owned(),
            from: standing(before).to_owned(),
            to: standing(&after).to_owned(),
            note: differences(before, &after),
            duration_ms: 0,
        };
        let commit = Commit {
            units: vec![UnitWrite { before: Some(Box::new(before.clone())), after: Box::new(after.clone()) }],
            trail: vec![entry],
            idempotency: Some((self.answer)(&after)),
            ..Commit::default()
        };
        Ok((after, commit))
    }

    async fn commit(&self, action: &str, before: &Unit, after: Unit, beside: Commit) -> Result<Unit, StepError> {
        let (after, commit) = self.step(action, before, after)?;
        let commit = Commit { codes: beside.codes, accounts: beside.accounts, ..commit };
        let committed = self.desk.store.commit(commit).await;
        self.done(committed.map(|()| after)).await
    }

    async fn done(&self, committed: Result<Unit, CommitError>) -> Result<Unit, StepError> {
        match committed {
            Ok(after) => Ok(after),
            Err(CommitError::Answered(record)) => Err(StepError::Answered(record)),
            Err(CommitError::Outage(outage)) => Err(outage.into()),
            Err(_) => {
                let now = self.desk.store.unit(self.unit, &Scope::of(self.actor)).await?;
                // A copy that is a moment old may still show the version that was seen.
                let current = now.map_or(self.seen, |unit| unit.version).max(self.seen.saturating_add(1));
                Err(StepError::Changed { current })
            }
        }
    }
}

/// What changed, before and after, for the trail: numbers are masked.
fn differences(before: &Unit, after: &Unit) -> String {
    let (old, new) = (described(before), described(after));
    let labels = old.iter().chain(&new).map(|(label, _)| label.clone());
    let mut seen = Vec::new();
    let mut lines = Vec::new();
    for label in labels {
        if seen.contains(&label) {
            continue;
        }
        let value = |of: &[(String, String)]| {
            of.iter().find(|(other, _)| *other == label).map_or_else(|| "无".to_owned(), |(_, value)| value.clone())
        };
        let (was, is) = (value(&old), value(&new));
        if was != is {
            lines.push(format!("{label}：{was} → {is}"));
        }
        seen.push(label);
    }
    lines.join("；")
}
