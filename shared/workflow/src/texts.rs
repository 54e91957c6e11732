//! Text messages to handlers.

use domain::enrolment::Enrolment;
use domain::ids::{AccountId, EnrolmentId, MessageId};
use domain::message::TextTemplate;
use domain::texts::text;

use crate::desk::Desk;
use crate::ports::{Cipher, Outage, SendFailure, Texts};
use crate::scope::Scope;

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

/// A text to send.
#[derive(Debug, Clone, Copy)]
pub struct TextOrder<'a> {
    /// The message.
    pub message: &'a MessageId,
    /// Which text.
    pub template: TextTemplate,
    /// Whose mobile number.
    pub account: &'a AccountId,
    /// The enrolment it speaks of.
    pub enrolment: &'a EnrolmentId,
    /// Place of the opinion it quotes.
    pub opinion: Option<usize>,
}

/// Sends a text once per message id. The mark is set after the provider took it: a crash in between sends it again,
/// since a text that never comes is worse than one that comes twice.
pub async fn send(
    desk: &Desk,
    cipher: &dyn Cipher,
    provider: &dyn Texts,
    order: TextOrder<'_>,
) -> Result<Sent, Outage> {
    if desk.store.consumed(CONSUMER, order.message).await? {
        return Ok(Sent::Duplicate);
    }
    let (e, account) = futures::future::try_join(
        desk.store.enrolment(order.enrolment, &Scope::Platform),
        desk.store.account(order.account),
    )
    .await?;
    let Some(e) = e else { return failed(desk, order.message, "NO_SUCH_ENROLMENT").await };
    let mobile = account.and_then(|account| account.sealed_mobile);
    let Some(mobile) = mobile.and_then(|sealed| open(cipher, order.account, &sealed)) else {
        return failed(desk, order.message, "NO_MOBILE").await;
    };
    match provider.send(&mobile, &rendered(order, &e)).await {
        Ok(()) => {
            desk.store.consume(CONSUMER, order.message).await?;
            Ok(Sent::Sent)
        }
        Err(SendFailure::Permanent(_)) => failed(desk, order.message, "REFUSED_BY_PROVIDER").await,
        Err(SendFailure::Temporary(outage)) => Err(outage),
    }
}

fn rendered(order: TextOrder<'_>, e: &Enrolment) -> String {
    text(order.template, e, order.opinion)
}

async fn failed(desk: &Desk, message: &MessageId, code: &'static str) -> Result<Sent, Outage> {
    desk.store.consume(CONSUMER, message).await?;
    Ok(Sent::Failed(code))
}

/// Opens a sealed mobile number.
pub fn open(cipher: &dyn Cipher, account: &AccountId, sealed: &str) -> Option<String> {
    use base64::Engine as _;
    let sealed = base64::engine::general_purpose::STANDARD.decode(sealed).ok()?;
    String::from_utf8(cipher.open(&mobile_place(account), &sealed).ok()?).ok()
}

/// Seals a mobile number for an account.
pub fn seal(cipher: &dyn Cipher, account: &AccountId, mobile: &str) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(cipher.seal(&mobile_place(account), mobile.as_bytes()))
}
