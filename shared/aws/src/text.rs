//! Text messages through SNS. AWS China regions have no SNS texts: there another adapter takes this place.

use async_trait::async_trait;
use aws_sdk_sns::Client;
use aws_sdk_sns::types::MessageAttributeValue;
use workflow::ports::{Outage, SendFailure, Texts};

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
}

impl SnsTexts {
    /// The provider behind a client.
    pub fn new(client: Client) -> Self {
        Self { client }
    }
}

#[async_trait]
impl Texts for SnsTexts {
    async fn send(&self, mobile: &str, text: &str) -> Result<(), SendFailure> {
        // Transactional: delivered for reliability, not for the lowest price.
        let kind = MessageAttributeValue::builder().data_type("String").string_value("Transactional").build();
        let kind = kind.map_err(|problem| Outage::new("send-text", problem))?;
        let call = self
            .client
            .publish()
            .phone_number(format!("+86{mobile}"))
            .message(text)
            .message_attributes("AWS.SNS.SMS.SMSType", kind);
        let Err(error) = call.send().await else { return Ok(()) };
        match code(&error) {
            Some(code) if PERMANENT.contains(&code) => Err(SendFailure::Permanent(code.to_owned())),
            _ => Err(outage("send-text")(error).into()),
        }
    }
}
