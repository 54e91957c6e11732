//! From an SDK error to an [`Outage`] that says why and tells nothing about people.

use std::error::Error;

use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::operation::RequestId;
use workflow::ports::Outage;

/// Why an AWS call failed: the service's code and request id, or the chain of causes of a call that never got an answer.
///
/// A service's message is left out: SNS quotes telephone numbers, DynamoDB quotes keys.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct CallFailed(String);

/// Turns an SDK error into the outage of an operation.
pub(crate) fn outage<E>(operation: &'static str) -> impl FnOnce(SdkError<E>) -> Outage
where
    E: ProvideErrorMetadata + Error + 'static,
{
    move |error| Outage::new(operation, CallFailed(reason(&error)))
}

/// Whether a conditional write was done; false if its condition failed.
pub(crate) fn done<T, E>(operation: &'static str, answer: Result<T, SdkError<E>>) -> Result<bool, Outage>
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match answer {
        Ok(_) => Ok(true),
        Err(error) if code(&error) == Some("ConditionalCheckFailedException") => Ok(false),
        Err(error) => Err(outage(operation)(error)),
    }
}

/// The service's error code; none if the call was not answered.
pub(crate) fn code<E: ProvideErrorMetadata>(error: &SdkError<E>) -> Option<&str> {
    error.as_service_error().and_then(ProvideErrorMetadata::code)
}

fn reason<E>(error: &SdkError<E>) -> String
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::ServiceError(answer) => {
            let code = answer.err().code().unwrap_or("no code");
            let request = answer.err().meta().request_id().unwrap_or("unknown");
            format!("{code}, HTTP {}, request {request}", answer.raw().status().as_u16())
        }
        // The answer itself may hold an item: only its status is told.
        SdkError::ResponseError(answer) => format!("unreadable answer, HTTP {}", answer.raw().status().as_u16()),
        unanswered => chain(unanswered),
    }
}

/// The messages of an error and its causes, outermost first, each once.
fn chain(error: &dyn Error) -> String {
    let mut texts = vec![error.to_string()];
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if texts.last() != Some(&text) {
            texts.push(text);
        }
        cause = error.source();
    }
    texts.join(": ")
}
