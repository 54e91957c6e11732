//! Renewal (续保): an enrolment that goes on where an earlier one ends.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::step::Step;
use super::{Enrolment, ImportBatch, Line, NewEnrolment, create};
use crate::account::Actor;
use crate::cover::start_date;
use crate::ids::{EnrolmentId, UploadId};
use crate::plan::PlanVariant;
use crate::refusal::Refusal;

/// Days before the last day of cover from which on an enrolment can be renewed.
pub const RENEWAL_OPENS_DAYS: i64 = 60;

/// What an enrolment renews.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Renewal {
    /// The earlier enrolment.
    pub of: EnrolmentId,
    /// Its application number.
    pub application_number: String,
    /// Last day of its cover, by code of the plan.
    pub ends: Vec<(String, Date)>,
    /// Days after that within which cover continues, as the office had them when the renewal was opened.
    pub grace_days: u32,
}

impl Enrolment {
    /// Last day of cover of the plan that ends first, once paid.
    pub fn cover_ends(&self) -> Option<Date> {
        self.periods.iter().map(|(_, period)| period.end()).min()
    }

    /// The day from which on it can be renewed, once paid.
    pub fn renewable_from(&self) -> Option<Date> {
        self.cover_ends()?.checked_sub(RENEWAL_OPENS_DAYS.days()).ok()
    }

    /// Paid, and nothing renews it.
    pub fn awaits_renewal(&self) -> bool {
        !self.periods.is_empty() && self.renewed_by.is_none()
    }

    /// For a renewal: the last day of the cover that a plan renews.
    pub fn old_end(&self, plan: &str) -> Option<Date> {
        let ends = &self.renews.as_ref()?.ends;
        ends.iter().find(|(code, _)| code == plan).map(|(_, end)| *end)
    }

    /// First day of a plan's cover as far as it is known before payment: as if the payment were confirmed today.
    pub fn first_day(&self, plan: &str, today: Date) -> Date {
        let grace_days = self.renews.as_ref().map_or(0, |renewal| renewal.grace_days);
        start_date(self.designated_start, self.old_end(plan), grace_days, today).unwrap_or(today)
    }
}

/// Opens a renewal of `old`: its plans in the version in effect, shares, unnamed and staff headcounts; each roster is on
/// its way, as an import that runs. A plan that is not offered any more is left out.
pub fn renew(
    new: NewEnrolment<'_>,
    old: &Enrolment,
    published: &[PlanVariant],
    (today, grace_days): (Date, u32),
    actor: &Actor,
) -> Result<Enrolment, Refusal> {
    let now = new.now;
    let opened = create(new, actor)?;
    renewable(old, today)?;
    let offered = old.lines.iter().filter_map(|line| Some((line, in_effect(published, old, line)?)));
    let mut lines = Vec::new();
    let mut batches = Vec::new();
    for (line, plan) in offered {
        if line.roster.is_some() {
            batches.push(ImportBatch {
                upload: UploadId::of_renewal(&opened.id, batches.len()),
                plans: vec![plan.code.clone()],
                file_name: format!("续保名单-{}.xlsx", plan.variant),
                begun_at: now,
                outcome: None,
            });
        }
        lines.push(Line {
            shares: line.shares.min(plan.max_shares),
            plan: plan.clone(),
            roster: None,
            unnamed_ordinary: line.unnamed_ordinary,
            unnamed_high_risk: line.unnamed_high_risk,
            covered: 0,
            borne: Vec::new(),
        });
    }
    if lines.is_empty() {
        return Err(Refusal::conflict("PLANS_WITHDRAWN", "原参保单的保障活动均已停办，请新建参保单"));
    }
    Ok(Enrolment {
        lines,
        batches,
        new_employment_form: old.new_employment_form,
        staff: old.staff,
        female_staff: old.female_staff,
        renews: Some(Renewal {
            of: old.id.clone(),
            application_number: old.application_number.clone(),
            ends: old.periods.iter().map(|(plan, period)| (plan.clone(), period.end())).collect(),
            grace_days,
        }),
        ..opened
    })
}

fn renewable(old: &Enrolment, today: Date) -> Result<(), Refusal> {
    let Some(from) = old.renewable_from() else {
        return Err(Refusal::conflict("RENEWAL_NOT_PAID", "该参保单尚未生效，不能续保"));
    };
    if old.renewed_by.is_some() {
        return Err(renewed());
    }
    if today < from {
        return Err(Refusal::conflict(
            "RENEWAL_TOO_EARLY",
            format!("到期前{RENEWAL_OPENS_DAYS}天起（{from}起）可以续保"),
        ));
    }
    Ok(())
}

fn renewed() -> Refusal {
    Refusal::conflict("RENEWED", "该参保单已经续保，不能重复续保")
}

/// The plan of a line as it is offered now: its latest version.
fn in_effect<'p>(published: &'p [PlanVariant], old: &Enrolment, line: &Line) -> Option<&'p PlanVariant> {
    let same = published.iter().filter(|plan| plan.code == line.plan.code);
    same.max_by_key(|plan| &plan.version).filter(|plan| plan.new_employment_form || !old.new_employment_form)
}

/// The earlier enrolment learns what renews it.
pub(super) fn mark(step: &mut Step, by: EnrolmentId, application_number: &str) -> Result<(), Refusal> {
    renewable(&step.next, step.context.today)?;
    step.next.renewed_by = Some(by);
    step.note(application_number);
    Ok(())
}

/// The renewal was withdrawn: the earlier enrolment can be renewed again.
pub(super) fn free(step: &mut Step, by: &EnrolmentId) -> Result<(), Refusal> {
    if step.next.renewed_by.as_ref() != Some(by) {
        return Err(Refusal::conflict("ALREADY_RECORDED", "该参保单可以续保"));
    }
    step.next.renewed_by = None;
    Ok(())
}
