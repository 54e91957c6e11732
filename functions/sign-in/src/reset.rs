//! Passwords: set by a one-time link, or by a code in place of a forgotten one.

use axum::extract::State;
use domain::account::Account;
use domain::message::CodePurpose;
use domain::password;
use domain::refusal::{Problem as Broken, Refusal};
use domain::sign_in::SignInOutcome;
use domain::user_name;
use http::StatusCode;
use lambda::http::{Caller, Json, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use workflow::codes::{self, Limited, Recipient};
use workflow::commit::{Commit, CommitError, NewPassword};
use workflow::ports::{Credentials, Ticket};
use workflow::{password_links, texts};

use crate::captcha::CaptchaAnswer;
use crate::{Door, passwords};

const PASSWORD: &str = "/password";

/// A password set by a link. No `Debug`: it is never logged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkInput {
    /// What stands behind the `#` of the link.
    token: String,
    /// At least ten characters, neither the user name nor one that everybody uses.
    #[schema(format = Password, min_length = 10, max_length = 128)]
    password: String,
}

/// Whose password was forgotten.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ForgottenInput {
    user_name: String,
    captcha: CaptchaAnswer,
}

/// A password set by a code. No `Debug`: it is never logged.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CodeInput {
    user_name: String,
    /// Six digits from the text message.
    #[schema(example = "123456")]
    code: String,
    /// As with a link.
    #[schema(format = Password, min_length = 10, max_length = 128)]
    password: String,
}

/// Set the password by the link of a text message. Every session of the account ends.
#[utoipa::path(post, path = "/passwords", tag = "session", security(()), request_body = LinkInput,
    responses((status = 204)))]
pub(crate) async fn set_by_link(
    State(door): State<Door>,
    caller: Caller,
    Json(input): Json<LinkInput>,
) -> Result<StatusCode, Problem> {
    let found = password_links::check(&door.desk, &input.token).await?;
    let credentials = match &found {
        Some((account, _)) => door.desk.store.credentials_of(account).await?.filter(|c| c.account.active),
        None => None,
    };
    let name = credentials.as_ref().map_or("", |c| c.account.user_name.as_str());
    let mut problems = password::problems(PASSWORD, &input.password, name);
    let (Some(credentials), Some((_, ticket))) = (credentials, found) else {
        problems.insert(0, link_expired());
        return Err(Refusal::invalid(problems).into());
    };
    Refusal::unless_none(problems)?;
    door.set_password(credentials.account, input.password, ticket, link_expired(), &caller).await
}

/// Forgotten password: a code goes to the registered mobile number, if there is such an account. A number gets one code
/// a minute, five an hour and ten a day; more are not sent, and the answer is the same.
#[utoipa::path(post, path = "/passwords/forgotten", tag = "session", security(()), request_body = ForgottenInput,
    responses((status = 202), (status = 429)))]
pub(crate) async fn forgotten(
    State(door): State<Door>,
    caller: Caller,
    Json(input): Json<ForgottenInput>,
) -> Result<StatusCode, Problem> {
    door.pass_captcha(&input.captcha).await?;
    let name = user_name::typed(&input.user_name);
    let credentials = door.credentials(&name).await?;
    let mobile = door.mobile(credentials.as_ref());
    let recipient = mobile.as_deref().map_or(Recipient::Nobody(&name), Recipient::Mobile);
    match codes::request(&door.desk, &*door.cipher, CodePurpose::PasswordReset, recipient, &caller.address).await? {
        Ok(()) | Err(Limited::Number(_)) => Ok(StatusCode::ACCEPTED),
        Err(Limited::Address(end)) => {
            let what = "您的网络请求短信验证码过于频繁";
            Err(Problem::until(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_CODES", end, door.now(), what))
        }
    }
}

/// Set the password by the code of a text message. Every session of the account ends.
#[utoipa::path(post, path = "/passwords/reset", tag = "session", security(()), request_body = CodeInput,
    responses((status = 204)))]
pub(crate) async fn set_by_code(
    State(door): State<Door>,
    caller: Caller,
    Json(input): Json<CodeInput>,
) -> Result<StatusCode, Problem> {
    let name = user_name::typed(&input.user_name);
    // Before the code: a password that is refused costs no try.
    Refusal::unless_none(password::problems(PASSWORD, &input.password, &name))?;
    let credentials = door.credentials(&name).await?;
    let mobile = door.mobile(credentials.as_ref());
    let recipient = mobile.as_deref().map_or(Recipient::Nobody(&name), Recipient::Mobile);
    let ticket =
        codes::check(&door.desk, &*door.cipher, CodePurpose::PasswordReset, recipient, input.code.trim()).await?;
    match (credentials, ticket) {
        (Some(credentials), Some(ticket)) => {
            door.set_password(credentials.account, input.password, ticket, code_wrong(), &caller).await
        }
        _ => Err(Refusal::invalid(vec![code_wrong()]).into()),
    }
}

impl Door {
    /// The registered number of an account that may sign in.
    fn mobile(&self, credentials: Option<&Credentials>) -> Option<String> {
        let account = credentials.map(|c| &c.account).filter(|account| account.active)?;
        texts::open(&*self.cipher, &account.id, account.sealed_mobile.as_deref()?)
    }

    /// Sets a password and redeems what allowed it, in one commit; forgets failures afterwards.
    async fn set_password(
        &self,
        account: Account,
        password: String,
        redeemed: Ticket,
        no_longer: Broken,
        caller: &Caller,
    ) -> Result<StatusCode, Problem> {
        let hash = passwords::hashed(self.desk.ids.clone(), password).await?;
        let commit = Commit {
            redeemed: Some(redeemed),
            sign_ins: vec![self.record(&account.id, SignInOutcome::PasswordSet, caller)],
            password: Some(NewPassword { account: account.id, hash }),
            ..Commit::default()
        };
        match self.desk.store.commit(commit).await {
            Ok(()) => {}
            Err(CommitError::Ticket) => return Err(Refusal::invalid(vec![no_longer]).into()),
            Err(other) => return Err(other.into()),
        }
        self.desk.store.forget(&self.tally(&user_name::typed(&account.user_name))).await?;
        Ok(StatusCode::NO_CONTENT)
    }
}

fn link_expired() -> Broken {
    Broken::new("/token", "LINK_EXPIRED", "链接无效、已使用或已超过72小时，请重新获取")
}

fn code_wrong() -> Broken {
    Broken::new("/code", "CODE_WRONG", "短信验证码不正确或已失效；连续输错5次后需重新获取")
}
