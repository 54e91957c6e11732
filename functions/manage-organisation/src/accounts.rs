//! Accounts of a subtree: lists, and one as it stands.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::account::{Account, Actor, Permission, Role};
use domain::administration::may_manage;
use domain::identity::Mobile;
use domain::ids::AccountId;
use domain::organisation::NodePath;
use http::header::ETAG;
use lambda::http::{Json, Listing, Paging, Path, Problem, Query, Signed, etag};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use workflow::administration::account_in_scope;
use workflow::ports::{AccountFilter, Cipher};
use workflow::scope::Scope;
use workflow::texts;

use crate::{Chancery, must, problem};

/// Which accounts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AccountQuery {
    /// Path of a node, to look at its subtree; one's own if absent.
    #[param(value_type = Option<String>)]
    node: Option<NodePath>,
    /// Part of the name, or the beginning of the user name.
    #[param(max_length = 50)]
    name: Option<String>,
    /// A role that is held.
    #[param(value_type = Option<String>)]
    role: Option<Role>,
    /// `true`: who may sign in; `false`: who is closed.
    active: Option<bool>,
}

/// An account in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedAccount {
    id: String,
    /// 用户名
    #[schema(example = "zhangsan")]
    user_name: String,
    /// 姓名
    name: String,
    #[schema(value_type = Vec<String>, example = json!(["finance"]))]
    roles: Vec<Role>,
    /// Path of the node, or of the unit, it sits at.
    #[schema(example = "/hq/2602/")]
    node: String,
    /// The unit of a unit's own account.
    unit: Option<String>,
    /// Whether it may sign in.
    active: bool,
    /// Whether the one who asks may change it.
    manageable: bool,
}

impl ListedAccount {
    fn of(account: Account, by: &Actor) -> Self {
        let manageable = may_manage(by, &account).is_ok();
        let Account { id, user_name, name, roles, node, unit, active, .. } = account;
        Self {
            id: id.into(),
            user_name,
            name,
            roles,
            node: node.into(),
            unit: unit.map(String::from),
            active,
            manageable,
        }
    }
}

/// An account as administrators see it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ManagedAccount {
    #[serde(flatten)]
    account: ListedAccount,
    /// 手机号码, masked: `138****5678`.
    mobile: Option<String>,
    /// Whether an authenticator is bound.
    totp: bool,
    /// Version, for the next `If-Match`.
    version: u64,
}

impl ManagedAccount {
    pub(crate) fn of(account: Account, totp: bool, by: &Actor, cipher: &dyn Cipher) -> Self {
        let sealed = account.sealed_mobile.as_ref();
        let mobile = sealed.and_then(|sealed| texts::open(cipher, &account.id, sealed));
        let mobile = mobile.and_then(|mobile| Mobile::parse(&mobile).ok()).map(|mobile| mobile.masked());
        Self { mobile, totp, version: account.version, account: ListedAccount::of(account, by) }
    }
}

/// The accounts of a subtree, in the order of where they sit.
#[utoipa::path(get, path = "/accounts", tag = "administration", params(AccountQuery, Paging),
    responses((status = 200, body = Listing<ListedAccount>)))]
pub(crate) async fn list(
    State(c): State<Chancery>,
    Signed { actor, .. }: Signed,
    Query(query): Query<AccountQuery>,
    paging: Paging,
) -> Result<Json<Listing<ListedAccount>>, Problem> {
    must(&actor, Permission::ReadAccounts)?;
    let filter = AccountFilter { role: query.role, active: query.active, ..filter(&actor, query.node, query.name)? };
    let page = c.desk.store.accounts_under(&filter, paging.request()).await?;
    Ok(Json(paging.listing(page, |account| ListedAccount::of(account, &actor))))
}

fn filter(actor: &Actor, node: Option<NodePath>, name: Option<String>) -> Result<AccountFilter, Problem> {
    let under = node.unwrap_or_else(|| actor.node.clone());
    if !Scope::of(actor).covers(&under) {
        return Err(Problem::not_found());
    }
    let text = name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    Ok(AccountFilter { text, ..AccountFilter::under(&under) })
}

/// Which colleagues.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CandidateQuery {
    /// The role they must hold.
    #[param(value_type = String)]
    role: Role,
    /// Part of the name, or the beginning of the user name.
    #[param(max_length = 50)]
    name: Option<String>,
}

/// Somebody a task can be handed to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Candidate {
    /// Account, for the dispatch.
    id: String,
    /// 姓名
    name: String,
    /// Path of the node.
    #[schema(example = "/hq/2602/")]
    node: String,
}

/// Who of one's subtree may sign in and holds a role: for the dispatch of tasks.
#[utoipa::path(get, path = "/dispatch-candidates", tag = "administration", params(CandidateQuery, Paging),
    responses((status = 200, body = Listing<Candidate>)))]
pub(crate) async fn candidates(
    State(c): State<Chancery>,
    Signed { actor, .. }: Signed,
    Query(query): Query<CandidateQuery>,
    paging: Paging,
) -> Result<Json<Listing<Candidate>>, Problem> {
    must(&actor, Permission::Dispatch)?;
    let filter = AccountFilter { role: Some(query.role), active: Some(true), ..filter(&actor, None, query.name)? };
    let page = c.desk.store.accounts_under(&filter, paging.request()).await?;
    let shown = |Account { id, name, node, .. }: Account| Candidate { id: id.into(), name, node: node.into() };
    Ok(Json(paging.listing(page, shown)))
}

/// An account as it stands.
#[utoipa::path(get, path = "/accounts/{account}", tag = "administration", params(("account" = String, Path)),
    responses((status = 200, body = ManagedAccount)))]
pub(crate) async fn open(
    State(c): State<Chancery>,
    Signed { actor, .. }: Signed,
    Path(id): Path<AccountId>,
) -> Result<Response, Problem> {
    must(&actor, Permission::ReadAccounts)?;
    let account = account_in_scope(&c.desk, &actor, &id).await.map_err(problem)?;
    let totp = c.desk.store.credentials_of(&id).await?.is_some_and(|credentials| credentials.totp.is_some());
    let version = account.version;
    let view = ManagedAccount::of(account, totp, &actor, &*c.cipher);
    Ok(([(ETAG, etag(version))], Json(view)).into_response())
}
