//! The organisation tree.

use axum::extract::State;
use domain::account::{Actor, Permission};
use domain::ids::NodeId;
use domain::organisation::{Node, NodeKind};
use http::StatusCode;
use lambda::http::{Answer, Command, IdempotencyKey, IfMatch, Json, Path, Problem, Signed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::administration::{Asked, NodeCommand, add_agency, change_node};

use crate::Chancery;

/// A node of the tree.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NodeView {
    id: String,
    /// `headquarters`, `office` or `agency`.
    #[schema(value_type = String)]
    kind: NodeKind,
    /// 名称
    name: String,
    /// Where it stands: the ids from the root to it.
    #[schema(example = "/hq/2602/2602-3/")]
    path: String,
    /// The node above it; none of the root.
    parent: Option<String>,
    /// Four-digit code of its office.
    office_code: Option<String>,
    /// Version, for the next `If-Match`.
    version: u64,
}

impl From<Node> for NodeView {
    fn from(node: Node) -> Self {
        let Node { id, kind, name, path, office_code, version, .. } = node;
        Self {
            id: id.into(),
            kind,
            name,
            parent: path.parent().map(|parent| parent.last().to_owned()),
            path: path.into(),
            office_code: office_code.map(|code| code.as_str().to_owned()),
            version,
        }
    }
}

fn outcome(status: StatusCode, node: &Node) -> Answer {
    Answer::json(status, &NodeView::from(node.clone())).version(node.version)
}

/// The tree of one's own subtree, each node after the one above it. For everybody of the back office: lists are filtered by
/// it. A unit's account stands at no node, and gets none.
#[utoipa::path(get, path = "/nodes", tag = "administration", responses((status = 200, body = Vec<NodeView>)))]
pub(crate) async fn list(
    State(c): State<Chancery>,
    Signed { actor, .. }: Signed,
) -> Result<Json<Vec<NodeView>>, Problem> {
    let Actor { node, unit: None, .. } = &actor else { return Ok(Json(Vec::new())) };
    let nodes = c.desk.store.nodes_under(node).await?;
    Ok(Json(nodes.into_iter().map(NodeView::from).collect()))
}

/// A new agency.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgencyInput {
    /// The office, or the agency of a city, it stands under.
    #[schema(value_type = String, example = "2602")]
    parent: NodeId,
    /// At most 50 characters.
    #[schema(example = "岐山县总工会")]
    name: String,
}

/// Add an agency (代办处).
#[utoipa::path(post, path = "/nodes", tag = "administration", params(IdempotencyKey), request_body = AgencyInput,
    responses((status = 201, body = NodeView), (status = 404)))]
pub(crate) async fn add(State(c): State<Chancery>, command: Command<AgencyInput>) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    crate::must(&actor, Permission::ManageOrganisation)?;
    let work = async {
        let answer = |node: &Node| once.record(&outcome(StatusCode::CREATED, node));
        let node = add_agency(&c.desk, &actor, &body.parent, &body.name, &answer).await?;
        Ok(outcome(StatusCode::CREATED, &node))
    };
    c.once(&once, work).await
}

/// A name.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NameInput {
    /// At most 50 characters.
    name: String,
}

/// Rename a node.
#[utoipa::path(put, path = "/nodes/{node}", tag = "administration",
    params(("node" = String, Path), IdempotencyKey, IfMatch), request_body = NameInput,
    responses((status = 200, body = NodeView)))]
pub(crate) async fn rename(
    State(c): State<Chancery>,
    Path(id): Path<NodeId>,
    seen: IfMatch,
    command: Command<NameInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let work = async {
        let answer = |node: &Node| once.record(&outcome(StatusCode::OK, node));
        let asked = Asked { actor: &actor, id: &id, seen: seen.0, answer: &answer };
        let node = change_node(&c.desk, asked, NodeCommand::Rename(body.name)).await?;
        Ok(outcome(StatusCode::OK, &node))
    };
    c.once(&once, work).await
}
