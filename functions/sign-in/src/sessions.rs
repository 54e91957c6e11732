//! Sessions: signing in, going on, signing out.

use axum::extract::State;
use domain::account::{Account, Role};
use domain::ids::AccountId;
use domain::sign_in::SignInOutcome;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use lambda::auth::{self, ACCESS_LIFE_S, Claims};
use lambda::http::{Caller, Json, Problem, Signed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::ports::{Credentials, IssuedSession, Outage, RotateError};

use crate::captcha::CaptchaAnswer;
use crate::session::RefreshToken;
use crate::{Door, LOCK_OUT, passwords, until, user_name};

/// Life of a session, from signing in.
pub(crate) const SESSION_LIFE: SignedDuration = SignedDuration::from_hours(12);

/// What somebody signs in with. No `Debug`: it is never logged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignInInput {
    /// Surrounding spaces and capitals do not matter.
    #[schema(example = "zhangsan")]
    user_name: String,
    #[schema(format = Password)]
    password: String,
    captcha: CaptchaAnswer,
    /// Six digits of the authenticator, for an account that has one.
    #[schema(example = "287082")]
    totp: Option<String>,
}

/// What a session goes on with. No `Debug`: it is never logged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshInput {
    refresh_token: String,
}

/// The tokens of a session, and whose it is.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionView {
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
pub(crate) struct AccountView {
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
pub(crate) async fn open(
    State(door): State<Door>,
    caller: Caller,
    Json(input): Json<SignInInput>,
) -> Result<(StatusCode, Json<SessionView>), Problem> {
    door.pass_captcha(&input.captcha).await?;
    let name = user_name(&input.user_name);
    let attempt = Attempt::begin(&door, &name, &caller).await?;
    let credentials = door.credentials(&name).await?;
    let subject = door.subject(&name, credentials.as_ref())?;
    let correct = passwords::is_correct(input.password, credentials.as_ref().map(|c| c.password_hash.clone())).await?;
    let Some(credentials) = credentials.filter(|credentials| correct && credentials.account.active) else {
        return Err(attempt.failed(&subject, failed()).await?);
    };
    match (&credentials.totp, &input.totp) {
        (None, _) => {}
        // Stays counted, or it would give guesses of the code for nothing.
        (Some(_), None) => return Err(totp_required()),
        (Some(totp), Some(given)) => {
            if !door.use_totp(&subject, totp, given).await? {
                return Err(attempt.failed(&subject, totp_wrong()).await?);
            }
        }
    }
    door.log(&subject, SignInOutcome::SignedIn, &caller).await?;
    door.desk.store.forget(&attempt.tally).await?;
    Ok((StatusCode::CREATED, Json(door.begin(credentials).await?)))
}

/// Go on with a session: a new access token and the next refresh token. The one sent is used up.
#[utoipa::path(post, path = "/sessions/refresh", tag = "session", security(()), request_body = RefreshInput,
    responses((status = 200, body = SessionView)))]
pub(crate) async fn refresh(
    State(door): State<Door>,
    Json(input): Json<RefreshInput>,
) -> Result<Json<SessionView>, Problem> {
    let used = RefreshToken::parse(&input.refresh_token).ok_or_else(ended)?;
    let next = RefreshToken::next(used.family().to_owned(), &*door.desk.ids);
    let rotated = door.desk.store.rotate(used.family(), &used.hash(), &next.hash(), door.now()).await;
    let session = match rotated {
        Ok(session) => session,
        Err(RotateError::Unknown) => return Err(ended()),
        Err(RotateError::Reused) => {
            tracing::warn!(session.family = used.family(), "Revoked a session: its refresh token was used twice");
            return Err(ended());
        }
        Err(RotateError::Outage(outage)) => return Err(outage.into()),
    };
    let credentials = door.desk.store.credentials_of(&session.account).await?;
    let valid = |c: &Credentials| c.account.active && c.generation == session.generation;
    match credentials.filter(valid) {
        Some(credentials) => Ok(Json(door.tokens(credentials.account, &next).await?)),
        None => {
            door.desk.store.revoke(&session.family).await?;
            Err(ended())
        }
    }
}

/// Sign out: the session of the bearer token goes no further.
#[utoipa::path(delete, path = "/sessions/current", tag = "session", responses((status = 204)))]
pub(crate) async fn close(State(door): State<Door>, caller: Caller, signed: Signed) -> Result<StatusCode, Problem> {
    door.desk.store.revoke(&signed.family).await?;
    door.log(&signed.actor.account, SignInOutcome::SignedOut, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who is signed in, as the account stands now.
#[utoipa::path(get, path = "/me", tag = "session", responses((status = 200, body = AccountView)))]
pub(crate) async fn me(State(door): State<Door>, signed: Signed) -> Result<Json<AccountView>, Problem> {
    let account = door.desk.store.account(&signed.actor.account).await?.filter(|account| account.active);
    account.map(|account| Json(account.into())).ok_or_else(Problem::not_signed_in)
}

/// An attempt to sign in, counted.
struct Attempt<'a> {
    door: &'a Door,
    caller: &'a Caller,
    tally: String,
    count: u32,
    at: Timestamp,
}

impl<'a> Attempt<'a> {
    /// Counts an attempt; refuses if the name is locked.
    async fn begin(door: &'a Door, name: &str, caller: &'a Caller) -> Result<Self, Problem> {
        let (tally, at) = (door.tally(name), door.now());
        match door.desk.store.count(&tally, LOCK_OUT, at).await? {
            Ok(count) => Ok(Self { door, caller, tally, count, at }),
            Err(end) => Err(locked(end, at)),
        }
    }

    /// Logs the failure; the last one allowed is answered as a lock.
    async fn failed(&self, subject: &AccountId, otherwise: Problem) -> Result<Problem, Outage> {
        let lock = LOCK_OUT.lock.filter(|_| self.count >= LOCK_OUT.times);
        let outcome = lock.map_or(SignInOutcome::Failed, |_| SignInOutcome::Locked);
        self.door.log(subject, outcome, self.caller).await?;
        Ok(lock.map_or(otherwise, |lock| locked(self.at + lock, self.at)))
    }
}

impl Door {
    async fn begin(&self, credentials: Credentials) -> Result<SessionView, Outage> {
        let token = RefreshToken::first(&*self.desk.ids);
        let session = IssuedSession {
            family: token.family().to_owned(),
            account: credentials.account.id.clone(),
            generation: credentials.generation,
            token_hash: token.hash(),
            expires_at: self.now() + SESSION_LIFE,
        };
        self.desk.store.begin(&session).await?;
        self.tokens(credentials.account, &token).await
    }

    async fn tokens(&self, account: Account, token: &RefreshToken) -> Result<SessionView, Outage> {
        let claims = Claims::new(account.actor(), token.family(), self.now());
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

fn totp_required() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "TOTP_REQUIRED", "请输入身份验证器上的6位动态口令")
}

fn totp_wrong() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "TOTP_WRONG", "动态口令不正确或已使用，请等待下一个口令")
}

fn ended() -> Problem {
    Problem::new(StatusCode::UNAUTHORIZED, "SESSION_ENDED", "登录已失效，请重新登录")
}

fn locked(end: Timestamp, now: Timestamp) -> Problem {
    let what = format!("连续{}次登录失败，账户已锁定", LOCK_OUT.times);
    until(StatusCode::LOCKED, "ACCOUNT_LOCKED", end, now, &what)
}
