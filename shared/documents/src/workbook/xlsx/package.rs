//! The zip package around an `.xlsx` file: its directory is judged first, then the parts calamine needs are measured and
//! copied, as they are compressed, into a package of known shape. Sheets are measured only when calamine reads them.

use std::collections::HashSet;
use std::io::{self, Cursor, Write};

use quick_xml::escape::escape;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::measure::{Kind, Measured, measure, root, without_claims};
use super::stream::{Package, PackedSheet};
use crate::workbook::limits::{COPIED_BYTES_MAX, PARTS_MAX, RATIO_FREE_BYTES, RATIO_MAX, UNPACKED_BYTES_MAX};
use crate::workbook::problem::FileProblem;

const PACKAGE_RELATIONS: &str = "_rels/.rels";
const DIRECTORY_ENTRY_SIGNATURE: &[u8] = b"PK\x01\x02";

/// A part of the upload that goes into the fresh package.
struct Part {
    index: usize,
    kind: Kind,
    /// Its path, as Windows compares paths: lower case, forward slashes.
    path: String,
}

/// A package that holds the workbook, its relations, shared strings and styles, each measured, its sheets, and nothing
/// else.
///
/// A part is known by its root element. Parts that are none of these – pictures, comments, the theme, what macros and
/// other programs left – are neither inflated nor copied.
pub fn fresh(bytes: &[u8]) -> Result<Package, FileProblem> {
    let mut archive = directory(bytes)?;
    let mut parts = parts(&mut archive)?;
    settle(&mut parts)?;

    let mut copy = ZipWriter::new(Cursor::new(Vec::new()));
    let (mut copied, mut relations, mut sheets, mut packed) = (0, Measured::default(), 0, Vec::new());
    for part in parts {
        if part.kind == Kind::Sheet {
            packed.push(pack(&mut archive, part, bytes)?);
            continue;
        }
        let entry = archive.by_index(part.index).map_err(damaged)?;
        let size = entry.size();
        let measured = measure(entry, size, part.kind)?;
        match part.kind {
            Kind::Workbook => {
                sheets = measured.kept;
                package_relations(&mut copy, &part.path).map_err(damaged)?;
            }
            Kind::Relations => relations = measured,
            Kind::Styles => copied = measured.kept * measured.longest,
            Kind::Strings | Kind::Sheet => {}
        }
        if measured.overclaims {
            copy.start_file(part.path.as_str(), SimpleFileOptions::default()).map_err(damaged)?;
            let entry = archive.by_index(part.index).map_err(damaged)?;
            without_claims(entry, &mut copy).map_err(damaged)?;
        } else {
            let entry = archive.by_index_raw(part.index).map_err(damaged)?;
            copy.raw_copy_file_rename(entry, &part.path).map_err(damaged)?;
        }
    }
    // calamine gives every cell format a copy of its number format and font name, and every sheet one of its path.
    if copied.max(sheets * relations.longest) > COPIED_BYTES_MAX {
        return Err(FileProblem::TooComplex);
    }
    Package::new(copy.finish().map_err(damaged)?.into_inner(), packed).ok_or(FileProblem::Damaged)
}

/// A sheet as the upload has it.
fn pack(archive: &mut ZipArchive<Cursor<&[u8]>>, part: Part, bytes: &[u8]) -> Result<PackedSheet, FileProblem> {
    let entry = archive.by_index_raw(part.index).map_err(damaged)?;
    let start = entry.data_start().ok_or(FileProblem::Damaged)?;
    let [start, end] = [start, start.saturating_add(entry.compressed_size())].map(usize::try_from);
    let bytes = bytes.get(start.map_err(damaged)?..end.map_err(damaged)?).ok_or(FileProblem::Damaged)?;
    Ok(PackedSheet {
        path: part.path,
        bytes: bytes.into(),
        deflated: entry.compression() == CompressionMethod::Deflated,
        size: entry.size().try_into().map_err(damaged)?,
        checksum: entry.crc32(),
    })
}

fn damaged<E>(_: E) -> FileProblem {
    FileProblem::Damaged
}

/// Reads the directory and refuses what is too large, packed too tightly, encrypted or points outside the package.
///
/// The sizes are promises as yet; [`measure`] holds every part to its own.
fn directory(bytes: &[u8]) -> Result<ZipArchive<Cursor<&[u8]>>, FileProblem> {
    if memchr::memmem::find_iter(bytes, DIRECTORY_ENTRY_SIGNATURE).nth(PARTS_MAX).is_some() {
        return Err(FileProblem::TooComplex);
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    let mut unpacked: u64 = 0;
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(damaged)?;
        if entry.encrypted() {
            return Err(FileProblem::Encrypted);
        }
        let method = matches!(entry.compression(), CompressionMethod::Stored | CompressionMethod::Deflated);
        if !method || entry.is_symlink() || entry.enclosed_name().is_none() {
            return Err(FileProblem::Damaged);
        }
        unpacked = unpacked.saturating_add(entry.size());
        let tight = entry.size() > RATIO_FREE_BYTES && entry.size() / RATIO_MAX > entry.compressed_size();
        if unpacked > UNPACKED_BYTES_MAX || tight {
            return Err(FileProblem::TooLargeUnpacked);
        }
    }
    Ok(archive)
}

/// The parts with a root element that matters.
fn parts(archive: &mut ZipArchive<Cursor<&[u8]>>) -> Result<Vec<Part>, FileProblem> {
    let mut parts = Vec::new();
    for index in 0..archive.len() {
        let entry = archive.by_index(index).map_err(damaged)?;
        let path = entry.name().map_err(damaged)?.replace('\\', "/").trim_start_matches('/').to_ascii_lowercase();
        if let Some(kind) = root(entry)? {
            parts.push(Part { index, kind, path });
        }
    }
    Ok(parts)
}

/// Gives the parts the paths under which calamine looks for them, in which it does not follow the relations, and drops
/// the relations of other parts. Refuses what would then share a path.
fn settle(parts: &mut Vec<Part>) -> Result<(), FileProblem> {
    let mut workbooks = parts.iter().filter(|part| part.kind == Kind::Workbook);
    let workbook = workbooks.next().ok_or(FileProblem::Kind)?.path.clone();
    if workbooks.next().is_some() {
        return Err(FileProblem::Damaged);
    }
    let (folder, file) = workbook.split_at(workbook.rfind('/').map_or(0, |slash| slash + 1));
    let at = |name: &str| format!("{folder}{name}");
    let [strings, styles, theme] = ["sharedstrings.xml", "styles.xml", "theme/theme1.xml"].map(at);
    let relations = format!("{folder}_rels/{file}.rels");
    parts.retain(|part| part.kind != Kind::Relations || part.path == relations);
    for part in parts.iter_mut() {
        match part.kind {
            Kind::Strings => part.path.clone_from(&strings),
            Kind::Styles => part.path.clone_from(&styles),
            Kind::Sheet if [&strings, &styles, &theme].contains(&&part.path) => return Err(FileProblem::Damaged),
            Kind::Sheet | Kind::Workbook | Kind::Relations => {}
        }
    }
    let paths: HashSet<&str> = parts.iter().map(|part| part.path.as_str()).collect();
    if paths.len() < parts.len() || paths.contains(PACKAGE_RELATIONS) { Err(FileProblem::Damaged) } else { Ok(()) }
}

/// The relations of the package itself: they name the workbook.
fn package_relations<W: Write + io::Seek>(copy: &mut ZipWriter<W>, workbook: &str) -> io::Result<()> {
    const KIND: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument";
    copy.start_file(PACKAGE_RELATIONS, SimpleFileOptions::default())?;
    let target = escape(workbook);
    write!(copy, r#"<Relationships><Relationship Id="rId1" Type="{KIND}" Target="/{target}"/></Relationships>"#)
}
