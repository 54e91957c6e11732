//! PDFs as they are uploaded: bytes in; a page count or the reason for refusing out.
//!
//! Pure and bound by the processor: callers run it off the threads that serve requests.
//!
//! Two passes. The survey reads every object of the file and refuses what could run, open or hide something; it
//! bounds objects, words, nesting and inflated bytes. Then `lopdf` parses the document and walks its page tree – given
//! a cross-reference table that the survey wrote, so that each object is parsed once and a table that loops, overlaps
//! or points into streams is never followed. Page contents, fonts and images are not decoded.
//!
//! The file is stored as it is: there is no stored copy to make. It has no thumbnail either, as there is no rasteriser
//! in the platform; screens show a symbol and open the file.

use std::fmt::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};

use lopdf::{Document, LoadOptions};
use memchr::memmem;

pub use self::problem::PdfProblem;
use self::survey::{Survey, survey};
use crate::imaging::foreign::has_zip_end;
use crate::imaging::{FileKind, sniff};

mod lexer;
mod problem;
mod survey;

const END_MARKER: &[u8] = b"%%EOF";
/// One stream the parser may inflate; the survey has bounded their sum before.
const MAX_STREAM_BYTES: usize = 32 << 20;

/// What one upload purpose asks of a PDF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PdfRules {
    /// Largest file, in bytes.
    pub max_bytes: usize,
    /// Most pages.
    pub max_pages: usize,
}

impl PdfRules {
    /// Enrolment attachments and over-age proofs: 10 MiB.
    pub const ATTACHMENT: Self = Self { max_bytes: 10 << 20, max_pages: 50 };
    /// Scans of stamped certificates: 20 MiB.
    pub const CERTIFICATE_SCAN: Self = Self { max_bytes: 20 << 20, max_pages: 50 };
}

/// An accepted PDF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InspectedPdf {
    /// Pages, at least 1.
    pub pages: usize,
}

/// Checks an uploaded PDF (documents specification, uploads).
///
/// # Errors
/// The gravest problem: size and kind first, then structure, forbidden content in the order of [`PdfProblem`], pages.
pub fn inspect_pdf(bytes: &[u8], rules: &PdfRules) -> Result<InspectedPdf, PdfProblem> {
    if bytes.len() > rules.max_bytes {
        return Err(PdfProblem::TooLarge { max_bytes: rules.max_bytes });
    }
    match sniff(bytes) {
        FileKind::Pdf => {}
        other => return Err(PdfProblem::KindNotAllowed(other)),
    }
    let header = memmem::find(bytes, b"%PDF-").ok_or(PdfProblem::Damaged)?;
    let file = &bytes[header..];
    let end = memmem::rfind(file, END_MARKER).ok_or(PdfProblem::Damaged)? + END_MARKER.len();
    if !file[end..].iter().all(|byte| byte.is_ascii_whitespace() || *byte == 0) || has_zip_end(file) {
        return Err(PdfProblem::HasTrailingData);
    }
    let survey = survey(file)?;
    if let Some(problem) = survey.problems.first() {
        return Err(problem.clone());
    }
    // The parser may panic on what nobody has tried yet.
    let pages = catch_unwind(AssertUnwindSafe(|| count_pages(file, &survey, rules.max_pages)));
    match pages.unwrap_or(None) {
        None | Some(0) => Err(PdfProblem::Damaged),
        Some(pages) if pages > rules.max_pages => Err(PdfProblem::TooManyPages { max_pages: rules.max_pages }),
        Some(pages) => Ok(InspectedPdf { pages }),
    }
}

/// Pages of the document, counted no further than one above `max_pages`. None when it does not parse.
fn count_pages(file: &[u8], survey: &Survey, max_pages: usize) -> Option<usize> {
    let options = LoadOptions::with_max_decompressed_size(MAX_STREAM_BYTES);
    let document = Document::load_mem_with_options(&with_table(file, survey)?, options).ok()?;
    Some(document.page_iter().take(max_pages + 1).count())
}

/// `file` with a new cross-reference table and trailer (ISO 32000-1 §7.5.4–7.5.5) at its end.
fn with_table(file: &[u8], survey: &Survey) -> Option<Vec<u8>> {
    let (root, generation) = survey.root?;
    let mut table = String::from("\nxref\n");
    for (number, place) in &survey.objects {
        write!(table, "{number} 1\n{:010} {:05} n \n", place.offset, place.generation).ok()?;
    }
    let size = u64::from(*survey.objects.last_key_value()?.0) + 1;
    let start = file.len() + 1;
    write!(table, "trailer\n<</Size {size}/Root {root} {generation} R>>\nstartxref\n{start}\n%%EOF\n").ok()?;
    Some([file, table.as_bytes()].concat())
}
