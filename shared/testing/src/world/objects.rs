//! Both buckets in memory, and the form a test posts files with.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use async_trait::async_trait;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::{Bytes, BytesMut};
use domain::upload::{UPLOAD_LIFE_S, Upload};
use futures::TryStreamExt;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use workflow::ports::{Bucket, Links, ObjectProblem, Objects, Outage, Pieces, PostForm};

/// Longest life of a link, in seconds.
const LINK_LIFE_MAX_S: u64 = 300;

/// A stored object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// The bytes.
    pub body: Bytes,
    /// The content type it was stored with.
    pub content_type: String,
}

/// What the object event of a posted file says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    /// Key in the quarantine bucket.
    pub key: String,
    /// Bytes.
    pub size: u64,
    /// Grows with every object put under one key.
    pub sequencer: String,
}

/// Why a form did not take a file, as S3 answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostRefusal {
    /// The policy is not one that was issued, has expired, or a field was changed.
    AccessDenied,
    /// Larger than the policy allows, or empty.
    EntityTooLarge,
    /// The file is not the one announced.
    BadDigest,
}

/// Both buckets. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct MemoryObjects(Arc<Mutex<Buckets>>);

#[derive(Debug, Default)]
struct Buckets {
    quarantine: BTreeMap<String, Stored>,
    documents: BTreeMap<String, Stored>,
    forms: Vec<(PostForm, u64)>,
    puts: u64,
}

impl Buckets {
    fn of(&mut self, bucket: Bucket) -> &mut BTreeMap<String, Stored> {
        match bucket {
            Bucket::Quarantine => &mut self.quarantine,
            Bucket::Documents => &mut self.documents,
        }
    }
}

impl MemoryObjects {
    fn buckets(&self) -> MutexGuard<'_, Buckets> {
        self.0.lock().expect("no holder of the lock panics")
    }

    /// Puts an object there, past every check.
    pub fn with(&self, bucket: Bucket, key: &str, body: impl Into<Bytes>, content_type: &str) -> &Self {
        let stored = Stored { body: body.into(), content_type: content_type.to_owned() };
        self.buckets().of(bucket).insert(key.to_owned(), stored);
        self
    }

    /// Loses an object.
    pub fn without(&self, bucket: Bucket, key: &str) -> &Self {
        self.buckets().of(bucket).remove(key);
        self
    }

    /// The object under a key.
    pub fn stored(&self, bucket: Bucket, key: &str) -> Option<Stored> {
        self.buckets().of(bucket).get(key).cloned()
    }

    /// The keys of a bucket, in order.
    pub fn keys(&self, bucket: Bucket) -> Vec<String> {
        self.buckets().of(bucket).keys().cloned().collect()
    }

    /// Posts a file with a form, at an instant, as a browser would: the policy's checks hold.
    pub fn post(&self, form: &PostForm, file: impl Into<Bytes>, at: Timestamp) -> Result<Posted, PostRefusal> {
        let file = file.into();
        let mut buckets = self.buckets();
        let issued = buckets.forms.iter().find(|(issued, _)| issued == form && at < issued.expires_at);
        let size_max = issued.ok_or(PostRefusal::AccessDenied)?.1;
        let size = file.len() as u64;
        if !(1..=size_max).contains(&size) {
            return Err(PostRefusal::EntityTooLarge);
        }
        let field = |name: &str| form.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone());
        let announced = field("x-amz-checksum-sha256").ok_or(PostRefusal::AccessDenied)?;
        if announced != BASE64_STANDARD.encode(Sha256::digest(&file)) {
            return Err(PostRefusal::BadDigest);
        }
        let key = field("key").ok_or(PostRefusal::AccessDenied)?;
        let content_type = field("Content-Type").ok_or(PostRefusal::AccessDenied)?;
        buckets.quarantine.insert(key.clone(), Stored { body: file, content_type });
        buckets.puts += 1;
        Ok(Posted { key, size, sequencer: format!("{:016X}", buckets.puts) })
    }
}

#[async_trait]
impl Objects for MemoryObjects {
    async fn get(&self, bucket: Bucket, key: &str, size_max: u64) -> Result<Bytes, ObjectProblem> {
        let body = self.stored(bucket, key).ok_or(ObjectProblem::Missing)?.body;
        if body.len() as u64 > size_max { Err(ObjectProblem::TooLarge) } else { Ok(body) }
    }

    async fn put(&self, key: &str, body: Bytes, content_type: &str) -> Result<(), Outage> {
        self.with(Bucket::Documents, key, body, content_type);
        Ok(())
    }

    async fn submit(&self, upload: &Upload, body: Bytes, content_type: &str) -> Result<(), Outage> {
        self.with(Bucket::Quarantine, &upload.quarantine_key(), body, content_type);
        Ok(())
    }

    async fn put_pieces(&self, key: &str, mut pieces: Pieces<'_>, content_type: &str) -> Result<u64, Outage> {
        let mut body = BytesMut::new();
        while let Some(piece) = pieces.try_next().await? {
            body.extend_from_slice(&piece);
        }
        let size = body.len() as u64;
        self.put(key, body.freeze(), content_type).await?;
        Ok(size)
    }
}

#[async_trait]
impl Links for MemoryObjects {
    /// `memory://documents/<key>?life_s=…`; the life is cut to five minutes, the file name goes into no link.
    async fn link(&self, key: &str, _file_name: &str, life: Duration) -> Result<String, Outage> {
        Ok(format!("memory://documents/{key}?life_s={}", life.as_secs().min(LINK_LIFE_MAX_S)))
    }

    async fn post_form(&self, upload: &Upload, content_type: &str, now: Timestamp) -> Result<PostForm, Outage> {
        let digest = from_hex(&upload.sha256).ok_or_else(|| Outage::new("post-form", "SHA-256 is not hex"))?;
        let field = |name: &str, value: String| (name.to_owned(), value);
        let life = SignedDuration::from_secs(UPLOAD_LIFE_S.cast_signed());
        let form = PostForm {
            url: "memory://quarantine".to_owned(),
            fields: vec![
                field("key", upload.quarantine_key()),
                field("Content-Type", content_type.to_owned()),
                field("x-amz-checksum-sha256", BASE64_STANDARD.encode(digest)),
            ],
            expires_at: now + life,
        };
        self.buckets().forms.push((form.clone(), upload.purpose.size_max()));
        Ok(form)
    }
}

fn from_hex(text: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (text.len() == 64).then(|| (0..64).step_by(2).map(pair).collect())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_form_takes_the_announced_file_only() {
        let (objects, now) = (MemoryObjects::default(), crate::sample::now());
        let upload = crate::sample::upload(b"a,b\n");
        let form = objects.post_form(&upload, "text/csv", now).await.unwrap();
        assert_eq!(objects.post(&form, "other", now), Err(PostRefusal::BadDigest));
        assert_eq!(objects.post(&form, "", now), Err(PostRefusal::EntityTooLarge));
        assert_eq!(objects.post(&form, "a,b\n", form.expires_at), Err(PostRefusal::AccessDenied));
        let mut forged = form.clone();
        forged.fields[0].1 = "incoming/roster/other".to_owned();
        assert_eq!(objects.post(&forged, "a,b\n", now), Err(PostRefusal::AccessDenied));
        assert_eq!(objects.keys(Bucket::Quarantine), Vec::<String>::new());

        let first = objects.post(&form, "a,b\n", now).unwrap();
        let again = objects.post(&form, "a,b\n", now).unwrap();
        assert_eq!(first.key, upload.quarantine_key());
        assert!(first.sequencer < again.sequencer);
        let read = |size_max| objects.get(Bucket::Quarantine, &first.key, size_max);
        assert_eq!(read(4).await.unwrap(), "a,b\n");
        assert!(matches!(read(3).await, Err(ObjectProblem::TooLarge)));
    }

    #[tokio::test]
    async fn a_link_lives_five_minutes_at_most_and_names_nobody() {
        let link = MemoryObjects::default().link("roster/1", "张三.xlsx", Duration::from_secs(900)).await;
        assert_eq!(link.unwrap(), "memory://documents/roster/1?life_s=300");
    }
}
