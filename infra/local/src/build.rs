//! Functions as zips: quick ones for the local cloud, small ones for AWS.

use crate::instance::Instance;
use crate::shell::{cargo, root, run, target};
use crate::tools::cargo_lambda;
use anyhow::Result;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use zip::write::{SimpleFileOptions, ZipWriter};

/// Stands in for a function that was not built.
const NOT_BUILT: &[u8] = b"#!/bin/sh\necho 'this function was not built' >&2\nexit 1\n";

/// Names of the folders of `functions/`.
pub fn functions() -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(root().join("functions"))? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").exists() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Builds what the tests need, programs and tests together: built apart, some dependencies would get other features and
/// be compiled twice, with everything above them.
pub fn everything() -> Result<()> {
    run(
        cargo().args(["build", "--profile", "local", "--workspace", "--all-targets"]),
        "The compiler's message is above.",
    )
}

/// Fills `stage` with the template and the zips that belong to this cloud.
///
/// Without `compile`, the programs are taken as they are.
pub fn stage(instance: &Instance, stage: &Path, compile: bool) -> Result<()> {
    if compile {
        run(
            cargo().args(["build", "--profile", "local", "--workspace", "--bins"]),
            "The compiler's message is above.",
        )?;
    }
    if instance.is_aws() {
        return for_aws(stage, false);
    }
    let built = target()?.join("local");
    fs::create_dir_all(stage.join("functions"))?;
    for name in functions()? {
        zip_bootstrap(&built.join(&name), &stage.join(format!("functions/{name}.zip")))?;
    }
    fs::copy(root().join("infra/template.yaml"), stage.join("template.yaml"))?;
    Ok(())
}

/// Fills `stage` with the template and zips for AWS, of the profile `ship`.
pub fn for_aws(stage: &Path, x86_64: bool) -> Result<()> {
    let functions = functions()?;
    let mut build = cargo_lambda()?;
    build.args(["build", "--profile", "ship", "--output-format", "zip", if x86_64 { "--x86-64" } else { "--arm64" }]);
    build.args(functions.iter().flat_map(|name| ["--bin", name]));
    run(&mut build, "The compiler's message is above.")?;
    fs::create_dir_all(stage.join("functions"))?;
    for name in functions {
        fs::copy(target()?.join(format!("lambda/{name}/bootstrap.zip")), stage.join(format!("functions/{name}.zip")))?;
    }
    fs::copy(root().join("infra/template.yaml"), stage.join("template.yaml"))?;
    Ok(())
}

/// Writes `binary` as `bootstrap` into `archive`, unless the archive is newer.
/// Same binary, same bytes: an upload is named by its hash, so nothing is deployed twice.
fn zip_bootstrap(binary: &Path, archive: &Path) -> Result<()> {
    let modified = |path: &Path| fs::metadata(path).and_then(|file| file.modified()).ok();
    let built = modified(binary);
    if built.is_some() && modified(archive) > built {
        return Ok(());
    }
    let program = if built.is_some() { fs::read(binary)? } else { NOT_BUILT.to_vec() };
    let options = SimpleFileOptions::default().unix_permissions(0o755).compression_level(Some(1));
    let unfinished = archive.with_extension("part");
    let mut zip = ZipWriter::new(File::create(&unfinished)?);
    zip.start_file("bootstrap", options)?;
    zip.write_all(&program)?;
    zip.finish()?;
    fs::rename(unfinished, archive)?;
    Ok(())
}
