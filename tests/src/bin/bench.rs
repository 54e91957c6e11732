//! Benchmarks, each beside a peer that does less of the same job, measured in the same run on the same file.
//!
//! Absolute times move with the machine; the ratio is what to look at.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use clap::Parser;
use documents::print::{CertificateData, MemberRow, PlanRow, render_certificate};
use documents::workbook::{failed_rows, read_roster};
use domain::cover::CoverPeriod;
use domain::money::Fen;
use domain::plan::{Catalogue, PlanVariant};
use domain::roster::{Checked, PlanRules, RowChecker, RowRules, SharesFrom};
use jiff::civil::date;
use reqwest::Method;
use serde_json::{Value, json};
use tests::clerk::Clerk;
use tests::client::Client;
use tests::cloud::Cloud;
use tests::files::{self, Maker};

/// Rows of the large roster.
const ROWS: u32 = 100_000;
/// Members of the certificate.
const MEMBERS: u32 = 2_000;
/// Runs; the best counts.
const RUNS: u32 = 3;
/// Seed of the invented people.
const SEED: u32 = 77;

/// Benchmarks beside their peers.
#[derive(Parser)]
struct Arguments {
    /// The cloud file that `cargo xtask up` writes.
    #[arg(long)]
    cloud: PathBuf,
}

/// One line of the table.
struct Row {
    job: &'static str,
    ours: Duration,
    peer: &'static str,
    theirs: Duration,
}

#[tokio::main]
async fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let cloud = Cloud::read(&arguments.cloud)?;
    println!("Making a roster of {ROWS} people with openpyxl …");
    let roster = files::roster(Maker::Openpyxl, ROWS, SEED)?;
    let path = std::env::temp_dir().join("bench-roster.xlsx");
    std::fs::write(&path, &roster.file)?;
    let plan = Catalogue::parse(include_str!("../../../shared/domain/catalogue/plans.json"))?.plans.swap_remove(0);

    let mut table = Vec::new();
    let (read, checked) = best(|| check(&roster.file, &plan))?;
    ensure!(
        checked.failed.len() as u64 == roster.expected["failed"].as_u64().context("no count")?,
        "other rows failed"
    );
    for (peer, script) in
        [("openpyxl, read only, no checks", "read_openpyxl.py"), ("exceljs stream, no checks", "read_exceljs.mjs")]
    {
        table.push(Row { job: "read and check 100,000 rows", ours: read, peer, theirs: peer_time(script, &[&path])? });
    }
    let failed: Vec<_> = checked.failed.into_iter().map(|rejected| rejected.row).collect();
    let many: Vec<_> = failed.iter().cycle().take(ROWS as usize).collect();
    let (write, _) = best(|| Ok(failed_rows(&[], many.iter().copied(), date(2025, 1, 1).at(0, 0, 0, 0))?))?;
    let theirs = peer_time("write_openpyxl.py", &[Path::new(&ROWS.to_string())])?;
    table.push(Row { job: "write 100,000 failed rows", ours: write, peer: "openpyxl, write only, plain", theirs });
    let (print, _) = best(|| Ok(render_certificate(&certificate())?))?;
    let font = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/documents/fonts/print-regular.ttf");
    let theirs = peer_time("print_reportlab.py", &[Path::new(&MEMBERS.to_string()), &font])?;
    table.push(Row { job: "certificate of 2,000 members", ours: print, peer: "ReportLab, annex only", theirs });

    println!("\n{:32}{:>10}   {:34}{:>10}{:>8}", "job", "ours", "peer", "theirs", "ratio");
    for Row { job, ours, peer, theirs } in &table {
        let percent = ours.as_micros() * 100 / theirs.as_micros().max(1);
        println!("{job:32}{:>7} ms   {peer:34}{:>7} ms{:>6} %", ours.as_millis(), theirs.as_millis(), percent);
    }
    let outcome = end_to_end(&cloud, roster.file).await?;
    println!("\n100,000 rows, uploaded → outcome visible, local cloud: {:.1} s (target 5 s)", outcome.as_secs_f64());
    Ok(())
}

/// The best of some runs, and what the last one made.
fn best<T>(mut work: impl FnMut() -> Result<T>) -> Result<(Duration, T)> {
    let mut shortest = Duration::MAX;
    let mut made = None;
    for _ in 0..RUNS {
        let started = Instant::now();
        let result = work()?;
        shortest = shortest.min(started.elapsed());
        made = Some(result);
    }
    Ok((shortest, made.context("no run")?))
}

fn check(file: &[u8], plan: &PlanVariant) -> Result<Checked> {
    let nobody = std::collections::HashSet::new();
    let period = CoverPeriod::of_term(date(2026, 12, 1), plan.term_months).context("no period")?;
    let plans = vec![PlanRules { plan, shares: SharesFrom::Enrolment(1), period, on_roster: &nobody }];
    let rules = RowRules { today: date(2026, 11, 22), mobile_required: false, plans };
    let mut checker = RowChecker::new(&rules);
    for row in read_roster(file)? {
        checker.push(row?);
    }
    Ok(checker.finish())
}

fn certificate() -> CertificateData {
    let name = |n: u32| {
        let pool: Vec<char> =
            "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚".chars().collect();
        let at = |k: u32| pool[(n * k % 40) as usize % pool.len()];
        [at(3), at(7), at(11)].iter().collect::<String>()
    };
    let members = (0..MEMBERS).map(|n| MemberRow {
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
            members: MEMBERS,
            amount: Fen::new(9_500 * i64::from(MEMBERS)),
            note: String::new(),
        }],
        renewal_grace_days: 15,
        verification_url: "https://example.org/verify/01J8Z7Q0C2N5T4R8K6W3Y1XABC.1.0123456789abcdef".to_owned(),
        members: members.collect(),
        printed_at: date(2024, 12, 4).at(9, 0, 0, 0),
    }
}

/// Runs a peer, which prints its own best time in milliseconds, its start left out.
#[expect(clippy::disallowed_methods, reason = "`cargo xtask` tells by the environment where the peers are")]
fn peer_time(script: &str, args: &[&Path]) -> Result<Duration> {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    let mut command = if script.ends_with(".py") {
        Command::new(std::env::var_os("PEERS_PYTHON").context("run `cargo xtask bench`")?)
    } else {
        Command::new("node")
    };
    let output = command.arg(script).args(args).current_dir(peers).output()?;
    if !output.status.success() {
        bail!("{script} failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    let ms: Value = serde_json::from_slice(&output.stdout)?;
    Ok(Duration::from_millis(ms["ms"].as_u64().context("no time")?))
}

async fn end_to_end(cloud: &Cloud, file: Vec<u8>) -> Result<Duration> {
    let handler = Client::new(cloud)?.sign_in("lisi").await?;
    let clerk = Clerk::open(&handler).await?;
    let plans = json!({"plans": [{"code": "hospital-a", "version": "2025", "shares": 1}]});
    clerk.act(Method::PUT, "/plans", plans).await?;
    let started = Instant::now();
    let batch = clerk.import(&["hospital-a"], "roster.xlsx", file).await?;
    ensure!(batch["outcome"]["result"] == "done", "{batch}");
    Ok(started.elapsed())
}
