//! What is printed, over HTTP: the payment notice, and the certificate – viewed, printed, refreshed, its scan attached and
//! archived, and verified by anybody.
//!
//! Trigger: API Gateway. Effect: one commit per command; rendering itself is the work of a queue.

mod notice;
mod verification;

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{FromRef, State};
use domain::account::Permission;
use domain::enrolment::Command as Ask;
use domain::ids::{EnrolmentId, UploadId};
use domain::refusal::Refusal;
use domain::upload::Purpose;
use lambda::enrolments::{Commanded, Counter, EnrolmentOutcome};
use lambda::http::{Answer, Command, Empty, Failure, IdempotencyKey, IfMatch, Json, Path, Problem, Signed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use workflow::ports::Cipher;
use workflow::scope::Scope;
use workflow::{certificates, uploads};

/// How long a link to the PDF lives.
pub(crate) const LINK_LIFE: Duration = Duration::from_secs(300);

/// What these handlers need.
#[derive(Clone)]
pub struct Press {
    /// Tables and buckets.
    pub counter: Counter,
    /// The key of verification tokens.
    pub cipher: Arc<dyn Cipher>,
    /// Origin of the public verification page.
    pub public_url: String,
}

impl FromRef<Press> for Counter {
    fn from_ref(press: &Press) -> Self {
        press.counter.clone()
    }
}

/// The routes.
pub fn routes(press: Press) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(notice::view))
        .routes(routes!(notice::preview))
        .routes(routes!(notice::print))
        .routes(routes!(view))
        .routes(routes!(revisions))
        .routes(routes!(print))
        .routes(routes!(refresh))
        .routes(routes!(attach_scan))
        .routes(routes!(archive))
        .routes(routes!(verification::verify))
        .with_state(press)
}

/// The certificate as it stands.
#[derive(Debug, Serialize, ToSchema)]
struct CertificateLinks {
    /// 确认书号码
    number: String,
    /// Revision.
    revision: u32,
    /// Prints so far.
    prints: u32,
    /// Link to the PDF, good for five minutes.
    url: String,
    /// Link to the signed scan.
    scan_url: Option<String>,
    /// Address of the public verification page, as in the QR code.
    verification_url: String,
}

/// The rendered certificate.
#[utoipa::path(get, path = "/enrolments/{enrolment}/certificate", tag = "certificate",
    params(("enrolment" = String, Path)), responses((status = 200, body = CertificateLinks), (status = 409)))]
async fn view(
    State(press): State<Press>,
    Signed { actor, .. }: Signed,
    Path(id): Path<EnrolmentId>,
) -> Result<Json<CertificateLinks>, Problem> {
    let c = &press.counter;
    let e = c.readable(&actor, &id).await?;
    let certificate = e.certificate.ok_or_else(Problem::not_found)?;
    let Some(current) = certificate.current() else {
        return Err(Refusal::conflict("CERTIFICATE_NOT_RENDERED", "确认书正在生成，请稍后再试").into());
    };
    let file_name = format!("{}.pdf", certificate.number);
    let url = c.links.link(&current.key, &file_name, LINK_LIFE).await?;
    let scan_url = match &certificate.scan {
        Some(scan) => Some(c.links.link(&scan.key, &format!("{}-scan.pdf", certificate.number), LINK_LIFE).await?),
        None => None,
    };
    let (number, revision, prints) = (certificate.number, certificate.revision, certificate.prints);
    let token = certificates::token(&*press.cipher, &id, revision);
    let verification_url = certificates::verification_url(&press.public_url, &token);
    Ok(Json(CertificateLinks { number, revision, prints, url, scan_url, verification_url }))
}

/// A revision of the certificate.
#[derive(Debug, Serialize, ToSchema)]
struct RevisionView {
    /// Revision, from 1.
    revision: u32,
    /// When it was rendered.
    rendered_at: String,
    /// SHA-256 of the PDF, lower-case hex.
    sha256: String,
    /// Whether it is the latest.
    latest: bool,
    /// Link to the PDF, good for five minutes.
    url: String,
}

/// Every revision that was rendered, the latest first: earlier ones stay to be read.
#[utoipa::path(get, path = "/enrolments/{enrolment}/certificate/revisions", tag = "certificate",
    params(("enrolment" = String, Path)), responses((status = 200, body = Vec<RevisionView>)))]
async fn revisions(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Path(id): Path<EnrolmentId>,
) -> Result<Json<Vec<RevisionView>>, Problem> {
    let certificate = c.readable(&actor, &id).await?.certificate.ok_or_else(Problem::not_found)?;
    let mut revisions = Vec::new();
    for rendered in certificate.rendered.iter().rev() {
        let file_name = format!("{}-{}.pdf", certificate.number, rendered.revision);
        revisions.push(RevisionView {
            revision: rendered.revision,
            rendered_at: rendered.at.to_string(),
            sha256: rendered.sha256.clone(),
            latest: revisions.is_empty(),
            url: c.links.link(&rendered.key, &file_name, LINK_LIFE).await?,
        });
    }
    Ok(Json(revisions))
}

/// A print.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PrintInput {
    /// “我已确认人员名单无误”; required for the first print.
    #[serde(default)]
    roster_confirmed: bool,
}

/// Print the certificate; every print is counted.
#[utoipa::path(post, path = "/enrolments/{enrolment}/certificate/prints", tag = "certificate",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    request_body = PrintInput, responses((status = 200, body = EnrolmentOutcome)))]
async fn print(
    State(c): State<Counter>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<PrintInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out(&c.desk, |_| Ok(Ask::Print { roster_confirmed: body.roster_confirmed }))
        .await
}

/// Render the certificate again with the unit's current data.
#[utoipa::path(post, path = "/enrolments/{enrolment}/certificate/refresh", tag = "certificate",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    responses((status = 200, body = EnrolmentOutcome)))]
async fn refresh(
    State(press): State<Press>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<Empty>,
) -> Result<Answer, Problem> {
    let Command { actor, once, .. } = command;
    let desk = &press.counter.desk;
    let facts = async {
        let e = desk.store.enrolment(&id, &Scope::of(&actor)).await?.ok_or_else(Problem::not_found)?;
        Ok::<_, Failure>(certificates::unit_facts(desk, &*press.cipher, &e).await?.fingerprint)
    };
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out_after(desk, facts, |_, unit_facts| Ok(Ask::Refresh { unit_facts }))
        .await
}

/// The signed, sealed scan.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ScanInput {
    /// The accepted upload.
    #[schema(value_type = String)]
    upload: UploadId,
}

/// Attach the signed, sealed scan.
#[utoipa::path(put, path = "/enrolments/{enrolment}/certificate/scan", tag = "certificate",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    request_body = ScanInput, responses((status = 200, body = EnrolmentOutcome)))]
async fn attach_scan(
    State(c): State<Counter>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<ScanInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    let purposes = [Purpose::CertificateScan];
    let accepted = async {
        // Before the upload is looked at: what became of it is nobody else's.
        if !actor.may(Permission::PrintCertificate) {
            return Err(Failure::from(Refusal::not_permitted()));
        }
        Ok(uploads::accepted(&c.desk, &actor, &id, &body.upload, &purposes).await?)
    };
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out_after(&c.desk, accepted, |_, scan| Ok(Ask::AttachScan(scan)))
        .await
}

/// A conclusion of the archivist.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum ArchiveConclusion {
    /// 归档
    Pass,
    /// 退回
    SendBack,
}

/// An archivist's decision.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ArchiveInput {
    /// 归档 or 退回
    conclusion: ArchiveConclusion,
    /// Note of a pass (optional), reason of a return (required); at most 200 characters.
    #[serde(default)]
    note: String,
}

/// Archive the certificate, or send the scan back.
#[utoipa::path(post, path = "/enrolments/{enrolment}/certificate/archive", tag = "certificate",
    params(("enrolment" = String, Path), IdempotencyKey, IfMatch),
    request_body = ArchiveInput, responses((status = 200, body = EnrolmentOutcome)))]
async fn archive(
    State(c): State<Counter>,
    Path(id): Path<EnrolmentId>,
    seen: IfMatch,
    command: Command<ArchiveInput>,
) -> Result<Answer, Problem> {
    let Command { actor, once, body } = command;
    Commanded { actor: &actor, once: &once, id: &id, seen }
        .carry_out(&c.desk, |_| {
            Ok(match body.conclusion {
                ArchiveConclusion::Pass => Ask::Archive { note: body.note },
                ArchiveConclusion::SendBack => Ask::SendBack { reason: body.note },
            })
        })
        .await
}
