//! What lists are asked for: as a query, and as the body of an export. A list and its export ask the same of who reads
//! them, by the same code.

mod books;
mod enrolments;
mod pools;
mod renewals;
mod units;

use domain::account::Actor;
use domain::ids::UnitId;
use domain::organisation::NodePath;
use jiff::civil::Date;
use workflow::ports::Store;
use workflow::scope::Scope;

pub use self::books::{LedgerFilter, PaymentFilter};
pub use self::enrolments::{EnrolmentFilter, Printed};
pub use self::pools::PoolFilter;
pub use self::renewals::RenewalFilter;
pub use self::units::{UnitFilter, units_of_contact};
use crate::http::{Fault, Problem};

/// The days of a list: the current month so far, unless said otherwise.
///
/// # Errors
/// `DATE_RANGE` when the last day is before the first.
pub fn days(from: Option<Date>, to: Option<Date>, today: Date) -> Result<(Date, Date), Problem> {
    let to = to.unwrap_or(today);
    let from = from.unwrap_or_else(|| to.first_of_month());
    days_in_order(from, to)
}

/// Two days, the first of which is not after the second.
fn days_in_order(from: Date, to: Date) -> Result<(Date, Date), Problem> {
    if to < from {
        let fault = Fault::new("query:to", "DATE_RANGE", "结束日期不能早于开始日期");
        return Err(Problem::malformed(vec![fault]));
    }
    Ok((from, to))
}

/// Where a list looks: at a unit, at the subtree of a node, or at one's own.
///
/// # Errors
/// A node or unit outside the account's scope, which does not exist for it.
pub async fn place(
    store: &dyn Store,
    actor: &Actor,
    node: Option<&NodePath>,
    unit: Option<&UnitId>,
) -> Result<NodePath, Problem> {
    let place = match unit {
        Some(unit) => store.unit(unit, &Scope::of(actor)).await?.ok_or_else(Problem::not_found)?.path,
        None => node.unwrap_or(&actor.node).clone(),
    };
    if actor.node.covers(&place) { Ok(place) } else { Err(Problem::not_found()) }
}
