//! A pull tokenizer for the XML inside `.xlsx` files: one pass, one buffer of bounded size, nothing copied.
//!
//! It knows what spreadsheets hold and no more. There are no document types, hence no entities of one's own: a part
//! that declares any is refused. Names come without their prefix.

use std::io::Read;

use memchr::{memchr, memchr2, memmem};

use crate::workbook::limits::XML_TOKEN_BYTES_MAX;
use crate::workbook::problem::FileProblem;

const BUFFER_BYTES: usize = 64 * 1024;

/// One piece of markup.
#[derive(Debug)]
pub enum Token<'a> {
    /// `<name …>`, or `<name …/>`, which no [`Token::Close`] follows.
    Open { name: &'a [u8], attributes: Attributes<'a>, empty: bool },
    /// `</name>`
    Close(&'a [u8]),
    /// Text in which entities are still written out.
    Text(&'a [u8]),
    /// The inside of `<![CDATA[…]]>`.
    Verbatim(&'a [u8]),
}

/// Pulls [`Token`]s from a part's bytes.
pub struct Xml<R> {
    source: R,
    buffer: Vec<u8>,
    start: usize,
    end: usize,
}

impl<R: Read> Xml<R> {
    pub fn new(source: R) -> Self {
        Self { source, buffer: vec![0; BUFFER_BYTES], start: 0, end: 0 }
    }

    /// The next token, or `None` at the end of the part.
    pub fn next(&mut self) -> Result<Option<Token<'_>>, FileProblem> {
        loop {
            if self.start == self.end && !self.more()? {
                return Ok(None);
            }
            if self.buffer[self.start] != b'<' {
                let length = self.find(0, |run| memchr(b'<', run))?.unwrap_or(self.end - self.start);
                return Ok(Some(Token::Text(self.take(length))));
            }
            while self.end - self.start < b"<![CDATA[".len() && self.more()? {}
            let ahead = &self.buffer[self.start..self.end];
            if ahead.starts_with(b"<!--") {
                self.skip_past(b"-->", b"<!--".len())?;
            } else if ahead.starts_with(b"<?") {
                self.skip_past(b"?>", b"<?".len())?;
            } else if ahead.starts_with(b"<![CDATA[") {
                let run = self.skip_past(b"]]>", b"<![CDATA[".len())?;
                return Ok(Some(Token::Verbatim(run)));
            } else if ahead.starts_with(b"<!") {
                return Err(FileProblem::Damaged);
            } else {
                let length = self.tag_length()?;
                return tag(self.take(length)).map(Some);
            }
        }
    }

    /// Reads the part to its end, so that its checksum has been verified.
    pub fn drain(&mut self) -> Result<(), FileProblem> {
        self.start = self.end;
        while self.more()? {
            self.start = self.end;
        }
        Ok(())
    }

    /// Length of the tag at the front, `>` included; a `>` inside quotes does not end it.
    fn tag_length(&mut self) -> Result<usize, FileProblem> {
        let mut length = 0;
        loop {
            let closing = self.find(length, |run| memchr(b'>', run))?.ok_or(FileProblem::Damaged)?;
            length = closing + 1;
            if !inside_quotes(&self.buffer[self.start..self.start + closing]) {
                return Ok(length);
            }
        }
    }

    fn skip_past(&mut self, terminator: &[u8], from: usize) -> Result<&[u8], FileProblem> {
        let at = self.find_terminator(terminator, from)?;
        let run = self.take(at + terminator.len());
        Ok(&run[from..at])
    }

    fn find_terminator(&mut self, terminator: &[u8], mut from: usize) -> Result<usize, FileProblem> {
        loop {
            let ahead = &self.buffer[self.start..self.end];
            if let Some(at) = ahead.get(from..).and_then(|run| memmem::find(run, terminator)) {
                return Ok(from + at);
            }
            from = from.max(ahead.len().saturating_sub(terminator.len()));
            if !self.more()? {
                return Err(FileProblem::Damaged);
            }
        }
    }

    /// Offset of what `finder` looks for at or behind `from`, reading on as long as it is not there.
    fn find(&mut self, mut from: usize, finder: impl Fn(&[u8]) -> Option<usize>) -> Result<Option<usize>, FileProblem> {
        loop {
            if let Some(at) = finder(&self.buffer[self.start + from..self.end]) {
                return Ok(Some(from + at));
            }
            from = self.end - self.start;
            if !self.more()? {
                return Ok(None);
            }
        }
    }

    fn take(&mut self, length: usize) -> &[u8] {
        let run = self.start..self.start + length;
        self.start = run.end;
        &self.buffer[run]
    }

    /// Reads more bytes behind those not yet taken; false at the end of the part.
    fn more(&mut self) -> Result<bool, FileProblem> {
        if self.start > 0 {
            self.buffer.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        if self.end == self.buffer.len() {
            if self.end >= XML_TOKEN_BYTES_MAX {
                return Err(FileProblem::CellTooLong);
            }
            self.buffer.resize(2 * self.end, 0);
        }
        let count = self.source.read(&mut self.buffer[self.end..]).map_err(|_| FileProblem::Damaged)?;
        self.end += count;
        Ok(count > 0)
    }
}

fn inside_quotes(tag: &[u8]) -> bool {
    let mut open = None;
    let mut rest = tag;
    while let Some(at) = memchr2(b'"', b'\'', rest) {
        match open {
            None => open = Some(rest[at]),
            Some(quote) if quote == rest[at] => open = None,
            Some(_) => {}
        }
        rest = &rest[at + 1..];
    }
    open.is_some()
}

fn tag(tag: &[u8]) -> Result<Token<'_>, FileProblem> {
    let inner = &tag[1..tag.len() - 1];
    if let Some(name) = inner.strip_prefix(b"/") {
        return Ok(Token::Close(local(name.trim_ascii_end())));
    }
    let (inner, empty) = inner.strip_suffix(b"/").map_or((inner, false), |inner| (inner, true));
    let name = inner.iter().position(u8::is_ascii_whitespace).unwrap_or(inner.len());
    let (name, attributes) = inner.split_at(name);
    if name.is_empty() {
        return Err(FileProblem::Damaged);
    }
    Ok(Token::Open { name: local(name), attributes: Attributes(attributes), empty })
}

fn local(name: &[u8]) -> &[u8] {
    memchr(b':', name).map_or(name, |colon| &name[colon + 1..])
}

/// The `name="value"` pairs of a tag, values as written. What is not such a pair ends them.
#[derive(Debug, Clone, Copy)]
pub struct Attributes<'a>(&'a [u8]);

impl<'a> Attributes<'a> {
    /// The value of the attribute of that local name.
    pub fn get(self, name: &[u8]) -> Option<&'a [u8]> {
        self.into_iter().find(|(found, _)| *found == name).map(|(_, value)| value)
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let equals = memchr(b'=', self.0)?;
        let name = local(self.0[..equals].trim_ascii());
        let rest = self.0[equals + 1..].trim_ascii_start();
        let (quote, rest) = rest.split_first()?;
        let length = matches!(quote, b'"' | b'\'').then(|| memchr(*quote, rest))??;
        self.0 = &rest[length + 1..];
        Some((name, &rest[..length]))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    /// Hands out one byte at a time, so that every token crosses a refill.
    struct Trickle<'a>(&'a [u8]);

    impl Read for Trickle<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let Some((first, rest)) = self.0.split_first() else { return Ok(0) };
            buffer[0] = *first;
            self.0 = rest;
            Ok(1)
        }
    }

    fn tokens(xml: &str) -> Result<Vec<String>, FileProblem> {
        let mut found = Vec::new();
        let mut xml = Xml::new(Trickle(xml.as_bytes()));
        while let Some(token) = xml.next()? {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            found.push(match token {
                Token::Open { name, attributes, empty } => {
                    let pairs = attributes.map(|(name, value)| format!(" {}={}", text(name), text(value)));
                    format!("<{}{}{}", text(name), pairs.collect::<String>(), if empty { "/" } else { "" })
                }
                Token::Close(name) => format!("/{}", text(name)),
                Token::Text(run) => text(run),
                Token::Verbatim(run) => format!("[{}]", text(run)),
            });
        }
        Ok(found)
    }

    #[test]
    fn tokens_survive_any_refill() {
        let xml = "<?xml version='1.0'?><x:a b = '1>2' r:id=\"&gt;\" ><!-- <no> --><c/>甲&amp;<![CDATA[<b>]]></x:a >";
        assert_eq!(tokens(xml).unwrap(), ["<a b=1>2 id=&gt;", "<c/", "甲&amp;", "[<b>]", "/a"]);
    }

    #[test]
    fn what_never_ends_is_damaged() {
        for xml in ["<a", "<a b='>", "<!-- ", "<![CDATA[ ]]", "<?x", "<>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"] {
            assert_eq!(tokens(xml), Err(FileProblem::Damaged), "{xml}");
        }
    }

    #[test]
    fn a_token_longer_than_the_limit_is_refused() {
        let mut xml = Xml::new(std::io::repeat(b'x'));
        assert_eq!(xml.next().unwrap_err(), FileProblem::CellTooLong);
    }
}
