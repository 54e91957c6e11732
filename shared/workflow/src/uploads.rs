//! Uploads: a client asks for a form, posts the file, and later attaches what was accepted.

use bytes::Bytes;
use domain::account::{Actor, Permission};
use domain::enrolment::{Attachment, AttachmentKind, Enrolment, State};
use domain::ids::{EnrolmentId, UploadId};
use domain::reason::Reason;
use domain::refusal::{Problem, Refusal};
use domain::upload::{Purpose, Upload, UploadState};
use sha2::{Digest, Sha256};

use crate::desk::{Desk, StepError};
use crate::ports::{Bucket, Links, ObjectProblem, Objects, Outage, PostForm};
use crate::scope::Scope;

/// Longest file name kept, in characters.
pub const FILE_NAME_CHARACTERS_MAX: usize = 120;

/// What a client asks for.
#[derive(Debug, Clone)]
pub struct UploadRequest {
    /// What the file is for.
    pub purpose: Purpose,
    /// The enrolment it belongs to.
    pub enrolment: EnrolmentId,
    /// Plan codes, for a roster.
    pub plans: Vec<String>,
    /// Name of the file.
    pub file_name: String,
    /// Its size, in bytes.
    pub size: u64,
    /// Its SHA-256, lower-case hex.
    pub sha256: String,
}

/// Issues an upload: everything that can be refused before the file travels is refused here.
pub async fn request(
    desk: &Desk,
    links: &dyn Links,
    actor: &Actor,
    request: UploadRequest,
) -> Result<(Upload, PostForm), StepError> {
    let scope = Scope::of(actor);
    let enrolment = desk.store.enrolment(&request.enrolment, &scope).await?.ok_or(StepError::NotFound)?;
    let (needed, expected) = expected_of(request.purpose)?;
    if !actor.may(needed) {
        return Err(Refusal::not_permitted().into());
    }
    expected_now(&enrolment, expected)?;
    let content_type = request.purpose.content_type(&request.file_name);
    Refusal::unless_none(problems(&enrolment, &request))?;
    let content_type = content_type.ok_or(StepError::NotFound)?;
    let now = desk.clock.now();
    let upload = Upload {
        id: UploadId::from_ulid(desk.ids.ulid()),
        purpose: request.purpose,
        enrolment: Some(enrolment.id),
        plans: request.plans,
        path: enrolment.unit.path,
        account: Some(actor.account.clone()),
        file_name: request.file_name,
        size: request.size,
        sha256: request.sha256,
        issued_at: now,
        state: UploadState::Issued,
        sequencer: None,
    };
    let form = links.post_form(&upload, content_type, now).await?;
    desk.store.issue(&upload).await?;
    Ok((upload, form))
}

/// Who uploads a file of a purpose, and while the enrolment stands where.
fn expected_of(purpose: Purpose) -> Result<(Permission, State), Refusal> {
    match purpose {
        Purpose::Roster | Purpose::EnrolmentAttachment | Purpose::OverAgeProof => {
            Ok((Permission::EnterEnrolment, State::Drafting))
        }
        Purpose::CertificateScan => Ok((Permission::PrintCertificate, State::AwaitingArchive)),
        Purpose::UnitCertificate | Purpose::UnionCertificate => {
            let text = "单位证件请在单位注册或单位信息维护中上传";
            Err(Refusal::invalid(vec![Problem::new("/purpose", "UPLOAD_PURPOSE", text)]))
        }
    }
}

fn expected_now(enrolment: &Enrolment, expected: State) -> Result<(), Refusal> {
    if enrolment.state == expected {
        return Ok(());
    }
    let text = format!("参保单处于“{}”状态，不能上传该文件", enrolment.state.chinese());
    Err(Refusal::conflict("WRONG_STATE", text))
}

/// What can be said of a file before it travels.
pub(crate) fn file_problems(purpose: Purpose, file_name: &str, size: u64, sha256: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let size_max = purpose.size_max();
    if size == 0 {
        problems.push(Problem::new("/size", "FILE_EMPTY", "文件是空的"));
    }
    if size > size_max {
        let text = format!("文件不能超过{}MB", size_max / (1024 * 1024));
        problems.push(Problem::new("/size", "FILE_TOO_LARGE", text));
    }
    if purpose.content_type(file_name).is_none() {
        problems.push(Problem::new("/file_name", "FILE_KIND", "不支持这种文件类型"));
    }
    let characters = file_name.chars().count();
    if characters > FILE_NAME_CHARACTERS_MAX || file_name.chars().any(char::is_control) {
        problems.push(Problem::new("/file_name", "FILE_NAME", "文件名过长或含有控制字符"));
    }
    let hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    if sha256.len() != 64 || !sha256.bytes().all(hex) {
        problems.push(Problem::new("/sha256", "CHECKSUM_FORMAT", "校验值应为64位小写十六进制的SHA-256"));
    }
    problems
}

fn problems(enrolment: &Enrolment, request: &UploadRequest) -> Vec<Problem> {
    let mut problems = file_problems(request.purpose, &request.file_name, request.size, &request.sha256);
    if request.purpose == Purpose::Roster {
        if request.plans.is_empty() {
            problems.push(Problem::new("/plans", "PLAN_COUNT", "请选择人员清单对应的保障活动"));
        }
        for (i, plan) in request.plans.iter().enumerate() {
            if enrolment.line(plan).is_none() || request.plans[..i].contains(plan) {
                let text = "参保单中没有这个保障活动，或重复选择";
                problems.push(Problem::new(format!("/plans/{i}"), "PLAN_NOT_CHOSEN", text));
            }
        }
    }
    problems
}

/// What an object that arrived in quarantine is to its upload.
#[derive(Debug)]
pub enum Arrival {
    /// The file that the upload waits for.
    Expected(Box<Upload>),
    /// It has been dealt with, or another event of the same key has overtaken this one.
    Duplicate,
    /// No upload was issued for the key.
    Unknown,
}

/// Marks the upload of `incoming/<purpose>/<upload>` as received. `sequencer` orders the events of one key.
pub async fn arrived(desk: &Desk, key: &str, sequencer: &str) -> Result<Arrival, Outage> {
    let id = key.strip_prefix("incoming/").and_then(|rest| rest.split_once('/'));
    let Some(id) = id.and_then(|(_, id)| UploadId::parse(id).ok()) else { return Ok(Arrival::Unknown) };
    let Some(upload) = desk.store.receive(&id, sequencer).await? else { return Ok(Arrival::Unknown) };
    let waits = upload.state == UploadState::Received && upload.sequencer.as_deref() == Some(sequencer);
    Ok(if waits { Arrival::Expected(Box::new(upload)) } else { Arrival::Duplicate })
}

/// The bytes of a received upload, if they are the ones that were announced; else why it is to be rejected.
pub async fn fetch(objects: &dyn Objects, upload: &Upload) -> Result<Result<Bytes, Reason>, Outage> {
    let size_max = upload.purpose.size_max();
    let bytes = match objects.get(Bucket::Quarantine, &upload.quarantine_key(), size_max).await {
        Ok(bytes) => bytes,
        Err(ObjectProblem::TooLarge) => {
            let limit_mib = u32::try_from(size_max / (1024 * 1024)).unwrap_or(u32::MAX);
            return Ok(Err(Reason::FileTooLarge { limit_mib }));
        }
        Err(ObjectProblem::Missing) => return Ok(Err(Reason::UploadExpired)),
        Err(ObjectProblem::Outage(outage)) => return Err(outage),
    };
    let sha256: String = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
    Ok(if sha256 == upload.sha256 { Ok(bytes) } else { Err(Reason::ChecksumMismatch) })
}

/// The accepted upload of this enrolment and one of these purposes, as an attachment.
pub async fn accepted(
    desk: &Desk,
    actor: &Actor,
    enrolment: &EnrolmentId,
    upload: &UploadId,
    purposes: &[Purpose],
) -> Result<Attachment, StepError> {
    let upload = desk.store.upload(upload, &Scope::of(actor)).await?;
    let upload = upload.filter(|u| u.enrolment.as_ref() == Some(enrolment)).ok_or(StepError::NotFound)?;
    if !purposes.contains(&upload.purpose) {
        let text = "该文件不是为此用途上传的";
        return Err(Refusal::invalid(vec![Problem::new("/upload", "UPLOAD_PURPOSE", text)]).into());
    }
    match upload.state {
        UploadState::Accepted { key, content_type, thumbnail, pages, .. } => Ok(Attachment {
            upload: upload.id,
            kind: match upload.purpose {
                Purpose::OverAgeProof => AttachmentKind::OverAgeProof,
                _ => AttachmentKind::General,
            },
            file_name: upload.file_name,
            key,
            content_type,
            thumbnail,
            pages,
        }),
        UploadState::Rejected { text, .. } => {
            Err(Refusal::invalid(vec![Problem::new("/upload", "UPLOAD_REJECTED", text)]).into())
        }
        UploadState::Issued | UploadState::Received => {
            Err(Refusal::conflict("UPLOAD_PENDING", "文件正在检查，请稍候").into())
        }
    }
}
