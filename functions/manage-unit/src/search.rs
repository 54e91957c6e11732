//! Finding units.

use axum::extract::State;
use domain::account::Actor;
use domain::organisation::Unit;
use lambda::http::{Json, Listing, Paging, Problem, Query, Signed};
use lambda::lists::{self, UnitFilter};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::ports::PageRequest;

use crate::Bureau;

/// Most units of one contact that are shown: a contact has one, as a rule.
const OF_CONTACT_MAX: u32 = 100;

/// A contact to look for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactQuery {
    /// The name in full, or the mobile number.
    contact: String,
}

/// A unit as lists show it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ManagedUnitRow)]
pub(crate) struct UnitRow {
    /// Identifier.
    id: String,
    /// 单位名称; of a 涉密单位 masked outside its agency.
    name: String,
    /// 统一社会信用代码; of a 涉密单位 absent outside its agency.
    code: Option<String>,
    /// Path of the agency it belongs to.
    agency: String,
    /// 经办人
    handler_name: Option<String>,
    /// Whether it may open enrolments.
    active: bool,
    /// On the restricted list for enrolment.
    restricted: bool,
    /// 涉密单位
    classified: bool,
    /// The unit it was merged into.
    merged_into: Option<String>,
    /// Whether enrolments are still being brought over from it, or to it.
    moving: bool,
}

fn row(unit: &Unit, actor: &Actor) -> UnitRow {
    let handler = unit.record.contacts.iter().find(|contact| contact.account == unit.handler);
    UnitRow {
        id: unit.id.to_string(),
        code: (!unit.is_masked_for(&actor.node)).then(|| unit.code.clone()),
        name: unit.name_for(&actor.node),
        agency: unit.agency().to_owned(),
        handler_name: handler.map(|contact| contact.contact.name.clone()),
        active: unit.active,
        restricted: unit.restricted,
        classified: unit.classified,
        merged_into: unit.merged_into.as_ref().map(ToString::to_string),
        moving: unit.moving,
    }
}

/// Units by a part of their name, or by their code.
#[utoipa::path(get, path = "/units", tag = "unit", params(UnitFilter, Paging),
    responses((status = 200, body = Listing<UnitRow>)))]
pub(crate) async fn list(
    State(b): State<Bureau>,
    Signed { actor, .. }: Signed,
    Query(filter): Query<UnitFilter>,
    paging: Paging,
) -> Result<Json<Listing<UnitRow>>, Problem> {
    let page = filter.list(&actor)?.page(&*b.counter.desk.store, paging.request()).await?;
    Ok(Json(paging.listing(page, |unit| row(&unit, &actor))))
}

/// Units by one of their valid contacts. A `POST`, since a name or number must not stand in an address.
#[utoipa::path(post, path = "/unit-searches", tag = "unit", request_body = ContactQuery,
    responses((status = 200, body = Vec<UnitRow>)))]
pub(crate) async fn by_contact(
    State(b): State<Bureau>,
    Signed { actor, .. }: Signed,
    Json(query): Json<ContactQuery>,
) -> Result<Json<Vec<UnitRow>>, Problem> {
    let page = PageRequest { limit: OF_CONTACT_MAX, after: None };
    let found = lists::units_of_contact(&*b.cipher, &actor, &query.contact)?;
    let found = found.page(&*b.counter.desk.store, &page).await?;
    Ok(Json(found.items.iter().map(|unit| row(unit, &actor)).collect()))
}
