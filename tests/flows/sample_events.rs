//! The sample events, through `cargo lambda`: its runtime interface, the real bootstraps, `cargo lambda invoke`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::{cloud, signed_in};

const HOST: &str = "127.0.0.1";
/// Its own port, so that an edit loop on the usual one goes on undisturbed.
const PORT: &str = "9017";
/// Stands in the events where a client puts its token.
const TOKEN: &str = "eyJhbGciOiJFUzI1NiJ9.replace-with-a-token-from-POST-sessions";

/// Stand in the events where a client puts a captcha and its answer.
const CAPTCHA: [&str; 2] = ["replace-with-the-id-of-a-captcha", "replace-with-its-answer"];

/// What each event is answered, on a platform that knows nothing of the subjects it names: a status for a request, the
/// records that are to be delivered again for anything else.
const EVENTS: &[(&str, Answer)] = &[
    ("activate-cover.chunk", Answer::Again(&[])),
    ("activate-cover.twice", Answer::Again(&[])),
    ("build-export.step", Answer::Again(&[])),
    ("confirm-payment.confirm", Answer::Status(404)),
    ("confirm-payment.ledger", Answer::Status(403)),
    ("enter-enrolment.create", Answer::Status(201)),
    ("enter-enrolment.details", Answer::Status(404)),
    ("enter-enrolment.list", Answer::Status(200)),
    ("enter-enrolment.renewal", Answer::Status(404)),
    ("enter-receipt.add", Answer::Status(404)),
    ("follow-messages.mine", Answer::Status(200)),
    ("follow-messages.resend", Answer::Status(404)),
    ("enter-receipt.void", Answer::Status(404)),
    ("import-roster.created", Answer::Again(&[])),
    ("import-roster.test-event", Answer::Again(&[])),
    ("inspect-upload.attachment", Answer::Again(&[])),
    ("inspect-upload.poisoned-batch", Answer::Again(&["059f36b4-87a3-44ab-83d2-661975940001"])),
    ("mail-receipt.issued", Answer::Again(&[])),
    ("maintain-roster.correction", Answer::Status(404)),
    ("maintain-roster.removal", Answer::Status(404)),
    ("maintain-roster.search", Answer::Status(404)),
    ("manage-plans.publish", Answer::Status(404)),
    ("manage-plans.rules", Answer::Status(200)),
    ("manage-unit.contact", Answer::Status(404)),
    ("manage-unit.read", Answer::Status(404)),
    ("manage-organisation.closing", Answer::Status(403)),
    ("move-unit.enrolment", Answer::Again(&[])),
    ("print-certificate.print", Answer::Status(404)),
    ("print-certificate.verify", Answer::Status(404)),
    ("query-records.trail", Answer::Status(404)),
    ("register-unit.apply", Answer::Status(422)),
    ("register-unit.offices", Answer::Status(200)),
    ("register-unit.review", Answer::Status(404)),
    ("relay-outbox.inserted", Answer::Again(&[])),
    ("render-certificate.first", Answer::Again(&[])),
    ("renew-roster.roster", Answer::Again(&[])),
    ("request-upload.roster", Answer::Status(404)),
    ("request-upload.state", Answer::Status(404)),
    ("restrict-people.add", Answer::Status(403)),
    ("review-enrolment.approve", Answer::Status(404)),
    ("review-enrolment.pool", Answer::Status(200)),
    ("review-enrolment.return", Answer::Status(404)),
    ("run-timetable.tick", Answer::Again(&[])),
    ("send-mail.dead-letters", Answer::Again(&[])),
    ("send-text.approved", Answer::Again(&[])),
    ("send-text.password-link", Answer::Again(&[])),
    ("sign-in.me", Answer::Status(200)),
    ("sign-in.sessions", Answer::Status(201)),
];

#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Status(u64),
    Again(&'static [&'static str]),
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A program that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[expect(clippy::disallowed_methods, reason = "the test runner tells by the environment where its tools are")]
fn cargo_lambda() -> Command {
    let program = std::env::var_os("CARGO_LAMBDA").expect("CARGO_LAMBDA names no program: run `cargo xtask test`");
    let mut command = Command::new(program);
    command.arg("lambda").current_dir(root());
    command
}

/// The runtime interface, and a function's program at it; both end with the test.
struct Stage {
    _program: Running,
    _interface: Running,
}

impl Stage {
    async fn set(function: &str) -> Self {
        let mut watch = cargo_lambda();
        watch.args(["watch", "--only-lambda-apis", "--invoke-address", HOST, "--invoke-port", PORT]);
        let interface = Running(watch.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        while tokio::net::TcpStream::connect(format!("{HOST}:{PORT}")).await.is_err() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Self { _program: Running(program(function).spawn().unwrap()), _interface: interface }
    }
}

/// The function's program, which is built beside this test.
fn program(function: &str) -> Command {
    let here = std::env::current_exe().unwrap();
    let folder = here.parent().unwrap().parent().unwrap();
    cloud().function(folder, function, &format!("http://{HOST}:{PORT}/.rt"))
}

async fn invoke(function: &str, file: &Path) -> Value {
    let mut command = cargo_lambda();
    command.args(["invoke", "--invoke-address", HOST, "--invoke-port", PORT, "--data-file"]).arg(file);
    let Output { status, stdout, stderr } =
        tokio::task::spawn_blocking(move || command.output()).await.unwrap().unwrap();
    assert!(status.success(), "{function}: {}", String::from_utf8_lossy(&stderr));
    if stdout.trim_ascii().is_empty() { Value::Null } else { serde_json::from_slice(&stdout).unwrap() }
}

fn answer(reply: &Value) -> (Option<u64>, Vec<String>) {
    let failures = reply["batchItemFailures"].as_array().into_iter().flatten();
    let ids = failures.map(|failure| failure["itemIdentifier"].as_str().unwrap_or_default().to_owned());
    (reply["statusCode"].as_u64(), ids.collect())
}

#[test]
fn every_function_has_one_and_each_is_listed() {
    let listed: BTreeSet<String> = EVENTS.iter().map(|(name, _)| format!("{name}.json")).collect();
    let names = |folder: &str| -> BTreeSet<String> {
        let entries = std::fs::read_dir(root().join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    };
    assert_eq!(names("events"), listed);
    let with_events: BTreeSet<String> = listed.iter().map(|name| name.split('.').next().unwrap().to_owned()).collect();
    assert_eq!(names("functions"), with_events);
}

#[tokio::test(flavor = "multi_thread")]
async fn cargo_lambda_invokes_every_function_with_its_events() {
    let account = signed_in("wangchushen").await;
    let handler = signed_in("sunliu").await;
    let plan_admin = signed_in("tanghuodong").await;
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("event.json");
    let mut stage = None;
    for (name, expected) in EVENTS {
        let function = name.split('.').next().unwrap();
        if stage.as_ref().is_none_or(|(on, _)| *on != function) {
            drop(stage.take());
            stage = Some((function, Stage::set(function).await));
        }
        let text = std::fs::read_to_string(root().join(format!("events/{name}.json"))).unwrap();
        let by = match function {
            "enter-enrolment" => &handler,
            "manage-plans" => &plan_admin,
            _ => &account,
        };
        let token = by.token().unwrap();
        let mut text = text.replace(TOKEN, token);
        if text.contains(CAPTCHA[0]) {
            let captcha = handler.captcha().await.unwrap();
            text = text.replace(CAPTCHA[0], captcha["id"].as_str().unwrap());
            text = text.replace(CAPTCHA[1], captcha["answer"].as_str().unwrap());
        }
        std::fs::write(&file, text).unwrap();
        let reply = tokio::time::timeout(Duration::from_secs(30), invoke(function, &file)).await.unwrap();
        let (status, again) = answer(&reply);
        let given = match expected {
            Answer::Status(expected) => status == Some(*expected),
            Answer::Again(expected) => status.is_none() && again == *expected,
        };
        assert!(given, "{name} is answered {reply}, not {expected:?}");
    }
}
