//! Bodies: which kind of document it is, and what is compared of it.

use std::borrow::Cow;

use super::{
    found::{Drift, Level},
    json,
    shape::{Kind, Shape},
    xml,
};
use crate::{
    cassette::{Limits, RecordedResponse},
    wire::query::Pairs,
};

pub(super) fn compare(recorded: &RecordedResponse, live: &RecordedResponse) -> Vec<Drift> {
    let limits = Limits::default();
    let plain = |answer: &RecordedResponse| -> Option<Vec<u8>> {
        let plain = answer.body.plain(&answer.headers, &limits).ok()?;
        Some(Cow::into_owned(plain))
    };
    if let Some(length) = recorded.body.truncated_from {
        let kept = recorded.body.bytes.len();
        let message =
            format!("expected a whole recording, got {kept} of {length} bytes: not compared");
        return vec![Drift::new(Level::Notable, "body", message)];
    }
    let (Some(before), Some(now)) = (plain(recorded), plain(live)) else {
        let message = "expected gzip, deflate or no coding, got another: not compared";
        return vec![Drift::new(Level::Notable, "body", message)];
    };
    match (before.is_empty(), now.is_empty()) {
        (true, true) => return Vec::new(),
        (false, true) => {
            return vec![Drift::new(
                Level::Breaking,
                "body",
                "expected one, got none",
            )];
        }
        (true, false) => {
            return vec![Drift::new(Level::Notable, "body", "expected none, got one")];
        }
        (false, false) => {}
    }
    let Some(document) = Document::of(recorded, &before) else {
        return Vec::new();
    };
    // A recording that is not what it says it is sets no example.
    let Some(shape) = document.shape(&before, &limits) else {
        return Vec::new();
    };
    match document.shape(&now, &limits) {
        Some(live) => live.drifts_from(&shape),
        None => {
            let message = format!("expected {}, got something else", document.name());
            vec![Drift::new(Level::Breaking, "body", message)]
        }
    }
}

/// What is looked into. Of HTML and everything else it only counts that it is there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Document {
    Json,
    Xml,
    Form,
    Lines,
}

impl Document {
    fn of(answer: &RecordedResponse, bytes: &[u8]) -> Option<Self> {
        let media = answer.headers.media_type().unwrap_or_default();
        let (kind, subtype) = media.split_once('/').unwrap_or_default();
        let (base, suffix) = subtype.rsplit_once('+').unwrap_or((subtype, subtype));
        match (kind, base, suffix) {
            (_, "xhtml", _) | (_, "html", _) => None,
            (_, _, "json") => Some(Self::Json),
            (_, _, "xml") => Some(Self::Xml),
            (_, "x-www-form-urlencoded", _) => Some(Self::Form),
            // Tokens of AuthSub and ClientLogin are lines, those of OAuth 1.0 a form, all as plain text.
            ("text", "plain", _) | ("", _, _) => {
                let text = std::str::from_utf8(bytes).ok()?.trim_end();
                let one_line = !text.contains('\n');
                if one_line && text.contains('&') {
                    Some(Self::Form)
                } else {
                    Some(Self::Lines)
                }
            }
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Xml => "XML",
            Self::Form => "a form",
            Self::Lines => "lines of Name=value",
        }
    }

    fn shape(self, bytes: &[u8], limits: &Limits) -> Option<Shape> {
        match self {
            Self::Json => json::shape(bytes),
            Self::Xml => xml::shape(bytes, limits),
            Self::Form => {
                let text = std::str::from_utf8(bytes).ok()?.trim_end();
                let pairs = Pairs::parse(text).ok()?;
                let mut shape = Shape::default();
                for (name, value) in pairs.iter() {
                    key(name, value, &mut shape)?;
                }
                Some(shape)
            }
            Self::Lines => {
                let text = std::str::from_utf8(bytes).ok()?;
                let mut shape = Shape::default();
                for line in text.lines().filter(|line| !line.trim().is_empty()) {
                    let (name, value) = line.split_once('=')?;
                    key(name, value, &mut shape)?;
                }
                Some(shape)
            }
        }
    }
}

/// One key; `None` for what is no name of a field.
fn key(name: &str, value: &str, shape: &mut Shape) -> Option<()> {
    let plain = |at: char| at.is_ascii_alphanumeric() || "_-.:".contains(at);
    if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
        return None;
    }
    let looks = format!("a text of {}", value.chars().count());
    shape.see("", name, Kind::Text, &looks);
    Some(())
}
