//! The portal on a laptop: built when its sources changed, served beside the local cloud as CloudFront serves it in AWS.

use crate::instance::Instance;
use crate::shell::{capture, command, root, run};
use anyhow::{Context, Result, bail, ensure};
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const NODE: &str = "Node 20.19 or newer with npm is needed, and the npm registry must be reachable.";
const START_TIMEOUT: Duration = Duration::from_secs(30);
const STOP_TIMEOUT: Duration = Duration::from_secs(10);
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

/// The process that serves the portal of an instance.
pub struct Portal<'a> {
    pub instance: &'a Instance,
}

impl Portal<'_> {
    /// Serves it, unless it is served already for the same API.
    pub fn start(&self, api: &str) -> Result<()> {
        let storage = self.instance.endpoint().context("AWS serves the portal itself")?;
        let served = format!("{api}\n{storage}\n{}", self.instance.portal());
        if self.running()?.is_some() {
            if fs::read_to_string(self.file("served")).ok().as_deref() == Some(&served) {
                return Ok(());
            }
            self.stop()?;
        }
        let port = self.instance.portal_port();
        ensure!(!answers(port), "port {port} is taken by something else: stop it, or choose another `--port`.");
        let log = File::create(self.file("log"))?;
        let child = Command::new("node")
            .arg(home().canonicalize()?.join("serve/main.mjs"))
            .current_dir(&self.instance.home)
            .env("PORTAL_PORT", port.to_string())
            .env("PORTAL_API", api)
            .env("PORTAL_STORAGE", storage)
            .env("PORTAL_HINTS", self.instance.hints())
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context(NODE)?;
        fs::write(self.file("pid"), child.id().to_string())?;
        fs::write(self.file("served"), served)?;
        let started = Instant::now();
        while !answers(port) {
            if self.running()?.is_none() || started.elapsed() > START_TIMEOUT {
                bail!("the portal is not served. Its log says why: {}", self.file("log").display());
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
                ensure!(asked.elapsed() < STOP_TIMEOUT, "the portal (process {pid}) does not stop: `kill -9 {pid}`.");
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
        Ok((listed.contains("serve/main.mjs") && !listed.starts_with('Z')).then_some(pid))
    }

    fn file(&self, ending: &str) -> PathBuf {
        self.instance.home.join(format!("portal.{ending}"))
    }
}

/// Whether something answers on the port. Node listens on what `localhost` means first, in either family.
fn answers(port: u16) -> bool {
    let ask = |address: SocketAddr| -> std::io::Result<()> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        stream.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
        stream.read_exact(&mut [0; 12])
    };
    [SocketAddr::from((Ipv4Addr::LOCALHOST, port)), SocketAddr::from((Ipv6Addr::LOCALHOST, port))]
        .into_iter()
        .any(|address| ask(address).is_ok())
}
