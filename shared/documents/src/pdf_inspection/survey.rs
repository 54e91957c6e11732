//! A survey of every object in a PDF, from its first byte to its last and whatever its cross-reference table claims.
//!
//! Viewers rebuild broken tables, follow old revisions and read objects where a table points, so an inspection that
//! believes the table can be led past a script. The survey reads all words once; streams are skipped, except object
//! streams, which are inflated and read too. An `obj` that shows up inside something skipped is refused.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use flate2::read::ZlibDecoder;
use memchr::memmem;

use super::lexer::{Lexer, Token, Unterminated, is_delimiter, is_space};
use super::problem::PdfProblem;

/// Fifty dense pages have a tenth of this.
const MAX_OBJECTS: usize = 100_000;
/// Words outside page content; bounds the memory of the parsed document to about 200 MB.
const MAX_TOKENS: usize = 2_000_000;
/// Object streams of one file, inflated, together.
const MAX_INFLATED_BYTES: usize = 32 << 20;
/// The same limit as the parser's.
const MAX_DEPTH: usize = 100;
const STRUCTURAL: [&[u8]; 6] = [b"ObjStm", b"First", b"N", b"DecodeParms", b"DP", b"Root"];
const FILTERS: [&[u8]; 11] = [
    b"FlateDecode",
    b"Fl",
    b"LZWDecode",
    b"LZW",
    b"ASCIIHexDecode",
    b"AHx",
    b"ASCII85Decode",
    b"A85",
    b"RunLengthDecode",
    b"RL",
    b"Crypt",
];

/// Where an object is: number, generation and offset of its first byte.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) generation: u16,
    pub(super) offset: usize,
}

/// What is in the file.
#[derive(Debug, Default)]
pub(super) struct Survey {
    /// The last definition of each object outside object streams, by number.
    pub(super) objects: BTreeMap<u32, Place>,
    /// Number and generation of the catalogue, from the last trailer.
    pub(super) root: Option<(u32, u16)>,
    /// What the rules forbid.
    pub(super) problems: BTreeSet<PdfProblem>,
    definitions: usize,
    compressed: usize,
    tokens: usize,
    inflated_bytes: usize,
}

impl From<Unterminated> for PdfProblem {
    fn from(Unterminated: Unterminated) -> Self {
        Self::Damaged
    }
}

/// Surveys `file`, which begins with its header.
pub(super) fn survey(file: &[u8]) -> Result<Survey, PdfProblem> {
    let mut survey = Survey::default();
    let mut lexer = Lexer::new(file);
    let mut object = Facts::default();
    while let Some((start, token)) = lexer.next()? {
        survey.count_token()?;
        match token {
            Token::Word(b"obj") => {
                let place = object.take_header().ok_or(PdfProblem::Damaged)?;
                survey.define(place)?;
                object = Facts::default();
            }
            Token::Word(b"stream") => {
                let content = stream_content(file, start)?;
                if object.names(b"ObjStm") {
                    survey.read_object_stream(&object, content)?;
                }
                lexer.at = start + b"stream".len() + content.len();
                object = Facts::default();
            }
            token => survey.note(&mut object, start, token)?,
        }
    }
    if count_object_headers(file) == survey.definitions { Ok(survey) } else { Err(PdfProblem::Damaged) }
}

impl Survey {
    fn count_token(&mut self) -> Result<(), PdfProblem> {
        self.tokens += 1;
        if self.tokens > MAX_TOKENS { Err(PdfProblem::TooComplex) } else { Ok(()) }
    }

    fn define(&mut self, (number, place): (u32, Place)) -> Result<(), PdfProblem> {
        self.definitions += 1;
        self.objects.insert(number, place);
        if self.definitions > MAX_OBJECTS { Err(PdfProblem::TooComplex) } else { Ok(()) }
    }

    fn note(&mut self, object: &mut Facts, start: usize, token: Token<'_>) -> Result<(), PdfProblem> {
        if let Token::Name(name) = &token {
            self.problems.extend(forbidden(name));
        }
        object.note(start, token)?;
        self.root = object.root.take().or(self.root);
        Ok(())
    }

    /// Object streams (ISO 32000-1 §7.5.7): pairs of number and offset, then, from `First`, the objects.
    fn read_object_stream(&mut self, object: &Facts, content: &[u8]) -> Result<(), PdfProblem> {
        let content = self.inflate(object, content)?;
        let first = object.value(b"First").and_then(|first| usize::try_from(first).ok()).ok_or(PdfProblem::Damaged)?;
        let (index, objects) = content.split_at_checked(first).ok_or(PdfProblem::Damaged)?;
        let numbers: Option<Vec<u32>> = std::str::from_utf8(index)
            .ok()
            .and_then(|index| index.split_whitespace().map(|word| word.parse().ok()).collect());
        let offsets: Vec<u32> =
            numbers.ok_or(PdfProblem::Damaged)?.chunks(2).filter_map(|pair| pair.get(1).copied()).collect();
        // Repeated offsets would have the parser read one long object again and again.
        if object.value(b"N") != Some(offsets.len() as u64) || !offsets.is_sorted_by(|a, b| a < b) {
            return Err(PdfProblem::Damaged);
        }
        self.compressed += offsets.len();
        if self.compressed > MAX_OBJECTS {
            return Err(PdfProblem::TooComplex);
        }
        let mut lexer = Lexer::new(objects);
        let mut facts = Facts::default();
        while let Some((start, token)) = lexer.next()? {
            self.count_token()?;
            self.note(&mut facts, start, token)?;
        }
        Ok(())
    }

    /// Producers store object streams plain or deflated; other filters and predictors serve only to hide.
    fn inflate(&mut self, object: &Facts, content: &[u8]) -> Result<Vec<u8>, PdfProblem> {
        let filters: Vec<&[u8]> =
            object.entries.iter().map(|(name, _)| name.as_slice()).filter(|name| FILTERS.contains(name)).collect();
        let room = MAX_INFLATED_BYTES - self.inflated_bytes;
        let mut plain = Vec::new();
        match filters[..] {
            _ if object.names(b"DecodeParms") || object.names(b"DP") => return Err(PdfProblem::Damaged),
            [] => plain.extend_from_slice(content),
            [b"FlateDecode" | b"Fl"] => {
                let skipped = content.iter().take_while(|&&byte| is_space(byte)).count();
                ZlibDecoder::new(&content[skipped..])
                    .take(room as u64 + 1)
                    .read_to_end(&mut plain)
                    .map_err(|_| PdfProblem::Damaged)?;
            }
            _ => return Err(PdfProblem::Damaged),
        }
        if plain.len() > room {
            return Err(PdfProblem::TooComplex);
        }
        self.inflated_bytes += plain.len();
        Ok(plain)
    }
}

/// What the survey needs of one object: its structural names with the integer behind each.
#[derive(Debug, Default)]
struct Facts {
    entries: Vec<(Vec<u8>, Option<u64>)>,
    /// The last name, if it is a structural one, as an index into `entries`.
    current: Option<usize>,
    depth: usize,
    /// The last two words, if they are integers, with their offsets.
    integers: [Option<(usize, u64)>; 2],
    root: Option<(u32, u16)>,
}

impl Facts {
    fn note(&mut self, start: usize, token: Token<'_>) -> Result<(), PdfProblem> {
        match token {
            Token::Integer(value) => {
                if let Some(entry) = self.current {
                    self.entries[entry].1.get_or_insert(value);
                }
                self.integers = [self.integers[1], Some((start, value))];
                return Ok(());
            }
            Token::Name(name) => {
                let is_structural = STRUCTURAL.contains(&name.as_slice()) || FILTERS.contains(&name.as_slice());
                self.current = is_structural.then_some(self.entries.len());
                self.entries.extend(is_structural.then_some((name, None)));
            }
            Token::Word(b"R") if self.current.is_some_and(|entry| self.entries[entry].0 == b"Root") => {
                self.root = self.take_header().map(|(number, place)| (number, place.generation));
            }
            Token::Word(b"endobj") => *self = Self::default(),
            Token::Word(_) => {}
            Token::Open => self.depth += 1,
            Token::Close => self.depth = self.depth.saturating_sub(1),
        }
        self.integers = [None, None];
        if self.depth > MAX_DEPTH { Err(PdfProblem::TooComplex) } else { Ok(()) }
    }

    /// The last two integers as the number and generation of an object.
    fn take_header(&mut self) -> Option<(u32, Place)> {
        let [Some((offset, number)), Some((_, generation))] = std::mem::take(&mut self.integers) else { return None };
        Some((u32::try_from(number).ok()?, Place { generation: u16::try_from(generation).ok()?, offset }))
    }

    fn names(&self, wanted: &[u8]) -> bool {
        self.entries.iter().any(|(name, _)| name == wanted)
    }

    fn value(&self, wanted: &[u8]) -> Option<u64> {
        self.entries.iter().find(|(name, _)| name == wanted)?.1
    }
}

/// What a name announces, as key or value, that no certificate or attachment needs.
fn forbidden(name: &[u8]) -> Option<PdfProblem> {
    Some(match name {
        b"JavaScript" | b"JS" => PdfProblem::HasScript,
        b"Launch" => PdfProblem::HasLaunchAction,
        b"AA" => PdfProblem::HasAutomaticAction,
        b"EmbeddedFile" | b"EmbeddedFiles" => PdfProblem::HasAttachment,
        b"RichMedia" | b"RichMediaContent" => PdfProblem::HasRichMedia,
        b"XFA" => PdfProblem::HasDynamicForm,
        b"Encrypt" => PdfProblem::Encrypted,
        _ => return None,
    })
}

/// What lies between the keyword `stream` at `start` and its `endstream`.
fn stream_content(file: &[u8], start: usize) -> Result<&[u8], PdfProblem> {
    let content = &file[start + b"stream".len()..];
    let length = memmem::find(content, b"endstream").ok_or(PdfProblem::Damaged)?;
    Ok(&content[..length])
}

/// How often an object begins – a digit, white space, `obj` – anywhere in the file.
fn count_object_headers(file: &[u8]) -> usize {
    memmem::find_iter(file, b"obj")
        .filter(|&at| {
            let before = &file[..at];
            let space = before.iter().rev().take_while(|&&byte| is_space(byte)).count();
            space > 0
                && before.get(at - space - 1..at - space).is_some_and(|byte| byte[0].is_ascii_digit())
                && file.get(at + 3).is_none_or(|&byte| is_space(byte) || is_delimiter(byte))
        })
        .count()
}
