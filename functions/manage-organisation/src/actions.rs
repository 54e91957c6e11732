//! Trails of the administration: what an account did, and what was done to accounts and nodes.

use axum::extract::State;
use domain::account::{Actor, Permission};
use domain::ids::{AccountId, NodeId};
use domain::organisation::NodePath;
use domain::trail::{Topic, TopicKind, TrailEntry, account_subject, node_subject};
use domain::unit::Discretion;
use jiff::civil::Date;
use lambda::http::{Json, Listing, Paging, Path, Problem, Query, Signed};
use lambda::lists;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use workflow::administration::{account_in_scope, node_in_scope};
use workflow::discretion;
use workflow::ports::ActionQuery;

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
    /// What that is: `enrolment`, `registration`, `unit`, `account`, `node`, `plan`, `self-check-rules`, `reliefs` or
    /// `restriction`.
    #[schema(value_type = String)]
    kind: TopicKind,
    /// What people call it by: application number, unit code, user name, name of a node, code of a plan; empty where that
    /// would say who somebody is.
    name: String,
    /// The command, `approve`.
    action: String,
    /// State before; empty where there are none.
    from: String,
    /// State after.
    to: String,
    /// Opinion, reason, or what changed: `姓名：张三 → 张珊`.
    note: String,
}

/// What stands where a list would tell which unit (涉密单位) it is.
const CLASSIFIED: &str = "涉密单位，请在单位页面查看";

impl ActionView {
    /// An entry of a list across subjects: of a classified unit and its accounts it does not tell which unit that is.
    fn listed(entry: TrailEntry, discretion: &Discretion) -> Self {
        let view = Self::from(entry.clone());
        let tells = matches!(entry.topic.kind, TopicKind::Unit | TopicKind::Account);
        if tells && discretion.masks(&entry.topic.path) {
            let name = if entry.topic.kind == TopicKind::Unit { String::new() } else { view.name };
            return Self { name, note: CLASSIFIED.to_owned(), ..view };
        }
        view
    }
}

/// What lists may tell of the units that entries are about.
async fn discretion(c: &Chancery, reader: &Actor, entries: &[TrailEntry]) -> Result<Discretion, Problem> {
    let paths = entries.iter().map(|entry| &entry.topic.path).collect();
    Ok(discretion::of(&*c.desk.store, &reader.node, paths).await?)
}

impl From<TrailEntry> for ActionView {
    fn from(entry: TrailEntry) -> Self {
        let TrailEntry { at, actor_name, topic, action, from, to, note, .. } = entry;
        let Topic { id, kind, name, .. } = topic;
        Self { at: at.to_string(), actor_name, subject: id, kind, name, action, from, to, note }
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
    let discretion = discretion(&c, &actor, &page.items).await?;
    Ok(Json(paging.listing(page, |entry| ActionView::listed(entry, &discretion))))
}

/// Which actions.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ActionsQuery {
    /// Path of a node, to look at its subtree; one's own if absent.
    #[param(value_type = Option<String>)]
    node: Option<NodePath>,
    /// First day, in UTC+8; the first of the month of `to` if absent.
    #[param(value_type = Option<String>)]
    from: Option<Date>,
    /// Last day; today if absent.
    #[param(value_type = Option<String>)]
    to: Option<Date>,
    /// About what people call so, in full: application number, unit code, user name.
    name: Option<String>,
    /// About things of this kind, `enrolment`.
    #[param(value_type = Option<String>)]
    kind: Option<TopicKind>,
    /// A command, `view-unmasked`.
    action: Option<String>,
}

/// What was done in a subtree, by whomever, newest first. A page may hold fewer than asked for, even none, and still have a
/// next one: it was looked through far enough.
#[utoipa::path(get, path = "/actions", tag = "administration",
    params(ActionsQuery, Paging), responses((status = 200, body = Listing<ActionView>)))]
pub(crate) async fn list(
    State(c): State<Chancery>,
    Signed { actor, .. }: Signed,
    Query(asked): Query<ActionsQuery>,
    paging: Paging,
) -> Result<Json<Listing<ActionView>>, Problem> {
    must(&actor, Permission::ReadActions)?;
    let node = asked.node.unwrap_or_else(|| actor.node.clone());
    if !actor.node.covers(&node) {
        return Err(Problem::not_found());
    }
    let (from, to) = lists::days(asked.from, asked.to, c.desk.clock.today())?;
    let name = asked.name.filter(|name| !name.is_empty());
    let query = ActionQuery { node, from, to, name, kind: asked.kind, action: asked.action };
    let page = c.desk.store.done_in(&query, paging.request()).await?;
    let discretion = discretion(&c, &actor, &page.items).await?;
    Ok(Json(paging.listing(page, |entry| ActionView::listed(entry, &discretion))))
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
