//! The buckets on S3.

use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::{Bytes, BytesMut};
use domain::upload::Upload;
use futures::TryStreamExt;
use workflow::ports::{Bucket, ObjectProblem, Objects, Outage, Pieces};

use crate::config::Buckets;
use crate::outage::outage;

/// Bytes of a part of a large object; S3 takes no smaller one than 5 MiB, but the last.
const PART_BYTES: usize = 8 * 1024 * 1024;

/// S3 has begun no multipart upload.
#[derive(Debug, thiserror::Error)]
#[error("the multipart upload has no id")]
struct NoUploadId;

/// The buckets.
#[derive(Clone)]
pub struct S3Objects {
    client: Client,
    buckets: Buckets,
}

impl S3Objects {
    pub(crate) fn new(client: Client, buckets: Buckets) -> Self {
        Self { client, buckets }
    }
}

/// A large object on its way.
struct Multipart<'a> {
    client: &'a Client,
    bucket: &'a str,
    key: &'a str,
    upload: String,
    parts: Vec<CompletedPart>,
}

impl<'a> Multipart<'a> {
    async fn begin(client: &'a Client, bucket: &'a str, key: &'a str, content_type: &str) -> Result<Self, Outage> {
        let call = client.create_multipart_upload().bucket(bucket).key(key).content_type(content_type);
        let begun = call.send().await.map_err(outage("begin-object"))?;
        let upload = begun.upload_id.ok_or_else(|| Outage::new("begin-object", NoUploadId))?;
        Ok(Self { client, bucket, key, upload, parts: Vec::new() })
    }

    async fn push(&mut self, bytes: Bytes) -> Result<(), Outage> {
        let number = i32::try_from(self.parts.len() + 1).unwrap_or(i32::MAX);
        let call = self.client.upload_part().bucket(self.bucket).key(self.key).upload_id(&self.upload);
        let sent = call.part_number(number).body(bytes.into()).send().await.map_err(outage("put-part"))?;
        self.parts.push(CompletedPart::builder().part_number(number).set_e_tag(sent.e_tag).build());
        Ok(())
    }

    async fn fill(&mut self, mut waiting: BytesMut, pieces: &mut Pieces<'_>) -> Result<u64, Outage> {
        let mut size = 0;
        loop {
            let piece = pieces.try_next().await?;
            waiting.extend_from_slice(piece.as_deref().unwrap_or_default());
            while waiting.len() >= PART_BYTES {
                size += PART_BYTES as u64;
                self.push(waiting.split_to(PART_BYTES).freeze()).await?;
            }
            if piece.is_none() {
                size += waiting.len() as u64;
                if !waiting.is_empty() {
                    self.push(waiting.freeze()).await?;
                }
                return Ok(size);
            }
        }
    }

    async fn complete(self) -> Result<(), Outage> {
        let parts = CompletedMultipartUpload::builder().set_parts(Some(self.parts)).build();
        let call = self.client.complete_multipart_upload().bucket(self.bucket).key(self.key).upload_id(self.upload);
        call.multipart_upload(parts).send().await.map(drop).map_err(outage("complete-object"))
    }

    /// Gives up. What this cannot take back the bucket's lifecycle does, a day later.
    async fn abort(self) {
        let call = self.client.abort_multipart_upload().bucket(self.bucket).key(self.key).upload_id(self.upload);
        let _ = call.send().await;
    }
}

#[async_trait]
impl Objects for S3Objects {
    async fn get(&self, bucket: Bucket, key: &str, size_max: u64) -> Result<Bytes, ObjectProblem> {
        let call = self.client.get_object().bucket(self.buckets.name(bucket)?).key(key);
        let mut object = match call.send().await {
            Ok(object) => object,
            Err(error) => match error.as_service_error() {
                Some(GetObjectError::NoSuchKey(_)) => return Err(ObjectProblem::Missing),
                _ => return Err(outage("get-object")(error).into()),
            },
        };
        let announced = object.content_length().and_then(|length| u64::try_from(length).ok()).unwrap_or_default();
        if announced > size_max {
            return Err(ObjectProblem::TooLarge);
        }
        let mut body = BytesMut::with_capacity(usize::try_from(announced).unwrap_or_default());
        while let Some(part) = object.body.try_next().await.map_err(|problem| Outage::new("get-object", problem))? {
            // The header may have said less than comes.
            if (body.len() + part.len()) as u64 > size_max {
                return Err(ObjectProblem::TooLarge);
            }
            body.extend_from_slice(&part);
        }
        Ok(body.freeze())
    }

    async fn put(&self, key: &str, body: Bytes, content_type: &str) -> Result<(), Outage> {
        let bucket = self.buckets.name(Bucket::Documents)?;
        let call = self.client.put_object().bucket(bucket).key(key).content_type(content_type).body(body.into());
        call.send().await.map_err(outage("put-object"))?;
        Ok(())
    }

    async fn put_pieces(&self, key: &str, mut pieces: Pieces<'_>, content_type: &str) -> Result<u64, Outage> {
        let mut waiting = BytesMut::new();
        while waiting.len() < PART_BYTES {
            let Some(piece) = pieces.try_next().await? else {
                let size = waiting.len() as u64;
                self.put(key, waiting.freeze(), content_type).await?;
                return Ok(size);
            };
            waiting.extend_from_slice(&piece);
        }
        let bucket = self.buckets.name(Bucket::Documents)?;
        let mut multipart = Multipart::begin(&self.client, bucket, key, content_type).await?;
        match multipart.fill(waiting, &mut pieces).await {
            Ok(size) => multipart.complete().await.map(|()| size),
            Err(outage) => {
                multipart.abort().await;
                Err(outage)
            }
        }
    }

    async fn submit(&self, upload: &Upload, body: Bytes, content_type: &str) -> Result<(), Outage> {
        let (bucket, key) = (self.buckets.name(Bucket::Quarantine)?, upload.quarantine_key());
        let call = self.client.put_object().bucket(bucket).key(key).content_type(content_type).body(body.into());
        call.send().await.map_err(outage("submit-object"))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use aws_sdk_s3::config::Region;
    use serde_json::json;

    use super::*;
    use crate::stage::Script;

    #[tokio::test]
    async fn an_object_that_is_larger_than_announced_is_not_read_to_its_end() {
        let get = async |status, body: &str, size_max| {
            let config = aws_sdk_s3::Config::builder()
                .behavior_version_latest()
                .region(Region::new("us-east-1"))
                .credentials_provider(aws_credential_types::Credentials::new("k", "s", None, None, "test"))
                .http_client(Script::of([(status, json!(body))]).http());
            let buckets = Buckets::from_environment(|name| Some(name.to_ascii_lowercase()));
            S3Objects::new(Client::from_conf(config.build()), buckets).get(Bucket::Documents, "k", size_max).await
        };
        // The script announces no length at all.
        assert_eq!(get(200, "12345", 5).await.unwrap().as_ref(), b"12345");
        assert!(matches!(get(200, "12345", 4).await, Err(ObjectProblem::TooLarge)));
        assert!(matches!(get(404, "<Error><Code>NoSuchKey</Code></Error>", 4).await, Err(ObjectProblem::Missing)));
        let denied = get(403, "<Error><Code>AccessDenied</Code></Error>", 4).await;
        assert!(matches!(denied, Err(ObjectProblem::Outage(_))), "{denied:?}");
    }
}
