//! An enrolment as clients see it. Names of object keys stay inside: files are fetched by links.

use crate::findings::{DistributionView, SelfCheckView};
use domain::enrolment::{Attachment, Certificate, Conclusion, Enrolment, ImportBatch, ImportOutcome, Line, Opinion};
use domain::ids::UploadId;
use domain::money::Fen;
use domain::organisation::FinalReview;
use domain::plan::{Occupation, PlanVariant, SexRule, participation_percent};
use lambda::enrolments::BorneView;
use serde::Serialize;
use utoipa::ToSchema;
use workflow::ports::RowsSoFar;

/// A plan variant to choose.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanOffer {
    /// Code.
    code: String,
    /// Version.
    version: String,
    /// 保障活动
    name: String,
    /// 保障活动细类
    variant: String,
    /// 标准会费 of one share, in fen.
    fee_fen: i64,
    /// Fee of one share for high-risk occupations, in fen.
    fee_high_risk_fen: i64,
    /// Most shares of a member.
    max_shares: u32,
    /// Term, in months.
    term_months: u32,
    /// Youngest and oldest age.
    age: [u32; 2],
    /// For women only.
    women_only: bool,
    /// Open to new-employment-form workers.
    new_employment_form: bool,
}

impl PlanOffer {
    /// The offer of a published plan.
    pub fn of(plan: PlanVariant) -> Self {
        Self {
            fee_fen: plan.fee.fen(),
            fee_high_risk_fen: plan.fee_high_risk.fen(),
            max_shares: plan.max_shares,
            term_months: plan.term_months,
            age: [plan.age.minimum, plan.age.maximum],
            women_only: plan.sex == SexRule::Female,
            new_employment_form: plan.new_employment_form,
            code: plan.code,
            version: plan.version,
            name: plan.name,
            variant: plan.variant,
        }
    }
}

/// An enrolment.
#[derive(Debug, Serialize, ToSchema)]
pub struct EnrolmentView {
    /// Identifier.
    id: String,
    /// 申请书号
    application_number: String,
    /// Identifier of the unit.
    unit: String,
    /// 单位名称
    unit_name: String,
    /// State, `first-review`.
    state: &'static str,
    /// 状态
    state_name: &'static str,
    /// Version, as in `ETag`.
    version: u64,
    /// When it was created.
    created_at: String,
    /// 是否新业态
    new_employment_form: bool,
    /// The plans.
    plans: Vec<PlanView>,
    /// Staff of the unit.
    staff: Option<u32>,
    /// Female staff of the unit.
    female_staff: Option<u32>,
    /// Remark.
    remark: String,
    /// Attachments.
    attachments: Vec<AttachmentView>,
    /// 导入批次, oldest first.
    batches: Vec<BatchView>,
    /// Findings of the self-check, once completed.
    self_check: Option<SelfCheckView>,
    /// Opinions, oldest first.
    opinions: Vec<OpinionView>,
    /// 保障生效日, if a reviewer designated one.
    designated_start: Option<String>,
    /// While the second review is at work, whether a final one follows: `always`, `never`, or `reviewer-decides`.
    #[schema(value_type = Option<String>)]
    final_review: Option<FinalReview>,
    /// Reason of the last return, while somebody has to act on it.
    return_reason: Option<String>,
    /// The open task.
    task: Option<String>,
    /// Total contribution, in fen.
    contribution_fen: Option<i64>,
    /// 补贴, in fen; reckoned when the draft is completed.
    subsidy_fen: Option<i64>,
    /// 赠险, in fen; reckoned when the draft is completed.
    gifted_fen: Option<i64>,
    /// Amount due, in fen.
    amount_due_fen: Option<i64>,
    /// The payment notice, once it was printed.
    notice: Option<NoticeView>,
    /// The certificate, once paid.
    certificate: Option<CertificateView>,
    /// What it renews, for a renewal.
    renews: Option<RenewalView>,
    /// The enrolment that renews this one.
    renewed_by: Option<String>,
    /// From this day on it can be renewed, once paid.
    renewable_from: Option<String>,
}

/// What an enrolment renews.
#[derive(Debug, Serialize, ToSchema)]
pub struct RenewalView {
    /// The earlier enrolment.
    of: String,
    /// Its 申请书号.
    application_number: String,
    /// Days after the end of its cover within which cover continues.
    grace_days: u32,
}

/// One plan of an enrolment.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanView {
    /// Code.
    code: String,
    /// Version.
    version: String,
    /// 保障活动
    name: String,
    /// 保障活动细类
    variant: String,
    /// 标准会费 of one share, in fen.
    fee_fen: i64,
    /// 份数
    shares: u32,
    /// 参保人数, named and unnamed.
    participants: u32,
    /// 高危职业人数
    high_risk: u32,
    /// 无名单人数
    unnamed: u32,
    /// Of them those of high-risk occupations.
    unnamed_high_risk: u32,
    /// 超龄人数
    over_age: usize,
    /// 未到期参保人数
    unexpired: usize,
    /// 参保率 in whole percent, once headcounts are given.
    participation_percent: Option<u64>,
    /// Contribution, in fen.
    contribution_fen: Option<i64>,
    /// 补贴, 赠险: what the unit need not pay of it.
    borne: Vec<BorneView>,
    /// Amount due, in fen.
    due_fen: Option<i64>,
    /// 参保人信息分布: the named members by sex, age band and occupation.
    distribution: Option<DistributionView>,
    /// First and last day of cover, once paid.
    period: Option<[String; 2]>,
    /// Named members whose cover is in force.
    covered: u32,
}

/// An attachment.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttachmentView {
    /// The upload that carried it.
    upload: String,
    /// `general` or `over-age-proof`.
    #[schema(value_type = String)]
    kind: domain::enrolment::AttachmentKind,
    /// File name.
    file_name: String,
    /// Content type.
    content_type: String,
    /// Pages.
    pages: u32,
}

/// An import batch.
#[derive(Debug, Serialize, ToSchema)]
pub struct BatchView {
    /// The upload that carried the file.
    upload: String,
    /// Plan codes.
    plans: Vec<String>,
    /// File name.
    file_name: String,
    /// 导入时间
    begun_at: String,
    /// How it ended; absent while it runs.
    outcome: Option<BatchOutcome>,
    /// How far it has come; absent when it has ended, and in its first second.
    progress: Option<ProgressView>,
}

/// How far an import has come.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProgressView {
    /// Rows read.
    rows_read: u32,
    /// Rows whose people were looked up.
    rows_checked: u32,
}

/// How an import ended.
#[derive(Debug, Serialize, ToSchema)]
#[serde(tag = "result", rename_all = "kebab-case")]
enum BatchOutcome {
    /// The file was read; `total = succeeded + failed`.
    Done {
        /// 总人数
        total: u32,
        /// 成功
        succeeded: u32,
        /// 失败
        failed: u32,
    },
    /// The file as a whole could not be read.
    Refused {
        /// Stable code.
        code: String,
        /// A sentence for the clerk.
        text: String,
    },
}

/// An opinion.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpinionView {
    /// 环节
    state_name: &'static str,
    /// Who.
    by_name: String,
    /// When.
    at: String,
    /// Approved, or returned.
    approved: bool,
    /// 意见
    text: String,
}

/// The payment notice (缴费通知单).
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeView {
    /// Prints.
    prints: u32,
    /// Why the last could not be rendered.
    problem: Option<String>,
}

/// The certificate.
#[derive(Debug, Serialize, ToSchema)]
pub struct CertificateView {
    /// 确认书号码
    number: String,
    /// Revision asked for last.
    revision: u32,
    /// Whether that revision is rendered.
    rendered: bool,
    /// Why it could not be rendered.
    problem: Option<String>,
    /// Prints.
    prints: u32,
    /// File name of the scan.
    scan: Option<String>,
    /// Archivist's note.
    archive_note: Option<String>,
}

impl EnrolmentView {
    /// Uploads whose import runs.
    pub fn running(e: &Enrolment) -> impl Iterator<Item = &UploadId> {
        e.batches.iter().filter(|batch| batch.outcome.is_none()).map(|batch| &batch.upload)
    }

    /// The same with what the office has decided about final reviews.
    pub fn with_final_review(self, decided: FinalReview) -> Self {
        Self { final_review: Some(decided), ..self }
    }

    /// The view, telling how far an import has come.
    pub fn with_progress(mut self, upload: &UploadId, rows: RowsSoFar) -> Self {
        if let Some(batch) = self.batches.iter_mut().find(|batch| batch.upload == upload.as_str()) {
            batch.progress = Some(ProgressView { rows_read: rows.read, rows_checked: rows.checked });
        }
        self
    }

    /// The view of an enrolment.
    pub fn of(e: &Enrolment) -> Self {
        Self {
            id: e.id.to_string(),
            application_number: e.application_number.clone(),
            unit: e.unit.id.to_string(),
            unit_name: e.unit.name.in_full().to_owned(),
            state: e.state.as_str(),
            state_name: e.state.chinese(),
            version: e.version,
            created_at: e.created_at.to_string(),
            new_employment_form: e.new_employment_form,
            designated_start: e.designated_start.map(|day| day.to_string()),
            final_review: None,
            plans: e.lines.iter().map(|line| plan(e, line)).collect(),
            staff: e.staff,
            female_staff: e.female_staff,
            remark: e.remark.clone(),
            attachments: e.attachments.iter().map(attachment).collect(),
            batches: e.batches.iter().map(batch).collect(),
            self_check: e.self_check.as_ref().map(SelfCheckView::from),
            opinions: e.opinions.iter().map(opinion).collect(),
            return_reason: e.return_reason().map(str::to_owned),
            task: e.task.as_ref().map(ToString::to_string),
            contribution_fen: e.contribution().map(Fen::fen),
            subsidy_fen: e.subsidy().map(Fen::fen),
            gifted_fen: e.gifted().map(Fen::fen),
            amount_due_fen: e.amount_due().map(Fen::fen),
            notice: e.notice.as_ref().map(|n| NoticeView { prints: n.prints, problem: n.problem.clone() }),
            certificate: e.certificate.as_ref().map(certificate),
            renews: e.renews.as_ref().map(|renewal| RenewalView {
                of: renewal.of.to_string(),
                application_number: renewal.application_number.clone(),
                grace_days: renewal.grace_days,
            }),
            renewed_by: e.renewed_by.as_ref().map(ToString::to_string),
            renewable_from: e.renewable_from().map(|day| day.to_string()),
        }
    }
}

fn plan(e: &Enrolment, line: &Line) -> PlanView {
    let staff = if line.plan.sex == SexRule::Female { e.female_staff } else { e.staff };
    PlanView {
        code: line.plan.code.clone(),
        version: line.plan.version.clone(),
        name: line.plan.name.clone(),
        variant: line.plan.variant.clone(),
        fee_fen: line.plan.fee.fen(),
        shares: line.shares,
        participants: line.participants(),
        high_risk: line.participants_of(Occupation::HighRisk),
        unnamed: line.unnamed_ordinary.saturating_add(line.unnamed_high_risk),
        unnamed_high_risk: line.unnamed_high_risk,
        over_age: line.roster.as_ref().map_or(0, |r| r.over_age.count()),
        unexpired: line.roster.as_ref().map_or(0, |r| r.unexpired.count()),
        participation_percent: staff.and_then(|staff| participation_percent(line.participants(), staff)),
        contribution_fen: line.contribution().map(Fen::fen),
        borne: line.borne.iter().map(BorneView::of).collect(),
        due_fen: line.due().map(Fen::fen),
        distribution: line.roster.as_ref().map(|r| DistributionView::from(&r.distribution)),
        period: e.period(&line.plan.code).map(|p| [p.start().to_string(), p.end().to_string()]),
        covered: line.covered,
    }
}

fn attachment(a: &Attachment) -> AttachmentView {
    AttachmentView {
        upload: a.upload.to_string(),
        kind: a.kind,
        file_name: a.file_name.clone(),
        content_type: a.content_type.clone(),
        pages: a.pages,
    }
}

fn batch(b: &ImportBatch) -> BatchView {
    let outcome = b.outcome.as_ref().map(|outcome| match outcome {
        ImportOutcome::Done { total, succeeded, failed, .. } => {
            BatchOutcome::Done { total: *total, succeeded: *succeeded, failed: *failed }
        }
        ImportOutcome::Refused { code, text } => BatchOutcome::Refused { code: code.clone(), text: text.clone() },
    });
    BatchView {
        upload: b.upload.to_string(),
        plans: b.plans.clone(),
        file_name: b.file_name.clone(),
        begun_at: b.begun_at.to_string(),
        outcome,
        progress: None,
    }
}

fn opinion(o: &Opinion) -> OpinionView {
    OpinionView {
        state_name: o.state.chinese(),
        by_name: o.by_name.clone(),
        at: o.at.to_string(),
        approved: o.conclusion == Conclusion::Approved,
        text: o.text.clone(),
    }
}

fn certificate(c: &Certificate) -> CertificateView {
    CertificateView {
        number: c.number.clone(),
        revision: c.revision,
        rendered: c.current().is_some(),
        problem: c.problem.clone(),
        prints: c.prints,
        scan: c.scan.as_ref().map(|scan| scan.file_name.clone()),
        archive_note: c.archive_note.clone(),
    }
}
