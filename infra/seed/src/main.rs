//! Fills a fresh installation: organisation, units, plans, accounts, workbooks to fill in, and the data key. Run again,
//! it changes nothing that is there.

mod accounts;
mod organisation;

use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use aws::connect::Aws;
use aws::dynamo::Dynamo;
use aws::world::SystemIds;
use clap::Parser;
use documents::workbook::template;
use domain::plan::Catalogue;
use jiff::civil::date;
use serde_json::Value;
use workflow::ports::{Ids, Objects};
use workflow::templates::TEMPLATES;

/// Sample catalogue of plans and offices.
const CATALOGUE: &str = include_str!("../../../shared/domain/catalogue/plans.json");
/// Password of the sample accounts on a laptop. Elsewhere a random one is made and shown once.
const LAPTOP_PASSWORD: &str = "Huzhu-Baozhang-2026";
/// Content type of workbooks.
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Set in the process that has the cloud's environment.
const READY: &str = "SEED_HAS_ENVIRONMENT";

/// Fills a fresh installation.
#[derive(Parser)]
struct Arguments {
    /// The cloud file that `cargo xtask up` writes.
    #[arg(long)]
    cloud: PathBuf,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let text = std::fs::read_to_string(&arguments.cloud)
        .with_context(|| format!("{} cannot be read; `cargo xtask up` writes it", arguments.cloud.display()))?;
    let cloud: Value = serde_json::from_str(&text).context("the cloud file is not JSON")?;
    if std::env::var_os(READY).is_none() {
        return again_within(&cloud);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(fill(&cloud))
}

/// The adapters read the environment once, as in a function: this program runs itself again within the cloud's.
fn again_within(cloud: &Value) -> Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(std::env::args_os().skip(1)).env(READY, "1");
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
    let status = command.status()?;
    if status.success() { Ok(()) } else { bail!("the installation was not filled: its message is above") }
}

async fn fill(cloud: &Value) -> Result<()> {
    let aws = Aws::connect().await;
    let store = aws.dynamo();
    aws.create_wrapped_key().await?;
    let cipher = Arc::new(aws.cipher().await?);
    let catalogue = Catalogue::parse(CATALOGUE)?;
    plans(&store, &catalogue).await?;
    let units = organisation::fill(&store, &catalogue).await?;
    templates(&aws.objects(), &catalogue).await?;
    let password = if cloud["endpoint"].is_string() { LAPTOP_PASSWORD.to_owned() } else { random_password() };
    let made = accounts::fill(&store, &*cipher, &password).await?;
    println!("{} plans, {units} units.", catalogue.plans.len());
    accounts::print(made.then_some(password.as_str()).or((password == LAPTOP_PASSWORD).then_some(LAPTOP_PASSWORD)));
    Ok(())
}

fn random_password() -> String {
    SystemIds.secret().iter().take(12).map(|byte| format!("{byte:02x}")).collect()
}

async fn plans(store: &Dynamo, catalogue: &Catalogue) -> Result<()> {
    for plan in &catalogue.plans {
        store.put_plan(plan).await?;
    }
    Ok(())
}

/// The workbooks to fill in; their creation date is part of their version.
async fn templates(objects: &dyn Objects, catalogue: &Catalogue) -> Result<()> {
    let created = date(2025, 1, 1).at(0, 0, 0, 0);
    let variants: Vec<&str> = catalogue.plans.iter().map(|plan| plan.variant.as_str()).collect();
    for item in TEMPLATES {
        let columns: &[&str] = if item.kind == "general" { &[] } else { &variants };
        objects.put(item.key, template(columns, created)?.into(), XLSX).await?;
    }
    Ok(())
}
