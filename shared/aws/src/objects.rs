//! The buckets on S3.

use std::time::Duration;

use async_trait::async_trait;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_s3::Client;
use aws_sdk_s3::config::endpoint::{DefaultResolver, Params, ResolveEndpoint};
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::{CompletedMultipartUpload, CompletedPart};
use bytes::{Bytes, BytesMut};
use domain::upload::Upload;
use futures::TryStreamExt;
use jiff::Timestamp;
use workflow::ports::{Bucket, ObjectProblem, Objects, Outage, Pieces, PostForm};

use crate::config::Buckets;
use crate::outage::outage;
use crate::post_policy::{self, Target};

/// Longest life of a download link.
const LINK_LIFE_MAX: Duration = Duration::from_secs(300);

/// Bytes of a part of a large object; S3 takes no smaller one than 5 MiB, but the last.
const PART_BYTES: usize = 8 * 1024 * 1024;

/// S3 has begun no multipart upload.
#[derive(Debug, thiserror::Error)]
#[error("the multipart upload has no id")]
struct NoUploadId;

/// No credentials or no region are configured.
#[derive(Debug, thiserror::Error)]
#[error("no {0} to sign with")]
struct NothingToSignWith(&'static str);

/// Where S3 is and who asks, for what the SDK does not sign itself.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub region: Option<String>,
    pub endpoint: Option<String>,
    pub credentials: Option<SharedCredentialsProvider>,
}

/// The buckets.
#[derive(Clone)]
pub struct S3Objects {
    client: Client,
    buckets: Buckets,
    site: Site,
}

impl S3Objects {
    pub(crate) fn new(client: Client, buckets: Buckets, site: Site) -> Self {
        Self { client, buckets, site }
    }

    /// Where a form for a bucket is posted: the bucket's own host, or under the endpoint that replaces AWS.
    async fn address(&self, bucket: &str, region: &str) -> Result<String, Outage> {
        let params = Params::builder()
            .region(region)
            .bucket(bucket)
            .set_endpoint(self.site.endpoint.clone())
            .force_path_style(self.site.endpoint.is_some())
            .build()
            .map_err(|problem| Outage::new("sign-upload", problem))?;
        let endpoint = DefaultResolver::new().resolve_endpoint(&params).await;
        Ok(endpoint.map_err(|problem| Outage::new("sign-upload", problem))?.url().to_owned())
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

    async fn link(&self, key: &str, file_name: &str, life: Duration) -> Result<String, Outage> {
        let life = PresigningConfig::expires_in(life.min(LINK_LIFE_MAX));
        let life = life.map_err(|problem| Outage::new("sign-link", problem))?;
        let call = self
            .client
            .get_object()
            .bucket(self.buckets.name(Bucket::Documents)?)
            .key(key)
            .response_content_disposition(disposition(file_name));
        Ok(call.presigned(life).await.map_err(outage("sign-link"))?.uri().to_owned())
    }

    async fn post_form(&self, upload: &Upload, content_type: &str, now: Timestamp) -> Result<PostForm, Outage> {
        let missing = |what| Outage::new("sign-upload", NothingToSignWith(what));
        let bucket = self.buckets.name(Bucket::Quarantine)?;
        let region = self.site.region.as_deref().ok_or_else(|| missing("region"))?;
        let provider = self.site.credentials.as_ref().ok_or_else(|| missing("credentials"))?;
        let credentials = provider.provide_credentials().await;
        let credentials = &credentials.map_err(|problem| Outage::new("sign-upload", problem))?;
        let target = Target { bucket, region, credentials };
        let (fields, expires_at) = post_policy::form(&target, upload, content_type, now)
            .map_err(|problem| Outage::new("sign-upload", problem))?;
        Ok(PostForm { url: self.address(bucket, region).await?, fields, expires_at })
    }
}

/// What a browser shows beside the data it belongs to; everything else is saved.
const SHOWN: [&str; 4] = [".pdf", ".jpg", ".jpeg", ".png"];

/// A `Content-Disposition` with a name in any script: RFC 6266, with the encoding of RFC 5987.
fn disposition(file_name: &str) -> String {
    let lower = file_name.to_ascii_lowercase();
    let kind = if SHOWN.iter().any(|ending| lower.ends_with(ending)) { "inline" } else { "attachment" };
    let plain: String = file_name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ') { c } else { '_' })
        .collect();
    let encoded: String = file_name.bytes().map(encode).collect();
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// A byte as it stands in an RFC 5987 value.
fn encode(byte: u8) -> String {
    if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        char::from(byte).to_string()
    } else {
        format!("%{byte:02X}")
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use aws_sdk_s3::config::Region;
    use serde_json::json;

    use super::*;
    use crate::stage::Script;

    #[test]
    fn a_download_saves_under_a_chinese_name_and_cannot_break_out_of_the_header() {
        assert_eq!(
            disposition("确认书 1.pdf"),
            "inline; filename=\"___ 1.pdf\"; filename*=UTF-8''%E7%A1%AE%E8%AE%A4%E4%B9%A6%201.pdf"
        );
        assert!(disposition("名单.xlsx").starts_with("attachment; "));
        let hostile = disposition("a\"; x=\r\n/../b");
        assert_eq!(hostile, "attachment; filename=\"a__ x____.._b\"; filename*=UTF-8''a%22%3B%20x%3D%0D%0A%2F..%2Fb");
    }

    #[tokio::test]
    async fn an_object_that_is_larger_than_announced_is_not_read_to_its_end() {
        let get = async |status, body: &str, size_max| {
            let config = aws_sdk_s3::Config::builder()
                .behavior_version_latest()
                .region(Region::new("us-east-1"))
                .credentials_provider(aws_credential_types::Credentials::new("k", "s", None, None, "test"))
                .http_client(Script::of([(status, json!(body))]).http());
            let site = Site { region: None, endpoint: None, credentials: None };
            let buckets = Buckets::from_environment(|name| Some(name.to_ascii_lowercase()));
            S3Objects::new(Client::from_conf(config.build()), buckets, site).get(Bucket::Documents, "k", size_max).await
        };
        // The script announces no length at all.
        assert_eq!(get(200, "12345", 5).await.unwrap().as_ref(), b"12345");
        assert!(matches!(get(200, "12345", 4).await, Err(ObjectProblem::TooLarge)));
        assert!(matches!(get(404, "<Error><Code>NoSuchKey</Code></Error>", 4).await, Err(ObjectProblem::Missing)));
        let denied = get(403, "<Error><Code>AccessDenied</Code></Error>", 4).await;
        assert!(matches!(denied, Err(ObjectProblem::Outage(_))), "{denied:?}");
    }

    #[tokio::test]
    async fn a_form_is_posted_to_the_bucket_wherever_it_is() {
        let address = async |region: &str, endpoint: Option<&str>| {
            let site = Site { region: None, endpoint: endpoint.map(str::to_owned), credentials: None };
            let client = Client::from_conf(aws_sdk_s3::Config::builder().behavior_version_latest().build());
            let objects = S3Objects::new(client, Buckets::from_environment(|_| None), site);
            objects.address("quarantine", region).await.unwrap()
        };
        assert_eq!(address("eu-central-1", None).await, "https://quarantine.s3.eu-central-1.amazonaws.com");
        assert_eq!(address("cn-north-1", None).await, "https://quarantine.s3.cn-north-1.amazonaws.com.cn");
        let local = address("us-east-1", Some("http://127.0.0.1:4566")).await;
        assert_eq!(local, "http://127.0.0.1:4566/quarantine");
    }
}
