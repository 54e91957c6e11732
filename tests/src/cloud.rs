//! Where everything is: the cloud file that `cargo xtask up` writes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};
use serde::Deserialize;

/// A deployed stack.
#[derive(Debug, Clone, Deserialize)]
pub struct Cloud {
    /// Address of the API.
    pub api: String,
    /// Address of the emulator; none in AWS.
    pub endpoint: Option<String>,
    /// Region.
    pub region: String,
    /// Access key.
    pub access_key_id: String,
    /// Secret key.
    pub secret_access_key: String,
    /// Work queues, by name.
    pub queues: BTreeMap<String, String>,
    /// Dead-letter queues, by name.
    pub dead_letters: BTreeMap<String, String>,
    /// Tables, by name.
    pub tables: BTreeMap<String, String>,
    /// Buckets, by name.
    pub buckets: BTreeMap<String, String>,
    /// The folder where mails arrive, on a laptop.
    #[serde(default)]
    pub mails: Option<PathBuf>,
    /// What functions know of it, by name of the variable.
    pub environment: BTreeMap<String, String>,
}

impl Cloud {
    /// Reads a cloud file.
    pub fn read(file: &Path) -> Result<Self> {
        let text = std::fs::read_to_string(file)
            .with_context(|| format!("{} cannot be read; `cargo xtask up` writes it", file.display()))?;
        serde_json::from_str(&text).context("the cloud file has another form")
    }

    /// The program of a function, from the folder of built programs, as Lambda would start it; `runtime` is the address of
    /// the runtime interface that it asks for events.
    pub fn function(&self, folder: &Path, function: &str, runtime: &str) -> Command {
        let mut program = Command::new(folder.join(function));
        program
            .envs(&self.environment)
            .env("AWS_REGION", &self.region)
            .env("AWS_ACCESS_KEY_ID", &self.access_key_id)
            .env("AWS_SECRET_ACCESS_KEY", &self.secret_access_key)
            .env("AWS_LAMBDA_RUNTIME_API", runtime)
            .env("AWS_LAMBDA_FUNCTION_NAME", function)
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
            .stdout(Stdio::null());
        if let Some(endpoint) = &self.endpoint {
            program.env("AWS_ENDPOINT_URL", endpoint);
        }
        program
    }

    /// The SDK's configuration for looking at the stack as its operator.
    pub async fn sdk(&self) -> aws_config::SdkConfig {
        let credentials = aws_sdk_dynamodb::config::Credentials::new(
            &self.access_key_id,
            &self.secret_access_key,
            None,
            None,
            "cloud-file",
        );
        let mut loader = aws_config::defaults(aws_config::BehaviorVersion::latest())
            .region(aws_config::Region::new(self.region.clone()))
            .credentials_provider(credentials);
        if let Some(endpoint) = &self.endpoint {
            loader = loader.endpoint_url(endpoint);
        }
        loader.load().await
    }
}
