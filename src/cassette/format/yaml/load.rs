//! Bytes into the tree: YAML by the events of saphyr-parser, JSON by serde_json.

use std::borrow::Cow;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::{
    build::{Builder, Halt},
    json,
    node::{Node, Scalar, Value},
};
use crate::cassette::Limits;

/// A document as far as it could be read.
#[derive(Debug)]
pub(in crate::cassette::format) struct Document {
    pub(in crate::cassette::format) root: Node,
    /// Why the rest could not be read.
    pub(in crate::cassette::format) torn: Option<String>,
    /// Whether further documents stand behind the first; they are not read.
    pub(in crate::cassette::format) more: bool,
    /// Names of tags that are neither text nor bytes.
    pub(in crate::cassette::format) tags: Vec<String>,
}

impl Document {
    /// Says that the bytes of the document were cut short, and why.
    pub(in crate::cassette::format) fn tear(&mut self, how: &str) {
        // What they cut short may look whole: block collections end where their text ends.
        mark_torn(&mut self.root);
        self.torn = Some(how.to_owned());
    }
}

/// Reads the first document.
pub(in crate::cassette::format) fn load(bytes: &[u8], limits: &Limits) -> Document {
    document(bytes, limits, false)
}

/// Reads as much as tells the format.
pub(super) fn glimpse(bytes: &[u8], limits: &Limits) -> Document {
    document(bytes, limits, true)
}

fn document(bytes: &[u8], limits: &Limits, glimpse: bool) -> Document {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let (text, cut) = match std::str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(cause) => {
            let good = &bytes[..cause.valid_up_to()];
            let line = 1 + memchr::memchr_iter(b'\n', good).count();
            let cut = format!("expected UTF-8, got other bytes in line {line}");
            // The prefix is text as far as `from_utf8` says.
            (std::str::from_utf8(good).unwrap_or_default(), Some(cut))
        }
    };
    let mut read = if text.trim_start().starts_with(['{', '[']) {
        let as_json = feed(text, limits, glimpse, |text, builder| {
            json::feed(text, builder).map(|()| false)
        });
        match as_json {
            // A flow collection of YAML begins like JSON.
            Document { torn: Some(_), .. } => {
                let as_yaml = feed(text, limits, glimpse, yaml);
                if as_yaml.torn.is_none() {
                    as_yaml
                } else {
                    as_json
                }
            }
            whole => whole,
        }
    } else {
        feed(text, limits, glimpse, yaml)
    };
    if let Some(how) = cut {
        read.tear(&how);
    }
    read
}

type Feed = fn(&str, &mut Builder) -> Result<bool, Halt>;

fn feed(text: &str, limits: &Limits, glimpse: bool, feed: Feed) -> Document {
    let mut builder = Builder::new(limits, text.len(), glimpse);
    let fed = feed(text, &mut builder);
    let (root, tags) = builder.finish();
    Document {
        root: root.unwrap_or_default(),
        more: fed == Ok(true),
        torn: match fed {
            Ok(_) | Err(Halt::Seen) => None,
            Err(Halt::Broken(how)) => Some(how),
        },
        tags,
    }
}

/// Feeds the first document; whether there are more.
fn yaml(text: &str, builder: &mut Builder) -> Result<bool, Halt> {
    let text = indented(text);
    let mut parser = Parser::new_from_str(&text);
    let mut documents = 0;
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|cause| {
            let place = cause.marker();
            Halt::Broken(format!(
                "expected YAML, got in line {}, column {}: {}",
                place.line(),
                place.col() + 1,
                cause.info()
            ))
        })?;
        let line = span.start.line();
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let (kind, tag) = kind(style, tag);
                builder.scalar(kind, text.into_owned(), tag, line, anchor)?;
            }
            Event::SequenceStart(anchor, tag) => {
                builder.start(Value::List(Vec::new()), foreign(tag), line, anchor)?;
            }
            Event::MappingStart(anchor, tag) => {
                builder.start(Value::Map(Vec::new()), foreign(tag), line, anchor)?;
            }
            Event::SequenceEnd | Event::MappingEnd => builder.end()?,
            Event::Alias(anchor) => builder.alias(anchor, line)?,
            Event::DocumentStart(_) if documents > 0 => return Ok(true),
            Event::DocumentStart(_) => documents += 1,
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
        }
    }
    Ok(false)
}

/// Text in quotes that ends with a line break ends, as libyaml printed it until 2018, with the quote alone at the
/// start of a line. libyaml reads that, YAML itself forbids it; spaces there are no part of the text.
fn indented(text: &str) -> Cow<'_, str> {
    let mut fitted = String::new();
    let mut copied = 0;
    for end in memchr::memchr_iter(b'\n', text.as_bytes()) {
        let line = &text.as_bytes()[end + 1..];
        if let [b'\'' | b'"'] | [b'\'' | b'"', b'\n' | b'\r', ..] = line {
            fitted.push_str(&text[copied..=end]);
            fitted.push_str(INDENT);
            copied = end + 1;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    fitted.push_str(&text[copied..]);
    Cow::Owned(fitted)
}

/// Deeper than a value of a cassette stands.
const INDENT: &str = "                                ";

/// `! 'text'` and `!str` are text, `!binary` and `!!binary` are bytes; other tags are kept as names.
fn kind(style: ScalarStyle, tag: Option<Cow<'_, Tag>>) -> (Scalar, Option<String>) {
    let styled = match style {
        ScalarStyle::Plain => Scalar::Plain,
        _ => Scalar::Text,
    };
    match tag.map(|tag| name(&tag)).as_deref() {
        None => (styled, None),
        Some("!" | "!str" | "!!str" | "!!python/unicode" | "!!python/str") => (Scalar::Text, None),
        Some("!binary" | "!!binary" | "!!python/bytes") => (Scalar::Binary, None),
        Some("!!null" | "!!int" | "!!float" | "!!bool" | "!!timestamp") => (Scalar::Plain, None),
        Some(other) => (styled, Some(other.to_owned())),
    }
}

fn foreign(tag: Option<Cow<'_, Tag>>) -> Option<String> {
    tag.map(|tag| name(&tag))
        .filter(|name| !matches!(name.as_str(), "!" | "!!map" | "!!seq" | "!map" | "!seq"))
}

fn name(tag: &Tag) -> String {
    const CORE: &str = "tag:yaml.org,2002:";
    let whole = format!("{}{}", tag.handle, tag.suffix);
    match whole.strip_prefix(CORE) {
        Some(name) => format!("!!{name}"),
        None => whole,
    }
}

/// Marks the last value of each level.
fn mark_torn(node: &mut Node) {
    let mut last = Some(node);
    while let Some(node) = last {
        node.torn = true;
        last = match &mut node.value {
            Value::Scalar(..) => None,
            Value::List(items) => items.last_mut(),
            Value::Map(pairs) => pairs.last_mut().map(|(_, value)| value),
        };
    }
}
