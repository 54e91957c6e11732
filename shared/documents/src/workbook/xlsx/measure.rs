//! What may be in a part, and how much of it: calamine knows no such budget.

use std::borrow::Cow;
use std::io::{self, BufReader, ErrorKind, Read, Write};

use memchr::memchr;
use quick_xml::Reader;
use quick_xml::errors::Error;
use quick_xml::events::Event;
use quick_xml::events::attributes::Attributes;

use super::scan::{Scan, Token, is_space};
use crate::workbook::limits::{
    CELL_FORMATS_MAX, METADATA_BYTES_MAX, PARTS_MAX, SHARED_STRING_BYTES_MAX, SHARED_STRINGS_MAX, SHEETS_MAX,
    XML_BUFFERED_BYTES_MAX, XML_DEPTH_MAX,
};
use crate::workbook::problem::FileProblem;

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
pub fn root<R: Read>(part: R) -> Result<Option<Kind>, FileProblem> {
    let mut xml = Reader::from_reader(BufReader::new(part.take(XML_BUFFERED_BYTES_MAX as u64)));
    xml.config_mut().expand_empty_elements = true;
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
            Err(Error::Io(_)) => return Err(FileProblem::Damaged),
            Ok(Event::Eof) | Err(_) => return Ok(None),
            Ok(_) => {}
        }
    }
}

/// Reads a part to its end. It must inflate to exactly `size` bytes with the checksum promised, be well-formed, declare
/// no entities, and hold no more of anything than the limits say.
pub fn measure<R: Read>(part: R, size: u64, kind: Kind) -> Result<Measured, FileProblem> {
    let most = if kind == Kind::Strings { SHARED_STRING_BYTES_MAX } else { METADATA_BYTES_MAX };
    if size > most {
        return Err(FileProblem::TooComplex);
    }
    let (_, survey) = Scan::new(part, size, Survey::of(kind)).finish()?;
    Ok(Measured { kept: survey.kept, longest: survey.longest, overclaims: survey.claimed > survey.kept })
}

/// Copies shared strings without what their root element claims.
pub fn without_claims<R: Read>(part: R, copy: &mut impl Write) -> io::Result<()> {
    let mut xml = Reader::from_reader(BufReader::new(part));
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
    io::copy(&mut xml.into_inner(), copy).map(drop)
}

/// What has been seen of a part.
pub struct Survey {
    kind: Kind,
    /// Names of the open elements, one after the other, and where each starts.
    names: Vec<u8>,
    open: Vec<usize>,
    /// Depth of the element being read that calamine buffers as a whole, and its bytes so far.
    held: Option<usize>,
    holding: usize,
    kept: usize,
    /// Number formats, fonts, fills and borders.
    looks: usize,
    longest: usize,
    claimed: usize,
    /// Attributes of the last cell, as written.
    cell: Vec<u8>,
    /// Pieces of the cell's value so far, while inside it.
    pieces: Option<usize>,
}

impl Survey {
    pub fn of(kind: Kind) -> Self {
        Self {
            kind,
            names: Vec::new(),
            open: Vec::new(),
            held: None,
            holding: 0,
            kept: 0,
            looks: 0,
            longest: 0,
            claimed: 0,
            cell: Vec::new(),
            pieces: None,
        }
    }

    /// Whether every element has ended.
    pub fn is_closed(&self) -> bool {
        self.open.is_empty()
    }

    /// Judges the next token, which is as many bytes as written.
    #[inline]
    pub fn token(&mut self, token: Token<'_>, bytes: usize) -> Result<(), FileProblem> {
        if self.held.is_some() {
            self.holding += bytes;
        }
        if bytes.max(self.holding) > XML_BUFFERED_BYTES_MAX {
            return Err(FileProblem::CellTooLong);
        }
        match token {
            Token::Start(tag) => self.start(tag).map(drop),
            Token::Empty(tag) => {
                let name = self.start(tag)?;
                self.end(name)
            }
            Token::End(name) => self.end(name),
            Token::Text(text) if self.pieces.is_some() => self.value_piece(Some(text), true),
            Token::Other if self.pieces.is_some() => self.value_piece(None, false),
            Token::Text(_) | Token::Other => Ok(()),
        }
    }

    /// Enters an element, and returns its name.
    #[inline]
    fn start<'a>(&mut self, tag: &'a [u8]) -> Result<&'a [u8], FileProblem> {
        if self.pieces.is_some() {
            return Err(FileProblem::Damaged);
        }
        let (name, attributes) = tag.split_at(tag.iter().position(is_space).unwrap_or(tag.len()));
        let local = name.iter().position(|byte| *byte == b':').map_or(name, |colon| &name[colon + 1..]);
        match self.kind {
            Kind::Sheet => self.sheet_element(local, attributes),
            _ => self.element(local, attributes, tag.len())?,
        }
        if self.open.len() == XML_DEPTH_MAX {
            return Err(FileProblem::TooComplex);
        }
        self.open.push(self.names.len());
        self.names.extend_from_slice(name);
        Ok(name)
    }

    #[inline]
    fn sheet_element(&mut self, name: &[u8], attributes: &[u8]) {
        match name {
            b"c" => {
                self.hold();
                self.cell.clear();
                self.cell.extend_from_slice(attributes);
            }
            b"v" => self.pieces = Some(0),
            _ => {}
        }
    }

    fn element(&mut self, name: &[u8], attributes: &[u8], length: usize) -> Result<(), FileProblem> {
        match (self.kind, name) {
            (Kind::Workbook, b"definedName") => self.hold(),
            (Kind::Strings, b"sst") => {
                let claim = attribute(attributes, "uniqueCount")?;
                self.claimed = self.claimed.max(claim.map_or(0, |claim| claim.parse().unwrap_or(usize::MAX)));
            }
            (Kind::Strings, b"si") => {
                self.hold();
                keep(&mut self.kept, SHARED_STRINGS_MAX)?;
            }
            (Kind::Styles, b"xf") => keep(&mut self.kept, CELL_FORMATS_MAX)?,
            (Kind::Styles, b"fill" | b"border" | b"font") => keep(&mut self.looks, CELL_FORMATS_MAX)?,
            (Kind::Styles, b"numFmt") => {
                keep(&mut self.looks, CELL_FORMATS_MAX)?;
                self.longest = self.longest.max(length);
            }
            (Kind::Styles, b"name") => self.longest = self.longest.max(length),
            (Kind::Workbook, b"sheet") => keep(&mut self.kept, SHEETS_MAX)?,
            (Kind::Relations, b"Relationship") => {
                keep(&mut self.kept, PARTS_MAX)?;
                self.longest = self.longest.max(length);
            }
            _ => {}
        }
        Ok(())
    }

    fn hold(&mut self) {
        self.held.get_or_insert(self.open.len());
    }

    #[inline]
    fn end(&mut self, name: &[u8]) -> Result<(), FileProblem> {
        let start = self.open.pop().ok_or(FileProblem::Damaged)?;
        if self.names[start..] != *name {
            return Err(FileProblem::Damaged);
        }
        self.names.truncate(start);
        self.pieces = None;
        if self.held == Some(self.open.len()) {
            (self.held, self.holding) = (None, 0);
        }
        Ok(())
    }

    /// One piece of what may be a cell's value; `read` if calamine takes it for part of a text.
    ///
    /// calamine takes the index of a shared string that it cannot parse for 0 – a wrong person's data –, and of other
    /// values that are no texts the first piece alone. So an index must be digits, and such a value one piece.
    fn value_piece(&mut self, text: Option<&[u8]>, read: bool) -> Result<(), FileProblem> {
        let Some(pieces) = &mut self.pieces else { return Ok(()) };
        *pieces += 1;
        let index = |text: &[u8]| text.len() <= INDEX_DIGITS && text.iter().all(u8::is_ascii_digit);
        if *pieces == 1 && text.is_some_and(index) {
            return Ok(());
        }
        // calamine's reader cuts a text at every entity.
        let alone = *pieces == 1 && text.is_some_and(|text| memchr(b'&', text).is_none());
        let sound = match attribute(&self.cell, "t")?.as_deref() {
            Some("s") => false,
            Some("str" | "d") => read,
            Some("inlineStr" | "is") => true,
            _ => alone,
        };
        if sound { Ok(()) } else { Err(FileProblem::Damaged) }
    }
}

/// The value of an attribute, as written. There must be no doubt about it.
fn attribute<'a>(attributes: &'a [u8], name: &str) -> Result<Option<Cow<'a, str>>, FileProblem> {
    let attributes = str::from_utf8(attributes).map_err(|_| FileProblem::Damaged)?;
    let mut value = None;
    for attribute in Attributes::new(attributes, 0) {
        let attribute = attribute.map_err(|_| FileProblem::Damaged)?;
        if attribute.key.as_ref() == name {
            value = Some(attribute.value);
        }
    }
    Ok(value)
}

/// Counts one more of what may be there `most` times.
fn keep(count: &mut usize, most: usize) -> Result<(), FileProblem> {
    *count += 1;
    if *count > most { Err(FileProblem::TooComplex) } else { Ok(()) }
}
