//! Uploads: a client asks for one, posts the file to the quarantine bucket, and the object's event drives the rest.
//!
//! `issued → received → accepted | rejected(reason)`. Nothing reads a file that has not been accepted.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, EnrolmentId, UploadId};
use crate::organisation::NodePath;

/// Life of a presigned upload, in seconds.
pub const UPLOAD_LIFE_S: u64 = 600;

/// What a file is for (documents: uploads).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Purpose {
    /// 人员清单
    Roster,
    /// 附件
    EnrolmentAttachment,
    /// 超龄证明
    OverAgeProof,
    /// Signed and sealed scan of the certificate.
    CertificateScan,
    /// 单位证件
    UnitCertificate,
    /// 工会法人资格证书
    UnionCertificate,
}

const MIB: u64 = 1024 * 1024;

impl Purpose {
    /// Every purpose there is.
    pub const ALL: [Self; 6] = [
        Self::Roster,
        Self::EnrolmentAttachment,
        Self::OverAgeProof,
        Self::CertificateScan,
        Self::UnitCertificate,
        Self::UnionCertificate,
    ];

    /// The purpose as object keys spell it: `incoming/<purpose>/<upload-id>`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Roster => "roster",
            Self::EnrolmentAttachment => "enrolment-attachment",
            Self::OverAgeProof => "over-age-proof",
            Self::CertificateScan => "certificate-scan",
            Self::UnitCertificate => "unit-certificate",
            Self::UnionCertificate => "union-certificate",
        }
    }

    /// Largest file, in bytes.
    pub fn size_max(self) -> u64 {
        match self {
            Self::Roster | Self::CertificateScan => 20 * MIB,
            Self::EnrolmentAttachment | Self::OverAgeProof => 10 * MIB,
            Self::UnitCertificate | Self::UnionCertificate => 2 * MIB,
        }
    }

    /// Whether it is an image of a unit's papers, which belongs to no enrolment and may come from somebody without an account.
    pub fn is_unit_paper(self) -> bool {
        matches!(self, Self::UnitCertificate | Self::UnionCertificate)
    }

    /// The content type the POST policy fixes, from the extension of the client's file name; none if the kind of file
    /// is not taken for this purpose. What a file really is, its content decides later.
    pub fn content_type(self, file_name: &str) -> Option<&'static str> {
        let extension = file_name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase())?;
        Some(match (self, extension.as_str()) {
            (Self::Roster, "xlsx") => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            (Self::Roster, "xls") => "application/vnd.ms-excel",
            (Self::Roster, "csv") => "text/csv",
            (
                Self::EnrolmentAttachment | Self::OverAgeProof | Self::UnitCertificate | Self::UnionCertificate,
                "jpg" | "jpeg",
            ) => "image/jpeg",
            (
                Self::EnrolmentAttachment | Self::OverAgeProof | Self::UnitCertificate | Self::UnionCertificate,
                "png",
            ) => "image/png",
            (Self::EnrolmentAttachment | Self::OverAgeProof | Self::CertificateScan, "pdf") => "application/pdf",
            _ => return None,
        })
    }
}

/// Where an upload stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum UploadState {
    /// The client has the form; no file yet.
    Issued,
    /// The file is there and being checked.
    Received,
    /// The file passed; what became of it.
    Accepted {
        /// Key of the stored copy in the documents bucket.
        key: String,
        /// Content type of the stored copy.
        content_type: String,
        /// Bytes of the stored copy.
        size: u64,
        /// Key of the thumbnail; none for PDFs and workbooks.
        thumbnail: Option<String>,
        /// Pages of a PDF, 1 for an image.
        pages: u32,
    },
    /// The file failed a check, or its import failed as a whole.
    Rejected {
        /// Stable code.
        code: String,
        /// A sentence for the clerk.
        text: String,
    },
}

/// One presigned upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Identifier.
    pub id: UploadId,
    /// What the file is for.
    pub purpose: Purpose,
    /// The enrolment it belongs to; none for a unit's papers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enrolment: Option<EnrolmentId>,
    /// Plan codes a roster is for: one, or several for a file with a shares column per plan.
    pub plans: Vec<String>,
    /// Where the enrolment's unit stands; the root for a unit's papers.
    pub path: NodePath,
    /// Who asked; none for an applicant without an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// Name the client gave the file; shown, never used in keys.
    pub file_name: String,
    /// Bytes announced.
    pub size: u64,
    /// SHA-256 announced, lower-case hex.
    pub sha256: String,
    /// When the form was issued.
    pub issued_at: Timestamp,
    /// Where it stands.
    pub state: UploadState,
    /// `sequencer` of the object event that was taken; a later object under the same upload is ignored.
    pub sequencer: Option<String>,
}

impl Upload {
    /// Key in the quarantine bucket.
    pub fn quarantine_key(&self) -> String {
        format!("incoming/{}/{}", self.purpose.as_str(), self.id)
    }
}
