//! Merging a unit into another.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::account::Actor;
use domain::ids::{AccountId, UnitId};
use domain::organisation::Unit;
use http::header::ETAG;
use lambda::http::{Answer, Command, IdempotencyKey, IfMatch, Json, Path, Problem, Signed, etag};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::desk::StepError;
use workflow::mergers::{Decided, Pair, Preview};

use crate::Bureau;
use crate::view::{UnitContact, UnitView, answer, contacts};

/// What goes with a merger.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergerInput {
    /// Version of the survivor that was seen.
    survivor_version: u64,
    /// Accounts of the contacts that come along and work for the survivor from now on. All others of the merged unit are
    /// disabled.
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    contacts: Vec<AccountId>,
}

/// A unit that takes part in a merger.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MergerParty {
    /// Identifier.
    id: String,
    /// 单位名称
    name: String,
    /// 统一社会信用代码
    code: String,
    /// Path of the agency it belongs to.
    agency: String,
    /// 联系人, masked.
    contacts: Vec<UnitContact>,
    /// Version.
    version: u64,
}

impl MergerParty {
    fn of(unit: &Unit) -> Self {
        Self {
            id: unit.id.to_string(),
            name: unit.name.clone(),
            code: unit.code.clone(),
            agency: unit.agency().to_owned(),
            contacts: contacts(unit),
            version: unit.version,
        }
    }
}

/// Enrolments in one state.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MovedCount {
    /// State, `completed`.
    state: &'static str,
    /// 状态
    state_name: &'static str,
    /// How many.
    count: u32,
}

/// Something that stands in the way.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Obstacle {
    /// Stable code.
    code: &'static str,
    /// A sentence.
    text: String,
}

/// What a merger would do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MergerPreview {
    /// The unit that would end.
    merged: MergerParty,
    /// The unit that would go on.
    survivor: MergerParty,
    /// The enrolments that would move, by state, with their cover, receipts and entries in the books.
    enrolments: Vec<MovedCount>,
    /// Whether there are at least so many.
    at_least: bool,
    /// What stands in the way; empty if nothing does.
    obstacles: Vec<Obstacle>,
}

impl From<Preview> for MergerPreview {
    fn from(preview: Preview) -> Self {
        let counts = preview.enrolments.by_state.into_iter().filter(|(_, count)| *count > 0);
        let count = |(state, count): (domain::enrolment::State, u32)| MovedCount {
            state: state.as_str(),
            state_name: state.chinese(),
            count,
        };
        let obstacles = preview.obstacles.into_iter();
        Self {
            merged: MergerParty::of(&preview.merged),
            survivor: MergerParty::of(&preview.survivor),
            enrolments: counts.map(count).collect(),
            at_least: preview.enrolments.at_least,
            obstacles: obstacles.map(|refusal| Obstacle { code: refusal.code, text: refusal.text }).collect(),
        }
    }
}

impl Bureau {
    fn pair<'a>(&'a self, actor: &'a Actor, (merged, survivor): &'a (UnitId, UnitId)) -> Pair<'a> {
        Pair { desk: &self.counter.desk, actor, merged, survivor }
    }
}

/// What merging a unit into another would move, and what stands in the way. The `ETag` is the version of the unit that
/// would end.
#[utoipa::path(get, path = "/units/{unit}/merger/{survivor}", tag = "unit",
    params(("unit" = String, Path), ("survivor" = String, Path)), responses((status = 200, body = MergerPreview)))]
pub(crate) async fn preview(
    State(b): State<Bureau>,
    Signed { actor, .. }: Signed,
    Path(units): Path<(UnitId, UnitId)>,
) -> Result<Response, Problem> {
    let preview = match b.pair(&actor, &units).preview().await {
        Ok(preview) => preview,
        Err(StepError::NotFound) => return Err(Problem::not_found()),
        Err(StepError::Refused(refusal)) => return Err((*refusal).into()),
        Err(StepError::Outage(outage)) => return Err(outage.into()),
        Err(other) => return Err(Problem::internal(other.to_string())),
    };
    let version = etag(preview.merged.version);
    Ok(([(ETAG, version)], Json(MergerPreview::from(preview))).into_response())
}

/// Merge a unit into another, the survivor. Its enrolments, their cover and their books move to the survivor in the
/// background; `moving` of both units tells until when. `If-Match` is the version of the unit that ends.
#[utoipa::path(post, path = "/units/{unit}/merger/{survivor}", tag = "unit",
    params(("unit" = String, Path), ("survivor" = String, Path), IdempotencyKey, IfMatch), request_body = MergerInput,
    responses((status = 200, body = UnitView)))]
pub(crate) async fn merge(
    State(b): State<Bureau>,
    Path(units): Path<(UnitId, UnitId)>,
    seen: IfMatch,
    command: Command<MergerInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let kept = |unit: &Unit| once.record(&answer(unit));
    let work = async {
        let decided =
            Decided { merged_seen: seen.0, survivor_seen: body.survivor_version, kept: &body.contacts, answer: &kept };
        let merged = b.pair(&actor, &units).merge(decided).await?;
        Ok(answer(&merged))
    };
    once.run(&*b.counter.desk.store, work).await
}
