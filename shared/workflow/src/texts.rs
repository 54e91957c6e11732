//! Text messages: to accounts about enrolments, with links to set a password, and with codes.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use domain::ids::{AccountId, EnrolmentId, MessageId, RegistrationId};
use domain::message::{CodePurpose, Message, Outgoing, TextTemplate};
use domain::texts::{code_text, password_link_text, registration_link_text, registration_rejected_text, text};

use crate::desk::Desk;
use crate::ports::{Cipher, Outage, SendFailure, Texts};
use crate::scope::Scope;
use crate::{codes, contacts, password_links, registrations};

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

/// A number and what is sent to it, or why nothing ever will be.
type Draft = Result<(String, String), &'static str>;

impl Writer<'_> {
    /// Sends a text once per message id. The mark is set after the provider took it: a crash in between sends it again,
    /// since a text that never comes is worse than one that comes twice.
    pub async fn send(&self, provider: &dyn Texts, outgoing: &Outgoing) -> Result<Sent, Outage> {
        if self.desk.store.consumed(CONSUMER, &outgoing.id).await? {
            return Ok(Sent::Duplicate);
        }
        let sent = match self.draft(outgoing).await? {
            Ok((mobile, text)) => match provider.send(&mobile, &text).await {
                Ok(()) => Sent::Sent,
                Err(SendFailure::Permanent(_)) => Sent::Failed("REFUSED_BY_PROVIDER"),
                Err(SendFailure::Temporary(outage)) => return Err(outage),
            },
            Err(code) => Sent::Failed(code),
        };
        self.desk.store.consume(CONSUMER, &outgoing.id).await?;
        Ok(sent)
    }

    async fn draft(&self, outgoing: &Outgoing) -> Result<Draft, Outage> {
        match &outgoing.message {
            Message::Text { template, account, enrolment, opinion } => {
                self.about_enrolment(*template, account, enrolment, *opinion).await
            }
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
    ) -> Result<Draft, Outage> {
        let enrolment = self.desk.store.enrolment(enrolment, &Scope::Platform);
        let (e, mobile) = futures::future::try_join(enrolment, self.mobile_of(account)).await?;
        Ok(match (e, mobile) {
            (None, _) => Err("NO_SUCH_ENROLMENT"),
            (_, None) => Err("NO_MOBILE"),
            (Some(e), Some(mobile)) => Ok((mobile, text(template, &e, opinion))),
        })
    }

    async fn password_link(&self, account: &AccountId, message: &MessageId) -> Result<Draft, Outage> {
        let token = password_links::token(self.cipher, account, message);
        let link = password_links::link(self.public_url, &token);
        let account = self.desk.store.account(account).await?;
        Ok(account.ok_or("NO_MOBILE").and_then(|account| {
            let mobile = account.sealed_mobile.and_then(|sealed| open(self.cipher, &account.id, &sealed));
            Ok((mobile.ok_or("NO_MOBILE")?, password_link_text(&account.user_name, &link)))
        }))
    }

    /// The link of a registration, and why it was rejected if it was.
    async fn about_registration(&self, id: &RegistrationId, review: Option<usize>) -> Result<Draft, Outage> {
        let Some(registration) = self.desk.store.registration(id, &Scope::Platform).await? else {
            return Ok(Err("NO_SUCH_REGISTRATION"));
        };
        let place = contacts::registration_place(id);
        let contact = contacts::open(self.cipher, &place, &registration.form.contact)?;
        let link = registrations::link(self.public_url, &registrations::token(self.cipher, id));
        let text = match review {
            None => registration_link_text(&link),
            Some(review) => {
                let reason = registration.reviews.get(review).map_or("", |review| review.text.as_str());
                registration_rejected_text(reason, &link)
            }
        };
        Ok(Ok((contact.mobile.as_str().to_owned(), text)))
    }

    fn code(&self, purpose: CodePurpose, sealed_mobile: &str, message: &MessageId) -> Draft {
        let mobile = opened(self.cipher, &codes::mobile_place(message), sealed_mobile);
        let mobile = mobile.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or("NO_MOBILE")?;
        Ok((mobile, code_text(purpose, &codes::code(self.cipher, purpose, message))))
    }

    async fn mobile_of(&self, account: &AccountId) -> Result<Option<String>, Outage> {
        let sealed = self.desk.store.account(account).await?.and_then(|account| account.sealed_mobile);
        Ok(sealed.and_then(|sealed| open(self.cipher, account, &sealed)))
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
