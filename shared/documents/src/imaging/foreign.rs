//! Polyglots: files that are an image to one program and a script, archive or document to another.

use memchr::{memchr_iter, memmem, memrchr_iter};

/// Mark-up a browser or server would run, in lower case. The shortest is five bytes, so that compressed pixels hit
/// one by chance less than once in 10,000 files of 10 MiB.
const ACTIVE_MARKUP: [&[u8]; 5] = [b"<script", b"<?php", b"<html", b"<iframe", b"<!doctype html"];
/// PDF readers look for the header in this many bytes.
const PDF_HEADER_REACH: usize = 1024;
/// A zip archive is found from its end record: 22 bytes and a comment of at most 65,535.
const ZIP_END_REACH: usize = 22 + 65_535;

/// Whether an image file also reads as a script, a zip archive or a PDF, wherever the payload hides: in a comment, in
/// metadata, between the last pixel and the end marker, or behind it.
pub(super) fn has_foreign_content(bytes: &[u8]) -> bool {
    has_active_markup(bytes) || has_pdf_header(bytes) || has_zip_end(bytes)
}

fn has_active_markup(bytes: &[u8]) -> bool {
    memchr_iter(b'<', bytes).any(|at| {
        ACTIVE_MARKUP
            .iter()
            .any(|needle| bytes.get(at..at + needle.len()).is_some_and(|found| found.eq_ignore_ascii_case(needle)))
    })
}

fn has_pdf_header(bytes: &[u8]) -> bool {
    memmem::find(&bytes[..bytes.len().min(PDF_HEADER_REACH)], b"%PDF-").is_some()
}

/// The end record names a central directory that lies inside the file and a comment that fits behind it.
pub(crate) fn has_zip_end(bytes: &[u8]) -> bool {
    let tail = &bytes[bytes.len().saturating_sub(ZIP_END_REACH)..];
    memrchr_iter(b'P', tail).any(|at| {
        let Some(&[b'P', b'K', 5, 6, ref rest @ ..]) = tail.get(at..at + 22) else { return false };
        let directory_bytes = u32::from_le_bytes([rest[8], rest[9], rest[10], rest[11]]);
        let comment_bytes = usize::from(u16::from_le_bytes([rest[16], rest[17]]));
        directory_bytes as usize <= bytes.len() && at + 22 + comment_bytes <= tail.len()
    })
}
