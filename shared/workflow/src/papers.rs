//! Images of a unit's papers: uploads that belong to no enrolment, and may come from somebody without an account.

use domain::ids::UploadId;
use domain::organisation::NodePath;
use domain::refusal::{Problem, Refusal};
use domain::unit::{StoredImage, UnitImages};
use domain::upload::{Purpose, Upload, UploadState};
use jiff::SignedDuration;

use crate::desk::{Desk, StepError};
use crate::ports::{Cipher, Limit, Links, Outage, PostForm};
use crate::scope::Scope;
use crate::uploads;

/// Images that may be announced from one address: an office registers many units a day.
pub const PER_ADDRESS: Limit = Limit::rate(200, SignedDuration::from_hours(1));

/// An image that is to be uploaded.
#[derive(Debug, Clone)]
pub struct Paper {
    /// Which paper it shows.
    pub purpose: Purpose,
    /// Name of the file.
    pub file_name: String,
    /// Its size, in bytes.
    pub size: u64,
    /// Its SHA-256, lower-case hex.
    pub sha256: String,
}

/// Issues the upload of an image; `address` is where the request came from.
///
/// # Errors
/// Everything that can be refused before the file travels; the outer one is `TOO_MANY_UPLOADS`.
pub async fn request(
    desk: &Desk,
    links: &dyn Links,
    cipher: &dyn Cipher,
    paper: Paper,
    address: &str,
) -> Result<(Upload, PostForm), StepError> {
    let mut problems = uploads::file_problems(paper.purpose, &paper.file_name, paper.size, &paper.sha256);
    if !paper.purpose.is_unit_paper() {
        problems.insert(0, Problem::new("/purpose", "UPLOAD_PURPOSE", "请选择单位证件或工会法人资格证书"));
    }
    Refusal::unless_none(problems)?;
    let content_type = paper.purpose.content_type(&paper.file_name).ok_or(StepError::NotFound)?;
    let now = desk.clock.now();
    let by_address = format!("paper-address#{}", cipher.blind("address", address));
    if desk.store.count(&by_address, PER_ADDRESS, now).await?.is_err() {
        return Err(Refusal::conflict("TOO_MANY_UPLOADS", "您的网络上传图片过于频繁，请一小时后再试").into());
    }
    let upload = Upload {
        id: UploadId::from_ulid(desk.ids.ulid()),
        purpose: paper.purpose,
        enrolment: None,
        plans: Vec::new(),
        path: NodePath::root(),
        account: None,
        file_name: paper.file_name,
        size: paper.size,
        sha256: paper.sha256,
        issued_at: now,
        state: UploadState::Issued,
        sequencer: None,
    };
    let form = links.post_form(&upload, content_type, now).await?;
    desk.store.issue(&upload).await?;
    Ok((upload, form))
}

/// An image of a paper, if there is one of that name. Its name is a secret of whoever asked for it.
pub async fn status(desk: &Desk, id: &UploadId) -> Result<Option<Upload>, Outage> {
    let upload = desk.store.upload(id, &Scope::Platform).await?;
    Ok(upload.filter(|upload| upload.purpose.is_unit_paper()))
}

/// The accepted images of both papers, or what is wrong with each of them below `at`.
pub async fn images(
    desk: &Desk,
    at: &str,
    unit_certificate: &str,
    union_certificate: &str,
) -> Result<Result<UnitImages, Vec<Problem>>, Outage> {
    let unit = image(desk, format!("{at}/unit_certificate"), unit_certificate, Purpose::UnitCertificate).await?;
    let union = image(desk, format!("{at}/union_certificate"), union_certificate, Purpose::UnionCertificate).await?;
    Ok(match (unit, union) {
        (Ok(unit_certificate), Ok(union_certificate)) => Ok(UnitImages { unit_certificate, union_certificate }),
        (unit, union) => Err(unit.err().into_iter().chain(union.err()).collect()),
    })
}

async fn image(
    desk: &Desk,
    at: String,
    upload: &str,
    purpose: Purpose,
) -> Result<Result<StoredImage, Problem>, Outage> {
    if upload.is_empty() {
        return Ok(Err(Problem::new(at, "IMAGE_MISSING", "请上传图片")));
    }
    let found = match UploadId::parse(upload) {
        Ok(id) => desk.store.upload(&id, &Scope::Platform).await?,
        Err(_) => None,
    };
    let Some(found) = found.filter(|found| found.purpose.is_unit_paper()) else {
        return Ok(Err(Problem::new(at, "UPLOAD_UNKNOWN", "没有这个图片，请重新上传")));
    };
    if found.purpose != purpose {
        return Ok(Err(Problem::new(at, "UPLOAD_PURPOSE", "该图片不是为此用途上传的，请重新上传")));
    }
    Ok(match found.state {
        UploadState::Accepted { key, thumbnail, .. } => Ok(StoredImage { upload: found.id, key, thumbnail }),
        UploadState::Rejected { text, .. } => Err(Problem::new(at, "UPLOAD_REJECTED", text)),
        UploadState::Issued | UploadState::Received => {
            Err(Problem::new(at, "UPLOAD_PENDING", "图片正在检查或尚未传完，请稍候再提交"))
        }
    })
}
