//! The cloud file: what the seed, demos and tests need to know of a deployed stack. docs/local-cloud.md describes it.

use crate::build::functions;
use crate::deploy::{MAIL_FROM, MAIL_OPERATIONS, RETRY_SECONDS, TEXT_SIGN};
use crate::instance::Instance;
use crate::mailbox;
use anyhow::{Context, Result};
use serde_json::{Map, Value, json};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// The file that tells the seed, demos and tests where everything is.
pub fn file(instance: &Instance) -> PathBuf {
    instance.home.join("cloud.json")
}

/// Its content, from the answer of `describe-stacks`.
pub fn content(instance: &Instance, name: &str, stack: &Value) -> Result<Value> {
    let outputs: Map<String, Value> = stack["Outputs"]
        .as_array()
        .context("the stack has no outputs")?
        .iter()
        .filter_map(|output| Some((output["OutputKey"].as_str()?.to_owned(), output["OutputValue"].clone())))
        .collect();
    let ending = |suffix: &str| -> Map<String, Value> {
        outputs.iter().filter_map(|(key, value)| Some((kebab(key.strip_suffix(suffix)?), value.clone()))).collect()
    };
    let text = |key: &str| outputs[key].as_str().unwrap_or_default();
    let api = match instance.endpoint() {
        Some(endpoint) => format!("{endpoint}/_aws/execute-api/{}/$default", text("ApiId")),
        None => text("ApiAddress").to_owned(),
    };
    let (region, access_key_id, secret_access_key) = instance.credentials()?;
    let (tables, buckets, queues, keys) = (
        ending("Table"),
        ending("Bucket"),
        ending("Queue"),
        json!({"fields": text("FieldKey"), "tokens": text("TokenKey")}),
    );
    let dead_letters = ending("DeadLetters");
    let public_url = instance.portal();
    let mut environment = Map::new();
    for (prefix, names) in [("TABLE", &tables), ("BUCKET", &buckets), ("QUEUE", &queues)] {
        environment.extend(
            names
                .iter()
                .map(|(name, value)| (format!("{prefix}_{}", name.to_uppercase().replace('-', "_")), value.clone())),
        );
    }
    for (variable, value) in [
        ("KEY_FIELDS", text("FieldKey")),
        ("KEY_TOKENS", text("TokenKey")),
        ("PUBLIC_URL", public_url.as_str()),
        ("MAIL_FROM", MAIL_FROM),
        ("MAIL_OPERATIONS", MAIL_OPERATIONS),
        ("TEXT_SIGN", TEXT_SIGN),
        ("RETRY_AFTER_S", &RETRY_SECONDS.to_string()),
        ("DEAD_LETTERS", &pairs(&dead_letters)),
    ] {
        environment.insert(variable.to_owned(), value.into());
    }
    let mails = (!instance.is_external()).then(|| mailbox::folder(instance));
    let functions: Map<String, Value> =
        functions()?.into_iter().map(|function| (function.clone(), format!("{name}-{function}").into())).collect();
    Ok(json!({
        "instance": instance.name, "stack": name, "api": api, "public_url": public_url, "mail_from": MAIL_FROM,
        "endpoint": instance.endpoint(), "region": region, "access_key_id": access_key_id, "secret_access_key": secret_access_key,
        "tables": tables, "buckets": buckets, "queues": queues, "dead_letters": dead_letters, "keys": keys,
        "functions": functions, "environment": environment, "mails": mails,
    }))
}

/// `cover=http://… upload=http://…`, as the template writes it.
fn pairs(addresses: &Map<String, Value>) -> String {
    let pair = |(name, url): (&String, &Value)| Some(format!("{name}={}", url.as_str()?));
    addresses.iter().filter_map(pair).collect::<Vec<_>>().join(" ")
}

/// Gives `command` the environment a function of the stack has: tests of the adapters are such functions.
pub fn configure(instance: &Instance, command: &mut Command) -> Result<()> {
    let file = file(instance);
    let text = fs::read_to_string(&file).with_context(|| format!("{} cannot be read", file.display()))?;
    let cloud: Value = serde_json::from_str(&text)?;
    for (name, value) in cloud["environment"].as_object().context("the cloud file has no environment")? {
        command.env(name, value.as_str().unwrap_or_default());
    }
    for (name, key) in [
        ("AWS_ENDPOINT_URL", "endpoint"),
        ("AWS_REGION", "region"),
        ("AWS_ACCESS_KEY_ID", "access_key_id"),
        ("AWS_SECRET_ACCESS_KEY", "secret_access_key"),
    ] {
        if let Some(value) = cloud[key].as_str().filter(|value| !value.is_empty()) {
            command.env(name, value);
        }
    }
    command.env("CLOUD_FILE", file);
    Ok(())
}

/// `RosterUpload` → `roster-upload`.
fn kebab(pascal: &str) -> String {
    let mut kebab = String::new();
    for letter in pascal.chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}

#[cfg(test)]
mod tests {
    use super::kebab;

    #[test]
    fn outputs_are_named_like_folders() {
        assert_eq!(kebab("RosterUpload"), "roster-upload");
        assert_eq!(kebab("Cover"), "cover");
    }
}
