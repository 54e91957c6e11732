//! Roster objects: the members of one plan of one enrolment, compressed and sealed in one object that never changes.

use std::io::{Read, Write};

use bytes::Bytes;
use domain::enrolment::RosterPointer;
use domain::plan::Occupation;
use domain::roster::Member;
use flate2::Compression;
use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;

use crate::ports::{Bucket, Cipher, ObjectProblem, Objects, Outage};

/// Largest sealed roster object read, in bytes: 200,000 members take about 6 MiB.
const OBJECT_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Largest roster after decompression, in bytes.
const ROSTER_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Content type of a sealed roster.
const CONTENT_TYPE: &str = "application/octet-stream";

/// Reads the members a pointer points to; none yet is an empty roster.
pub async fn load(
    objects: &dyn Objects,
    cipher: &dyn Cipher,
    pointer: Option<&RosterPointer>,
) -> Result<Vec<Member>, Outage> {
    let Some(pointer) = pointer else { return Ok(Vec::new()) };
    let sealed =
        objects.get(Bucket::Documents, &pointer.key, OBJECT_BYTES_MAX).await.map_err(|problem| match problem {
            ObjectProblem::Outage(outage) => outage,
            other => Outage::new("read-roster", other),
        })?;
    let packed = cipher.open(&pointer.key, &sealed).map_err(|e| Outage::new("open-roster", e))?;
    let mut json = Vec::new();
    ZlibDecoder::new(packed.as_slice())
        .take(ROSTER_BYTES_MAX)
        .read_to_end(&mut json)
        .map_err(|e| Outage::new("unpack-roster", e))?;
    serde_json::from_slice(&json).map_err(|_| Outage::new("parse-roster", "not a roster"))
}

/// Writes a roster under a key of its own and answers the pointer to it. Writing it again under the same key writes
/// the same members.
pub async fn store(
    objects: &dyn Objects,
    cipher: &dyn Cipher,
    key: String,
    workbook: String,
    members: &[Member],
) -> Result<RosterPointer, Outage> {
    let mut packer = ZlibEncoder::new(Vec::new(), Compression::fast());
    let json = serde_json::to_vec(members).map_err(|_| Outage::new("write-roster", "not a roster"))?;
    packer.write_all(&json).map_err(|e| Outage::new("pack-roster", e))?;
    let packed = packer.finish().map_err(|e| Outage::new("pack-roster", e))?;
    objects.put(&key, Bytes::from(cipher.seal(&key, &packed)), CONTENT_TYPE).await?;
    Ok(pointer(key, workbook, members))
}

fn pointer(key: String, workbook: String, members: &[Member]) -> RosterPointer {
    let count =
        |occupation| u32::try_from(members.iter().filter(|m| m.occupation == occupation).count()).unwrap_or(u32::MAX);
    let flagged = |test: fn(&Member) -> bool| members.iter().filter(|m| test(m)).map(|m| &m.id).collect();
    let shares = |occupation| {
        let of_class = members.iter().filter(|member| member.occupation == occupation);
        of_class.map(|member| member.shares).fold(0, u32::saturating_add)
    };
    RosterPointer {
        key,
        workbook,
        shares_most: members.iter().map(|member| member.shares).max().unwrap_or(0),
        ordinary: count(Occupation::Ordinary),
        high_risk: count(Occupation::HighRisk),
        shares_ordinary: shares(Occupation::Ordinary),
        shares_high_risk: shares(Occupation::HighRisk),
        over_age: flagged(|m| m.over_age),
        unexpired: flagged(|m| m.unexpired),
    }
}
