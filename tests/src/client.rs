//! An HTTP client that speaks the API's conventions and nothing of its insides.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail, ensure};
use reqwest::Method;
use serde_json::{Value, json};

use crate::cloud::Cloud;
use crate::operator::Operator;

/// Password of the sample accounts on a laptop.
pub const PASSWORD: &str = "Huzhu-Baozhang-2026";
/// How long the platform may take for what it does in the background.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Version of what it shows.
    pub etag: Option<String>,
    /// Whether it repeats an earlier answer.
    pub replayed: bool,
    /// The body as sent.
    pub text: String,
}

impl Reply {
    /// The body.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or(Value::Null)
    }

    /// The body of a success.
    pub fn ok(self) -> Result<Value> {
        ensure!((200..300).contains(&self.status), "answered {}: {}", self.status, self.text);
        Ok(self.json())
    }

    /// The code of a problem with this status.
    pub fn refused(self, status: u16) -> Result<String> {
        ensure!(self.status == status, "expected {status}, answered {}: {}", self.status, self.text);
        Ok(self.json()["code"].as_str().unwrap_or_default().to_owned())
    }
}

/// A client of the API, signed in or not.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    cloud: Cloud,
    token: Option<String>,
    /// Name of the account.
    pub name: String,
    keys: Arc<AtomicU64>,
}

impl Client {
    /// A client that has not signed in.
    #[expect(clippy::disallowed_methods, reason = "keys must differ from those of every earlier run")]
    pub fn new(cloud: &Cloud) -> Result<Self> {
        let started = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
        Ok(Self {
            http: reqwest::Client::builder().timeout(Duration::from_secs(60)).build()?,
            cloud: cloud.clone(),
            token: None,
            name: String::new(),
            keys: Arc::new(AtomicU64::new(u64::try_from(started % u128::from(u64::MAX))?)),
        })
    }

    /// Signs a sample account in.
    pub async fn sign_in(&self, user_name: &str) -> Result<Self> {
        self.sign_in_with(user_name, PASSWORD).await
    }

    /// Signs an account in with its own password.
    pub async fn sign_in_with(&self, user_name: &str, password: &str) -> Result<Self> {
        let captcha = self.captcha().await?;
        let body = json!({"user_name": user_name, "password": password, "captcha": captcha});
        let reply = self.post("/sessions", &body).await?;
        let session = reply.ok().with_context(|| format!("{user_name} cannot sign in"))?;
        let token = session["access_token"].as_str().context("no access token")?.to_owned();
        let name = session["account"]["name"].as_str().unwrap_or(user_name).to_owned();
        Ok(Self { token: Some(token), name, ..self.clone() })
    }

    /// A captcha with its answer. The API never tells it: an operator reads it from the table.
    pub async fn captcha(&self) -> Result<Value> {
        let captcha = self.post("/captchas", &json!({})).await?.ok()?;
        let id = captcha["id"].as_str().context("the captcha has no id")?;
        let answer = Operator::of(&self.cloud).await.captcha_answer(id).await?;
        Ok(json!({"id": id, "answer": answer}))
    }

    /// The access token; none before signing in.
    pub fn token(&self) -> Option<&str> {
        self.token.as_deref()
    }

    /// The same client with another token.
    pub fn with_token(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// A new idempotency key.
    pub fn key(&self) -> String {
        format!("key-{:020}", self.keys.fetch_add(1, Ordering::Relaxed))
    }

    /// Reads.
    pub async fn get(&self, path: &str) -> Result<Reply> {
        self.send(Method::GET, path, None, None, None).await
    }

    /// Posts what keeps no answer.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Reply> {
        self.send(Method::POST, path, None, None, Some(body)).await
    }

    /// Sends any request.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        key: Option<&str>,
        version: Option<u64>,
        body: Option<&Value>,
    ) -> Result<Reply> {
        let mut request = self.http.request(method, format!("{}{path}", self.cloud.api));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        if let Some(version) = version {
            request = request.header("if-match", format!("\"{version}\""));
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await?;
        let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let (etag, replayed) = (header("etag"), header("idempotency-replayed").is_some());
        let status = response.status().as_u16();
        Ok(Reply { status, etag, replayed, text: response.text().await? })
    }

    /// Downloads a presigned link.
    pub async fn download(&self, url: &str) -> Result<Vec<u8>> {
        let response = self.http.get(url).send().await?;
        ensure!(response.status().is_success(), "the download answered {}", response.status());
        Ok(response.bytes().await?.to_vec())
    }

    /// Posts a file with the form an upload gave.
    pub async fn post_form(&self, form: &Value, file: Vec<u8>) -> Result<u16> {
        let mut multipart = reqwest::multipart::Form::new();
        for field in form["fields"].as_array().context("the form has no fields")? {
            let text = |name: &str| field[name].as_str().unwrap_or_default().to_owned();
            multipart = multipart.text(text("name"), text("value"));
        }
        let multipart = multipart.part("file", reqwest::multipart::Part::bytes(file).file_name("file"));
        let url = form["url"].as_str().context("the form has no address")?;
        Ok(self.http.post(url).multipart(multipart).send().await?.status().as_u16())
    }

    /// Reads until `done` says so.
    pub async fn wait<T>(&self, path: &str, what: &str, done: impl Fn(&Value) -> Option<T>) -> Result<T> {
        let started = std::time::Instant::now();
        loop {
            let value = self.get(path).await?.ok()?;
            if let Some(found) = done(&value) {
                return Ok(found);
            }
            if started.elapsed() > PATIENCE {
                bail!("waited {PATIENCE:?} for {what}; last seen: {value}");
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}
