//! The payment notice (缴费通知单): printed from receipt entry on, every print counted.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::account::Permission;
use domain::enrolment::Command as Ask;
use domain::identity::Mobile;
use domain::ids::EnrolmentId;
use domain::money::{Fen, amount_in_words};
use domain::refusal::Refusal;
use http::header::ETAG;
use lambda::enrolments::{Commanded, Counter, EnrolmentOutcome};
use lambda::http::{Answer, Command, Empty, IdempotencyKey, IfMatch, Json, Path, Problem, Signed, etag};
use serde::Serialize;
use utoipa::ToSchema;
use workflow::notices::{self, Content, ContentPlan};

use crate::{LINK_LIFE, Press};

/// The last print of the notice.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeLink {
    /// Prints so far.
    prints: u32,
    /// When the last was asked for.
    printed_at: String,
    /// Link to the PDF, good for five minutes.
    url: String,
}

/// The last print of the payment notice; refused while it is being rendered.
#[utoipa::path(get, path = "/enrolments/{enrolment}/notice", tag = "receipt",
    params(("enrolment" = String, Path)), responses((status = 200, body = NoticeLink), (status = 409)))]
pub async fn view(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Path(id): Path<EnrolmentId>,
) -> Result<Response, Problem> {
    let e = c.readable(&actor, &id).await?;
    let notice = e.notice.ok_or_else(Problem::not_found)?;
    if let Some(problem) = notice.problem {
        return Err(Refusal::conflict("NOTICE_NOT_RENDERABLE", problem).into());
    }
    if !notices::rendered(&c.desk, &notice).await? {
        return Err(Refusal::conflict("NOTICE_NOT_RENDERED", "缴费通知单正在生成，请稍后再试").into());
    }
    let file_name = format!("缴费通知单-{}.pdf", e.application_number);
    let url = c.links.link(&notices::key(&e.id, notice.prints), &file_name, LINK_LIFE).await?;
    let shown = NoticeLink { prints: notice.prints, printed_at: notice.requested_at.to_string(), url };
    Ok(([(ETAG, etag(e.version))], Json(shown)).into_response())
}

/// What the notice would say if it were printed now.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticePreview {
    /// Name of the office that issues it.
    office: String,
    /// 申请书号
    application_number: String,
    /// 单位名称
    unit_name: String,
    /// 经办人
    handler_name: String,
    /// The handler's mobile number, masked; the print shows it in full.
    handler_mobile: String,
    /// The plans.
    plans: Vec<NoticePlanView>,
    /// Subsidies and gifted cover.
    reliefs: Vec<NoticeReliefView>,
    /// 应付, in fen.
    amount_due_fen: i64,
    /// 应付, in words.
    amount_due_words: String,
    /// 户名
    account_name: String,
    /// 开户行
    account_bank: String,
    /// 账号
    account_number: String,
    /// Last day of payment, and of receipt entry.
    pay_by: String,
    /// The office's telephone.
    office_phone: String,
}

/// A plan of a notice.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticePlanView {
    /// 保障活动
    name: String,
    /// 参保人数
    members: u32,
    /// 份数
    shares: u32,
    /// 会费标准, in fen.
    fee_fen: i64,
    /// 会费, in fen.
    amount_fen: i64,
}

/// What somebody else bears.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeReliefView {
    /// Who, and of which plan.
    bearer: String,
    /// In fen.
    amount_fen: i64,
}

/// The notice as it would be printed now. Nothing is counted.
#[utoipa::path(get, path = "/enrolments/{enrolment}/notice/preview", tag = "receipt",
    params(("enrolment" = String, Path)), responses((status = 200, body = NoticePreview), (status = 409)))]
pub async fn preview(
    State(press): State<Press>,
    Signed { actor, .. }: Signed,
    Path(id): Path<EnrolmentId>,
) -> Result<Json<NoticePreview>, Problem> {
    let e = press.counter.readable(&actor, &id).await?;
    if !actor.may(Permission::PrintNotice) {
        return Err(Refusal::not_permitted().into());
    }
    if !e.state.has_notice() {
        let text = format!("参保单处于“{}”状态，不能打印缴费通知单", e.state.chinese());
        return Err(Refusal::conflict("WRONG_STATE", text).into());
    }
    let content = notices::preview(&press.counter.desk, &*press.cipher, &e).await?;
    let none = || Refusal::conflict("NOTICE_NOT_RENDERABLE", "缴费通知单缺少办事处设置，或金额超出范围");
    Ok(Json(NoticePreview::of(content.ok_or_else(none)?)))
}

impl NoticePreview {
    fn of(c: Content) -> Self {
        let plan = |plan: ContentPlan| NoticePlanView {
            name: plan.name,
            members: plan.members,
            shares: plan.shares,
            fee_fen: plan.fee.fen(),
            amount_fen: plan.amount.fen(),
        };
        let relief = |(bearer, amount): (String, Fen)| NoticeReliefView { bearer, amount_fen: amount.fen() };
        Self {
            office: c.office,
            application_number: c.application_number,
            unit_name: c.unit,
            handler_name: c.handler,
            handler_mobile: Mobile::parse(&c.phone).map(|mobile| mobile.masked()).unwrap_or_default(),
            plans: c.plans.into_iter().map(plan).collect(),
            reliefs: c.reliefs.into_iter().map(relief).collect(),
            amount_due_fen: c.amount_due.fen(),
            amount_due_words: amount_in_words(c.amount_due),
            account_name: c.account.name,
            account_bank: c.account.bank,
            account_number: c.account.account_number,
            pay_by: c.pay_by.to_string(),
            office_phone: c.office_phone,
        }
    }
}

/// Print the payment notice; every print is counted.
#[utoipa::path(post, path = "/enrolments/{enrolment}/notice/prints", tag = "receipt",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    responses((status = 200, body = EnrolmentOutcome)))]
pub async fn print(
    State(c): State<Counter>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<Empty>,
) -> Result<Answer, Problem> {
    let Command { actor, once, .. } = command;
    Commanded { actor: &actor, once: &once, id: &id, seen }.carry_out(&c.desk, |_| Ok(Ask::PrintNotice)).await
}
