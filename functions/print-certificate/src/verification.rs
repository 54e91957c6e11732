//! What anybody learns who scans the QR code of a certificate.

use axum::extract::State;
use domain::money::Fen;
use domain::organisation::Unit;
use lambda::http::{Json, Path, Problem};
use serde::Serialize;
use utoipa::ToSchema;
use workflow::certificates;
use workflow::scope::Scope;

use crate::Press;

/// A certificate that is genuine.
#[derive(Debug, Serialize, ToSchema)]
pub struct Verification {
    /// 确认书号码
    number: String,
    /// Unit name, masked in part.
    unit: String,
    /// First and last day of cover, the earliest and the latest of its plans.
    period: Option<[String; 2]>,
    /// Amount, in fen.
    amount_fen: Option<i64>,
    /// Revision of the paper in hand.
    revision: u32,
    /// Whether it is the latest revision.
    latest: bool,
}

/// Verify a certificate by the token of its QR code. A forged or altered token is refused.
#[utoipa::path(get, path = "/certificates/verification/{token}", tag = "certificate", security(()),
    params(("token" = String, Path)), responses((status = 200, body = Verification)))]
pub async fn verify(State(press): State<Press>, Path(token): Path<String>) -> Result<Json<Verification>, Problem> {
    let Some((id, revision)) = certificates::read_token(&*press.cipher, &token) else {
        return Err(Problem::not_found());
    };
    let e = press.counter.desk.store.enrolment(&id, &Scope::Platform).await?.ok_or_else(Problem::not_found)?;
    let certificate = e.certificate.as_ref().ok_or_else(Problem::not_found)?;
    // What the paper says, where the unit was merged into another since.
    let rendered = certificate.rendered.iter().find(|rendered| rendered.revision == revision);
    let printed_for = rendered.and_then(|rendered| rendered.printed_for.as_ref());
    let start = e.periods.iter().map(|(_, p)| p.start()).min();
    let end = e.periods.iter().map(|(_, p)| p.end()).max();
    Ok(Json(Verification {
        number: certificate.number.clone(),
        unit: Unit::masked_name(printed_for.unwrap_or(&e.unit.name).in_full()),
        period: start.zip(end).map(|(start, end)| [start.to_string(), end.to_string()]),
        amount_fen: e.contribution().map(Fen::fen),
        revision,
        latest: certificate.rendered.last().is_some_and(|r| r.revision == revision),
    }))
}
