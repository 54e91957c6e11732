//! The sign-in log, for the account's owner and for those who watch over its node.

use axum::extract::State;
use domain::account::Permission;
use domain::ids::AccountId;
use domain::refusal::Refusal;
use domain::sign_in::{SignInOutcome, SignInRecord};
use lambda::http::{Json, Listing, Paging, Path, Problem, Signed};
use serde::Serialize;
use utoipa::ToSchema;
use workflow::scope::Scope;

use crate::Door;

/// An entry of the log.
#[derive(Serialize, ToSchema)]
pub(crate) struct SignInView {
    /// When.
    at: String,
    /// `signed-in`, `failed`, `locked`, `signed-out`, `password-set` or `totp-set`.
    #[schema(value_type = String)]
    outcome: SignInOutcome,
    /// The network it came from, never the whole address.
    #[schema(example = "203.0.113.0/24")]
    network: String,
    /// `chrome`, `edge`, `firefox`, `safari`, `wechat`, `curl` or `other`.
    agent: String,
}

impl From<SignInRecord> for SignInView {
    fn from(record: SignInRecord) -> Self {
        let SignInRecord { at, outcome, network, agent, .. } = record;
        Self { at: at.to_string(), outcome, network, agent }
    }
}

/// What became of the attempts on one's own account, newest first.
#[utoipa::path(get, path = "/me/sign-ins", tag = "session", params(Paging),
    responses((status = 200, body = Listing<SignInView>)))]
pub(crate) async fn mine(
    State(door): State<Door>,
    signed: Signed,
    paging: Paging,
) -> Result<Json<Listing<SignInView>>, Problem> {
    let page = door.desk.store.sign_ins(&signed.actor.account, paging.request()).await?;
    Ok(Json(paging.listing(page, SignInView::from)))
}

/// What became of the attempts on an account of one's own subtree, newest first.
#[utoipa::path(get, path = "/accounts/{account}/sign-ins", tag = "session",
    params(("account" = String, Path), Paging), responses((status = 200, body = Listing<SignInView>)))]
pub(crate) async fn of_account(
    State(door): State<Door>,
    Signed { actor, .. }: Signed,
    Path(id): Path<AccountId>,
    paging: Paging,
) -> Result<Json<Listing<SignInView>>, Problem> {
    if !actor.may(Permission::ReadSignIns) {
        return Err(Refusal::not_permitted().into());
    }
    let account = door.desk.store.account(&id).await?.filter(|account| Scope::of(&actor).covers(&account.node));
    let account = account.ok_or_else(Problem::not_found)?;
    let page = door.desk.store.sign_ins(&account.id, paging.request()).await?;
    Ok(Json(paging.listing(page, SignInView::from)))
}
