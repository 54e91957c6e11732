//! Text messages: to accounts about enrolments, with links to set a password, and with codes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::account::Account;
use domain::identity::Mobile;
use domain::ids::{AccountId, EnrolmentId, MessageId, RegistrationId};
use domain::message::{CodePurpose, Message, Outgoing, TextTemplate};
use domain::message_log::{Fate, MessageRecord, RecordChange};
use domain::organisation::NodePath;
use domain::texts::{Quote, Said, cover_ending};
use jiff::civil::Date;

use crate::commit::{Commit, CommitError, Consumed};
use crate::desk::Desk;
use crate::ports::{Cipher, Outage, SendFailure, ShortMessage, Texts};
use crate::scope::Scope;
use crate::{codes, contacts, message_log, password_links, registrations};

/// The consumer's name.
pub const CONSUMER: &str = "send-text";

/// What became of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// The provider has it.
    Sent,
    /// It was sent before.
    Duplicate,
    /// It never will be: a stable code.
    Failed(&'static str),
    /// What it would say is not so any more.
    Dropped,
}

/// Where an account's mobile number is sealed for.
pub fn mobile_place(account: &AccountId) -> String {
    format!("account/{account}/mobile")
}

/// Who writes texts, and with what.
pub struct Writer<'a> {
    /// The tables.
    pub desk: &'a Desk,
    /// Keys of numbers, codes and links.
    pub cipher: &'a dyn Cipher,
    /// Origin of the portal, without a slash at the end.
    pub public_url: &'a str,
}

/// A text that is about to be sent.
struct Draft {
    mobile: String,
    said: Said,
    /// Where what it speaks of stands.
    path: NodePath,
    /// Whose text it is.
    account: Option<AccountId>,
}

/// A draft, or why nothing ever will be sent.
type Drafted = Result<Draft, &'static str>;

/// Why a text is dropped instead of sent.
const NOT_SO: &str = "NOT_SO_ANY_MORE";

impl Writer<'_> {
    /// Sends a text once per message id. Mark and record are committed after the provider took it: a crash in between
    /// sends it again, since a text that never comes is worse than one that comes twice.
    pub async fn send(&self, provider: &dyn Texts, outgoing: &Outgoing) -> Result<Sent, Outage> {
        if self.desk.store.consumed(CONSUMER, &outgoing.id).await? {
            return Ok(Sent::Duplicate);
        }
        let record = message_log::record_of(self.desk, outgoing).await?;
        let (sent, record) = match self.draft(outgoing, &record).await? {
            Ok(draft) => self.hand_over(provider, draft, outgoing, record).await?,
            Err(NOT_SO) => (Sent::Dropped, record.became(Fate::Dropped, Some(NOT_SO), self.desk.clock.now())),
            Err(code) => (Sent::Failed(code), record.became(Fate::Failed, Some(code), self.desk.clock.now())),
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
            Err(other) => Err(Outage::new("mark-text", other)),
        }
    }

    /// Hands a text to the provider; answers what became of it, and its record after that.
    async fn hand_over(
        &self,
        provider: &dyn Texts,
        Draft { mobile, said, path, account }: Draft,
        outgoing: &Outgoing,
        record: MessageRecord,
    ) -> Result<(Sent, MessageRecord), Outage> {
        let recipient = Mobile::parse(&mobile).ok().map(|mobile| mobile.masked());
        let message = ShortMessage { id: outgoing.id.to_string(), mobile, said: said.written() };
        // Codes and links are nowhere at rest.
        let keeps = matches!(outgoing.message, Message::Text { .. } | Message::CoverEnding { .. });
        let sealed = keeps.then(|| message_log::seal_words(self.cipher, &outgoing.id, &message.said)).transpose()?;
        let wording = Some(message.said.template.wording.version);
        let record = MessageRecord { path, account, recipient, wording, sealed_words: sealed, ..record };
        let answer = provider.send(&message).await;
        let now = self.desk.clock.now();
        match answer {
            Ok(provider_id) => {
                Ok((Sent::Sent, MessageRecord { provider_id, detail: None, ..record }.became(Fate::Sent, None, now)))
            }
            Err(SendFailure::Permanent(code)) => {
                let record = MessageRecord { detail: Some(code), ..record };
                let refused = message_log::REFUSED;
                Ok((Sent::Failed(refused), record.became(Fate::Failed, Some(refused), now)))
            }
            Err(SendFailure::Temporary(outage)) => Err(outage),
        }
    }

    async fn draft(&self, outgoing: &Outgoing, record: &MessageRecord) -> Result<Drafted, Outage> {
        let age = self.desk.clock.now().duration_since(record.queued_at);
        match &outgoing.message {
            Message::Code { .. } if age >= codes::LIFE => Ok(Err("EXPIRED")),
            Message::PasswordLink { .. } if age >= password_links::LIFE => Ok(Err("EXPIRED")),
            Message::Text { template, account, enrolment, opinion } => {
                self.about_enrolment(*template, account, enrolment, *opinion).await
            }
            Message::CoverEnding { enrolment, end, days } => self.cover_ending(enrolment, *end, *days).await,
            Message::PasswordLink { account } => self.password_link(account, &outgoing.id).await,
            Message::RegistrationLink { registration } => self.about_registration(registration, None).await,
            Message::RegistrationRejected { registration, review } => {
                self.about_registration(registration, Some(*review)).await
            }
            Message::Code { purpose, sealed_mobile } => Ok(self.code(*purpose, sealed_mobile, &outgoing.id)),
            _ => Ok(Err("MESSAGE_KIND")),
        }
    }

    async fn about_enrolment(
        &self,
        template: TextTemplate,
        account: &AccountId,
        enrolment: &EnrolmentId,
        opinion: Option<usize>,
    ) -> Result<Drafted, Outage> {
        let enrolment = self.desk.store.enrolment(enrolment, &Scope::Platform);
        let (e, account) = futures::future::try_join(enrolment, self.desk.store.account(account)).await?;
        let Some(e) = e else { return Ok(Err("NO_SUCH_ENROLMENT")) };
        let Some(account) = account else { return Ok(Err("NO_SUCH_ACCOUNT")) };
        let Some(mobile) = self.mobile_of(&account) else { return Ok(Err("NO_MOBILE")) };
        let said = template.of(&e, opinion).ok_or("NOTHING_TO_SAY");
        Ok(said.map(|said| Draft { mobile, said, path: e.unit.path, account: Some(account.id) }))
    }

    async fn cover_ending(&self, enrolment: &EnrolmentId, end: Date, days: u32) -> Result<Drafted, Outage> {
        let store = &self.desk.store;
        let Some(e) = store.enrolment(enrolment, &Scope::Platform).await? else { return Ok(Err("NO_SUCH_ENROLMENT")) };
        let Some(said) = cover_ending(&e, end, days) else { return Ok(Err(NOT_SO)) };
        let Some(account) = store.account(&e.handler).await? else { return Ok(Err("NO_SUCH_ACCOUNT")) };
        let mobile = self.mobile_of(&account).ok_or("NO_MOBILE");
        Ok(mobile.map(|mobile| Draft { mobile, said, path: e.unit.path, account: Some(account.id) }))
    }

    async fn password_link(&self, account: &AccountId, message: &MessageId) -> Result<Drafted, Outage> {
        let token = password_links::token(self.cipher, account, message);
        let link = password_links::link(self.public_url, &token);
        let Some(account) = self.desk.store.account(account).await? else { return Ok(Err("NO_SUCH_ACCOUNT")) };
        let Some(mobile) = self.mobile_of(&account) else { return Ok(Err("NO_MOBILE")) };
        let said = Said::PasswordLink { user_name: account.user_name, link };
        Ok(Ok(Draft { mobile, said, path: account.node, account: Some(account.id) }))
    }

    /// The link of a registration, and why it was rejected if it was.
    async fn about_registration(&self, id: &RegistrationId, review: Option<usize>) -> Result<Drafted, Outage> {
        let Some(registration) = self.desk.store.registration(id, &Scope::Platform).await? else {
            return Ok(Err("NO_SUCH_REGISTRATION"));
        };
        let place = contacts::registration_place(id);
        let contact = contacts::open(self.cipher, &place, &registration.form.contact)?;
        let link = registrations::link(self.public_url, &registrations::token(self.cipher, id));
        let said = match review {
            None => Said::RegistrationLink { link },
            Some(review) => {
                let reason = registration.reviews.get(review).map_or("", |review| review.text.as_str());
                Said::RegistrationRejected { reason: Quote::of(reason), link }
            }
        };
        Ok(Ok(Draft {
            mobile: contact.mobile.as_str().to_owned(),
            said,
            path: registration.form.agency.path,
            account: None,
        }))
    }

    fn code(&self, purpose: CodePurpose, sealed_mobile: &str, message: &MessageId) -> Drafted {
        let mobile = opened(self.cipher, &codes::mobile_place(message), sealed_mobile);
        let mobile = mobile.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or("NO_MOBILE")?;
        let said = purpose.said(codes::code(self.cipher, purpose, message));
        Ok(Draft { mobile, said, path: NodePath::root(), account: None })
    }

    fn mobile_of(&self, account: &Account) -> Option<String> {
        open(self.cipher, &account.id, account.sealed_mobile.as_deref()?)
    }
}

/// Opens a sealed mobile number.
pub fn open(cipher: &dyn Cipher, account: &AccountId, sealed: &str) -> Option<String> {
    String::from_utf8(opened(cipher, &mobile_place(account), sealed)?).ok()
}

/// Seals a mobile number for an account.
pub fn seal(cipher: &dyn Cipher, account: &AccountId, mobile: &str) -> String {
    sealed(cipher, &mobile_place(account), mobile.as_bytes())
}

/// Opens what [`sealed`] sealed for a place.
pub fn opened(cipher: &dyn Cipher, place: &str, sealed: &str) -> Option<Vec<u8>> {
    cipher.open(place, &BASE64.decode(sealed).ok()?).ok()
}

/// Seals bytes for a place, as Base64.
pub fn sealed(cipher: &dyn Cipher, place: &str, plain: &[u8]) -> String {
    BASE64.encode(cipher.seal(place, plain))
}
