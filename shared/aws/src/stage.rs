//! A stage for tests: AWS clients that talk to a script instead of a network.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::config::http::HttpRequest;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region, SharedHttpClient};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use jiff::Timestamp;
use serde_json::Value;
use workflow::ports::Clock;

use crate::config::Tables;
use crate::dynamo::Dynamo;

/// Answers in order, and what was asked.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    answers: Arc<Mutex<Vec<(u16, String)>>>,
    asked: Arc<Mutex<Vec<Value>>>,
}

impl Script {
    /// A script of HTTP statuses and bodies; a text is sent as it is.
    pub fn of<const N: usize>(answers: [(u16, Value); N]) -> Self {
        let text = |body: Value| body.as_str().map_or_else(|| body.to_string(), str::to_owned);
        let mut answers = answers.map(|(status, body)| (status, text(body))).to_vec();
        answers.reverse();
        Self { answers: Arc::new(Mutex::new(answers)), asked: Arc::default() }
    }

    /// The bodies of the requests so far, as JSON.
    pub fn asked(&self) -> Vec<Value> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// An HTTP client that follows the script.
    pub fn http(&self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(self.clone());
        http_client_fn(move |_, _| connector.clone())
    }

    /// Tables that follow the script, named as their variables.
    pub fn dynamo(&self) -> Dynamo {
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("k", "s", None, None, "test"))
            .http_client(self.http())
            .build();
        let client = aws_sdk_dynamodb::Client::from_conf(config);
        Dynamo::new(client, Tables::from_environment(|name| Some(name.to_owned())), Arc::new(Stopped))
    }
}

impl HttpConnector for Script {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let body = serde_json::from_slice(request.body().bytes().unwrap_or_default()).unwrap_or(Value::Null);
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(body);
        let (status, body) = self
            .answers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop()
            .unwrap_or_else(|| (500, r#"{"__type":"TheScriptIsOver"}"#.to_owned()));
        let status = status.try_into().unwrap_or_else(|_| unreachable!("the script holds HTTP statuses"));
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, body.into())))
    }
}

/// A clock that stands still.
pub(crate) struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }
}
