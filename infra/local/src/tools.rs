//! Programs from PyPI, each in a private environment under `.local-cloud/tools`, pinned by `infra/local/python/<tool>.txt`.

use crate::shell::{command, root, run};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// A pinned Python environment.
#[derive(Clone, Copy)]
pub enum Tool {
    MiniStack,
    AwsCli,
    CargoLambda,
    Checks,
    Mailbox,
    Peers,
    Schemathesis,
}

impl Tool {
    const fn name(self) -> &'static str {
        match self {
            Self::MiniStack => "ministack",
            Self::AwsCli => "awscli",
            Self::CargoLambda => "cargo-lambda",
            Self::Checks => "checks",
            Self::Mailbox => "mailbox",
            Self::Peers => "peers",
            Self::Schemathesis => "schemathesis",
        }
    }

    /// `program` of this environment, which is created first if it is missing or its pins have changed.
    pub fn program(self, program: &str) -> Result<PathBuf> {
        let name = self.name();
        let pins_file = root().join(format!("infra/local/python/{name}.txt"));
        let pins = fs::read_to_string(&pins_file).with_context(|| format!("{} cannot be read", pins_file.display()))?;
        let home = tools().join(name);
        let stamp = home.join("installed.txt");
        if fs::read_to_string(&stamp).ok().as_deref() != Some(&pins) {
            println!("   installing {name} …");
            let python = "Python 3.10 or newer with its venv module is needed: `apt install python3 python3-venv`, or your system's equal.";
            run(command("python3").args(["-m", "venv", "--clear"]).arg(&home), python)?;
            let pip = "PyPI, or a mirror named by PIP_INDEX_URL, must be reachable; then run the same command again.";
            run(
                command(home.join("bin/pip"))
                    .args(["install", "--quiet", "--disable-pip-version-check", "--requirement"])
                    .arg(&pins_file),
                pip,
            )?;
            fs::write(&stamp, &pins)?;
        }
        Ok(home.join("bin").join(program))
    }
}

/// Where tools are kept; shared by all instances.
pub fn tools() -> PathBuf {
    root().join(".local-cloud/tools")
}

/// `cargo lambda`, with the zig it needs to cross-compile.
pub fn cargo_lambda() -> Result<Command> {
    let program = Tool::CargoLambda.program("cargo-lambda")?;
    let bin = program.parent().context("a program has a folder")?.to_owned();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(bin).chain(std::env::split_paths(&path)))?;
    let mut command = command(program);
    command.arg("lambda").env("PATH", path);
    Ok(command)
}

/// A Python script of this repository, run where boto3 is.
pub fn script(path: &str) -> Result<Command> {
    script_in(Tool::MiniStack, path)
}

/// A Python script of this repository, run in the environment of a tool.
pub fn script_in(tool: Tool, path: &str) -> Result<Command> {
    let mut command = command(tool.program("python")?);
    command.arg(root().join(path));
    Ok(command)
}

/// What other programs make of rosters: Python packages in an environment of their own, Node packages beside the scripts.
/// Gives `command` the Python that has them.
pub fn with_peers(command: &mut Command) -> Result<()> {
    let python = Tool::Peers.program("python")?;
    let peers = root().join("tests/peers");
    let (lock, stamp) =
        (fs::read_to_string(peers.join("package-lock.json"))?, peers.join("node_modules/installed.txt"));
    if fs::read_to_string(&stamp).ok().as_deref() != Some(&lock) {
        println!("   installing Node packages for test data …");
        let mut npm = crate::shell::command("npm");
        npm.args(["ci", "--no-audit", "--no-fund", "--silent"]).current_dir(&peers);
        run(&mut npm, "Node 20 or newer with npm is needed, and the npm registry must be reachable.")?;
        fs::write(&stamp, &lock)?;
    }
    command.env("PEERS_PYTHON", python);
    Ok(())
}

/// A program of the system: installed from Debian's packages where that is possible, else named.
pub fn with_system(program: &str, package: &str) -> Result<()> {
    let is_there = || command(program).arg("--version").output().is_ok();
    if is_there() {
        return Ok(());
    }
    println!("   installing {package} …");
    let installed = command("sh")
        .args(["-c", &format!("apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq {package}")])
        .output()
        .is_ok_and(|output| output.status.success());
    if installed && is_there() {
        return Ok(());
    }
    anyhow::bail!("`{program}` is missing: install Debian's {package}, or your system's equal.")
}
