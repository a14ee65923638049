//! A walk over the bytes of a document, once, in bounds.

use std::fmt;

use memchr::memchr2;
use serde_json::{Map, Number, Value};

use super::Text;

/// Reads a document front to back. What it gives borrows from the document.
#[derive(Debug)]
pub(in crate::cassette::format) struct Scanner<'f> {
    pub(super) bytes: &'f [u8],
    pub(super) at: usize,
    /// Levels that may still be opened.
    depth: usize,
    /// Halves of surrogate pairs that stood alone.
    pub(in crate::cassette::format) halves: usize,
    /// Members that were given twice.
    pub(in crate::cassette::format) twice: usize,
}

/// What kind of value comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cassette::format) enum Shape {
    Object,
    Array,
    Text,
    Number,
    Bool,
    Null,
}

/// Where a document stops being one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cassette::format) struct Torn {
    pub(in crate::cassette::format) at: usize,
    expected: &'static str,
    is_end: bool,
}

/// Whatever bound a caller sets: each level takes stack.
const DEEPEST: usize = 256;

impl<'f> Scanner<'f> {
    pub(in crate::cassette::format) fn new(bytes: &'f [u8], depth: usize) -> Self {
        let mark = b"\xef\xbb\xbf";
        Self {
            bytes,
            at: if bytes.starts_with(mark) {
                mark.len()
            } else {
                0
            },
            depth: depth.min(DEEPEST),
            halves: 0,
            twice: 0,
        }
    }

    /// Lets the document nest deeper than was said at first.
    pub(in crate::cassette::format) fn deepen(&mut self, levels: usize) {
        self.depth += levels;
    }

    /// What comes next; nothing is taken.
    pub(in crate::cassette::format) fn shape(&mut self) -> Result<Shape, Torn> {
        match self.peek() {
            Some(b'{') => Ok(Shape::Object),
            Some(b'[') => Ok(Shape::Array),
            Some(b'"') => Ok(Shape::Text),
            Some(b'-' | b'0'..=b'9') => Ok(Shape::Number),
            Some(b't' | b'f') => Ok(Shape::Bool),
            Some(b'n') => Ok(Shape::Null),
            _ => Err(self.torn("a value")),
        }
    }

    /// An object: `member` has to take each value.
    pub(in crate::cassette::format) fn object(
        &mut self,
        mut member: impl FnMut(&mut Self, Text<'f>) -> Result<(), Torn>,
    ) -> Result<(), Torn> {
        self.open(b'{', "an object")?;
        if self.peek() != Some(b'}') {
            loop {
                if self.peek() != Some(b'"') {
                    return Err(self.torn("the name of a member"));
                }
                let name = self.text()?;
                self.take(b':', "`:` after the name of a member")?;
                member(self, name)?;
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b'}') => break,
                    _ => return Err(self.torn("`,` or `}`")),
                }
            }
        }
        self.close();
        Ok(())
    }

    /// An array: `item` has to take each value.
    pub(in crate::cassette::format) fn array(
        &mut self,
        mut item: impl FnMut(&mut Self, usize) -> Result<(), Torn>,
    ) -> Result<(), Torn> {
        self.open(b'[', "an array")?;
        let mut index = 0;
        if self.peek() != Some(b']') {
            loop {
                item(self, index)?;
                index += 1;
                match self.peek() {
                    Some(b',') => self.at += 1,
                    Some(b']') => break,
                    _ => return Err(self.torn("`,` or `]`")),
                }
            }
        }
        self.close();
        Ok(())
    }

    pub(in crate::cassette::format) fn text(&mut self) -> Result<Text<'f>, Torn> {
        self.take(b'"', "a text")?;
        let start = self.at;
        let stop = self.special(start)?;
        self.at = stop + 1;
        if self.bytes[stop] == b'"' {
            return Ok(Text::Plain(&self.bytes[start..stop]));
        }
        let mut plain = Vec::with_capacity((2 * (stop - start)).max(64));
        plain.extend_from_slice(&self.bytes[start..stop]);
        loop {
            self.escape(&mut plain)?;
            let stop = self.special(self.at)?;
            plain.extend_from_slice(&self.bytes[self.at..stop]);
            self.at = stop + 1;
            if self.bytes[stop] == b'"' {
                return Ok(Text::Unescaped(plain));
            }
        }
    }

    /// The text of a number.
    pub(in crate::cassette::format) fn number(&mut self) -> Result<&'f str, Torn> {
        self.peek();
        let start = self.at;
        self.at += usize::from(self.bytes.get(start) == Some(&b'-'));
        self.digits()?;
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.bytes.get(self.at) {
            self.at += 1;
            if let Some(b'+' | b'-') = self.bytes.get(self.at) {
                self.at += 1;
            }
            self.digits()?;
        }
        // Digits, signs and points only.
        Ok(std::str::from_utf8(&self.bytes[start..self.at]).unwrap_or_default())
    }

    /// Passes over a value.
    pub(in crate::cassette::format) fn skip(&mut self) -> Result<(), Torn> {
        match self.shape()? {
            Shape::Object => self.object(|scan, _| scan.skip()),
            Shape::Array => self.array(|scan, _| scan.skip()),
            Shape::Text => self.skip_text(),
            Shape::Number => self.number().map(|_| ()),
            Shape::Bool | Shape::Null => self.word().map(|_| ()),
        }
    }

    /// A value, as a tree.
    pub(in crate::cassette::format) fn value(&mut self) -> Result<Value, Torn> {
        match self.shape()? {
            Shape::Object => {
                let mut members = Map::new();
                self.object(|scan, name| {
                    let value = scan.value()?;
                    if members.insert(name.into_string(), value).is_some() {
                        scan.twice += 1;
                    }
                    Ok(())
                })?;
                Ok(Value::Object(members))
            }
            Shape::Array => {
                let mut items = Vec::new();
                self.array(|scan, _| {
                    items.push(scan.value()?);
                    Ok(())
                })?;
                Ok(Value::Array(items))
            }
            Shape::Text => Ok(Value::String(self.text()?.into_string())),
            Shape::Number => self.number().map(number),
            Shape::Bool | Shape::Null => self.word(),
        }
    }

    /// Nothing but white space may follow.
    pub(in crate::cassette::format) fn end(&mut self) -> Result<(), Torn> {
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(self.torn("the end of the file")),
        }
    }

    /// The failure that something else than `expected` stands here.
    pub(in crate::cassette::format) fn torn(&self, expected: &'static str) -> Torn {
        Torn {
            at: self.at.min(self.bytes.len()),
            expected,
            is_end: self.at >= self.bytes.len(),
        }
    }

    /// The next byte that is no white space.
    fn peek(&mut self) -> Option<u8> {
        loop {
            match self.bytes.get(self.at)? {
                // Files that are laid out for people are a third white space.
                b' ' if self.bytes[self.at..].starts_with(&[b' '; 8]) => self.at += 8,
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                other => return Some(*other),
            }
        }
    }

    fn take(&mut self, byte: u8, expected: &'static str) -> Result<(), Torn> {
        if self.peek() != Some(byte) {
            return Err(self.torn(expected));
        }
        self.at += 1;
        Ok(())
    }

    fn open(&mut self, bracket: u8, expected: &'static str) -> Result<(), Torn> {
        if self.depth == 0 {
            return Err(Torn {
                is_end: false,
                ..self.torn("less nesting")
            });
        }
        self.take(bracket, expected)?;
        self.depth -= 1;
        Ok(())
    }

    fn close(&mut self) {
        self.at += 1;
        self.depth += 1;
    }

    fn digits(&mut self) -> Result<(), Torn> {
        let start = self.at;
        while self.bytes.get(self.at).is_some_and(u8::is_ascii_digit) {
            self.at += 1;
        }
        if self.at == start {
            return Err(self.torn("a digit"));
        }
        Ok(())
    }

    fn word(&mut self) -> Result<Value, Torn> {
        let rest = &self.bytes[self.at..];
        for (word, value) in [
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("null", Value::Null),
        ] {
            if rest.starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(value);
            }
            if word.as_bytes().starts_with(rest) {
                self.at = self.bytes.len();
            }
        }
        Err(self.torn("true, false or null"))
    }

    fn skip_text(&mut self) -> Result<(), Torn> {
        self.at += 1;
        loop {
            let stop = self.special(self.at)?;
            self.at = stop + 1;
            if self.bytes[stop] == b'"' {
                return Ok(());
            }
            self.at += 1;
        }
    }

    /// Where the next quote or backslash stands.
    fn special(&self, from: usize) -> Result<usize, Torn> {
        let rest = self.bytes.get(from..).unwrap_or_default();
        // Names and most values end within a few words; the start of a vector search costs more than they do.
        let mut at = 0;
        while at < NEAR {
            let Some(word) = rest.get(at..).and_then(<[u8]>::first_chunk::<8>) else {
                break;
            };
            let word = u64::from_le_bytes(*word);
            let marks = zeros(word ^ QUOTES) | zeros(word ^ BACKSLASHES);
            if marks != 0 {
                return Ok(from + at + (marks.trailing_zeros() / 8) as usize);
            }
            at += 8;
        }
        memchr2(b'"', b'\\', &rest[at..])
            .map(|found| from + at + found)
            .ok_or(Torn {
                at: self.bytes.len(),
                expected: "the end of a text",
                is_end: true,
            })
    }
}

impl Shape {
    /// As messages name it.
    pub(in crate::cassette::format) fn name(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "an array",
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Bool => "true or false",
            Self::Null => "null",
        }
    }

    pub(in crate::cassette::format) fn of(value: &Value) -> Self {
        match value {
            Value::Object(_) => Self::Object,
            Value::Array(_) => Self::Array,
            Value::String(_) => Self::Text,
            Value::Number(_) => Self::Number,
            Value::Bool(_) => Self::Bool,
            Value::Null => Self::Null,
        }
    }
}

impl fmt::Display for Torn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let got = if self.is_end {
            "the end of the file"
        } else {
            "something else"
        };
        write!(
            f,
            "expected {}, got {got} at byte {}",
            self.expected, self.at
        )
    }
}

/// A number as it was written, without the last digit lost that a quick reader of fractions loses. One that is too
/// large for any type stays its text.
fn number(text: &str) -> Value {
    if !text.contains(['.', 'e', 'E']) && text != "-0" {
        if let Ok(whole) = text.parse::<u64>() {
            return whole.into();
        }
        if let Ok(whole) = text.parse::<i64>() {
            return whole.into();
        }
    }
    let fraction = text.parse().ok().and_then(Number::from_f64);
    fraction.map_or_else(|| text.into(), Value::Number)
}

/// The high bit of each byte of `word` that is zero; exact up to and with the first.
fn zeros(word: u64) -> u64 {
    word.wrapping_sub(0x0101_0101_0101_0101) & !word & 0x8080_8080_8080_8080
}

const NEAR: usize = 32;
const QUOTES: u64 = 0x2222_2222_2222_2222;
const BACKSLASHES: u64 = 0x5c5c_5c5c_5c5c_5c5c;
