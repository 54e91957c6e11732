//! One part, read by calamine's own XML reader as calamine will read it, with a budget calamine does not know.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Write};

use quick_xml::Reader;
use quick_xml::errors::Error;
use quick_xml::events::attributes::Attributes;
use quick_xml::events::{BytesStart, Event};

use crate::workbook::limits::{
    CELL_FORMATS_MAX, METADATA_BYTES_MAX, PARTS_MAX, SHARED_STRING_BYTES_MAX, SHARED_STRINGS_MAX, SHEETS_MAX,
    XML_BUFFERED_BYTES_MAX, XML_DEPTH_MAX,
};
use crate::workbook::problem::FileProblem;

const BUFFER_BYTES: usize = 32 * 1024;
/// Decimal digits of an index that fits calamine's arithmetic for sure.
const INDEX_DIGITS: usize = 9;

/// What a part is, by its root element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Workbook,
    Relations,
    Strings,
    Styles,
    Sheet,
}

/// What was found in a part.
#[derive(Debug, Clone, Copy, Default)]
pub struct Measured {
    /// Elements of which calamine keeps one value each: sheets, relations, shared strings or cell formats.
    pub kept: usize,
    /// Bytes of the longest tag that calamine may copy more than once.
    pub longest: usize,
    /// Whether the part claims more shared strings than it holds.
    pub overclaims: bool,
}

/// The kind of a part; `None` for those that no roster needs, and for what is no XML.
pub fn root<R: Read>(part: R, size: u64) -> Result<Option<Kind>, FileProblem> {
    let mut xml = reader(part, size);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer) {
            Ok(Event::Start(element)) => {
                return Ok(match element.local_name().as_ref() {
                    "workbook" => Some(Kind::Workbook),
                    "Relationships" => Some(Kind::Relations),
                    "sst" => Some(Kind::Strings),
                    "styleSheet" => Some(Kind::Styles),
                    "worksheet" => Some(Kind::Sheet),
                    _ => None,
                });
            }
            Ok(Event::DocType(_)) => return Err(FileProblem::Damaged),
            Err(Error::Io(error)) if error.kind() != ErrorKind::FileTooLarge => return Err(FileProblem::Damaged),
            Ok(Event::Eof) | Err(_) => return Ok(None),
            Ok(_) => {}
        }
    }
}

/// Reads a part to its end. It must inflate to exactly `size` bytes with the checksum promised, be well-formed, declare
/// no entities, and hold no more of anything than the limits say.
pub fn measure<R: Read>(part: R, size: u64, kind: Kind) -> Result<Measured, FileProblem> {
    let most = match kind {
        Kind::Sheet => u64::MAX,
        Kind::Strings => SHARED_STRING_BYTES_MAX,
        Kind::Workbook | Kind::Relations | Kind::Styles => METADATA_BYTES_MAX,
    };
    if size > most {
        return Err(FileProblem::TooComplex);
    }
    let mut xml = reader(part, size);
    let mut buffer = Vec::new();
    let mut survey = Survey::of(kind);
    loop {
        buffer.clear();
        if survey.held.is_none() {
            xml.get_mut().allowance = XML_BUFFERED_BYTES_MAX;
        }
        match xml.read_event_into(&mut buffer).map_err(problem)? {
            Event::Start(element) => survey.start(&element)?,
            Event::End(_) => survey.end(),
            Event::Text(text) => survey.value_piece(Some(text.as_ref()), true)?,
            Event::Eof => break,
            Event::DocType(_) => return Err(FileProblem::Damaged),
            Event::GeneralRef(_) => survey.value_piece(None, true)?,
            _ => survey.value_piece(None, false)?,
        }
    }
    let overclaims = survey.claimed > survey.kept;
    let measured = Measured { kept: survey.kept, longest: survey.longest, overclaims };
    if survey.depth > 0 { Err(FileProblem::Damaged) } else { Ok(measured) }
}

/// Copies shared strings without what their root element claims.
pub fn without_claims<R: Read>(part: R, copy: &mut impl Write) -> io::Result<()> {
    let mut xml = reader(part, u64::MAX);
    xml.config_mut().expand_empty_elements = false;
    let mut buffer = Vec::new();
    let root = loop {
        buffer.clear();
        match xml.read_event_into(&mut buffer).map_err(io::Error::other)? {
            Event::Start(root) => break format!("<{}>", root.name().as_ref()),
            Event::Empty(root) => break format!("<{}/>", root.name().as_ref()),
            Event::Eof => return Err(ErrorKind::UnexpectedEof.into()),
            _ => {}
        }
    };
    copy.write_all(root.as_bytes())?;
    io::copy(&mut xml.into_inner().source, copy).map(drop)
}

/// calamine's settings, but for the end tags, which must match here: there they need not.
fn reader<R: Read>(part: R, size: u64) -> Reader<Metered<R>> {
    let source = BufReader::with_capacity(BUFFER_BYTES, part);
    let mut xml = Reader::from_reader(Metered { source, left: size, allowance: XML_BUFFERED_BYTES_MAX });
    xml.config_mut().expand_empty_elements = true;
    xml
}

fn problem(error: Error) -> FileProblem {
    match error {
        Error::Io(error) if error.kind() == ErrorKind::FileTooLarge => FileProblem::CellTooLong,
        _ => FileProblem::Damaged,
    }
}

/// A part's bytes: as many as promised, and no more than allowed before the allowance is renewed.
struct Metered<R> {
    source: BufReader<R>,
    left: u64,
    allowance: usize,
}

impl<R: Read> BufRead for Metered<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        let ahead = self.source.fill_buf()?;
        if ahead.len() as u64 > self.left || (ahead.is_empty() && self.left > 0) {
            return Err(ErrorKind::InvalidData.into());
        }
        if self.allowance == 0 {
            return Err(ErrorKind::FileTooLarge.into());
        }
        Ok(ahead)
    }

    fn consume(&mut self, count: usize) {
        self.left = self.left.saturating_sub(count as u64);
        self.allowance = self.allowance.saturating_sub(count);
        self.source.consume(count);
    }
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

/// What has been seen of a part.
struct Survey {
    kind: Kind,
    depth: usize,
    /// Depth of the element being read that calamine buffers as a whole.
    held: Option<usize>,
    kept: usize,
    /// Number formats, fonts, fills and borders.
    looks: usize,
    longest: usize,
    claimed: usize,
    /// Attributes of the last cell, as written.
    cell: String,
    /// Pieces of the cell's value so far, while inside it.
    pieces: Option<usize>,
}

impl Survey {
    fn of(kind: Kind) -> Self {
        let cell = String::new();
        Self { kind, depth: 0, held: None, kept: 0, looks: 0, longest: 0, claimed: 0, cell, pieces: None }
    }

    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), FileProblem> {
        let name = element.local_name();
        match (self.kind, name.as_ref()) {
            _ if self.pieces.is_some() => return Err(FileProblem::Damaged),
            (_, "c") => {
                self.hold();
                self.cell.clear();
                self.cell.push_str(element.attributes_raw());
            }
            (_, "v") => self.pieces = Some(0),
            (_, "definedName") => self.hold(),
            (Kind::Strings, "sst") => {
                let claim = element.try_get_attribute("uniqueCount").map_err(|_| FileProblem::Damaged)?;
                self.claimed = claim.map_or(0, |claim| claim.value.parse().unwrap_or(usize::MAX));
            }
            (Kind::Strings, "si") => {
                self.hold();
                keep(&mut self.kept, SHARED_STRINGS_MAX)?;
            }
            (Kind::Styles, "xf") => keep(&mut self.kept, CELL_FORMATS_MAX)?,
            (Kind::Styles, "fill" | "border" | "font") => keep(&mut self.looks, CELL_FORMATS_MAX)?,
            (Kind::Styles, "numFmt") => {
                keep(&mut self.looks, CELL_FORMATS_MAX)?;
                self.longest = self.longest.max(element.len());
            }
            (Kind::Styles, "name") => self.longest = self.longest.max(element.len()),
            (Kind::Workbook, "sheet") => keep(&mut self.kept, SHEETS_MAX)?,
            (Kind::Relations, "Relationship") => {
                keep(&mut self.kept, PARTS_MAX)?;
                self.longest = self.longest.max(element.len());
            }
            _ => {}
        }
        keep(&mut self.depth, XML_DEPTH_MAX)
    }

    fn hold(&mut self) {
        self.held.get_or_insert(self.depth);
    }

    fn end(&mut self) {
        self.depth = self.depth.saturating_sub(1);
        self.pieces = None;
        if self.held == Some(self.depth) {
            self.held = None;
        }
    }

    /// One piece of what may be a cell's value; `read` if calamine takes it for part of a text.
    ///
    /// calamine takes the index of a shared string that it cannot parse for 0 – a wrong person's data –, and of other
    /// values that are no texts the first piece alone. So an index must be digits, and such a value one piece.
    fn value_piece(&mut self, text: Option<&str>, read: bool) -> Result<(), FileProblem> {
        let Some(pieces) = &mut self.pieces else { return Ok(()) };
        *pieces += 1;
        let alone = *pieces == 1 && text.is_some();
        let index = |text: &str| text.len() <= INDEX_DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
        if alone && text.is_some_and(index) {
            return Ok(());
        }
        let mut attributes = Attributes::new(&self.cell, 0).flatten();
        let kind = attributes.find(|attribute| attribute.key.as_ref() == "t").map(|attribute| attribute.value);
        let sound = match kind.as_deref() {
            Some("s") => false,
            Some("str" | "d") => read,
            Some("inlineStr" | "is") => true,
            _ => alone,
        };
        if sound { Ok(()) } else { Err(FileProblem::Damaged) }
    }
}

/// Counts one more of what may be there `most` times.
fn keep(count: &mut usize, most: usize) -> Result<(), FileProblem> {
    *count += 1;
    if *count > most { Err(FileProblem::TooComplex) } else { Ok(()) }
}
