//! From sources to a running stack: build, zip, deploy, seed; and looking at what runs.

use crate::instance::Instance;
use crate::shell::{capture, cargo, command, root, run, step, target};
use crate::tools::{Tool, cargo_lambda, script};
use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use zip::write::{SimpleFileOptions, ZipWriter};

/// Where the portal is served on a laptop.
const PORTAL: &str = "http://localhost:5173";
const MAIL_FROM: &str = "no-reply@mutual-aid.example";

/// Everything a laptop needs, from nothing. Run again, it changes nothing.
pub fn up(instance: &Instance) -> Result<()> {
    let stage = instance.home.join("stage");
    step("Build the functions", || build(instance, &stage))?;
    step("Start the local cloud", || instance.start())?;
    let cloud = step("Deploy infra/template.yaml", || deploy(instance, &stage))?;
    step("Seed organisations, plans and accounts", || {
        run(
            command(target()?.join("local/seed")).arg("--cloud").arg(cloud_file(instance)),
            "Its message is above; `cargo xtask logs` shows the functions' own.",
        )
    })?;
    println!();
    for (what, address) in
        [("API", &cloud["api"]), ("Portal", &cloud["public_url"]), ("AWS endpoint", &cloud["endpoint"])]
    {
        println!("{what:14}{}", address.as_str().unwrap_or("–"));
    }
    println!("{:14}{}", "Cloud file", cloud_file(instance).display());
    if let (Some(endpoint), false) = (instance.endpoint(), instance.is_external()) {
        println!("{:14}{endpoint}/_ministack/ses/messages", "Mails");
        println!("{:14}{endpoint}/_ministack/sns/sms-messages", "Text messages");
    }
    Ok(())
}

/// Whether it runs, where, and what waits in its queues.
pub fn status(instance: &Instance) -> Result<()> {
    if !instance.is_external() {
        let Some(pid) = instance.running()? else {
            println!("Local cloud `{}` does not run: `cargo xtask up` starts it.", instance.name);
            return Ok(());
        };
        println!("Local cloud `{}`: process {pid}, log {}", instance.name, instance.log().display());
    }
    script_on(instance, "infra/local/status.py", &[])
}

/// Log lines of one function, or of all.
pub fn logs(instance: &Instance, function: Option<&str>, follow: bool) -> Result<()> {
    script_on(instance, "infra/local/logs.py", &[function.unwrap_or("all"), if follow { "follow" } else { "once" }])
}

/// Hands every invocation of `function` to `cargo lambda watch`, until stopped.
pub fn watch(instance: &Instance, function: &str) -> Result<()> {
    let lambda = cargo_lambda()?;
    let path = lambda
        .get_envs()
        .find_map(|(name, value)| (name == "PATH").then_some(value?))
        .context("cargo lambda needs its PATH")?;
    let mut watch = script("infra/local/watch.py")?;
    watch.env("PATH", path).arg(lambda.get_program()).arg(cloud_file(instance)).arg(function);
    Err(watch.exec()).context("infra/local/watch.py does not start")
}

/// A folder that `aws cloudformation package` and `deploy` take to AWS: the template and a zip per function.
pub fn package(x86_64: bool) -> Result<()> {
    let folder = root().join("target/package");
    step("Build for AWS (about a minute per function)", || build_for_aws(&folder, x86_64))?;
    println!("\ntarget/package is complete; docs/local-cloud.md says how it is deployed.");
    Ok(())
}

/// The file that tells the seed, demos and tests where everything is.
pub fn cloud_file(instance: &Instance) -> PathBuf {
    instance.home.join("cloud.json")
}

fn script_on(instance: &Instance, path: &str, args: &[&str]) -> Result<()> {
    let cloud = cloud_file(instance);
    if !cloud.exists() {
        bail!("nothing is deployed yet: `cargo xtask up` comes first.");
    }
    let mut script = script(path)?;
    Err(script.arg(cloud).args(args).exec()).context(format!("{path} does not start"))
}

/// Names of the folders of `functions/`.
fn functions() -> Result<Vec<String>> {
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

/// Fills `stage` with the template and the zips that belong to this cloud.
fn build(instance: &Instance, stage: &Path) -> Result<()> {
    // The whole workspace, so that tests find every dependency built with the same features.
    run(cargo().args(["build", "--profile", "local", "--workspace", "--bins"]), "The compiler's message is above.")?;
    if instance.is_aws() {
        return build_for_aws(stage, false);
    }
    let built = target()?.join("local");
    fs::create_dir_all(stage.join("functions"))?;
    for name in functions()? {
        zip_bootstrap(&built.join(&name), &stage.join(format!("functions/{name}.zip")))?;
    }
    fs::copy(root().join("infra/template.yaml"), stage.join("template.yaml"))?;
    Ok(())
}

fn build_for_aws(stage: &Path, x86_64: bool) -> Result<()> {
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

/// Writes `binary` as `bootstrap` into `archive`, unless the archive is newer. Same binary, same bytes: the upload is named by its hash.
fn zip_bootstrap(binary: &Path, archive: &Path) -> Result<()> {
    let modified = |path: &Path| fs::metadata(path).and_then(|file| file.modified());
    let built = modified(binary).with_context(|| format!("{} was not built", binary.display()))?;
    if modified(archive).is_ok_and(|zipped| zipped > built) {
        return Ok(());
    }
    let options = SimpleFileOptions::default().unix_permissions(0o755).compression_level(Some(1));
    let mut zip = ZipWriter::new(File::create(archive)?);
    zip.start_file("bootstrap", options)?;
    zip.write_all(&fs::read(binary)?)?;
    zip.finish()?;
    Ok(())
}

/// Brings the stack up to date and writes the cloud file, which it returns.
fn deploy(instance: &Instance, stage: &Path) -> Result<Value> {
    let stack = format!("mutual-aid-{}", instance.name);
    let parameters = [
        format!("StackStage={}", instance.name),
        format!("EndpointUrl={}", instance.endpoint().unwrap_or_default()),
        format!("PublicUrl={PORTAL}"),
        format!("MailFrom={MAIL_FROM}"),
        format!(
            "Architecture={}",
            if instance.is_aws() || std::env::consts::ARCH == "aarch64" { "arm64" } else { "x86_64" }
        ),
    ];
    let revision = revision(stage, &parameters)?;
    let deployed = describe(instance, &stack);
    let current = deployed.as_ref().is_ok_and(|stack| {
        let done =
            stack["StackStatus"].as_str().is_some_and(|status| matches!(status, "CREATE_COMPLETE" | "UPDATE_COMPLETE"));
        done && stack["Tags"]
            .as_array()
            .is_some_and(|tags| tags.contains(&json!({"Key": "revision", "Value": revision})))
    });
    if current {
        println!("   nothing has changed");
    } else {
        let identity: Value = serde_json::from_str(&capture(
            aws(instance)?.args(["sts", "get-caller-identity"]),
            "The cloud refuses its credentials.",
        )?)?;
        let account = identity["Account"].as_str().context("get-caller-identity names no account")?;
        let bucket = format!("mutual-aid-artifacts-{account}-{}", instance.credentials()?.0);
        let packaged = stage.join("packaged.yaml");
        let advice = format!(
            "Its message is above. MiniStack's log: {}. `cargo xtask reset` starts afresh.",
            instance.log().display()
        );
        capture(aws(instance)?.args(["s3", "mb", &format!("s3://{bucket}")]), "")
            .or_else(|_| capture(aws(instance)?.args(["s3", "ls", &bucket]), &advice))?;
        capture(
            aws(instance)?
                .args(["cloudformation", "package", "--s3-bucket", &bucket, "--template-file"])
                .arg(stage.join("template.yaml"))
                .arg("--output-template-file")
                .arg(&packaged),
            &advice,
        )?;
        let mut update = aws(instance)?;
        update.args([
            "cloudformation",
            "deploy",
            "--stack-name",
            &stack,
            "--s3-bucket",
            &bucket,
            "--no-fail-on-empty-changeset",
        ]);
        update.args(["--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND", "--template-file"]).arg(&packaged);
        update.arg("--tags").arg(format!("revision={revision}")).arg("--parameter-overrides").args(&parameters);
        if let Err(error) = capture(&mut update, &advice) {
            let query = "StackEvents[?contains(ResourceStatus,'FAILED')].[LogicalResourceId,ResourceStatusReason]";
            run(
                aws(instance)?.args([
                    "cloudformation",
                    "describe-stack-events",
                    "--stack-name",
                    &stack,
                    "--output",
                    "table",
                    "--query",
                    query,
                ]),
                "",
            )?;
            return Err(error);
        }
    }
    let cloud = cloud(instance, &stack, &describe(instance, &stack)?)?;
    fs::write(cloud_file(instance), format!("{cloud:#}\n"))?;
    Ok(cloud)
}

/// Changes whenever something is to be deployed anew.
fn revision(stage: &Path, parameters: &[String]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    parameters.hash(&mut hasher);
    fs::read(stage.join("template.yaml"))?.hash(&mut hasher);
    for name in functions()? {
        fs::read(stage.join(format!("functions/{name}.zip")))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

fn aws(instance: &Instance) -> Result<Command> {
    let mut aws = command(Tool::AwsCli.program("aws")?);
    instance.configure(&mut aws)?;
    Ok(aws)
}

fn describe(instance: &Instance, stack: &str) -> Result<Value> {
    let output = aws(instance)?
        .args(["cloudformation", "describe-stacks", "--output", "json", "--stack-name", stack])
        .output()?;
    if !output.status.success() {
        bail!("{}", String::from_utf8_lossy(&output.stderr).trim());
    }
    let mut answer: Value = serde_json::from_slice(&output.stdout)?;
    Ok(answer["Stacks"][0].take())
}

/// What the seed, demos and tests need to know of a deployed stack; docs/local-cloud.md describes it.
fn cloud(instance: &Instance, name: &str, stack: &Value) -> Result<Value> {
    let outputs: Map<String, Value> = stack["Outputs"]
        .as_array()
        .context("the stack has no outputs")?
        .iter()
        .filter_map(|output| Some((output["OutputKey"].as_str()?.to_owned(), output["OutputValue"].clone())))
        .collect();
    let ending = |suffix: &str| -> Map<String, Value> {
        outputs.iter().filter_map(|(key, value)| Some((kebab(key.strip_suffix(suffix)?), value.clone()))).collect()
    };
    let text = |key: &str| outputs[key].as_str().unwrap_or_default();
    let api = match instance.endpoint() {
        Some(endpoint) => format!("{endpoint}/_aws/execute-api/{}/$default", text("ApiId")),
        None => text("ApiAddress").to_owned(),
    };
    let (region, access_key_id, secret_access_key) = instance.credentials()?;
    let (tables, buckets, queues, keys) = (
        ending("Table"),
        ending("Bucket"),
        ending("Queue"),
        json!({"fields": text("FieldKey"), "tokens": text("TokenKey")}),
    );
    let mut environment = Map::new();
    for (prefix, names) in [("TABLE", &tables), ("BUCKET", &buckets), ("QUEUE", &queues)] {
        environment.extend(
            names
                .iter()
                .map(|(name, value)| (format!("{prefix}_{}", name.to_uppercase().replace('-', "_")), value.clone())),
        );
    }
    for (variable, value) in [
        ("KEY_FIELDS", text("FieldKey")),
        ("KEY_TOKENS", text("TokenKey")),
        ("PUBLIC_URL", PORTAL),
        ("MAIL_FROM", MAIL_FROM),
    ] {
        environment.insert(variable.to_owned(), value.into());
    }
    let functions: Map<String, Value> =
        functions()?.into_iter().map(|function| (function.clone(), format!("{name}-{function}").into())).collect();
    Ok(json!({
        "instance": instance.name, "stack": name, "api": api, "public_url": PORTAL, "mail_from": MAIL_FROM,
        "endpoint": instance.endpoint(), "region": region, "access_key_id": access_key_id, "secret_access_key": secret_access_key,
        "tables": tables, "buckets": buckets, "queues": queues, "dead_letters": ending("DeadLetters"), "keys": keys,
        "functions": functions, "environment": environment,
    }))
}

/// `RosterUpload` → `roster-upload`.
fn kebab(pascal: &str) -> String {
    let mut kebab = String::new();
    for letter in pascal.chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}

#[cfg(test)]
mod tests {
    use super::kebab;

    #[test]
    fn outputs_are_named_like_folders() {
        assert_eq!(kebab("RosterUpload"), "roster-upload");
        assert_eq!(kebab("Cover"), "cover");
    }
}
