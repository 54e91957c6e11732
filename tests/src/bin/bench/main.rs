//! Benchmarks, each beside a peer that does less of the same job, measured in the same run on the same file.
//!
//! Absolute times move with the machine; the ratio is what to look at. The memory of a job is the peak of a process that
//! does nothing else.

mod costs;
mod documents;
mod functions;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::{Parser, ValueEnum};
use reqwest::Method;
use serde_json::{Value, json};
use tests::clerk::Clerk;
use tests::client::Client;
use tests::cloud::Cloud;

use crate::documents::Job;

/// Runs; the best counts.
const RUNS: u32 = 5;

/// Benchmarks beside their peers.
#[derive(Parser)]
struct Arguments {
    /// The cloud file that `cargo xtask up` writes.
    #[arg(long)]
    cloud: PathBuf,
    /// Measure these only.
    #[arg(long, value_enum, value_delimiter = ',')]
    only: Vec<Part>,
    /// Do one job once and print the peak of the memory, in KiB.
    #[arg(long, value_enum, hide = true)]
    alone: Option<Job>,
}

/// What can be measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Part {
    /// Workbooks, images, print.
    Documents,
    /// Start-up and size of the functions.
    Functions,
    /// From the upload to the outcome, over the cloud.
    EndToEnd,
    /// Calls and units of every step, as AWS bills them.
    Costs,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let cloud = Cloud::read(&arguments.cloud)?;
    if let Some(job) = arguments.alone {
        return documents::alone(job);
    }
    let wanted = |part| arguments.only.is_empty() || arguments.only.contains(&part);
    if wanted(Part::Documents) || wanted(Part::EndToEnd) {
        documents::make_inputs()?;
    }
    if wanted(Part::Documents) {
        documents::table(&arguments.cloud)?;
    }
    if wanted(Part::Functions) {
        functions::table(&cloud)?;
    }
    if wanted(Part::EndToEnd) {
        let outcome = end_to_end(&cloud, documents::large_roster()?).await?;
        println!(
            "\n100,000 rows, uploaded → outcome visible, local cloud: {:.1} s (target 5 s)",
            outcome.as_secs_f64()
        );
    }
    if wanted(Part::Costs) {
        costs::table(&arguments.cloud, &cloud).await?;
    }
    Ok(())
}

/// The best of some runs, and what the last one made.
fn best<T>(mut work: impl FnMut() -> Result<T>) -> Result<(Duration, T)> {
    let mut shortest = Duration::MAX;
    let mut made = None;
    for _ in 0..RUNS {
        let started = Instant::now();
        let result = work()?;
        shortest = shortest.min(started.elapsed());
        made = Some(result);
    }
    Ok((shortest, made.context("no run")?))
}

/// Runs a peer; what it prints is JSON.
#[expect(clippy::disallowed_methods, reason = "`cargo xtask` tells by the environment where the peers are")]
fn peer(script: &str, args: &[&str]) -> Result<Option<Value>> {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    let mut command = if script.ends_with(".py") {
        Command::new(std::env::var_os("PEERS_PYTHON").context("run `cargo xtask bench`")?)
    } else {
        Command::new("node")
    };
    let output = command.arg(script).args(args).current_dir(peers).output()?;
    if !output.status.success() {
        bail!("{script} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(serde_json::from_slice(&output.stdout).ok())
}

async fn end_to_end(cloud: &Cloud, file: Vec<u8>) -> Result<Duration> {
    let handler = Client::new(cloud)?.sign_in("lisi").await?;
    let clerk = Clerk::open(&handler).await?;
    let plans = json!({"plans": [{"code": "hospital-a", "version": "2025", "shares": 1}]});
    clerk.act(Method::PUT, "/plans", plans).await?;
    let started = Instant::now();
    let batch = clerk.import(&["hospital-a"], "roster.xlsx", file).await?;
    ensure!(batch["outcome"]["result"] == "done", "{batch}");
    Ok(started.elapsed())
}
