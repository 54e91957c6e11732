//! The checks: `check` while editing, `test` for everything; and what is run against a cloud, demos and benchmarks.

use crate::browser;
use crate::build;
use crate::cloud;
use crate::deploy::up;
use crate::instance::Instance;
use crate::portal;
use crate::shell::{cargo, command, root, run, target};
use crate::tools::{Tool, script, script_in, with_peers, with_system};
use anyhow::{Result, bail, ensure};
use std::path::Path;
use std::time::{Duration, Instant};

/// Names a step, its time and its outcome, and goes on after a failure: the summary shows all of them.
struct Suite {
    steps: Vec<(&'static str, Duration, Result<(), String>)>,
}

impl Suite {
    fn step(&mut self, title: &'static str, work: impl FnOnce() -> Result<()>) -> bool {
        let started = Instant::now();
        println!("\n── {title}");
        let outcome = work().map_err(|error| format!("{error:#}"));
        if let Err(error) = &outcome {
            println!("   FAILED: {error}");
        }
        self.steps.push((title, started.elapsed(), outcome));
        self.steps.last().is_some_and(|(_, _, outcome)| outcome.is_ok())
    }

    fn finish(self) -> Result<()> {
        println!("\n{:56}{:>9}", "step", "seconds");
        for (title, time, outcome) in &self.steps {
            println!(
                "{title:56}{:>9}  {}",
                format!("{:.1}", time.as_secs_f64()),
                if outcome.is_ok() { "ok" } else { "FAILED" }
            );
        }
        let failed = self.steps.iter().filter(|(_, _, outcome)| outcome.is_err()).count();
        if failed > 0 {
            bail!("{failed} of {} steps failed; each says above why.", self.steps.len());
        }
        println!("All {} steps passed.", self.steps.len());
        Ok(())
    }
}

/// The fast inner loop.
pub fn check() -> Result<()> {
    let mut suite = Suite { steps: Vec::new() };
    suite.step("Format", format);
    suite.step("Clippy", clippy);
    suite.step("Tests without a cloud", || tests(&["--workspace", "--exclude", "tests"], None));
    suite.finish()
}

/// Everything, with a local cloud that starts empty and is gone afterwards.
pub fn test(instance: &Instance) -> Result<()> {
    let mut suite = Suite { steps: Vec::new() };
    suite.step("Format", format);
    suite.step("Template: cfn-lint", || {
        run(command(Tool::Checks.program("cfn-lint")?).arg("infra/template.yaml"), "cfn-lint names the line.")
    });
    suite.step("Template: rules", || run(&mut script("infra/probes/rules.py")?, "Each broken rule is named above."));
    suite.step("Dependencies: licences, duplicates, sources", || {
        // Advisories need GitHub; `cargo deny check advisories` asks for them where it can be reached.
        run(
            command(Tool::Checks.program("cargo-deny")?).args(["--locked", "check", "bans", "licenses", "sources"]),
            "deny.toml says what is allowed.",
        )
    });
    suite.step("Clippy", clippy);
    suite.step("Portal: types, lints, unit tests", portal::check);
    let built = suite.step("Build functions, portal and tests", || build::everything().and_then(|()| portal::build()));
    let ready = built
        && suite.step("Local cloud", || {
            if !instance.is_external() {
                instance.reset()?;
            }
            up(instance, false)
        });
    if ready {
        suite.step("Conformance of the cloud", || {
            let mut probes = script("infra/probes/conformance.py")?;
            instance.configure(&mut probes)?;
            run(&mut probes, "The table above names what this cloud does not do as AWS does.")
        });
        suite.step("Tests", || tests(&["--workspace"], Some(instance)));
        if !instance.is_external() {
            suite.step("The portal in a browser", || browser::journeys(instance));
        }
    }
    if ready && !instance.is_external() {
        suite.step("Down and up again: everything survives", || down_and_up(instance));
        // It closes accounts and overwrites settings, so nothing else comes after it.
        suite.step("Thousands of requests nobody meant (schemathesis)", || fuzz(instance));
        suite.step("No personal data where none may be", || canaries(instance));
    }
    if !instance.is_external() {
        suite.step("Stop the local cloud", || instance.stop());
    }
    suite.finish()
}

/// Stopping leaves no process, starting again finds everything as it was, deploying once more changes nothing, and the
/// main job runs as before.
fn down_and_up(instance: &Instance) -> Result<()> {
    let snapshot = instance.home.join("survival.json");
    let survival = || {
        let mut probe = script("infra/probes/survival.py")?;
        instance.configure(&mut probe)?;
        run(probe.arg(cloud::file(instance)).arg(&snapshot), "State is written when MiniStack stops: see its log.")
    };
    survival()?;
    instance.stop()?;
    let left = instance.functions()?;
    ensure!(left.is_empty(), "{} functions still run after `down`", left.len());
    for _ in 0..2 {
        let started = Instant::now();
        up(instance, false)?;
        println!("   ready in {:.1} s", started.elapsed().as_secs_f64());
        survival()?;
    }
    walk(instance, None, &target()?.join("tmp/demo"))
}

/// Whether every route answers whatever it is sent as docs/openapi.json says.
fn fuzz(instance: &Instance) -> Result<()> {
    let mut fuzz = script_in(Tool::Schemathesis, "infra/probes/fuzz.py")?;
    instance.configure(&mut fuzz)?;
    run(fuzz.arg(cloud::file(instance)), "Each finding is above, with the first request that shows it.")
}

/// Looks for numbers of people in everything the tests have left behind.
fn canaries(instance: &Instance) -> Result<()> {
    let mut canaries = script("infra/probes/canaries.py")?;
    instance.configure(&mut canaries)?;
    run(canaries.arg(cloud::file(instance)).arg(instance.log()), "The places are named above, never the numbers.")
}

/// The main jobs on real files against the running cloud.
pub fn demo(instance: &Instance, journey: Option<&str>) -> Result<()> {
    up(instance, true)?;
    walk(instance, journey, &root().join("target/demo"))
}

/// Walks a journey on the running cloud; what it produces goes to `out`.
fn walk(instance: &Instance, journey: Option<&str>, out: &Path) -> Result<()> {
    with_poppler()?;
    let mut demo = command(target()?.join("local/demo"));
    demo.args(journey).arg("--cloud").arg(cloud::file(instance)).arg("--out").arg(out);
    with_peers(&mut demo)?;
    run(&mut demo, "Its message is above; `cargo xtask logs` shows the functions' own.")
}

/// Benchmarks against the running cloud, in the build the laptop runs: the crates that crunch bytes are optimised in it.
pub fn bench(instance: &Instance, args: &[String]) -> Result<()> {
    up(instance, true)?;
    let mut bench = command(target()?.join("local/bench"));
    bench.arg("--cloud").arg(cloud::file(instance)).args(args);
    bench.env("CLOUD_PYTHON", Tool::MiniStack.program("python")?);
    with_peers(&mut bench)?;
    run(&mut bench, "Its message is above.")?;
    if args.is_empty() && !instance.is_external() { browser::figures(instance) } else { Ok(()) }
}

/// Demos and tests read printed PDFs back with it.
fn with_poppler() -> Result<()> {
    with_system("pdftotext", "poppler-utils")
}

fn format() -> Result<()> {
    run(cargo().args(["fmt", "--all", "--check"]), "`cargo fmt --all` puts it right.")
}

fn clippy() -> Result<()> {
    run(
        cargo().args(["clippy", "--profile", "local", "--workspace", "--all-targets", "--", "--deny", "warnings"]),
        "Mend what it names; where it is wrong, `#[expect(lint, reason = \"…\")]`.",
    )
}

/// `selection`: the packages whose tests run. Tests that need a cloud find it in the file named by `CLOUD_FILE`.
fn tests(selection: &[&str], cloud: Option<&Instance>) -> Result<()> {
    with_poppler()?;
    let nextest = Tool::Checks.program("cargo-nextest").ok().filter(|program| program.exists());
    let mut tests = match nextest {
        Some(program) => {
            let mut nextest = command(program);
            nextest.args([
                "nextest",
                "run",
                "--profile",
                if cloud.is_some() { "ci" } else { "default" },
                "--cargo-profile",
                "local",
                "--no-tests",
                "warn",
            ]);
            nextest
        }
        None => {
            let mut cargo = cargo();
            cargo.args(["test", "--profile", "local"]);
            cargo
        }
    };
    tests.args(selection);
    if let Some(instance) = cloud {
        cloud::configure(instance, &mut tests)?;
        with_peers(&mut tests)?;
        tests.env("CARGO_LAMBDA", Tool::CargoLambda.program("cargo-lambda")?);
    }
    run(&mut tests, "The failing tests are named above.")
}
