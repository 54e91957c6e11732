//! Buckets, queues and providers, failing.

use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use domain::enrolment::IssuedReceipt;
use domain::message::Outgoing;
use domain::upload::Upload;
use jiff::{Timestamp, civil::Date};
use workflow::ports::{
    Bucket, Links, Mail, Mails, ObjectProblem, Objects, Outage, Pieces, PostForm, ProviderId, Queues, ReceiptSeries,
    SendFailure, SeriesStanding, ShortMessage, Texts,
};

use super::{Call, Faulty, When, outage};

#[async_trait]
impl<T: Objects> Objects for Faulty<T> {
    async fn get(&self, bucket: Bucket, key: &str, size_max: u64) -> Result<Bytes, ObjectProblem> {
        self.meet(Call::GetObject, self.inner.get(bucket, key, size_max)).await
    }

    async fn put(&self, key: &str, body: Bytes, content_type: &str) -> Result<(), Outage> {
        self.meet(Call::PutObject, self.inner.put(key, body, content_type)).await
    }

    async fn put_pieces(&self, key: &str, pieces: Pieces<'_>, content_type: &str) -> Result<u64, Outage> {
        self.meet(Call::PutPieces, self.inner.put_pieces(key, pieces, content_type)).await
    }

    async fn submit(&self, upload: &Upload, body: Bytes, content_type: &str) -> Result<(), Outage> {
        self.meet(Call::SubmitObject, self.inner.submit(upload, body, content_type)).await
    }
}

#[async_trait]
impl<T: Links> Links for Faulty<T> {
    async fn link(&self, key: &str, file_name: &str, life: Duration) -> Result<String, Outage> {
        self.meet(Call::Link, self.inner.link(key, file_name, life)).await
    }

    async fn post_form(&self, upload: &Upload, content_type: &str, now: Timestamp) -> Result<PostForm, Outage> {
        self.meet(Call::PostForm, self.inner.post_form(upload, content_type, now)).await
    }
}

/// Each message of a batch is a call of its own, so that a batch can fail in part.
#[async_trait]
impl<T: Queues> Queues for Faulty<T> {
    async fn send(&self, messages: &[Outgoing]) -> Vec<Result<(), Outage>> {
        let fates: Vec<Option<When>> = messages.iter().map(|_| self.faults.meet(Call::SendMessage)).collect();
        let reaching = messages.iter().zip(&fates).filter(|(_, fate)| **fate != Some(When::Before));
        let reaching: Vec<Outgoing> = reaching.map(|(message, _)| message.clone()).collect();
        let mut answers = self.inner.send(&reaching).await.into_iter();
        let answer_of = |fate| match fate {
            Some(When::Before) => Err(outage(Call::SendMessage)),
            Some(When::AfterWritten) => {
                answers.next();
                Err(outage(Call::SendMessage))
            }
            None => answers.next().expect("an answer for every message"),
        };
        fates.into_iter().map(answer_of).collect()
    }

    async fn dead_letters(&self) -> Result<Vec<(String, u32)>, Outage> {
        self.meet(Call::DeadLetters, self.inner.dead_letters()).await
    }
}

#[async_trait]
impl<T: Texts> Texts for Faulty<T> {
    async fn send(&self, message: &ShortMessage) -> Result<ProviderId, SendFailure> {
        self.meet(Call::SendText, self.inner.send(message)).await
    }
}

#[async_trait]
impl<T: Mails> Mails for Faulty<T> {
    async fn send(&self, mail: &Mail) -> Result<ProviderId, SendFailure> {
        self.meet(Call::SendMail, self.inner.send(mail)).await
    }
}

#[async_trait]
impl<T: ReceiptSeries> ReceiptSeries for Faulty<T> {
    async fn next(&self, on: Date) -> Result<IssuedReceipt, Outage> {
        self.meet(Call::NextReceipt, self.inner.next(on)).await
    }

    async fn standing(&self, on: Date) -> Result<Vec<SeriesStanding>, Outage> {
        self.meet(Call::SeriesStanding, self.inner.standing(on)).await
    }
}
