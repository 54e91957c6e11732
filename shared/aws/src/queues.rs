//! Work queues on SQS.

use std::sync::Arc;

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::types::QueueAttributeName;
use domain::message::Outgoing;
use futures::{StreamExt, TryStreamExt, stream};
use tokio::sync::OnceCell;
use workflow::ports::{Outage, Patience, Queues};

use crate::config::{DeadLetterUrls, QueueUrls};
use crate::outage::outage;

/// Calls at the same time.
const CALLS_AT_ONCE: usize = 8;

/// The work queues.
#[derive(Clone)]
pub struct SqsQueues {
    client: Client,
    urls: QueueUrls,
    dead: DeadLetterUrls,
}

impl SqsQueues {
    /// The queues behind a client.
    pub fn new(client: Client, urls: QueueUrls, dead: DeadLetterUrls) -> Self {
        Self { client, urls, dead }
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

    async fn dead_letters(&self) -> Result<Vec<(String, u32)>, Outage> {
        let count = |(name, url): (&str, &str)| {
            let (name, call) = (name.to_owned(), self.client.get_queue_attributes().queue_url(url));
            async move {
                let depth = QueueAttributeName::ApproximateNumberOfMessages;
                let answer = call.attribute_names(depth.clone()).send().await.map_err(outage("count-dead-letters"))?;
                let letters = answer.attributes.as_ref().and_then(|all| all.get(&depth)?.parse().ok()).unwrap_or(0);
                Ok::<_, Outage>((name, letters))
            }
        };
        let counts: Vec<_> = self.dead.all()?.into_iter().map(count).collect();
        let counts: Vec<(String, u32)> = stream::iter(counts).buffered(CALLS_AT_ONCE).try_collect().await?;
        Ok(counts.into_iter().filter(|(_, letters)| *letters > 0).collect())
    }
}

/// Longest time SQS keeps a message hidden, in seconds: twelve hours from when it was received.
const WAIT_MAX_S: u32 = 11 * 3600;
/// By how much the wait grows from one delivery to the next.
const WAIT_FACTOR: u32 = 4;

/// Puts off deliveries by a message's visibility timeout: after a base time, then ever longer by the factor.
#[derive(Clone)]
pub struct SqsPatience {
    client: Client,
    base_s: u32,
    /// Address of the one queue the function serves.
    url: Arc<OnceCell<String>>,
}

impl SqsPatience {
    /// Patience behind a client; `base_s` is the wait after the first delivery.
    pub fn new(client: Client, base_s: u32) -> Self {
        Self { client, base_s, url: Arc::default() }
    }
}

#[async_trait]
impl Patience for SqsPatience {
    fn wait_s(&self, n: u32) -> u32 {
        self.base_s.saturating_mul(WAIT_FACTOR.saturating_pow(n.saturating_sub(1))).min(WAIT_MAX_S)
    }

    async fn put_off(&self, queue: &str, receipt: &str, wait_s: u32) -> Result<(), Outage> {
        let name = queue.rsplit(':').next().unwrap_or_default();
        let find = || async {
            let found = self.client.get_queue_url().queue_name(name).send().await.map_err(outage("find-queue"))?;
            found.queue_url.ok_or_else(|| Outage::new("find-queue", "the queue has no address"))
        };
        let url = self.url.get_or_try_init(find).await?;
        let call = self.client.change_message_visibility().queue_url(url).receipt_handle(receipt);
        let call = call.visibility_timeout(i32::try_from(wait_s.min(WAIT_MAX_S)).unwrap_or(i32::MAX));
        call.send().await.map(drop).map_err(outage("put-off-message"))
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
        let urls = QueueUrls::from_environment(|name| Some(format!("http://queue/{name}")));
        let dead = DeadLetterUrls::from_environment(|_| {
            Some("text=http://queue/text-dead cover=http://queue/cover-dead".into())
        });
        SqsQueues::new(client(script), urls, dead)
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

    fn client(script: &Script) -> Client {
        let config = aws_sdk_sqs::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("k", "s", None, None, "test"))
            .http_client(script.http())
            .build();
        Client::from_conf(config)
    }

    #[tokio::test]
    async fn queues_with_dead_letters_are_named() {
        let letters = |count: &str| (200, json!({ "Attributes": { "ApproximateNumberOfMessages": count } }));
        let script = Script::of([letters("0"), letters("3")]);
        assert_eq!(queues(&script).dead_letters().await.unwrap(), [("cover".to_owned(), 3)]);
        assert_eq!(script.asked()[0]["QueueUrl"], "http://queue/text-dead");
    }

    #[tokio::test]
    async fn a_message_is_put_off_ever_longer_and_the_queue_is_looked_up_once() {
        let script =
            Script::of([(200, json!({ "QueueUrl": "http://queue/text" })), (200, json!({})), (200, json!({}))]);
        let patience = SqsPatience::new(client(&script), 60);
        assert_eq!([1, 2, 3, 4, 40].map(|n| patience.wait_s(n)), [60, 240, 960, 3840, WAIT_MAX_S]);
        for wait_s in [60, 240] {
            patience.put_off("arn:aws:sqs:us-east-1:1:stack-text", "receipt", wait_s).await.unwrap();
        }
        let asked = script.asked();
        assert_eq!(asked[0]["QueueName"], "stack-text");
        assert_eq!(asked[1]["ReceiptHandle"], "receipt");
        assert_eq!((&asked[1]["VisibilityTimeout"], &asked[2]["VisibilityTimeout"]), (&json!(60), &json!(240)));
    }
}
