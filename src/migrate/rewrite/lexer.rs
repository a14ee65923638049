//! Just enough of three languages to tell names, texts and comments apart, with the place of each.
//!
//! It works on bytes, so that any encoding that extends ASCII passes through.

use crate::error::Error;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Name,
    Number,
    Text,
    /// One punctuation character.
    Mark,
    /// The end of a logical line of Python.
    Line,
}

/// One token; comments are left out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) from: usize,
    pub(super) to: usize,
}

/// How a language writes its comments and texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Syntax {
    Python,
    Java,
    CSharp,
}

/// A source and its tokens.
pub(super) struct Source<'s> {
    pub(super) bytes: &'s [u8],
    pub(super) tokens: Vec<Token>,
}

impl<'s> Source<'s> {
    /// Reads a source.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) with the line of a text, comment or bracket that does not close.
    pub(super) fn read(bytes: &'s [u8], syntax: Syntax) -> Result<Self, Error> {
        Lexer {
            bytes,
            syntax,
            at: 0,
            open: Vec::new(),
            tokens: Vec::new(),
        }
        .run()
    }

    pub(super) fn text(&self, token: usize) -> &'s [u8] {
        self.tokens
            .get(token)
            .map_or(b"", |token| &self.bytes[token.from..token.to])
    }

    pub(super) fn is(&self, token: usize, text: &str) -> bool {
        self.text(token) == text.as_bytes()
    }

    pub(super) fn kind(&self, token: usize) -> Option<Kind> {
        self.tokens.get(token).map(|token| token.kind)
    }

    pub(super) fn name(&self, token: usize) -> Option<String> {
        (self.kind(token)? == Kind::Name)
            .then(|| String::from_utf8_lossy(self.text(token)).into_owned())
    }

    pub(super) fn line(&self, at: usize) -> usize {
        memchr::memchr_iter(b'\n', &self.bytes[..at]).count() + 1
    }

    pub(super) fn line_of(&self, token: usize) -> usize {
        self.line(
            self.tokens
                .get(token)
                .map_or(self.bytes.len(), |token| token.from),
        )
    }

    /// The bracket that closes the one at `token`.
    pub(super) fn closing(&self, token: usize) -> Option<usize> {
        let mut depth = 0_usize;
        for at in token..self.tokens.len() {
            match self.text(at) {
                b"(" | b"[" | b"{" if self.kind(at) == Some(Kind::Mark) => depth += 1,
                b")" | b"]" | b"}" if self.kind(at) == Some(Kind::Mark) => {
                    depth = depth.checked_sub(1)?;
                    if depth == 0 {
                        return Some(at);
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// A dotted name that ends at `token`: where it begins, and its text.
    pub(super) fn dotted_before(&self, token: usize) -> Option<(usize, String)> {
        let mut from = token;
        self.name(token)?;
        while from >= 2 && self.is(from - 1, ".") && self.kind(from - 2) == Some(Kind::Name) {
            from -= 2;
            if token - from > 2 * MAX_DOTS {
                return None;
            }
        }
        // Something computed stands before it.
        if from >= 1 && self.is(from - 1, ".") {
            return None;
        }
        let name: Vec<String> = (from..=token)
            .step_by(2)
            .filter_map(|at| self.name(at))
            .collect();
        Some((from, name.join(".")))
    }

    /// The content of every text, without its quotes.
    pub(super) fn texts(&self) -> Vec<String> {
        (0..self.tokens.len())
            .filter(|at| self.kind(*at) == Some(Kind::Text))
            .map(|at| {
                let text = String::from_utf8_lossy(self.text(at)).into_owned();
                let start = text.find(['"', '\'']).unwrap_or(0);
                text[start..].trim_matches(['"', '\'']).to_owned()
            })
            .collect()
    }

    /// The line break that the source uses.
    pub(super) fn line_break(&self) -> &'static str {
        match memchr::memchr(b'\n', self.bytes) {
            Some(at) if at > 0 && self.bytes[at - 1] == b'\r' => "\r\n",
            _ => "\n",
        }
    }
}

/// The most parts of a dotted name, which is more than anybody writes.
const MAX_DOTS: usize = 32;

struct Lexer<'s> {
    bytes: &'s [u8],
    syntax: Syntax,
    at: usize,
    open: Vec<(u8, usize)>,
    tokens: Vec<Token>,
}

impl<'s> Lexer<'s> {
    fn run(mut self) -> Result<Source<'s>, Error> {
        if self.bytes.starts_with(b"\xef\xbb\xbf") {
            self.at = 3;
        }
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\n' => {
                    if self.syntax == Syntax::Python && self.open.is_empty() {
                        self.push(Kind::Line, self.at, self.at);
                    }
                    self.at += 1;
                }
                b'\\' if self.syntax == Syntax::Python => {
                    // A line that goes on.
                    self.at += 1;
                    if self.peek(0) == Some(b'\r') {
                        self.at += 1;
                    }
                    if self.peek(0) == Some(b'\n') {
                        self.at += 1;
                    }
                }
                b'#' if self.syntax != Syntax::Java => self.skip_line(),
                b'/' if self.syntax != Syntax::Python && self.peek(1) == Some(b'/') => {
                    self.skip_line();
                }
                b'/' if self.syntax != Syntax::Python && self.peek(1) == Some(b'*') => {
                    let from = self.at;
                    let rest = &self.bytes[from + 2..];
                    let end = memchr::memmem::find(rest, b"*/")
                        .ok_or_else(|| self.unclosed("comment", from))?;
                    self.at = from + 2 + end + 2;
                }
                b'"' | b'\'' => self.literal(self.at)?,
                b'@' | b'$' if self.syntax == Syntax::CSharp && self.begins_text() => {
                    let from = self.at;
                    while matches!(self.peek(0), Some(b'@' | b'$')) {
                        self.at += 1;
                    }
                    self.literal(from)?;
                }
                _ if is_name(byte) && !byte.is_ascii_digit() => {
                    let from = self.at;
                    self.skip(is_name);
                    let prefix = self.syntax == Syntax::Python
                        && self.at - from <= 2
                        && matches!(self.peek(0), Some(b'"' | b'\''))
                        && self.bytes[from..self.at]
                            .iter()
                            .all(|byte| b"rRuUbBfF".contains(byte));
                    match prefix {
                        true => self.literal(from)?,
                        false => self.push(Kind::Name, from, self.at),
                    }
                }
                _ if byte.is_ascii_digit() => {
                    let from = self.at;
                    self.skip(|byte| is_name(byte) || byte == b'.');
                    self.push(Kind::Number, from, self.at);
                }
                b' ' | b'\t' | b'\r' | 0x0c => self.at += 1,
                _ => {
                    self.bracket(byte)?;
                    self.push(Kind::Mark, self.at, self.at + 1);
                    self.at += 1;
                }
            }
        }
        if let Some((_, from)) = self.open.last() {
            return Err(self.unclosed("bracket", *from));
        }
        self.push(Kind::Line, self.bytes.len(), self.bytes.len());
        Ok(Source {
            bytes: self.bytes,
            tokens: self.tokens,
        })
    }

    fn bracket(&mut self, byte: u8) -> Result<(), Error> {
        match byte {
            b'(' | b'[' | b'{' => self.open.push((byte, self.at)),
            b')' | b']' | b'}' => {
                let opened = self.open.pop().map(|(byte, _)| byte);
                let fits = matches!(
                    (opened, byte),
                    (Some(b'('), b')') | (Some(b'['), b']') | (Some(b'{'), b'}')
                );
                if !fits {
                    return Err(self.unclosed("bracket", self.at));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn begins_text(&self) -> bool {
        let rest = &self.bytes[self.at..];
        let marks = rest
            .iter()
            .take_while(|byte| matches!(byte, b'@' | b'$'))
            .count();
        marks <= 8 && rest.get(marks) == Some(&b'"')
    }

    /// A text whose quote stands here; `from` is where its prefix began.
    fn literal(&mut self, from: usize) -> Result<(), Error> {
        let prefix = &self.bytes[from..self.at];
        let quote = self.bytes[self.at];
        let run = self.bytes[self.at..]
            .iter()
            .take_while(|byte| **byte == quote)
            .count();
        let verbatim = self.syntax == Syntax::CSharp && prefix.contains(&b'@');
        let triple = run >= 3 && !verbatim && (self.syntax == Syntax::Python || quote == b'"');
        if triple {
            // C# closes with as many quotes as it opened with.
            let count = if self.syntax == Syntax::CSharp {
                run
            } else {
                3
            };
            self.at += count;
            loop {
                let rest = &self.bytes[self.at..];
                let end = memchr::memchr2(quote, b'\\', rest)
                    .ok_or_else(|| self.unclosed("text", from))?;
                self.at += end;
                if self.bytes[self.at] == b'\\' && self.syntax != Syntax::CSharp {
                    self.at = (self.at + 2).min(self.bytes.len());
                } else if self.bytes[self.at..]
                    .iter()
                    .take_while(|byte| **byte == quote)
                    .count()
                    >= count
                {
                    self.at += count;
                    break;
                } else {
                    self.at += 1;
                }
            }
            self.push(Kind::Text, from, self.at);
            return Ok(());
        }
        self.at += 1;
        loop {
            match self.peek(0) {
                None => return Err(self.unclosed("text", from)),
                Some(b'\n') if !verbatim => return Err(self.unclosed("text", from)),
                Some(byte) if byte == quote => {
                    self.at += 1;
                    // `""` is a quote in a verbatim text.
                    if verbatim && self.peek(0) == Some(quote) {
                        self.at += 1;
                        continue;
                    }
                    break;
                }
                Some(b'\\') if !verbatim => {
                    self.at += 1;
                    if self.peek(0) == Some(b'\r') && self.peek(1) == Some(b'\n') {
                        self.at += 1;
                    }
                    self.at = (self.at + 1).min(self.bytes.len());
                }
                Some(_) => self.at += 1,
            }
        }
        self.push(Kind::Text, from, self.at);
        Ok(())
    }

    fn skip_line(&mut self) {
        let rest = &self.bytes[self.at..];
        self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    }

    fn skip(&mut self, part: impl Fn(u8) -> bool) {
        while self.peek(0).is_some_and(&part) {
            self.at += 1;
        }
    }

    fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at + ahead).copied()
    }

    fn push(&mut self, kind: Kind, from: usize, to: usize) {
        self.tokens.push(Token { kind, from, to });
    }

    fn unclosed(&self, what: &str, from: usize) -> Error {
        let line =
            memchr::memchr_iter(b'\n', &self.bytes[..from.min(self.bytes.len())]).count() + 1;
        Error::input(
            "source",
            format_args!("line {line}: expected the end of a {what}"),
        )
    }
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
