//! Signing in and out, and passwords.
//!
//! Trigger: API Gateway. Effect: sessions, counts and one-time tickets in the runtime table, passwords and second factors
//! in the registry, codes and links into the outbox, the sign-in log into the journal. Fails with problems; an unknown
//! name, a wrong password and a closed account get the same answer after the same work.

mod account_view;
mod captcha;
pub mod passwords;
mod picture;
mod reset;
mod second_factor;
mod session;
mod sessions;
mod sign_ins;
#[cfg(test)]
mod tests;
pub mod totp;

use std::sync::Arc;

use domain::ids::AccountId;
use domain::sign_in::{SignInOutcome, SignInRecord};
use jiff::{SignedDuration, Timestamp};
use lambda::http::Caller;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use workflow::desk::Desk;
use workflow::ports::{Cipher, Credentials, Limit, Outage, TokenSigner};

/// Failures in a row that lock a user name, and for how long (workflows: sign-in and accounts). They are counted by name
/// whether anybody has it or not, and before the password is looked at: of any number of guesses at once no more than
/// these are tried.
pub const LOCK_OUT: Limit =
    Limit { times: 5, within: SignedDuration::from_hours(24), lock: Some(SignedDuration::from_mins(15)) };
/// Longest user name, in bytes; no account has a longer one.
const USER_NAME_LENGTH_MAX: usize = 64;

/// What signing in needs.
#[derive(Clone)]
pub struct Door {
    /// Tables, clock, identifiers and secrets.
    pub desk: Desk,
    /// Keys of names, numbers, codes, links and second factors.
    pub cipher: Arc<dyn Cipher>,
    /// The token key.
    pub signer: Arc<dyn TokenSigner>,
}

/// The routes.
pub fn routes(door: Door) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(captcha::issue))
        .routes(routes!(sessions::open))
        .routes(routes!(sessions::refresh))
        .routes(routes!(sessions::close))
        .routes(routes!(sessions::me))
        .routes(routes!(reset::set_by_link))
        .routes(routes!(reset::forgotten))
        .routes(routes!(reset::set_by_code))
        .routes(routes!(second_factor::begin, second_factor::confirm))
        .routes(routes!(sign_ins::mine))
        .routes(routes!(sign_ins::of_account))
        .with_state(door)
}

impl Door {
    fn now(&self) -> Timestamp {
        self.desk.clock.now()
    }

    async fn credentials(&self, name: &str) -> Result<Option<Credentials>, Outage> {
        if !(1..=USER_NAME_LENGTH_MAX).contains(&name.len()) {
            return Ok(None);
        }
        self.desk.store.credentials(name).await
    }

    /// What a user name's failures are counted under.
    fn tally(&self, name: &str) -> String {
        format!("sign-in#{}", self.cipher.blind("user-name", name))
    }

    /// The account whose log an attempt goes into. Attempts on a name nobody has are logged too, under a hash of it.
    fn subject(&self, name: &str, credentials: Option<&Credentials>) -> Result<AccountId, Outage> {
        credentials
            .map_or_else(
                || AccountId::parse(&format!("nobody-{}", self.cipher.blind("user-name", name))),
                |credentials| Ok(credentials.account.id.clone()),
            )
            .map_err(|problem| Outage::new("log-sign-in", problem))
    }

    fn record(&self, account: &AccountId, outcome: SignInOutcome, caller: &Caller) -> SignInRecord {
        SignInRecord {
            id: self.desk.ids.ulid().to_string(),
            account: account.clone(),
            outcome,
            at: self.now(),
            network: caller.network(),
            agent: caller.agent.to_owned(),
        }
    }

    async fn log(&self, account: &AccountId, outcome: SignInOutcome, caller: &Caller) -> Result<(), Outage> {
        self.desk.store.record_sign_in(&self.record(account, outcome, caller)).await
    }
}
