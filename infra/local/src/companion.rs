//! Processes that run beside a local cloud: the portal's server and the mailbox.

use crate::instance::Instance;
use crate::shell::command;
use anyhow::{Context, Result, bail, ensure};
use std::fs::{self, File};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const START_TIMEOUT: Duration = Duration::from_secs(30);
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// A process that is started with a local cloud and ends with it. Its log, process id and settings lie in the instance's
/// folder, under its name.
pub struct Companion<'a> {
    pub instance: &'a Instance,
    pub name: &'static str,
    /// A part of its command line that nothing else has.
    pub program: &'static str,
    /// The port on loopback where it listens once it is ready.
    pub port: u16,
}

impl Companion<'_> {
    /// Starts it, unless it runs already with the same settings. `advice` is what a user reads when it cannot be started.
    pub fn start(&self, mut program: Command, settings: &str, advice: &'static str) -> Result<()> {
        if self.running()?.is_some() {
            if fs::read_to_string(self.file("settings")).ok().as_deref() == Some(settings) {
                return Ok(());
            }
            self.stop()?;
        }
        let (name, port) = (self.name, self.port);
        ensure!(!self.listens(), "port {port} is taken by something else: stop it, or choose another `--port`.");
        let log = File::create(self.file("log"))?;
        let mut child = program
            .current_dir(&self.instance.home)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context(advice)?;
        fs::write(self.file("pid"), child.id().to_string())?;
        fs::write(self.file("settings"), settings)?;
        let started = Instant::now();
        while !self.listens() {
            // Asked of the system, not of its list of processes: what has just begun has no command line there yet.
            if child.try_wait()?.is_some() || started.elapsed() > START_TIMEOUT {
                bail!("the {name} does not come up. Its log says why: {}", self.file("log").display());
            }
            sleep(Duration::from_millis(50));
        }
        Ok(())
    }

    /// Ends the process, if it runs.
    pub fn stop(&self) -> Result<()> {
        if let Some(pid) = self.running()? {
            // One that ends at this very moment is no failure.
            let _ = command("kill").arg(pid.to_string()).output()?;
            let asked = Instant::now();
            while self.running()?.is_some() {
                let name = self.name;
                ensure!(asked.elapsed() < STOP_TIMEOUT, "the {name} (process {pid}) does not stop: `kill -9 {pid}`.");
                sleep(Duration::from_millis(50));
            }
        }
        let _ = fs::remove_file(self.file("pid"));
        Ok(())
    }

    /// The process id, if it runs.
    pub fn running(&self) -> Result<Option<u32>> {
        let Ok(pid) = fs::read_to_string(self.file("pid")) else { return Ok(None) };
        let Ok(pid) = pid.trim().parse::<u32>() else { return Ok(None) };
        // A process id is reused after a restart of the machine; a finished child of ours is a zombie until we end.
        let listed = Command::new("ps").args(["-ww", "-o", "stat=,args=", "-p", &pid.to_string()]).output()?;
        let listed = String::from_utf8_lossy(&listed.stdout);
        Ok((listed.contains(self.program) && !listed.starts_with('Z')).then_some(pid))
    }

    /// Whether something listens on the port. Node listens on what `localhost` means first, in either family.
    fn listens(&self) -> bool {
        [SocketAddr::from((Ipv4Addr::LOCALHOST, self.port)), SocketAddr::from((Ipv6Addr::LOCALHOST, self.port))]
            .iter()
            .any(|address| TcpStream::connect_timeout(address, Duration::from_secs(1)).is_ok())
    }

    fn file(&self, ending: &str) -> PathBuf {
        self.instance.home.join(format!("{}.{ending}", self.name))
    }
}
