//! An account as its owner sees it.

use domain::account::{Account, Role};
use domain::ids::NodeId;
use serde::Serialize;
use utoipa::ToSchema;
use workflow::ports::Outage;
use workflow::scope::Scope;

use crate::Door;

/// An account as its owner sees it: who, where, and what the portal may offer.
#[derive(Serialize, ToSchema)]
pub(crate) struct AccountView {
    id: String,
    /// Name typed at sign-in.
    #[schema(example = "zhangsan")]
    user_name: String,
    /// Name shown.
    name: String,
    #[schema(value_type = Vec<String>, example = json!(["unit-handler"]))]
    roles: Vec<Role>,
    /// What the roles grant together, within the subtree of the node.
    #[schema(value_type = Vec<String>, example = json!(["read-enrolments", "work-first-review"]))]
    permissions: Vec<&'static str>,
    /// Where the account sits in the tree.
    #[schema(example = "/hq/2602/baoji/")]
    node: String,
    /// Name of that node; of a unit's own account, of the agency the unit belongs to.
    #[schema(example = "宝鸡代办处")]
    node_name: Option<String>,
    /// The unit of a unit's own account.
    unit: Option<String>,
    /// Name of the unit.
    unit_name: Option<String>,
}

impl Door {
    /// The account with the names of where it sits.
    pub(crate) async fn view(&self, account: Account) -> Result<AccountView, Outage> {
        let node = match account.unit {
            Some(_) => account.node.parent(),
            None => Some(account.node.clone()),
        };
        let node_name = async {
            let Some(id) = node.and_then(|node| NodeId::parse(node.last()).ok()) else { return Ok(None) };
            Ok::<_, Outage>(self.desk.store.node(&id).await?.map(|node| node.name))
        };
        let unit_name = async {
            let Some(id) = &account.unit else { return Ok(None) };
            Ok(self.desk.store.unit(id, &Scope::Platform).await?.map(|unit| unit.name))
        };
        let (node_name, unit_name) = tokio::try_join!(node_name, unit_name)?;
        let permissions = account.actor().permissions();
        let Account { id, user_name, name, roles, node, unit, .. } = account;
        let (id, node, unit) = (id.into(), node.into(), unit.map(String::from));
        Ok(AccountView { id, user_name, name, roles, permissions, node, node_name, unit, unit_name })
    }
}
