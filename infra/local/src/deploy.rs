//! From sources to a running stack: build, zip, deploy, seed; and looking at what runs.

use crate::instance::Instance;
use crate::shell::{capture, command, root, run, step, target};
use crate::tools::{Tool, cargo_lambda, script};
use crate::{build, cloud, mailbox, portal};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::Command;

/// Who e-mails are from on a laptop.
pub const MAIL_FROM: &str = "no-reply@mutual-aid.example";
/// Who is told of overdue tasks and dead letters on a laptop.
pub const MAIL_OPERATIONS: &str = "operations@mutual-aid.example";
/// How long a laptop waits before it asks a provider again, in seconds.
pub const RETRY_SECONDS: u32 = 2;
/// The signature of text messages: the template's default.
pub const TEXT_SIGN: &str = "职工互助保障";

/// Everything a laptop needs, from nothing. Run again, it changes nothing.
///
/// Without `compile`, the programs are taken as they are.
pub fn up(instance: &Instance, compile: bool) -> Result<()> {
    let stage = instance.home.join("stage");
    step("Build the functions", || {
        // A fresh machine fetches its tools while the compiler works.
        std::thread::scope(|scope| {
            let tools = scope.spawn(|| Tool::AwsCli.program("aws").and_then(|_| Tool::MiniStack.program("ministack")));
            build::stage(instance, &stage, compile)?;
            tools.join().unwrap_or_else(|_| bail!("installing the tools panicked"))
        })
    })?;
    step("Start the local cloud", || {
        if !instance.is_external() {
            mailbox::start(instance)?;
        }
        instance.start()
    })?;
    let cloud = step("Deploy infra/template.yaml", || deploy(instance, &stage))?;
    step("Seed organisations, plans and accounts", || {
        let seed = target()?.join("local/seed");
        if !compile && !seed.exists() {
            println!("   not built, so nothing is seeded");
            return Ok(());
        }
        let mut seed = command(seed);
        cloud::configure(instance, &mut seed)?;
        if !instance.is_external() {
            seed.env("SAMPLE_ACCOUNTS", instance.hints()).env("MAILS", mailbox::address(instance));
        }
        run(&mut seed, "Its message is above.")
    })?;
    if !instance.is_external() {
        step("Build and serve the portal", || {
            if compile || !portal::dist().exists() {
                portal::build()?;
            }
            portal::serve(instance, cloud["api"].as_str().context("the cloud file names no API")?)
        })?;
    }
    println!();
    if !instance.is_external() {
        println!("{:14}{}", "Portal", instance.portal());
    }
    for (what, address) in [("API", &cloud["api"]), ("AWS endpoint", &cloud["endpoint"])] {
        println!("{what:14}{}", address.as_str().unwrap_or("–"));
    }
    println!("{:14}{}", "Cloud file", cloud::file(instance).display());
    if let (Some(endpoint), false) = (instance.endpoint(), instance.is_external()) {
        println!("{:14}{}", "Mails", mailbox::address(instance));
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
        let companions = [
            (portal::companion(instance), instance.portal()),
            (mailbox::companion(instance), mailbox::address(instance)),
        ];
        for (companion, address) in companions {
            match companion.running()? {
                Some(pid) => println!("The {} {address}: process {pid}", companion.name),
                None => println!("The {} does not run: `cargo xtask up` starts it.", companion.name),
            }
        }
    }
    script_on(instance, "infra/local/status.py", &[])
}

/// Log lines of one function, or of all.
pub fn logs(instance: &Instance, function: Option<&str>, follow: bool) -> Result<()> {
    script_on(instance, "infra/local/logs.py", &[function.unwrap_or("all"), if follow { "follow" } else { "once" }])
}

/// Puts the dead letters of a queue back.
pub fn redrive(instance: &Instance, queue: &str) -> Result<()> {
    script_on(instance, "infra/local/redrive.py", &[queue])
}

/// Hands every invocation of `function` to `cargo lambda watch`, until stopped.
pub fn watch(instance: &Instance, function: &str) -> Result<()> {
    let lambda = cargo_lambda()?;
    let path = lambda
        .get_envs()
        .find_map(|(name, value)| (name == "PATH").then_some(value?))
        .context("cargo lambda needs its PATH")?;
    let mut watch = script("infra/local/watch.py")?;
    watch.env("PATH", path).arg(lambda.get_program()).arg(cloud::file(instance)).arg(function);
    Err(watch.exec()).context("infra/local/watch.py does not start")
}

/// A folder that `aws cloudformation package` and `deploy` take to AWS: the template and a zip per function.
pub fn package(x86_64: bool) -> Result<()> {
    let folder = root().join("target/package");
    step("Build for AWS (about a minute per function)", || build::for_aws(&folder, x86_64))?;
    step("Build the portal", || portal::package(&folder.join("portal")))?;
    println!("\ntarget/package is complete; docs/local-cloud.md says how it is deployed.");
    Ok(())
}

fn script_on(instance: &Instance, path: &str, args: &[&str]) -> Result<()> {
    let cloud = cloud::file(instance);
    if !cloud.exists() {
        bail!("nothing is deployed yet: `cargo xtask up` comes first.");
    }
    let mut script = script(path)?;
    Err(script.arg(cloud).args(args).exec()).context(format!("{path} does not start"))
}

/// Brings the stack up to date and writes the cloud file, which it returns.
fn deploy(instance: &Instance, stage: &Path) -> Result<Value> {
    let stack = format!("mutual-aid-{}", instance.name);
    let on_arm = instance.is_aws() || std::env::consts::ARCH == "aarch64";
    let parameters = [
        format!("StackStage={}", instance.name),
        format!("EndpointUrl={}", instance.endpoint().unwrap_or_default()),
        format!("PublicUrl={}", instance.portal()),
        format!("MailFrom={MAIL_FROM}"),
        format!("MailOperations={MAIL_OPERATIONS}"),
        format!("MailServer={}", if instance.is_external() { String::new() } else { mailbox::server(instance) }),
        format!("RetrySeconds={RETRY_SECONDS}"),
        format!("TextSign={TEXT_SIGN}"),
        format!("Architecture={}", if on_arm { "arm64" } else { "x86_64" }),
    ];
    let revision = revision(stage, &parameters)?;
    let before = describe(instance, &stack);
    let is_new = before.is_err();
    let deployed = match before {
        Ok(deployed) if is_at(&deployed, &revision) => {
            println!("   nothing has changed");
            deployed
        }
        _ => {
            update(instance, stage, &stack, &revision, &parameters)?;
            describe(instance, &stack)?
        }
    };
    let cloud = cloud::content(instance, &stack, &deployed)?;
    fs::write(cloud::file(instance), format!("{cloud:#}\n"))?;
    if is_new && !instance.is_aws() {
        run(script("infra/local/forget_test_events.py")?.arg(cloud::file(instance)), "Its message is above.")?;
    }
    Ok(cloud)
}

/// Whether the last update of a stack succeeded and brought it to this revision.
fn is_at(stack: &Value, revision: &str) -> bool {
    let complete = matches!(stack["StackStatus"].as_str(), Some("CREATE_COMPLETE" | "UPDATE_COMPLETE"));
    let tag = json!({"Key": "revision", "Value": revision});
    complete && stack["Tags"].as_array().is_some_and(|tags| tags.contains(&tag))
}

fn update(instance: &Instance, stage: &Path, stack: &str, revision: &str, parameters: &[String]) -> Result<()> {
    let advice = format!("MiniStack's log is {}. `cargo xtask reset` starts afresh.", instance.log().display());
    let identity = capture(aws(instance)?.args(["sts", "get-caller-identity"]), "The cloud refuses its credentials.")?;
    let identity: Value = serde_json::from_str(&identity)?;
    let account = identity["Account"].as_str().context("get-caller-identity names no account")?;
    let bucket = format!("mutual-aid-artifacts-{account}-{}", instance.credentials()?.0);
    if !aws(instance)?.args(["s3api", "head-bucket", "--bucket", &bucket]).output()?.status.success() {
        capture(aws(instance)?.args(["s3", "mb", &format!("s3://{bucket}")]), &advice)?;
    }
    let packaged = stage.join("packaged.yaml");
    let mut package = aws(instance)?;
    package.args(["cloudformation", "package", "--s3-bucket", &bucket]);
    package.arg("--template-file").arg(stage.join("template.yaml")).arg("--output-template-file").arg(&packaged);
    capture(&mut package, &advice)?;
    let mut deploy = aws(instance)?;
    deploy.args(["cloudformation", "deploy", "--stack-name", stack, "--s3-bucket", &bucket]);
    deploy.args(["--no-fail-on-empty-changeset", "--capabilities", "CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]);
    deploy.arg("--template-file").arg(&packaged).args(["--tags", &format!("revision={revision}")]);
    deploy.arg("--parameter-overrides").args(parameters);
    capture(&mut deploy, &advice).map(drop).inspect_err(|_| {
        let query = "StackEvents[?contains(ResourceStatus,'FAILED')].[LogicalResourceId,ResourceStatusReason]";
        let events =
            ["cloudformation", "describe-stack-events", "--stack-name", stack, "--output", "table", "--query", query];
        // The failure is reported either way; its events only explain it.
        let _ = aws(instance).and_then(|mut aws| run(aws.args(events), ""));
    })
}

/// Changes whenever something is to be deployed anew.
fn revision(stage: &Path, parameters: &[String]) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    parameters.hash(&mut hasher);
    fs::read(stage.join("template.yaml"))?.hash(&mut hasher);
    for name in build::functions()? {
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
