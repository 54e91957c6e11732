//! The package calamine reads: the small parts are there, a sheet is inflated and judged while calamine reads it.
//!
//! To calamine it is a zip file that holds its sheets uncompressed.

use std::cell::RefCell;
use std::io::{self, Cursor, ErrorKind, Read, Seek, SeekFrom};
use std::rc::Rc;

use flate2::CrcReader;
use flate2::bufread::DeflateDecoder;

use super::measure::{Kind, Survey};
use super::scan::Scan;
use crate::workbook::problem::FileProblem;

/// Before the directory, where the zip crate looks around: a sheet can only be read from its start.
const GAP_BYTES: usize = 128 * 1024;
/// Bytes of the record that ends a zip file, and of its first fields.
const END_BYTES: usize = 22;
const END_START_BYTES: usize = 8;

/// A sheet as it is in the upload.
pub struct PackedSheet {
    pub path: String,
    pub bytes: Rc<[u8]>,
    pub deflated: bool,
    /// Once inflated, as the upload promises.
    pub size: u32,
    pub checksum: u32,
}

enum Extent {
    Bytes(Vec<u8>),
    Sheet(PackedSheet),
}

/// A sheet being read.
struct Open {
    /// Where in the package its next byte is.
    at: u64,
    checksum: u32,
    scan: Scan<CrcReader<Box<dyn Read>>>,
}

struct State {
    /// By where they start, in order; the first starts at 0.
    extents: Vec<(u64, Extent)>,
    length: u64,
    at: u64,
    open: Option<Open>,
    problem: Option<FileProblem>,
}

/// A handle to the package: one for calamine, one to ask whether what it read is sound.
#[derive(Clone)]
pub struct Package(Rc<RefCell<State>>);

impl Package {
    /// Adds `sheets` to a zip file without a comment.
    pub fn new(mut zip: Vec<u8>, sheets: Vec<PackedSheet>) -> Option<Self> {
        let mut end = zip.split_off(zip.len().checked_sub(END_BYTES)?);
        let number = |bytes: &[u8]| bytes.iter().rev().fold(0, |number, byte| number << 8 | usize::from(*byte));
        let (count, directory) = (number(&end[10..12]) + sheets.len(), number(&end[16..20]));
        let mut directory = zip.split_off(directory.min(zip.len()));

        let mut state = State { extents: Vec::new(), length: 0, at: 0, open: None, problem: None };
        state.put(zip.len(), Extent::Bytes(zip));
        for sheet in sheets {
            let start = u32::try_from(state.length).ok()?.to_le_bytes();
            directory
                .extend([&b"PK\x01\x02\x14\0"[..], &fields(&sheet)?, &[0; 10], &start, sheet.path.as_bytes()].concat());
            let header = [&b"PK\x03\x04"[..], &fields(&sheet)?, sheet.path.as_bytes()].concat();
            state.put(header.len(), Extent::Bytes(header));
            state.put(usize::try_from(sheet.size).ok()?, Extent::Sheet(sheet));
        }
        state.put(GAP_BYTES, Extent::Bytes(vec![0; GAP_BYTES]));
        let count = u16::try_from(count).ok()?.to_le_bytes();
        let [size, start] = [directory.len() as u64, state.length].map(u32::try_from);
        end.truncate(END_START_BYTES);
        end.extend([&count[..], &count, &size.ok()?.to_le_bytes(), &start.ok()?.to_le_bytes(), &[0; 2]].concat());
        directory.extend(end);
        state.put(directory.len(), Extent::Bytes(directory));
        Some(Self(Rc::new(RefCell::new(state))))
    }

    /// What is wrong with the sheet being read; [`FileProblem::Damaged`] if calamine alone knows.
    pub fn problem(&self) -> FileProblem {
        self.0.borrow().problem.clone().unwrap_or(FileProblem::Damaged)
    }

    /// Judges what is left of the sheet, and whether it is what the upload promised.
    pub fn finish(&self) -> Result<(), FileProblem> {
        let Some(Open { scan, checksum, .. }) = self.0.borrow_mut().open.take() else { return Ok(()) };
        let (source, _) = scan.finish()?;
        if source.crc().sum() == checksum { Ok(()) } else { Err(FileProblem::Damaged) }
    }
}

/// What the two headers of a stored part have in common.
fn fields(sheet: &PackedSheet) -> Option<Vec<u8>> {
    let [checksum, size] = [sheet.checksum, sheet.size].map(u32::to_le_bytes);
    let name = u16::try_from(sheet.path.len()).ok()?.to_le_bytes();
    // Version 2.0, names in UTF-8, stored, midnight of 1980-01-01.
    Some([&b"\x14\0\0\x08\0\0\0\0\x21\0"[..], &checksum, &size, &size, &name, &[0; 2]].concat())
}

impl State {
    fn put(&mut self, length: usize, extent: Extent) {
        if length > 0 {
            self.extents.push((self.length, extent));
            self.length += length as u64;
        }
    }

    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let after = self.extents.partition_point(|(start, _)| *start <= self.at);
        let Some((start, extent)) = self.extents[..after].last() else { return Ok(0) };
        let count = match extent {
            Extent::Bytes(bytes) => {
                let from = usize::try_from(self.at - start).unwrap_or(usize::MAX).min(bytes.len());
                (&bytes[from..]).read(into)?
            }
            Extent::Sheet(sheet) => {
                let open = match &mut self.open {
                    Some(open) if open.at == self.at => open,
                    open if *start == self.at => open.insert(Open::new(sheet, self.at)),
                    _ => return Err(ErrorKind::Unsupported.into()),
                };
                let count = open.scan.read(into).inspect_err(|error| {
                    self.problem = error.get_ref().and_then(|error| error.downcast_ref().cloned());
                })?;
                open.at += count as u64;
                count
            }
        };
        self.at += count as u64;
        Ok(count)
    }
}

impl Open {
    fn new(sheet: &PackedSheet, at: u64) -> Self {
        let packed = Cursor::new(sheet.bytes.clone());
        let source: Box<dyn Read> =
            if sheet.deflated { Box::new(DeflateDecoder::new(packed)) } else { Box::new(packed) };
        let scan = Scan::new(CrcReader::new(source), sheet.size.into(), Survey::of(Kind::Sheet));
        Self { at, checksum: sheet.checksum, scan }
    }
}

impl Read for Package {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.borrow_mut().read(into)
    }
}

impl Seek for Package {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let mut state = self.0.borrow_mut();
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => state.length.checked_add_signed(by),
            SeekFrom::Current(by) => state.at.checked_add_signed(by),
        };
        state.at = at.ok_or(ErrorKind::InvalidInput)?;
        Ok(state.at)
    }
}
