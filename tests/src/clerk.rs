//! Somebody at work on one enrolment: reads it, acts on the version seen, and reads again when the platform was faster.

use anyhow::{Context, Result, bail, ensure};
use reqwest::Method;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::client::{Client, Reply};

/// How often a clerk reads again because the platform recorded something in between.
const TRIES: usize = 10;

/// Somebody at work on one enrolment.
#[derive(Clone)]
pub struct Clerk {
    /// The account.
    pub client: Client,
    /// The enrolment.
    pub id: String,
}

impl Clerk {
    /// Opens an enrolment of the account's own unit.
    pub async fn open(client: &Client) -> Result<Self> {
        let reply = client.send(Method::POST, "/enrolments", Some(&client.key()), None, Some(&json!({}))).await?;
        let id = reply.ok()?["id"].as_str().context("no id")?.to_owned();
        Ok(Self { client: client.clone(), id })
    }

    /// Another account at the same enrolment.
    pub fn seen_by(&self, client: &Client) -> Self {
        Self { client: client.clone(), id: self.id.clone() }
    }

    /// The address of something of the enrolment.
    pub fn path(&self, rest: &str) -> String {
        format!("/enrolments/{}{rest}", self.id)
    }

    /// The enrolment as it stands.
    pub async fn view(&self) -> Result<Value> {
        self.client.get(&self.path("")).await?.ok()
    }

    /// Sends a command about the version as it stands; on 412 reads again, as a person would.
    pub async fn command(&self, method: Method, rest: &str, body: Value) -> Result<Reply> {
        for _ in 0..TRIES {
            let version = self.view().await?["version"].as_u64().context("no version")?;
            let key = self.client.key();
            let reply =
                self.client.send(method.clone(), &self.path(rest), Some(&key), Some(version), Some(&body)).await?;
            if reply.status != 412 {
                return Ok(reply);
            }
        }
        bail!("the enrolment kept changing")
    }

    /// A command that must succeed; answers the new state.
    pub async fn act(&self, method: Method, rest: &str, body: Value) -> Result<String> {
        let outcome = self.command(method, rest, body).await?.ok()?;
        Ok(outcome["state"].as_str().unwrap_or_default().to_owned())
    }

    /// Acquires the enrolment's open task.
    pub async fn acquire(&self) -> Result<Reply> {
        let task = self.view().await?["task"].as_str().context("no open task")?.to_owned();
        self.client.post(&format!("/tasks/{task}/acquisition"), &json!({})).await
    }

    /// Acquires the task and concludes its review.
    pub async fn review(&self, body: Value) -> Result<String> {
        self.acquire().await?.ok()?;
        self.act(Method::POST, "/reviews", body).await
    }

    /// Uploads a file and waits until it is accepted or rejected; answers the upload's status.
    pub async fn upload(&self, purpose: &str, plans: &[&str], file_name: &str, file: Vec<u8>) -> Result<Value> {
        let form = self.form(purpose, plans, file_name, &file).await?.ok()?;
        let posted = self.client.post_form(&form, file).await?;
        ensure!((200..300).contains(&posted), "the bucket answered {posted}");
        let path = format!("/uploads/{}", form["upload"].as_str().context("no upload")?);
        let settled =
            |status: &Value| matches!(status["state"].as_str(), Some("accepted" | "rejected")).then(|| status.clone());
        self.client.wait(&path, "the upload to be checked", settled).await
    }

    /// Asks for the form of an upload.
    pub async fn form(&self, purpose: &str, plans: &[&str], file_name: &str, file: &[u8]) -> Result<Reply> {
        let sha256: String = Sha256::digest(file).iter().map(|byte| format!("{byte:02x}")).collect();
        let body = json!({
            "purpose": purpose, "enrolment": self.id, "plans": plans, "file_name": file_name,
            "size": file.len(), "sha256": sha256,
        });
        self.client.post("/uploads", &body).await
    }

    /// Uploads a roster and answers its batch.
    pub async fn import(&self, plans: &[&str], file_name: &str, file: Vec<u8>) -> Result<Value> {
        let status = self.upload("roster", plans, file_name, file).await?;
        let view = self.view().await?;
        let batches = view["batches"].as_array().context("no batches")?;
        let batch = batches.iter().find(|batch| batch["upload"] == status["upload"]);
        Ok(batch.context("the upload left no batch")?.clone())
    }

    /// Uploads an attachment, which must be accepted, and attaches it.
    pub async fn attach(&self, purpose: &str, file_name: &str, file: Vec<u8>) -> Result<()> {
        let status = self.upload(purpose, &[], file_name, file).await?;
        ensure!(status["state"] == "accepted", "the attachment was rejected: {status}");
        self.act(Method::POST, "/attachments", json!({"upload": status["upload"]})).await?;
        Ok(())
    }

    /// Downloads the file of a kind, the last one if there are several.
    pub async fn file(&self, kind: &str) -> Result<Vec<u8>> {
        self.files(kind).await?.pop().with_context(|| format!("there is no {kind}"))
    }

    /// Downloads the files of a kind.
    pub async fn files(&self, kind: &str) -> Result<Vec<Vec<u8>>> {
        let in_full = if ["roster", "failed-rows"].contains(&kind) { "?in_full=true" } else { "" };
        let files = self.client.get(&self.path(&format!("/files{in_full}"))).await?.ok()?;
        let mut found = Vec::new();
        for file in files.as_array().context("no files")?.iter().filter(|file| file["kind"] == kind) {
            found.push(self.client.download(file["url"].as_str().context("no link")?).await?);
        }
        Ok(found)
    }
}
