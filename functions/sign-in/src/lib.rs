//! Signing in and out.
//!
//! Trigger: API Gateway. Effect: a session family in the runtime table, failures and locks on the account. Fails with
//! problems; an unknown name, a wrong password and a closed account get the same answer after the same time.

pub mod passwords;
mod session;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::extract::State;
use domain::account::{Account, Role};
use http::{HeaderValue, StatusCode, header::RETRY_AFTER};
use jiff::{SignedDuration, Timestamp};
use lambda::auth::{self, ACCESS_LIFE_S, Claims};
use lambda::http::{Json, Problem, Signed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use workflow::ports::{Clock, Credentials, Ids, IssuedSession, Outage, Registry, RotateError, Sessions, TokenSigner};

use self::session::RefreshToken;

/// Failures in a row that lock an account (workflows: sign-in and accounts).
pub const FAILURES_MAX: u32 = 5;
/// How long it is locked.
pub const LOCK: SignedDuration = SignedDuration::from_mins(15);
/// Life of a session, from signing in.
pub const SESSION_LIFE: SignedDuration = SignedDuration::from_hours(12);
/// Longest user name, in bytes; no account has a longer one.
const USER_NAME_LENGTH_MAX: usize = 64;

/// What signing in needs.
#[derive(Clone)]
pub struct Door {
    /// Accounts.
    pub registry: Arc<dyn Registry>,
    /// Sessions.
    pub sessions: Arc<dyn Sessions>,
    /// The token key.
    pub signer: Arc<dyn TokenSigner>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// New identifiers and secrets.
    pub ids: Arc<dyn Ids>,
}

/// The routes.
pub fn routes(door: Door) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(open))
        .routes(routes!(refresh))
        .routes(routes!(close))
        .routes(routes!(me))
        .with_state(door)
}

/// What somebody signs in with. No `Debug`: it is never logged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SignInInput {
    /// Surrounding spaces and capitals do not matter.
    #[schema(example = "zhangsan")]
    user_name: String,
    #[schema(format = Password)]
    password: String,
}

/// What a session goes on with. No `Debug`: it is never logged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RefreshInput {
    refresh_token: String,
}

/// The tokens of a session, and whose it is.
#[derive(Serialize, ToSchema)]
struct SessionView {
    /// Bearer token for the `Authorization` header.
    access_token: String,
    /// Life of the access token, in seconds.
    expires_in_s: i64,
    /// Good for one refresh, which gives the next.
    refresh_token: String,
    account: AccountView,
}

/// An account as its owner sees it.
#[derive(Serialize, ToSchema)]
struct AccountView {
    id: String,
    /// Name shown.
    name: String,
    #[schema(value_type = Vec<String>, example = json!(["unit-handler"]))]
    roles: Vec<Role>,
    /// Where the account sits in the tree.
    #[schema(example = "/hq/2602/baoji/")]
    node: String,
    /// The unit of a unit's own account.
    unit: Option<String>,
}

impl From<Account> for AccountView {
    fn from(account: Account) -> Self {
        let Account { id, name, roles, node, unit, .. } = account;
        Self { id: id.into(), name, roles, node: node.into(), unit: unit.map(String::from) }
    }
}

/// Sign in.
#[utoipa::path(post, path = "/sessions", tag = "session", security(()), request_body = SignInInput,
    responses((status = 201, body = SessionView)))]
async fn open(
    State(door): State<Door>,
    Json(input): Json<SignInInput>,
) -> Result<(StatusCode, Json<SessionView>), Problem> {
    let now = door.clock.now();
    let credentials = door.credentials(&input.user_name).await?;
    if let Some(until) = credentials.as_ref().and_then(|c| c.locked_until).filter(|until| *until > now) {
        return Err(locked(until, now));
    }
    let hash = credentials.as_ref().map(|c| c.password_hash.clone());
    let correct = passwords::is_correct(input.password, hash).await?;
    let Some(credentials) = credentials else { return Err(failed()) };
    if !correct {
        return Err(door.count_failure(&credentials, now).await?);
    }
    if !credentials.account.active {
        return Err(failed());
    }
    if credentials.failures > 0 || credentials.locked_until.is_some() {
        door.registry.record_failures(&credentials.account.id, 0, None).await?;
    }
    let token = RefreshToken::first(&*door.ids);
    let session = IssuedSession {
        family: token.family().to_owned(),
        account: credentials.account.id.clone(),
        token_hash: token.hash(),
        expires_at: now + SESSION_LIFE,
    };
    door.sessions.begin(&session).await?;
    Ok((StatusCode::CREATED, Json(door.tokens(credentials.account, &token).await?)))
}

/// Go on with a session: a new access token and the next refresh token. The one sent is used up.
#[utoipa::path(post, path = "/sessions/refresh", tag = "session", security(()), request_body = RefreshInput,
    responses((status = 200, body = SessionView)))]
async fn refresh(State(door): State<Door>, Json(input): Json<RefreshInput>) -> Result<Json<SessionView>, Problem> {
    let used = RefreshToken::parse(&input.refresh_token).ok_or_else(ended)?;
    let next = RefreshToken::next(used.family().to_owned(), &*door.ids);
    let rotated = door.sessions.rotate(used.family(), &used.hash(), &next.hash(), door.clock.now()).await;
    let session = match rotated {
        Ok(session) => session,
        Err(RotateError::Unknown) => return Err(ended()),
        Err(RotateError::Reused) => {
            tracing::warn!(session.family = used.family(), "Revoked a session: its refresh token was used twice");
            return Err(ended());
        }
        Err(RotateError::Outage(outage)) => return Err(outage.into()),
    };
    match door.registry.account(&session.account).await?.filter(|account| account.active) {
        Some(account) => Ok(Json(door.tokens(account, &next).await?)),
        None => {
            door.sessions.revoke(&session.family).await?;
            Err(ended())
        }
    }
}

/// Sign out: the session of the bearer token goes no further.
#[utoipa::path(delete, path = "/sessions/current", tag = "session", responses((status = 204)))]
async fn close(State(door): State<Door>, signed: Signed) -> Result<StatusCode, Problem> {
    door.sessions.revoke(&signed.family).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is signed in, as the account stands now.
#[utoipa::path(get, path = "/me", tag = "session", responses((status = 200, body = AccountView)))]
async fn me(State(door): State<Door>, signed: Signed) -> Result<Json<AccountView>, Problem> {
    let account = door.registry.account(&signed.actor.account).await?.filter(|account| account.active);
    account.map(|account| Json(account.into())).ok_or_else(Problem::not_signed_in)
}

impl Door {
    async fn credentials(&self, typed: &str) -> Result<Option<Credentials>, Outage> {
        let user_name = typed.trim().to_lowercase();
        if !(1..=USER_NAME_LENGTH_MAX).contains(&user_name.len()) {
            return Ok(None);
        }
        self.registry.credentials(&user_name).await
    }

    /// Counts a wrong password, and locks the account at the last one allowed. A lock that has run out starts anew.
    async fn count_failure(&self, credentials: &Credentials, now: Timestamp) -> Result<Problem, Outage> {
        let before = if credentials.locked_until.is_some() { 0 } else { credentials.failures };
        let failures = before.saturating_add(1);
        let until = (failures >= FAILURES_MAX).then(|| now + LOCK);
        self.registry.record_failures(&credentials.account.id, failures, until).await?;
        Ok(until.map_or_else(failed, |until| locked(until, now)))
    }

    async fn tokens(&self, account: Account, token: &RefreshToken) -> Result<SessionView, Outage> {
        let claims = Claims::new(account.actor(), token.family(), self.clock.now());
        let access_token = auth::issue(&*self.signer, &claims).await?;
        Ok(SessionView {
            access_token,
            expires_in_s: ACCESS_LIFE_S,
            refresh_token: token.text(),
            account: account.into(),
        })
    }
}

fn failed() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "SIGN_IN_FAILED", "用户名或密码不正确")
}

fn ended() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "SESSION_ENDED", "登录已失效，请重新登录")
}

fn locked(until: Timestamp, now: Timestamp) -> Problem {
    let left_s = until.duration_since(now).as_secs().max(1);
    let minutes = (left_s + 59) / 60;
    let detail = format!("密码连续输错{FAILURES_MAX}次，账户已锁定，请{minutes}分钟后再试");
    Problem::new(StatusCode::LOCKED, "ACCOUNT_LOCKED", detail).with_header(RETRY_AFTER, HeaderValue::from(left_s))
}
