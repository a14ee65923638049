//! XML and HTML: elements, attributes, inputs of forms, and the text between.

use super::{Walk, shifted};
use crate::cassette::{
    Place,
    redact::{edit::Edit, fold::Fold},
};

impl Walk<'_> {
    pub(super) fn markup(&mut self, text: &[u8]) -> Vec<Edit> {
        let mut edits = Vec::new();
        let (mut at, mut element) = (0, String::new());
        while at < text.len() {
            let tag = memchr::memchr(b'<', &text[at..]).map_or(text.len(), |step| at + step);
            if text[at..tag].iter().any(|byte| !byte.is_ascii_whitespace()) {
                let (start, end) = trimmed(text, at, tag);
                let place = match element.is_empty() {
                    true => Place::Text,
                    false => Place::Xml,
                };
                let name = element.clone();
                self.folded(Fold::Entity, place, &name, text, start..end, &mut edits);
            }
            if tag == text.len() {
                break;
            }
            if text[tag..].starts_with(b"<![CDATA[") {
                let (start, end) = until(text, tag + 9, b"]]>");
                let name = element.clone();
                let found = self.field(Place::Xml, &name, &text[start..end]);
                edits.extend(shifted(found, start));
                at = (end + 3).min(text.len());
                continue;
            }
            if text[tag..].starts_with(b"<!--") {
                let (start, end) = until(text, tag + 4, b"-->");
                let found = self.field(Place::Text, "", &text[start..end]);
                edits.extend(shifted(found, start));
                at = (end + 3).min(text.len());
                continue;
            }
            let end = end_of_tag(text, tag + 1);
            element = self.tag(text, tag + 1, end, &mut edits);
            at = (end + 1).min(text.len());
        }
        edits
    }

    /// The attributes of a tag. Yields the local name of the element that it opens; empty when it closes one.
    fn tag(&mut self, text: &[u8], start: usize, end: usize, edits: &mut Vec<Edit>) -> String {
        let inside = &text[start..end];
        let len = inside
            .iter()
            .take_while(|byte| !byte.is_ascii_whitespace())
            .count();
        let attributes = attributes(text, start + len, end);
        let name = attributes
            .iter()
            .find(|(name, _)| matches!(name.as_str(), "name" | "id"))
            .map(|(_, at)| String::from_utf8_lossy(&text[at.clone()]).into_owned());
        for (attribute, at) in &attributes {
            // The value of an input is a field of the form under the input's own name.
            let (place, named) = match (attribute.as_str(), &name) {
                ("value" | "content" | "data-value", Some(name)) => (Place::Param, name.as_str()),
                _ => (Place::Xml, attribute.as_str()),
            };
            self.folded(Fold::Entity, place, named, text, at.clone(), edits);
        }
        match inside.first() {
            None | Some(b'/' | b'?' | b'!') => String::new(),
            Some(_) if inside.last() == Some(&b'/') => String::new(),
            Some(_) => local(&inside[..len]),
        }
    }
}

/// Names and places of the attributes between `start` and `end`.
fn attributes(text: &[u8], start: usize, end: usize) -> Vec<(String, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    let mut at = start;
    while let Some(step) = memchr::memchr(b'=', &text[at..end]) {
        let equals = at + step;
        let before = text[at..equals].trim_ascii_end();
        let from = before
            .iter()
            .rposition(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\''))
            .map_or(0, |gap| gap + 1);
        let name = local(&before[from..]);
        let skip = text[equals + 1..end]
            .iter()
            .take_while(|byte| byte.is_ascii_whitespace())
            .count();
        let open = equals + 1 + skip;
        let (value, next) = match text.get(open).filter(|_| open < end) {
            Some(quote @ (b'"' | b'\'')) => {
                let close = memchr::memchr(*quote, &text[open + 1..end]);
                let close = close.map_or(end, |step| open + 1 + step);
                (open + 1..close, (close + 1).min(end))
            }
            Some(_) => {
                let bare = text[open..end]
                    .iter()
                    .take_while(|byte| !byte.is_ascii_whitespace());
                let close = open + bare.count();
                (open..close, close)
            }
            None => (end..end, end),
        };
        found.push((name, value));
        at = next;
    }
    found
}

/// Where a tag ends: at the `>` outside of quotes, or with the text.
fn end_of_tag(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(step) = memchr::memchr3(b'>', b'"', b'\'', &text[at..]) {
        at += step;
        let byte = text[at];
        if byte == b'>' {
            return at;
        }
        // A quote counts only as the begin of a value: an apostrophe in `<!DOCTYPE` or a broken page is none.
        let opens = text[from..at].trim_ascii_end().last() == Some(&b'=');
        let close = opens
            .then(|| memchr::memchr(byte, &text[at + 1..]))
            .flatten();
        at += close.map_or(1, |step| step + 2);
    }
    text.len()
}

fn until(text: &[u8], start: usize, mark: &[u8]) -> (usize, usize) {
    let start = start.min(text.len());
    let end = super::find(&text[start..], mark).map_or(text.len(), |step| start + step);
    (start, end)
}

fn trimmed(text: &[u8], start: usize, end: usize) -> (usize, usize) {
    let piece = &text[start..end];
    let front = piece.len() - piece.trim_ascii_start().len();
    (start + front, start + front + piece.trim_ascii().len())
}

/// The name without its prefix.
fn local(name: &[u8]) -> String {
    let name = name.strip_suffix(b"/").unwrap_or(name);
    let from = memchr::memrchr(b':', name).map_or(0, |colon| colon + 1);
    String::from_utf8_lossy(&name[from..]).into_owned()
}
