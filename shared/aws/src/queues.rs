//! Work queues on SQS.

use async_trait::async_trait;
use aws_sdk_sqs::Client;
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

    async fn call(
        &self,
        queue: Queue,
        batch: &[(usize, &Outgoing)],
    ) -> Result<aws_sdk_sqs::operation::send_message_batch::SendMessageBatchOutput, Outage> {
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
