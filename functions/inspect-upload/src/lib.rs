//! Inspects an uploaded image or PDF.
//!
//! Trigger: object created under `incoming/<purpose>/` → queue `upload`. Effect: a cleaned copy and a thumbnail in the
//! documents bucket, then the upload accepted; or the upload rejected with the reason, the file left in quarantine.
//! Delivered twice: the same copies are written again. Outage: retried, then dead-lettered.

use std::sync::Arc;

use bytes::Bytes;
use documents::imaging::{FileKind, ImageRules, inspect_image, sniff};
use documents::pdf_inspection::{PdfRules, inspect_pdf};
use domain::reason::Reason;
use domain::upload::{Purpose, Upload, UploadState};
use lambda::batch::s3::UploadedObject;
use lambda::batch::{Delivery, Outcome, Step};
use workflow::desk::Desk;
use workflow::ports::{Objects, Outage};
use workflow::uploads::{self, Arrival};

/// The step.
#[derive(Clone)]
pub struct InspectUpload {
    /// The tables.
    pub desk: Desk,
    /// The buckets.
    pub objects: Arc<dyn Objects>,
}

/// A file that passed: the copy to keep, and what is known of it.
struct Passed {
    stored: Bytes,
    content_type: &'static str,
    thumbnail: Option<Bytes>,
    pages: u32,
}

/// Why a file did not pass: stable code, sentence for the clerk.
type Failed = (&'static str, String);

impl Step for InspectUpload {
    type Message = UploadedObject;
    /// A photo of fifty megapixels takes its memory once.
    const CONCURRENCY: usize = 1;

    async fn perform(&self, object: UploadedObject, _: &Delivery) -> Result<Outcome, Outage> {
        let upload = match uploads::arrived(&self.desk, &object.key, &object.sequencer).await? {
            Arrival::Expected(upload) => *upload,
            Arrival::Duplicate => return Ok(Outcome::Duplicate),
            Arrival::Unknown => return Ok(Outcome::rejected("UPLOAD_UNKNOWN")),
        };
        let state = match uploads::fetch(&*self.objects, &upload).await? {
            Ok(bytes) => match self.inspected(bytes, upload.purpose).await? {
                Ok(passed) => self.keep(&upload, passed).await?,
                Err(failed) => rejected(failed),
            },
            Err(reason) => rejected((reason.code(), reason.text())),
        };
        let code = match &state {
            UploadState::Rejected { code, .. } => Some(code.clone()),
            _ => None,
        };
        let settled = self.desk.store.settle(&Upload { state, ..upload }).await?;
        Ok(match code {
            _ if !settled => Outcome::Duplicate,
            Some(code) => Outcome::rejected(code),
            None => Outcome::Done,
        })
    }
}

fn rejected((code, text): Failed) -> UploadState {
    UploadState::Rejected { code: code.to_owned(), text }
}

impl InspectUpload {
    async fn inspected(&self, bytes: Bytes, purpose: Purpose) -> Result<Result<Passed, Failed>, Outage> {
        let inspection = tokio::task::spawn_blocking(move || inspect(bytes, purpose));
        inspection.await.map_err(|e| Outage::new("inspect", e))
    }

    /// Writes the copies under keys that follow from the upload.
    async fn keep(&self, upload: &Upload, passed: Passed) -> Result<UploadState, Outage> {
        let folder = match upload.purpose {
            Purpose::CertificateScan => "scans",
            purpose if purpose.is_unit_paper() => "unit-papers",
            _ => "attachments",
        };
        let key = format!("{folder}/{}", upload.id);
        let size = u64::try_from(passed.stored.len()).unwrap_or(u64::MAX);
        self.objects.put(&key, passed.stored, passed.content_type).await?;
        let thumbnail = match passed.thumbnail {
            Some(thumbnail) => {
                let key = format!("{folder}/{}.thumbnail", upload.id);
                self.objects.put(&key, thumbnail, "image/jpeg").await?;
                Some(key)
            }
            None => None,
        };
        let content_type = passed.content_type.to_owned();
        Ok(UploadState::Accepted { key, content_type, size, thumbnail, pages: passed.pages })
    }
}

/// What a file is, its content decides, never its name.
fn inspect(bytes: Bytes, purpose: Purpose) -> Result<Passed, Failed> {
    match (purpose, sniff(&bytes)) {
        (Purpose::EnrolmentAttachment | Purpose::OverAgeProof, FileKind::Jpeg | FileKind::Png) => {
            image(&bytes, &ImageRules::ATTACHMENT)
        }
        (Purpose::UnitCertificate | Purpose::UnionCertificate, FileKind::Jpeg | FileKind::Png) => {
            image(&bytes, &ImageRules::CERTIFICATE)
        }
        (Purpose::UnitCertificate | Purpose::UnionCertificate, _) => Err(kind("jpg、png")),
        (Purpose::EnrolmentAttachment | Purpose::OverAgeProof, FileKind::Pdf) => pdf(bytes, &PdfRules::ATTACHMENT),
        (Purpose::CertificateScan, FileKind::Pdf) => pdf(bytes, &PdfRules::CERTIFICATE_SCAN),
        (Purpose::CertificateScan, _) => Err(kind("pdf")),
        (Purpose::EnrolmentAttachment | Purpose::OverAgeProof, _) => Err(kind("jpg、png、pdf")),
        (Purpose::Roster, _) => Err(kind("xlsx、xls、csv")),
    }
}

fn image(bytes: &Bytes, rules: &ImageRules) -> Result<Passed, Failed> {
    let image = inspect_image(bytes, rules).map_err(|p| (p.code(), p.to_string()))?;
    Ok(Passed {
        content_type: image.stored.content_type,
        stored: image.stored.bytes.into(),
        thumbnail: Some(image.thumbnail.bytes.into()),
        pages: 1,
    })
}

fn kind(allowed: &str) -> Failed {
    let reason = Reason::FileTypeNotAllowed { allowed: allowed.to_owned() };
    (reason.code(), reason.text())
}

/// A PDF is kept as it came: nothing in it runs, and there is no renderer for a thumbnail.
fn pdf(bytes: Bytes, rules: &PdfRules) -> Result<Passed, Failed> {
    let found = inspect_pdf(&bytes, rules).map_err(|p| (p.code(), p.to_string()))?;
    let pages = u32::try_from(found.pages).unwrap_or(u32::MAX);
    Ok(Passed { stored: bytes, content_type: "application/pdf", thumbnail: None, pages })
}
