//! Work queues on SQS.

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use domain::message::Outgoing;
use futures::{StreamExt, stream};
use workflow::ports::{Outage, Queues};

use crate::config::QueueUrls;
use crate::outage::outage;

/// Calls at the same time.
const CALLS_AT_ONCE: usize = 8;

/// The work queues.
#[derive(Clone)]
pub struct SqsQueues {
    client: Client,
    urls: QueueUrls,
}

impl SqsQueues {
    /// The queues behind a client.
    pub fn new(client: Client, urls: QueueUrls) -> Self {
        Self { client, urls }
    }

    /// One message a call: the outbox is published message by message, and an emulator that checks permissions knows
    /// no right to `SendMessageBatch`, which AWS grants with `sqs:SendMessage`.
    async fn send_one(&self, message: &Outgoing) -> Result<(), Outage> {
        let body = serde_json::to_string(message).map_err(|problem| Outage::new("send-message", problem))?;
        let call = self.client.send_message().queue_url(self.urls.url(message.message.queue())?).message_body(body);
        call.send().await.map(drop).map_err(outage("send-message"))
    }
}

#[async_trait]
impl Queues for SqsQueues {
    async fn send(&self, messages: &[Outgoing]) -> Vec<Result<(), Outage>> {
        let calls: Vec<_> = messages.iter().map(|message| self.send_one(message)).collect();
        stream::iter(calls).buffered(CALLS_AT_ONCE).collect().await
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use aws_sdk_sqs::config::{BehaviorVersion, Credentials, Region};
    use domain::ids::{AccountId, EnrolmentId, MessageId};
    use domain::message::{Message, TextTemplate};
    use serde_json::json;

    use super::*;
    use crate::stage::Script;

    /// A text for every third message, a certificate for the others.
    fn message(n: u32) -> Outgoing {
        let enrolment = EnrolmentId::parse("e-1").unwrap();
        let message = match n % 3 {
            0 => {
                let account = AccountId::parse("a-1").unwrap();
                Message::Text { template: TextTemplate::PaymentConfirmed, account, enrolment, opinion: None }
            }
            _ => Message::Certificate { enrolment, revision: n },
        };
        Outgoing { id: MessageId::parse(&format!("m-{n}")).unwrap(), message }
    }

    fn queues(script: &Script) -> SqsQueues {
        let config = aws_sdk_sqs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("k", "s", None, None, "test"))
            .http_client(script.http())
            .build();
        let urls = QueueUrls::from_environment(|name| Some(format!("http://queue/{name}")));
        SqsQueues::new(Client::from_conf(config), urls)
    }

    #[tokio::test]
    async fn each_message_goes_to_its_queue_and_has_its_answer() {
        let taken = || (200, json!({ "MessageId": "1" }));
        let missing = json!({ "__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "" });
        let script = Script::of([taken(), (400, missing), taken()]);
        let messages: Vec<_> = (0..3).map(message).collect();
        let answers = queues(&script).send(&messages).await;
        assert!(answers[0].is_ok() && answers[2].is_ok());
        let outage = answers[1].as_ref().unwrap_err();
        assert!(outage.source.to_string().contains("QueueDoesNotExist"), "{}", outage.source);

        let asked = script.asked();
        let urls: Vec<_> = asked.iter().map(|call| call["QueueUrl"].as_str().unwrap().to_owned()).collect();
        let [text, certificate] = ["http://queue/QUEUE_TEXT_MESSAGE", "http://queue/QUEUE_CERTIFICATE"];
        assert_eq!(urls, [text, certificate, certificate]);
        let body = asked[1]["MessageBody"].as_str().unwrap();
        assert_eq!(serde_json::from_str::<Outgoing>(body).unwrap(), messages[1]);
    }
}
