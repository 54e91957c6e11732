//! Payment confirmation (到账确认) over HTTP, and the books that finance looks things up in: payments and the ledger.
//!
//! Trigger: API Gateway. Effect of a confirmation, in one commit: certificate number, periods of cover, ledger entry,
//! and the messages that write cover, issue receipts and render the certificate.

mod books;
mod series;

use axum::extract::State;
use domain::enrolment::Command as Ask;
use domain::ids::EnrolmentId;
use domain::money::Fen;
use domain::receipt::Channel;
use jiff::civil::Date;
use lambda::enrolments::{Commanded, Counter, EnrolmentOutcome};
use lambda::http::{Answer, Command, IdempotencyKey, IfMatch, Path, Problem};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use workflow::payments;

pub use self::series::Series;

/// The routes.
pub fn routes(counter: Counter, series: Series) -> OpenApiRouter {
    let of_series = OpenApiRouter::new().routes(routes!(series::list)).with_state(series);
    OpenApiRouter::new()
        .routes(routes!(confirm))
        .routes(routes!(send_back))
        .routes(routes!(books::payments))
        .routes(routes!(books::ledger))
        .routes(routes!(books::totals))
        .with_state(counter)
        .merge(of_series)
}

/// Money that arrived.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PaymentInput {
    /// 到账日期
    #[schema(value_type = String, format = "date")]
    arrived_on: Date,
    /// 到账金额, in fen; equals the amount due.
    amount_fen: i64,
    /// `transfer`, `cheque`, `reverse-cheque`, `wire-transfer` or `treasury-payment`.
    #[schema(value_type = String)]
    channel: Channel,
    /// 银行流水号
    bank_reference: String,
    /// At most 200 characters.
    #[serde(default)]
    remark: String,
}

/// Confirm that the money arrived.
#[utoipa::path(post, path = "/enrolments/{enrolment}/payment", tag = "payment",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    request_body = PaymentInput, responses((status = 200, body = EnrolmentOutcome)))]
async fn confirm(
    State(c): State<Counter>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<PaymentInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let sequence = async { Ok(payments::certificate_sequence(&c.desk).await?) };
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out_after(&c.desk, sequence, |e, sequence| {
            Ok(Ask::ConfirmPayment {
                arrived_on: body.arrived_on,
                amount: Fen::new(body.amount_fen),
                channel: body.channel,
                bank_reference: body.bank_reference,
                remark: body.remark,
                certificate_number: payments::certificate_number(&c.desk, e, sequence)?,
            })
        })
        .await
}

/// A return.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReturnInput {
    /// Why; at most 200 characters.
    reason: String,
}

/// Send the receipts back to the unit.
#[utoipa::path(post, path = "/enrolments/{enrolment}/payment/return", tag = "payment",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    request_body = ReturnInput, responses((status = 200, body = EnrolmentOutcome)))]
async fn send_back(
    State(c): State<Counter>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<ReturnInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out(&c.desk, |_| Ok(Ask::ReturnToInvoicing { reason: body.reason }))
        .await
}
