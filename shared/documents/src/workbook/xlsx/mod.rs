//! `.xlsx`: the first visible sheet, streamed.
//!
//! Upload files lie, so no general reader touches them: those believe `uniqueCount` and sizes, inflate without end and
//! lay out rectangles nobody filled. Here memory is bounded by [`limits`](super::limits) whatever a file claims, and
//! reading is one pass. The tests hold this reader against calamine, cell by cell.

mod dates;
mod package;
mod sheet;
mod strings;
mod text;
mod xml;

use std::collections::HashMap;

use self::dates::DateFormats;
use self::package::{Package, PartReader};
use self::sheet::Sheet;
use self::strings::SharedStrings;
use self::text::{unescape, utf8};
use self::xml::{Token, Xml};
use super::limits::{PARTS_MAX, SHEETS_MAX};
use super::problem::FileProblem;
use super::table::Table;

/// Opens the first visible sheet.
pub fn open(bytes: &[u8]) -> Result<Box<dyn Table + '_>, FileProblem> {
    let package = Package::open(bytes)?;
    let workbook_path =
        Relations::read(&package, "")?.first("officeDocument").unwrap_or_else(|| "xl/workbook.xml".into());
    let relations = Relations::read(&package, &workbook_path)?;
    let workbook = package.xml(&workbook_path).ok_or(FileProblem::Kind)?;
    let (sheet, from_1904) = first_visible_sheet(workbook, &relations)?;

    let part = |kind| relations.first(kind).and_then(|path| package.xml(&path));
    let strings = part("sharedStrings").map_or(Ok(SharedStrings::default()), SharedStrings::read)?;
    let mut dates = part("styles").map_or(Ok(DateFormats::default()), DateFormats::read)?;
    dates.from_1904 = from_1904;
    let sheet = package.xml(&sheet).ok_or(FileProblem::Damaged)?;
    Ok(Box::new(Sheet::open(sheet, strings, dates)?))
}

/// Path of the first sheet that is neither hidden nor a chart, and whether dates count from 1904.
fn first_visible_sheet(mut xml: Xml<PartReader<'_>>, relations: &Relations) -> Result<(String, bool), FileProblem> {
    let (mut sheet, mut count, mut from_1904) = (None, 0, false);
    while let Some(token) = xml.next()? {
        match token {
            Token::Open { name: b"workbookPr", attributes, .. } => {
                from_1904 |= matches!(attributes.get(b"date1904"), Some(b"1" | b"true"));
            }
            Token::Open { name: b"sheet", attributes, .. } => {
                count += 1;
                let visible = matches!(attributes.get(b"state"), None | Some(b"visible"));
                let target = attributes.get(b"id").and_then(|id| relations.by_id.get(id));
                let target = target.ok_or(FileProblem::Damaged)?;
                if visible && target.kind == "worksheet" && sheet.is_none() {
                    sheet = Some(target.path.clone());
                }
            }
            _ => {}
        }
        if count > SHEETS_MAX {
            return Err(FileProblem::TooComplex);
        }
    }
    Ok((sheet.ok_or(FileProblem::NoSheet)?, from_1904))
}

/// What a part of the package refers to.
struct Relations {
    by_id: HashMap<Vec<u8>, Target>,
}

struct Target {
    /// Last segment of the relationship's type, such as `worksheet`.
    kind: String,
    path: String,
}

impl Relations {
    /// Reads the relations of the part at `path`; of the package itself if it is empty.
    fn read(package: &Package<'_>, path: &str) -> Result<Self, FileProblem> {
        let (folder, file) = path.rsplit_once('/').map_or(("", path), |(folder, file)| (folder, file));
        let mut by_id = HashMap::new();
        let Some(mut xml) = package.xml(&join(folder, &format!("_rels/{file}.rels"))) else {
            return Ok(Self { by_id });
        };
        while let Some(token) = xml.next()? {
            let Token::Open { name: b"Relationship", attributes, .. } = token else { continue };
            let attribute = |name: &[u8]| attributes.get(name).unwrap_or_default();
            let kind = utf8(attribute(b"Type"))?.rsplit('/').next().unwrap_or_default().to_owned();
            let mut path = String::new();
            unescape(utf8(attribute(b"Target"))?, &mut path)?;
            by_id.insert(attribute(b"Id").to_vec(), Target { kind, path: join(folder, &path) });
            if by_id.len() > PARTS_MAX {
                return Err(FileProblem::TooComplex);
            }
        }
        Ok(Self { by_id })
    }

    fn first(&self, kind: &str) -> Option<String> {
        self.by_id.values().filter(|target| target.kind == kind).map(|target| target.path.clone()).min()
    }
}

/// A target as a path in the package: absolute with a leading slash, else relative to `folder`.
fn join(folder: &str, target: &str) -> String {
    let absolute = target.starts_with('/') || folder.is_empty();
    let full = if absolute { target.to_owned() } else { format!("{folder}/{target}") };
    let mut segments = Vec::new();
    for segment in full.split(['/', '\\']) {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(segment),
        }
    }
    segments.join("/")
}
