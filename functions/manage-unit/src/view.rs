//! A unit as it is on record.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::account::{Actor, Permission};
use domain::ids::{AccountId, UnitId};
use domain::organisation::Unit;
use domain::refusal::Refusal;
use domain::trail::Topic;
use http::StatusCode;
use http::header::ETAG;
use lambda::http::{Answer, Json, Listing, Paging, Path, Problem, Signed, etag};
use lambda::trails::{TrailLine, trail_line};
use lambda::units::{ContactInput, ImageLinks, UnitInput, image_links};
use serde::Serialize;
use utoipa::ToSchema;
use workflow::asides::{self, Standing};
use workflow::desk::StepError;
use workflow::units;

use crate::Bureau;

/// A contact of a unit.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UnitContact {
    /// Its account.
    account: String,
    /// 姓名
    name: String,
    /// 职务
    position: String,
    /// 手机, masked.
    #[schema(example = "138****5678")]
    mobile: String,
    /// Whether it is valid.
    active: bool,
    /// Whether it is the handler (经办人).
    handler: bool,
}

/// A unit.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ManagedUnit)]
pub(crate) struct UnitView {
    /// Identifier.
    id: String,
    /// What its papers and its clerk say.
    facts: UnitInput,
    /// Path of the agency it belongs to.
    agency: String,
    /// Account of the handler.
    handler: String,
    /// 联系人, masked.
    contacts: Vec<UnitContact>,
    /// Whether there are images of its papers.
    has_images: bool,
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
    /// Version, for the next `If-Match`.
    version: u64,
}

/// The contacts of a unit.
pub(crate) fn contacts(unit: &Unit) -> Vec<UnitContact> {
    let contact = |contact: &domain::unit::Contact| UnitContact {
        account: contact.account.to_string(),
        name: contact.contact.name.clone(),
        position: contact.contact.position.clone(),
        mobile: contact.contact.masked_mobile.clone(),
        active: contact.active,
        handler: contact.account == unit.handler,
    };
    unit.record.contacts.iter().map(contact).collect()
}

pub(crate) fn shown(unit: &Unit) -> UnitView {
    UnitView {
        id: unit.id.to_string(),
        facts: UnitInput::of_unit(unit),
        agency: unit.agency().to_owned(),
        handler: unit.handler.to_string(),
        contacts: contacts(unit),
        has_images: unit.record.images.is_some(),
        active: unit.active,
        restricted: unit.restricted,
        classified: unit.classified,
        merged_into: unit.merged_into.as_ref().map(ToString::to_string),
        moving: unit.moving,
        version: unit.version,
    }
}

pub(crate) fn answer(unit: &Unit) -> Answer {
    Answer::json(StatusCode::OK, &shown(unit)).version(unit.version)
}

impl Bureau {
    pub(crate) async fn readable(&self, actor: &Actor, id: &UnitId) -> Result<Unit, Problem> {
        match units::readable(&self.counter.desk, actor, id).await {
            Ok(unit) => unit.ok_or_else(Problem::not_found),
            Err(StepError::Refused(refusal)) => Err((*refusal).into()),
            Err(StepError::Outage(outage)) => Err(outage.into()),
            Err(other) => Err(Problem::internal(other.to_string())),
        }
    }
}

/// A unit, for those who look up units, and for the unit itself.
#[utoipa::path(get, path = "/units/{unit}", tag = "unit", params(("unit" = String, Path)),
    responses((status = 200, body = UnitView)))]
pub(crate) async fn read(
    State(b): State<Bureau>,
    Signed { actor, .. }: Signed,
    Path(id): Path<UnitId>,
) -> Result<Response, Problem> {
    let unit = b.readable(&actor, &id).await?;
    Ok(([(ETAG, etag(unit.version))], Json(shown(&unit))).into_response())
}

/// Links to the images of the papers, good for five minutes.
#[utoipa::path(get, path = "/units/{unit}/images", tag = "unit", params(("unit" = String, Path)),
    responses((status = 200, body = Vec<ImageLinks>)))]
pub(crate) async fn images(
    State(b): State<Bureau>,
    Signed { actor, .. }: Signed,
    Path(id): Path<UnitId>,
) -> Result<Json<Vec<ImageLinks>>, Problem> {
    let unit = b.readable(&actor, &id).await?;
    match &unit.record.images {
        Some(images) => Ok(Json(image_links(&*b.counter.links, images).await?)),
        None => Ok(Json(Vec::new())),
    }
}

/// A contact in full, for those who may see numbers in full. The trail says who looked.
#[utoipa::path(get, path = "/units/{unit}/contacts/{account}", tag = "unit",
    params(("unit" = String, Path), ("account" = String, Path)), responses((status = 200, body = ContactInput)))]
pub(crate) async fn contact(
    State(b): State<Bureau>,
    Signed { actor, .. }: Signed,
    Path((id, account)): Path<(UnitId, AccountId)>,
) -> Result<Json<ContactInput>, Problem> {
    if !actor.may(Permission::UnmaskNumbers) {
        return Err(Refusal::not_permitted().into());
    }
    let unit = b.readable(&actor, &id).await?;
    let facts = units::contact_of(&*b.cipher, &unit, &account)?.ok_or_else(Problem::not_found)?;
    let standing = Standing {
        topic: Topic::unit(&unit),
        version: unit.version,
        state: if unit.active { "active" } else { "inactive" },
        since: b.counter.desk.clock.now(),
    };
    asides::looked(&b.counter.desk, &actor, standing, "查看联系人的完整信息".to_owned()).await?;
    Ok(Json(ContactInput::of_facts(&facts)))
}

/// The trail of a unit, oldest first: what was there before every change, and after it.
#[utoipa::path(get, path = "/units/{unit}/trail", tag = "unit", params(("unit" = String, Path), Paging),
    responses((status = 200, body = Listing<TrailLine>)))]
pub(crate) async fn trail(
    State(b): State<Bureau>,
    Signed { actor, .. }: Signed,
    Path(id): Path<UnitId>,
    paging: Paging,
) -> Result<Json<Listing<TrailLine>>, Problem> {
    b.readable(&actor, &id).await?;
    let page = b.counter.desk.store.trail(id.as_str(), paging.request()).await?;
    Ok(Json(paging.listing(page, trail_line)))
}
