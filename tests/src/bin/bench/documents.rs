//! Workbooks, images and print, beside the programs others use for them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use documents::imaging::thumbnail_only;
use documents::print::{CertificateData, MemberRow, PlanRow, render_certificate};
use documents::workbook::{failed_rows, read_roster};
use domain::cover::CoverPeriod;
use domain::money::Fen;
use domain::plan::{Catalogue, PlanVariant};
use domain::roster::{Checked, PlanRules, RowChecker, RowRules, SharesFrom};
use jiff::civil::date;
use tests::files::{self, Maker};

use crate::{best, peer};

/// Rows of the large roster.
const ROWS: u32 = 100_000;
/// Seed of the invented people.
const SEED: u32 = 77;

/// A job that is measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Job {
    /// Read and check the large roster.
    Read,
    /// Write as many failed rows.
    Write,
    /// A thumbnail of twelve megapixels.
    ThumbnailJpeg,
    /// The same of a PNG.
    ThumbnailPng,
    /// A certificate of 2,000 members.
    Certificate,
    /// A certificate of 20,000 members.
    LargeCertificate,
}

impl Job {
    const fn title(self) -> &'static str {
        match self {
            Self::Read => "read and check 100,000 rows",
            Self::Write => "write 100,000 failed rows",
            Self::ThumbnailJpeg => "thumbnail of a 12-megapixel JPEG",
            Self::ThumbnailPng => "thumbnail of a 12-megapixel PNG",
            Self::Certificate => "certificate of 2,000 members",
            Self::LargeCertificate => "certificate of 20,000 members",
        }
    }

    const fn members(self) -> u32 {
        if matches!(self, Self::LargeCertificate) { 20_000 } else { 2_000 }
    }

    /// Script, what it is, and the goal: our time at most so many per cent of its time.
    const fn peers(self) -> &'static [(&'static str, &'static str, u128)] {
        match self {
            Self::Read => &[
                ("read_polars.py", "polars, no checks", 110),
                ("read_calamine.py", "python-calamine, no checks", 100),
                ("read_exceljs.mjs", "exceljs stream, no checks", 25),
                ("read_openpyxl.py", "openpyxl read only, no checks", 5),
            ],
            Self::Write => &[
                ("write_exceljs.mjs", "exceljs stream, plain", 25),
                ("write_openpyxl.py", "openpyxl write only, plain", 25),
            ],
            Self::ThumbnailJpeg => &[("thumbnail_sharp.mjs", "sharp", 150)],
            Self::ThumbnailPng => &[("thumbnail_sharp.mjs", "sharp", 100)],
            Self::Certificate | Self::LargeCertificate => &[("print_reportlab.py", "ReportLab, annex only", 45)],
        }
    }

    /// What the peers are told.
    fn arguments(self) -> Vec<String> {
        let text = |path: &Path| path.display().to_string();
        match self {
            Self::Read => vec![text(&input("roster.xlsx"))],
            Self::Write => vec![ROWS.to_string()],
            Self::ThumbnailJpeg => vec![text(&input("photo.jpg"))],
            Self::ThumbnailPng => vec![text(&input("photo.png"))],
            Self::Certificate | Self::LargeCertificate => {
                let font = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/documents/fonts/print-regular.ttf");
                vec![self.members().to_string(), text(&font)]
            }
        }
    }

    /// The job on its input; answers the bytes it made, if any.
    fn work(self) -> Result<Box<dyn FnMut() -> Result<usize>>> {
        Ok(match self {
            Self::Read => {
                let (file, plan) = (large_roster()?, plan()?);
                Box::new(move || Ok(check(&file, &plan)?.failed.len()))
            }
            Self::Write => {
                let checked = check(&large_roster()?, &plan()?)?;
                let failed: Vec<_> = checked.failed.into_iter().map(|rejected| rejected.row).collect();
                let at = date(2025, 1, 1).at(0, 0, 0, 0);
                Box::new(move || Ok(failed_rows(&[], failed.iter().cycle().take(ROWS as usize), at)?.len()))
            }
            Self::ThumbnailJpeg | Self::ThumbnailPng => {
                let photo = if self == Self::ThumbnailJpeg { "photo.jpg" } else { "photo.png" };
                let file = std::fs::read(input(photo))?;
                Box::new(move || Ok(thumbnail_only(&file)?.bytes.len()))
            }
            Self::Certificate | Self::LargeCertificate => {
                let data = certificate(self.members());
                Box::new(move || Ok(render_certificate(&data)?.len()))
            }
        })
    }
}

/// Measures every job beside its peers and prints the table.
pub fn table(cloud: &Path) -> Result<()> {
    println!("\n{:34}{:>9}{:>9}   {:32}{:>9}{:>7}{:>7}", "job", "ours", "peak", "peer", "theirs", "ratio", "goal");
    for job in Job::value_variants() {
        let (ours, made) = best(job.work()?)?;
        let peak = peak_of(*job, cloud)?;
        for (script, name, goal) in job.peers() {
            let arguments = job.arguments();
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let ms = peer(script, &arguments)?.and_then(|said| said["ms"].as_u64()).context("no time")?;
            let theirs = Duration::from_millis(ms);
            let percent = ours.as_micros() * 100 / theirs.as_micros().max(1);
            println!(
                "{:34}{:>6} ms{:>6} MB   {name:32}{:>6} ms{percent:>5} %{goal:>5} %",
                job.title(),
                ours.as_millis(),
                peak / 1024,
                theirs.as_millis()
            );
        }
        if matches!(job, Job::Certificate | Job::LargeCertificate) {
            println!("{:34}{:>6} KB of PDF", "", made / 1000);
        }
    }
    Ok(())
}

/// The peak of the memory of a process that does this job only, in KiB.
fn peak_of(job: Job, cloud: &Path) -> Result<u64> {
    let name = job.to_possible_value().context("a job has a name")?;
    let mut command = Command::new(std::env::current_exe()?);
    let output = command.arg("--cloud").arg(cloud).args(["--alone", name.get_name()]).output()?;
    ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// Does one job once, and prints the peak of this process's memory.
pub fn alone(job: Job) -> Result<()> {
    job.work()?()?;
    let status = std::fs::read_to_string("/proc/self/status").context("peaks are read from Linux' /proc")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    println!("{}", peak.context("no peak")?);
    Ok(())
}

/// Makes the files the jobs and their peers read: a roster by openpyxl, photos by sharp.
pub fn make_inputs() -> Result<()> {
    println!("Making a roster of {ROWS} people and photos of 12 megapixels …");
    std::fs::write(input("roster.xlsx"), files::roster(Maker::Openpyxl, ROWS, SEED)?.file)?;
    for photo in ["photo.jpg", "photo.png"] {
        peer("make_photo.mjs", &[&input(photo).display().to_string()])?;
    }
    Ok(())
}

/// The large roster.
pub fn large_roster() -> Result<Vec<u8>> {
    Ok(std::fs::read(input("roster.xlsx"))?)
}

fn input(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("bench-{name}"))
}

fn plan() -> Result<PlanVariant> {
    Ok(Catalogue::parse(include_str!("../../../../shared/domain/catalogue/plans.json"))?.plans.swap_remove(0))
}

fn check(file: &[u8], plan: &PlanVariant) -> Result<Checked> {
    let nobody = std::collections::HashSet::new();
    let period = CoverPeriod::of_term(date(2026, 12, 1), plan.term_months).context("no period")?;
    let plans = vec![PlanRules { plan, shares: SharesFrom::Enrolment(1), period, on_roster: &nobody }];
    let rules = RowRules { upload: None, today: date(2026, 11, 22), mobile_required: false, plans };
    let mut checker = RowChecker::new(&rules);
    for row in read_roster(file)? {
        checker.push(row?);
    }
    Ok(checker.finish())
}

fn certificate(members: u32) -> CertificateData {
    let name = |n: u32| {
        let pool: Vec<char> =
            "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚".chars().collect();
        let at = |k: u32| pool[(n * k % 40) as usize % pool.len()];
        [at(3), at(7), at(11)].iter().collect::<String>()
    };
    let rows = (0..members).map(|n| MemberRow {
        name: name(n),
        sex: if n % 2 == 0 { "女" } else { "男" }.to_owned(),
        age: 20 + n % 40,
        id_number: "110101********1233".to_owned(),
        plan: "住院医疗(A方案)(会费95元)".to_owned(),
        state: "有效".to_owned(),
    });
    CertificateData {
        office: "陕西省办事处".to_owned(),
        number: "G26022024120410000822".to_owned(),
        revision: 1,
        issued_on: date(2024, 12, 4),
        unit: "岐山县第一机械厂".to_owned(),
        handler: "张三".to_owned(),
        phone: "13800000001".to_owned(),
        address: "示例县人民路1号".to_owned(),
        plans: vec![PlanRow {
            name: "住院医疗(A方案)(会费95元)".to_owned(),
            starts_on: date(2024, 12, 5),
            ends_on: date(2025, 12, 4),
            shares: 1,
            fee: Fen::new(9_500),
            members,
            amount: Fen::new(9_500 * i64::from(members)),
            note: String::new(),
        }],
        renewal_grace_days: 15,
        verification_url: "https://example.org/verify/01J8Z7Q0C2N5T4R8K6W3Y1XABC.1.0123456789abcdef".to_owned(),
        members: rows.collect(),
        printed_at: date(2024, 12, 4).at(9, 0, 0, 0),
    }
}
