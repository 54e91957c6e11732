//! The failed rows of an import, as uploaded, with the reasons of each cell.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::account::Permission;
use domain::enrolment::{Enrolment, FailedRowFiles, ImportBatch, ImportOutcome};
use domain::ids::{EnrolmentId, UploadId};
use domain::reason::Reason;
use domain::refusal::Refusal;
use domain::roster::FailedRow;
use domain::roster::raw::{Cell, Column};
use http::header::ETAG;
use lambda::http::{Json, Listing, Paging, Path, Problem, Query, Signed, etag};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use workflow::ports::Page;
use workflow::{asides, rosters};

use crate::Cabinet;

/// Which failed rows.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct FailedRowsQuery {
    /// Only these of them: their numbers (原文件行号), separated by commas.
    #[serde(default, deserialize_with = "numbers")]
    #[param(value_type = Option<String>)]
    rows: Option<BTreeSet<u32>>,
}

fn numbers<'de, D: Deserializer<'de>>(text: D) -> Result<Option<BTreeSet<u32>>, D::Error> {
    let text = String::deserialize(text)?;
    text.split(',').map(str::parse).collect::<Result<_, _>>().map(Some).map_err(D::Error::custom)
}

/// A page of failed rows.
#[derive(Serialize, ToSchema)]
pub struct FailedPage {
    /// Titles of the file's share columns, in the order of `shares`; empty for a file of one plan.
    share_columns: Vec<String>,
    /// The rows, in the file's order.
    rows: Listing<FailedRowView>,
    /// How many rows there are in all, of those asked for.
    total: usize,
}

/// A failed row.
#[derive(Serialize, ToSchema)]
pub struct FailedRowView {
    /// 原文件行号
    row_number: u32,
    /// 姓名 as uploaded.
    name: String,
    /// 身份证号码 as uploaded.
    id_number: String,
    /// 手机号码 as uploaded.
    mobile: String,
    /// 职业 as uploaded.
    occupation: String,
    /// 份数 as uploaded, of each share column.
    shares: Vec<String>,
    /// Every reason with its cell.
    reasons: Vec<CellReason>,
}

/// What is wrong with a cell.
#[derive(Debug, Serialize, ToSchema)]
pub struct CellReason {
    /// `name`, `id_number`, `mobile`, `occupation`, or `shares/0` for the first share column.
    cell: String,
    /// Stable code.
    code: &'static str,
    /// A sentence.
    text: String,
}

impl CellReason {
    /// A reason of a failed row.
    pub fn of((column, reason): &(Column, Reason)) -> Self {
        let cell = match column {
            Column::Name => "name".to_owned(),
            Column::IdNumber => "id_number".to_owned(),
            Column::Mobile => "mobile".to_owned(),
            Column::Occupation => "occupation".to_owned(),
            Column::Shares(at) => format!("shares/{at}"),
        };
        Self { cell, code: reason.code(), text: reason.text() }
    }
}

/// The failed rows of a batch. They hold ID numbers in full, so the trail says who looked.
#[utoipa::path(get, path = "/enrolments/{enrolment}/batches/{upload}/failed-rows", tag = "roster",
    params(("enrolment" = String, Path), ("upload" = String, Path), FailedRowsQuery, Paging),
    responses((status = 200, body = FailedPage)))]
pub async fn list(
    State(cabinet): State<Cabinet>,
    Signed { actor, .. }: Signed,
    Path((id, upload)): Path<(EnrolmentId, UploadId)>,
    Query(query): Query<FailedRowsQuery>,
    paging: Paging,
) -> Result<Response, Problem> {
    let e = cabinet.counter.readable(&actor, &id).await?;
    if !actor.may(Permission::UnmaskNumbers) {
        return Err(Refusal::not_permitted().into());
    }
    let (batch, files) = failed_of(&e, &upload).ok_or_else(Problem::not_found)?;
    let mut failed = rosters::load_failed(&*cabinet.objects, &*cabinet.cipher, &files.sealed).await?;
    if let Some(only) = &query.rows {
        failed.rows.retain(|row| only.contains(&row.row_number));
    }
    let from: usize = match &paging.request().after {
        None => 0,
        Some(after) => after.parse().map_err(|_| Paging::other_list())?,
    };
    let total = failed.rows.len();
    let limit = usize::try_from(paging.request().limit).unwrap_or(usize::MAX);
    let items: Vec<_> = failed.rows.into_iter().skip(from).take(limit).collect();
    let upto = from.saturating_add(items.len());
    let note = format!("查看“{}”失败的{}行", batch.file_name, items.len());
    asides::seen(&cabinet.counter.desk, &actor, &e, note).await?;
    let page = Page { items, next: (upto < total).then(|| upto.to_string()) };
    let page = FailedPage { share_columns: failed.columns, rows: paging.listing(page, shown), total };
    Ok(([(ETAG, etag(e.version))], Json(page)).into_response())
}

/// The batch of an upload, if it has failed rows, with where they lie.
pub fn failed_of<'e>(e: &'e Enrolment, upload: &UploadId) -> Option<(&'e ImportBatch, &'e FailedRowFiles)> {
    let batch = e.batches.iter().find(|batch| &batch.upload == upload)?;
    match &batch.outcome {
        Some(ImportOutcome::Done { failed_rows: Some(files), .. }) => Some((batch, files)),
        _ => None,
    }
}

fn shown(row: FailedRow) -> FailedRowView {
    let cells = row.cells;
    FailedRowView {
        row_number: row.row_number,
        name: text(cells.name),
        id_number: text(cells.id_number),
        mobile: text(cells.mobile),
        occupation: text(cells.occupation),
        shares: cells.shares.into_iter().map(text).collect(),
        reasons: row.reasons.iter().map(CellReason::of).collect(),
    }
}

fn text(cell: Cell) -> String {
    match cell {
        Cell::Empty => String::new(),
        Cell::Text(text) => text,
        Cell::Number(number) => number.to_string(),
    }
}
