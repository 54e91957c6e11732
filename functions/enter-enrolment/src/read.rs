//! What drafting reads.

use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::account::Permission;
use domain::ids::{EnrolmentId, UnitId};
use domain::refusal::Refusal;
use http::header::ETAG;
use lambda::enrolments::Counter;
use lambda::http::{Json, Listing, Paging, Path, Problem, Query, Signed, etag};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use workflow::ports::EnrolmentSummary;
use workflow::scope::Scope;
use workflow::templates::{TEMPLATES, Template};

use crate::view::{EnrolmentView, PlanOffer};

/// How long a download link lives.
const LINK_LIFE: Duration = Duration::from_secs(300);

/// The published plan variants.
#[utoipa::path(get, path = "/plans", tag = "enrolment", responses((status = 200, body = Vec<PlanOffer>)))]
pub async fn plans(State(c): State<Counter>, _: Signed) -> Result<Json<Vec<PlanOffer>>, Problem> {
    let mut plans = c.desk.store.plans().await?;
    plans.sort_by(|a, b| (&a.code, &a.version).cmp(&(&b.code, &b.version)));
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
        let url = c.objects.link(key, file_name, LINK_LIFE).await?;
        links.push(TemplateLink { kind, file_name, url });
    }
    Ok(Json(links))
}

/// Whose enrolments.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ListQuery {
    /// The unit; one's own if absent.
    #[param(value_type = Option<String>)]
    unit: Option<UnitId>,
}

/// An enrolment as the list shows it.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolmentRow {
    /// Identifier.
    id: String,
    /// 申请书号
    application_number: String,
    /// 单位名称
    unit_name: String,
    /// State, `first-review`.
    state: &'static str,
    /// 状态
    state_name: &'static str,
    /// 录入日期
    created_at: String,
    /// 原因 of the last return.
    return_reason: Option<String>,
    /// 缴费通知单打印次数
    notice_prints: u32,
}

/// The enrolments of a unit, newest first.
#[utoipa::path(get, path = "/enrolments", tag = "enrolment", params(ListQuery, Paging),
    responses((status = 200, body = Listing<EnrolmentRow>)))]
pub async fn list(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Query(query): Query<ListQuery>,
    paging: Paging,
) -> Result<Json<Listing<EnrolmentRow>>, Problem> {
    if !actor.may(Permission::ReadEnrolments) {
        return Err(Refusal::not_permitted().into());
    }
    let unit = query.unit.or_else(|| actor.unit.clone()).ok_or_else(Problem::not_found)?;
    let page = c.desk.store.enrolments_of(&unit, &Scope::of(&actor), None, paging.request()).await?;
    Ok(Json(paging.listing(page, row)))
}

fn row(e: EnrolmentSummary) -> EnrolmentRow {
    EnrolmentRow {
        id: e.id.to_string(),
        application_number: e.application_number,
        unit_name: e.unit_name,
        state: e.state.as_str(),
        state_name: e.state.chinese(),
        created_at: e.created_at.to_string(),
        return_reason: e.return_reason,
        notice_prints: e.notice_prints,
    }
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
    Ok(([(ETAG, tag)], Json(EnrolmentView::of(&e))).into_response())
}
