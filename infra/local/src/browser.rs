//! The portal in a browser: its tests, and figures of how it feels.

use crate::instance::Instance;
use crate::portal::{install, npm};
use crate::shell::{capture, root, run};
use crate::tools::with_system;
use anyhow::Result;
use serde::Deserialize;
use std::path::PathBuf;

/// What `bench.spec.ts` prints, one line of JSON each.
#[derive(Deserialize)]
struct Figure {
    name: String,
    value: f64,
    unit: String,
    target: f64,
}

/// Clicks through the portal that `up` serves.
pub fn journeys(instance: &Instance) -> Result<()> {
    let tests = prepared()?;
    run(&mut npm(&tests, &["run", "--silent", "check"]), "The compiler's message is above.")?;
    let mut playwright = npm(&tests, &["test", "--silent"]);
    playwright.env("PORTAL_URL", instance.portal());
    run(&mut playwright, "The failing tests are named above; tests/browser/results has pictures and traces.")
}

/// How the portal that `up` serves feels, beside what it should.
pub fn figures(instance: &Instance) -> Result<()> {
    let mut playwright = npm(&prepared()?, &["run", "--silent", "bench"]);
    let said = capture(playwright.env("PORTAL_URL", instance.portal()), "What failed is above.")?;
    println!("\n{:<28} {:>10}  {:<20} {:>8}", "portal, in Chromium", "here", "", "target");
    for Figure { name, value, unit, target } in said.lines().filter_map(|line| serde_json::from_str(line.trim()).ok()) {
        println!("{name:<28} {value:>10.1}  {unit:<20} {target:>8}");
    }
    Ok(())
}

fn prepared() -> Result<PathBuf> {
    with_system("chromium", "chromium fonts-noto-cjk")?;
    let tests = root().join("tests/browser");
    install(&tests)?;
    Ok(tests)
}
