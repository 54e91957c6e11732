//! The printed documents, read back with poppler (`pdftotext`, `pdffonts`, `pdfinfo`).
#![cfg(feature = "pdf")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail loudly")]

mod print_samples;

use std::path::PathBuf;
use std::process::Command;

use documents::print::{Place, RenderProblem, render_certificate, render_payment_notice, render_receipt};
use print_samples::{PLANS, RARE_NAMES, certificate, payment_notice, receipt};

/// The fonts that are unpacked only for what the others lack.
const SELDOM_FONTS: [&str; 2] = ["PRTFUR", "PRTRAR"];

#[test]
fn every_name_of_the_annex_comes_back_as_text() {
    let data = certificate(2_000);
    let text = poppler("names", &render_certificate(&data).unwrap(), "pdftotext", &["-layout"]);
    let (_, annex) = text.split_once('\u{c}').unwrap();
    let mut rows = annex.lines().filter_map(|line| {
        let line = line.trim();
        let (number, rest) = line.split_once(char::is_whitespace)?;
        number.parse::<usize>().ok().map(|number| (number, rest.trim().to_owned()))
    });
    for (index, member) in data.members.iter().enumerate() {
        let (number, row) = rows.next().expect("a row for every member");
        assert_eq!(number, index + 1);
        // A name with spaces is one cell: columns are more than one space apart.
        let cells: Vec<&str> = row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
        let age = member.age.to_string();
        let expected: [&str; 6] = [&member.name, &member.sex, &age, &member.id_number, &member.plan, &member.state];
        assert_eq!(cells.join(" "), expected.join(" "));
    }
    assert_eq!(rows.next(), None);
}

#[test]
fn a_long_name_wraps_within_its_column_and_loses_nothing() {
    let names = ["古丽巴哈尔·阿不都热合曼·努尔买买提·吐尔逊江·依明", "Maria del Carmen Fernandez y Montserrat"];
    let mut data = certificate(names.len());
    for (member, name) in data.members.iter_mut().zip(names) {
        member.name = name.to_owned();
    }
    let text = joined(&poppler("wrapped", &render_certificate(&data).unwrap(), "pdftotext", &["-raw"]));
    for name in names {
        assert!(text.contains(&joined(name)), "{name}");
    }
}

#[test]
fn the_same_data_gives_the_same_bytes() {
    let data = certificate(200);
    assert!(render_certificate(&data).unwrap() == render_certificate(&data.clone()).unwrap());
    assert!(render_receipt(&receipt()).unwrap() == render_receipt(&receipt()).unwrap());
    assert!(render_payment_notice(&payment_notice()).unwrap() == render_payment_notice(&payment_notice()).unwrap());
    let mut other = certificate(200);
    other.revision = 2;
    assert!(render_certificate(&data).unwrap() != render_certificate(&other).unwrap());
}

#[test]
fn characters_without_a_glyph_refuse_the_document_and_are_all_listed() {
    let mut data = certificate(20);
    data.unit.push('\u{323AF}');
    data.members[6].name = "王小\u{31350}\u{31350}".to_owned();
    data.members[11].name = "李\u{7}四".to_owned();
    let problem = render_certificate(&data).unwrap_err();
    let row = |number| Place::Row { table: "会员名单", number };
    assert_eq!(
        problem,
        RenderProblem::MissingGlyphs {
            which: vec![(Place::Field("参保单位"), '\u{323AF}'), (row(7), '\u{31350}'), (row(12), '\u{7}'),]
        }
    );
    assert_eq!(problem.code(), "PRINT_GLYPH_MISSING");
    let shown = problem.to_string();
    assert!(shown.contains("会员名单第7行") && shown.contains("U+31350"), "{shown}");
    assert!(!shown.contains('王') && !shown.contains('李') && !shown.contains("公交"), "{shown}");
}

#[test]
fn every_page_of_the_annex_has_its_header_and_number() {
    let data = certificate(500);
    let text = poppler("pages", &render_certificate(&data).unwrap(), "pdftotext", &["-layout"]);
    let pages: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
    assert!(pages.len() > 12, "{}", pages.len());
    for (number, page) in (1..).zip(&pages) {
        assert!(page.contains(&format!("第 {number} 页 / 共 {} 页", pages.len())), "page {number}");
        assert!(page.contains(&data.number), "page {number}");
    }
    for page in &pages[1..] {
        let header = page.lines().find(|line| line.contains("序号")).expect("a header");
        for title in ["姓名", "性别", "年龄", "证件号码", "保障活动", "状态"] {
            assert!(header.contains(title), "{header}");
        }
    }
}

#[test]
fn the_certificate_says_what_it_must() {
    let data = certificate(60);
    let bytes = render_certificate(&data).unwrap();
    let text = poppler("certificate", &bytes, "pdftotext", &["-layout"]);
    let pages: Vec<&str> = text.trim_end_matches('\u{c}').split('\u{c}').collect();
    let (first, last) = (pages[0], *pages.last().unwrap());
    for expected in [
        "中国职工保险互助会青岛办事处",
        "参加职工互助保障活动确认书",
        "确认书号码：G26022024120410000822",
        &data.unit,
        &data.handler,
        &data.phone,
        &data.address,
        "2024年12月11日0时起",
        "2025年12月10日24时止",
        "1,900.00",
        "￥3,840.00",
        "叁仟捌佰肆拾元整",
        "会员须知",
        "15日内办妥续保",
        "信息授权",
        "单位承诺",
    ] {
        assert!(first.contains(expected), "{expected} is not in\n{first}");
    }
    for page in [first, last] {
        for box_title in ["会员单位（盖章）", "办事处（盖章）", "经办人（签字）", "扫码核验"]
        {
            assert!(page.contains(box_title), "{box_title}");
        }
    }
    assert!(!first.contains("打印时间") && last.contains("打印时间：2024-12-12 09:05"));

    let info = poppler("certificate", &bytes, "pdfinfo", &[]);
    for expected in [
        "参加职工互助保障活动确认书 G26022024120410000822",
        "中国职工保险互助会青岛办事处",
        &format!("{} 参加职工互助保障活动", data.unit),
        "A4",
    ] {
        assert!(info.contains(expected), "{expected} is not in\n{info}");
    }
}

#[test]
fn many_plans_and_a_long_unit_name_flow_onto_further_pages() {
    let mut data = certificate(3);
    data.unit = "新疆生产建设兵团第八师石河子市".repeat(6);
    for number in 0..30 {
        let mut plan = data.plans[0].clone();
        plan.name = format!("保障活动第{number}号");
        data.plans.push(plan);
    }
    let text = poppler("many", &render_certificate(&data).unwrap(), "pdftotext", &["-raw"]);
    assert!((0..30).all(|number| text.contains(&format!("保障活动第{number}号"))));
    assert_eq!(joined(&text).matches(&data.unit).count(), 3, "head and two seal boxes");
}

#[test]
fn fonts_are_embedded_and_subset_and_the_seldom_ones_only_when_needed() {
    let fonts = |name: &str, bytes: &[u8]| {
        let table = poppler(name, bytes, "pdffonts", &[]);
        let lines: Vec<String> = table.lines().skip(2).map(ToOwned::to_owned).collect();
        for line in &lines {
            let flags: Vec<&str> = line.split_whitespace().rev().skip(2).take(3).collect();
            assert_eq!(flags, ["yes"; 3], "{line}");
        }
        lines
    };
    let with_rare = fonts("rare", &render_certificate(&certificate(RARE_NAMES.len())).unwrap());
    assert_eq!(with_rare.len(), 4);
    for font in SELDOM_FONTS {
        assert!(with_rare.iter().any(|line| line.starts_with(font)), "{font} is not in {with_rare:?}");
    }
    let plain = fonts("plain", &render_payment_notice(&payment_notice()).unwrap());
    assert!(!plain.iter().any(|line| SELDOM_FONTS.iter().any(|font| line.starts_with(font))), "{plain:?}");
}

#[test]
fn a_long_annex_stays_small() {
    let small = render_certificate(&certificate(2_000)).unwrap().len();
    let large = render_certificate(&certificate(20_000)).unwrap().len();
    assert!(small < 400_000, "{small} bytes for 2,000 members");
    assert!(large < 1_800_000, "{large} bytes for 20,000 members");
}

#[test]
fn the_receipt_has_the_layout_of_the_unified_form() {
    let data = receipt();
    let text = poppler("receipt", &render_receipt(&data).unwrap(), "pdftotext", &["-layout"]);
    for expected in [
        "全国性社会团体会费统一票据（电子）",
        "票据代码：00010224",
        "票据号码：0000012345",
        "校验码：a1b2c3",
        "交款人：青岛西海岸",
        "统一社会信用代码：81370200MC7654321U",
        "开票日期：2024年12月10日",
        "项目编码",
        "项目名称",
        "标准",
        "1,500.00",
        "贰仟肆佰元整",
        "￥2,400.00",
        "收款单位（章）：中国职工保险互助会青岛办事处",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
}

#[test]
fn only_the_sample_series_is_watermarked_and_a_preview_has_blank_numbers() {
    let mut data = receipt();
    let mark = |bytes: &[u8]| joined(&poppler("mark", bytes, "pdftotext", &["-raw"])).contains("样例");
    assert!(mark(&render_receipt(&data).unwrap()));
    data.sample = false;
    for field in [&mut data.code, &mut data.number, &mut data.check_code] {
        field.clear();
    }
    let preview = render_receipt(&data).unwrap();
    assert!(!mark(&preview));
    let text = poppler("preview", &preview, "pdftotext", &["-layout"]);
    assert!(text.contains("票据号码：") && !text.contains("0000012345"), "{text}");
}

#[test]
fn the_payment_notice_says_what_where_and_until_when() {
    let data = payment_notice();
    let bytes = render_payment_notice(&data).unwrap();
    let text = poppler("notice", &bytes, "pdftotext", &["-layout"]);
    for expected in [
        "缴费通知单",
        "A26022024120410000821",
        &data.unit,
        "2,375.00",
        "3,275.00",
        "-875.00",
        "￥2,400.00",
        "贰仟肆佰元整",
        "中国工商银行青岛市南支行",
        "3803 0210 0920 0123 456",
        "2024年12月20日",
        "0532-12351",
        "注明参保单位全称",
        "第 2 次打印",
    ] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
}

#[test]
fn an_address_too_long_for_a_qr_code_is_refused() {
    let mut data = certificate(1);
    data.verification_url = "x".repeat(3_000);
    assert_eq!(render_certificate(&data), Err(RenderProblem::VerificationUrlTooLong));
    assert_eq!(PLANS.len(), data.plans.len());
}

/// What a poppler tool says about a document.
fn poppler(name: &str, pdf: &[u8], tool: &str, options: &[&str]) -> String {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("print-{name}.pdf"));
    std::fs::write(&path, pdf).unwrap();
    let mut command = Command::new(tool);
    command.args(options).arg(&path);
    if tool == "pdftotext" {
        command.arg("-");
    }
    let output = command.output().unwrap_or_else(|error| panic!("{tool} (poppler-utils): {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn joined(text: &str) -> String {
    text.split_whitespace().collect()
}
