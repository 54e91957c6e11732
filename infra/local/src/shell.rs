//! Running other programs, and telling the user what goes on.

use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// A command run at the root of the repository.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// `cargo`, the one that started this program if any.
pub fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs to the end with its output shown. `advice` is what a user reads when it fails.
pub fn run(command: &mut Command, advice: &str) -> Result<()> {
    let status = command.status().with_context(|| format!("{} does not start", name(command)))?;
    if !status.success() {
        bail!("{} failed. {advice}", name(command));
    }
    Ok(())
}

/// Runs to the end and returns what it printed on standard output; its errors are shown only when it fails.
pub fn capture(command: &mut Command, advice: &str) -> Result<String> {
    let output = command.stdin(Stdio::null()).output().with_context(|| format!("{} does not start", name(command)))?;
    if !output.status.success() {
        eprint!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        bail!("{} failed. {advice}", name(command));
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Announces a step, runs it and prints how long it took.
pub fn step<T>(title: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    let started = Instant::now();
    println!("── {title}");
    let done = work()?;
    println!("   {title}: {:.1?}", started.elapsed());
    Ok(done)
}

/// Where cargo puts what it builds.
pub fn target() -> Result<PathBuf> {
    let metadata = capture(
        cargo().args(["metadata", "--no-deps", "--format-version", "1"]),
        "Cargo.toml of the workspace or of a crate is broken; its message is above.",
    )?;
    let metadata: serde_json::Value = serde_json::from_str(&metadata)?;
    Ok(metadata["target_directory"].as_str().context("cargo metadata names no target directory")?.into())
}

fn name(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args()).take(4);
    format!("`{}`", words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" "))
}
