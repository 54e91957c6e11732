//! Lists of payments (到账查询) and of the ledger (业财明细).

use domain::account::{Actor, Permission};
use domain::ids::UnitId;
use domain::ledger::LedgerEvent;
use domain::organisation::NodePath;
use domain::receipt::Channel;
use domain::refusal::Refusal;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use workflow::ports::{LedgerQuery, PaymentQuery, Store};

use super::{days, place};
use crate::http::Problem;

/// Which payments.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct PaymentFilter {
    /// Path of a node, to look at its subtree; one's own if absent.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub node: Option<NodePath>,
    /// A unit in one's scope, to look at its payments only.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub unit: Option<UnitId>,
    /// First day the money arrived on; the first of the month of `to` if absent.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub from: Option<Date>,
    /// Last day; today if absent.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub to: Option<Date>,
    /// `transfer`, `cheque`, `reverse-cheque`, `wire-transfer` or `treasury-payment`.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub channel: Option<Channel>,
    /// 申请书号, in full; then on any day, if none is given.
    pub application_number: Option<String>,
}

impl PaymentFilter {
    /// The payments that an account asks for.
    ///
    /// # Errors
    /// Not permitted; a node or unit outside the account's scope; `DATE_RANGE`.
    pub async fn query(self, store: &dyn Store, actor: &Actor, today: Date) -> Result<PaymentQuery, Problem> {
        let Self { node, unit, from, to, channel, application_number } = self;
        // Who knows the number need not know the days.
        let from = from.or_else(|| application_number.as_ref().map(|_| Date::MIN));
        let to = to.or_else(|| application_number.as_ref().map(|_| Date::MAX));
        let node = books_of(store, actor, node.as_ref(), unit.as_ref()).await?;
        let (from, to) = days(from, to, today)?;
        Ok(PaymentQuery { node, from, to, channel, application_number })
    }
}

/// Which entries of the ledger.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, IntoParams, ToSchema)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct LedgerFilter {
    /// Path of a node, to look at its subtree; one's own if absent.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub node: Option<NodePath>,
    /// A unit in one's scope, to look at its entries only.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub unit: Option<UnitId>,
    /// First business day; the first of the month of `to` if absent.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub from: Option<Date>,
    /// Last business day; today if absent.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub to: Option<Date>,
    /// Code of a plan, to look at entries with a line about it only.
    pub plan: Option<String>,
    /// A kind of entry, `receipt-voided`.
    #[param(value_type = Option<String>)]
    #[schema(value_type = Option<String>)]
    pub event: Option<LedgerEvent>,
}

impl LedgerFilter {
    /// The entries that an account asks for.
    ///
    /// # Errors
    /// As [`PaymentFilter::query`].
    pub async fn query(self, store: &dyn Store, actor: &Actor, today: Date) -> Result<LedgerQuery, Problem> {
        let node = books_of(store, actor, self.node.as_ref(), self.unit.as_ref()).await?;
        let (from, to) = days(self.from, self.to, today)?;
        Ok(LedgerQuery { node, from, to, plan: self.plan, event: self.event })
    }
}

/// Whose books somebody looks at who may look at any.
async fn books_of(
    store: &dyn Store,
    actor: &Actor,
    node: Option<&NodePath>,
    unit: Option<&UnitId>,
) -> Result<NodePath, Problem> {
    if !actor.may(Permission::ReadBooks) {
        return Err(Refusal::not_permitted().into());
    }
    place(store, actor, node, unit).await
}
