//! The table of distinct texts that cells point into, kept as one long text.

use std::io::Read;

use super::text::{Runs, finish};
use super::xml::{Token, Xml};
use crate::workbook::limits::{SHARED_STRING_BYTES_MAX, SHARED_STRINGS_MAX};
use crate::workbook::problem::FileProblem;

/// The shared strings by index.
#[derive(Debug, Default)]
pub struct SharedStrings {
    text: String,
    /// Where each string ends in `text`; it starts where the one before ends.
    ends: Vec<u32>,
}

impl SharedStrings {
    /// Reads the part. What it claims to hold (`count`, `uniqueCount`) is not believed.
    pub fn read<R: Read>(mut xml: Xml<R>) -> Result<Self, FileProblem> {
        let mut strings = Self::default();
        let mut runs = Runs::default();
        let mut start = 0;
        while let Some(token) = xml.next()? {
            match token {
                Token::Open { name: b"si", empty, .. } => {
                    runs = Runs::default();
                    if empty {
                        strings.end(start)?;
                    }
                }
                Token::Close(b"si") => {
                    strings.end(start)?;
                    start = strings.text.len();
                }
                token => runs.push(&token, &mut strings.text)?,
            }
        }
        Ok(strings)
    }

    fn end(&mut self, start: usize) -> Result<(), FileProblem> {
        finish(&mut self.text, start)?;
        let end = u32::try_from(self.text.len()).map_err(|_| FileProblem::TooComplex)?;
        if self.text.len() > SHARED_STRING_BYTES_MAX || self.ends.len() == SHARED_STRINGS_MAX {
            return Err(FileProblem::TooComplex);
        }
        self.ends.push(end);
        Ok(())
    }

    /// The string at `index`.
    pub fn get(&self, index: usize) -> Option<&str> {
        let end = *self.ends.get(index)? as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        self.text.get(start..end)
    }
}
