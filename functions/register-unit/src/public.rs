//! For applicants: nobody here is signed in.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use domain::identity::Mobile;
use domain::ids::{NodeId, UploadId};
use domain::message::CodePurpose;
use domain::organisation::{Node, NodeKind, NodePath};
use domain::refusal::{Problem as Broken, Refusal};
use http::StatusCode;
use http::header::ETAG;
use jiff::Timestamp;
use lambda::http::{Caller, IdempotencyKey, IfMatch, Json, Path, Problem, etag};
use lambda::units::{ContactInput, PaperForm, PaperStatus, image_links};
use workflow::codes::{self, Limited, Recipient};
use workflow::desk::StepError;
use workflow::papers::{self, Paper};
use workflow::registrations::{self, Corrector};
use workflow::{captchas, ports::Outage};

use crate::Office;
use crate::input::{ApplyInput, CodeInput, CorrectInput, ImageInput, TokenInput};
use crate::view::{Applied, RegistrationOutcome, StatusView, TreeNode, typed};

/// The offices a unit can register with.
#[utoipa::path(get, path = "/offices", tag = "registration", security(()),
    responses((status = 200, body = Vec<TreeNode>)))]
pub(crate) async fn offices(State(office): State<Office>) -> Result<Json<Vec<TreeNode>>, Problem> {
    // Offices stand right below headquarters; what lies below them is read for one of them at a time.
    let nodes = office.counter.desk.store.subtree(&NodePath::root()).await?;
    Ok(Json(nodes.iter().filter(|node| node.kind == NodeKind::Office).map(TreeNode::of).collect()))
}

/// An office and the agencies below it, parents before their children.
#[utoipa::path(get, path = "/offices/{office}/agencies", tag = "registration", security(()),
    params(("office" = String, Path)), responses((status = 200, body = Vec<TreeNode>)))]
pub(crate) async fn agencies(
    State(office): State<Office>,
    Path(id): Path<NodeId>,
) -> Result<Json<Vec<TreeNode>>, Problem> {
    let store = &office.counter.desk.store;
    let of_kind = |node: &Node| node.kind == NodeKind::Office;
    let node = store.node(&id).await?.filter(of_kind).ok_or_else(Problem::not_found)?;
    Ok(Json(store.subtree(&node.path).await?.iter().map(TreeNode::of).collect()))
}

/// Ask for a form to upload an image of a unit's papers with. What no application names is swept.
#[utoipa::path(post, path = "/registration-images", tag = "registration", security(()), request_body = ImageInput,
    responses((status = 201, body = PaperForm), (status = 429)))]
pub(crate) async fn request_image(
    State(office): State<Office>,
    caller: Caller,
    Json(input): Json<ImageInput>,
) -> Result<(StatusCode, Json<PaperForm>), Problem> {
    let ImageInput { purpose, file_name, size, sha256 } = input;
    let paper = Paper { purpose, file_name, size, sha256 };
    let (desk, links) = (&office.counter.desk, &*office.counter.links);
    let requested = papers::request(desk, links, &*office.cipher, paper, &caller.address).await;
    let (upload, form) = requested.map_err(problem)?;
    Ok((StatusCode::CREATED, Json(PaperForm::of(&upload, form))))
}

/// What became of the upload of an image.
#[utoipa::path(get, path = "/registration-images/{upload}", tag = "registration", security(()),
    params(("upload" = String, Path)), responses((status = 200, body = PaperStatus)))]
pub(crate) async fn image_status(
    State(office): State<Office>,
    Path(id): Path<UploadId>,
) -> Result<Json<PaperStatus>, Problem> {
    let upload = papers::status(&office.counter.desk, &id).await?.ok_or_else(Problem::not_found)?;
    Ok(Json(PaperStatus::of(upload)))
}

/// Text a code to the contact's mobile number. A number gets one code a minute, five an hour and ten a day; an address
/// twenty an hour.
#[utoipa::path(post, path = "/registration-codes", tag = "registration", security(()), request_body = CodeInput,
    responses((status = 202), (status = 429)))]
pub(crate) async fn send_code(
    State(office): State<Office>,
    caller: Caller,
    Json(input): Json<CodeInput>,
) -> Result<StatusCode, Problem> {
    // Before the captcha: a number that is mistyped does not use it up.
    let mobile =
        Mobile::parse(&input.mobile).map_err(|reason| Refusal::invalid(vec![Broken::of("/mobile", &reason)]))?;
    let desk = &office.counter.desk;
    let answer = (input.captcha.id.as_str(), input.captcha.answer.as_str());
    let wrong = captchas::check(&*desk.store, desk.clock.now(), "/captcha/answer", answer).await?;
    Refusal::unless_none(wrong.into_iter().collect())?;
    let recipient = Recipient::Mobile(mobile.as_str());
    let requested =
        codes::request(desk, &*office.cipher, CodePurpose::UnitRegistration, recipient, &caller.address).await?;
    let now = desk.clock.now();
    match requested {
        Ok(()) => Ok(StatusCode::ACCEPTED),
        Err(Limited::Number(end)) => Err(too_many(end, now, "该手机号码请求短信验证码过于频繁")),
        Err(Limited::Address(end)) => Err(too_many(end, now, "您的网络请求短信验证码过于频繁")),
    }
}

fn too_many(end: Timestamp, now: Timestamp, what: &str) -> Problem {
    Problem::until(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_CODES", end, now, what)
}

/// Apply. The same request under the same key is answered the same; the token in the answer reads and corrects the
/// application, and goes to the contact by text as well.
#[utoipa::path(post, path = "/registrations", tag = "registration", security(()), params(IdempotencyKey),
    request_body = ApplyInput, responses((status = 201, body = Applied)))]
pub(crate) async fn apply(
    State(office): State<Office>,
    key: IdempotencyKey,
    Json(input): Json<ApplyInput>,
) -> Result<(StatusCode, Json<Applied>), Problem> {
    let body = serde_json::to_string(&input).map_err(|error| Outage::new("apply", error))?;
    let request = (key.as_str(), body.as_str());
    let applied = office.registry().apply(&input.application.application(), &input.code, request).await;
    let registration = applied.map_err(problem)?;
    let token = registrations::token(&*office.cipher, &registration.id);
    Ok((StatusCode::CREATED, Json(Applied { id: registration.id.to_string(), token })))
}

/// Where an application stands, for whoever has its link; while it is rejected, with everything to correct. A `POST`,
/// since the token must not stand in an address.
#[utoipa::path(post, path = "/registrations/status", tag = "registration", security(()), request_body = TokenInput,
    responses((status = 200, body = StatusView), (status = 404)))]
pub(crate) async fn status(State(office): State<Office>, Json(input): Json<TokenInput>) -> Result<Response, Problem> {
    let seen = office.registry().by_token(&input.token).await?.ok_or_else(Problem::not_found)?;
    let (application, images) = if seen.state() == domain::registration::State::Rejected {
        let contact = office.registry().contact(&seen.registration)?;
        let images = image_links(&*office.counter.links, &seen.registration.form.images).await?;
        (Some(typed(&seen.registration, ContactInput::of_facts(&contact))), images)
    } else {
        (None, Vec::new())
    };
    let version = etag(seen.registration.version);
    Ok(([(ETAG, version)], Json(StatusView::of(&seen, application, images))).into_response())
}

/// Submit a rejected application again, corrected.
#[utoipa::path(post, path = "/registrations/correction", tag = "registration", security(()), params(IfMatch),
    request_body = CorrectInput, responses((status = 200, body = RegistrationOutcome), (status = 404)))]
pub(crate) async fn correct(
    State(office): State<Office>,
    IfMatch(version): IfMatch,
    Json(input): Json<CorrectInput>,
) -> Result<Response, Problem> {
    let seen = office.registry().by_token(&input.token).await?.ok_or_else(Problem::not_found)?;
    let by = Corrector::Applicant { code: &input.code };
    let corrected = office.registry().correct(seen, by, version, &input.application.application()).await;
    let registration = corrected.map_err(problem)?;
    let version = etag(registration.version);
    Ok(([(ETAG, version)], Json(RegistrationOutcome::of(&registration))).into_response())
}

fn problem(error: StepError) -> Problem {
    match error {
        StepError::NotFound => Problem::not_found(),
        StepError::Refused(refusal) if refusal.code == "TOO_MANY_UPLOADS" => {
            Problem::new(StatusCode::TOO_MANY_REQUESTS, refusal.code, refusal.text)
        }
        StepError::Refused(refusal) => (*refusal).into(),
        StepError::Changed { current } => Problem::version_changed(current),
        StepError::Outage(outage) => outage.into(),
        StepError::Answered(_) => Problem::internal("an applicant's request keeps no answer"),
    }
}
