//! The words of PDF (ISO 32000-1 §7.2–7.3), in one pass and without recursion.

/// One word. Strings and comments are skipped: nothing in them is acted on.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// A name without its solidus, `#xx` resolved, as that is how scripts are hidden from a search.
    Name(Vec<u8>),
    Integer(u64),
    /// Anything else: operators, `obj`, `stream`, `R`, `true`, real numbers, and strings as an empty word.
    Word(&'a [u8]),
    /// `<<` or `[`.
    Open,
    /// `>>` or `]`.
    Close,
}

/// A string without end.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unterminated;

/// Splits `bytes` into words; `at` is the offset of the next one and may be moved.
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next word and the offset it starts at.
    pub(super) fn next(&mut self) -> Result<Option<(usize, Token<'a>)>, Unterminated> {
        self.skip_space();
        let start = self.at;
        let Some(&first) = self.bytes.get(start) else { return Ok(None) };
        self.at += 1;
        let token = match first {
            b'/' => Token::Name(unescape(self.regular())),
            b'(' => {
                self.skip_string()?;
                Token::Word(&[])
            }
            b'<' if self.bytes.get(self.at) == Some(&b'<') => self.second(Token::Open),
            b'<' => {
                self.at += self.bytes[self.at..].iter().position(|&byte| byte == b'>').ok_or(Unterminated)? + 1;
                Token::Word(&[])
            }
            b'>' if self.bytes.get(self.at) == Some(&b'>') => self.second(Token::Close),
            b'[' => Token::Open,
            b']' => Token::Close,
            b'>' | b')' | b'{' | b'}' => Token::Word(&[]),
            _ => {
                self.at = start;
                let word = self.regular();
                std::str::from_utf8(word)
                    .ok()
                    .and_then(|word| word.parse().ok())
                    .map_or(Token::Word(word), Token::Integer)
            }
        };
        Ok(Some((start, token)))
    }

    fn second(&mut self, token: Token<'a>) -> Token<'a> {
        self.at += 1;
        token
    }

    fn skip_space(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'%' => {
                    let rest = &self.bytes[self.at..];
                    self.at += rest.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(rest.len());
                }
                _ if is_space(byte) => self.at += 1,
                _ => return,
            }
        }
    }

    /// The run of regular characters from here.
    fn regular(&mut self) -> &'a [u8] {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|&byte| is_space(byte) || is_delimiter(byte)).unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    /// The rest of a literal string, whose parentheses balance unless escaped.
    fn skip_string(&mut self) -> Result<(), Unterminated> {
        let mut depth = 1_usize;
        while depth > 0 {
            match *self.bytes.get(self.at).ok_or(Unterminated)? {
                b'\\' => self.at += 1,
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            self.at += 1;
        }
        Ok(())
    }
}

pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

pub(super) fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn unescape(name: &[u8]) -> Vec<u8> {
    let hex = |at: usize| name.get(at).and_then(|&digit| char::from(digit).to_digit(16));
    let mut plain = Vec::with_capacity(name.len());
    let mut at = 0;
    while let Some(&byte) = name.get(at) {
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'#', Some(high), Some(low)) => {
                plain.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a failed step is a failed test")]

    use super::*;

    #[test]
    fn splits_words_and_resolves_escaped_names() {
        let mut lexer = Lexer::new(b"7 0 obj<</J#61va(a\\)(b)) [<4A>-1.5]%x\n>>R");
        let mut tokens = Vec::new();
        while let Some((_, token)) = lexer.next().unwrap() {
            tokens.push(token);
        }
        let word = |word| Token::Word(word);
        assert_eq!(
            tokens,
            [
                Token::Integer(7),
                Token::Integer(0),
                word(b"obj".as_slice()),
                Token::Open,
                Token::Name(b"Java".to_vec()),
                word(b""),
                Token::Open,
                word(b""),
                word(b"-1.5"),
                Token::Close,
                Token::Close,
                word(b"R"),
            ]
        );
    }

    #[test]
    fn strings_without_end_are_errors() {
        assert_eq!(Lexer::new(b"(a(b)").next(), Err(Unterminated));
        assert_eq!(Lexer::new(b"<41").next(), Err(Unterminated));
    }
}
