//! Where the mails of a local cloud arrive: an SMTP server that keeps each of them as a file.

use crate::companion::Companion;
use crate::instance::Instance;
use crate::tools::{Tool, script_in};
use anyhow::Result;
use std::fs;
use std::path::PathBuf;

const ADVICE: &str = "infra/local/mailbox.py does not start.";

/// The folder of the mails, each `<when>-<id>.eml`.
pub fn folder(instance: &Instance) -> PathBuf {
    instance.home.join("mails")
}

/// What functions know it by.
pub fn server(instance: &Instance) -> String {
    format!("smtp://127.0.0.1:{}", instance.mail_port())
}

/// Where a browser sees them.
pub fn address(instance: &Instance) -> String {
    format!("http://localhost:{}", instance.mail_page_port())
}

/// Starts it, unless it runs.
pub fn start(instance: &Instance) -> Result<()> {
    let folder = folder(instance);
    fs::create_dir_all(&folder)?;
    let mut python = script_in(Tool::Mailbox, "infra/local/mailbox.py")?;
    let ports = [instance.mail_port().to_string(), instance.mail_page_port().to_string()];
    python.arg(&folder).args(&ports);
    companion(instance).start(python, &ports.join(" "), ADVICE)
}

/// The process.
pub const fn companion(instance: &Instance) -> Companion<'_> {
    Companion { instance, name: "mailbox", program: "infra/local/mailbox.py", port: instance.mail_page_port() }
}
