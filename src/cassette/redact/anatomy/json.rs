//! JSON, read from end to end with its places: also when it is torn, or more than one value.

use super::{Walk, named, shifted};
use crate::cassette::{
    Place,
    redact::{edit::Edit, fold::Fold},
};

/// An object or an array that is open.
struct Open {
    is_object: bool,
    /// The name under which values stand; an array's values have the array's.
    name: String,
    name_is_next: bool,
}

impl Walk<'_> {
    pub(super) fn json(&mut self, text: &[u8]) -> Vec<Edit> {
        let mut edits = Vec::new();
        let mut open: Vec<Open> = Vec::new();
        let mut at = 0;
        while at < text.len() {
            match text[at] {
                b'{' | b'[' if open.len() >= DEEPEST => {
                    let rest = self.loose(&text[at..]);
                    edits.extend(shifted(rest, at));
                    return edits;
                }
                bracket @ (b'{' | b'[') => {
                    let name = open
                        .last()
                        .map_or_else(String::new, |open| open.name.clone());
                    let is_object = bracket == b'{';
                    open.push(Open {
                        is_object,
                        name,
                        name_is_next: is_object,
                    });
                    at += 1;
                }
                b'}' | b']' => {
                    open.pop();
                    at += 1;
                }
                b',' => {
                    if let Some(open) = open.last_mut() {
                        open.name_is_next = open.is_object;
                    }
                    at += 1;
                }
                b'"' => {
                    let (start, end) = (at + 1, end_of_string(text, at + 1));
                    at = end + 1;
                    match open.last_mut() {
                        Some(open) if open.name_is_next => {
                            open.name = named(Fold::Backslash, &text[start..end]).into_owned();
                            open.name_is_next = false;
                            if end - start >= SUSPECT_NAME {
                                // Some maps have tokens for names.
                                let found = self.field(Place::Text, "", &text[start..end]);
                                edits.extend(shifted(found, start));
                            }
                        }
                        open => {
                            let name = open.map_or_else(String::new, |open| open.name.clone());
                            let (fold, place) = (Fold::Backslash, Place::Json);
                            self.folded(fold, place, &name, text, start..end, &mut edits);
                        }
                    }
                }
                byte if byte == b'-' || byte.is_ascii_digit() => {
                    let len = text[at..]
                        .iter()
                        .take_while(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
                        .count();
                    if let Some(open) = open.last()
                        && len >= SHORTEST_NUMBER
                    {
                        let name = open.name.clone();
                        let found = self.field(Place::Json, &name, &text[at..at + len]);
                        edits.extend(shifted(found, at));
                    }
                    at += len;
                }
                _ => at += 1,
            }
        }
        edits
    }
}

/// Where the string that begins at `from` ends: at its quote, or with the text.
fn end_of_string(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(step) = memchr::memchr2(b'"', b'\\', &text[at..]) {
        at += step;
        if text[at] == b'"' {
            return at;
        }
        at = (at + 2).min(text.len());
    }
    text.len()
}

const DEEPEST: usize = 256;
/// A number with fewer digits is no secret.
const SHORTEST_NUMBER: usize = 4;
/// Names from here on are looked at as if they were values.
const SUSPECT_NAME: usize = 16;
