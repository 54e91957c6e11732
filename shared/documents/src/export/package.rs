//! The two ends of the file: a zip archive whose last entry is the sheet.

use domain::export::Part;
use jiff::civil::DateTime;

use super::ExportProblem;

/// What stands before the parts and after them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assembly {
    /// Before the first part.
    pub head: Vec<u8>,
    /// After the last.
    pub tail: Vec<u8>,
}

const LOCAL_HEADER: u32 = 0x0403_4b50;
const CENTRAL_HEADER: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
/// Version 2.0 of the format: deflated entries.
const VERSION: u16 = 20;
/// Names are UTF-8.
const UTF_8: u16 = 1 << 11;

const CONTENT_TYPES: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">"#,
    r#"<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>"#,
    r#"<Default Extension="xml" ContentType="application/xml"/>"#,
    r#"<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>"#,
    r#"<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#,
    r#"<Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>"#,
    r#"<Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"#
);
const RELATIONS: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
    r#"<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>"#,
    r#"<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"#
);
const WORKBOOK_RELATIONS: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">"#,
    r#"<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>"#,
    r#"<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#
);
/// Cell formats in the order of the constants in [`super::cells`].
const STYLES: &str = concat!(
    r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
    r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">"#,
    r#"<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\-mm\-dd"/><numFmt numFmtId="165" formatCode="yyyy\-mm\-dd\ hh:mm:ss"/></numFmts>"#,
    r#"<fonts count="2"><font><sz val="11"/><name val="宋体"/><family val="3"/></font><font><b/><sz val="11"/><name val="宋体"/><family val="3"/></font></fonts>"#,
    r#"<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>"#,
    r#"<fill><patternFill patternType="solid"><fgColor rgb="FFDDEBF7"/><bgColor indexed="64"/></patternFill></fill></fills>"#,
    r#"<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"#,
    r#"<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>"#,
    r#"<cellXfs count="8"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>"#,
    r#"<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" applyAlignment="1"><alignment horizontal="center" vertical="center"/></xf>"#,
    r#"<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>"#,
    r#"<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>"#,
    r#"<xf numFmtId="1" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>"#,
    r#"<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>"#,
    r#"<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>"#,
    r#"<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>"#,
    r#"<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#
);

/// The ends of a workbook of some parts. `sheet` is the sheet's name and the document's title; `created` is the creation
/// date. The same arguments, the same bytes.
///
/// # Errors
/// [`ExportProblem::TooLarge`] beyond 4 GiB, packed or not.
pub fn assembly(sheet: &str, parts: &[Part], created: DateTime) -> Result<Assembly, ExportProblem> {
    let mut sum = crc32fast::Hasher::new();
    let (mut packed, mut unpacked) = (0_u64, 0_u64);
    for part in parts {
        sum.combine(&crc32fast::Hasher::new_with_initial_len(part.crc32, part.unpacked));
        packed += part.packed;
        unpacked += part.unpacked;
    }
    let small = |size: u64| u32::try_from(size).map_err(|_| ExportProblem::TooLarge);
    let mut archive = Archive { head: Vec::new(), entries: Vec::new(), time: dos_time(created) };
    archive.store("[Content_Types].xml", CONTENT_TYPES)?;
    archive.store("_rels/.rels", RELATIONS)?;
    archive.store("docProps/core.xml", &properties(sheet, created))?;
    archive.store("xl/workbook.xml", &workbook(sheet))?;
    archive.store("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONS)?;
    archive.store("xl/styles.xml", STYLES)?;
    let size = Size { crc32: sum.finalize(), packed: small(packed)?, unpacked: small(unpacked)? };
    archive.entry("xl/worksheets/sheet1.xml", DEFLATED, size)?;
    let directory_at = small(archive.head.len() as u64 + packed)?;
    Ok(Assembly { tail: archive.directory(directory_at)?, head: archive.head })
}

fn workbook(sheet: &str) -> String {
    format!(
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
            r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" "#,
            r#"xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">"#,
            r#"<bookViews><workbookView/></bookViews><sheets><sheet name="{}" sheetId="1" r:id="rId1"/></sheets></workbook>"#
        ),
        sheet
    )
}

fn properties(title: &str, created: DateTime) -> String {
    format!(
        concat!(
            r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#,
            r#"<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" "#,
            r#"xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" "#,
            r#"xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><dc:title>{}</dc:title>"#,
            r#"<dcterms:created xsi:type="dcterms:W3CDTF">{}+08:00</dcterms:created></cp:coreProperties>"#
        ),
        title,
        created.strftime("%Y-%m-%dT%H:%M:%S")
    )
}

/// Checksum and sizes of an entry.
#[derive(Clone, Copy)]
struct Size {
    crc32: u32,
    packed: u32,
    unpacked: u32,
}

/// A zip archive being written.
struct Archive {
    head: Vec<u8>,
    /// Name, method, sizes, and where the entry begins.
    entries: Vec<(&'static str, u16, Size, u32)>,
    time: u32,
}

impl Archive {
    fn store(&mut self, name: &'static str, content: &str) -> Result<(), ExportProblem> {
        let length = u32::try_from(content.len()).map_err(|_| ExportProblem::TooLarge)?;
        let crc32 = crc32fast::hash(content.as_bytes());
        self.entry(name, STORED, Size { crc32, packed: length, unpacked: length })?;
        self.head.extend_from_slice(content.as_bytes());
        Ok(())
    }

    /// The header of an entry; its bytes follow.
    fn entry(&mut self, name: &'static str, method: u16, size: Size) -> Result<(), ExportProblem> {
        let at = u32::try_from(self.head.len()).map_err(|_| ExportProblem::TooLarge)?;
        self.entries.push((name, method, size, at));
        self.head.extend(LOCAL_HEADER.to_le_bytes());
        common(&mut self.head, name, method, size, self.time);
        self.head.extend(0_u16.to_le_bytes());
        self.head.extend_from_slice(name.as_bytes());
        Ok(())
    }

    /// The table of contents, which begins at this place of the file.
    fn directory(&self, at: u32) -> Result<Vec<u8>, ExportProblem> {
        let mut out = Vec::new();
        for (name, method, size, entry_at) in &self.entries {
            out.extend(CENTRAL_HEADER.to_le_bytes());
            out.extend(VERSION.to_le_bytes());
            common(&mut out, name, *method, *size, self.time);
            // No extra field, comment, disk or attributes.
            out.extend([0; 12]);
            out.extend(entry_at.to_le_bytes());
            out.extend_from_slice(name.as_bytes());
        }
        let length = u32::try_from(out.len()).map_err(|_| ExportProblem::TooLarge)?;
        let count = u16::try_from(self.entries.len()).map_err(|_| ExportProblem::TooLarge)?;
        out.extend(END.to_le_bytes());
        out.extend([0; 4]);
        out.extend(count.to_le_bytes());
        out.extend(count.to_le_bytes());
        out.extend(length.to_le_bytes());
        out.extend(at.to_le_bytes());
        out.extend([0; 2]);
        Ok(out)
    }
}

/// What both headers of an entry have in common, up to the length of its name.
fn common(out: &mut Vec<u8>, name: &str, method: u16, size: Size, time: u32) {
    out.extend(VERSION.to_le_bytes());
    out.extend(UTF_8.to_le_bytes());
    out.extend(method.to_le_bytes());
    out.extend(time.to_le_bytes());
    for number in [size.crc32, size.packed, size.unpacked] {
        out.extend(number.to_le_bytes());
    }
    // The names above are all short.
    out.extend(u16::try_from(name.len()).unwrap_or_default().to_le_bytes());
}

/// Date and time as MS-DOS wrote them: in two-second steps since 1980.
fn dos_time(at: DateTime) -> u32 {
    let field = |value: i32, shift: u32| u32::try_from(value.max(0)).unwrap_or_default() << shift;
    let date = field(i32::from(at.year()) - 1980, 9) | field(at.month().into(), 5) | field(at.day().into(), 0);
    let time = field(at.hour().into(), 11) | field(at.minute().into(), 5) | field(i32::from(at.second()) / 2, 0);
    date << 16 | time
}
