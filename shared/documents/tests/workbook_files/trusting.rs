//! What calamine trusts: for every place where it keeps or reserves what a file says, a file that says too much.

use documents::workbook::limits;
use zip::CompressionMethod;

use crate::hostile::{SHEET, STRINGS, person, sheet, strings};
use crate::parts::{HEADER, Parts, briefs, problem};

const STYLES: &str = "xl/styles.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";

fn styles(content: &str) -> Vec<u8> {
    sheet(&person(2)).with(STYLES, format!("<styleSheet>{content}</styleSheet>")).zip()
}

fn worksheet(content: &str) -> Vec<u8> {
    sheet("").with(SHEET, format!("<worksheet>{content}<sheetData>{HEADER}</sheetData></worksheet>")).zip()
}

fn cell(content: &str) -> Vec<u8> {
    sheet(&format!(r#"<row r="2">{content}</row>"#)).with(STRINGS, "<sst><si><t>张三</t></si></sst>").zip()
}

/// The list of sheets, behind one sheet that is there.
fn workbook(content: &str) -> Parts {
    let sheet = r#"<sheet name="a" r:id="rId1"/>"#;
    Parts::workbook(&format!("{sheet}{content}"), &[&format!("{HEADER}{}", person(2))])
}

fn relations(content: &str) -> String {
    let kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet";
    format!(r#"<Relationships><Relationship Id="rId1" Type="{kind}" Target="/{SHEET}"/>{content}</Relationships>"#)
}

/// As many texts of that many bytes, all different, as honest deflate packs under the limits.
fn texts(count: usize, bytes: usize) -> String {
    let texts = (0..count).map(|n| format!("<si><t>{n:0bytes$}</t></si>"));
    format!(r#"<sst uniqueCount="{count}">{}</sst>"#, texts.collect::<String>())
}

/// Hostile files, each with the code it must get; `none` where it must be read in peace.
pub fn zoo() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let long = |count: usize| "x".repeat(count);
    let nested = |name: &str, depth: usize| format!("<{name}>").repeat(depth) + &format!("</{name}>").repeat(depth);
    let formats = limits::CELL_FORMATS_MAX;
    vec![
        // What it reserves: one string per `uniqueCount`.
        ("a boast of few strings", strings(r#"<sst uniqueCount="3"><si><t>张三</t></si></sst>"#.into()).zip(), "none"),
        (
            "a boast beyond numbers",
            strings(r#"<sst uniqueCount="99999999999999999999999"><si/></sst>"#.into()).zip(),
            "none",
        ),
        ("a boast of nothing", sheet(&person(2)).with(STRINGS, r#"<sst uniqueCount="4294967295"/>"#).zip(), "none"),
        ("a second boast", strings(r#"<sst><si/><sst uniqueCount="99999999"></sst></sst>"#.into()).zip(), "none"),
        (
            "a boast under another name",
            sheet(&person(2)).with("xl/texts.xml", r#"<x:sst uniqueCount="99999999999"><x:si/></x:sst>"#).zip(),
            "none",
        ),
        // What it keeps: shared strings, formats, sheets and their paths, names of ranges.
        ("strings up to the limit", strings(texts(1_900_000, 31)).zip(), "none"),
        ("strings over the limit", strings(texts(2_000_000, 41)).zip(), "FILE_TOO_COMPLEX"),
        ("fonts without end", styles(&format!("<fonts>{}</fonts>", "<font/>".repeat(formats + 1))), "FILE_TOO_COMPLEX"),
        (
            "number formats without end",
            styles(&format!("<numFmts>{}</numFmts>", "<numFmt/>".repeat(formats + 1))),
            "FILE_TOO_COMPLEX",
        ),
        (
            "a long format code, copied into every cell format",
            styles(&format!(
                r#"<numFmts><numFmt numFmtId="164" formatCode="{}"/></numFmts><cellXfs>{}</cellXfs>"#,
                long(10_000),
                r#"<xf numFmtId="164"/>"#.repeat(formats)
            )),
            "FILE_TOO_COMPLEX",
        ),
        (
            "a long font name, copied into every cell format",
            styles(&format!(
                r#"<fonts><font><name val="{}"/></font></fonts><cellXfs>{}</cellXfs>"#,
                long(10_000),
                r#"<xf fontId="0"/>"#.repeat(formats)
            )),
            "FILE_TOO_COMPLEX",
        ),
        (
            "as many formats as may be",
            styles(&format!("<cellXfs>{}</cellXfs>", r#"<xf numFmtId="14"/>"#.repeat(formats))),
            "none",
        ),
        (
            "sheets without end",
            workbook(&r#"<sheet name="b" r:id="rId1"/>"#.repeat(limits::SHEETS_MAX)).zip(),
            "FILE_TOO_COMPLEX",
        ),
        (
            "relations without end",
            workbook("").with(RELATIONS, relations(&r#"<Relationship Id="a"/>"#.repeat(limits::PARTS_MAX))).zip(),
            "FILE_TOO_COMPLEX",
        ),
        (
            "a long path, copied into every sheet",
            workbook(&r#"<sheet name="b" r:id="x"/>"#.repeat(900))
                .with(
                    RELATIONS,
                    relations(&format!(r#"<Relationship Id="x" Type="/worksheet" Target="{}"/>"#, long(100_000))),
                )
                .zip(),
            "FILE_TOO_COMPLEX",
        ),
        (
            "names of ranges without end",
            workbook(&format!("<definedNames>{}</definedNames>", r#"<definedName name="a"/>"#.repeat(800_000)))
                .zip_as(CompressionMethod::Stored),
            "FILE_TOO_COMPLEX",
        ),
        (
            "a name of a range without end",
            workbook(&format!(r#"<definedName name="a">{}</definedName>"#, "<!-- -->x".repeat(60_000))).zip(),
            "CELL_TOO_LONG",
        ),
        // What it buffers: a token, the pieces of a text, the names of open elements.
        ("a long comment", worksheet(&format!("<!--{}-->", long(1 << 20))), "CELL_TOO_LONG"),
        ("a long comment full of tags", worksheet(&format!("<!--{}-->", "<a></a>".repeat(100_000))), "CELL_TOO_LONG"),
        ("a long section full of tags", worksheet(&format!("<![CDATA[{}]]>", "<a/>".repeat(200_000))), "CELL_TOO_LONG"),
        (
            "a long attribute full of tags",
            worksheet(&format!("<a b='{}'/>", "<a>\"</a>".repeat(100_000))),
            "CELL_TOO_LONG",
        ),
        ("a tag in an attribute", worksheet(r#"<a b="<!DOCTYPE a>" c='"></a>'></a>"#), "none"),
        ("an end in a comment", worksheet("<!--></worksheet>--->"), "none"),
        ("a comment cut short", worksheet("<!--->"), "FILE_DAMAGED"),
        (
            "a text that its end's misspelling continues",
            cell(&format!(r#"<c t="inlineStr"><is></b><t>{}</t></is></c>"#, "x".repeat(600_000))),
            "FILE_DAMAGED",
        ),
        (
            "damage behind the last row",
            sheet("").with(SHEET, format!("<worksheet><sheetData>{HEADER}</sheetData></b></worksheet>")).zip(),
            "FILE_DAMAGED",
        ),
        (
            "entities behind the last row",
            sheet("")
                .with(SHEET, format!("<worksheet><sheetData>{HEADER}</sheetData></worksheet><!ENTITY a 'b'>"))
                .zip(),
            "FILE_DAMAGED",
        ),
        ("a long instruction", worksheet(&format!("<?x {}?>", long(1 << 20))), "CELL_TOO_LONG"),
        ("a long entity", worksheet(&format!("&{}", long(1 << 20))), "CELL_TOO_LONG"),
        ("a long name", worksheet(&format!("<{}/>", long(1 << 20))), "CELL_TOO_LONG"),
        (
            "a text of many pieces",
            cell(&format!(r#"<c t="inlineStr"><is><t>{}</t></is></c>"#, "&amp;".repeat(110_000))),
            "CELL_TOO_LONG",
        ),
        (
            "a shared string of many pieces",
            strings(format!("<sst><si>{}</si></sst>", "<r><t>xxxx</t></r>".repeat(30_000))).zip(),
            "CELL_TOO_LONG",
        ),
        ("a cell of many formulas", cell(&format!("<c>{}</c>", "<f>1</f>".repeat(70_000))), "CELL_TOO_LONG"),
        ("deep elements", worksheet(&nested("a", 1_000_000)), "FILE_TOO_COMPLEX"),
        (
            "elements that stay open",
            sheet("").with(SHEET, "<worksheet>".to_owned() + &"<a>".repeat(50)).zip(),
            "FILE_DAMAGED",
        ),
        // It ends an element at any end tag, so that what is one cell to it may be many to another reader.
        ("ends that do not match", cell(r#"<c t="inlineStr"><is></c></is>"#), "FILE_DAMAGED"),
        (
            "a document type in a sheet",
            sheet("").with(SHEET, format!("<!DOCTYPE a><worksheet><sheetData>{HEADER}</sheetData></worksheet>")).zip(),
            "FILE_DAMAGED",
        ),
        ("a document type inside a sheet", worksheet("<!DOCTYPE a>"), "FILE_DAMAGED"),
        // What it computes: positions and dimensions.
        ("a dimension from end to start", worksheet(r#"<dimension ref="C3:A1"/>"#), "FILE_DAMAGED"),
        ("a dimension beyond numbers", worksheet(r#"<dimension ref="A99999999999"/>"#), "FILE_DAMAGED"),
        ("a cell in a row beyond all", cell(r#"<c r="B1048577"><v>1</v></c>"#), "FILE_DAMAGED"),
        ("a row beyond numbers", sheet(r#"<row r="4294967296"><c><v>1</v></c></row>"#).zip(), "FILE_DAMAGED"),
        // What it takes for something else: an index it cannot parse for 0, a value of many pieces for its first.
        ("an index that is none", cell(r#"<c r="B2" t="s"><v>x</v></c>"#), "FILE_DAMAGED"),
        ("an index with a space", cell(r#"<c r="B2" t="s"><v> 0</v></c>"#), "FILE_DAMAGED"),
        ("an index beyond numbers", cell(r#"<c r="B2" t="s"><v>99999999999999999999</v></c>"#), "FILE_DAMAGED"),
        ("an index as an entity", cell(r#"<c r="B2" t="s"><v>&#48;</v></c>"#), "FILE_DAMAGED"),
        ("a number in two pieces", cell(r#"<c r="B2"><v>1<!-- -->2</v></c>"#), "FILE_DAMAGED"),
        ("a text it would drop", cell(r#"<c r="B2" t="str"><v><![CDATA[张三]]></v></c>"#), "FILE_DAMAGED"),
        ("markup in a value", cell(r#"<c r="B2"><v><b>1</b></v></c>"#), "FILE_DAMAGED"),
        // What it looks for by name: one part each.
        ("two workbooks", workbook("").with("xl/other.xml", "<workbook/>").zip(), "FILE_DAMAGED"),
        ("two tables of strings", strings("<sst/>".into()).with("xl/other.xml", "<sst/>").zip(), "FILE_DAMAGED"),
        (
            "two parts but for case",
            sheet(&person(2)).with("xl/worksheets/SHEET1.XML", "<worksheet/>").zip(),
            "FILE_DAMAGED",
        ),
        ("a sheet in the place of the styles", sheet(&person(2)).with(STYLES, "<worksheet/>").zip(), "FILE_DAMAGED"),
        (
            "a sheet in the place of the workbook",
            sheet(&person(2)).with("xl/WORKBOOK.xml", "<worksheet/>").zip(),
            "FILE_DAMAGED",
        ),
        (
            "a sheet in the place of the first relations",
            sheet(&person(2)).without("_rels/.rels").with("_rels/.RELS", "<worksheet/>").zip(),
            "FILE_DAMAGED",
        ),
        ("two sheets of one name", workbook(r#"<sheet name="a" state="hidden" r:id="rId1"/>"#).zip(), "FILE_DAMAGED"),
        ("a workbook without relations", workbook("").without(RELATIONS).zip(), "FILE_DAMAGED"),
    ]
}

#[test]
fn parts_are_known_by_what_they_are() {
    let mut parts = strings("<sst><si><t>张三</t></si></sst>".into())
        .with("xl/media/image1.png", b"\x89PNG\r\n\x1a\n".to_vec())
        .with("customXml/item1.xml", b"\xFF\xFE<\0a\0/\0>\0".to_vec())
        .without("_rels/.rels");
    for (path, _) in &mut parts.0 {
        *path = path.replace(STRINGS, "xl/texts/all.xml");
    }
    assert_eq!(briefs(&parts.zip()), ["2 张三 - - -"]);
}

#[test]
fn damage_where_no_roster_is_does_no_harm() {
    let bomb = vec![b' '; 7 << 20];
    let file = sheet(&person(2))
        .with("xl/comments1.xml", "<comments><a>")
        .with("xl/worksheets/sheet2.xml", "<worksheet><a>")
        .with("docProps/x.bin", bomb)
        .zip();
    assert_eq!(problem(&file), "none");
}
