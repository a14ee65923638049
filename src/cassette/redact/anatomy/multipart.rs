//! Bodies of several parts, and messages inside bodies.

use super::{Walk, shifted};
use crate::cassette::{Place, redact::edit::Edit};

impl Walk<'_> {
    pub(super) fn multipart(&mut self, boundary: &[u8], body: &[u8]) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut delimiter = b"--".to_vec();
        delimiter.extend_from_slice(boundary);
        let marks: Vec<usize> = memchr::memmem::find_iter(body, &delimiter).collect();
        let before = marks.first().copied().unwrap_or(body.len());
        edits.extend(self.text(&body[..before]));
        for (number, mark) in marks.iter().enumerate() {
            let start = mark + delimiter.len();
            let end = marks.get(number + 1).copied().unwrap_or(body.len());
            if start < end {
                edits.extend(shifted(self.part(&body[start..end]), start));
            }
        }
        edits
    }

    /// Headers, a blank line, and a body that the headers tell of.
    fn part(&mut self, part: &[u8]) -> Vec<Edit> {
        let from = part.len() - part.trim_ascii_start().len();
        let (head, body) = split(&part[from..]);
        let mut edits: Vec<Edit> = shifted(self.loose(head), from).collect();
        let body_at = from + part[from..].len() - body.len();
        let text = String::from_utf8_lossy(head);
        let header = |name: &str| {
            text.lines().find_map(|line| {
                let (found, value) = line.split_once(':')?;
                found
                    .trim()
                    .eq_ignore_ascii_case(name)
                    .then(|| value.trim().to_owned())
            })
        };
        let name = header("content-disposition").and_then(|value| parameter(&value, "name"));
        let body = body.strip_suffix(b"\n").unwrap_or(body);
        let body = body.strip_suffix(b"\r").unwrap_or(body);
        let found = match name {
            Some(name) => self.field(Place::Param, &name, body),
            None => {
                self.depth += 1;
                let content_type = header("content-type").unwrap_or_default();
                let found = match self.depth < super::DEEPEST {
                    true => self.body(&content_type, body),
                    false => self.loose(body),
                };
                self.depth -= 1;
                found
            }
        };
        edits.extend(shifted(found, body_at));
        edits
    }

    /// The text of a request or of an answer, as batches have them.
    pub(super) fn message(&mut self, text: &[u8]) -> Vec<Edit> {
        let (head, body) = split(text);
        let at = text.len() - body.len();
        let mut edits = self.loose(head);
        if !body.is_empty() && self.depth < super::DEEPEST {
            self.depth += 1;
            edits.extend(shifted(self.text(body), at));
            self.depth -= 1;
        }
        edits
    }
}

/// The boundary of a `Content-Type`.
pub(super) fn boundary(content_type: &str) -> Option<Vec<u8>> {
    let boundary = parameter(content_type, "boundary")?;
    (!boundary.is_empty() && boundary.len() <= 200).then(|| boundary.into_bytes())
}

/// Whether a text begins as a request does.
pub(super) fn is_request(text: &[u8]) -> bool {
    METHODS.iter().any(|method| {
        text.strip_prefix(method.as_bytes())
            .is_some_and(|rest| rest.starts_with(b" "))
    })
}

fn parameter(value: &str, name: &str) -> Option<String> {
    value.split(';').skip(1).find_map(|piece| {
        let (found, value) = piece.split_once('=')?;
        let is = found.trim().eq_ignore_ascii_case(name);
        is.then(|| value.trim().trim_matches('"').to_owned())
    })
}

/// What stands before the first blank line, and what after it.
fn split(text: &[u8]) -> (&[u8], &[u8]) {
    let blank = |mark: &[u8]| super::find(text, mark).map(|at| (at, at + mark.len()));
    let crlf = blank(b"\r\n\r\n");
    let lf = blank(b"\n\n");
    match [crlf, lf].into_iter().flatten().min() {
        Some((head, body)) => (&text[..head], &text[body..]),
        None => (text, b""),
    }
}

const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"];
