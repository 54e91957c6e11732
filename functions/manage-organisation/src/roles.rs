//! The catalogue of roles.

use domain::account::{Permission, Role};
use domain::administration::may_grant;
use lambda::http::{Json, Problem, Signed};
use serde::Serialize;
use utoipa::ToSchema;

use crate::must;

/// A role.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RoleView {
    #[schema(value_type = String, example = "finance")]
    role: Role,
    /// 角色名称
    #[schema(example = "财务")]
    name: &'static str,
    /// What it grants, within the subtree of the node its holder sits at.
    #[schema(value_type = Vec<String>, example = json!(["read-enrolments", "work-payment"]))]
    permissions: Vec<&'static str>,
    /// Whether it is for accounts of units, and for no others.
    for_units: bool,
    /// Whether the one who asks may grant it at the own node; below it all can be granted.
    grantable_here: bool,
}

/// Every role, with what it grants.
#[utoipa::path(get, path = "/roles", tag = "administration", responses((status = 200, body = Vec<RoleView>)))]
pub(crate) async fn list(Signed { actor, .. }: Signed) -> Result<Json<Vec<RoleView>>, Problem> {
    must(&actor, Permission::ReadAccounts)?;
    let view = |role: Role| RoleView {
        role,
        name: role.chinese(),
        permissions: role.permissions().iter().map(|permission| permission.name()).collect(),
        for_units: role == Role::UnitHandler,
        grantable_here: may_grant(&actor, role, &actor.node),
    };
    Ok(Json(Role::ALL.into_iter().map(view).collect()))
}
