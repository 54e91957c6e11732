//! Members taken off a roster while the enrolment is drafted.

use std::collections::BTreeSet;

use axum::extract::State;
use domain::enrolment::{Command as Ask, Enrolment, RosterPointer};
use domain::ids::EnrolmentId;
use domain::refusal::{Problem as Fault, Refusal};
use domain::roster::Member;
use lambda::enrolments::{Commanded, EnrolmentOutcome};
use lambda::http::{Answer, Command, Failure, IdempotencyKey, IfMatch, Once, Path, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use workflow::rosters;

use crate::{Cabinet, books};

/// Most members removed at once.
const REMOVE_MAX: usize = 200;

/// Members to take off a roster.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemovalInput {
    /// Code of the plan.
    plan: String,
    /// The `entry` of each of up to 200 members.
    #[schema(max_items = 200)]
    entries: BTreeSet<String>,
}

/// Take members off a plan's roster.
#[utoipa::path(post, path = "/enrolments/{enrolment}/roster/removals", tag = "roster",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    request_body = RemovalInput, responses((status = 200, body = EnrolmentOutcome)))]
pub async fn remove(
    State(cabinet): State<Cabinet>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<RemovalInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let written = async {
        let draft = cabinet.draft(&actor, &id, seen.0).await?;
        rewritten(&cabinet, &draft, &once, &body).await
    };
    let removed = u32::try_from(body.entries.len()).unwrap_or(u32::MAX);
    let plan = body.plan.clone();
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out_after(&cabinet.counter.desk, written, |_, roster| Ok(Ask::RemoveMembers { plan, removed, roster }))
        .await
}

/// Writes the roster without these members, and its workbook; none if nobody is left.
async fn rewritten(
    cabinet: &Cabinet,
    e: &Enrolment,
    once: &Once,
    input: &RemovalInput,
) -> Result<Option<RosterPointer>, Failure> {
    let (objects, cipher) = (&*cabinet.objects, &*cabinet.cipher);
    let line = e.line(&input.plan);
    let roster = line.and_then(|line| line.roster.as_ref());
    let members = rosters::load(objects, cipher, roster).await?;
    let members = without(members, &input.entries)?;
    if members.is_empty() {
        return Ok(None);
    }
    let name = rosters::Edition { version: e.version, request: once.name() };
    let workbook = name.workbook(&e.id, &input.plan);
    let clock = &cabinet.counter.desk.clock;
    let members = books::roster(objects, &workbook, members, clock.now()).await?;
    let start = e.first_day(&input.plan, clock.today());
    let key = name.roster(&e.id, &input.plan);
    Ok(Some(rosters::store(objects, cipher, key, workbook, &members, start).await?))
}

fn without(members: Vec<Member>, entries: &BTreeSet<String>) -> Result<Vec<Member>, Refusal> {
    if entries.is_empty() || entries.len() > REMOVE_MAX {
        let text = format!("一次可移除1至{REMOVE_MAX}人");
        return Err(Refusal::invalid(vec![Fault::new("/entries", "MEMBER_COUNT", text)]));
    }
    let on_roster = members.len();
    let kept: Vec<_> = members.into_iter().filter(|member| !entries.contains(&member.entry())).collect();
    if on_roster - kept.len() == entries.len() {
        return Ok(kept);
    }
    Err(Refusal::invalid(vec![Fault::new("/entries", "NOT_ON_ROSTER", "清单中没有所选的人员")]))
}
