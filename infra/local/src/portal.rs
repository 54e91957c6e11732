//! The portal on a laptop: built when its sources changed, served beside the local cloud as CloudFront serves it in AWS.

use crate::companion::Companion;
use crate::instance::Instance;
use crate::shell::{capture, command, root, run};
use anyhow::{Context, Result};
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::process::Command;

const NODE: &str = "Node 20.19 or newer with npm is needed, and the npm registry must be reachable.";
/// What the build is made from, below portal/ but the last.
const SOURCES: [&str; 7] =
    ["src", "public", "index.html", "vite.config.ts", "tsconfig.json", "package-lock.json", "../docs/openapi.json"];

fn home() -> PathBuf {
    root().join("portal")
}

/// Where the built portal lies.
pub fn dist() -> PathBuf {
    home().join("dist")
}

/// `npm` in a folder that holds a `package.json`.
pub fn npm(folder: &Path, args: &[&str]) -> Command {
    let mut npm = command("npm");
    npm.args(args).current_dir(folder);
    npm
}

/// Installs what the folder's `package-lock.json` names, unless that is there.
pub fn install(folder: &Path) -> Result<()> {
    let lock = fs::read_to_string(folder.join("package-lock.json"))?;
    let stamp = folder.join("node_modules/installed.txt");
    if fs::read_to_string(&stamp).ok().as_deref() != Some(&lock) {
        println!("   installing Node packages …");
        run(&mut npm(folder, &["ci", "--no-audit", "--no-fund", "--silent"]), NODE)?;
        fs::write(&stamp, &lock)?;
    }
    Ok(())
}

/// Builds the portal, unless its sources are those of the last build.
pub fn build() -> Result<()> {
    install(&home())?;
    let revision = revision()?;
    let stamp = dist().join(".revision");
    if fs::read_to_string(&stamp).ok().as_deref() == Some(&revision) {
        return Ok(());
    }
    capture(&mut npm(&home(), &["run", "--silent", "build"]), "The compiler's message is above.")?;
    fs::write(stamp, revision)?;
    Ok(())
}

/// Lints, type checks and unit tests.
pub fn check() -> Result<()> {
    install(&home())?;
    run(&mut npm(&home(), &["run", "--silent", "check"]), "What is wrong is named above.")
}

/// Changes whenever something is to be built anew.
fn revision() -> Result<String> {
    let mut files = Vec::new();
    for source in SOURCES {
        collect(&home().join(source), &mut files)?;
    }
    files.sort_unstable();
    let mut hasher = DefaultHasher::new();
    for file in files {
        file.hash(&mut hasher);
        fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        // Generated from docs/openapi.json, which is one of the sources.
        if !path.to_string_lossy().ends_with(".gen.ts") {
            files.push(path.to_owned());
        }
        return Ok(());
    }
    for entry in fs::read_dir(path)? {
        collect(&entry?.path(), files)?;
    }
    Ok(())
}

/// Copies the built portal to `folder`.
pub fn package(folder: &Path) -> Result<()> {
    build()?;
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let mut files = Vec::new();
    collect(&dist(), &mut files)?;
    for file in files.iter().filter(|file| !file.ends_with(".revision")) {
        let target = folder.join(file.strip_prefix(dist())?);
        fs::create_dir_all(target.parent().context("a file lies in a folder")?)?;
        fs::copy(file, target)?;
    }
    Ok(())
}

/// Serves the portal of an instance, unless it is served already for the same API.
pub fn serve(instance: &Instance, api: &str) -> Result<()> {
    let storage = instance.endpoint().context("AWS serves the portal itself")?;
    let mut node = Command::new("node");
    node.arg(home().canonicalize()?.join("serve/main.mjs"))
        .env("PORTAL_PORT", instance.portal_port().to_string())
        .env("PORTAL_API", api)
        .env("PORTAL_STORAGE", &storage)
        .env("PORTAL_HINTS", instance.hints());
    let settings = format!("{api}\n{storage}\n{}", instance.portal());
    companion(instance).start(node, &settings, NODE)
}

/// The process that serves the portal of an instance.
pub const fn companion(instance: &Instance) -> Companion<'_> {
    Companion { instance, name: "portal", program: "serve/main.mjs", port: instance.portal_port() }
}
