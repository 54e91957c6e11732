#![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::BTreeMap;

use domain::texts::{Quote, Said};
use jiff::Timestamp;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use super::*;

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        "2026-11-22T03:04:05Z".parse().unwrap()
    }
}

/// A gateway that answers one request so, and gives back the request's form.
async fn gateway(status: u16, body: &'static str) -> (String, tokio::task::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://a%20key:s%26cret@{}/sms", listener.local_addr().unwrap());
    let served = async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (reader, mut writer) = stream.split();
        let mut reader = BufReader::new(reader);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).await.unwrap();
            if line.trim().is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').unwrap_or(("request", ""));
            assert!(!name.eq_ignore_ascii_case("authorization"), "the secret never travels");
            if name.eq_ignore_ascii_case("content-length") {
                length = value.trim().parse().unwrap();
            }
        }
        let mut form = vec![0; length];
        reader.read_exact(&mut form).await.unwrap();
        let answer =
            format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len());
        writer.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(form).unwrap()
    };
    (address, tokio::spawn(served))
}

fn provider(address: &str) -> GatewayTexts {
    let address = GatewayAddress::parse(address).unwrap_or_else(|problem| panic!("{problem}"));
    GatewayTexts::new(address, "职工互助保障".to_owned(), Arc::new(Stopped))
}

fn message() -> ShortMessage {
    let said = Said::EnrolmentReturned {
        number: "A26022024120410000821".to_owned(),
        reason: Quote::of("缺 \"证明\"&更多"),
    };
    ShortMessage { id: "e-1-v9-0".to_owned(), mobile: "13800000000".to_owned(), said: said.written() }
}

async fn answered(status: u16, body: &'static str) -> Result<ProviderId, SendFailure> {
    let (address, _form) = gateway(status, body).await;
    provider(&address).send(&message()).await
}

/// The signature as a gateway checks it: from what it received, with its own copy of the secret.
fn expected_signature(form: &BTreeMap<String, String>) -> String {
    let signed: Vec<String> = form
        .iter()
        .filter(|(name, _)| *name != "Signature")
        .map(|(n, v)| format!("{}={}", percent(n), percent(v)))
        .collect();
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"s&cret&");
    let text = format!("POST&{}&{}", percent("/"), percent(&signed.join("&")));
    BASE64.encode(hmac::sign(&key, text.as_bytes()))
}

fn read(form: &str) -> BTreeMap<String, String> {
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap();
        (percent_decoded(name).unwrap(), percent_decoded(value).unwrap())
    };
    form.split('&').map(pair).collect()
}

#[tokio::test]
async fn a_gateway_gets_what_it_has_registered_under_a_signature_it_can_check() {
    let (address, form) = gateway(200, r#"{"Code":"OK","Message":"OK","BizId":"9006197469364984^0"}"#).await;
    let taken = provider(&address).send(&message()).await.unwrap();
    assert_eq!(taken.as_deref(), Some("9006197469364984^0"));
    let form = read(&form.await.unwrap());
    let of = |name: &str| form[name].as_str();
    assert_eq!((of("AccessKeyId"), of("PhoneNumbers"), of("SignName")), ("a key", "13800000000", "职工互助保障"));
    assert_eq!((of("TemplateCode"), of("OutId")), ("SMS_ENROLMENT_RETURNED", "e-1-v9-0"));
    assert_eq!(of("Timestamp"), "2026-11-22T03:04:05Z");
    let parameters: BTreeMap<String, String> = serde_json::from_str(of("TemplateParam")).unwrap();
    assert_eq!(parameters["number"], "A26022024120410000821");
    assert_eq!(parameters["reason"], "缺 \"证明\"&更多");
    assert_eq!(of("Signature"), expected_signature(&form));
    assert_eq!(of("SignatureNonce").len(), 32);
}

#[tokio::test]
async fn no_two_requests_have_the_same_nonce() {
    let provider = provider("http://k:s@127.0.0.1:9/");
    let nonce = || read(&provider.form(&message()))["SignatureNonce"].clone();
    assert_ne!(nonce(), nonce());
}

#[tokio::test]
async fn a_bad_number_is_refused_for_good() {
    for status in [200, 400] {
        let bad = answered(status, r#"{"Code":"isv.MOBILE_NUMBER_ILLEGAL","Message":"13800000000"}"#).await;
        assert!(matches!(&bad, Err(SendFailure::Permanent(code)) if code == "isv.MOBILE_NUMBER_ILLEGAL"), "{bad:?}");
    }
}

#[tokio::test]
async fn everything_else_may_go_out_later() {
    let check = async |status, body, told: &str| {
        let failure = answered(status, body).await.unwrap_err();
        let SendFailure::Temporary(outage) = &failure else { panic!("{failure:?}") };
        assert_eq!(outage.source.to_string(), told);
        assert!(!format!("{failure:?}").contains("138"), "{failure:?}");
    };
    let limit = r#"{"Code":"isv.BUSINESS_LIMIT_CONTROL","Message":"13800000000"}"#;
    check(200, limit, "the gateway answered isv.BUSINESS_LIMIT_CONTROL").await;
    check(503, "upstream 13800000000", "the gateway answered HTTP 503").await;
    check(200, "<html>13800000000</html>", "the gateway's answer is not understood").await;
    check(200, r#"{"Code":"13800000000 是黑名单"}"#, "the gateway's answer is not understood").await;
    let down = provider("http://k:s@127.0.0.1:9/").send(&message()).await.unwrap_err();
    assert!(matches!(down, SendFailure::Temporary(_)), "{down:?}");
}

#[test]
fn an_address_has_key_and_secret_and_goes_with_tls() {
    for good in ["https://k:s@sms.example/", "http://k:s@127.0.0.1:4690/sms", "http://k:s@localhost/"] {
        assert!(GatewayAddress::parse(good).is_ok(), "{good}");
    }
    for bad in
        ["", "https://sms.example/", "https://k@sms.example/", "http://k:s@sms.example/", "ftp://k:s@localhost/", "sms"]
    {
        assert_eq!(GatewayAddress::parse(bad).err(), Some(NotAGateway), "{bad}");
    }
}
