//! What an office decides for itself.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::account::Permission;
use domain::ids::NodeId;
use domain::money::Fen;
use domain::organisation::{CollectionAccount, FinalReview, Node, OfficeSettings, Rounding};
use domain::task::Level;
use http::StatusCode;
use http::header::ETAG;
use lambda::http::{Answer, Command, IdempotencyKey, IfMatch, Json, Path, Problem, Signed, etag};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::administration::{Asked, NodeCommand, change_node, node_in_scope};

use crate::{Chancery, must, problem};

/// The bank account contributions are paid into (收款账户).
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CollectionAccountView {
    /// 户名
    name: String,
    /// 开户行
    bank: String,
    /// 账号, 8 to 32 digits.
    account_number: String,
    /// 联行号, 12 digits.
    branch_code: String,
}

/// Settings of an office, read and replaced as a whole.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SettingsView {
    /// 结算日, 1 to 31: money confirmed later in the month gets its receipt on the 1st of the next.
    settlement_day: i8,
    /// 续保宽限期, in days.
    renewal_grace_days: u32,
    /// 收款账户
    collection_account: CollectionAccountView,
    /// 联系电话
    telephone: String,
    /// 通讯地址
    address: String,
    /// Working days within which a task should be done, where its level has no target of its own.
    review_target_working_days: u8,
    /// Working days of levels that have a target of their own: `{"payment": 1}`.
    #[serde(default)]
    #[schema(value_type = BTreeMap<String, u8>)]
    level_targets: BTreeMap<Level, u8>,
    /// 终审: `always`, `never` or `reviewer-decides`.
    #[schema(value_type = String, example = "reviewer-decides")]
    final_enrolment_review: FinalReview,
    /// From this benefit on a claim goes to final review.
    final_claim_review_threshold_fen: i64,
    /// A unit with fewer staff takes part as a whole; absent, the plan says.
    min_staff_for_ratio: Option<u32>,
    /// How a part of an amount is rounded, of a percentage subsidy and of a claim: `half-up`, `half-even` or `down`.
    #[schema(value_type = String, example = "half-up")]
    rounding: Rounding,
    /// Whether the member list of a certificate shows ID numbers masked.
    mask_certificate_ids: bool,
    /// Whether a roster must give every member's mobile number.
    phone_required: bool,
}

impl From<OfficeSettings> for SettingsView {
    fn from(s: OfficeSettings) -> Self {
        let CollectionAccount { name, bank, account_number, branch_code } = s.collection_account;
        Self {
            settlement_day: s.settlement_day,
            renewal_grace_days: s.renewal_grace_days,
            collection_account: CollectionAccountView { name, bank, account_number, branch_code },
            telephone: s.telephone,
            address: s.address,
            review_target_working_days: s.review_target_working_days,
            level_targets: s.level_targets,
            final_enrolment_review: s.final_enrolment_review,
            final_claim_review_threshold_fen: s.final_claim_review_threshold.fen(),
            min_staff_for_ratio: s.min_staff_for_ratio,
            rounding: s.rounding,
            mask_certificate_ids: s.mask_certificate_ids,
            phone_required: s.phone_required,
        }
    }
}

impl From<SettingsView> for OfficeSettings {
    fn from(s: SettingsView) -> Self {
        let CollectionAccountView { name, bank, account_number, branch_code } = s.collection_account;
        Self {
            settlement_day: s.settlement_day,
            renewal_grace_days: s.renewal_grace_days,
            collection_account: CollectionAccount { name, bank, account_number, branch_code },
            telephone: s.telephone,
            address: s.address,
            review_target_working_days: s.review_target_working_days,
            level_targets: s.level_targets,
            final_enrolment_review: s.final_enrolment_review,
            final_claim_review_threshold: Fen::new(s.final_claim_review_threshold_fen),
            min_staff_for_ratio: s.min_staff_for_ratio,
            rounding: s.rounding,
            mask_certificate_ids: s.mask_certificate_ids,
            phone_required: s.phone_required,
        }
    }
}

/// The settings of an office.
#[utoipa::path(get, path = "/nodes/{node}/settings", tag = "administration", params(("node" = String, Path)),
    responses((status = 200, body = SettingsView)))]
pub(crate) async fn read(
    State(c): State<Chancery>,
    Signed { actor, .. }: Signed,
    Path(id): Path<NodeId>,
) -> Result<Response, Problem> {
    must(&actor, Permission::ReadAccounts)?;
    let node = node_in_scope(&c.desk, &actor, &id).await.map_err(problem)?;
    let settings = node.settings.ok_or_else(Problem::not_found)?;
    Ok(([(ETAG, etag(node.version))], Json(SettingsView::from(settings))).into_response())
}

/// Replace the settings of an office. What changed is in its trail.
#[utoipa::path(put, path = "/nodes/{node}/settings", tag = "administration",
    params(("node" = String, Path), IdempotencyKey, IfMatch), request_body = SettingsView,
    responses((status = 200, body = SettingsView)))]
pub(crate) async fn change(
    State(c): State<Chancery>,
    Path(id): Path<NodeId>,
    seen: IfMatch,
    command: Command<SettingsView>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let work = async {
        let answer = |node: &Node| once.record(&outcome(node));
        let asked = Asked { actor: &actor, id: &id, seen: seen.0, answer: &answer };
        let node = change_node(&c.desk, asked, NodeCommand::Settings(Box::new(body.into()))).await?;
        Ok(outcome(&node))
    };
    c.once(&once, work).await
}

fn outcome(node: &Node) -> Answer {
    Answer::json(StatusCode::OK, &node.settings.clone().map(SettingsView::from)).version(node.version)
}
