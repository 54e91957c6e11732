//! The second factor of back-office accounts: an authenticator is shown its secret once, proves that it has it, and its
//! code is asked for at every sign-in from then on.

use axum::extract::State;
use domain::account::{Account, Actor};
use domain::ids::AccountId;
use domain::refusal::{Problem as Broken, Refusal};
use domain::sign_in::SignInOutcome;
use http::StatusCode;
use jiff::SignedDuration;
use lambda::http::{Caller, Json, Problem, Signed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::ports::{Outage, Ticket, Totp};
use workflow::texts::{opened, sealed};

use crate::Door;
use crate::totp::{SECRET_BYTES, base32, step_of};

/// How long a secret waits for its first code.
const PENDING: SignedDuration = SignedDuration::from_mins(10);
const ISSUER: &str = "职工互助保障";

/// A secret to put into an authenticator. No `Debug`: it is never logged.
#[derive(Serialize, ToSchema)]
pub(crate) struct TotpView {
    /// To be typed.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    secret: String,
    /// To be scanned as a QR code.
    #[schema(example = "otpauth://totp/…")]
    uri: String,
}

/// The first code.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TotpInput {
    #[schema(example = "287082")]
    code: String,
}

/// A new secret for an authenticator. It counts once its first code is confirmed, within ten minutes.
#[utoipa::path(post, path = "/me/totp", tag = "session", responses((status = 201, body = TotpView)))]
pub(crate) async fn begin(State(door): State<Door>, signed: Signed) -> Result<(StatusCode, Json<TotpView>), Problem> {
    let account = door.may_enrol(&signed.actor).await?;
    let bytes = &door.desk.ids.secret()[..SECRET_BYTES];
    let secret = base32(bytes);
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let issuer = encoded(ISSUER);
    let uri = format!("otpauth://totp/{issuer}:{}?secret={secret}&issuer={issuer}", encoded(&account.user_name));
    let ticket = Ticket {
        name: ticket_name(&account.id),
        holds: sealed(&*door.cipher, &secret_place(&account.id), bytes),
        expires_at: door.now() + PENDING,
    };
    door.desk.store.keep_ticket(&ticket).await?;
    Ok((StatusCode::CREATED, Json(TotpView { secret, uri })))
}

/// Confirm the authenticator by its first code.
#[utoipa::path(put, path = "/me/totp", tag = "session", request_body = TotpInput, responses((status = 204)))]
pub(crate) async fn confirm(
    State(door): State<Door>,
    caller: Caller,
    signed: Signed,
    Json(input): Json<TotpInput>,
) -> Result<StatusCode, Problem> {
    let account = door.may_enrol(&signed.actor).await?.id;
    let Some(ticket) = door.desk.store.ticket(&ticket_name(&account), door.now()).await? else {
        return Err(Refusal::conflict("TOTP_NOT_BEGUN", "请先获取动态口令的密钥，并在10分钟内确认").into());
    };
    let Some(last_step) = door.totp_step(&account, &ticket.holds, &input.code)? else {
        let problem = Broken::new("/code", "TOTP_WRONG", "动态口令不正确，请核对手机时间后重试");
        return Err(Refusal::invalid(vec![problem]).into());
    };
    if !door.desk.store.set_totp(&account, &Totp { sealed_secret: ticket.holds, last_step }).await? {
        return Err(enrolled());
    }
    door.desk.store.take_ticket(&ticket.name, door.now()).await?;
    door.log(&account, SignInOutcome::TotpSet, &caller).await?;
    Ok(StatusCode::NO_CONTENT)
}

impl Door {
    /// The account, if it is of the back office and has no second factor yet: whoever holds an access token for a moment
    /// shall not replace it.
    async fn may_enrol(&self, actor: &Actor) -> Result<Account, Problem> {
        if actor.unit.is_some() {
            return Err(Refusal::not_permitted().into());
        }
        let credentials = self.desk.store.credentials_of(&actor.account).await?.filter(|c| c.account.active);
        let credentials = credentials.ok_or_else(Problem::not_signed_in)?;
        if credentials.totp.is_some() { Err(enrolled()) } else { Ok(credentials.account) }
    }

    /// Whether a code is right and was not used before; it is used now.
    pub(crate) async fn use_totp(&self, account: &AccountId, totp: &Totp, given: &str) -> Result<bool, Outage> {
        match self.totp_step(account, &totp.sealed_secret, given)? {
            Some(step) => self.desk.store.use_totp_step(account, step).await,
            None => Ok(false),
        }
    }

    fn totp_step(&self, account: &AccountId, sealed: &str, given: &str) -> Result<Option<u64>, Outage> {
        let secret = opened(&*self.cipher, &secret_place(account), sealed);
        let secret = secret.ok_or_else(|| Outage::new("open-totp", "the secret cannot be opened"))?;
        Ok(step_of(&secret, given.trim(), self.now()))
    }
}

fn enrolled() -> Problem {
    Refusal::conflict("TOTP_SET", "已绑定动态口令；如需更换请联系管理员").into()
}

fn ticket_name(account: &AccountId) -> String {
    format!("totp#{account}")
}

fn secret_place(account: &AccountId) -> String {
    format!("account/{account}/totp")
}
