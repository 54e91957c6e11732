//! Records to look up: the trail of an enrolment, the files that belong to it, the unit's earlier enrolments, what waits
//! for somebody; exports of lists.
//!
//! Trigger: API Gateway. Reads only, but for export jobs: one commit opens one.

mod dashboard;
mod exports;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use domain::account::Permission;
use domain::enrolment::{Enrolment, ImportOutcome};
use domain::ids::EnrolmentId;
use domain::money::Fen;
use domain::refusal::Refusal;
use domain::trail::TrailEntry;
use lambda::enrolments::Counter;
use lambda::http::{Json, Listing, Paging, Path, Problem, Query, Signed};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use workflow::asides;
use workflow::ports::{Cipher, EnrolmentSummary};
use workflow::receipts;
use workflow::scope::Scope;

/// How long a download link lives.
const LINK_LIFE: Duration = Duration::from_secs(300);

/// What the handlers of exports need.
#[derive(Clone)]
pub struct Records {
    /// The tables and links.
    pub counter: Counter,
    /// Keys of the index by which units are found by a contact.
    pub cipher: Arc<dyn Cipher>,
}

/// The routes.
pub fn routes(records: Records) -> OpenApiRouter {
    let counter = records.counter.clone();
    let exports = OpenApiRouter::new()
        .routes(routes!(exports::list, exports::request))
        .routes(routes!(exports::one))
        .with_state(records);
    OpenApiRouter::new()
        .routes(routes!(trail))
        .routes(routes!(files))
        .routes(routes!(earlier))
        .routes(routes!(dashboard::tasks))
        .with_state(counter)
        .merge(exports)
}

/// An entry of a trail (操作轨迹).
#[derive(Debug, Serialize, ToSchema)]
struct TrailView {
    /// When.
    at: String,
    /// Who.
    actor_name: String,
    /// The command, `approve`.
    action: String,
    /// State before.
    from: String,
    /// State after.
    to: String,
    /// Opinion, reason or remark.
    note: String,
    /// 办理时长: milliseconds since the enrolment entered the state before.
    duration_ms: i64,
}

/// The trail of an enrolment, oldest first.
#[utoipa::path(get, path = "/enrolments/{enrolment}/trail", tag = "records",
    params(("enrolment" = String, Path), Paging), responses((status = 200, body = Listing<TrailView>)))]
async fn trail(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Path(id): Path<EnrolmentId>,
    paging: Paging,
) -> Result<Json<Listing<TrailView>>, Problem> {
    let e = c.readable(&actor, &id).await?;
    let page = c.desk.store.trail(e.id.as_str(), paging.request()).await?;
    Ok(Json(paging.listing(page, shown)))
}

fn shown(entry: TrailEntry) -> TrailView {
    TrailView {
        at: entry.at.to_string(),
        actor_name: entry.actor_name,
        action: entry.action,
        from: entry.from,
        to: entry.to,
        note: entry.note,
        duration_ms: entry.duration_ms,
    }
}

/// An earlier enrolment of the unit (既往参保信息).
#[derive(Debug, Serialize, ToSchema)]
struct EarlierView {
    /// Identifier.
    id: String,
    /// 申请书号
    application_number: String,
    /// State, `completed`.
    state: &'static str,
    /// 状态
    state_name: &'static str,
    /// 录入日期
    created_at: String,
    /// 保障活动, by name.
    plans: Vec<String>,
    /// 参保人数 of all plans.
    participants: u32,
    /// Total contribution, in fen.
    contribution_fen: Option<i64>,
    /// First and last day of cover of all plans together, once paid.
    period: Option<[String; 2]>,
}

/// The enrolments of the same unit that were created before this one, newest first.
#[utoipa::path(get, path = "/enrolments/{enrolment}/earlier", tag = "records",
    params(("enrolment" = String, Path), Paging), responses((status = 200, body = Listing<EarlierView>)))]
async fn earlier(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Path(id): Path<EnrolmentId>,
    paging: Paging,
) -> Result<Json<Listing<EarlierView>>, Problem> {
    let e = c.readable(&actor, &id).await?;
    // Whoever reviews this enrolment sees the unit's others, wherever the task was dispatched from.
    let unit = Scope::Subtree(e.unit.path);
    let page = c.desk.store.enrolments_of(&e.unit.id, &unit, Some(e.created_at), paging.request()).await?;
    Ok(Json(paging.listing(page, earlier_view)))
}

fn earlier_view(e: EnrolmentSummary) -> EarlierView {
    EarlierView {
        id: e.id.to_string(),
        application_number: e.application_number,
        state: e.state.as_str(),
        state_name: e.state.chinese(),
        created_at: e.created_at.to_string(),
        plans: e.plans,
        participants: e.participants,
        contribution_fen: e.contribution.map(Fen::fen),
        period: e.period.map(|p| [p.start().to_string(), p.end().to_string()]),
    }
}

/// A file to download.
#[derive(Debug, Serialize, ToSchema)]
struct FileView {
    /// `failed-rows`, `roster`, `attachment`, `thumbnail` or `receipt`.
    kind: &'static str,
    /// What it belongs to: an upload, a plan or a receipt.
    of: String,
    /// File name.
    file_name: String,
    /// Link, good for five minutes.
    url: String,
}

/// Which files are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct FilesAsked {
    /// Also rosters and failed rows, which hold ID numbers in full: needs `unmask-numbers`, and leaves a trail entry.
    #[serde(default)]
    in_full: bool,
}

/// The files of an enrolment. Rosters and failed rows hold ID numbers in full: links to them are given to those who may see
/// such and ask for them, and the trail says that they did.
#[utoipa::path(get, path = "/enrolments/{enrolment}/files", tag = "records",
    params(("enrolment" = String, Path), FilesAsked), responses((status = 200, body = Vec<FileView>)))]
async fn files(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Path(id): Path<EnrolmentId>,
    Query(asked): Query<FilesAsked>,
) -> Result<Json<Vec<FileView>>, Problem> {
    if asked.in_full && !actor.may(Permission::UnmaskNumbers) {
        return Err(Refusal::not_permitted().into());
    }
    let e = c.readable(&actor, &id).await?;
    let listed = listed(&e, asked.in_full);
    if listed.iter().any(|(kind, ..)| IN_FULL.contains(kind)) {
        asides::seen(&c.desk, &actor, &e, "取得人员清单或失败人员名单的下载链接".to_owned()).await?;
    }
    let mut files = Vec::new();
    for (kind, of, file_name, key) in listed {
        let url = c.links.link(&key, &file_name, LINK_LIFE).await?;
        files.push(FileView { kind, of, file_name, url });
    }
    Ok(Json(files))
}

/// Kinds of files that hold ID numbers in full.
const IN_FULL: [&str; 2] = ["failed-rows", "roster"];

type Listed = (&'static str, String, String, String);

/// Kind, what it belongs to, file name and key of every file.
fn listed(e: &Enrolment, in_full: bool) -> Vec<Listed> {
    let number = &e.application_number;
    let mut files: Vec<Listed> = Vec::new();
    if in_full {
        for batch in &e.batches {
            if let Some(ImportOutcome::Done { failed_rows: Some(failed), .. }) = &batch.outcome {
                files.push((
                    "failed-rows",
                    batch.upload.to_string(),
                    format!("失败人员名单-{number}.xlsx"),
                    failed.workbook.clone(),
                ));
            }
        }
        for line in &e.lines {
            if let Some(roster) = &line.roster {
                let name = format!("参保人员名单-{number}-{}.xlsx", line.plan.code);
                files.push(("roster", line.plan.code.clone(), name, roster.workbook.clone()));
            }
        }
    }
    for attachment in &e.attachments {
        let of = attachment.upload.to_string();
        files.push(("attachment", of.clone(), attachment.file_name.clone(), attachment.key.clone()));
        if let Some(key) = &attachment.thumbnail {
            files.push(("thumbnail", of, format!("{}.jpg", attachment.upload), key.clone()));
        }
    }
    for receipt in e.receipts.iter().filter(|receipt| receipt.mailed_at.is_some() || receipt.mail_problem.is_some()) {
        let voided = if receipt.voided.is_some() { "（已作废）" } else { "" };
        let name = format!("{}{voided}.pdf", receipt.batch_number);
        files.push(("receipt", receipt.id.to_string(), name, receipts::key(&e.id, &receipt.id)));
    }
    files
}
