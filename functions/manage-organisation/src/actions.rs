//! Trails of the administration: what an account did, and what was done to accounts and nodes.

use axum::extract::State;
use domain::account::Permission;
use domain::ids::{AccountId, NodeId};
use domain::trail::TrailEntry;
use lambda::http::{Json, Listing, Paging, Path, Problem, Signed};
use serde::Serialize;
use utoipa::ToSchema;
use workflow::administration::{account_in_scope, account_subject, node_in_scope, node_subject};

use crate::{Chancery, must, problem};

/// Something that was done.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActionView {
    /// When.
    at: String,
    /// Who, by name.
    actor_name: String,
    /// What it was done to: an enrolment's id, `account-<id>`, `node-<id>`.
    subject: String,
    /// The command, `approve`.
    action: String,
    /// State before; empty where there are none.
    from: String,
    /// State after.
    to: String,
    /// Opinion, reason, or what changed: `姓名：张三 → 张珊`.
    note: String,
}

impl From<TrailEntry> for ActionView {
    fn from(entry: TrailEntry) -> Self {
        let TrailEntry { at, actor_name, subject, action, from, to, note, .. } = entry;
        Self { at: at.to_string(), actor_name, subject, action, from, to, note }
    }
}

/// What an account of one's subtree did, newest first, whatever it was about.
#[utoipa::path(get, path = "/accounts/{account}/actions", tag = "administration",
    params(("account" = String, Path), Paging), responses((status = 200, body = Listing<ActionView>)))]
pub(crate) async fn of_account(
    State(c): State<Chancery>,
    Signed { actor, .. }: Signed,
    Path(id): Path<AccountId>,
    paging: Paging,
) -> Result<Json<Listing<ActionView>>, Problem> {
    must(&actor, Permission::ReadActions)?;
    let account = account_in_scope(&c.desk, &actor, &id).await.map_err(problem)?;
    let page = c.desk.store.actions_of(&account.id, paging.request()).await?;
    Ok(Json(paging.listing(page, ActionView::from)))
}

/// What was done to an account, oldest first.
#[utoipa::path(get, path = "/accounts/{account}/trail", tag = "administration",
    params(("account" = String, Path), Paging), responses((status = 200, body = Listing<ActionView>)))]
pub(crate) async fn about_account(
    State(c): State<Chancery>,
    Signed { actor, .. }: Signed,
    Path(id): Path<AccountId>,
    paging: Paging,
) -> Result<Json<Listing<ActionView>>, Problem> {
    must(&actor, Permission::ReadAccounts)?;
    let account = account_in_scope(&c.desk, &actor, &id).await.map_err(problem)?;
    let page = c.desk.store.trail(&account_subject(&account.id), paging.request()).await?;
    Ok(Json(paging.listing(page, ActionView::from)))
}

/// What was done to a node, oldest first.
#[utoipa::path(get, path = "/nodes/{node}/trail", tag = "administration",
    params(("node" = String, Path), Paging), responses((status = 200, body = Listing<ActionView>)))]
pub(crate) async fn about_node(
    State(c): State<Chancery>,
    Signed { actor, .. }: Signed,
    Path(id): Path<NodeId>,
    paging: Paging,
) -> Result<Json<Listing<ActionView>>, Problem> {
    must(&actor, Permission::ReadAccounts)?;
    let node = node_in_scope(&c.desk, &actor, &id).await.map_err(problem)?;
    let page = c.desk.store.trail(&node_subject(&node.id), paging.request()).await?;
    Ok(Json(paging.listing(page, ActionView::from)))
}
