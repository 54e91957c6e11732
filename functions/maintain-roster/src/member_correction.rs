//! A member corrected while the enrolment is drafted (人员修改): judged exactly as an import would judge the row.

use axum::extract::State;
use domain::enrolment::{Command as Ask, Enrolment, RosterPointer};
use domain::identity::Mobile;
use domain::ids::EnrolmentId;
use domain::plan::Occupation;
use domain::reason::Reason;
use domain::refusal::{Problem as Fault, Refusal};
use domain::roster::raw::{Cell, Column, RawRow};
use domain::roster::{Member, Outcome, check_rows};
use lambda::enrolments::{Commanded, EnrolmentOutcome};
use lambda::http::{Answer, Command, Failure, IdempotencyKey, IfMatch, Once, Path, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use workflow::eligibility::{self, Target, Terms};
use workflow::rosters::{self, Edition};

use crate::{CELL_CHARACTERS_MAX, Cabinet, books};

/// What is to change of a member. What is left out stays as it is: numbers need not be known in full.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MemberCorrection {
    /// Code of the plan.
    plan: String,
    /// The member's `entry`.
    entry: String,
    /// 姓名
    name: Option<String>,
    /// 身份证号码
    id_number: Option<String>,
    /// 手机号码; empty for none.
    mobile: Option<String>,
    /// `ordinary` or `high-risk`.
    #[schema(value_type = Option<String>)]
    occupation: Option<Occupation>,
    /// 份数
    shares: Option<u32>,
}

/// Shows which member, not who.
impl std::fmt::Debug for MemberCorrection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MemberCorrection {{ plan: {:?}, entry: {:?}, .. }}", self.plan, self.entry)
    }
}

/// Correct a member of a plan's roster. Who cannot be enrolled as corrected stays as they were: `422` with every reason.
#[utoipa::path(post, path = "/enrolments/{enrolment}/roster/corrections", tag = "roster",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    request_body = MemberCorrection, responses((status = 200, body = EnrolmentOutcome)))]
pub async fn correct(
    State(cabinet): State<Cabinet>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<MemberCorrection>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let written = async {
        let draft = cabinet.draft(&actor, &id, seen.0).await?;
        rewritten(&cabinet, &draft, &once, &body).await
    };
    let plan = body.plan.clone();
    let as_command = |_: &Enrolment, (cells, roster)| Ok(Ask::CorrectMember { plan, cells, roster });
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out_after(&cabinet.counter.desk, written, as_command)
        .await
}

/// Writes the roster with the member as corrected, and its workbook; says what was changed.
async fn rewritten(
    cabinet: &Cabinet,
    e: &Enrolment,
    once: &Once,
    input: &MemberCorrection,
) -> Result<(Vec<Column>, RosterPointer), Failure> {
    let (objects, cipher, desk) = (&*cabinet.objects, &*cabinet.cipher, &cabinet.counter.desk);
    let mut targets = eligibility::targets(objects, cipher, e, std::slice::from_ref(&input.plan)).await??;
    let taken = targets.first_mut().and_then(|target| target.take(&input.entry));
    let (place, before) = taken.ok_or_else(|| invalid("/entry", "NOT_ON_ROSTER", "清单中没有所选的人员"))?;
    Refusal::unless_none(input.long_cells())?;
    let terms = Terms::of(desk, e, before.upload.clone()).await?;
    let after = judged(cabinet, &targets, &terms, input.row(&before)).await?;
    let cells = changed(&before, &after);
    if cells.is_empty() {
        return Err(Refusal::conflict("NOTHING_CHANGED", "人员信息没有变化，无需更正").into());
    }
    let target = targets.pop().ok_or_else(Problem::not_found)?;
    let roster = target.restore(place, after, desk.clock.today());
    let name = Edition { version: e.version, request: once.name() };
    let (key, workbook) = (name.roster(&e.id, &roster.plan), name.workbook(&e.id, &roster.plan));
    let members = books::roster(objects, &workbook, roster.members, desk.clock.now()).await?;
    Ok((cells, rosters::store(objects, cipher, key, workbook, &members, roster.start).await?))
}

/// The member that the corrected row makes, or every reason why it makes none.
async fn judged(cabinet: &Cabinet, targets: &[Target], terms: &Terms, row: RawRow) -> Result<Member, Failure> {
    let (cipher, desk) = (&*cabinet.cipher, &cabinet.counter.desk);
    let rules = eligibility::rules(targets, true, terms)?;
    let checked = check_rows([row], &rules);
    let people: Vec<_> = checked.people().map(|(id, _)| *id).collect();
    let known = eligibility::known(&*desk.store, eligibility::indexed(cipher, &people)).await?;
    let Outcome { rosters, failed, .. } = eligibility::judge(checked, &rules, &known, cipher);
    let faults = failed.iter().flat_map(|row| &row.reasons).map(fault);
    Refusal::unless_none(faults.collect())?;
    let member = rosters.into_iter().flatten().next();
    Ok(member.ok_or_else(|| invalid("/shares", "NO_PLAN_CHOSEN", "请填写份数"))?)
}

fn invalid(pointer: &str, code: &'static str, text: &str) -> Refusal {
    Refusal::invalid(vec![Fault::new(pointer, code, text)])
}

/// A file shows what keeps a person out of a plan in the plan's column; here it belongs to the person.
fn fault((column, reason): &(Column, Reason)) -> Fault {
    let field = match column {
        Column::Shares(_) if of_person(reason) => "/id_number",
        Column::Name => "/name",
        Column::IdNumber => "/id_number",
        Column::Mobile => "/mobile",
        Column::Occupation => "/occupation",
        Column::Shares(_) => "/shares",
    };
    Fault::new(field, reason.code(), reason.text())
}

fn of_person(reason: &Reason) -> bool {
    matches!(reason, Reason::DuplicateInRoster | Reason::SexNotEligible | Reason::AgeBelowMinimum { .. })
}

/// The cells in which a member differs.
fn changed(before: &Member, after: &Member) -> Vec<Column> {
    let cells = [
        (Column::Name, before.name != after.name),
        (Column::IdNumber, before.id != after.id),
        (Column::Mobile, before.mobile != after.mobile),
        (Column::Occupation, before.occupation != after.occupation),
        (Column::Shares(0), before.shares != after.shares),
    ];
    cells.into_iter().filter(|(_, differs)| *differs).map(|(column, _)| column).collect()
}

impl MemberCorrection {
    fn long_cells(&self) -> Vec<Fault> {
        let cells = [("/name", &self.name), ("/id_number", &self.id_number), ("/mobile", &self.mobile)];
        let long = |text: &Option<String>| text.as_ref().is_some_and(|t| t.chars().count() > CELL_CHARACTERS_MAX);
        let long = cells.into_iter().filter(|(_, text)| long(text));
        long.map(|(at, _)| Fault::new(at, "TEXT_TOO_LONG", format!("最多{CELL_CHARACTERS_MAX}个字"))).collect()
    }

    /// The member's row as a file for several plans would hold it, with what is to change.
    fn row(&self, before: &Member) -> RawRow {
        let cell = |text: &str| if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text.to_owned()) };
        let mobile = before.mobile.as_ref().map_or("", Mobile::as_str);
        RawRow {
            row_number: before.row,
            name: cell(self.name.as_deref().unwrap_or(before.name.as_str())),
            id_number: cell(self.id_number.as_deref().unwrap_or(before.id.as_str())),
            mobile: cell(self.mobile.as_deref().unwrap_or(mobile)),
            occupation: cell(self.occupation.unwrap_or(before.occupation).chinese()),
            shares: vec![Cell::Number(self.shares.unwrap_or(before.shares).into())],
        }
    }
}
