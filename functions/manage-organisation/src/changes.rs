//! New accounts of the back office, and changes of accounts.

use axum::extract::State;
use domain::account::{Account, Actor, Permission, Role};
use domain::administration::{AccountCommand, Appointment};
use domain::ids::AccountId;
use http::StatusCode;
use lambda::http::{Answer, Command, Empty, IdempotencyKey, IfMatch, Once, Path, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::administration::{Asked, account_in_scope, as_of_now, change_account, existing, open_account};
use workflow::desk::StepError;

use crate::{Chancery, must};

/// A new account of the back office.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewAccountInput {
    /// 姓名
    #[schema(example = "张三")]
    name: String,
    /// 用户名: 3 to 40 small letters and digits, a letter first; absent, the pinyin of the name.
    #[schema(example = "zhangsan")]
    user_name: Option<String>,
    /// At least one. `org-admin` and `auditor` are granted from above only.
    #[schema(value_type = Vec<String>, example = json!(["finance"]))]
    roles: Vec<Role>,
    /// Path of the node it sits at.
    #[schema(example = "/hq/2602/")]
    node: String,
    /// 手机号码, no other back-office account's: where the link to set the password goes.
    #[schema(example = "13800000000")]
    mobile: String,
}

/// An account as it should be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccountInput {
    /// 姓名
    #[schema(example = "张三")]
    name: String,
    /// At least one. `org-admin` and `auditor` are granted from above only.
    #[schema(value_type = Vec<String>, example = json!(["finance"]))]
    roles: Vec<Role>,
    /// Path of the node it sits at; a unit's account stays where it is.
    #[schema(example = "/hq/2602/")]
    node: String,
    /// A new mobile number; absent, the one there is stays.
    #[schema(example = "13800000000")]
    mobile: Option<String>,
}

/// Why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReasonInput {
    /// At most 200 characters.
    reason: String,
}

/// Where a command left the account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountOutcome {
    /// Identifier.
    id: String,
    /// 用户名
    user_name: String,
    /// Whether it may sign in.
    active: bool,
    /// Version, for the next `If-Match`.
    version: u64,
}

fn outcome(status: StatusCode, account: &Account) -> Answer {
    let Account { id, user_name, active, version, .. } = account.clone();
    let outcome = AccountOutcome { id: id.into(), user_name, active, version };
    Answer::json(status, &outcome).version(version)
}

/// Open an account of the back office within one's subtree. A text tells its user name and the link to set a password.
#[utoipa::path(post, path = "/accounts", tag = "administration", params(IdempotencyKey), request_body = NewAccountInput,
    responses((status = 201, body = AccountOutcome)))]
pub(crate) async fn open(State(c): State<Chancery>, command: Command<NewAccountInput>) -> Result<Answer, Problem> {
    let Command { actor, once, body: NewAccountInput { name, user_name, roles, node, mobile } } = command;
    must(&actor, Permission::ManageAccounts)?;
    let opened = |account: &Account| outcome(StatusCode::CREATED, account);
    let work = async {
        let node = existing(&c.desk, &node).await?;
        let asked = (Appointment { name, roles, node, mobile: Some(mobile) }, user_name.as_deref());
        let answer = |account: &Account| once.record(&opened(account));
        Ok(opened(&open_account(&c.desk, &*c.cipher, &actor, asked, &answer).await?))
    };
    c.once(&once, work).await
}

impl Chancery {
    async fn change(
        &self,
        id: &AccountId,
        IfMatch(seen): IfMatch,
        (actor, once): (&Actor, &Once),
        command: impl Future<Output = Result<AccountCommand, StepError>> + Send,
    ) -> Result<Answer, Problem> {
        must(actor, Permission::ManageAccounts)?;
        let work = async {
            let changed = |account: &Account| outcome(StatusCode::OK, account);
            let answer = |account: &Account| once.record(&changed(account));
            let asked = Asked { actor, id, seen, answer: &answer };
            Ok(changed(&change_account(&self.desk, &*self.cipher, asked, command.await?).await?))
        };
        self.once(once, work).await
    }

    /// Carries out what is asked with a reason and nothing else.
    async fn for_a_reason(
        &self,
        id: &AccountId,
        seen: IfMatch,
        command: Command<ReasonInput>,
        of: impl FnOnce(String) -> AccountCommand + Send,
    ) -> Result<Answer, Problem> {
        let Command { actor, once, body: ReasonInput { reason } } = command;
        self.change(id, seen, (&actor, &once), async { Ok(of(reason)) }).await
    }
}

/// Change name, roles, place and mobile number. Roles take effect with the account's next access token.
#[utoipa::path(put, path = "/accounts/{account}", tag = "administration",
    params(("account" = String, Path), IdempotencyKey, IfMatch), request_body = AccountInput,
    responses((status = 200, body = AccountOutcome)))]
pub(crate) async fn change(
    State(c): State<Chancery>,
    Path(id): Path<AccountId>,
    seen: IfMatch,
    command: Command<AccountInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body: AccountInput { name, roles, node, mobile } } = command;
    let asked = async {
        let before = account_in_scope(&c.desk, &as_of_now(&c.desk, &actor).await?, &id).await?;
        let stays = before.node.as_str() == node;
        let node = if stays { Some(before.node) } else { existing(&c.desk, &node).await? };
        Ok(AccountCommand::Change(Appointment { name, roles, node, mobile }))
    };
    c.change(&id, seen, (&actor, &once), asked).await
}

/// Close an account (停用): no more signing in, and every session ends.
#[utoipa::path(post, path = "/accounts/{account}/closing", tag = "administration",
    params(("account" = String, Path), IdempotencyKey, IfMatch), request_body = ReasonInput,
    responses((status = 200, body = AccountOutcome)))]
pub(crate) async fn close(
    State(c): State<Chancery>,
    Path(id): Path<AccountId>,
    seen: IfMatch,
    command: Command<ReasonInput>,
) -> Result<Answer, Problem> {
    c.for_a_reason(&id, seen, command, |reason| AccountCommand::Close { reason }).await
}

/// Reopen a closed account (启用).
#[utoipa::path(post, path = "/accounts/{account}/reopening", tag = "administration",
    params(("account" = String, Path), IdempotencyKey, IfMatch), request_body = ReasonInput,
    responses((status = 200, body = AccountOutcome)))]
pub(crate) async fn reopen(
    State(c): State<Chancery>,
    Path(id): Path<AccountId>,
    seen: IfMatch,
    command: Command<ReasonInput>,
) -> Result<Answer, Problem> {
    c.for_a_reason(&id, seen, command, |reason| AccountCommand::Reopen { reason }).await
}

/// Take the second factor away: the authenticator is lost. Every session ends.
#[utoipa::path(post, path = "/accounts/{account}/totp-reset", tag = "administration",
    params(("account" = String, Path), IdempotencyKey, IfMatch), request_body = ReasonInput,
    responses((status = 200, body = AccountOutcome)))]
pub(crate) async fn reset_totp(
    State(c): State<Chancery>,
    Path(id): Path<AccountId>,
    seen: IfMatch,
    command: Command<ReasonInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body: ReasonInput { reason } } = command;
    let asked = async {
        let credentials = c.desk.store.credentials_of(&id).await?;
        let enrolled = credentials.is_some_and(|credentials| credentials.totp.is_some());
        Ok(AccountCommand::ResetTotp { reason, enrolled })
    };
    c.change(&id, seen, (&actor, &once), asked).await
}

/// Text a new link to set a password, good for 72 hours.
#[utoipa::path(post, path = "/accounts/{account}/password-link", tag = "administration",
    params(("account" = String, Path), IdempotencyKey, IfMatch), request_body = Empty,
    responses((status = 200, body = AccountOutcome)))]
pub(crate) async fn send_link(
    State(c): State<Chancery>,
    Path(id): Path<AccountId>,
    seen: IfMatch,
    command: Command<Empty>,
) -> Result<Answer, Problem> {
    let Command { actor, once, .. } = command;
    c.change(&id, seen, (&actor, &once), async { Ok(AccountCommand::SendLink) }).await
}
