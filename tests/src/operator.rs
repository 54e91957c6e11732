//! What an operator sees: queues, dead letters, the ledger, and on a laptop the messages that were sent.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use aws::world::SystemClock;
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_sqs::types::QueueAttributeName;
use domain::ledger::LedgerEntry;
use serde_json::Value;
use workflow::captchas;
use workflow::ports::{Clock, Ticket};

use crate::client::PATIENCE;
use crate::cloud::Cloud;

/// An operator with the stack's keys.
pub struct Operator {
    cloud: Cloud,
    sqs: aws_sdk_sqs::Client,
    dynamodb: aws_sdk_dynamodb::Client,
}

impl Operator {
    /// An operator of a stack.
    pub async fn of(cloud: &Cloud) -> Self {
        let sdk = cloud.sdk().await;
        let (sqs, dynamodb) = (aws_sdk_sqs::Client::new(&sdk), aws_sdk_dynamodb::Client::new(&sdk));
        Self { cloud: cloud.clone(), sqs, dynamodb }
    }

    /// Waits until the outbox and every work queue are empty; answers how many dead letters lie about, by queue.
    pub async fn settle(&self) -> Result<Vec<(String, u32)>> {
        self.settle_within(PATIENCE).await
    }

    /// The same for work that takes longer.
    pub async fn settle_within(&self, patience: Duration) -> Result<Vec<(String, u32)>> {
        let started = Instant::now();
        loop {
            if started.elapsed() > patience {
                bail!("outbox and queues did not become empty within {patience:?}");
            }
            let mut idle = self.unsent().await? == 0;
            for url in self.cloud.queues.values() {
                idle = idle && self.waiting(url).await? == 0;
            }
            if idle {
                break;
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        let mut dead = Vec::new();
        for (name, url) in &self.cloud.dead_letters {
            let count = self.waiting(url).await?;
            if count > 0 {
                dead.push((name.clone(), count));
            }
        }
        Ok(dead)
    }

    /// Messages in a queue, those in flight included.
    async fn waiting(&self, url: &str) -> Result<u32> {
        let names = [
            QueueAttributeName::ApproximateNumberOfMessages,
            QueueAttributeName::ApproximateNumberOfMessagesNotVisible,
        ];
        let request = self.sqs.get_queue_attributes().queue_url(url).set_attribute_names(Some(names.to_vec()));
        let attributes = request.send().await?.attributes.unwrap_or_default();
        Ok(attributes.values().filter_map(|count| count.parse::<u32>().ok()).sum())
    }

    /// Messages that have not left the outbox.
    async fn unsent(&self) -> Result<usize> {
        let table = self.cloud.tables.get("outbox").context("no outbox table")?;
        let page = self.dynamodb.scan().table_name(table).limit(100).send().await?;
        Ok(page.items().len())
    }

    /// Lets the 1st of next month come for an enrolment's receipts: what is scheduled for then goes into the outbox now, as
    /// the timetable puts it there on that day. Answers how many messages there were.
    pub async fn bring_forward(&self, enrolment: &str) -> Result<usize> {
        let runtime = self.cloud.tables.get("runtime").context("no runtime table")?;
        let outbox = self.cloud.tables.get("outbox").context("no outbox table")?;
        let mut scheduled = self
            .dynamodb
            .scan()
            .table_name(runtime)
            // Reminders that cover ends stay where they are: their day is part of what they say.
            .filter_expression("begins_with(pk, :due) AND begins_with(sk, :message) AND #doc.#kind = :receipt")
            .expression_attribute_names("#doc", "doc")
            .expression_attribute_names("#kind", "kind")
            .expression_attribute_values(":receipt", AttributeValue::S("receipt-mail".to_owned()))
            .expression_attribute_values(":due", AttributeValue::S("DUE#".to_owned()))
            .expression_attribute_values(":message", AttributeValue::S(format!("M#{enrolment}-")))
            .into_paginator()
            .items()
            .send();
        let mut brought = 0;
        while let Some(mut item) = scheduled.try_next().await? {
            let (day, message) = (item.remove("pk").context("no day")?, item.remove("sk").context("no message")?);
            item.insert("pk".to_owned(), message.clone());
            item.insert("sk".to_owned(), AttributeValue::S("MESSAGE".to_owned()));
            item.insert("written_at".to_owned(), AttributeValue::S(format!("{:.9}", SystemClock.now())));
            self.dynamodb.put_item().table_name(outbox).set_item(Some(item)).send().await?;
            let gone = self.dynamodb.delete_item().table_name(runtime).key("pk", day).key("sk", message);
            gone.send().await?;
            brought += 1;
        }
        Ok(brought)
    }

    /// The ledger of an enrolment.
    pub async fn ledger(&self, enrolment: &str) -> Result<Vec<LedgerEntry>> {
        let table = self.cloud.tables.get("journal").context("no journal table")?;
        let page = self
            .dynamodb
            .query()
            .table_name(table)
            .key_condition_expression("pk = :pk AND begins_with(sk, :ledger)")
            .expression_attribute_values(":pk", AttributeValue::S(format!("S#{enrolment}")))
            .expression_attribute_values(":ledger", AttributeValue::S("LEDGER#".to_owned()))
            .send()
            .await?;
        let entry = |item: &std::collections::HashMap<String, AttributeValue>| {
            let doc = item.get("doc").cloned().context("a ledger item has no entry")?;
            Ok(serde_dynamo::from_attribute_value(doc)?)
        };
        page.items().iter().map(entry).collect()
    }

    /// The answer to a captcha that nobody has answered yet.
    pub async fn captcha_answer(&self, id: &str) -> Result<String> {
        let table = self.cloud.tables.get("runtime").context("no runtime table")?;
        let name = captchas::ticket_name(id.parse()?);
        let request = self.dynamodb.get_item().table_name(table).consistent_read(true);
        let request = request.key("pk", AttributeValue::S(format!("TICKET#{name}")));
        let item = request.key("sk", AttributeValue::S("TICKET".to_owned())).send().await?.item;
        let doc = item.and_then(|mut item| item.remove("doc")).context("no such captcha")?;
        let ticket: Ticket = serde_dynamo::from_attribute_value(doc)?;
        Ok(ticket.holds)
    }

    /// Lifts the limits of codes by address: every client of a laptop comes from the same one.
    pub async fn lift_address_limits(&self) -> Result<()> {
        let table = self.cloud.tables.get("runtime").context("no runtime table")?;
        let mut counts = self
            .dynamodb
            .scan()
            .table_name(table)
            .filter_expression("begins_with(pk, :counts)")
            .expression_attribute_values(":counts", AttributeValue::S("TALLY#code-address#".to_owned()))
            .into_paginator()
            .items()
            .send();
        while let Some(mut count) = counts.try_next().await? {
            count.retain(|name, _| name == "pk" || name == "sk");
            self.dynamodb.delete_item().table_name(table).set_key(Some(count)).send().await?;
        }
        Ok(())
    }

    /// Texts sent to a number, oldest first, on a laptop.
    pub async fn texts_to(&self, mobile: &str) -> Result<Vec<String>> {
        let texts = self.texts().await?.into_iter();
        let texts = texts.filter(|text| text["PhoneNumber"].as_str().is_some_and(|number| number.ends_with(mobile)));
        Ok(texts.filter_map(|text| text["Message"].as_str().map(str::to_owned)).collect())
    }

    /// Text messages sent, on a laptop.
    pub async fn texts(&self) -> Result<Vec<Value>> {
        self.listed("sns/sms-messages").await
    }

    /// Mails about an enrolment as they arrived, oldest first; none where they do not arrive on this machine.
    pub fn mails_about(&self, enrolment: &str) -> Result<Option<Vec<Vec<u8>>>> {
        let Some(folder) = &self.cloud.mails else { return Ok(None) };
        let mut files = Vec::new();
        for entry in std::fs::read_dir(folder)? {
            let file = entry?.path();
            // Their names hold the messages' ids, which begin with what they are about.
            let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.contains(enrolment) && name.ends_with(".eml") {
                files.push(file);
            }
        }
        files.sort();
        files.iter().map(|file| Ok(Some(std::fs::read(file)?))).collect()
    }

    /// What SES took, on an emulator.
    pub async fn taken_by_ses(&self) -> Result<Vec<Value>> {
        self.listed("ses/messages").await
    }

    async fn listed(&self, what: &str) -> Result<Vec<Value>> {
        let Some(endpoint) = &self.cloud.endpoint else { return Ok(Vec::new()) };
        let value: Value = reqwest::get(format!("{endpoint}/_ministack/{what}")).await?.json().await?;
        // Lists by account or number, one level down.
        let lists = value.as_object().into_iter().flat_map(serde_json::Map::values).filter_map(Value::as_object);
        Ok(lists.flat_map(serde_json::Map::values).filter_map(Value::as_array).flatten().cloned().collect())
    }
}
