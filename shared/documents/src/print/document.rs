//! From pages to the bytes of a PDF file.

use std::collections::BTreeSet;

use jiff::civil::DateTime;
use printpdf::{Date, Offset, OffsetDateTime, PdfDocument, PdfFont, PdfSaveOptions, Time};

use super::page::Page;
use super::problem::RenderProblem;

/// What the file says about itself.
pub(super) struct Meta<'a> {
    pub(super) title: &'a str,
    /// The office.
    pub(super) author: &'a str,
    pub(super) subject: &'a str,
    /// Number of the document, the constant half of its file id.
    pub(super) number: &'a str,
    /// The half of the file id that changes with every revision.
    pub(super) revision: &'a str,
    /// Local time, written as it stands.
    pub(super) dated: DateTime,
}

/// Writes the file. The same pages and meta data give the same bytes.
pub(super) fn save(pages: Vec<Page>, meta: &Meta<'_>) -> Result<Vec<u8>, RenderProblem> {
    let mut document = PdfDocument::new(meta.title);
    let faces: BTreeSet<_> = pages.iter().flat_map(|page| page.faces().iter().copied()).collect();
    for face in faces {
        let font = PdfFont::new(face.font()?.clone());
        document.resources.fonts.map.insert(face.id(), font);
    }
    document.pages = pages.into_iter().map(Page::finish).collect();

    let info = &mut document.metadata.info;
    info.author = meta.author.to_owned();
    info.subject = meta.subject.to_owned();
    info.creator = "职工互助保障平台".to_owned();
    info.producer = "printpdf".to_owned();
    info.identifier = meta.number.to_owned();
    info.creation_date = stamp(meta.dated);
    info.modification_date = info.creation_date;
    info.metadata_date = info.creation_date;

    let mut warnings = Vec::new();
    let mut written = document.to_lopdf_document(&PdfSaveOptions::default(), &mut warnings);
    drop(document);
    // The library warns and goes on where it cannot subset a font; such a file is not what was asked for.
    if !warnings.is_empty() {
        return Err(RenderProblem::NotWritten);
    }
    // The library draws both halves of the file id at random.
    let ids = written.trailer.get_mut(b"ID").and_then(|ids| ids.as_array_mut());
    for (id, from_data) in ids.map_err(|_| RenderProblem::NotWritten)?.iter_mut().zip([meta.number, meta.revision]) {
        *id.as_str_mut().map_err(|_| RenderProblem::NotWritten)? = from_data.as_bytes().to_vec();
    }
    // Object streams, since a long annex is hundreds of small page objects; they came with 1.5.
    "1.7".clone_into(&mut written.version);
    written.compress();
    let mut bytes = Vec::new();
    written.save_modern(&mut bytes).map_err(|_| RenderProblem::NotWritten)?;
    Ok(bytes)
}

fn stamp(at: DateTime) -> OffsetDateTime {
    OffsetDateTime {
        date: Date { year: at.year().into(), month: at.month().unsigned_abs(), day: at.day().unsigned_abs() },
        time: Time {
            hour: at.hour().unsigned_abs(),
            minute: at.minute().unsigned_abs(),
            second: at.second().unsigned_abs(),
            millisecond: 0,
        },
        offset: Offset { hours: 0, minutes: 0, seconds: 0, milliseconds: 0 },
    }
}
