//! Accounts, what signing in checks, and sessions.

use async_trait::async_trait;
use domain::account::Account;
use domain::ids::{AccountId, NodeId, UnitId};
use domain::organisation::{Node, Unit};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Outage;
use crate::scope::Scope;

/// An account with what sign-in checks.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The account.
    pub account: Account,
    /// PHC string of the password.
    pub password_hash: String,
    /// How often the password was set: a session of an earlier generation goes no further.
    pub generation: u64,
    /// The second factor, once it was confirmed.
    pub totp: Option<Totp>,
}

/// The second factor of an account: one-time codes by time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totp {
    /// The secret, sealed.
    pub sealed_secret: String,
    /// The last time step whose code was accepted; no code up to it is accepted again.
    pub last_step: u64,
}

/// The organisation, units, accounts and plans.
#[async_trait]
pub trait Registry: Send + Sync {
    /// A node.
    async fn node(&self, id: &NodeId) -> Result<Option<Node>, Outage>;

    /// A unit, if it lies in the scope.
    async fn unit(&self, id: &UnitId, scope: &Scope) -> Result<Option<Unit>, Outage>;

    /// An account.
    async fn account(&self, id: &AccountId) -> Result<Option<Account>, Outage>;

    /// Whether somebody has a user name (strongly consistent).
    async fn user_name_taken(&self, user_name: &str) -> Result<bool, Outage>;

    /// The account of the back office that has a mobile number, given as its keyed index (strongly consistent).
    async fn mobile_holder(&self, index: &str) -> Result<Option<AccountId>, Outage>;

    /// What sign-in checks for a user name (strongly consistent). Unknown names take as many calls.
    async fn credentials(&self, user_name: &str) -> Result<Option<Credentials>, Outage>;

    /// What sign-in checks for an account (strongly consistent).
    async fn credentials_of(&self, account: &AccountId) -> Result<Option<Credentials>, Outage>;

    /// Gives an account its second factor: one conditional write. False if it has one.
    async fn set_totp(&self, account: &AccountId, totp: &Totp) -> Result<bool, Outage>;

    /// Uses up a time step of the second factor: one conditional write. False if it or a later one was used.
    async fn use_totp_step(&self, account: &AccountId, step: u64) -> Result<bool, Outage>;
}

/// A refresh token's family as stored; the token itself is stored hashed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IssuedSession {
    /// The family: one sign-in.
    pub family: String,
    /// Whose.
    pub account: AccountId,
    /// The generation of the password it began with.
    pub generation: u64,
    /// SHA-256 of the current refresh token, hex.
    pub token_hash: String,
    /// End of the family's life.
    pub expires_at: Timestamp,
}

/// Why a refresh token was not rotated.
#[derive(Debug, thiserror::Error)]
pub enum RotateError {
    /// Unknown, expired or revoked.
    #[error("no such session")]
    Unknown,
    /// The token was used before: the whole family is revoked now.
    #[error("the refresh token was used before")]
    Reused,
    /// The store did not answer.
    #[error(transparent)]
    Outage(#[from] Outage),
}

/// Sign-in sessions.
#[async_trait]
pub trait Sessions: Send + Sync {
    /// Begins a session.
    async fn begin(&self, session: &IssuedSession) -> Result<(), Outage>;

    /// Replaces the current token hash by the next: one conditional write. A hash that is not the current one revokes
    /// the family.
    async fn rotate(
        &self,
        family: &str,
        token_hash: &str,
        next_hash: &str,
        now: Timestamp,
    ) -> Result<IssuedSession, RotateError>;

    /// Revokes a family.
    async fn revoke(&self, family: &str) -> Result<(), Outage>;
}
