//! `a=b&c=d`, and lines of `Name=value`.

use super::{Walk, named, shifted};
use crate::cassette::{
    Place,
    redact::{edit::Edit, fold::Fold},
};

impl Walk<'_> {
    /// A form, or a query.
    pub(super) fn form(&mut self, text: &[u8]) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut at = 0;
        for piece in text.split(|byte| *byte == b'&') {
            let (start, end) = (at, at + piece.len());
            at = end + 1;
            match memchr::memchr(b'=', piece) {
                Some(equals) => {
                    let name = named(Fold::Form, &piece[..equals]);
                    // `&amp;` of an address in a page leaves `amp;` before a name.
                    let name = name.strip_prefix("amp;").unwrap_or(&name);
                    let value = start + equals + 1..end;
                    self.folded(Fold::Form, Place::Param, name, text, value, &mut edits);
                }
                None if piece.is_empty() => {}
                None => self.folded(Fold::Form, Place::Text, "", text, start..end, &mut edits),
            }
        }
        edits
    }

    /// Lines; one that is no `Name=value` is free text.
    pub(super) fn lines(&mut self, text: &[u8]) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut at = 0;
        for line in text.split(|byte| matches!(byte, b'\n' | b'\r')) {
            let start = at;
            at += line.len() + 1;
            let equals = memchr::memchr(b'=', line).filter(|_| begins_line(line));
            let found = match equals {
                Some(_) if is_form(line) => self.form(line),
                Some(equals) => {
                    let name = String::from_utf8_lossy(&line[..equals]);
                    let value = line[equals + 1..].trim_ascii();
                    let by = line.len() - line[equals + 1..].trim_ascii_start().len();
                    let found = self.field(Place::Line, name.trim(), value);
                    shifted(found, by).collect()
                }
                None => self.loose(line),
            };
            edits.extend(shifted(found, start));
        }
        edits
    }
}

/// Whether a line is a form: each of its pieces has a name.
fn is_form(line: &[u8]) -> bool {
    let mut pieces = line.split(|byte| *byte == b'&');
    let named = |piece: &[u8]| piece.is_empty() || begins_line(piece);
    memchr::memchr2(b'&', b' ', line).is_some_and(|at| line[at] == b'&')
        && !line.contains(&b' ')
        && pieces.all(named)
}

/// Whether a text begins with `name=`.
pub(super) fn begins_line(text: &[u8]) -> bool {
    let Some(equals) = memchr::memchr(b'=', &text[..text.len().min(LONGEST_NAME)]) else {
        return false;
    };
    let name = &text[..equals];
    let fits = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.%[]$~:+*".contains(byte);
    let padding = text[equals..].iter().all(|byte| *byte == b'=') && text.len() - equals < 3;
    !name.is_empty() && name.iter().all(fits) && !(padding && text.len() > 20)
}

const LONGEST_NAME: usize = 128;
