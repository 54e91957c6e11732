//! Files made to break a reader: each gets its typed refusal, in little memory, and nothing panics.

use std::io::{Cursor, Write};
use std::time::{Duration, Instant};

use crate::parts::{HEADER, Parts, briefs, problem};
use crate::trusting;
use documents::workbook::{FileProblem, limits, read_roster};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

const LIBREOFFICE_XLS: &[u8] = include_bytes!("../files/libreoffice.xls");
const OPENPYXL: &[u8] = include_bytes!("../files/openpyxl.xlsx");
pub const SHEET: &str = "xl/worksheets/sheet1.xml";
pub const STRINGS: &str = "xl/sharedStrings.xml";
const MEMORY_MAX_KIB: u64 = 256 * 1024;
const TIME_MAX: Duration = Duration::from_secs(20);

pub fn person(row: u32) -> String {
    format!(r#"<row r="{row}"><c r="B{row}" t="inlineStr"><is><t>张三</t></is></c></row>"#)
}

pub fn sheet(rows: &str) -> Parts {
    Parts::sheet(&format!("{HEADER}{rows}"))
}

pub fn strings(content: String) -> Parts {
    sheet(r#"<row r="2"><c r="B2" t="s"><v>0</v></c></row>"#).with(STRINGS, content)
}

/// Sets the unpacked size that the directory states for the part of that name.
fn lie_about_size(mut zip: Vec<u8>, name: &str, size: u32) -> Vec<u8> {
    let entry = (0..zip.len())
        .rev()
        .find(|&at| zip[at..].starts_with(b"PK\x01\x02") && zip[at + 46..].starts_with(name.as_bytes()));
    let at = entry.unwrap() + 24;
    zip[at..at + 4].copy_from_slice(&size.to_le_bytes());
    zip
}

fn container(stream: &str, content: &[u8]) -> Vec<u8> {
    let mut container = cfb::CompoundFile::create(Cursor::new(Vec::new())).unwrap();
    container.create_stream(stream).unwrap().write_all(content).unwrap();
    container.flush().unwrap();
    container.into_inner().into_inner()
}

fn biff(records: &[(u16, &[u8])]) -> Vec<u8> {
    let record = |(kind, data): &(u16, &[u8])| {
        [&kind.to_le_bytes(), &u16::try_from(data.len()).unwrap().to_le_bytes(), *data].concat()
    };
    records.iter().flat_map(record).collect()
}

/// A workbook stream of one sheet, which holds `cells`.
fn xls(globals: &[(u16, &[u8])], cells: &[(u16, &[u8])]) -> Vec<u8> {
    const BEGIN: (u16, &[u8]) = (0x0809, &[0, 6, 0x10, 0, 0, 0, 0, 0]);
    const END: (u16, &[u8]) = (0x000A, &[]);
    let name = b"\x00\x00\x01\x00s";
    let head = |position: u32| {
        let sheet = [&position.to_le_bytes()[..], b"\x00", name].concat();
        biff(&[&[BEGIN], globals, &[(0x0085, &sheet), END]].concat())
    };
    let position = u32::try_from(head(0).len()).unwrap();
    let stream = [head(position), biff(&[&[BEGIN], cells, &[END]].concat())].concat();
    container("/Workbook", &stream)
}

fn with_entry(name: &str, mode: u32) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new_append(Cursor::new(sheet(&person(2)).zip())).unwrap();
    zip.start_file(name, SimpleFileOptions::default().unix_permissions(mode)).unwrap();
    zip.write_all(b"/etc/passwd").unwrap();
    zip.finish().unwrap().into_inner()
}

fn symlink() -> Vec<u8> {
    let mut zip = zip::ZipWriter::new_append(Cursor::new(sheet(&person(2)).zip())).unwrap();
    zip.add_symlink("xl/link", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    zip.finish().unwrap().into_inner()
}

/// Every hostile file with the code it must get; `none` where it must be read in peace.
fn zoo() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let whole = sheet(&person(2)).zip();
    let mebibytes = |count: usize| "x".repeat(count << 20);
    let cell = |content: &str| format!(r#"<row r="2"><c r="B2" t="inlineStr"><is><t>{content}</t></is></c></row>"#);
    let laughs = r#"<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"#;
    let string_of = |text: &str| format!("<sst><si><t>{text}</t></si></sst>");
    let header = |titles: &[&str]| {
        let cells: String =
            titles.iter().map(|title| format!(r#"<c t="inlineStr"><is><t>{title}</t></is></c>"#)).collect();
        Parts::sheet(&format!(r#"<row r="1">{cells}</row>"#)).zip()
    };
    let bomb_rows = cell(&mebibytes(1)).repeat(64);
    let number = |row: u16, column: u16| [&row.to_le_bytes()[..], &column.to_le_bytes(), &[0; 10]].concat();
    vec![
        ("empty", Vec::new(), "FILE_KIND"),
        ("a picture", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), "FILE_KIND"),
        ("a PDF", b"%PDF-1.7\n\x01\x02".to_vec(), "FILE_KIND"),
        ("a web page called .xls", "<html><table><tr><td>姓名</td></tr></table></html>".into(), "FILE_KIND"),
        ("text in no known encoding", b"\xFF\xFE\xFF\xFF,\xFF".to_vec(), "FILE_KIND"),
        ("a zip without a workbook", Parts(vec![("a.txt".into(), b"a".to_vec())]).zip(), "FILE_KIND"),
        ("too large", vec![b'a'; limits::FILE_BYTES_MAX + 1], "FILE_TOO_LARGE"),
        ("cut in half", whole[..whole.len() / 2].to_vec(), "FILE_DAMAGED"),
        ("without its last byte", OPENPYXL[..OPENPYXL.len() - 1].to_vec(), "FILE_DAMAGED"),
        ("only the signature", b"PK\x03\x04".to_vec(), "FILE_DAMAGED"),
        ("without its sheet", sheet("").without(SHEET).zip(), "FILE_DAMAGED"),
        ("a sheet that ends early", sheet("").with(SHEET, "<worksheet><sheetData><row>").zip(), "FILE_DAMAGED"),
        ("a sheet of noise", sheet("").with(SHEET, vec![0xFE; 5000]).zip(), "FILE_DAMAGED"),
        ("an unknown shared string", sheet(r#"<row r="2"><c r="B2" t="s"><v>7</v></c></row>"#).zip(), "FILE_DAMAGED"),
        ("row zero", sheet(r#"<row r="0"></row>"#).zip(), "FILE_DAMAGED"),
        ("a row beyond all", sheet(r#"<row r="99999999999999"></row>"#).zip(), "FILE_DAMAGED"),
        ("a column beyond all", sheet(r#"<row r="2"><c r="ZZZZZZZZZZ2"><v>1</v></c></row>"#).zip(), "FILE_DAMAGED"),
        ("a column to the right", sheet(r#"<row r="2"><c r="ZZZZ2"><v>1</v></c></row>"#).zip(), "none"),
        ("encrypted .xlsx", container("/EncryptedPackage", b"secret"), "FILE_ENCRYPTED"),
        ("encrypted .xls", xls(&[(0x002F, &[1, 0, 1, 0])], &[]), "FILE_ENCRYPTED"),
        ("a document of another program", container("/WordDocument", b"text"), "FILE_KIND"),
        ("zip bomb", sheet("").with("xl/media/bomb.bin", vec![0; 320 << 20]).zip(), "UNPACKED_TOO_LARGE"),
        ("packed too tightly", sheet("").with(SHEET, mebibytes(32)).zip(), "UNPACKED_TOO_LARGE"),
        ("300 MiB in one cell", sheet(&cell(&mebibytes(299))).zip(), "UNPACKED_TOO_LARGE"),
        (
            "much in one cell, said to be little",
            lie_about_size(sheet(&cell(&mebibytes(32))).zip(), SHEET, 5000),
            "FILE_DAMAGED",
        ),
        ("a long cell", sheet(&cell(&mebibytes(7))).zip(), "CELL_TOO_LONG"),
        (
            "a long cell of many runs",
            sheet(&format!(
                r#"<row><c t="inlineStr"><is>{}</is></c></row>"#,
                "<r><t>xxxxxxxxxx</t></r>".repeat(20_000)
            ))
            .zip(),
            "none",
        ),
        (
            "a long wanted cell of many runs",
            sheet(&format!(
                r#"<row><c r="B2" t="inlineStr"><is>{}</is></c></row>"#,
                "<r><t>xxxxxxxxxx</t></r>".repeat(20_000)
            ))
            .zip(),
            "CELL_TOO_LONG",
        ),
        ("a long shared string", strings(string_of(&mebibytes(1))).zip(), "CELL_TOO_LONG"),
        ("many long cells, stored", sheet(&bomb_rows).zip_as(CompressionMethod::Stored), "FILE_TOO_LARGE"),
        ("a long tag", sheet(&format!(r#"<row r="2" x="{}"></row>"#, mebibytes(1))).zip(), "CELL_TOO_LONG"),
        ("a lie about size", lie_about_size(whole.clone(), SHEET, 10), "FILE_DAMAGED"),
        ("a lie the other way", lie_about_size(whole.clone(), SHEET, 7 << 20), "FILE_DAMAGED"),
        ("billion laughs", strings(format!("{laughs}{}", string_of("&b;"))).zip(), "FILE_DAMAGED"),
        ("an entity of no meaning", strings(string_of("&nbsp;")).zip(), "FILE_DAMAGED"),
        (
            "a boast of strings",
            strings(string_of("张三").replace("<sst", r#"<sst uniqueCount="99999999999999""#)).zip(),
            "none",
        ),
        (
            "too many strings",
            strings(format!("<sst>{}</sst>", "<si/>".repeat(limits::SHARED_STRINGS_MAX + 1)))
                .zip_as(CompressionMethod::Stored),
            "FILE_TOO_COMPLEX",
        ),
        (
            "too many formats",
            sheet("")
                .with(
                    "xl/styles.xml",
                    format!(
                        "<styleSheet><cellXfs>{}</cellXfs></styleSheet>",
                        "<xf/>".repeat(limits::CELL_FORMATS_MAX + 1)
                    ),
                )
                .zip(),
            "FILE_TOO_COMPLEX",
        ),
        (
            "too many parts",
            Parts((0..=limits::PARTS_MAX).map(|n| (n.to_string(), Vec::new())).collect()).zip(),
            "FILE_TOO_COMPLEX",
        ),
        ("a vast rectangle", sheet(r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#).zip(), "none"),
        (
            "a vast rectangle claimed",
            sheet("")
                .with(
                    SHEET,
                    format!(
                        r#"<worksheet><dimension ref="A1:XFD1048576"/><sheetData>{HEADER}</sheetData></worksheet>"#
                    ),
                )
                .zip(),
            "none",
        ),
        ("a way out of the package", with_entry("../../etc/cron.d/x", 0o644), "FILE_DAMAGED"),
        ("an absolute path, which is never followed", with_entry("/etc/cron.d/x", 0o644), "none"),
        ("a symbolic link", symlink(), "FILE_DAMAGED"),
        ("other titles", header(&["姓 名", "工号"]), "HEADER_NOT_FOUND"),
        ("two names", header(&["姓名", "身份证号码", "姓名"]), "HEADER_REPEATED"),
        ("two ID numbers", header(&["姓名", "身份证号码", "证件号码"]), "HEADER_REPEATED"),
        ("a plan twice", header(&["姓名", "身份证号码", "A份数", "Ａ 份数"]), "HEADER_REPEATED"),
        ("an .xls that is cut", LIBREOFFICE_XLS[..LIBREOFFICE_XLS.len() / 2].to_vec(), "FILE_DAMAGED"),
        (
            "an .xls that spans all",
            xls(&[], &[(0x0203, &number(0, 0)), (0x0203, &number(65_535, 255))]),
            "UNPACKED_TOO_LARGE",
        ),
        (
            "an .xls that claims all",
            xls(&[], &[(0x0200, &[0, 0, 0, 0, 255, 255, 255, 255, 0, 0, 255, 255, 0, 0]), (0x0203, &number(0, 0))]),
            "HEADER_NOT_FOUND",
        ),
        ("an .xls with a short cell", xls(&[], &[(0x00BD, &[0, 0, 0, 0, 0])]), "FILE_DAMAGED"),
        (
            "an .xls whose sheet lies beyond",
            container("/Workbook", &biff(&[(0x0085, &[255, 255, 255, 0, 0, 0, 1, 0, b's']), (0x000A, &[])])),
            "FILE_DAMAGED",
        ),
    ]
}

#[test]
fn hostile_files_are_refused_by_name() {
    let mut others = Vec::new();
    for (name, bytes, code) in zoo().into_iter().chain(trusting::zoo()) {
        let start = Instant::now();
        let found = problem(&bytes);
        assert!(start.elapsed() < TIME_MAX, "{name} took {:?}", start.elapsed());
        if found != code {
            others.push(format!("{name}: {found}, not {code}"));
        }
    }
    assert_eq!(others, Vec::<String>::new());
}

#[test]
fn a_merged_header_leaves_no_row_behind() {
    let header = r#"<row r="1"><c t="inlineStr"><is><t>某单位人员清单</t></is></c><c/><c/></row>"#;
    let below = r#"<row r="3"><c/><c/><c/></row>"#;
    let merged = format!("{header}{}{below}{}", HEADER.replace(r#"r="1""#, r#"r="2""#), person(4));
    assert_eq!(briefs(&Parts::sheet(&merged).zip()), ["4 张三 - - -"]);
}

#[test]
fn the_two_hundred_thousandth_row_is_the_last() {
    let rows = |count: u32| (2..2 + count).map(person).collect::<String>();
    assert_eq!(problem(&sheet(&rows(limits::ROWS_MAX)).zip()), "none");
    let over = sheet(&rows(limits::ROWS_MAX + 1)).zip();
    let read: Vec<_> = read_roster(&over).unwrap().collect();
    assert_eq!(read.len(), limits::ROWS_MAX as usize + 1, "nothing follows the problem");
    assert_eq!(read.last().unwrap(), &Err(FileProblem::TooManyRows));
}

#[test]
fn a_flipped_bit_in_a_name_does_not_pass() {
    let mut stored = sheet(&person(2)).zip_as(CompressionMethod::Stored);
    let at = stored.windows(6).position(|window| window == "张三".as_bytes()).unwrap();
    stored[at + 5] ^= 1;
    assert_eq!(problem(&stored), "FILE_DAMAGED");
}

#[test]
fn a_problem_quotes_titles_but_no_person() {
    let row = |cells: &[&str]| cells.join(",") + "\n";
    let people = row(&["张三", "110101199003071233", "13812345678", "单位110101199003071233"]);
    let file = people.clone() + &row(&["序号", "职工姓名", "身份证", "所在单位名称以及部门和班组全称"]) + &people;
    let problem = read_roster(file.as_bytes()).unwrap_err();
    assert_eq!(
        problem.to_string(),
        "前 20 行中没有同时包含“姓名”和“身份证号码”(或“证件号码”)的表头;找到的列名:序号、职工姓名、身份证、所在单位名称以及部门和班"
    );
    let problem = read_roster(people.as_bytes()).unwrap_err();
    assert!(!format!("{problem} {problem:?}").contains("张三"));
}

/// Reads the whole zoo in a process of its own, whose peak shows the worst of them.
#[cfg(target_os = "linux")]
#[test]
#[expect(clippy::disallowed_methods, reason = "the child process is told by its environment what to read")]
fn memory_stays_bounded() {
    const CHILD: &str = "WORKBOOK_MEMORY_CHILD";
    if let Ok(folder) = std::env::var(CHILD) {
        for file in std::fs::read_dir(folder).unwrap() {
            problem(&std::fs::read(file.unwrap().path()).unwrap());
        }
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        println!("peak={}", status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap().trim());
        return;
    }
    let folder = std::env::temp_dir().join(format!("workbook-zoo-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    for (at, (_, bytes, _)) in zoo().into_iter().chain(trusting::zoo()).enumerate() {
        std::fs::write(folder.join(at.to_string()), bytes).unwrap();
    }
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "hostile::memory_stays_bounded", "--nocapture"])
        .env(CHILD, &folder)
        .output()
        .unwrap();
    std::fs::remove_dir_all(&folder).unwrap();
    let output = String::from_utf8_lossy(&child.stdout).into_owned();
    let peak = output.split("peak=").nth(1).and_then(|rest| rest.split(' ').next()).unwrap();
    assert!(peak.parse::<u64>().unwrap() < MEMORY_MAX_KIB, "{peak} KiB");
}

/// xorshift64*: the same mutations on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap() % bound
    }

    fn mutate(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.below(4) {
            let at = self.below(bytes.len());
            match self.below(4) {
                0 => bytes[at] ^= 1 << self.below(8),
                1 => bytes[at] = [0, 0xFF, b'<', b'>', b'"', b'&', b'/', 0x7F][self.below(8)],
                2 => drop(bytes.drain(at..(at + 1 + self.below(8)).min(bytes.len()))),
                _ => bytes.insert(at, u8::try_from(self.below(256)).unwrap()),
            }
            if bytes.is_empty() {
                bytes.push(0);
            }
        }
    }
}

/// Whatever a mutated file is, reading it ends in rows or in a problem.
#[test]
fn mutated_files_never_panic() {
    const ROUNDS: usize = 3_000;
    std::panic::set_hook(Box::new(|_| {}));
    let mut dice = Dice(0x5EED);
    let inner = strings(r#"<sst><si><r><t>张&amp;三_x000D_</t></r><rPh><t>z</t></rPh></si></sst>"#.into()).with(
        "xl/styles.xml",
        r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yy"/></numFmts><cellXfs><xf numFmtId="164"/></cellXfs></styleSheet>"#,
    );
    let csv = "姓名,身份证号码\n\"张,三\",110101199003071233\n".as_bytes();
    let mut read = 0;
    for _ in 0..ROUNDS {
        for whole in [OPENPYXL, LIBREOFFICE_XLS, csv] {
            let mut bytes = whole.to_vec();
            dice.mutate(&mut bytes);
            read += usize::from(problem(&bytes) == "none");
        }
        let mut parts = inner.clone();
        let part = dice.below(parts.0.len());
        dice.mutate(&mut parts.0[part].1);
        read += usize::from(problem(&parts.zip_as(CompressionMethod::Stored)) == "none");
    }
    drop(std::panic::take_hook());
    assert!(read > ROUNDS / 10, "some mutations leave a file readable, or nothing deep was reached");
}
