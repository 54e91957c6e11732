//! Work pools (工作池).

use domain::account::Actor;
use domain::ids::UnitId;
use domain::organisation::NodePath;
use domain::refusal::Refusal;
use domain::task::Level;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use workflow::pools;
use workflow::ports::{Pool, PoolTab, Store, TaskFilter, business_day_begins};

use super::place;
use crate::http::Problem;

/// A tab of a pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Tab {
    /// 待处理
    Pending,
    /// 处理中, one's own.
    Mine,
    /// 处理中, everybody's.
    Held,
}

/// An order of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// The oldest first.
    Oldest,
    /// The newest first.
    Newest,
}

/// Which tasks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
pub struct PoolFilter {
    /// `first-review`, `second-review`, `final-review`, `payment`, `archive` or `registration`.
    #[param(value_type = String)]
    #[schema(value_type = String)]
    pub level: Level,
    /// Which tab; pending if absent.
    #[param(inline)]
    #[schema(inline)]
    pub tab: Option<Tab>,
    /// Path of a node, to look at its subtree; one's own if absent.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub node: Option<NodePath>,
    /// A unit in one's scope, to look at its tasks only.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub unit: Option<UnitId>,
    /// 申请书号, in full.
    pub application_number: Option<String>,
    /// First day, in UTC+8, on which a task entered the pool.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub from: Option<Date>,
    /// Last day, likewise.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub to: Option<Date>,
    /// By age; the oldest first if absent.
    #[param(inline)]
    #[schema(inline)]
    pub order: Option<Order>,
}

impl PoolFilter {
    /// The pool and the tab that an account asks for.
    ///
    /// # Errors
    /// Not permitted; a node or unit outside the account's scope.
    pub async fn pool(self, store: &dyn Store, actor: &Actor) -> Result<(Pool, PoolTab), Problem> {
        if !pools::looked_at_by(actor, self.level) {
            return Err(Refusal::not_permitted().into());
        }
        let node = place(store, actor, self.node.as_ref(), self.unit.as_ref()).await?;
        let filter = TaskFilter {
            application_number: self.application_number,
            queued_from: self.from.and_then(business_day_begins),
            queued_before: self.to.and_then(|day| business_day_begins(day.tomorrow().ok()?)),
            newest_first: self.order == Some(Order::Newest),
        };
        let tab = match self.tab {
            None | Some(Tab::Pending) => PoolTab::Pending,
            Some(Tab::Mine) => PoolTab::Mine,
            Some(Tab::Held) => PoolTab::Held,
        };
        Ok((Pool { level: self.level, node, account: actor.account.clone(), filter }, tab))
    }
}
