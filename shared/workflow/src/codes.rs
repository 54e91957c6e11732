//! Codes by text message: six digits that prove somebody has a mobile number (workflows: sign-in and accounts).
//!
//! The code is nowhere at rest. It follows, by the keyed index, from its purpose and the id of the message that carries
//! it: the message and the ticket hold that id, and only who holds the key can tell the digits.

use domain::ids::MessageId;
use domain::message::{CodePurpose, Message, Outgoing};
use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq;

use crate::commit::Commit;
use crate::desk::Desk;
use crate::ports::{Cipher, Limit, Outage, Ticket};
use crate::texts;

/// How long a code is good.
pub const LIFE: SignedDuration = SignedDuration::from_mins(5);
/// Tries that burn a code.
pub const TRIES_MAX: u32 = 5;
/// Codes a number may be sent, with the names they are counted under.
pub const PER_NUMBER: [(&str, Limit); 3] = [
    ("code-minute", Limit::rate(1, SignedDuration::from_mins(1))),
    ("code-hour", Limit::rate(5, SignedDuration::from_hours(1))),
    ("code-day", Limit::rate(10, SignedDuration::from_hours(24))),
];
/// Codes that may be asked for from an address.
pub const PER_ADDRESS: Limit = Limit::rate(20, SignedDuration::from_hours(1));

const CODES: u128 = 1_000_000;

/// Whom a code is for.
#[derive(Clone, Copy)]
pub enum Recipient<'a> {
    /// A mobile number.
    Mobile(&'a str),
    /// Nobody: the name that was typed belongs to no account. All goes as for a number, but for the text.
    Nobody(&'a str),
}

impl Recipient<'_> {
    fn index(&self, cipher: &dyn Cipher) -> String {
        match self {
            Self::Mobile(number) => cipher.blind("mobile", number),
            Self::Nobody(name) => cipher.blind("no-mobile", name),
        }
    }
}

/// No code is sent before this instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limited {
    /// Too many for the number.
    Number(Timestamp),
    /// Too many from the address.
    Address(Timestamp),
}

/// The code that a message of this id carries.
pub fn code(cipher: &dyn Cipher, purpose: CodePurpose, message: &MessageId) -> String {
    let index = cipher.blind("code", &format!("{}/{message}", purpose.as_str()));
    let number = u128::from_str_radix(&index, 16).unwrap_or_default();
    format!("{:06}", number % CODES)
}

/// Where the number of a message is sealed for.
pub fn mobile_place(message: &MessageId) -> String {
    format!("code/{message}/mobile")
}

/// Sends a code, in place of one that was sent before; `address` is where the request came from.
/// Whoever calls it has let the request pass a captcha ([`crate::captchas::check`]).
pub async fn request(
    desk: &Desk,
    cipher: &dyn Cipher,
    purpose: CodePurpose,
    recipient: Recipient<'_>,
    address: &str,
) -> Result<Result<(), Limited>, Outage> {
    let now = desk.clock.now();
    let by_address = format!("code-address#{}", cipher.blind("address", address));
    if let Err(until) = desk.store.count(&by_address, PER_ADDRESS, now).await? {
        return Ok(Err(Limited::Address(until)));
    }
    let index = recipient.index(cipher);
    for (name, limit) in PER_NUMBER {
        if let Err(until) = desk.store.count(&format!("{name}#{index}"), limit, now).await? {
            return Ok(Err(Limited::Number(until)));
        }
    }
    let id = MessageId::from_ulid(desk.ids.ulid());
    let expires_at = now.checked_add(LIFE).unwrap_or(now);
    let ticket = Ticket { name: ticket_name(purpose, &index), holds: id.to_string(), expires_at };
    let commit = match recipient {
        Recipient::Mobile(number) => {
            let sealed_mobile = texts::sealed(cipher, &mobile_place(&id), number.as_bytes());
            let message = Message::Code { purpose, sealed_mobile };
            Commit { tickets: vec![ticket], messages: vec![Outgoing { id, message }], ..Commit::default() }
        }
        // A second ticket in place of the message: as many writes, in the same time.
        Recipient::Nobody(_) => {
            let other = Ticket { name: format!("{}#nobody", ticket.name), ..ticket.clone() };
            Commit { tickets: vec![ticket, other], ..Commit::default() }
        }
    };
    desk.store.commit(commit).await.map_err(|error| Outage::new("request-code", error))?;
    Ok(Ok(()))
}

/// The ticket of a code that is right, to be redeemed in the commit of its effect ([`Commit::redeemed`]). None if the
/// code is wrong, used, expired, or was tried too often: each call is a try.
pub async fn check(
    desk: &Desk,
    cipher: &dyn Cipher,
    purpose: CodePurpose,
    recipient: Recipient<'_>,
    given: &str,
) -> Result<Option<Ticket>, Outage> {
    let now = desk.clock.now();
    let name = ticket_name(purpose, &recipient.index(cipher));
    let Some(ticket) = desk.store.ticket(&name, now).await? else { return Ok(None) };
    let Ok(message) = MessageId::parse(&ticket.holds) else { return Ok(None) };
    if desk.store.count(&format!("code-tries#{message}"), Limit::rate(TRIES_MAX, LIFE), now).await?.is_err() {
        return Ok(None);
    }
    let right = code(cipher, purpose, &message).as_bytes().ct_eq(given.as_bytes());
    Ok(bool::from(right).then_some(ticket).filter(|_| matches!(recipient, Recipient::Mobile(_))))
}

fn ticket_name(purpose: CodePurpose, index: &str) -> String {
    format!("code#{}#{index}", purpose.as_str())
}
