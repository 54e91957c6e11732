//! One local cloud: where its state lies, and starting and stopping MiniStack.
//!
//! State is written when MiniStack stops, so a kill loses what happened since the start; see `docs/local-cloud.md`.

use crate::shell::{capture, command, root};
use crate::tools::Tool;
use crate::{mailbox, portal};
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const START_TIMEOUT: Duration = Duration::from_secs(60);
const STOP_TIMEOUT: Duration = Duration::from_secs(120);
const FUNCTIONS_STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// A named local cloud, or one that somebody else runs (`--endpoint`).
pub struct Instance {
    pub name: String,
    pub home: PathBuf,
    port: u16,
    external: Option<String>,
}

impl Instance {
    /// `external`: the address of an emulator that already runs, or `aws`.
    ///
    /// Without a `port`, the one it was last started with, or `usual_port`.
    pub fn new(name: &str, port: Option<u16>, usual_port: u16, external: Option<String>) -> Result<Self> {
        let plain = !name.is_empty()
            && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            && name != "tools";
        ensure!(plain, "an instance's name consists of a-z, 0-9 and -, and is not `tools`: {name:?}");
        let home = root().join(".local-cloud").join(name);
        fs::create_dir_all(&home)?;
        let home = home.canonicalize()?;
        let last_port = || fs::read_to_string(home.join("port")).ok()?.parse().ok();
        let port = port.or_else(last_port).unwrap_or(usual_port);
        Ok(Self { name: name.to_owned(), home, port, external })
    }

    /// Whether someone else started it.
    pub const fn is_external(&self) -> bool {
        self.external.is_some()
    }

    /// Whether it is AWS itself.
    pub fn is_aws(&self) -> bool {
        self.external.as_deref() == Some("aws")
    }

    /// Where AWS is spoken; none in AWS, where each service has its own address.
    pub fn endpoint(&self) -> Option<String> {
        match self.external.as_deref() {
            None => Some(format!("http://127.0.0.1:{}", self.port)),
            Some("aws") => None,
            Some(url) => Some(url.trim_end_matches('/').to_owned()),
        }
    }

    /// Port of the portal: 5173 for a cloud on 4566, and as far from it for any other.
    pub const fn portal_port(&self) -> u16 {
        self.port.wrapping_add(5173 - 4566)
    }

    /// Port of the mailbox: 2525 for a cloud on 4566, and as far from it for any other.
    pub const fn mail_port(&self) -> u16 {
        self.port.wrapping_sub(4566 - 2525)
    }

    /// Port of the page that shows the mailbox, 8025 likewise.
    pub const fn mail_page_port(&self) -> u16 {
        self.port.wrapping_add(8025 - 4566)
    }

    /// Where the portal is served.
    pub fn portal(&self) -> String {
        format!("http://localhost:{}", self.portal_port())
    }

    /// What the portal's sign-in page tells of the sample accounts.
    pub fn hints(&self) -> PathBuf {
        self.home.join("hints.json")
    }

    /// (region, access key, secret): MiniStack's fixed ones, or the caller's own.
    pub fn credentials(&self) -> Result<(String, String, String)> {
        let read = |name: &str| std::env::var(name).with_context(|| format!("with --endpoint, {name} must be set"));
        if self.is_external() {
            Ok((
                read("AWS_REGION").or_else(|_| read("AWS_DEFAULT_REGION"))?,
                read("AWS_ACCESS_KEY_ID")?,
                read("AWS_SECRET_ACCESS_KEY")?,
            ))
        } else {
            Ok(("us-east-1".to_owned(), "test".to_owned(), "test".to_owned()))
        }
    }

    /// Gives `command` this cloud's address and credentials, and none of the caller's other AWS settings.
    pub fn configure(&self, command: &mut Command) -> Result<()> {
        let (region, key, secret) = self.credentials()?;
        if !self.is_external() {
            for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("AWS_")) {
                command.env_remove(name);
            }
        }
        command.envs([
            ("AWS_REGION", &region),
            ("AWS_DEFAULT_REGION", &region),
            ("AWS_ACCESS_KEY_ID", &key),
            ("AWS_SECRET_ACCESS_KEY", &secret),
        ]);
        command.envs([("AWS_EC2_METADATA_DISABLED", "true"), ("AWS_PAGER", "")]);
        if let Some(endpoint) = self.endpoint() {
            command.env("AWS_ENDPOINT_URL", endpoint);
        }
        Ok(())
    }

    /// Starts MiniStack unless it runs already. Returns whether it was started.
    pub fn start(&self) -> Result<bool> {
        if self.is_external() || self.running()?.is_some() {
            return Ok(false);
        }
        ensure!(
            !self.answers(),
            "port {} is taken by something else: stop it, or choose another with `--port`.",
            self.port
        );
        let program = Tool::MiniStack.program("ministack")?;
        let log = File::create(self.log())?;
        for folder in ["state", "objects", "tmp"] {
            fs::create_dir_all(self.home.join(folder))?;
        }
        self.forget_stream_positions()?;
        // A clean environment: functions inherit it, and must see neither the user's credentials nor settings.
        let child = Command::new(program)
            .current_dir(&self.home)
            .env_clear()
            .envs(["PATH", "HOME", "LANG"].iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
            .envs([
                ("BIND_HOST", "127.0.0.1"),
                ("AUTH", "true"),
                ("PERSIST_STATE", "1"),
                ("S3_PERSIST", "1"),
                ("TZ", "UTC"),
            ])
            // Listeners nobody here needs, one of them on all interfaces.
            .envs([("IOT_MTLS_ENABLED", "0"), ("SFTP_ENABLED", "0")])
            .env("GATEWAY_PORT", self.port.to_string())
            .env("STATE_DIR", self.home.join("state"))
            .env("S3_DATA_DIR", self.home.join("objects"))
            .env("TMPDIR", self.home.join("tmp"))
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("MiniStack does not start")?;
        fs::write(self.pid_file(), child.id().to_string())?;
        fs::write(self.home.join("port"), self.port.to_string())?;
        let started = Instant::now();
        while !self.answers() {
            if self.running()?.is_none() || started.elapsed() > START_TIMEOUT {
                bail!("MiniStack did not come up. Its log says why: {}", self.log().display());
            }
            sleep(Duration::from_millis(100));
        }
        Ok(true)
    }

    /// MiniStack keeps how far the streams were read, but not their records: what is written after a restart would pass
    /// unread until it has caught up with the old count.
    fn forget_stream_positions(&self) -> Result<()> {
        let file = self.home.join("state/lambda.json");
        let Ok(text) = fs::read_to_string(&file) else { return Ok(()) };
        let mut state: Value = serde_json::from_str(&text)
            .with_context(|| format!("{} is damaged: `cargo xtask reset`", file.display()))?;
        if let Some(positions) = state.pointer_mut("/payload/dynamodb_stream_positions/data") {
            *positions = json!({});
            fs::write(&file, state.to_string())?;
        }
        Ok(())
    }

    /// Stops MiniStack, which stops its functions and writes its state.
    pub fn stop(&self) -> Result<()> {
        if self.end("-TERM")? {
            println!("Local cloud `{}` is stopped; its state is kept.", self.name);
        } else {
            println!("Local cloud `{}` does not run.", self.name);
        }
        Ok(())
    }

    /// Sends MiniStack a signal and waits for its end and that of all around it. Returns whether it ran.
    fn end(&self, signal: &str) -> Result<bool> {
        ensure!(!self.is_external(), "stop the cloud at --endpoint with its own means.");
        portal::companion(self).stop()?;
        mailbox::companion(self).stop()?;
        let Some(pid) = self.running()? else { return Ok(false) };
        capture(command("kill").args([signal, &pid.to_string()]), "")?;
        let asked = Instant::now();
        while self.running()?.is_some() {
            if asked.elapsed() > STOP_TIMEOUT {
                bail!(
                    "MiniStack (process {pid}) still writes its state {STOP_TIMEOUT:?} after it was asked to stop. Wait for it, or forget the state: `cargo xtask reset`."
                );
            }
            sleep(Duration::from_millis(100));
        }
        self.stop_functions()?;
        fs::remove_file(self.pid_file())?;
        Ok(true)
    }

    /// Stops MiniStack and removes everything it stored. Writing the state first, which takes minutes if it is large, would be for nothing.
    pub fn reset(&self) -> Result<()> {
        self.end("-KILL")?;
        fs::remove_dir_all(&self.home).with_context(|| format!("{} cannot be removed", self.home.display()))?;
        fs::create_dir(&self.home)?;
        println!("Local cloud `{}` is forgotten.", self.name);
        Ok(())
    }

    /// The process id of MiniStack, if it runs.
    pub fn running(&self) -> Result<Option<u32>> {
        let Ok(pid) = fs::read_to_string(self.pid_file()) else {
            return Ok(None);
        };
        let pid: u32 = pid
            .trim()
            .parse()
            .with_context(|| format!("{} holds no process id: remove it", self.pid_file().display()))?;
        // A process id is reused after a restart of the machine; a finished child of ours is a zombie until we end.
        let listed = Command::new("ps").args(["-o", "stat=,args=", "-p", &pid.to_string()]).output()?;
        let listed = String::from_utf8_lossy(&listed.stdout);
        Ok((listed.contains("ministack") && !listed.starts_with('Z')).then_some(pid))
    }

    /// The processes of this cloud's functions; their programs lie in its folder.
    pub fn functions(&self) -> Result<Vec<String>> {
        let home = format!("{}/", self.home.display());
        let listed = capture(command("ps").args(["-ww", "-eo", "pid=,args="]), "")?;
        let of_this_cloud = listed.lines().filter_map(|line| line.trim().split_once(' '));
        Ok(of_this_cloud.filter(|(_, args)| args.starts_with(&home)).map(|(pid, _)| pid.to_owned()).collect())
    }

    /// Functions end by themselves once MiniStack has gone; what has not is ended.
    fn stop_functions(&self) -> Result<()> {
        let asked = Instant::now();
        loop {
            let left = self.functions()?;
            if left.is_empty() {
                return Ok(());
            }
            if asked.elapsed() > FUNCTIONS_STOP_TIMEOUT {
                // One that ends at this very moment is no failure.
                let _ = command("kill").arg("-9").args(left).output()?;
            }
            sleep(Duration::from_millis(100));
        }
    }

    pub fn log(&self) -> PathBuf {
        self.home.join("ministack.log")
    }

    fn pid_file(&self) -> PathBuf {
        self.home.join("ministack.pid")
    }

    fn answers(&self) -> bool {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let ask = || -> std::io::Result<bool> {
            let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
            stream.set_read_timeout(Some(Duration::from_secs(2)))?;
            stream.write_all(b"GET /_ministack/ready HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")?;
            let mut reply = String::new();
            stream.read_to_string(&mut reply)?;
            Ok(reply.starts_with("HTTP/1.1 200"))
        };
        ask().unwrap_or(false)
    }
}
