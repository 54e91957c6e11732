//! Object events, which arrive through a queue: `sqs::run(PerObject(step))` with a step of [`UploadedObject`]s.

use std::borrow::Cow;

use aws_lambda_events::s3::S3EventRecord;
use serde::Deserialize;
use workflow::ports::Outage;

use super::{Delivery, Outcome, Step};

/// An object that arrived.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "S3EventRecord")]
pub struct UploadedObject {
    /// The bucket.
    pub bucket: String,
    /// The key as it was put; events carry it form-encoded.
    pub key: String,
    /// Size, in bytes.
    pub size: u64,
    /// Orders the events of one key, and of one key only: hexadecimal, compared padded to equal length.
    pub sequencer: String,
    /// The version, in a bucket that keeps them.
    pub version: Option<String>,
}

/// The record is not about an object that arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotAnUpload {
    /// It lacks bucket, key, size or sequencer.
    #[error("the record has no {0}")]
    Lacks(&'static str),
    /// It tells of something else.
    #[error("the record is not of an object that was created")]
    OtherEvent,
}

impl TryFrom<S3EventRecord> for UploadedObject {
    type Error = NotAnUpload;

    fn try_from(record: S3EventRecord) -> Result<Self, NotAnUpload> {
        // "ObjectCreated:Post"; some emulators write "s3:ObjectCreated:Post".
        let event = record.event_name.as_deref().unwrap_or_default();
        if !event.trim_start_matches("s3:").starts_with("ObjectCreated:") {
            return Err(NotAnUpload::OtherEvent);
        }
        let object = record.s3.object;
        Ok(Self {
            bucket: record.s3.bucket.name.filter(|name| !name.is_empty()).ok_or(NotAnUpload::Lacks("bucket"))?,
            key: object.key.as_deref().and_then(form_decoded).ok_or(NotAnUpload::Lacks("key"))?,
            size: object.size.and_then(|size| u64::try_from(size).ok()).ok_or(NotAnUpload::Lacks("size"))?,
            sequencer: object.sequencer.ok_or(NotAnUpload::Lacks("sequencer"))?,
            version: object.version_id.filter(|version| !version.is_empty()),
        })
    }
}

/// A key as a form writes it: `+` is a space, `%E5%90%8D` is 名. None if it is empty or no text.
fn form_decoded(key: &str) -> Option<String> {
    // `=` and `&` come percent-encoded in events, so the whole text is the name of one pair.
    let key = key.replace('=', "%3D").replace('&', "%26");
    let (text, _) = form_urlencoded::parse(key.as_bytes()).next()?;
    (!text.is_empty() && !text.contains(char::REPLACEMENT_CHARACTER)).then(|| Cow::into_owned(text))
}

/// What the body of a queue message says about objects.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum ObjectEvent {
    /// Objects arrived; in practice one.
    Created {
        /// Which.
        #[serde(rename = "Records")]
        records: Vec<UploadedObject>,
    },
    /// Sent when a notification is set up; there is nothing to do.
    Test {
        /// `s3:TestEvent`
        #[serde(rename = "Event")]
        event: TestEvent,
    },
}

/// The one value of a test event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum TestEvent {
    /// `s3:TestEvent`
    #[serde(rename = "s3:TestEvent")]
    Test,
}

/// Gives a step of objects the objects of each message, one after the other.
pub struct PerObject<S>(pub S);

impl<S: Step<Message = UploadedObject>> Step for PerObject<S> {
    type Message = ObjectEvent;
    const CONCURRENCY: usize = S::CONCURRENCY;

    /// The outcome that most deserves a look: a rejection before `Done` before `Duplicate`.
    async fn perform(&self, message: ObjectEvent, delivery: &Delivery) -> Result<Outcome, Outage> {
        let ObjectEvent::Created { records } = message else { return Ok(Outcome::Done) };
        let mut whole = Outcome::Duplicate;
        for object in records {
            whole = match (whole, self.0.perform(object, delivery).await?) {
                (rejected @ Outcome::Rejected(_), _) | (_, rejected @ Outcome::Rejected(_)) => rejected,
                (Outcome::Duplicate, Outcome::Duplicate) => Outcome::Duplicate,
                _ => Outcome::Done,
            };
        }
        Ok(whole)
    }
}
