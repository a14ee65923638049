//! What the body of a refusal says, in whatever form the server chose, made safe to show.
//!
//! ```text
//! <errors>…   Errors                         {"error":…}   Errors and message
//! <HTML>…     text of <TITLE>, else <H1>     other text    itself
//! ```
//!
//! [`shown`] stands between all of that and anybody's screen: servers echo tokens
//! (legacy-protocol.md 1.5), and bodies may hold terminal sequences.

use std::borrow::Cow;

use quick_xml::escape::unescape;
use serde_json::Value;

use crate::gdata::error_document::{ErrorEntry, Errors, Location};

/// The most characters of a body that are shown.
pub(super) const MAX_SHOWN: usize = 200;

/// The most bytes of an entity: `&#x10FFFF;` has ten. Without a bound, a body of `&` alone would be searched
/// to its end for each of them.
const MAX_ENTITY: usize = 12;

/// The most bytes of a body that are looked at.
const MAX_READ: usize = Errors::MAX_BYTES;

/// What a body says, not yet safe to show.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) message: String,
    pub(super) errors: Errors,
}

impl Said {
    /// Reads a body. The content type is not asked: it is wrong too often.
    pub(super) fn of(body: &[u8]) -> Self {
        let body = body.get(..MAX_READ).unwrap_or(body);
        if let Ok(errors) = Errors::parse(body) {
            let message = errors.entries().first().map(summary).unwrap_or_default();
            return Self { message, errors };
        }
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        if let Some(said) = Self::of_json(text) {
            return said;
        }
        let message = ["title", "h1"]
            .iter()
            .find_map(|tag| inside(text, tag))
            .unwrap_or_else(|| match text.starts_with('<') {
                true => without_tags(text),
                false => text.to_owned(),
            });
        Self {
            message,
            errors: Errors::default(),
        }
    }

    /// `{"error":{"message","errors":[…]}}`, or `{"error":"code","error_description":…}`.
    fn of_json(text: &str) -> Option<Self> {
        if !text.starts_with('{') {
            return None;
        }
        let reply: Value = serde_json::from_str(text).ok()?;
        let error = reply.get("error")?;
        if let Some(code) = error.as_str() {
            let described = reply.get("error_description").and_then(Value::as_str);
            return Some(Self {
                message: described.unwrap_or(code).to_owned(),
                errors: Errors::new([ErrorEntry::new("", code)]),
            });
        }
        let entries = error.get("errors").and_then(Value::as_array);
        let errors = Errors::new(entries.into_iter().flatten().map(entry_of_json));
        let message = string(error, "message")
            .or_else(|| errors.entries().first().map(summary))
            .unwrap_or_default();
        Some(Self { message, errors })
    }
}

/// One of the errors that JSON replies list: the reason is the code.
fn entry_of_json(value: &Value) -> ErrorEntry {
    let location = string(value, "location").map(|location| {
        let kind = string(value, "locationType").unwrap_or_default();
        Location::new(&kind, location)
    });
    ErrorEntry {
        domain: string(value, "domain"),
        code: string(value, "reason"),
        internal_reason: string(value, "message"),
        extended_help: string(value, "extendedHelp"),
        location,
        ..ErrorEntry::default()
    }
}

fn string(value: &Value, name: &str) -> Option<String> {
    value.get(name).and_then(Value::as_str).map(str::to_owned)
}

/// `yt:validation too_long (media:title): reason`, of which anything may be missing.
fn summary(entry: &ErrorEntry) -> String {
    let words = [&entry.domain, &entry.code, &entry.kind];
    let mut text = words
        .into_iter()
        .filter_map(Option::as_deref)
        .collect::<Vec<_>>()
        .join(" ");
    if let Some(location) = &entry.location {
        text = format!("{text} ({})", location.as_str());
    }
    if let Some(reason) = entry.internal_reason.as_ref().or(entry.reason.as_ref()) {
        text = format!("{text}: {reason}");
    }
    text.trim_start_matches([' ', ':']).to_owned()
}

/// The text of the first element `tag` of an HTML page, unless it is empty.
fn inside(page: &str, tag: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let open = lower
        .match_indices(&format!("<{tag}"))
        .find(|(at, found)| {
            let next = lower.as_bytes().get(at + found.len());
            next.is_some_and(|byte| *byte == b'>' || byte.is_ascii_whitespace())
        })?;
    let from = open.0 + lower[open.0..].find('>')? + 1;
    let length = lower[from..]
        .find(&format!("</{tag}"))
        .unwrap_or(page.len() - from);
    Some(without_tags(&page[from..from + length])).filter(|text| !text.trim().is_empty())
}

/// The text of a piece of HTML, entities decoded.
fn without_tags(page: &str) -> String {
    let mut text = String::new();
    for (at, piece) in page.split('<').enumerate() {
        match piece.split_once('>') {
            Some((_, behind)) if at > 0 => {
                text.push(' ');
                text.push_str(behind);
            }
            _ if at > 0 => {}
            _ => text.push_str(piece),
        }
    }
    decoded(&text)
}

/// Entities that XML shares with HTML, and numbered ones; others stay as they are.
fn decoded(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, entity) = rest.split_at(at);
        out.push_str(before);
        let near = entity.bytes().take(MAX_ENTITY);
        let end = near
            .zip(1..)
            .find(|(byte, _)| *byte == b';')
            .map_or(1, |(_, end)| end);
        let known = unescape(&entity[..end]).ok().filter(|_| end > 1);
        let end = if known.is_some() { end } else { 1 };
        out.push_str(&known.unwrap_or(Cow::Borrowed("&")));
        rest = &entity[end..];
    }
    out.push_str(rest);
    out
}

/// One line of at most [`MAX_SHOWN`] characters without control characters, and without what looks like a
/// token but for its beginning.
pub(crate) fn shown(text: &str) -> String {
    let visible: String = text
        .chars()
        .take(MAX_MASKED)
        .map(|c| {
            if c.is_control() || is_invisible(c) {
                ' '
            } else {
                c
            }
        })
        .collect();
    let line = visible.split_whitespace().collect::<Vec<_>>().join(" ");
    let masked = masked(&line);
    match masked.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &masked[..end]),
        None => masked,
    }
}

/// How many characters are looked at for tokens: what is cut off afterwards cannot leave half of one.
const MAX_MASKED: usize = 8 * MAX_SHOWN;

/// Characters that reorder or hide others.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn masked(line: &str) -> String {
    let lower = line.to_ascii_lowercase();
    let mut out = String::new();
    let mut from = 0;
    loop {
        let echoes = ECHOES.iter().filter_map(|echo| {
            let start = from + lower[from..].find(echo.before)? + echo.before.len();
            Some((start, echo))
        });
        let Some((start, echo)) = echoes.min_by_key(|(start, _)| *start) else {
            return out + &masked_words(&line[from..]);
        };
        out.push_str(&masked_words(&line[from..start]));
        let quoted = &line[start..];
        let echoed = quoted.trim_start_matches(['"', '\'']);
        out.push_str(&quoted[..quoted.len() - echoed.len()]);
        let delimiters: &[char] = if echo.to_end {
            &[]
        } else {
            &[' ', '"', '\'', '&', ',', ';', '<']
        };
        let end = echoed.find(delimiters).unwrap_or(echoed.len());
        let token = &echoed[..end];
        match token.len() >= echo.least {
            true => out.push_str(&stub(token)),
            false => out.push_str(token),
        }
        from = line.len() - echoed.len() + end;
    }
}

/// What stands before a token that a server echoes.
struct Echo {
    before: &'static str,
    /// Whether the token goes to the end of the line.
    to_end: bool,
    /// From how many bytes on it is one.
    least: usize,
}

const ECHOES: &[Echo] = &[
    Echo {
        before: "cannot parse authsub token: ",
        to_end: true,
        least: 1,
    },
    Echo {
        before: "token=",
        to_end: false,
        least: 1,
    },
    Echo {
        before: "auth=",
        to_end: false,
        least: 1,
    },
    Echo {
        before: "key=",
        to_end: false,
        least: 1,
    },
    Echo {
        before: "bearer ",
        to_end: false,
        least: 12,
    },
    // What Google's tokens, codes and secrets begin with, however short the rest is (oauth2.md 3.7).
    Echo {
        before: "ya29.",
        to_end: false,
        least: 1,
    },
    Echo {
        before: "1//",
        to_end: false,
        least: 1,
    },
    Echo {
        before: "4/0a",
        to_end: false,
        least: 1,
    },
    Echo {
        before: "gocspx-",
        to_end: false,
        least: 1,
    },
];

/// Long runs of letters and digits are no words.
fn masked_words(line: &str) -> String {
    let part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let mut out = String::new();
    let mut rest = line;
    while !rest.is_empty() {
        let end = rest.find(|c| !part(c)).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(end);
        let mixed = word.bytes().any(|byte| byte.is_ascii_digit())
            && word.bytes().any(|byte| byte.is_ascii_alphabetic());
        match word.len() >= 32 || (word.len() >= 16 && mixed) {
            true => out.push_str(&stub(word)),
            false => out.push_str(word),
        }
        let gap = behind.find(part).unwrap_or(behind.len());
        out.push_str(&behind[..gap]);
        rest = &behind[gap..];
    }
    out
}

/// The beginning of a token: a quarter of it, four characters at most.
fn stub(token: &str) -> String {
    let length = (token.chars().count() / 4).min(4);
    let beginning: String = token.chars().take(length).collect();
    format!("{beginning}…")
}
