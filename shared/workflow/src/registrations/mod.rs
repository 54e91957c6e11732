//! Registering units: an application is checked, submitted, reviewed, corrected (workflows: unit registration).
//!
//! A unit code has one holder. An application holds it from its submission to its rejection, then the unit; so of two
//! applications for one unit at the same moment one is refused.

mod check;
mod review;

use domain::account::{Actor, Permission};
use domain::ids::RegistrationId;
use domain::message::CodePurpose;
use domain::organisation::OfficeSettings;
use domain::refusal::{Kind, Problem, Refusal};
use domain::registration::{
    By, Command, Context, Decision, Form, NewRegistration, Registration, State, decide, submit,
};
use domain::task::{Level, Task};
use domain::unit::ContactFacts;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

pub use self::check::Application;
use self::check::{Checked, checked};
pub use self::review::{Conclusion, review};
use crate::codes::{self, Recipient};
use crate::commit::{CodeChange, Commit, CommitError, IdempotencyRecord};
use crate::contacts;
use crate::desk::{Desk, StepError};
use crate::ports::{Cipher, CodeHolder, Outage, Ticket, business_date};
use crate::scope::Scope;

/// What a registration needs of the world.
#[derive(Clone, Copy)]
pub struct Registry<'a> {
    /// The tables, the clock, identifiers.
    pub desk: &'a Desk,
    /// Keys of contacts, codes and links.
    pub cipher: &'a dyn Cipher,
}

/// Builds the answer to keep, from the application as the step leaves it.
pub type Answering<'a> = &'a (dyn Fn(&Registration) -> IdempotencyRecord + Send + Sync);

/// The applicant's token: it follows, by the keyed index, from the application, so no message has to carry it.
pub fn token(cipher: &dyn Cipher, id: &RegistrationId) -> String {
    format!("{id}.{}", secret(cipher, id))
}

fn secret(cipher: &dyn Cipher, id: &RegistrationId) -> String {
    cipher.blind("registration-token", id.as_str())
}

/// The link as it is sent. The token stands behind the `#`: browsers send it to no server, and no log has it.
pub fn link(public_url: &str, token: &str) -> String {
    format!("{public_url}/registration#{token}")
}

fn hash(secret: &str) -> String {
    Sha256::digest(secret).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An application with its open task.
pub struct Seen {
    /// The application.
    pub registration: Registration,
    /// Its open task.
    pub task: Option<Task>,
}

impl Seen {
    /// Where it stands.
    pub fn state(&self) -> State {
        self.registration.state(self.task.as_ref())
    }

    /// # Errors
    /// `WRONG_STATE` unless it was rejected.
    pub fn is_to_be_corrected(&self) -> Result<(), Refusal> {
        match self.state() {
            State::Rejected => Ok(()),
            state => {
                let text = format!("该注册申请处于“{}”状态，不能修改", state.chinese());
                Err(Refusal::conflict("WRONG_STATE", text))
            }
        }
    }
}

impl Registry<'_> {
    /// The application of a token; none if there is none or the token is not its.
    pub async fn by_token(&self, token: &str) -> Result<Option<Seen>, Outage> {
        let Some((id, secret)) = token.split_once('.') else { return Ok(None) };
        let Ok(id) = RegistrationId::parse(id) else { return Ok(None) };
        let found = self.desk.store.registration(&id, &Scope::Platform).await?;
        let right = |r: &Registration| bool::from(hash(secret).as_bytes().ct_eq(r.token_hash.as_bytes()));
        self.seen(found.filter(right)).await
    }

    /// The application, if its agency lies in the actor's data scope or its open task was handed to the actor.
    pub async fn readable(&self, actor: &Actor, id: &RegistrationId) -> Result<Option<Seen>, Outage> {
        let found = self.desk.store.registration(id, &Scope::Platform).await?;
        let seen = self.seen(found).await?;
        Ok(seen.filter(|seen| {
            Scope::of(actor).covers(&seen.registration.form.agency.path)
                || seen.task.as_ref().is_some_and(|task| task.handed_to(&actor.account))
        }))
    }

    async fn seen(&self, registration: Option<Registration>) -> Result<Option<Seen>, Outage> {
        let Some(registration) = registration else { return Ok(None) };
        let task = match &registration.task {
            Some(id) => self.desk.store.task(id, &Scope::Platform).await?,
            None => None,
        };
        Ok(Some(Seen { registration, task }))
    }

    /// The contact of an application, in full.
    pub fn contact(&self, registration: &Registration) -> Result<ContactFacts, Outage> {
        contacts::open(self.cipher, &contacts::registration_place(&registration.id), &registration.form.contact)
    }

    /// Submits an application of somebody without an account, who proves by a code to have the contact's number. The
    /// request names the application: the same again is answered the same.
    pub async fn apply(
        &self,
        application: &Application<'_>,
        code: &str,
        request: (&str, &str),
    ) -> Result<Registration, StepError> {
        let (key, body) = request;
        let id = RegistrationId::parse(&self.cipher.blind("registration-request", key))
            .map_err(|problem| Outage::new("submit-registration", problem))?;
        let request_hash = self.cipher.blind("registration-body", body);
        if let Some(earlier) = self.desk.store.registration(&id, &Scope::Platform).await? {
            return repeated(earlier, &request_hash);
        }
        let checked = checked(self.desk, application).await?.map_err(Refusal::invalid)?;
        let redeemed = self.proof(&checked.contact, code).await?;
        self.code_is_free(&checked.unit.code).await?;
        let name = checked.contact.name.as_str().to_owned();
        let decision = self.submitted(id.clone(), checked, request_hash.clone(), By::Applicant(&name))?;
        let registration = decision.registration.clone();
        let commit = Commit { redeemed: Some(redeemed), ..taking(decision) };
        match self.desk.store.commit(commit).await {
            Ok(()) => Ok(registration),
            Err(CommitError::Ticket) => Err(Refusal::invalid(vec![code_wrong()]).into()),
            Err(CommitError::Code) => Err(self.taken(&registration.form.unit.code).await?.into()),
            Err(CommitError::Version) => match self.desk.store.registration(&id, &Scope::Platform).await? {
                Some(earlier) => repeated(earlier, &request_hash),
                None => Err(Outage::new("submit-registration", "another commit was faster").into()),
            },
            Err(CommitError::Outage(outage)) => Err(outage.into()),
            Err(other) => Err(Outage::new("submit-registration", other).into()),
        }
    }

    /// Submits an application on a unit's behalf, below the registrar's own node.
    pub async fn enter(
        &self,
        actor: &Actor,
        application: &Application<'_>,
        answer: Answering<'_>,
    ) -> Result<Registration, StepError> {
        if !actor.may(Permission::ManageUnits) {
            return Err(Refusal::not_permitted().into());
        }
        let checked = checked(self.desk, application).await?.map_err(Refusal::invalid)?;
        within(actor, &checked)?;
        self.code_is_free(&checked.unit.code).await?;
        let id = RegistrationId::from_ulid(self.desk.ids.ulid());
        let decision = self.submitted(id, checked, String::new(), By::Account(actor))?;
        let registration = decision.registration.clone();
        let commit = Commit { idempotency: Some(answer(&registration)), ..taking(decision) };
        match self.desk.store.commit(commit).await {
            Ok(()) => Ok(registration),
            Err(CommitError::Answered(record)) => Err(StepError::Answered(record)),
            Err(CommitError::Code) => Err(self.taken(&registration.form.unit.code).await?.into()),
            Err(CommitError::Outage(outage)) => Err(outage.into()),
            Err(other) => Err(Outage::new("enter-registration", other).into()),
        }
    }

    /// Submits a rejected application again. A new mobile number is proven by a code; a registrar needs none.
    pub async fn correct(
        &self,
        seen: Seen,
        by: Corrector<'_>,
        version: u64,
        application: &Application<'_>,
    ) -> Result<Registration, StepError> {
        if seen.registration.version != version {
            return Err(StepError::Changed { current: seen.registration.version });
        }
        seen.is_to_be_corrected()?;
        let before = seen.registration;
        let checked = checked(self.desk, application).await?.map_err(Refusal::invalid)?;
        let mut redeemed = None;
        let (by, idempotency): (_, Option<Answering<'_>>) = match by {
            Corrector::Applicant { code } => {
                let new_number = contacts::mobile_index(self.cipher, &checked.contact.mobile);
                if new_number != before.form.contact.mobile_index {
                    redeemed = Some(self.proof(&checked.contact, code).await?);
                }
                (None, None)
            }
            Corrector::Registrar { actor, answer } => {
                within(actor, &checked)?;
                (Some(actor), Some(answer))
            }
        };
        self.code_is_free(&checked.unit.code).await?;
        let name = checked.contact.name.as_str().to_owned();
        let by = by.map_or(By::Applicant(&name), By::Account);
        let context = self.context(by, &checked.office, seen.task.as_ref());
        let form = self.form(&before.id, checked)?;
        let decision = decide(&before, Command::Resubmit(Box::new(form)), &context)?;
        let registration = decision.registration.clone();
        let idempotency = idempotency.map(|answer| answer(&registration));
        let commit = Commit { redeemed, idempotency, ..taking(decision) };
        match self.desk.store.commit(commit).await {
            Ok(()) => Ok(registration),
            Err(CommitError::Answered(record)) => Err(StepError::Answered(record)),
            Err(CommitError::Ticket) => Err(Refusal::invalid(vec![code_wrong()]).into()),
            Err(CommitError::Code) => Err(self.taken(&registration.form.unit.code).await?.into()),
            Err(CommitError::Outage(outage)) => Err(outage.into()),
            Err(_) => {
                let now = self.desk.store.registration(&before.id, &Scope::Platform).await?;
                Err(now.map_or(StepError::NotFound, |now| StepError::Changed { current: now.version }))
            }
        }
    }

    fn submitted(
        &self,
        id: RegistrationId,
        checked: Checked,
        request_hash: String,
        by: By<'_>,
    ) -> Result<Decision, StepError> {
        let context = self.context(by, &checked.office, None);
        let form = self.form(&id, checked)?;
        let token_hash = hash(&secret(self.cipher, &id));
        Ok(submit(NewRegistration { id, form, request_hash, token_hash }, &context)?)
    }

    fn form(&self, id: &RegistrationId, checked: Checked) -> Result<Form, Outage> {
        let Checked { agency, unit, contact, images, .. } = checked;
        let contact = contacts::seal(self.cipher, &contacts::registration_place(id), &contact)?;
        Ok(Form { agency, unit, contact, images })
    }

    fn context<'a>(&self, by: By<'a>, office: &OfficeSettings, task: Option<&'a Task>) -> Context<'a> {
        let now = self.desk.clock.now();
        Context { by, now, due_at: office.review_due(Level::Registration, business_date(now)), task }
    }

    /// The ticket of a code that was sent to the contact's number.
    async fn proof(&self, contact: &ContactFacts, code: &str) -> Result<Ticket, StepError> {
        let recipient = Recipient::Mobile(contact.mobile.as_str());
        let ticket =
            codes::check(self.desk, self.cipher, CodePurpose::UnitRegistration, recipient, code.trim()).await?;
        ticket.ok_or_else(|| Refusal::invalid(vec![code_wrong()]).into())
    }

    async fn code_is_free(&self, code: &str) -> Result<(), StepError> {
        match self.desk.store.code_holder(code).await? {
            None => Ok(()),
            Some(holder) => Err(held(&holder).into()),
        }
    }

    async fn taken(&self, code: &str) -> Result<Refusal, Outage> {
        let holder = self.desk.store.code_holder(code).await?;
        let gone = || Refusal::conflict("CHANGED_MEANWHILE", "内容刚刚被他人更新，请刷新后重试");
        Ok(holder.map_or_else(gone, |holder| held(&holder)))
    }
}

/// Who corrects an application.
pub enum Corrector<'a> {
    /// Whoever has the link.
    Applicant {
        /// The code sent to a new mobile number; nothing for the old one.
        code: &'a str,
    },
    /// A registrar.
    Registrar {
        /// Who.
        actor: &'a Actor,
        /// The answer to keep.
        answer: Answering<'a>,
    },
}

/// The commit of a submission: the application takes its unit's code.
fn taking(decision: Decision) -> Commit {
    let Decision { registration, trail, tasks, messages } = decision;
    let by = CodeHolder::Registration(registration.id.clone());
    let codes = vec![CodeChange::Take { code: registration.form.unit.code.clone(), by }];
    let expected = registration.version.saturating_sub(1);
    Commit { registration: Some((registration, expected)), trail, tasks, messages, codes, ..Commit::default() }
}

/// Registrars enter units below their own node only.
fn within(actor: &Actor, checked: &Checked) -> Result<(), Refusal> {
    if Scope::of(actor).covers(&checked.agency.path) {
        return Ok(());
    }
    Err(Refusal::invalid(vec![Problem::new("/agency", "AGENCY_OUTSIDE", "该代办处不在您的管理范围内")]))
}

fn repeated(earlier: Registration, request_hash: &str) -> Result<Registration, StepError> {
    if earlier.request_hash == request_hash {
        return Ok(earlier);
    }
    let text = "此提交编号已用于另一项请求，请刷新页面后重新提交".to_owned();
    let refusal = Refusal { kind: Kind::Invalid, code: "IDEMPOTENCY_KEY_REUSED", text, problems: Vec::new() };
    Err(refusal.into())
}

/// The refusal of a code that somebody has (workflows: “already registered: use forgotten password”).
pub fn held(holder: &CodeHolder) -> Refusal {
    let (code, text) = match holder {
        CodeHolder::Unit(_) => ("ALREADY_REGISTERED", "该统一社会信用代码的单位已注册，请通过“忘记密码”取回登录密码"),
        CodeHolder::Registration(_) => {
            ("REGISTRATION_IN_PROGRESS", "该统一社会信用代码的注册申请正在审核，请等待审核结果短信")
        }
    };
    Refusal { problems: vec![Problem::new("/unit/code", code, text)], ..Refusal::conflict(code, text) }
}

fn code_wrong() -> Problem {
    Problem::new("/code", "CODE_WRONG", "短信验证码不正确或已失效；连续输错5次后需重新获取")
}
