//! Finding units.

use axum::extract::State;
use domain::account::{Actor, Permission};
use domain::identity::Mobile;
use domain::organisation::{NodePath, Unit};
use domain::refusal::{Problem as Fault, Refusal};
use domain::unit::{SEARCHED_CHARACTERS_MIN, search_text};
use lambda::http::{Json, Listing, Paging, Problem, Query, Signed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use workflow::contacts;
use workflow::ports::{CodeHolder, Page, PageRequest, UnitQuery, UnitSearch};
use workflow::scope::Scope;

use crate::Bureau;

/// Most units of one contact that are shown: a contact has one, as a rule.
const OF_CONTACT_MAX: u32 = 100;

/// Which units.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct UnitsQuery {
    /// A part of the name, two characters or more; all units in the order of their names if absent.
    name: Option<String>,
    /// 统一社会信用代码, in full; then the name is not looked at.
    code: Option<String>,
    /// Path of a node, to look at its subtree; one's own if absent.
    #[param(value_type = Option<String>)]
    node: Option<NodePath>,
}

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

fn looks_up(actor: &Actor) -> Result<(), Refusal> {
    if actor.may(Permission::ReadUnits) { Ok(()) } else { Err(Refusal::not_permitted()) }
}

/// Units by a part of their name, or by their code.
#[utoipa::path(get, path = "/units", tag = "unit", params(UnitsQuery, Paging),
    responses((status = 200, body = Listing<UnitRow>)))]
pub(crate) async fn list(
    State(b): State<Bureau>,
    Signed { actor, .. }: Signed,
    Query(query): Query<UnitsQuery>,
    paging: Paging,
) -> Result<Json<Listing<UnitRow>>, Problem> {
    looks_up(&actor)?;
    let node = query.node.unwrap_or_else(|| actor.node.clone());
    if !actor.node.covers(&node) {
        return Err(Problem::not_found());
    }
    let store = &b.counter.desk.store;
    if let Some(code) = query.code {
        let holder = store.code_holder(&domain::identity::normalise(&code).to_uppercase()).await?;
        let unit = match holder {
            Some(CodeHolder::Unit(id)) => store.unit(&id, &Scope::Subtree(node)).await?,
            _ => None,
        };
        let page = Page { items: unit.into_iter().collect(), next: None };
        return Ok(Json(paging.listing(page, |unit| row(&unit, &actor))));
    }
    let by = match query.name.map(|name| search_text(&name)).filter(|name| !name.is_empty()) {
        None => UnitSearch::All,
        Some(part) if part.chars().count() < SEARCHED_CHARACTERS_MIN => {
            let text = format!("请输入单位名称中连续的{SEARCHED_CHARACTERS_MIN}个字以上");
            let fault = lambda::http::Fault::new("query:name", "NAME_TOO_SHORT", text);
            return Err(Problem::malformed(vec![fault]));
        }
        Some(part) => UnitSearch::NamePart(part),
    };
    let page = store.find_units(&UnitQuery { node, by }, paging.request()).await?;
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
    looks_up(&actor)?;
    let index = match (Mobile::parse(&query.contact), domain::identity::PersonName::parse(&query.contact)) {
        (Ok(mobile), _) => contacts::mobile_index(&*b.cipher, &mobile),
        (_, Ok(name)) => contacts::name_index(&*b.cipher, name.as_str()),
        _ => {
            let text = "请输入联系人的完整姓名或11位手机号码";
            return Err(Refusal::invalid(vec![Fault::new("/contact", "CONTACT_FORMAT", text)]).into());
        }
    };
    let asked = UnitQuery { node: actor.node.clone(), by: UnitSearch::Contact(index) };
    let page = PageRequest { limit: OF_CONTACT_MAX, after: None };
    let found = b.counter.desk.store.find_units(&asked, &page).await?;
    Ok(Json(found.items.iter().map(|unit| row(unit, &actor)).collect()))
}
