//! The files people upload: workbooks made by other programs, a photo, a PDF.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::Value;

/// What other programs made, and which of its rows must fail with which codes.
pub struct Peer {
    /// The workbook.
    pub file: Vec<u8>,
    /// `{"total": …, "failed": …, "failures": {row: [codes]}}`
    pub expected: Value,
}

/// Which program makes the workbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maker {
    /// openpyxl, in Python.
    Openpyxl,
    /// exceljs, in Node.
    Exceljs,
}

/// Names on every roster that openpyxl makes, whose characters few fonts have.
pub const RARE_NAMES: [&str; 4] = ["王㛃", "李䶮", "张𠮷", "陈𫖯"];

fn peers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

/// `PEERS_PYTHON` names the Python that has openpyxl; `cargo xtask` sets it.
#[expect(clippy::disallowed_methods, reason = "tests are told by the environment where their tools are")]
fn python() -> Command {
    Command::new(std::env::var_os("PEERS_PYTHON").unwrap_or_else(|| "python3".into()))
}

/// An inbox for one mail: prints its port, then what it took.
pub fn inbox() -> Command {
    let mut command = python();
    command.arg("receive_mail.py").current_dir(peers());
    command
}

/// Whether a mail has a file attached: in Base64, broken into lines.
pub fn is_attached(mail: &[u8], file: &[u8]) -> bool {
    let lines: Vec<u8> = mail.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    let file = BASE64.encode(file);
    lines.windows(file.len()).any(|part| part == file.as_bytes())
}

fn run(mut command: Command) -> Result<Vec<u8>> {
    let output = command.current_dir(peers()).output().context("a peer program does not start")?;
    if !output.status.success() {
        bail!("a peer program failed: {}", String::from_utf8_lossy(&output.stderr));
    }
    Ok(output.stdout)
}

/// A roster of invented people, with every kind of bad row among them.
pub fn roster(maker: Maker, rows: u32, seed: u32) -> Result<Peer> {
    let out = std::env::temp_dir().join(format!("roster-{}-{seed}-{maker:?}.xlsx", std::process::id()));
    let mut command = match maker {
        Maker::Openpyxl => {
            let mut command = python();
            command.arg("make_roster.py");
            command
        }
        Maker::Exceljs => {
            let mut command = Command::new("node");
            command.arg("make_roster.mjs");
            command
        }
    };
    command.args(["--rows", &rows.to_string(), "--seed", &seed.to_string(), "--out"]).arg(&out);
    let expected = serde_json::from_slice(&run(command)?)?;
    let file = std::fs::read(&out)?;
    std::fs::remove_file(&out)?;
    Ok(Peer { file, expected })
}

/// What openpyxl finds in an export: its headings, and the type and value of every cell.
pub fn read_export(file: &[u8]) -> Result<Value> {
    static READ: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let n = READ.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("export-{}-{n}.xlsx", std::process::id()));
    std::fs::write(&path, file)?;
    let mut command = python();
    command.arg("read_export.py").arg(&path);
    let read = serde_json::from_slice(&run(command)?)?;
    std::fs::remove_file(&path)?;
    Ok(read)
}

/// The `n`-th invented person of a run, to be written into a roster by hand: name and ID number.
pub fn person(seed: u32, n: u32) -> (String, String) {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    const SURNAMES: [&str; 8] = ["赵", "钱", "孙", "李", "周", "吴", "郑", "王"];
    let (run, days) = (seed / 9_000 % 100, seed % 9_000);
    let born = jiff::civil::date(1972, 1, 1).saturating_add(jiff::Span::new().days(days));
    let digits = format!("610323{}{:03}", born.strftime("%Y%m%d"), run * 10 + n % 10);
    let sum: u32 = digits.chars().zip(WEIGHTS).map(|(digit, w)| digit.to_digit(10).unwrap_or(0) * w).sum();
    let check = "10X98765432".chars().nth(sum as usize % 11).unwrap_or('0');
    (format!("{}小明", SURNAMES[n as usize % SURNAMES.len()]), format!("{digits}{check}"))
}

/// A roster in CSV.
pub fn csv<'a>(people: impl IntoIterator<Item = &'a (String, String)>) -> Vec<u8> {
    let rows = people.into_iter().map(|(name, id)| format!("{name},{id},,\n"));
    format!("姓名,身份证号码,手机号码,职业\n{}", rows.collect::<String>()).into_bytes()
}

/// A failed-row workbook with every cell put right by openpyxl, as a clerk would.
pub fn corrected(failed_rows: &[u8], seed: u32) -> Result<Vec<u8>> {
    let stem = std::env::temp_dir().join(format!("failed-{}-{seed}", std::process::id()));
    let (before, after) = (stem.with_extension("before.xlsx"), stem.with_extension("after.xlsx"));
    std::fs::write(&before, failed_rows)?;
    let mut command = python();
    command.arg("fix_failed_rows.py").args(["--seed", &seed.to_string()]).arg(&before).arg(&after);
    run(command)?;
    let file = std::fs::read(&after)?;
    std::fs::remove_file(&before)?;
    std::fs::remove_file(&after)?;
    Ok(file)
}

/// Files made to break a reader, by name.
pub fn hostile() -> Result<BTreeMap<String, Vec<u8>>> {
    let folder = std::env::temp_dir().join(format!("hostile-{}", std::process::id()));
    let mut command = python();
    command.arg("make_hostile.py").arg(&folder);
    run(command)?;
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(&folder)? {
        let entry = entry?;
        files.insert(entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path())?);
    }
    std::fs::remove_dir_all(&folder)?;
    Ok(files)
}

/// A photo of 640 × 480 pixels.
pub fn photo() -> Result<Vec<u8>> {
    let (width, height) = (640_u32, 480_u32);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    let shade = |n: u32| u8::try_from(n % 256).unwrap_or_default();
    let pixels: Vec<u8> =
        (0..height).flat_map(|y| (0..width).flat_map(move |x| [shade(x), shade(y), shade(x + y)])).collect();
    encoder.write_header()?.write_image_data(&pixels)?;
    Ok(file)
}

/// The text of a PDF, as poppler reads it.
pub fn text_of(pdf: &[u8]) -> Result<String> {
    let file = std::env::temp_dir().join(format!("text-of-{}.pdf", std::process::id()));
    std::fs::write(&file, pdf)?;
    let mut command = Command::new("pdftotext");
    command.arg(&file).arg("-");
    let text = String::from_utf8(run(command)?)?;
    std::fs::remove_file(&file)?;
    Ok(text)
}

/// A PDF of one blank page.
pub fn pdf() -> Vec<u8> {
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", i + 1));
    }
    let table = file.len();
    file.push_str("xref\n0 4\n0000000000 65535 f \n");
    places.iter().for_each(|place| file.push_str(&format!("{place:010} 00000 n \n")));
    file.push_str(&format!("trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"));
    file.into_bytes()
}
