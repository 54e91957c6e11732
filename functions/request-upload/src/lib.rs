//! Uploads over HTTP: a form to post a file with, and what became of it.
//!
//! Trigger: API Gateway. Effect: an upload that is `issued`. The file itself goes to the bucket, never through here.

use axum::extract::State;
use domain::ids::{EnrolmentId, UploadId};
use domain::upload::{Purpose, Upload, UploadState};
use http::StatusCode;
use lambda::enrolments::Counter;
use lambda::http::{Json, Path, Problem, Signed};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use workflow::desk::StepError;
use workflow::scope::Scope;
use workflow::uploads::{self, UploadRequest};

/// The routes.
pub fn routes(counter: Counter) -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(request)).routes(routes!(status)).with_state(counter)
}

/// A file to upload.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UploadInput {
    /// `roster`, `enrolment-attachment`, `over-age-proof` or `certificate-scan`.
    #[schema(value_type = String)]
    purpose: Purpose,
    /// The enrolment it belongs to.
    #[schema(value_type = String)]
    enrolment: EnrolmentId,
    /// Plan codes, for a roster.
    #[serde(default)]
    plans: Vec<String>,
    /// Name of the file.
    file_name: String,
    /// Its size, in bytes.
    size: u64,
    /// Its SHA-256, lower-case hex.
    sha256: String,
}

/// A form to post the file with.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadForm {
    /// The upload.
    upload: String,
    /// Where to post, as `multipart/form-data`.
    url: String,
    /// The fields to send before the file, which comes last as `file`.
    fields: Vec<FormField>,
    /// Until when.
    expires_at: String,
}

/// A field of the form.
#[derive(Debug, Serialize, ToSchema)]
pub struct FormField {
    /// Name.
    name: String,
    /// Value.
    value: String,
}

/// Ask for an upload. Asking again makes another one; what is never posted is swept.
#[utoipa::path(post, path = "/uploads", tag = "upload", request_body = UploadInput,
    responses((status = 201, body = UploadForm), (status = 404)))]
async fn request(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Json(input): Json<UploadInput>,
) -> Result<(StatusCode, Json<UploadForm>), Problem> {
    let UploadInput { purpose, enrolment, plans, file_name, size, sha256 } = input;
    let request = UploadRequest { purpose, enrolment, plans, file_name, size, sha256 };
    let (upload, form) = uploads::request(&c.desk, &*c.links, &actor, request).await.map_err(problem)?;
    let fields = form.fields.into_iter().map(|(name, value)| FormField { name, value }).collect();
    let expires_at = form.expires_at.to_string();
    let form = UploadForm { upload: upload.id.to_string(), url: form.url, fields, expires_at };
    Ok((StatusCode::CREATED, Json(form)))
}

fn problem(error: StepError) -> Problem {
    match error {
        StepError::NotFound => Problem::not_found(),
        StepError::Refused(refusal) => (*refusal).into(),
        StepError::Changed { current } => Problem::version_changed(current),
        StepError::Outage(outage) => outage.into(),
        StepError::Answered(_) => Problem::internal("an upload keeps no answers"),
    }
}

/// What became of an upload.
#[derive(Debug, Serialize, ToSchema)]
pub struct UploadStatus {
    /// The upload.
    upload: String,
    /// `issued`, `received`, `accepted` or `rejected`.
    state: &'static str,
    /// Why it was rejected: a stable code.
    code: Option<String>,
    /// Why it was rejected: a sentence.
    text: Option<String>,
    /// Pages, once accepted.
    pages: Option<u32>,
}

/// What became of an upload.
#[utoipa::path(get, path = "/uploads/{upload}", tag = "upload", params(("upload" = String, Path)),
    responses((status = 200, body = UploadStatus)))]
async fn status(
    State(c): State<Counter>,
    Signed { actor, .. }: Signed,
    Path(id): Path<UploadId>,
) -> Result<Json<UploadStatus>, Problem> {
    let upload = c.desk.store.upload(&id, &Scope::of(&actor)).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(shown(upload)))
}

fn shown(upload: Upload) -> UploadStatus {
    let (state, code, text, pages) = match upload.state {
        UploadState::Issued => ("issued", None, None, None),
        UploadState::Received => ("received", None, None, None),
        UploadState::Accepted { pages, .. } => ("accepted", None, None, Some(pages)),
        UploadState::Rejected { code, text } => ("rejected", Some(code), Some(text), None),
    };
    UploadStatus { upload: upload.id.to_string(), state, code, text, pages }
}
