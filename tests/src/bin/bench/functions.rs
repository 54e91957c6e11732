//! What a cold start costs: the processor time from a function's start until it asks for its first event, and its zip.

use std::io::Read;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tests::cloud::Cloud;

use crate::RUNS;

/// Longest a start may take before something is wrong.
const PATIENCE: Duration = Duration::from_secs(30);
/// Goal for an HTTP function: processor time, in milliseconds.
const START_GOAL_MS: u128 = 15;
/// Goals for the zips built for AWS: of an HTTP function, and of one that holds fonts, in MB.
const ZIP_GOAL_MB: u32 = 4;
const ZIP_OF_FONTS_GOAL_MB: u32 = 16;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Starts every function and prints what it took.
pub fn table(cloud: &Cloud) -> Result<()> {
    println!(
        "\n{:22}{:>10}{:>10}{:>12}   goals: {START_GOAL_MS} ms of processor time and {ZIP_GOAL_MB} MB for HTTP, {ZIP_OF_FONTS_GOAL_MB} MB with fonts",
        "function", "processor", "elapsed", "zip"
    );
    let mut names: Vec<String> = std::fs::read_dir(root().join("functions"))?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_>>()?;
    names.sort();
    let zips = root().join("target/package/functions");
    for name in &names {
        let (mut processor, mut elapsed) = (Duration::MAX, Duration::MAX);
        for _ in 0..RUNS {
            let start = start(cloud, name)?;
            processor = processor.min(start.0);
            elapsed = elapsed.min(start.1);
        }
        let zip = std::fs::metadata(zips.join(format!("{name}.zip")));
        let zip = zip.map_or_else(|_| "–".to_owned(), |zip| format!("{} KB", zip.len() / 1000));
        let ms = |time: Duration| format!("{}.{} ms", time.as_millis(), time.as_micros() / 100 % 10);
        println!("{name:22}{:>10}{:>10}{zip:>12}", ms(processor), ms(elapsed));
    }
    if !zips.exists() {
        println!("Zips are measured once `cargo xtask package` has made them.");
    }
    Ok(())
}

/// Ends with its owner.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Processor time and time from the start of a function's process to its first question for an event.
fn start(cloud: &Cloud, function: &str) -> Result<(Duration, Duration)> {
    let runtime = TcpListener::bind("127.0.0.1:0")?;
    let here = std::env::current_exe()?;
    let folder = here.parent().context("a program lies in a folder")?;
    let mut command = cloud.function(folder, function, &format!("http://{}", runtime.local_addr()?));
    let started = Instant::now();
    let running = Running(command.spawn()?);
    let elapsed = question(&runtime, started)?;
    Ok((processor_time(running.0.id())?, elapsed))
}

/// Waits for the first question.
fn question(runtime: &TcpListener, started: Instant) -> Result<Duration> {
    runtime.set_nonblocking(true)?;
    loop {
        ensure!(started.elapsed() < PATIENCE, "it asked for no event within {PATIENCE:?}");
        if let Ok((mut stream, _)) = runtime.accept() {
            stream.set_nonblocking(false)?;
            let mut head = [0; 64];
            let read = stream.read(&mut head)?;
            ensure!(head[..read].windows(16).any(|part| part == b"/invocation/next"), "it asked for something else");
            return Ok(started.elapsed());
        }
        std::thread::sleep(Duration::from_micros(200));
    }
}

/// The processor time of all threads of a process so far, from Linux' scheduler.
fn processor_time(process: u32) -> Result<Duration> {
    let mut ns = 0;
    for task in std::fs::read_dir(format!("/proc/{process}/task"))? {
        // A thread that has ended meanwhile is gone with its figure.
        let Ok(text) = std::fs::read_to_string(task?.path().join("schedstat")) else { continue };
        let spent: u64 = text.split(' ').next().context("no figure")?.parse()?;
        ns += spent;
    }
    Ok(Duration::from_nanos(ns))
}
