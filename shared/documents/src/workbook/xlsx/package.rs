//! The zip package around an `.xlsx` file: its directory is judged first, then each part inflates under guard.

use std::collections::HashMap;
use std::io::{self, Cursor, Read};

use flate2::Crc;
use flate2::read::DeflateDecoder;
use zip::{CompressionMethod, ZipArchive};

use super::xml::Xml;
use crate::workbook::limits::{PARTS_MAX, RATIO_FREE_BYTES, RATIO_MAX, UNPACKED_BYTES_MAX};
use crate::workbook::problem::FileProblem;

const DIRECTORY_ENTRY_SIGNATURE: &[u8] = b"PK\x01\x02";

/// The parts of a package by name; names are compared as Windows does, without case.
pub struct Package<'a> {
    parts: HashMap<String, Part<'a>>,
}

#[derive(Clone, Copy)]
struct Part<'a> {
    packed: &'a [u8],
    deflated: bool,
    size: u64,
    crc: u32,
}

impl<'a> Package<'a> {
    /// Reads the directory and refuses what is too large, packed too tightly, encrypted or points outside the package.
    pub fn open(bytes: &'a [u8]) -> Result<Self, FileProblem> {
        if memchr::memmem::find_iter(bytes, DIRECTORY_ENTRY_SIGNATURE).nth(PARTS_MAX).is_some() {
            return Err(FileProblem::TooComplex);
        }
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| FileProblem::Damaged)?;
        let mut parts = HashMap::with_capacity(archive.len());
        let mut unpacked: u64 = 0;
        for index in 0..archive.len() {
            let entry = archive.by_index_raw(index).map_err(|_| FileProblem::Damaged)?;
            if entry.encrypted() {
                return Err(FileProblem::Encrypted);
            }
            if entry.is_symlink() || entry.enclosed_name().is_none() {
                return Err(FileProblem::Damaged);
            }
            unpacked = unpacked.saturating_add(entry.size());
            let tight = entry.size() > RATIO_FREE_BYTES && entry.size() / RATIO_MAX > entry.compressed_size();
            if unpacked > UNPACKED_BYTES_MAX || tight {
                return Err(FileProblem::TooLargeUnpacked);
            }
            let name = entry.name().map_err(|_| FileProblem::Damaged)?.replace('\\', "/").to_lowercase();
            let deflated = match entry.compression() {
                CompressionMethod::Stored => false,
                CompressionMethod::Deflated => true,
                _ => return Err(FileProblem::Damaged),
            };
            let packed = slice(bytes, entry.data_start(), entry.compressed_size()).ok_or(FileProblem::Damaged)?;
            parts.insert(name, Part { packed, deflated, size: entry.size(), crc: entry.crc32() });
        }
        Ok(Self { parts })
    }

    /// The part of that name, as XML.
    pub fn xml(&self, name: &str) -> Option<Xml<PartReader<'a>>> {
        let part = self.parts.get(&name.to_lowercase())?;
        let inflated: Box<dyn Read + 'a> =
            if part.deflated { Box::new(DeflateDecoder::new(part.packed)) } else { Box::new(part.packed) };
        Some(Xml::new(PartReader { inflated, left: part.size, crc: Crc::new(), expected_crc: part.crc }))
    }
}

fn slice(bytes: &[u8], start: Option<u64>, length: u64) -> Option<&[u8]> {
    let start = usize::try_from(start?).ok()?;
    bytes.get(start..start.checked_add(usize::try_from(length).ok()?)?)
}

/// Inflates a part. The directory's promises are kept to: one byte more or less, or another checksum, is an error.
pub struct PartReader<'a> {
    inflated: Box<dyn Read + 'a>,
    left: u64,
    crc: Crc,
    expected_crc: u32,
}

impl Read for PartReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inflated.read(buffer)?;
        self.left = self.left.checked_sub(count as u64).ok_or(io::ErrorKind::InvalidData)?;
        self.crc.update(&buffer[..count]);
        if count == 0 && !buffer.is_empty() && (self.left > 0 || self.crc.sum() != self.expected_crc) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        Ok(count)
    }
}
