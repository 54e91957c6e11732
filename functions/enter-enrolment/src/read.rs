//! What drafting reads.

use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::ids::EnrolmentId;
use http::header::ETAG;
use lambda::enrolments::Counter;
use lambda::http::{Json, Path, Problem, Signed, etag};
use serde::Serialize;
use utoipa::ToSchema;
use workflow::desk;
use workflow::ports::business_date;
use workflow::references;
use workflow::templates::{TEMPLATES, Template};

use crate::view::{EnrolmentView, PlanOffer};

/// How long a download link lives.
const LINK_LIFE: Duration = Duration::from_secs(300);

/// The plan variants in effect today.
#[utoipa::path(get, path = "/plans", tag = "enrolment", responses((status = 200, body = Vec<PlanOffer>)))]
pub async fn plans(State(c): State<Counter>, _: Signed) -> Result<Json<Vec<PlanOffer>>, Problem> {
    let plans = references::plans_on(&*c.desk.store, business_date(c.desk.clock.now())).await?;
    Ok(Json(plans.into_iter().map(PlanOffer::of).collect()))
}

/// A workbook to fill in.
#[derive(Debug, Serialize, ToSchema)]
pub struct TemplateLink {
    /// `general`, or `several-plans`.
    pub kind: &'static str,
    /// File name.
    pub file_name: &'static str,
    /// Link, good for five minutes.
    pub url: String,
}

/// The roster workbooks to fill in.
#[utoipa::path(get, path = "/roster-templates", tag = "enrolment",
    responses((status = 200, body = Vec<TemplateLink>)))]
pub async fn roster_templates(State(c): State<Counter>, _: Signed) -> Result<Json<Vec<TemplateLink>>, Problem> {
    let mut links = Vec::new();
    for Template { kind, key, file_name } in TEMPLATES {
        let url = c.links.link(key, file_name, LINK_LIFE).await?;
        links.push(TemplateLink { kind, file_name, url });
    }
    Ok(Json(links))
}

/// One enrolment, with its version as `ETag`.
#[utoipa::path(get, path = "/enrolments/{enrolment}", tag = "enrolment", params(("enrolment" = String, Path)),
    responses((status = 200, body = EnrolmentView)))]
pub async fn one(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Path(id): Path<EnrolmentId>,
) -> Result<Response, Problem> {
    let e = c.readable(&actor, &id).await?;
    let tag = etag(e.version);
    let mut view = EnrolmentView::of(&e);
    if e.state == domain::enrolment::State::SecondReview {
        view = view.with_final_review(desk::office_of(&c.desk, &e).await?.final_enrolment_review);
    }
    for upload in EnrolmentView::running(&e) {
        if let Some(rows) = c.desk.store.rows_so_far(upload).await? {
            view = view.with_progress(upload, rows);
        }
    }
    Ok(([(ETAG, tag)], Json(view)).into_response())
}
