//! Sessions: signing in, going on, signing out.

use axum::extract::State;
use domain::account::Account;
use domain::ids::AccountId;
use domain::sign_in::SignInOutcome;
use domain::user_name;
use http::header::{AUTHORIZATION, SET_COOKIE};
use http::{HeaderMap, Method, StatusCode};
use jiff::{SignedDuration, Timestamp};
use lambda::auth::{self, ACCESS_LIFE_S, Claims};
use lambda::http::{
    ACCESS_COOKIE, Caller, Fault, Json, Problem, REFRESH_COOKIE, SessionMode, Signed, cleared, cookie, sent_by_portal,
    set_cookie,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::ports::{Credentials, IssuedSession, Outage, RotateError};

use crate::account_view::AccountView;
use crate::captcha::CaptchaAnswer;
use crate::session::RefreshToken;
use crate::{Door, LOCK_OUT, passwords};

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
    /// Not with `X-Session-Mode: cookie`.
    refresh_token: Option<String>,
}

/// The tokens of a session, and whose it is.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionView {
    /// Bearer token for the `Authorization` header; not with `X-Session-Mode: cookie`.
    #[serde(skip_serializing_if = "Option::is_none")]
    access_token: Option<String>,
    /// Life of the access token, in seconds.
    expires_in_s: i64,
    /// Good for one refresh, which gives the next; not with `X-Session-Mode: cookie`.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    account: AccountView,
}

/// An answer with the tokens of a session: in the body, or as cookies beside it.
type WithTokens = (HeaderMap, Json<SessionView>);

/// Sign in.
#[utoipa::path(post, path = "/sessions", tag = "session", security(()), params(SessionMode), request_body = SignInInput,
    responses((status = 201, body = SessionView), (status = 401), (status = 423)))]
pub(crate) async fn open(
    State(door): State<Door>,
    mode: SessionMode,
    caller: Caller,
    Json(input): Json<SignInInput>,
) -> Result<(StatusCode, HeaderMap, Json<SessionView>), Problem> {
    door.pass_captcha(&input.captcha).await?;
    let name = user_name::typed(&input.user_name);
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
    let (cookies, session) = door.begin(credentials, mode).await?;
    Ok((StatusCode::CREATED, cookies, session))
}

/// Go on with a session: a new access token and the next refresh token. The one sent is used up.
#[utoipa::path(post, path = "/sessions/refresh", tag = "session", security(()), params(SessionMode),
    request_body = RefreshInput, responses((status = 200, body = SessionView), (status = 401), (status = 403)))]
pub(crate) async fn refresh(
    State(door): State<Door>,
    mode: SessionMode,
    headers: HeaderMap,
    Json(input): Json<RefreshInput>,
) -> Result<WithTokens, Problem> {
    match mode {
        SessionMode::Body => door.go_on(&input.refresh_token.ok_or_else(token_missing)?, mode).await,
        SessionMode::Cookie => {
            sent_by_portal(&Method::POST, &headers)?;
            let token = cookie(&headers, REFRESH_COOKIE).unwrap_or_default();
            match door.go_on(token, mode).await {
                // What is over is not kept, or the browser would send it for hours.
                Err(problem) if problem.status_code() == StatusCode::UNAUTHORIZED => {
                    Err(problem.with_headers(cleared()?))
                }
                outcome => outcome,
            }
        }
    }
}

/// Sign out: the session of the access token goes no further, and the browser forgets both tokens. Where only the cookie of
/// the refresh token is left, its session is ended.
#[utoipa::path(delete, path = "/sessions/current", tag = "session", responses((status = 204)))]
pub(crate) async fn close(
    State(door): State<Door>,
    caller: Caller,
    headers: HeaderMap,
    signed: Result<Signed, Problem>,
) -> Result<(StatusCode, HeaderMap), Problem> {
    let (family, account) = match signed {
        Ok(Signed { actor, family }) => (family, actor.account),
        Err(problem) if problem.status_code() == StatusCode::UNAUTHORIZED && !headers.contains_key(AUTHORIZATION) => {
            let session = door.session_of_cookie(&headers).await?;
            session.ok_or(problem.with_headers(cleared()?))?
        }
        Err(problem) => return Err(problem),
    };
    door.desk.store.revoke(&family).await?;
    door.log(&account, SignInOutcome::SignedOut, &caller).await?;
    Ok((StatusCode::NO_CONTENT, cleared()?))
}

/// Who is signed in, as the account stands now.
#[utoipa::path(get, path = "/me", tag = "session", responses((status = 200, body = AccountView)))]
pub(crate) async fn me(State(door): State<Door>, signed: Signed) -> Result<Json<AccountView>, Problem> {
    let account = door.desk.store.account(&signed.actor.account).await?.filter(|account| account.active);
    let account = account.ok_or_else(Problem::not_signed_in)?;
    Ok(Json(door.view(account).await?))
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
    async fn begin(&self, credentials: Credentials, mode: SessionMode) -> Result<WithTokens, Problem> {
        let token = RefreshToken::first(&*self.desk.ids);
        let session = IssuedSession {
            family: token.family().to_owned(),
            account: credentials.account.id.clone(),
            generation: credentials.generation,
            token_hash: token.hash(),
            expires_at: self.now() + SESSION_LIFE,
        };
        self.desk.store.begin(&session).await?;
        self.tokens(credentials.account, &token, session.expires_at, mode).await
    }

    async fn go_on(&self, token: &str, mode: SessionMode) -> Result<WithTokens, Problem> {
        let used = RefreshToken::parse(token).ok_or_else(ended)?;
        let (session, next) = self.rotate(&used).await?.ok_or_else(ended)?;
        let credentials = self.desk.store.credentials_of(&session.account).await?;
        let valid = |c: &Credentials| c.account.active && c.generation == session.generation;
        match credentials.filter(valid) {
            Some(credentials) => self.tokens(credentials.account, &next, session.expires_at, mode).await,
            None => {
                self.desk.store.revoke(&session.family).await?;
                Err(ended())
            }
        }
    }

    /// Uses a refresh token up; none if its session is over, or is now because the token was used before.
    async fn rotate(&self, used: &RefreshToken) -> Result<Option<(IssuedSession, RefreshToken)>, Outage> {
        let next = RefreshToken::next(used.family().to_owned(), &*self.desk.ids);
        match self.desk.store.rotate(used.family(), &used.hash(), &next.hash(), self.now()).await {
            Ok(session) => Ok(Some((session, next))),
            Err(RotateError::Unknown) => Ok(None),
            Err(RotateError::Reused) => {
                tracing::warn!(session.family = used.family(), "Revoked a session: its refresh token was used twice");
                Ok(None)
            }
            Err(RotateError::Outage(outage)) => Err(outage),
        }
    }

    /// Family and account of the session whose refresh token is in the cookie; the token is used up.
    async fn session_of_cookie(&self, headers: &HeaderMap) -> Result<Option<(String, AccountId)>, Problem> {
        let Some(used) = cookie(headers, REFRESH_COOKIE).and_then(RefreshToken::parse) else { return Ok(None) };
        sent_by_portal(&Method::DELETE, headers)?;
        let rotated = self.rotate(&used).await?;
        Ok(rotated.map(|(session, _)| (session.family, session.account)))
    }

    async fn tokens(
        &self,
        account: Account,
        token: &RefreshToken,
        ends_at: Timestamp,
        mode: SessionMode,
    ) -> Result<WithTokens, Problem> {
        let now = self.now();
        let access = auth::issue(&*self.signer, &Claims::new(account.actor(), token.family(), now)).await?;
        let (refresh, account) = (token.text(), self.view(account).await?);
        let mut cookies = HeaderMap::new();
        let mut session = SessionView { access_token: None, expires_in_s: ACCESS_LIFE_S, refresh_token: None, account };
        match mode {
            SessionMode::Body => {
                session.access_token = Some(access);
                session.refresh_token = Some(refresh);
            }
            SessionMode::Cookie => {
                let left_s = ends_at.duration_since(now).as_secs();
                cookies.append(SET_COOKIE, set_cookie(ACCESS_COOKIE, &access, ACCESS_LIFE_S)?);
                cookies.append(SET_COOKIE, set_cookie(REFRESH_COOKIE, &refresh, left_s)?);
            }
        }
        Ok((cookies, Json(session)))
    }
}

fn token_missing() -> Problem {
    Problem::malformed(vec![Fault::new("/refresh_token", "FIELD_MISSING", "缺少必填的内容")])
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
    Problem::until(StatusCode::LOCKED, "ACCOUNT_LOCKED", end, now, &what)
}
