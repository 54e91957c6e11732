//! What the handlers of enrolment commands share: a step of the desk as an HTTP answer.

use std::sync::Arc;

use ::http::StatusCode;
use domain::account::{Actor, Permission};
use domain::enrolment::{Command, Enrolment};
use domain::ids::EnrolmentId;
use domain::receipt::{Borne, FundSource, ReliefKind};
use domain::refusal::Refusal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use workflow::desk::{self, Ask, Desk, carry_out};
use workflow::ports::Links;

use crate::http::{Answer, Failure, IfMatch, Once, Problem};

/// What the handlers of enrolments need.
#[derive(Clone)]
pub struct Counter {
    /// The tables, the clock, identifiers.
    pub desk: Desk,
    /// What lets browsers read and write the buckets.
    pub links: Arc<dyn Links>,
}

impl Counter {
    /// The enrolment, for somebody who may read it: every handler that shows anything of one begins here.
    pub async fn readable(&self, actor: &Actor, id: &EnrolmentId) -> Result<Enrolment, Problem> {
        if !actor.may(Permission::ReadEnrolments) {
            return Err(Refusal::not_permitted().into());
        }
        desk::readable(&self.desk, actor, id).await?.ok_or_else(Problem::not_found)
    }
}

/// A subsidy or gifted cover of one plan of an enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BorneView {
    /// `subsidy` or `gifted-cover`.
    pub kind: &'static str,
    /// 补贴 or 赠险
    pub kind_name: &'static str,
    /// 补贴单位
    pub bearer_title: Option<String>,
    /// 补贴单位税号
    pub tax_number: Option<String>,
    /// `union-funds`, `administrative-funds` or `self-paid`.
    #[schema(value_type = Option<String>)]
    pub fund_source: Option<FundSource>,
    /// What it came to, in fen.
    pub amount_fen: i64,
}

impl BorneView {
    /// The view of what a plan was granted.
    pub fn of(borne: &Borne) -> Self {
        let kind_name = borne.kind.chinese();
        let amount_fen = borne.amount.fen();
        match borne.kind.clone() {
            ReliefKind::Subsidy { bearer_title, tax_number, fund_source } => Self {
                kind: "subsidy",
                kind_name,
                bearer_title: Some(bearer_title),
                tax_number: Some(tax_number).filter(|number| !number.is_empty()),
                fund_source: Some(fund_source),
                amount_fen,
            },
            ReliefKind::GiftedCover => Self {
                kind: "gifted-cover",
                kind_name,
                bearer_title: None,
                tax_number: None,
                fund_source: None,
                amount_fen,
            },
        }
    }
}

/// Where a command left the enrolment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EnrolmentOutcome {
    /// Identifier.
    #[schema(value_type = String)]
    pub id: EnrolmentId,
    /// Application number.
    pub application_number: String,
    /// State, `first-review`.
    #[schema(value_type = String)]
    pub state: domain::enrolment::State,
    /// Version, for the next `If-Match`.
    pub version: u64,
}

/// The answer to a command that left the enrolment so.
pub fn outcome(status: StatusCode, e: &Enrolment) -> Answer {
    let outcome = EnrolmentOutcome {
        id: e.id.clone(),
        application_number: e.application_number.clone(),
        state: e.state,
        version: e.version,
    };
    Answer::json(status, &outcome).version(e.version)
}

/// One command of a person about an enrolment, once: answered again with the same bytes when it is sent again.
pub struct Commanded<'a> {
    /// Who.
    pub actor: &'a Actor,
    /// The key of the request.
    pub once: &'a Once,
    /// Which enrolment.
    pub id: &'a EnrolmentId,
    /// The version seen.
    pub seen: IfMatch,
}

impl Commanded<'_> {
    /// Carries out the command that `build` makes of the enrolment as it stands.
    pub async fn carry_out(
        self,
        desk: &Desk,
        build: impl FnOnce(&Enrolment) -> Result<Command, Refusal> + Send,
    ) -> Result<Answer, Problem> {
        self.carry_out_after(desk, async { Ok(()) }, |e, ()| build(e)).await
    }

    /// Carries out a command that needs something read first. What is read first is not read for a repetition.
    pub async fn carry_out_after<T: Send>(
        self,
        desk: &Desk,
        first: impl Future<Output = Result<T, Failure>> + Send,
        build: impl FnOnce(&Enrolment, T) -> Result<Command, Refusal> + Send,
    ) -> Result<Answer, Problem> {
        let work = async {
            let known = first.await?;
            let answer = |e: &Enrolment| self.once.record(&outcome(StatusCode::OK, e));
            let ask = Ask { actor: self.actor, enrolment: self.id, seen: self.seen.0, answer: &answer };
            let next = carry_out(desk, ask, |e| build(e, known)).await?;
            Ok(outcome(StatusCode::OK, &next))
        };
        self.once.run(&*desk.store, work).await
    }
}

impl From<workflow::desk::Recorded> for crate::batch::Outcome {
    fn from(recorded: workflow::desk::Recorded) -> Self {
        use workflow::desk::Recorded;
        match recorded {
            Recorded::Done(_) => Self::Done,
            Recorded::Duplicate => Self::Duplicate,
            Recorded::Refused(refusal) => Self::rejected(refusal.code),
        }
    }
}
