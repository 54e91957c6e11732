//! Work queues on SQS.

use async_trait::async_trait;
use aws_sdk_sqs::Client;
use aws_sdk_sqs::operation::send_message_batch::SendMessageBatchOutput;
use aws_sdk_sqs::types::SendMessageBatchRequestEntry;
use domain::message::{Outgoing, Queue};
use futures::{StreamExt, stream};
use workflow::ports::{Outage, Queues};

use crate::config::QueueUrls;
use crate::outage::outage;

/// Messages of one call (SQS: 10).
const BATCH_MAX: usize = 10;
/// Calls at the same time.
const CALLS_AT_ONCE: usize = 8;

/// SQS took the batch but not this message.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NotTaken(String);

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

    /// Sends a batch to one queue; answers for each message by its place among all.
    async fn send_batch(&self, queue: Queue, batch: &[(usize, &Outgoing)]) -> Vec<(usize, Result<(), Outage>)> {
        let sent = match self.call(queue, batch).await {
            Ok(sent) => sent,
            Err(problem) => return batch.iter().map(|(at, _)| (*at, Err(again(&problem)))).collect(),
        };
        let refused = |at: usize| {
            let id = at.to_string();
            let entry = sent.failed().iter().find(|entry| entry.id() == id)?;
            Some(Outage::new("send-message", NotTaken(entry.code().to_owned())))
        };
        batch.iter().map(|(at, _)| (*at, refused(*at).map_or(Ok(()), Err))).collect()
    }

    async fn call(&self, queue: Queue, batch: &[(usize, &Outgoing)]) -> Result<SendMessageBatchOutput, Outage> {
        let mut call = self.client.send_message_batch().queue_url(self.urls.url(queue)?);
        for (at, message) in batch {
            let body = serde_json::to_string(message).map_err(|problem| Outage::new("send-message", problem))?;
            let entry = SendMessageBatchRequestEntry::builder().id(at.to_string()).message_body(body).build();
            call = call.entries(entry.map_err(|problem| Outage::new("send-message", problem))?);
        }
        call.send().await.map_err(outage("send-message"))
    }
}

#[async_trait]
impl Queues for SqsQueues {
    async fn send(&self, messages: &[Outgoing]) -> Vec<Result<(), Outage>> {
        let mut sorted: Vec<(usize, &Outgoing)> = messages.iter().enumerate().collect();
        sorted.sort_by_key(|(_, message)| message.message.queue());
        let of_queues = sorted.chunk_by(|(_, one), (_, next)| one.message.queue() == next.message.queue());
        let calls: Vec<_> = of_queues
            .flat_map(|of_queue| of_queue.chunks(BATCH_MAX))
            .filter_map(|batch| Some(self.send_batch(batch.first()?.1.message.queue(), batch)))
            .collect();
        let mut results: Vec<(usize, Result<(), Outage>)> =
            stream::iter(calls).buffer_unordered(CALLS_AT_ONCE).flat_map(stream::iter).collect().await;
        results.sort_by_key(|(at, _)| *at);
        results.into_iter().map(|(_, result)| result).collect()
    }
}

/// The same outage for another message of the batch.
fn again(problem: &Outage) -> Outage {
    Outage::new(problem.operation, NotTaken(problem.source.to_string()))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail loudly")]

    use aws_sdk_sqs::config::{BehaviorVersion, Credentials, Region};
    use domain::ids::{AccountId, EnrolmentId, MessageId};
    use domain::message::{Message, TextTemplate};
    use serde_json::{Value, json};

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

    fn taken(failed: &Value) -> (u16, Value) {
        (200, json!({ "Successful": [], "Failed": failed }))
    }

    #[tokio::test]
    async fn messages_go_to_their_queues_in_batches_and_each_has_its_answer() {
        let throttled = json!([{ "Id": "4", "Code": "ThrottlingException", "SenderFault": false }]);
        let script = Script::of([taken(&json!([])), taken(&throttled), taken(&json!([]))]);
        let messages: Vec<_> = (0..18).map(message).collect();
        let answers = queues(&script).send(&messages).await;
        let failed: Vec<_> = (0..18).filter(|at| answers[*at].is_err()).collect();
        assert_eq!((answers.len(), failed), (18, vec![4]));

        let asked = script.asked();
        let sizes = asked.iter().map(|call| (call["QueueUrl"].as_str(), call["Entries"].as_array().map(Vec::len)));
        let texts = (Some("http://queue/QUEUE_TEXT_MESSAGE"), Some(6));
        let certificates = |count| (Some("http://queue/QUEUE_CERTIFICATE"), Some(count));
        assert_eq!(sizes.collect::<Vec<_>>(), [texts, certificates(10), certificates(2)]);
        let body = asked[1]["Entries"][0]["MessageBody"].as_str().unwrap();
        assert_eq!(serde_json::from_str::<Outgoing>(body).unwrap(), messages[1]);
    }

    #[tokio::test]
    async fn a_queue_that_fails_fails_its_own_messages_only() {
        let missing = json!({ "__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "" });
        let script = Script::of([(400, missing), taken(&json!([]))]);
        let answers = queues(&script).send(&[message(1), message(0)]).await;
        assert!(answers[0].is_ok());
        let outage = answers[1].as_ref().unwrap_err();
        assert!(outage.source.to_string().contains("QueueDoesNotExist"), "{}", outage.source);
    }
}
