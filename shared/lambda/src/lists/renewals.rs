//! The list of enrolments due for renewal (续保管理).

use domain::account::{Actor, Permission};
use domain::enrolment::RENEWAL_OPENS_DAYS;
use domain::ids::UnitId;
use domain::organisation::NodePath;
use domain::refusal::Refusal;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use workflow::ports::Store;

use super::{days_in_order, place};
use crate::http::Problem;

/// Days after its end for which an enrolment is listed unless asked otherwise.
const LISTED_AFTER_DAYS: i64 = 90;

/// Which enrolments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct RenewalFilter {
    /// Path of a node, to look at its subtree; one's own if absent.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub node: Option<NodePath>,
    /// A unit in one's scope, to look at its enrolments only.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub unit: Option<UnitId>,
    /// First last day of cover; 90 days ago if absent.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub from: Option<Date>,
    /// Last one; in 60 days if absent.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub to: Option<Date>,
}

impl RenewalFilter {
    /// Where an account looks, and between which ends of cover.
    ///
    /// # Errors
    /// Not permitted; a node or unit outside the account's scope; `DATE_RANGE`.
    pub async fn ends(
        self,
        store: &dyn Store,
        actor: &Actor,
        today: Date,
    ) -> Result<(NodePath, (Date, Date)), Problem> {
        if !actor.may(Permission::ReadEnrolments) {
            return Err(Refusal::not_permitted().into());
        }
        let node = place(store, actor, self.node.as_ref(), self.unit.as_ref()).await?;
        let days = |days: i64| today.checked_add(days.days()).unwrap_or(today);
        let from = self.from.unwrap_or_else(|| days(-LISTED_AFTER_DAYS));
        let to = self.to.unwrap_or_else(|| days(RENEWAL_OPENS_DAYS));
        Ok((node, days_in_order(from, to)?))
    }
}
