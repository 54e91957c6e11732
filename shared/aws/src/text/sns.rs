//! Text messages through SNS. AWS China regions have no SNS texts: there another adapter takes this place.

use async_trait::async_trait;
use aws_sdk_sns::Client;
use aws_sdk_sns::types::MessageAttributeValue;
use workflow::ports::{Outage, ProviderId, SendFailure, ShortMessage, Texts};

use crate::outage::{code, outage};

/// Codes after which the same text to the same number never goes out.
const PERMANENT: [&str; 6] = [
    "InvalidParameter",
    "InvalidParameterException",
    "InvalidParameterValue",
    "ParameterValueInvalid",
    "ValidationException",
    "OptedOut",
];

/// The SNS provider of text messages.
#[derive(Clone)]
pub struct SnsTexts {
    client: Client,
    sign: String,
}

impl SnsTexts {
    /// The provider behind a client; texts begin with the sender's signature, `【职工互助保障】`.
    pub fn new(client: Client, sign: String) -> Self {
        Self { client, sign }
    }
}

#[async_trait]
impl Texts for SnsTexts {
    async fn send(&self, message: &ShortMessage) -> Result<ProviderId, SendFailure> {
        // Transactional: delivered for reliability, not for the lowest price.
        let kind = MessageAttributeValue::builder().data_type("String").string_value("Transactional").build();
        let kind = kind.map_err(|problem| Outage::new("send-text", problem))?;
        let call = self
            .client
            .publish()
            .phone_number(format!("+86{}", message.mobile))
            .message(format!("【{}】{}", self.sign, message.said.text))
            .message_attributes("AWS.SNS.SMS.SMSType", kind);
        let error = match call.send().await {
            Ok(taken) => return Ok(taken.message_id),
            Err(error) => error,
        };
        match code(&error) {
            Some(code) if PERMANENT.contains(&code) => Err(SendFailure::Permanent(code.to_owned())),
            _ => Err(outage("send-text")(error).into()),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::expect_used, reason = "a test may fail loudly")]

    use aws_sdk_sns::config::{BehaviorVersion, Credentials, Region};
    use domain::texts::Said;
    use serde_json::json;

    use super::*;
    use crate::stage::Script;

    async fn refused(status: u16, code: &str) -> SendFailure {
        let body = format!(
            "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>+8613800000000 is not \
             valid</Message></Error></ErrorResponse>"
        );
        let config = aws_sdk_sns::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("k", "s", None, None, "test"))
            .http_client(Script::of([(status, json!(body))]).http())
            .build();
        let said = Said::PaymentConfirmed { number: "A1".to_owned() }.written();
        let message = ShortMessage { id: "m-1".to_owned(), mobile: "13800000000".to_owned(), said };
        let failure = SnsTexts::new(Client::from_conf(config), "职工互助保障".to_owned()).send(&message).await;
        failure.expect_err("the script refuses")
    }

    #[tokio::test]
    async fn a_bad_number_is_refused_for_good_and_not_told() {
        let bad = refused(400, "InvalidParameter").await;
        assert!(matches!(&bad, SendFailure::Permanent(code) if code == "InvalidParameter"), "{bad:?}");
        let denied = refused(403, "AuthorizationError").await;
        let SendFailure::Temporary(outage) = &denied else { panic!("{denied:?}") };
        assert_eq!(outage.source.to_string(), "AuthorizationError, HTTP 403, request unknown");
        for failure in [bad, denied] {
            assert!(!format!("{failure:?} {failure}").contains("138"), "{failure:?}");
        }
    }
}
