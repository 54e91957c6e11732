//! One-time links to set a password (workflows: sign-in and accounts).
//!
//! The link's token follows, by the keyed index, from the account and the id of the message that carries it. At rest are
//! the message, which does not tell the token without the key, and the token's SHA-256.

use domain::ids::{AccountId, MessageId};
use domain::message::{Message, Outgoing};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use crate::commit::Commit;
use crate::desk::Desk;
use crate::ports::{Cipher, Outage, Ticket};

/// How long a link is good.
pub const LIFE: SignedDuration = SignedDuration::from_hours(72);
/// Digits of a token.
const TOKEN_LENGTH: usize = 32;

/// The token that a message of this id carries: 32 hex digits.
pub fn token(cipher: &dyn Cipher, account: &AccountId, message: &MessageId) -> String {
    cipher.blind("password-link", &format!("{account}/{message}"))
}

/// The link as it is sent. The token stands behind the `#`: browsers send it to no server, and no log has it.
pub fn link(public_url: &str, token: &str) -> String {
    format!("{public_url}/set-password#{token}")
}

/// Adds a link for an account to the commit of whatever makes it necessary; `message` is a new id.
#[must_use]
pub fn invite(
    mut commit: Commit,
    cipher: &dyn Cipher,
    account: &AccountId,
    message: MessageId,
    now: Timestamp,
) -> Commit {
    let expires_at = now.checked_add(LIFE).unwrap_or(now);
    let name = ticket_name(&token(cipher, account, &message));
    commit.tickets.push(Ticket { name, holds: account.to_string(), expires_at });
    commit.messages.push(Outgoing { id: message, message: Message::PasswordLink { account: account.clone() } });
    commit
}

/// Sends an account a link, and nothing else.
pub async fn issue(desk: &Desk, cipher: &dyn Cipher, account: &AccountId) -> Result<(), Outage> {
    let message = MessageId::from_ulid(desk.ids.ulid());
    let commit = invite(Commit::default(), cipher, account, message, desk.clock.now());
    desk.store.commit(commit).await.map_err(|error| Outage::new("issue-password-link", error))
}

/// The account of a token with the ticket, to be redeemed in the commit of its effect ([`Commit::redeemed`]). None if it
/// is wrong, used or expired.
pub async fn check(desk: &Desk, token: &str) -> Result<Option<(AccountId, Ticket)>, Outage> {
    if token.len() != TOKEN_LENGTH {
        return Ok(None);
    }
    let ticket = desk.store.ticket(&ticket_name(token), desk.clock.now()).await?;
    Ok(ticket.and_then(|ticket| Some((AccountId::parse(&ticket.holds).ok()?, ticket))))
}

fn ticket_name(token: &str) -> String {
    let hash: String = Sha256::digest(token).iter().map(|byte| format!("{byte:02x}")).collect();
    format!("password-link#{hash}")
}
