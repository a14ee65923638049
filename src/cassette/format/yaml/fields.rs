//! Fields of an interaction out of the tree. What is wrong is told with the field and the shape, never with its text.

use std::{
    borrow::Cow,
    collections::HashSet,
    time::{Duration, SystemTime},
};

use base64::{
    Engine,
    alphabet::STANDARD,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use bytes::Bytes;

use super::{
    gather::Scribe,
    node::{Node, Scalar, Value},
};
use crate::{
    cassette::{Headers, Limits},
    time::Timestamp,
};

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cassette::format) struct Fault {
    pub(in crate::cassette::format) field: String,
    pub(in crate::cassette::format) message: String,
}

/// A part of an interaction, or what is wrong with it.
pub(in crate::cassette::format) type Part<T> = Result<T, Fault>;

impl Fault {
    pub(in crate::cassette::format) fn new(
        field: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }

    pub(in crate::cassette::format) fn expected(
        what: &str,
        got: Option<&Node>,
        field: impl Into<String>,
    ) -> Self {
        let mut message = format!(
            "expected {what}, got {}",
            got.map_or("nothing", Node::shape)
        );
        if let Some(node) = got.filter(|node| node.line > 0) {
            message.push_str(&format!(" in line {}", node.line));
        }
        Self::new(field, message)
    }
}

/// A map that has to be there.
pub(in crate::cassette::format) fn map<'n>(node: Option<&'n Node>, field: &str) -> Part<&'n Node> {
    match node {
        Some(found) if found.map().is_some() => Ok(found),
        other => Err(Fault::expected("a map", other, field)),
    }
}

/// A text that has to be there.
pub(in crate::cassette::format) fn text<'n>(
    node: Option<&'n Node>,
    field: &str,
) -> Part<Cow<'n, str>> {
    optional_text(node, field)?.ok_or_else(|| Fault::expected("text", node, field))
}

/// A text, or nothing.
pub(in crate::cassette::format) fn optional_text<'n>(
    node: Option<&'n Node>,
    field: &str,
) -> Part<Option<Cow<'n, str>>> {
    let Some(node) = node.filter(|node| !node.is_null()) else {
        return Ok(None);
    };
    match &node.value {
        Value::Scalar(Scalar::Binary, base64) => {
            let bytes = from_base64(base64, field)?;
            match String::from_utf8(bytes) {
                Ok(text) => Ok(Some(Cow::Owned(text))),
                Err(_) => Err(Fault::expected("text", Some(node), field)),
            }
        }
        Value::Scalar(_, text) => Ok(Some(Cow::Borrowed(text))),
        // A Ruby text with variables of its own.
        Value::Map(_) => match node.get("str") {
            Some(inner) if node.tag.is_some() && inner.map().is_none() => {
                optional_text(Some(inner), field)
            }
            _ => Err(Fault::expected("text", Some(node), field)),
        },
        Value::List(_) => Err(Fault::expected("text", Some(node), field)),
    }
}

/// Bytes of a scalar: of base64 where its tag says so, else of its text by `encode`.
pub(in crate::cassette::format) fn bytes(
    node: Option<&Node>,
    field: &str,
    encode: impl FnOnce(&str) -> Vec<u8>,
) -> Part<Vec<u8>> {
    match node.map(|node| &node.value) {
        Some(Value::Scalar(Scalar::Binary, base64)) => from_base64(base64, field),
        Some(Value::Map(_)) => match node.and_then(|node| node.get("str")) {
            Some(inner) if inner.map().is_none() => bytes(Some(inner), field, encode),
            _ => Err(Fault::expected("text", node, field)),
        },
        _ => Ok(optional_text(node, field)?.map_or_else(Vec::new, |text| encode(&text))),
    }
}

/// Base64, in lines or not, with or without its padding.
pub(in crate::cassette::format) fn from_base64(text: &str, field: &str) -> Part<Vec<u8>> {
    let packed: Vec<u8> = text
        .bytes()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    BASE64
        .decode(packed)
        .map_err(|_| Fault::new(field, "expected base64, got other text"))
}

/// A whole number.
pub(in crate::cassette::format) fn number(node: Option<&Node>, field: &str) -> Part<i64> {
    node.and_then(Node::scalar)
        .and_then(|text| text.trim().parse().ok())
        .ok_or_else(|| Fault::expected("a whole number", node, field))
}

/// A status of 100 to 999; `200 OK` counts.
pub(in crate::cassette::format) fn status(node: Option<&Node>, field: &str) -> Part<u16> {
    let digits = node
        .and_then(Node::scalar)
        .and_then(|text| text.split_whitespace().next())
        .ok_or_else(|| Fault::expected("a status", node, field))?;
    digits
        .parse()
        .ok()
        .filter(|status| (100..=999).contains(status))
        .ok_or_else(|| Fault::new(field, "expected a status of 100 to 999, got another text"))
}

/// How the text of a header becomes bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cassette::format) enum HeaderText {
    /// UTF-8.
    Utf8,
    /// ISO-8859-1 where it has all characters, as Python's `http.client` reads headers; else UTF-8.
    Latin1,
}

impl HeaderText {
    pub(in crate::cassette::format) fn bytes(self, text: &str) -> Vec<u8> {
        match self {
            Self::Latin1 if !text.is_ascii() => text
                .chars()
                .map(|letter| u8::try_from(letter).ok())
                .collect::<Option<Vec<u8>>>()
                .unwrap_or_else(|| text.as_bytes().to_vec()),
            Self::Utf8 | Self::Latin1 => text.as_bytes().to_vec(),
        }
    }
}

/// Headers: a map of names to a value or a list of values, a list of pairs, or a list of lines.
pub(in crate::cassette::format) fn headers(
    node: Option<&Node>,
    field: &str,
    as_text: HeaderText,
    scribe: &mut Scribe<'_>,
) -> Part<Headers> {
    let mut headers = Headers::default();
    let limits = scribe.limits();
    let Some(node) = node.filter(|node| !node.is_null()) else {
        return Ok(headers);
    };
    if let Some(pairs) = node.map() {
        let mut names = HashSet::new();
        for (key, value) in pairs {
            let name = bytes(Some(key), field, |text| text.as_bytes().to_vec())?;
            if !names.insert(name.clone()) {
                scribe.note(
                    field,
                    "expected a name once, got it again; all values are kept",
                );
            }
            values(&mut headers, name, value, field, as_text, scribe)?;
            bounded(&headers, limits, field)?;
        }
        return Ok(headers);
    }
    let Some(items) = node.list() else {
        return Err(Fault::expected("a map of headers", Some(node), field));
    };
    // A frozenset of Python is a call with one argument, the list.
    if let [
        Node {
            value: Value::List(inner),
            ..
        },
    ] = items
        && inner.first().is_some_and(|first| first.list().is_some())
    {
        return headers_of_list(inner, field, as_text, scribe);
    }
    headers_of_list(items, field, as_text, scribe)
}

fn headers_of_list(
    items: &[Node],
    field: &str,
    as_text: HeaderText,
    scribe: &mut Scribe<'_>,
) -> Part<Headers> {
    let mut headers = Headers::default();
    for item in items {
        if let Some([key, value]) = item.list() {
            let name = bytes(Some(key), field, |text| text.as_bytes().to_vec())?;
            values(&mut headers, name, value, field, as_text, scribe)?;
        } else {
            let line = text(Some(item), field)?;
            let Some((name, value)) = line.split_once(':') else {
                return Err(Fault::new(
                    field,
                    "expected a line `Name: value`, got other text",
                ));
            };
            headers.push(name.trim().as_bytes().to_vec(), as_text.bytes(value.trim()));
        }
        bounded(&headers, scribe.limits(), field)?;
    }
    Ok(headers)
}

fn values(
    headers: &mut Headers,
    name: Vec<u8>,
    value: &Node,
    field: &str,
    as_text: HeaderText,
    scribe: &mut Scribe<'_>,
) -> Part<()> {
    let name = Bytes::from(name);
    let mut push = |node: &Node| -> Part<()> {
        let value = bytes(Some(node), field, |text| as_text.bytes(text))?;
        headers.push(name.clone(), value);
        Ok(())
    };
    match value.list() {
        None => push(value),
        Some([]) => {
            scribe.note(
                field,
                "expected a value for each name, got a name without any",
            );
            Ok(())
        }
        Some(items) => items.iter().try_for_each(push),
    }
}

fn bounded(headers: &Headers, limits: &Limits, field: &str) -> Part<()> {
    if headers.len() > limits.headers {
        return Err(Fault::new(
            field,
            format!("expected at most {} headers, got more", limits.headers),
        ));
    }
    Ok(())
}

/// `HTTP/1.1`, however the file says it.
pub(in crate::cassette::format) fn version(
    node: Option<&Node>,
    field: &str,
) -> Part<Option<String>> {
    Ok(optional_text(node, field)?.map(|text| {
        if text.starts_with(|first: char| first.is_ascii_digit()) {
            format!("HTTP/{text}")
        } else {
            text.into_owned()
        }
    }))
}

/// A moment: the date of HTTP, or ISO 8601, which is UTC where no zone is given.
pub(in crate::cassette::format) fn moment(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    if let Ok(moment) = Timestamp::parse_http_date(text) {
        return at(moment.unix_seconds(), 0);
    }
    // As Ruby and R print times: `2018-04-03 03:22:44 GMT`, `… +0000`, `… UTC`.
    let iso = text
        .trim_end_matches(" UTC")
        .trim_end_matches(" GMT")
        .replacen(' ', "T", 1)
        .replace(" +", "+")
        .replace(" -", "-");
    let moment = iso
        .parse::<jiff::Timestamp>()
        .or_else(|_| format!("{iso}Z").parse())
        .or_else(|_| colon_less(&iso).parse())
        .ok()?;
    at(
        moment.as_second(),
        u32::try_from(moment.subsec_nanosecond()).unwrap_or_default(),
    )
}

/// `…+0000` as `…+00:00`.
fn colon_less(iso: &str) -> String {
    match iso.len().checked_sub(2) {
        Some(at) if iso.is_char_boundary(at) => format!("{}:{}", &iso[..at], &iso[at..]),
        _ => iso.to_owned(),
    }
}

fn at(seconds: i64, nanoseconds: u32) -> Option<SystemTime> {
    let whole = Duration::from_secs(seconds.unsigned_abs());
    let moment = if seconds < 0 {
        SystemTime::UNIX_EPOCH.checked_sub(whole)?
    } else {
        SystemTime::UNIX_EPOCH.checked_add(whole)?
    };
    moment.checked_add(Duration::from_nanos(u64::from(nanoseconds)))
}

/// Strict in its letters, not in its padding and its last bits: recorders differ.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);
