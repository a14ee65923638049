//! The `name=value` list behind an authentication scheme, read as liberally as servers had to.
//!
//! Values may be bare, in double or in single quotes, with `\"` and `\\` escaped; pairs are parted by
//! spaces, commas or line breaks in any mixture (legacy-protocol.md 1.7).

use crate::error::Error;

/// One item of the list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// `name=value`, the value without its quotes.
    Param(String, String),
    /// A word without `=`: the next scheme of a list of challenges.
    Word(String),
}

/// Walks the items of `text`; stops for good after an error.
pub(crate) struct Items<'a> {
    rest: &'a str,
    known: &'a [&'a str],
}

impl<'a> Items<'a> {
    pub(crate) fn of(text: &'a str) -> Self {
        Self {
            rest: text,
            known: &[],
        }
    }

    /// The names that errors may tell, whatever their case. Any other comes from outside, and a header that
    /// was cut or quoted wrongly has a token there.
    pub(crate) fn knowing(self, known: &'a [&'a str]) -> Self {
        Self { known, ..self }
    }

    fn field(&self, name: &str) -> &'a str {
        let known = self.known.iter();
        known
            .copied()
            .find(|known| known.eq_ignore_ascii_case(name))
            .unwrap_or(UNKNOWN)
    }

    fn item(&mut self) -> Result<Item, Error> {
        let end = self.rest.find(is_gap_or_equals).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        let Some(value) = rest.strip_prefix('=') else {
            self.rest = rest;
            return Ok(Item::Word(name.to_owned()));
        };
        if name.is_empty() {
            return Err(Error::reply(UNKNOWN, "expected a name before =, got none"));
        }
        let (value, rest) = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => quoted(self.field(name), quote, &value[1..])?,
            _ => {
                let end = value.find(is_gap).unwrap_or(value.len());
                (value[..end].to_owned(), &value[end..])
            }
        };
        self.rest = rest;
        Ok(Item::Param(name.to_owned(), value))
    }
}

impl Iterator for Items<'_> {
    type Item = Result<Item, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rest = self.rest.trim_start_matches(is_gap);
        if self.rest.is_empty() {
            return None;
        }
        let item = self.item();
        if item.is_err() {
            self.rest = "";
        }
        Some(item)
    }
}

fn is_gap(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | ',')
}

fn is_gap_or_equals(c: char) -> bool {
    c == '=' || is_gap(c)
}

/// The text up to the closing `quote`, and what follows it.
fn quoted<'a>(field: &str, quote: char, text: &'a str) -> Result<(String, &'a str), Error> {
    let mut value = String::new();
    let mut from = 0;
    let bytes = text.as_bytes();
    while let Some(step) = memchr::memchr2(quote as u8, b'\\', &bytes[from..]) {
        let at = from + step;
        value.push_str(&text[from..at]);
        if bytes[at] != b'\\' {
            return Ok((value, &text[at + 1..]));
        }
        match bytes.get(at + 1) {
            Some(&escaped) if escaped == b'\\' || escaped == quote as u8 => {
                value.push(char::from(escaped));
                from = at + 2;
            }
            _ => {
                value.push('\\');
                from = at + 1;
            }
        }
    }
    Err(Error::reply(
        field,
        format_args!("expected a closing {quote}, got the end of the header"),
    ))
}

/// The field of an error in a parameter whose name is not known.
const UNKNOWN: &str = "authorization parameter";
