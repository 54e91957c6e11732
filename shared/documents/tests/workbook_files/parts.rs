//! Builds workbooks part by part, honest and otherwise.

use std::io::{Cursor, Write};

use documents::workbook::{FileProblem, read_roster};
use domain::roster::raw::{Cell, RawRow};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// Header row A1:E1 of most tests.
pub const HEADER: &str = r#"<row r="1"><c t="inlineStr"><is><t>序号</t></is></c><c t="inlineStr"><is><t>姓名</t></is></c><c t="inlineStr"><is><t>身份证号码</t></is></c><c t="inlineStr"><is><t>手机号码</t></is></c><c t="inlineStr"><is><t>职业</t></is></c></row>"#;

/// The parts of a workbook by path.
#[derive(Clone)]
pub struct Parts(pub Vec<(String, Vec<u8>)>);

impl Parts {
    /// One visible sheet whose rows are `rows`.
    pub fn sheet(rows: &str) -> Self {
        Self::workbook(r#"<sheet name="参保人信息" sheetId="1" r:id="rId1"/>"#, &[rows])
    }

    /// Sheets as `<sheet>` elements `rId1`, `rId2` …, and the rows of each.
    pub fn workbook(sheets: &str, rows: &[&str]) -> Self {
        let relation = |id: &str, kind: &str, target: &str| {
            format!(
                r#"<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{target}"/>"#
            )
        };
        let relations = |inner: String| {
            format!(
                r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inner}</Relationships>"#
            )
        };
        let targets: String = (1..=rows.len())
            .map(|n| relation(&format!("rId{n}"), "worksheet", &format!("worksheets/sheet{n}.xml")))
            .collect();
        let targets = targets
            + &relation("rId90", "sharedStrings", "sharedStrings.xml")
            + &relation("rId91", "styles", "styles.xml");
        let mut parts = Self(Vec::new());
        parts.put("_rels/.rels", relations(relation("rId1", "officeDocument", "xl/workbook.xml")));
        parts.put("xl/workbook.xml", format!(r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{sheets}</sheets></workbook>"#));
        parts.put("xl/_rels/workbook.xml.rels", relations(targets));
        for (n, rows) in (1..).zip(rows) {
            parts.put(&format!("xl/worksheets/sheet{n}.xml"), format!(r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{rows}</sheetData></worksheet>"#));
        }
        parts
    }

    /// Adds or replaces a part.
    pub fn put(&mut self, path: &str, content: impl Into<Vec<u8>>) {
        self.0.retain(|(found, _)| found != path);
        self.0.push((path.to_owned(), content.into()));
    }

    pub fn with(mut self, path: &str, content: impl Into<Vec<u8>>) -> Self {
        self.put(path, content);
        self
    }

    pub fn without(mut self, path: &str) -> Self {
        self.0.retain(|(found, _)| found != path);
        self
    }

    pub fn zip(&self) -> Vec<u8> {
        self.zip_as(CompressionMethod::Deflated)
    }

    pub fn zip_as(&self, method: CompressionMethod) -> Vec<u8> {
        let options = SimpleFileOptions::default().compression_method(method);
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (path, content) in &self.0 {
            zip.start_file(path.as_str(), options).unwrap();
            zip.write_all(content).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }
}

/// All rows of a file.
pub fn rows(bytes: &[u8]) -> Result<Vec<RawRow>, FileProblem> {
    read_roster(bytes)?.collect()
}

/// The code of the problem with a file.
pub fn problem(bytes: &[u8]) -> &'static str {
    rows(bytes).map_or_else(|problem| problem.code(), |_| "none")
}

pub fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

/// The cells of a row as short text: numbers as `#1`, empty cells as `-`.
pub fn brief(row: &RawRow) -> String {
    let cell = |cell: &Cell| match cell {
        Cell::Empty => "-".to_owned(),
        Cell::Text(text) => text.clone(),
        Cell::Number(number) => format!("#{number}"),
    };
    let fields = [&row.name, &row.id_number, &row.mobile, &row.occupation].into_iter().chain(&row.shares);
    format!("{} {}", row.row_number, fields.map(cell).collect::<Vec<_>>().join(" "))
}

/// Briefs of all rows.
pub fn briefs(bytes: &[u8]) -> Vec<String> {
    rows(bytes).unwrap().iter().map(brief).collect()
}
