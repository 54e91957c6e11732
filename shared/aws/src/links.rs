//! Links and forms, signed here: a function that only hands them out carries no client of S3.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sigv4::http_request::{
    PercentEncodingMode, SignableBody, SignableRequest, SignatureLocation, SigningSettings, UriPathNormalizationMode,
    sign,
};
use aws_sigv4::sign::v4::SigningParams;
use domain::upload::Upload;
use jiff::Timestamp;
use workflow::ports::{Bucket, Clock, Links, Outage, PostForm};

use crate::config::Buckets;
use crate::post_policy::{self, Target};

/// Longest life of a download link.
const LINK_LIFE_MAX: Duration = Duration::from_secs(300);

/// No credentials or no region are configured.
#[derive(Debug, thiserror::Error)]
#[error("no {0} to sign with")]
struct NothingToSignWith(&'static str);

/// Where S3 is and who asks.
#[derive(Debug, Clone)]
pub(crate) struct Site {
    pub region: Option<String>,
    pub endpoint: Option<String>,
    pub credentials: Option<SharedCredentialsProvider>,
}

impl Site {
    fn region(&self) -> Result<&str, NothingToSignWith> {
        self.region.as_deref().ok_or(NothingToSignWith("region"))
    }

    async fn credentials(&self, operation: &'static str) -> Result<Credentials, Outage> {
        let provider = self.credentials.as_ref();
        let provider = provider.ok_or_else(|| Outage::new(operation, NothingToSignWith("credentials")))?;
        provider.provide_credentials().await.map_err(|problem| Outage::new(operation, problem))
    }

    /// The bucket's own host, or its path under the endpoint that replaces AWS: an emulator has one host for all.
    fn address(&self, bucket: &str) -> Result<String, NothingToSignWith> {
        if let Some(endpoint) = &self.endpoint {
            return Ok(format!("{}/{bucket}", endpoint.trim_end_matches('/')));
        }
        let region = self.region()?;
        let china = if region.starts_with("cn-") { ".cn" } else { "" };
        Ok(format!("https://{bucket}.s3.{region}.amazonaws.com{china}"))
    }
}

/// Links and forms of the buckets.
#[derive(Clone)]
pub struct S3Links {
    buckets: Buckets,
    site: Site,
    clock: Arc<dyn Clock>,
}

impl S3Links {
    pub(crate) fn new(buckets: Buckets, site: Site, clock: Arc<dyn Clock>) -> Self {
        Self { buckets, site, clock }
    }
}

#[async_trait]
impl Links for S3Links {
    async fn link(&self, key: &str, file_name: &str, life: Duration) -> Result<String, Outage> {
        let failed = |problem| Outage::new("sign-link", problem);
        let bucket = self.buckets.name(Bucket::Documents)?;
        let region = self.site.region().map_err(failed)?;
        let credentials = self.site.credentials("sign-link").await?;
        let address = self.site.address(bucket).map_err(failed)?;
        let url = format!("{address}/{key}?response-content-disposition={}", escaped(&disposition(file_name)));
        let signer = Signer { region, credentials, now: self.clock.now(), life: life.min(LINK_LIFE_MAX) };
        signer.signed(url).map_err(|problem| Outage::new("sign-link", problem))
    }

    async fn post_form(&self, upload: &Upload, content_type: &str, now: Timestamp) -> Result<PostForm, Outage> {
        let failed = |problem| Outage::new("sign-upload", problem);
        let bucket = self.buckets.name(Bucket::Quarantine)?;
        let region = self.site.region().map_err(failed)?;
        let credentials = &self.site.credentials("sign-upload").await?;
        let target = Target { bucket, region, credentials };
        let (fields, expires_at) = post_policy::form(&target, upload, content_type, now)
            .map_err(|problem| Outage::new("sign-upload", problem))?;
        Ok(PostForm { url: self.site.address(bucket).map_err(failed)?, fields, expires_at })
    }
}

/// Who signs the reading of an object, from when and for how long.
struct Signer<'a> {
    region: &'a str,
    credentials: Credentials,
    now: Timestamp,
    life: Duration,
}

impl Signer<'_> {
    /// The address with its signature in the query (SigV4 for S3: encoded once, the path as it stands).
    fn signed(self, url: String) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode = PercentEncodingMode::Single;
        settings.signature_location = SignatureLocation::QueryParams;
        settings.expires_in = Some(self.life);
        settings.uri_path_normalization_mode = UriPathNormalizationMode::Disabled;
        let identity = self.credentials.into();
        let params = SigningParams::builder()
            .identity(&identity)
            .region(self.region)
            .name("s3")
            .time(SystemTime::from(self.now))
            .settings(settings)
            .build()?
            .into();
        let request = SignableRequest::new("GET", &url, [].into_iter(), SignableBody::UnsignedPayload)?;
        let (instructions, _) = sign(request, &params)?.into_parts();
        let pairs = instructions.params().iter().map(|(name, value)| format!("{name}={}", escaped(value)));
        let query = pairs.collect::<Vec<_>>().join("&");
        Ok(format!("{url}{}{query}", if url.contains('?') { '&' } else { '?' }))
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
    let encoded = escaped(file_name);
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

/// A text whose every byte but the unreserved ones of RFC 3986 is percent-encoded, as RFC 5987 has it too.
fn escaped(text: &str) -> String {
    text.bytes().map(encode).collect()
}

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

    use super::*;

    /// The example of "Authenticating Requests: Using Query Parameters" in the reference of S3.
    #[test]
    fn a_link_is_signed_as_the_reference_signs_it() {
        let credentials =
            Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", None, None, "test");
        let now = "2013-05-24T00:00:00Z".parse().unwrap();
        let signer = Signer { region: "us-east-1", credentials, now, life: Duration::from_secs(86_400) };
        let signed = signer.signed("https://examplebucket.s3.amazonaws.com/test.txt".to_owned()).unwrap();
        let (address, query) = signed.split_once('?').unwrap();
        assert_eq!(address, "https://examplebucket.s3.amazonaws.com/test.txt");
        for pair in [
            "X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request",
            "X-Amz-Expires=86400",
            "X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
        ] {
            assert!(query.split('&').any(|part| part == pair), "{query}");
        }
    }

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

    #[test]
    fn a_form_is_posted_to_the_bucket_wherever_it_is() {
        let address = |region: &str, endpoint: Option<&str>| {
            let (region, endpoint) = (Some(region.to_owned()), endpoint.map(str::to_owned));
            Site { region, endpoint, credentials: None }.address("quarantine").unwrap()
        };
        assert_eq!(address("eu-central-1", None), "https://quarantine.s3.eu-central-1.amazonaws.com");
        assert_eq!(address("cn-north-1", None), "https://quarantine.s3.cn-north-1.amazonaws.com.cn");
        assert_eq!(address("us-east-1", Some("http://127.0.0.1:4566/")), "http://127.0.0.1:4566/quarantine");
    }
}
