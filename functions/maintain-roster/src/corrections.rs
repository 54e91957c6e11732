//! Failed rows corrected in place: judged exactly as an import would judge them.

use std::collections::{BTreeMap, HashSet};

use axum::extract::State;
use domain::enrolment::{Command as Ask, Enrolment, FailedRowFiles, RosterPointer};
use domain::ids::{EnrolmentId, UploadId};
use domain::refusal::{Problem as Fault, Refusal};
use domain::roster::raw::{Cell, RawRow};
use domain::roster::{Checked, FailedRow, Outcome, check_rows};
use http::StatusCode;
use lambda::http::{Answer, Command, Failure, IdempotencyKey, IfMatch, Path, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::desk::{Ask as Request, carry_out};
use workflow::eligibility::{self, NewRoster, Target, Terms};
use workflow::ports::Outage;
use workflow::rosters::{self, Edition, FailedRows};

use crate::failed::{CellReason, failed_of};
use crate::{CELL_CHARACTERS_MAX, Cabinet, books};

/// Most rows corrected at once.
const ROWS_MAX: usize = 200;

/// Corrected rows.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectionInput {
    /// Up to 200 of the batch's failed rows, each once.
    #[schema(max_items = 200)]
    rows: Vec<RowInput>,
}

/// A corrected row: all of its cells as they are to be. Each has at most 200 characters.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RowInput {
    /// 原文件行号
    row_number: u32,
    /// 姓名
    #[serde(default)]
    name: String,
    /// 身份证号码
    #[serde(default)]
    id_number: String,
    /// 手机号码
    #[serde(default)]
    mobile: String,
    /// 职业
    #[serde(default)]
    occupation: String,
    /// 份数 of each share column of the file.
    #[serde(default)]
    shares: Vec<String>,
}

/// Shows which row, not who.
impl std::fmt::Debug for RowInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RowInput {{ row_number: {}, .. }}", self.row_number)
    }
}

/// What became of the corrected rows.
#[derive(Debug, Serialize, ToSchema)]
pub struct Corrected {
    /// The enrolment.
    id: String,
    /// Its version, for the next `If-Match`.
    version: u64,
    /// Rows that joined the roster.
    accepted: u32,
    /// Rows that failed again, with their new reasons. Their values are among the batch's failed rows.
    failed: Vec<StillFailed>,
    /// Failed rows the batch has now.
    remaining: usize,
}

/// A row that failed again.
#[derive(Debug, Serialize, ToSchema)]
pub struct StillFailed {
    /// 原文件行号
    row_number: u32,
    /// Every reason with its cell.
    reasons: Vec<CellReason>,
}

/// Correct failed rows of a batch. Those that pass join the roster, the others stay failed with their new reasons.
#[utoipa::path(post, path = "/enrolments/{enrolment}/batches/{upload}/corrections", tag = "roster",
    params(("enrolment" = String, Path), ("upload" = String, Path), IdempotencyKey, IfMatch),
    request_body = CorrectionInput, responses((status = 200, body = Corrected)))]
pub async fn correct(
    State(cabinet): State<Cabinet>,
    Path((id, upload)): Path<(EnrolmentId, UploadId)>,
    seen: IfMatch,
    command: Command<CorrectionInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let desk = &cabinet.counter.desk;
    let work = async {
        let draft = cabinet.draft(&actor, &id, seen.0).await?;
        let judged = judged(&cabinet, &draft, &upload, body.rows).await?;
        let edition = Edition { version: draft.version, request: once.name() };
        let (command, report) = published(&cabinet, &draft, upload, judged, &edition).await?;
        let answer = |e: &Enrolment| report.answer(e);
        let kept = |e: &Enrolment| once.record(&answer(e));
        let ask = Request { actor: &actor, enrolment: &id, seen: seen.0, answer: &kept };
        Ok(answer(&carry_out(desk, ask, |_| Ok(command)).await?))
    };
    once.run(&*desk.store, work).await
}

/// The corrected rows after both passes, beside the rows of the batch that were left alone.
struct Judged {
    targets: Vec<Target>,
    outcome: Outcome,
    left: FailedRows,
}

async fn judged(cabinet: &Cabinet, e: &Enrolment, upload: &UploadId, rows: Vec<RowInput>) -> Result<Judged, Failure> {
    let (objects, cipher, desk) = (&*cabinet.objects, &*cabinet.cipher, &cabinet.counter.desk);
    let (_, files) = failed_of(e, upload).ok_or_else(Problem::not_found)?;
    let mut left = rosters::load_failed(objects, cipher, &files.sealed).await?;
    let failed: HashSet<u32> = left.rows.iter().map(|row| row.row_number).collect();
    Refusal::unless_none(problems(&rows, &failed, left.columns.len()))?;
    let corrected: BTreeMap<u32, RawRow> = rows.into_iter().map(|row| (row.row_number, row.into_raw())).collect();
    left.rows.retain(|row| !corrected.contains_key(&row.row_number));
    let targets = eligibility::targets(objects, cipher, e, &left.plans).await??;
    let terms = Terms::of(desk, e, Some(upload.clone())).await?;
    let outcome = {
        let rules = eligibility::rules(&targets, !left.columns.is_empty(), &terms)?;
        let checked: Checked = check_rows(corrected.into_values(), &rules);
        let people: Vec<_> = checked.people().map(|(id, _)| *id).collect();
        let known = eligibility::known(&*desk.store, eligibility::indexed(cipher, &people)).await?;
        eligibility::judge(checked, &rules, &known, cipher)
    };
    Ok(Judged { targets, outcome, left })
}

/// Everything that keeps the rows from being checked, at once.
fn problems(rows: &[RowInput], failed: &HashSet<u32>, share_columns: usize) -> Vec<Fault> {
    let mut problems = Vec::new();
    if rows.is_empty() || rows.len() > ROWS_MAX {
        return vec![Fault::new("/rows", "ROW_COUNT", format!("一次可更正1至{ROWS_MAX}行"))];
    }
    let mut seen = HashSet::new();
    for (i, row) in rows.iter().enumerate() {
        let number = row.row_number;
        if !failed.contains(&number) {
            problems.push(Fault::new(format!("/rows/{i}/row_number"), "ROW_NOT_FAILED", "该行不在失败人员名单中"));
        } else if !seen.insert(number) {
            problems.push(Fault::new(format!("/rows/{i}/row_number"), "ROW_TWICE", "同一行只能更正一次"));
        }
        if row.shares.len() != share_columns {
            let text = format!("该文件有{share_columns}个份数列，请逐列填写");
            problems.push(Fault::new(format!("/rows/{i}/shares"), "SHARE_COLUMNS", text));
        }
        let cells = [("name", &row.name), ("id_number", &row.id_number), ("mobile", &row.mobile)];
        let cells = cells.into_iter().chain([("occupation", &row.occupation)]);
        let long = cells.chain(row.shares.iter().map(|cell| ("shares", cell)));
        for (cell, _) in long.filter(|(_, text)| text.chars().count() > CELL_CHARACTERS_MAX) {
            let text = format!("最多{CELL_CHARACTERS_MAX}个字");
            problems.push(Fault::new(format!("/rows/{i}/{cell}"), "TEXT_TOO_LONG", text));
        }
    }
    problems
}

impl RowInput {
    /// The row as a spreadsheet would hold it, every cell as text.
    fn into_raw(self) -> RawRow {
        let cell = |text: String| if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text) };
        RawRow {
            row_number: self.row_number,
            name: cell(self.name),
            id_number: cell(self.id_number),
            mobile: cell(self.mobile),
            occupation: cell(self.occupation),
            shares: self.shares.into_iter().map(cell).collect(),
        }
    }
}

/// What is answered beside the version.
struct Report {
    accepted: u32,
    failed: Vec<(u32, Vec<(domain::roster::raw::Column, domain::reason::Reason)>)>,
    remaining: usize,
}

impl Report {
    fn answer(&self, e: &Enrolment) -> Answer {
        let failed = self.failed.iter().map(|(row_number, reasons)| StillFailed {
            row_number: *row_number,
            reasons: reasons.iter().map(CellReason::of).collect(),
        });
        let corrected = Corrected {
            id: e.id.to_string(),
            version: e.version,
            accepted: self.accepted,
            failed: failed.collect(),
            remaining: self.remaining,
        };
        Answer::json(StatusCode::OK, &corrected).version(e.version)
    }
}

/// Writes the rosters and the rows that are still failed; the command that points to them.
async fn published(
    cabinet: &Cabinet,
    e: &Enrolment,
    upload: UploadId,
    judged: Judged,
    edition: &Edition,
) -> Result<(Ask, Report), Outage> {
    let Judged { targets, outcome, mut left } = judged;
    let Outcome { accepted, rosters: joining, failed, .. } = outcome;
    let mut pointers = Vec::new();
    for roster in eligibility::joined(targets, joining, cabinet.counter.desk.clock.today()) {
        if roster.added > 0 {
            pointers.push((roster.plan.clone(), stored(cabinet, e, roster, edition).await?));
        }
    }
    let again = failed.iter().map(|row| (row.row_number, row.reasons.clone())).collect();
    left.rows.extend(failed);
    left.rows.sort_by_key(|row: &FailedRow| row.row_number);
    let report = Report { accepted, failed: again, remaining: left.rows.len() };
    let failed_rows =
        if left.rows.is_empty() { None } else { Some(refiled(cabinet, e, &upload, left, edition).await?) };
    Ok((Ask::CorrectRows { upload, accepted, failed_rows, rosters: pointers }, report))
}

async fn stored(
    cabinet: &Cabinet,
    e: &Enrolment,
    roster: NewRoster,
    edition: &Edition,
) -> Result<RosterPointer, Outage> {
    let objects = &*cabinet.objects;
    let (key, workbook) = (edition.roster(&e.id, &roster.plan), edition.workbook(&e.id, &roster.plan));
    let members = books::roster(objects, &workbook, roster.members, cabinet.counter.desk.clock.now()).await?;
    rosters::store(objects, &*cabinet.cipher, key, workbook, &members, roster.start).await
}

async fn refiled(
    cabinet: &Cabinet,
    e: &Enrolment,
    upload: &UploadId,
    left: FailedRows,
    edition: &Edition,
) -> Result<FailedRowFiles, Outage> {
    let objects = &*cabinet.objects;
    let (sealed, workbook) = (edition.failed_rows(&e.id, upload), edition.workbook(&e.id, "failed-rows"));
    let left = books::failed(objects, &workbook, left, cabinet.counter.desk.clock.now()).await?;
    rosters::store_failed(objects, &*cabinet.cipher, &sealed, &left).await?;
    Ok(FailedRowFiles { workbook, sealed })
}
