//! Signs the policy of a browser upload (SigV4 for POST), which the SDK does not offer.
//!
//! Each field of the form is a condition of the policy: what is posted is what was announced, or the store refuses it.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use domain::upload::{UPLOAD_LIFE_S, Upload};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

/// The announced facts cannot stand in a policy.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PolicyProblem {
    #[error("the size announced is 0 or above the limit of the purpose")]
    Size,
    #[error("the digest announced is not a SHA-256")]
    Digest,
    #[error("the policy would expire beyond the calendar")]
    Expiry,
}

/// Where and with what right a form posts.
pub(crate) struct Target<'a> {
    pub bucket: &'a str,
    pub region: &'a str,
    pub credentials: &'a Credentials,
}

/// Fields and expiry of the form that posts the file of an upload, and nothing else.
pub(crate) fn form(
    target: &Target<'_>,
    upload: &Upload,
    content_type: &str,
    now: Timestamp,
) -> Result<(Vec<(String, String)>, Timestamp), PolicyProblem> {
    if upload.size == 0 || upload.size > upload.purpose.size_max() {
        return Err(PolicyProblem::Size);
    }
    let life = i64::try_from(UPLOAD_LIFE_S).map_err(|_| PolicyProblem::Expiry)?;
    let expires_at = now.checked_add(SignedDuration::from_secs(life)).map_err(|_| PolicyProblem::Expiry)?;
    let (date, instant) = (now.strftime("%Y%m%d").to_string(), now.strftime("%Y%m%dT%H%M%SZ").to_string());
    let credential = format!("{}/{date}/{}/s3/aws4_request", target.credentials.access_key_id(), target.region);
    let mut fields = vec![
        ("key", upload.quarantine_key()),
        ("Content-Type", content_type.to_owned()),
        ("x-amz-checksum-algorithm", "SHA256".to_owned()),
        ("x-amz-checksum-sha256", digest(&upload.sha256)?),
        ("x-amz-algorithm", "AWS4-HMAC-SHA256".to_owned()),
        ("x-amz-credential", credential),
        ("x-amz-date", instant),
    ];
    if let Some(token) = target.credentials.session_token() {
        fields.push(("x-amz-security-token", token.to_owned()));
    }
    let policy = policy(target.bucket, &fields, upload.size, expires_at);
    let signature = signature(target, now, &policy);
    fields.extend([("policy", policy), ("x-amz-signature", signature)]);
    Ok((fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(), expires_at))
}

fn policy(bucket: &str, fields: &[(&str, String)], size: u64, expires_at: Timestamp) -> String {
    let exact = |name: &str, value: &str| Value::Object([(name.to_owned(), json!(value))].into_iter().collect());
    let mut conditions = vec![exact("bucket", bucket), json!(["content-length-range", size, size])];
    conditions.extend(fields.iter().map(|(name, value)| exact(name, value)));
    let expiration = expires_at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    BASE64_STANDARD.encode(json!({ "expiration": expiration, "conditions": conditions }).to_string())
}

/// Signature of the base64 policy.
fn signature(target: &Target<'_>, now: Timestamp, policy: &str) -> String {
    let secret = target.credentials.secret_access_key();
    let key = generate_signing_key(secret, SystemTime::from(now), target.region, "s3");
    calculate_signature(key, policy.as_bytes())
}

/// A SHA-256 in hex as S3 wants it: in base64.
fn digest(hex: &str) -> Result<String, PolicyProblem> {
    let nibbles: Option<Vec<u8>> =
        hex.chars().map(|digit| digit.to_digit(16).and_then(|value| u8::try_from(value).ok())).collect();
    let nibbles = nibbles.filter(|nibbles| nibbles.len() == 64).ok_or(PolicyProblem::Digest)?;
    let bytes: Vec<u8> = nibbles.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).collect();
    Ok(BASE64_STANDARD.encode(bytes))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use std::collections::BTreeMap;

    use domain::ids::{AccountId, EnrolmentId, UploadId};
    use domain::organisation::NodePath;
    use domain::upload::{Purpose, UploadState};

    use super::*;

    fn upload() -> Upload {
        Upload {
            id: UploadId::parse("up-1").unwrap(),
            purpose: Purpose::Roster,
            enrolment: Some(EnrolmentId::parse("e-1").unwrap()),
            plans: vec!["hospital-a".into()],
            path: NodePath::root(),
            account: Some(AccountId::parse("a-1").unwrap()),
            file_name: "名单.xlsx".into(),
            size: 4711,
            sha256: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855".into(),
            issued_at: Timestamp::UNIX_EPOCH,
            state: UploadState::Issued,
            sequencer: None,
        }
    }

    fn signed(upload: &Upload, token: Option<&str>) -> Result<BTreeMap<String, String>, PolicyProblem> {
        let credentials = Credentials::new("AKIAEXAMPLE", "secret", token.map(str::to_owned), None, "test");
        let target = Target { bucket: "quarantine", region: "cn-north-1", credentials: &credentials };
        let (fields, expires_at) = form(&target, upload, "text/csv", "2026-11-22T23:55:00.7Z".parse().unwrap())?;
        assert_eq!(expires_at, "2026-11-23T00:05:00.7Z".parse().unwrap());
        Ok(fields.into_iter().collect())
    }

    /// The example of “Browser-Based Upload using HTTP POST (Using AWS Signature Version 4)” in the S3 API reference.
    #[test]
    fn signs_as_the_published_example_does() {
        let lines = [
            r#"{ "expiration": "2015-12-30T12:00:00.000Z","#,
            r#"  "conditions": ["#,
            r#"    {"bucket": "sigv4examplebucket"},"#,
            r#"    ["starts-with", "$key", "user/user1/"],"#,
            r#"    {"acl": "public-read"},"#,
            r#"    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},"#,
            r#"    ["starts-with", "$Content-Type", "image/"],"#,
            r#"    {"x-amz-meta-uuid": "14365123651274"},"#,
            r#"    {"x-amz-server-side-encryption": "AES256"},"#,
            r#"    ["starts-with", "$x-amz-meta-tag", ""],"#,
            "",
            r#"    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},"#,
            r#"    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},"#,
            r#"    {"x-amz-date": "20151229T000000Z" }"#,
            "  ]",
            "}",
        ];
        let policy = BASE64_STANDARD.encode(lines.join("\r\n"));
        let secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
        let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret, None, None, "test");
        let target = Target { bucket: "sigv4examplebucket", region: "us-east-1", credentials: &credentials };
        let expected = "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e";
        assert_eq!(signature(&target, "2015-12-29T00:00:00Z".parse().unwrap(), &policy), expected);
    }

    #[test]
    fn the_policy_fixes_every_field_and_the_exact_size() {
        let fields = signed(&upload(), Some("session")).unwrap();
        let policy = BASE64_STANDARD.decode(&fields["policy"]).unwrap();
        let policy: Value = serde_json::from_slice(&policy).unwrap();
        assert_eq!(policy["expiration"], "2026-11-23T00:05:00Z");
        let conditions = policy["conditions"].as_array().unwrap();
        assert!(conditions.contains(&json!({"bucket": "quarantine"})));
        assert!(conditions.contains(&json!(["content-length-range", 4711, 4711])));
        let open = fields.iter().filter(|(name, value)| !conditions.contains(&json!({ name.as_str(): value })));
        let open: Vec<_> = open.map(|(name, _)| name.as_str()).collect();
        assert_eq!(open, ["policy", "x-amz-signature"]);
        assert_eq!(fields["key"], "incoming/roster/up-1");
        assert_eq!(fields["x-amz-credential"], "AKIAEXAMPLE/20261122/cn-north-1/s3/aws4_request");
        assert_eq!(fields["x-amz-checksum-sha256"], "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=");
        assert_eq!(fields["x-amz-security-token"], "session");
        assert!(!signed(&upload(), None).unwrap().contains_key("x-amz-security-token"));
    }

    #[test]
    fn what_cannot_be_promised_is_not_signed() {
        let size = |size| signed(&Upload { size, ..upload() }, None);
        assert!(matches!(size(0), Err(PolicyProblem::Size)));
        assert!(size(Purpose::Roster.size_max()).is_ok());
        assert!(matches!(size(Purpose::Roster.size_max() + 1), Err(PolicyProblem::Size)));
        for bad in ["", "e3b0", &"g".repeat(64), &"é".repeat(32)] {
            let upload = Upload { sha256: bad.to_owned(), ..upload() };
            assert!(matches!(signed(&upload, None), Err(PolicyProblem::Digest)), "{bad:?}");
        }
    }
}
