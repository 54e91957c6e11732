//! Changing a unit.

use axum::extract::State;
use domain::ids::{AccountId, NodeId, UnitId};
use domain::organisation::Unit;
use lambda::http::{Answer, Command, IdempotencyKey, IfMatch, Path, Problem};
use lambda::units::{ContactInput, ImagesInput, UnitInput};
use serde::Deserialize;
use utoipa::ToSchema;
use workflow::units::{Maintenance, Standing};

use crate::Bureau;
use crate::view::{UnitView, answer};

/// An address.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AddressInput {
    /// 地址, at most 100 characters.
    address: String,
}

/// How a unit stands.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StandingInput {
    /// Whether it may open enrolments.
    active: bool,
    /// On the restricted list for enrolment.
    restricted: bool,
    /// 涉密单位
    classified: bool,
}

/// A contact.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandlerInput {
    /// Account of a valid contact.
    #[schema(value_type = String)]
    account: AccountId,
}

/// Whether a contact is valid.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ContactActiveInput {
    /// 有效 or 停用
    active: bool,
}

/// Carries out a change of the version seen, once.
macro_rules! change {
    ($bureau:ident, $id:ident, $seen:ident, $command:ident, |$unit:ident, $body:ident| $step:expr) => {{
        let Command { actor, once, body: $body } = $command;
        let kept = |unit: &Unit| once.record(&answer(unit));
        let work = async {
            let $unit = Maintenance {
                desk: &$bureau.counter.desk,
                cipher: &*$bureau.cipher,
                actor: &actor,
                unit: &$id,
                seen: $seen.0,
                answer: &kept,
            };
            let changed = $step.await?;
            Ok(answer(&changed))
        };
        once.run(&*$bureau.counter.desk.store, work).await
    }};
}

/// Replace what is on record of a unit. The trail tells every field that changed, before and after.
#[utoipa::path(put, path = "/units/{unit}", tag = "unit", params(("unit" = String, Path), IdempotencyKey, IfMatch),
    request_body = UnitInput, responses((status = 200, body = UnitView)))]
pub(crate) async fn edit(
    State(b): State<Bureau>,
    Path(id): Path<UnitId>,
    seen: IfMatch,
    command: Command<UnitInput>,
) -> Result<Answer, Problem> {
    change!(b, id, seen, command, |unit, body| unit.edit(&body.raw()))
}

/// Replace the images of the papers.
#[utoipa::path(put, path = "/units/{unit}/images", tag = "unit",
    params(("unit" = String, Path), IdempotencyKey, IfMatch), request_body = ImagesInput,
    responses((status = 200, body = UnitView)))]
pub(crate) async fn replace_images(
    State(b): State<Bureau>,
    Path(id): Path<UnitId>,
    seen: IfMatch,
    command: Command<ImagesInput>,
) -> Result<Answer, Problem> {
    change!(b, id, seen, command, |unit, body| { unit.replace_images(&body.unit_certificate, &body.union_certificate) })
}

/// Replace the address: by the unit itself, whose other fields are what its papers say, or by a registrar.
#[utoipa::path(put, path = "/units/{unit}/address", tag = "unit",
    params(("unit" = String, Path), IdempotencyKey, IfMatch), request_body = AddressInput,
    responses((status = 200, body = UnitView)))]
pub(crate) async fn edit_address(
    State(b): State<Bureau>,
    Path(id): Path<UnitId>,
    seen: IfMatch,
    command: Command<AddressInput>,
) -> Result<Answer, Problem> {
    change!(b, id, seen, command, |unit, body| unit.edit_address(&body.address))
}

/// Change how a unit stands: active, restricted, classified (涉密单位).
#[utoipa::path(put, path = "/units/{unit}/standing", tag = "unit",
    params(("unit" = String, Path), IdempotencyKey, IfMatch), request_body = StandingInput,
    responses((status = 200, body = UnitView)))]
pub(crate) async fn set_standing(
    State(b): State<Bureau>,
    Path(id): Path<UnitId>,
    seen: IfMatch,
    command: Command<StandingInput>,
) -> Result<Answer, Problem> {
    change!(b, id, seen, command, |unit, body| {
        let StandingInput { active, restricted, classified } = body;
        unit.set_standing(Standing { active, restricted, classified })
    })
}

/// An agency.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HandoverInput {
    /// Its node.
    #[schema(value_type = String)]
    agency: NodeId,
}

/// Hand the unit over to another agency of its office (归属变更). Its enrolments and their books follow in the background;
/// `moving` tells until when. Whoever has an account of the unit signs in again.
#[utoipa::path(put, path = "/units/{unit}/agency", tag = "unit",
    params(("unit" = String, Path), IdempotencyKey, IfMatch), request_body = HandoverInput,
    responses((status = 200, body = UnitView)))]
pub(crate) async fn change_agency(
    State(b): State<Bureau>,
    Path(id): Path<UnitId>,
    seen: IfMatch,
    command: Command<HandoverInput>,
) -> Result<Answer, Problem> {
    change!(b, id, seen, command, |unit, body| unit.change_agency(&body.agency))
}

/// Make a valid contact the handler (经办人).
#[utoipa::path(put, path = "/units/{unit}/handler", tag = "unit",
    params(("unit" = String, Path), IdempotencyKey, IfMatch), request_body = HandlerInput,
    responses((status = 200, body = UnitView)))]
pub(crate) async fn set_handler(
    State(b): State<Bureau>,
    Path(id): Path<UnitId>,
    seen: IfMatch,
    command: Command<HandlerInput>,
) -> Result<Answer, Problem> {
    change!(b, id, seen, command, |unit, body| unit.set_handler(&body.account))
}

/// Add a contact, who gets an account of the unit and a text with user name and the link to set the password.
#[utoipa::path(post, path = "/units/{unit}/contacts", tag = "unit",
    params(("unit" = String, Path), IdempotencyKey, IfMatch), request_body = ContactInput,
    responses((status = 200, body = UnitView)))]
pub(crate) async fn add_contact(
    State(b): State<Bureau>,
    Path(id): Path<UnitId>,
    seen: IfMatch,
    command: Command<ContactInput>,
) -> Result<Answer, Problem> {
    change!(b, id, seen, command, |unit, body| unit.add_contact(&body.raw()))
}

/// Replace what is known of a contact. Name and mobile number of the account follow.
#[utoipa::path(put, path = "/units/{unit}/contacts/{account}", tag = "unit",
    params(("unit" = String, Path), ("account" = String, Path), IdempotencyKey, IfMatch), request_body = ContactInput,
    responses((status = 200, body = UnitView)))]
pub(crate) async fn edit_contact(
    State(b): State<Bureau>,
    Path((id, account)): Path<(UnitId, AccountId)>,
    seen: IfMatch,
    command: Command<ContactInput>,
) -> Result<Answer, Problem> {
    change!(b, id, seen, command, |unit, body| unit.edit_contact(&account, &body.raw()))
}

/// Disable a contact, who cannot sign in any more, or make it valid again.
#[utoipa::path(put, path = "/units/{unit}/contacts/{account}/active", tag = "unit",
    params(("unit" = String, Path), ("account" = String, Path), IdempotencyKey, IfMatch),
    request_body = ContactActiveInput, responses((status = 200, body = UnitView)))]
pub(crate) async fn set_contact_active(
    State(b): State<Bureau>,
    Path((id, account)): Path<(UnitId, AccountId)>,
    seen: IfMatch,
    command: Command<ContactActiveInput>,
) -> Result<Answer, Problem> {
    change!(b, id, seen, command, |unit, body| unit.set_contact_active(&account, body.active))
}
