//! Text messages through an HTTP gateway in the style of mainland providers: a form signed with HMAC-SHA256, the
//! registered template with its parameters as JSON, and an answer whose code says what became of it.
//!
//! ```text
//! POST <address>            application/x-www-form-urlencoded
//!   AccessKeyId  Action=SendSms  Format=JSON  OutId=<message id>  PhoneNumbers  SignName  SignatureMethod=HMAC-SHA256
//!   SignatureNonce  SignatureVersion=1.0  TemplateCode  TemplateParam={"number":"…"}  Timestamp  Version=2017-05-25
//!   Signature = base64(HMAC-SHA256(secret "&", "POST&%2F&" percent(the parameters above, sorted, as a query)))
//! 200 {"Code":"OK","BizId":"…"}
//! ```

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use aws_lc_rs::hmac;
use aws_sdk_s3::config::http::HttpRequest;
use aws_sdk_s3::primitives::{ByteStream, SdkBody};
use aws_smithy_http_client::Connector;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpConnector, SharedHttpConnector};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Deserialize;
use url::Url;
use workflow::ports::{Clock, Outage, ProviderId, SendFailure, ShortMessage, Texts};

/// Time for the gateway to answer. What it took without an answer in time is sent again.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// What is percent-encoded before it is signed: all but the unreserved characters (RFC 3986 §2.3).
const ALL_BUT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// Longest code or identifier of the gateway that is kept, in bytes.
const WORD_LENGTH_MAX: usize = 64;
/// Codes after which the same text to the same number never goes out: the number is wrong, or its owner wants none.
const PERMANENT: [&str; 3] =
    ["isv.MOBILE_NUMBER_ILLEGAL", "isv.BLACK_KEY_CONTROL_LIMIT", "isv.MOBILE_COUNT_OVER_LIMIT"];

/// The address is no gateway's. Says nothing of what is in it: it holds a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a gateway's address, https://key:secret@host/path; http only on loopback")]
pub struct NotAGateway;

/// The gateway did not take the text. Its words are left out: gateways quote numbers.
#[derive(Debug, thiserror::Error)]
enum Refused {
    #[error("the gateway answered {0}")]
    Code(String),
    #[error("the gateway answered HTTP {0}")]
    Status(u16),
    #[error("the gateway's answer is not understood")]
    Unreadable,
    #[error("the gateway did not answer in time")]
    Timeout,
    #[error("the gateway could not be reached")]
    Unreachable,
}

/// A gateway, and who asks it. It has no `Debug`: it holds the secret.
#[derive(Clone)]
pub struct GatewayAddress {
    url: Url,
    key: String,
    secret: hmac::Key,
}

impl GatewayAddress {
    /// Reads `https://key:secret@host/path`; key and secret are percent-encoded where they must be.
    ///
    /// # Errors
    /// It is another address.
    pub fn parse(address: &str) -> Result<Self, NotAGateway> {
        let mut url = Url::parse(address).map_err(|_| NotAGateway)?;
        let local = matches!(url.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
        if !(url.scheme() == "https" || url.scheme() == "http" && local) {
            return Err(NotAGateway);
        }
        let plain = |text: &str| percent_decoded(text).filter(|text| !text.is_empty()).ok_or(NotAGateway);
        let (key, secret) = (plain(url.username())?, plain(url.password().unwrap_or_default())?);
        url.set_username("").map_err(|()| NotAGateway)?;
        url.set_password(None).map_err(|()| NotAGateway)?;
        let secret = hmac::Key::new(hmac::HMAC_SHA256, format!("{secret}&").as_bytes());
        Ok(Self { url, key, secret })
    }
}

/// The gateway as a provider of text messages.
#[derive(Clone)]
pub struct GatewayTexts {
    connector: SharedHttpConnector,
    address: GatewayAddress,
    sign: String,
    clock: Arc<dyn Clock>,
}

/// The gateway's answer.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    code: String,
    biz_id: Option<String>,
}

impl GatewayTexts {
    /// The provider at an address; `sign` is the registered signature, 职工互助保障.
    pub fn new(address: GatewayAddress, sign: String, clock: Arc<dyn Clock>) -> Self {
        let connector = Connector::builder().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build();
        Self { connector: SharedHttpConnector::new(connector), address, sign, clock }
    }

    /// Posts the form; answers status and body.
    async fn post(&self, form: String) -> Result<(u16, Vec<u8>), Refused> {
        let mut request = HttpRequest::new(SdkBody::from(form));
        request.set_method("POST").map_err(|_| Refused::Unreachable)?;
        request.set_uri(self.address.url.as_str()).map_err(|_| Refused::Unreachable)?;
        request.headers_mut().insert("content-type", "application/x-www-form-urlencoded");
        let answer = self.connector.call(request).await.map_err(|_| Refused::Unreachable)?;
        let status = answer.status().as_u16();
        let body = ByteStream::new(answer.into_body()).collect().await.map_err(|_| Refused::Unreachable)?;
        Ok((status, body.to_vec()))
    }

    fn form(&self, message: &ShortMessage) -> String {
        let said = &message.said;
        let parameters: serde_json::Map<_, _> =
            said.parameters.iter().map(|(name, value)| ((*name).to_owned(), value.clone().into())).collect();
        let nonce: [u8; 16] = crate::world::random();
        let timestamp = self.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        // In the order of their names, as they are signed.
        let canonical = query(&[
            ("AccessKeyId", &self.address.key),
            ("Action", "SendSms"),
            ("Format", "JSON"),
            ("OutId", &message.id),
            ("PhoneNumbers", &message.mobile),
            ("SignName", &self.sign),
            ("SignatureMethod", "HMAC-SHA256"),
            ("SignatureNonce", &nonce.iter().map(|byte| format!("{byte:02x}")).collect::<String>()),
            ("SignatureVersion", "1.0"),
            ("TemplateCode", said.template.wording.provider_template),
            ("TemplateParam", &serde_json::Value::Object(parameters).to_string()),
            ("Timestamp", &timestamp),
            ("Version", "2017-05-25"),
        ]);
        let to_sign = format!("POST&%2F&{}", percent(&canonical));
        let signature = BASE64.encode(hmac::sign(&self.address.secret, to_sign.as_bytes()));
        format!("{canonical}&Signature={}", percent(&signature))
    }
}

#[async_trait]
impl Texts for GatewayTexts {
    async fn send(&self, message: &ShortMessage) -> Result<ProviderId, SendFailure> {
        let answered = tokio::time::timeout(ANSWER_TIMEOUT, self.post(self.form(message))).await;
        let answered = answered.unwrap_or(Err(Refused::Timeout));
        let (status, body) = answered.map_err(|refused| Outage::new("send-text", refused))?;
        // Gateways explain refusals with a code, whatever the status.
        let Ok(Answer { code, biz_id }) = serde_json::from_slice(&body) else {
            let refused = if status == 200 { Refused::Unreadable } else { Refused::Status(status) };
            return Err(Outage::new("send-text", refused).into());
        };
        match code.as_str() {
            "OK" => Ok(biz_id.filter(|id| is_word(id))),
            code if PERMANENT.contains(&code) => Err(SendFailure::Permanent(code.to_owned())),
            code if is_word(code) => Err(Outage::new("send-text", Refused::Code(code.to_owned())).into()),
            _ => Err(Outage::new("send-text", Refused::Unreadable).into()),
        }
    }
}

/// Whether a text of the gateway's is a code or an identifier, which may be logged.
fn is_word(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'^');
    (1..=WORD_LENGTH_MAX).contains(&text.len()) && text.bytes().all(plain)
}

fn query(parameters: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = parameters.iter().map(|(name, value)| format!("{name}={}", percent(value))).collect();
    pairs.join("&")
}

fn percent(text: &str) -> String {
    utf8_percent_encode(text, ALL_BUT_UNRESERVED).to_string()
}

fn percent_decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Into::into)
}

#[cfg(test)]
mod tests;
