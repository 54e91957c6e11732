//! Roster objects: the members of one plan of one enrolment, and the failed rows of one import, each compressed and
//! sealed in one object that never changes.

use std::io::{Read, Write};

use bytes::Bytes;
use domain::enrolment::RosterPointer;
use domain::ids::{EnrolmentId, UploadId};
use domain::plan::Occupation;
use domain::roster::{FailedRow, Member, RosterSummary, shares_held};
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use jiff::civil::Date;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::ports::{Bucket, Cipher, ObjectProblem, Objects, Outage};

/// Largest sealed object read, in bytes: 200,000 members take about 6 MiB.
const OBJECT_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Largest content after decompression, in bytes.
const CONTENT_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Content type of a sealed object.
const CONTENT_TYPE: &str = "application/octet-stream";

/// The failed rows of an import with what is needed to check them again.
#[derive(Serialize, Deserialize)]
pub struct FailedRows {
    /// Codes of the plans, in the order of the share columns.
    pub plans: Vec<String>,
    /// Titles of the share columns; empty for a file without them.
    pub columns: Vec<String>,
    /// The rows, in the file's order.
    pub rows: Vec<FailedRow>,
}

/// Names what one request writes: the same request, made from the same version, writes under the same keys.
pub struct Edition {
    /// The version the request was made from.
    pub version: u64,
    /// Name of the request.
    pub request: String,
}

impl Edition {
    /// Key of a plan's sealed roster.
    pub fn roster(&self, enrolment: &EnrolmentId, plan: &str) -> String {
        format!("rosters/{enrolment}/{plan}/{self}")
    }

    /// Key of a workbook.
    pub fn workbook(&self, enrolment: &EnrolmentId, of: &str) -> String {
        format!("workbooks/{enrolment}/{of}/{self}.xlsx")
    }

    /// Key of the sealed failed rows of an upload.
    pub fn failed_rows(&self, enrolment: &EnrolmentId, upload: &UploadId) -> String {
        format!("failed-rows/{enrolment}/{upload}/{self}")
    }
}

impl std::fmt::Display for Edition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "v{}-{}", self.version, self.request)
    }
}

/// Reads the members a pointer points to; none yet is an empty roster.
pub async fn load(
    objects: &dyn Objects,
    cipher: &dyn Cipher,
    pointer: Option<&RosterPointer>,
) -> Result<Vec<Member>, Outage> {
    match pointer {
        Some(pointer) => read(objects, cipher, &pointer.key).await,
        None => Ok(Vec::new()),
    }
}

/// Writes a roster under a key of its own and answers the pointer to it; ages are those on `start`, the first day of
/// cover. Writing it again under the same key writes the same members.
pub async fn store(
    objects: &dyn Objects,
    cipher: &dyn Cipher,
    key: String,
    workbook: String,
    members: &[Member],
    start: Date,
) -> Result<RosterPointer, Outage> {
    write(objects, cipher, &key, members).await?;
    Ok(pointer(key, workbook, members, start))
}

/// Reads the failed rows of an import.
pub async fn load_failed(objects: &dyn Objects, cipher: &dyn Cipher, key: &str) -> Result<FailedRows, Outage> {
    read(objects, cipher, key).await
}

/// Writes the failed rows of an import under a key of its own.
pub async fn store_failed(
    objects: &dyn Objects,
    cipher: &dyn Cipher,
    key: &str,
    failed: &FailedRows,
) -> Result<(), Outage> {
    write(objects, cipher, key, failed).await
}

/// Where the member of an entry stands; none if nobody has it, or several, as only members from before uploads were
/// kept can.
pub fn place_of(members: &[Member], entry: &str) -> Option<usize> {
    let mut places = members.iter().enumerate().filter(|(_, member)| member.entry() == entry).map(|(place, _)| place);
    places.next().filter(|_| places.next().is_none())
}

async fn read<T: DeserializeOwned>(objects: &dyn Objects, cipher: &dyn Cipher, key: &str) -> Result<T, Outage> {
    let sealed = objects.get(Bucket::Documents, key, OBJECT_BYTES_MAX).await.map_err(|problem| match problem {
        ObjectProblem::Outage(outage) => outage,
        other => Outage::new("read-roster", other),
    })?;
    let packed = cipher.open(key, &sealed).map_err(|e| Outage::new("open-roster", e))?;
    let mut json = Vec::new();
    ZlibDecoder::new(packed.as_slice())
        .take(CONTENT_BYTES_MAX)
        .read_to_end(&mut json)
        .map_err(|e| Outage::new("unpack-roster", e))?;
    // The parser's message may quote a value.
    serde_json::from_slice(&json).map_err(|_| Outage::new("parse-roster", "not a roster"))
}

async fn write<T: Serialize + ?Sized>(
    objects: &dyn Objects,
    cipher: &dyn Cipher,
    key: &str,
    content: &T,
) -> Result<(), Outage> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::fast());
    let json = serde_json::to_vec(content).map_err(|_| Outage::new("write-roster", "not a roster"))?;
    packer.write_all(&json).map_err(|e| Outage::new("pack-roster", e))?;
    let packed = packer.finish().map_err(|e| Outage::new("pack-roster", e))?;
    objects.put(key, Bytes::from(cipher.seal(key, &packed)), CONTENT_TYPE).await
}

fn pointer(key: String, workbook: String, members: &[Member], start: Date) -> RosterPointer {
    let flagged = |test: fn(&Member) -> bool| members.iter().filter(|m| test(m)).map(|m| &m.id).collect();
    let shares = |occupation| {
        let of_class = members.iter().filter(|member| member.occupation == occupation);
        of_class.map(|member| member.shares).fold(0, u32::saturating_add)
    };
    let distribution = RosterSummary::of(members, start);
    RosterPointer {
        key,
        workbook,
        shares_most: members.iter().map(|member| member.shares).max().unwrap_or(0),
        ordinary: distribution.ordinary,
        high_risk: distribution.high_risk,
        shares_ordinary: shares(Occupation::Ordinary),
        shares_high_risk: shares(Occupation::HighRisk),
        held: shares_held(members),
        over_age: flagged(|m| m.over_age),
        unexpired: flagged(|m| m.unexpired),
        distribution,
    }
}
