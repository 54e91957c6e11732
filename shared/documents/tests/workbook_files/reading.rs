//! What honest files hold is read, whichever program wrote them.

use crate::parts::{HEADER, Parts, brief, briefs, problem, rows, text};
use documents::workbook::{FileKind, read_roster};
use domain::roster::raw::Cell;
use encoding_rs::GB18030;

const OPENPYXL: &[u8] = include_bytes!("../files/openpyxl.xlsx");
const EXCELJS: &[u8] = include_bytes!("../files/exceljs.xlsx");
const LIBREOFFICE_XLS: &[u8] = include_bytes!("../files/libreoffice.xls");
const LIBREOFFICE_XLSX: &[u8] = include_bytes!("../files/libreoffice.xlsx");
/// The rows of all four, as openpyxl reads them from its own file.
const EXPECTED: &str = include_str!("../files/expected.txt");

fn cells(texts: &[&str]) -> String {
    texts.iter().map(|text| format!(r#"<c t="inlineStr"><is><t>{text}</t></is></c>"#)).collect()
}

#[test]
fn the_header_may_stand_anywhere_in_the_first_rows_in_any_order() {
    let title = format!(r#"<row r="2">{}</row>"#, cells(&["某某单位参保人员信息表"]));
    let header = format!(r#"<row r="5">{}</row>"#, cells(&["手机号码", "备注", "身份证　号 码*", "＊姓 名"]));
    let data = format!(r#"<row r="9">{}</row>"#, cells(&["13812345678", "x", "110101199003071233", "张三"]));
    let blank = r#"<row r="10"><c r="A10" s="1"/><c r="B10" t="inlineStr"><is><t>only a remark</t></is></c></row><row r="11"/>"#;
    let file = Parts::sheet(&format!("{title}{header}{data}{blank}")).zip();
    assert_eq!(briefs(&file), ["9 张三 110101199003071233 13812345678 -"]);
    assert_eq!(read_roster(&file).unwrap().header().row_number, 5);
}

#[test]
fn a_header_below_the_twentieth_row_is_not_found() {
    let at = |row: u32| Parts::sheet(&HEADER.replace(r#"r="1""#, &format!(r#"r="{row}""#))).zip();
    assert_eq!(problem(&at(20)), "none");
    assert_eq!(problem(&at(21)), "HEADER_NOT_FOUND");
}

#[test]
fn every_way_to_write_a_cell_is_understood() {
    let strings = r#"<sst uniqueCount="4" xmlns="x"><si><t xml:space="preserve"> 王 五 </t></si><si><r><rPr><b/></rPr><t>欧阳</t></r><r><t>娜娜</t></r><rPh sb="0" eb="1"><t>ouyang</t></rPh></si><si/><si><t>A&amp;B&#x4E2D;_x000D_</t></si></sst>"#;
    let styles = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;"/></numFmts><cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>"#;
    let data = r#"
        <row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2"><v>13812345678</v></c><c r="D2" s="1"><v>45606</v></c><c r="E2" s="2"><v>45606.5</v></c></row>
        <row><c/><c t="s"><v>1</v></c><c t="str"><f>A1&amp;"x"</f><v>公式</v></c><c t="b"><v>1</v></c><c t="e"><v>#N/A</v></c></row>
        <row r="7"><c r="E7"><v>1.5E3</v></c><c r="B7" t="s"><v>3</v></c><c r="C7" t="s"><v>2</v></c><c r="XFD7"><v>1</v></c></row>
        <row r="8"><c r="B8" t="inlineStr"><is><r><t>李</t></r><r><t><![CDATA[<四>]]></t></r></is></c><c r="D8" t="d"><v>2024-11-10</v></c></row>"#;
    let file = Parts::sheet(&format!("{HEADER}{data}"))
        .with("xl/sharedStrings.xml", strings)
        .with("xl/styles.xml", styles)
        .zip();
    let rows = rows(&file).unwrap();
    assert_eq!(rows[0].name, text(" 王 五 "));
    assert_eq!(brief(&rows[0]), "2  王 五  #13812345678 2024-11-10 2024-11-10 12:00:00");
    assert_eq!(brief(&rows[1]), "3 欧阳娜娜 公式 TRUE #N/A");
    assert_eq!(brief(&rows[2]), "7 A&B中\r - - #1500");
    assert_eq!(brief(&rows[3]), "8 李<四> - 2024-11-10 -");
}

#[test]
fn prefixed_names_and_unusual_paths_are_followed() {
    let prefixed = |xml: &[u8]| {
        String::from_utf8(xml.to_vec())
            .unwrap()
            .replace("</", "</x:")
            .replace('<', "<x:")
            .replace("<x:/x:", "</x:")
            .replace("<x:?", "<?")
    };
    let mut parts =
        Parts::sheet(&format!(r#"{HEADER}<row r="2"><c r="B2" t="inlineStr"><is><t>张三</t></is></c></row>"#));
    for (path, content) in &mut parts.0 {
        *path = path.replace("xl/worksheets/sheet1.xml", "XL\\Sheets\\One.XML");
        *content = prefixed(content).replace("worksheets/sheet1.xml", "/xl/sheets/one.xml").into();
    }
    assert_eq!(briefs(&parts.zip()), ["2 张三 - - -"]);
}

#[test]
fn only_the_first_visible_sheet_is_read() {
    let named = |name: &str| format!(r#"{HEADER}<row r="2">{}</row>"#, cells(&["1", name]));
    let sheets = r#"<sheet name="a" state="hidden" r:id="rId1"/><sheet name="b" state="veryHidden" r:id="rId2"/><sheet name="c" r:id="rId3"/><sheet name="d" r:id="rId4"/>"#;
    let sheet_rows = ["隐藏", "深藏", "可见", "其次"].map(named);
    let file = Parts::workbook(sheets, &sheet_rows.each_ref().map(String::as_str)).zip();
    assert_eq!(briefs(&file), ["2 可见 - - -"]);
    let all_hidden = Parts::workbook(r#"<sheet name="a" state="hidden" r:id="rId1"/>"#, &[HEADER]).zip();
    assert_eq!(problem(&all_hidden), "SHEET_NOT_FOUND");
}

#[test]
fn plans_have_a_share_column_each() {
    let header = format!(
        r#"<row r="1">{}</row>"#,
        cells(&["姓名", "证件号码", "住院医疗(A方案) 份数", "意外伤害（会费20元）份数"])
    );
    let data = format!(r#"<row r="2">{}<c><v>1</v></c></row>"#, cells(&["张三", "110101199003071233"]));
    let file = Parts::sheet(&(header + &data)).zip();
    assert_eq!(read_roster(&file).unwrap().header().plans, ["住院医疗(A方案)", "意外伤害(会费20元)"]);
    assert_eq!(rows(&file).unwrap()[0].shares, [Cell::Number(1.0), Cell::Empty]);
}

#[test]
fn text_tables_come_in_three_encodings() {
    let table = "\r\n姓名,身份证号码,手机号码\r\n张三,110101199003071233,13812345678\r\n\r\n\"李\r\n四\",,\r\n,,\r\n㐂王,370202198511304561,\r\n";
    let bom = [b"\xEF\xBB\xBF", table.as_bytes()].concat();
    let (gb18030, _, _) = GB18030.encode(table);
    for bytes in [table.as_bytes(), &bom, &gb18030] {
        let file = read_roster(bytes).unwrap();
        assert_eq!((file.kind(), file.header().row_number), (FileKind::Csv, 2));
        let expected = ["3 张三 110101199003071233 13812345678 -", "5 李\r\n四 - - -", "7 㐂王 370202198511304561 - -"];
        assert_eq!(briefs(bytes), expected);
    }
}

#[test]
fn files_of_other_programs_are_read() {
    let expected: Vec<&str> = EXPECTED.lines().collect();
    assert_eq!(expected.len(), 120);
    assert!(expected.iter().any(|row| row.contains('#')), "numbers are kept as numbers");
    assert_eq!(briefs(OPENPYXL), expected);
    assert_eq!(briefs(LIBREOFFICE_XLSX), expected);
    assert_eq!(briefs(EXCELJS), expected);
    assert_eq!(read_roster(LIBREOFFICE_XLS).unwrap().kind(), FileKind::Xls);
    assert_eq!(briefs(LIBREOFFICE_XLS), expected);
}
