//! A part as it streams by: calamine is given only tokens that have been judged.

use std::io::{self, Read};

use memchr::{memchr, memmem};

use super::measure::Survey;
use crate::workbook::limits::XML_BUFFERED_BYTES_MAX;
use crate::workbook::problem::FileProblem;

const CHUNK_BYTES: usize = 32 * 1024;

/// A piece of XML as quick-xml, calamine's reader, cuts it.
#[derive(Debug, Clone, Copy)]
pub enum Token<'a> {
    /// Up to the next tag, entities as written.
    Text(&'a [u8]),
    /// What is between `<` and `>`.
    Start(&'a [u8]),
    /// What is between `<` and `/>`.
    Empty(&'a [u8]),
    /// What is between `</` and `>`.
    End(&'a [u8]),
    /// A comment, an instruction or a character section.
    Other,
}

/// Reads a part of exactly `left` bytes, token by token, each under the rules of a [`Survey`].
///
/// Its errors hold the [`FileProblem`].
pub struct Scan<R> {
    source: R,
    left: u64,
    survey: Survey,
    /// Bytes read: those up to `given` are the caller's, those up to `judged` may be given.
    buffer: Vec<u8>,
    given: usize,
    judged: usize,
    ended: bool,
}

impl<R: Read> Scan<R> {
    pub fn new(source: R, size: u64, survey: Survey) -> Self {
        Self { source, left: size, survey, buffer: Vec::new(), given: 0, judged: 0, ended: false }
    }

    /// Judges what has not been read yet, and gives back the source and what was seen.
    pub fn finish(mut self) -> Result<(R, Survey), FileProblem> {
        while !self.ended {
            self.advance()?;
        }
        Ok((self.source, self.survey))
    }

    /// Replaces what has been judged by what comes next, at least one token unless the part has ended.
    fn advance(&mut self) -> Result<(), FileProblem> {
        self.buffer.drain(..self.judged);
        (self.given, self.judged) = (0, 0);
        while self.judged == 0 && !self.ended {
            if self.buffer.len() > XML_BUFFERED_BYTES_MAX {
                return Err(FileProblem::CellTooLong);
            }
            self.fill()?;
            while let Some((token, length)) = token(&self.buffer[self.judged..], self.ended)? {
                self.survey.token(token, length)?;
                self.judged += length;
            }
        }
        if self.ended && (self.judged < self.buffer.len() || !self.survey.is_closed()) {
            return Err(FileProblem::Damaged);
        }
        Ok(())
    }

    fn fill(&mut self) -> Result<(), FileProblem> {
        let start = self.buffer.len();
        self.buffer.resize(start + CHUNK_BYTES, 0);
        let count = self.source.read(&mut self.buffer[start..]).map_err(|_| FileProblem::Damaged)?;
        self.buffer.truncate(start + count);
        self.left = self.left.checked_sub(count as u64).ok_or(FileProblem::Damaged)?;
        self.ended = count == 0;
        if self.ended && self.left > 0 { Err(FileProblem::Damaged) } else { Ok(()) }
    }
}

impl<R: Read> Read for Scan<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.given == self.judged && !self.ended {
            self.advance().map_err(io::Error::other)?;
        }
        let count = (&self.buffer[self.given..self.judged]).read(into)?;
        self.given += count;
        Ok(count)
    }
}

/// How much stands before the `>` that ends a tag. In quotes it ends none.
#[inline]
fn tag_length(bytes: &[u8]) -> Option<usize> {
    let mut quote = None;
    bytes.iter().position(|byte| {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
        quote.is_none() && *byte == b'>'
    })
}

/// The token that `bytes` start with, and its length; `None` if more bytes decide, and there are more to come.
#[inline]
fn token(bytes: &[u8], ended: bool) -> Result<Option<(Token<'_>, usize)>, FileProblem> {
    let Some(first) = bytes.first() else { return Ok(None) };
    if *first != b'<' {
        let end = memchr(b'<', bytes).or(ended.then_some(bytes.len()));
        return Ok(end.map(|end| (Token::Text(&bytes[..end]), end)));
    }
    let until = |from: usize, end: &[u8]| {
        let found = bytes.get(from..).and_then(|rest| memmem::find(rest, end));
        found.map(|at| (Token::Other, from + at + end.len()))
    };
    Ok(match bytes.get(1) {
        None => None,
        Some(b'?') => until(1, b"?>"),
        Some(b'!') if bytes.starts_with(b"<!--") => until(4, b"-->"),
        Some(b'!') if bytes.starts_with(b"<![CDATA[") => until(9, b"]]>"),
        Some(b'!') if b"<!--".starts_with(bytes) || b"<![CDATA[".starts_with(bytes) => None,
        // A document type, or worse.
        Some(b'!') => return Err(FileProblem::Damaged),
        Some(_) => tag_length(&bytes[1..]).map(|length| (tag(&bytes[1..=length]), length + 2)),
    })
}

#[inline]
fn tag(inside: &[u8]) -> Token<'_> {
    match inside {
        [b'/', name @ ..] => {
            Token::End(&name[..name.iter().rposition(|byte| !is_space(byte)).map_or(0, |last| last + 1)])
        }
        [start @ .., b'/'] => Token::Empty(start),
        start => Token::Start(start),
    }
}

/// White space as quick-xml sees it.
#[inline]
pub fn is_space(byte: &u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}
