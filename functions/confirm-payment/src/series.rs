//! The series that receipts take their numbers from (票据号段), for those who see to it that none runs out.

use std::sync::Arc;

use axum::extract::State;
use domain::account::Permission;
use domain::refusal::Refusal;
use lambda::http::{Json, Problem, Signed};
use serde::Serialize;
use utoipa::ToSchema;
use workflow::ports::{Clock, ReceiptSeries, SeriesStanding};

/// The series, and what day it is.
#[derive(Clone)]
pub struct Series {
    /// Where receipts take their numbers from.
    pub receipts: Arc<dyn ReceiptSeries>,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// A series of receipts.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SeriesView {
    /// 票据代码
    code: String,
    /// 票据号码 of the receipt taken last.
    last_number: Option<String>,
    /// How many receipts were taken from it, by all offices together.
    taken: u64,
    /// How many are left; absent if it has no end.
    left: Option<u64>,
    /// Whether its receipts are samples (样例): no fiscal system is connected.
    sample: bool,
}

impl From<SeriesStanding> for SeriesView {
    fn from(standing: SeriesStanding) -> Self {
        let SeriesStanding { code, last_number, taken, left, sample } = standing;
        Self { code, last_number, taken, left, sample }
    }
}

/// Every series that receipts are taken from today. One series serves the country, so all who read the books see the same.
#[utoipa::path(get, path = "/receipt-series", tag = "payment", responses((status = 200, body = Vec<SeriesView>)))]
pub(crate) async fn list(
    State(series): State<Series>,
    Signed { actor, .. }: Signed,
) -> Result<Json<Vec<SeriesView>>, Problem> {
    if !actor.may(Permission::ReadBooks) {
        return Err(Refusal::not_permitted().into());
    }
    let standing = series.receipts.standing(series.clock.today()).await?;
    Ok(Json(standing.into_iter().map(SeriesView::from).collect()))
}
