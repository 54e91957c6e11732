//! Walks a journey on a running stack and leaves every produced file in a folder.

use std::path::PathBuf;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Result, bail};
use clap::Parser;
use tests::branches;
use tests::cast::Story;
use tests::cloud::Cloud;
use tests::registering::registration;
use tests::walk;

/// Walks a journey on a running stack.
#[derive(Parser)]
struct Arguments {
    /// Which journey: `enrolment` or `registration`.
    #[arg(default_value = "enrolment")]
    journey: String,
    /// The cloud file that `cargo xtask up` writes.
    #[arg(long)]
    cloud: PathBuf,
    /// Folder for the produced files; emptied first.
    #[arg(long)]
    out: PathBuf,
}

/// Other people every time: those of the last run are under cover now.
#[expect(clippy::disallowed_methods, reason = "a run must differ from every earlier one")]
fn seed() -> Result<u32> {
    Ok(u32::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() % 1_000_000)?)
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let cloud = Cloud::read(&arguments.cloud)?;
    let mut story = Story::begin(&arguments.out)?;
    let seed = seed()?;
    let started = Instant::now();
    match arguments.journey.as_str() {
        "enrolment" => {
            walk::enrolment(&cloud, &mut story, seed).await?;
            branches::enrolment(&cloud, &mut story, seed).await?;
        }
        "registration" => registration(&cloud, &mut story, seed).await?,
        other => bail!("there is no journey `{other}`: enrolment, registration"),
    }
    println!("\n{:.1} s. The files are in {}.", started.elapsed().as_secs_f64(), arguments.out.display());
    Ok(())
}
