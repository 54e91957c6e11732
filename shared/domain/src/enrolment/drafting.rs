//! Drafting: plans, rosters, headcounts, attachments, and the completion that sends it to first review.

use jiff::Timestamp;

use super::step::{Step, check_text};
use super::{
    ATTACHMENTS_MAX, Attachment, AttachmentKind, BATCHES_MAX, Enrolment, FailedRowFiles, ImportBatch, ImportOutcome,
    LINES_MAX, Line, LineChoice, RosterPointer, State, UnitRef, relief,
};
use crate::account::Actor;
use crate::ids::{AccountId, EnrolmentId, NodeId, UploadId};
use crate::organisation::Unit;
use crate::receipt::Relief;
use crate::refusal::{Problem, Refusal};
use crate::roster::raw::Column;
use crate::self_check::SelfCheckResult;

/// Longest remark, in characters.
pub const REMARK_CHARACTERS_MAX: usize = 500;
/// An import that has not ended after this many seconds no longer holds up the completion; should it end later, it is
/// refused and shown as such.
pub const IMPORT_STALLED_AFTER_S: i64 = 900;
/// Largest headcount a unit can enter.
const HEADCOUNT_MAX: u32 = 10_000_000;

/// What a new enrolment is made of.
#[derive(Debug, Clone)]
pub struct NewEnrolment<'a> {
    /// Identifier.
    pub id: EnrolmentId,
    /// Application number (`A…`).
    pub application_number: String,
    /// The unit.
    pub unit: &'a Unit,
    /// Node of its office.
    pub office: NodeId,
    /// Now.
    pub now: Timestamp,
}

/// Opens an enrolment of an active, unrestricted unit, by its own handler or by a registrar on its behalf.
pub fn create(new: NewEnrolment<'_>, actor: &Actor) -> Result<Enrolment, Refusal> {
    if !actor.may(crate::account::Permission::EnterEnrolment) {
        return Err(Refusal::not_permitted());
    }
    let unit = new.unit;
    if !unit.active {
        return Err(Refusal::conflict("UNIT_NOT_ACTIVE", "该单位尚未通过审核或已停用，不能参保"));
    }
    if unit.restricted {
        return Err(Refusal::conflict("UNIT_RESTRICTED", "该单位在限制名单内，不能参保，请联系办事处"));
    }
    Ok(Enrolment {
        id: new.id,
        application_number: new.application_number,
        unit: UnitRef::of(unit, new.office),
        handler: unit.handler.clone(),
        version: 1,
        state: State::Drafting,
        state_since: new.now,
        created_at: new.now,
        entered_by: vec![actor.account.clone()],
        new_employment_form: false,
        lines: Vec::new(),
        staff: None,
        female_staff: None,
        remark: String::new(),
        attachments: Vec::new(),
        batches: Vec::new(),
        self_check: None,
        opinions: Vec::new(),
        designated_start: None,
        task: None,
        receipts: Vec::new(),
        notice: None,
        payment: None,
        periods: Vec::new(),
        certificate: None,
        renews: None,
        renewed_by: None,
    })
}

pub(super) fn set_plans(step: &mut Step, choices: Vec<LineChoice>, new_employment_form: bool) -> Result<(), Refusal> {
    import_not_running(step)?;
    Refusal::unless_none(plan_problems(&choices, new_employment_form))?;
    entered(step);
    let mut old = std::mem::take(&mut step.next.lines);
    step.next.lines = choices
        .into_iter()
        .map(|choice| {
            // A roster was checked against its plan's rules and shares: it stays only if neither changed.
            let kept = old.iter().position(|line| line.plan == choice.plan && line.shares == choice.shares);
            kept.map(|at| old.swap_remove(at)).unwrap_or(Line {
                plan: choice.plan,
                shares: choice.shares,
                roster: None,
                unnamed_ordinary: 0,
                unnamed_high_risk: 0,
                covered: 0,
                borne: Vec::new(),
            })
        })
        .collect();
    step.next.new_employment_form = new_employment_form;
    Ok(())
}

fn plan_problems(choices: &[LineChoice], new_employment_form: bool) -> Vec<Problem> {
    let mut problems = Vec::new();
    if choices.is_empty() || choices.len() > LINES_MAX {
        problems.push(Problem::new("/plans", "PLAN_COUNT", format!("请选择1至{LINES_MAX}个保障活动")));
    }
    for (i, choice) in choices.iter().enumerate() {
        let plan = &choice.plan;
        if choices[..i].iter().any(|other| other.plan.code == plan.code) {
            problems.push(Problem::new(format!("/plans/{i}/code"), "PLAN_TWICE", "同一保障活动只能选择一次"));
        }
        if choice.shares < 1 || choice.shares > plan.max_shares {
            let text = format!("每人份数应为1至{}份", plan.max_shares);
            problems.push(Problem::new(format!("/plans/{i}/shares"), "SHARES_OUT_OF_RANGE", text));
        }
        if new_employment_form && !plan.new_employment_form {
            let text = "该保障活动不面向新业态劳动者";
            problems.push(Problem::new(format!("/plans/{i}/code"), "PLAN_NOT_FOR_NEW_EMPLOYMENT", text));
        }
    }
    problems
}

pub(super) fn set_details(step: &mut Step, staff: u32, female: u32, remark: String) -> Result<(), Refusal> {
    let mut problems = Vec::new();
    if staff == 0 || staff > HEADCOUNT_MAX {
        problems.push(Problem::new("/staff", "HEADCOUNT_OUT_OF_RANGE", "请填写单位职工总数"));
    }
    if female > staff {
        problems.push(Problem::new("/female_staff", "HEADCOUNT_OUT_OF_RANGE", "女职工人数不能超过职工总数"));
    }
    Refusal::unless_none(problems)?;
    check_text("/remark", &remark, false, REMARK_CHARACTERS_MAX)?;
    entered(step);
    step.next.staff = Some(staff);
    step.next.female_staff = Some(female);
    step.next.remark = remark;
    Ok(())
}

pub(super) fn set_unnamed(step: &mut Step, plan: &str, ordinary: u32, high_risk: u32) -> Result<(), Refusal> {
    if ordinary.max(high_risk) > HEADCOUNT_MAX {
        let text = "无名单人数超出范围";
        return Err(Refusal::invalid(vec![Problem::new("/ordinary", "HEADCOUNT_OUT_OF_RANGE", text)]));
    }
    let line = line_of(step, plan)?;
    line.unnamed_ordinary = ordinary;
    line.unnamed_high_risk = high_risk;
    entered(step);
    Ok(())
}

pub(super) fn add_attachment(step: &mut Step, attachment: Attachment) -> Result<(), Refusal> {
    let attached = &mut step.next.attachments;
    if attached.iter().any(|a| a.upload == attachment.upload) {
        return Err(Refusal::conflict("ALREADY_ATTACHED", "该文件已经添加"));
    }
    if attached.len() >= ATTACHMENTS_MAX {
        return Err(Refusal::conflict("TOO_MANY_ATTACHMENTS", format!("附件最多{ATTACHMENTS_MAX}个")));
    }
    step.note(attachment.file_name.clone());
    step.next.attachments.push(attachment);
    entered(step);
    Ok(())
}

pub(super) fn remove_attachment(step: &mut Step, upload: &UploadId) -> Result<(), Refusal> {
    let at = step.next.attachments.iter().position(|a| &a.upload == upload);
    let at = at.ok_or_else(|| Refusal::conflict("NOT_ATTACHED", "没有这个附件"))?;
    let removed = step.next.attachments.remove(at);
    step.note(removed.file_name);
    entered(step);
    Ok(())
}

/// Begins an import, or notices that the same upload began before: a redelivery goes on where the first one stopped.
pub(super) fn begin_import(
    step: &mut Step,
    upload: UploadId,
    plans: Vec<String>,
    file_name: String,
) -> Result<(), Refusal> {
    if step.next.batches.iter().any(|batch| batch.upload == upload) {
        return Err(Refusal::conflict("ALREADY_BEGUN", "该文件已经开始导入"));
    }
    for plan in &plans {
        line_of(step, plan)?;
    }
    let batches = &mut step.next.batches;
    if batches.len() >= BATCHES_MAX {
        batches.remove(0);
    }
    batches.push(ImportBatch { upload, plans, file_name, begun_at: step.context.now, outcome: None });
    Ok(())
}

pub(super) fn finish_import(
    step: &mut Step,
    upload: &UploadId,
    outcome: ImportOutcome,
    rosters: Vec<(String, RosterPointer)>,
) -> Result<(), Refusal> {
    let batch = step.next.batches.iter_mut().find(|batch| &batch.upload == upload);
    let batch = batch.ok_or_else(|| Refusal::conflict("NOT_BEGUN", "该文件尚未开始导入"))?;
    if batch.outcome.is_some() {
        return Err(Refusal::conflict("ALREADY_RECORDED", "该文件已经导入"));
    }
    let note = match &outcome {
        ImportOutcome::Done { total, succeeded, failed, .. } => {
            format!("{}：共{total}人，成功{succeeded}人，失败{failed}人", batch.file_name)
        }
        ImportOutcome::Refused { text, .. } => format!("{}：{text}", batch.file_name),
    };
    batch.outcome = Some(outcome);
    for (plan, roster) in rosters {
        line_of(step, &plan)?.roster = Some(roster);
    }
    step.note(note);
    Ok(())
}

pub(super) fn remove_members(
    step: &mut Step,
    plan: &str,
    removed: u32,
    roster: Option<RosterPointer>,
) -> Result<(), Refusal> {
    let line = line_of(step, plan)?;
    line.roster = roster;
    let note = format!("“{}”移除{removed}人", line.plan.variant);
    step.note(note);
    entered(step);
    Ok(())
}

/// The trail names the cells, not their values.
pub(super) fn correct_member(
    step: &mut Step,
    plan: &str,
    cells: &[Column],
    roster: RosterPointer,
) -> Result<(), Refusal> {
    let line = line_of(step, plan)?;
    line.roster = Some(roster);
    let cells: Vec<_> = cells.iter().map(|column| column.heading()).collect();
    let note = format!("“{}”更正1人：{}", line.plan.variant, cells.join("、"));
    step.note(note);
    entered(step);
    Ok(())
}

/// Rows that pass now count as succeeded: the batch's total stays what the file held.
pub(super) fn correct_rows(
    step: &mut Step,
    upload: &UploadId,
    accepted: u32,
    still_failed: Option<FailedRowFiles>,
    rosters: Vec<(String, RosterPointer)>,
) -> Result<(), Refusal> {
    let batch = step.next.batches.iter_mut().find(|batch| &batch.upload == upload);
    let Some(ImportBatch {
        outcome: Some(ImportOutcome::Done { succeeded, failed, failed_rows, .. }), file_name, ..
    }) = batch
    else {
        return Err(Refusal::conflict("NO_FAILED_ROWS", "该批次没有失败的人员"));
    };
    let left = failed.checked_sub(accepted);
    *failed = left.ok_or_else(|| Refusal::conflict("NO_FAILED_ROWS", "该批次没有这么多失败的人员"))?;
    *succeeded = succeeded.saturating_add(accepted);
    *failed_rows = still_failed;
    let note = format!("{file_name}：更正成功{accepted}人，仍失败{failed}人");
    for (plan, roster) in rosters {
        line_of(step, &plan)?.roster = Some(roster);
    }
    step.note(note);
    entered(step);
    Ok(())
}

/// Completes the draft. All that is missing is named at once.
pub(super) fn complete(step: &mut Step, self_check: SelfCheckResult, granted: &[Relief]) -> Result<(), Refusal> {
    import_not_running(step)?;
    Refusal::unless_none(completion_problems(&step.next))?;
    relief::reckon(step, granted)?;
    entered(step);
    step.next.self_check = Some(self_check);
    step.go(State::FirstReview);
    Ok(())
}

fn completion_problems(e: &Enrolment) -> Vec<Problem> {
    let mut problems = Vec::new();
    if e.lines.is_empty() {
        problems.push(Problem::new("/plans", "PLAN_COUNT", "请先选择保障活动"));
    }
    for line in &e.lines {
        let at = format!("/plans/{}", line.plan.code);
        if line.participants() == 0 {
            let text = format!("“{}”还没有参保人员", line.plan.variant);
            problems.push(Problem::new(at, "NO_PARTICIPANTS", text));
        }
    }
    if e.staff.is_none() || e.female_staff.is_none() {
        problems.push(Problem::new("/staff", "HEADCOUNT_MISSING", "请填写职工总数和女职工人数"));
    }
    let over_age: usize = e.lines.iter().filter_map(|line| line.roster.as_ref()).map(|r| r.over_age.count()).sum();
    let proof = e.attachments.iter().any(|a| a.kind == AttachmentKind::OverAgeProof);
    if over_age > 0 && !proof {
        let text = format!("有{over_age}人次超龄，请上传加盖公章的超龄证明");
        problems.push(Problem::new("/attachments", "OVER_AGE_PROOF_MISSING", text));
    }
    problems
}

fn import_not_running(step: &Step) -> Result<(), Refusal> {
    let now = step.context.now;
    let running =
        step.next.batches.iter().any(|batch| {
            batch.outcome.is_none() && now.duration_since(batch.begun_at).as_secs() < IMPORT_STALLED_AFTER_S
        });
    if running {
        return Err(Refusal::conflict("IMPORT_RUNNING", "人员清单正在导入，请等待导入完成"));
    }
    Ok(())
}

fn line_of<'s>(step: &'s mut Step, plan: &str) -> Result<&'s mut Line, Refusal> {
    let line = step.next.lines.iter_mut().find(|line| line.plan.code == plan);
    line.ok_or_else(|| Refusal::invalid(vec![Problem::new("/plan", "PLAN_NOT_CHOSEN", "参保单中没有这个保障活动")]))
}

/// Remembers who entered something: they may not review it.
fn entered(step: &mut Step) {
    let account: Option<&AccountId> = step.context.actor.map(|actor| &actor.account);
    if let Some(account) = account.filter(|account| !step.next.entered_by.contains(account)) {
        let account = account.clone();
        step.next.entered_by.push(account);
    }
}
