//! An answer as a list of fields: XML by the path of its elements, JSON by its pointer (RFC 6901).
//!
//! ```text
//! /feed/entry[2]/link[1]@href     local names; a number where there are several of a name; @ before an attribute
//! /items/0/snippet/title
//! ```

use bytes::Bytes;
use http::{Response, header::CONTENT_TYPE};
use serde_json::Value;

use crate::gdata::Element;

/// A field's path and its value.
pub(super) type Field = (String, String);

/// The body of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Body {
    Xml(Vec<Field>),
    Json(Vec<Field>),
    /// Text, pictures, damaged documents: the whole counts.
    Other(Bytes),
}

/// The most fields of a document; what is beyond counts as one text.
const MAX_FIELDS: usize = 200_000;
/// The most bytes that are taken apart.
const MAX_BYTES: usize = Element::MAX_BYTES;

impl Body {
    pub(super) fn of(answer: &Response<Bytes>) -> Self {
        let body = answer.body();
        let kind = answer.headers().get(CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let other = || Self::Other(body.clone());
        if body.is_empty() || body.len() > MAX_BYTES {
            return other();
        }
        let first = body.trim_ascii_start().first();
        let mut fields = Vec::new();
        if kind.contains("json") || matches!(first, Some(b'{' | b'[')) {
            let Ok(value) = serde_json::from_slice::<Value>(body) else {
                return other();
            };
            walk_json(&value, &mut String::new(), &mut fields);
            return if fields.len() < MAX_FIELDS {
                Self::Json(fields)
            } else {
                other()
            };
        }
        if kind.contains("xml") || first == Some(&b'<') {
            let Ok(root) = Element::parse(body) else {
                return other();
            };
            walk_xml(&root, &format!("/{}", root.name()), &mut fields);
            return if fields.len() < MAX_FIELDS {
                Self::Xml(fields)
            } else {
                other()
            };
        }
        other()
    }

    pub(super) fn fields(&self) -> &[Field] {
        match self {
            Self::Xml(fields) | Self::Json(fields) => fields,
            Self::Other(_) => &[],
        }
    }

    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Xml(_) => "XML",
            Self::Json(_) => "JSON",
            Self::Other(_) => "other",
        }
    }
}

fn walk_json(value: &Value, at: &mut String, fields: &mut Vec<Field>) {
    if fields.len() >= MAX_FIELDS {
        return;
    }
    let length = at.len();
    match value {
        Value::Object(members) if !members.is_empty() => {
            for (name, member) in members {
                at.push('/');
                at.push_str(&name.replace('~', "~0").replace('/', "~1"));
                walk_json(member, at, fields);
                at.truncate(length);
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (number, item) in items.iter().enumerate() {
                at.push_str(&format!("/{number}"));
                walk_json(item, at, fields);
                at.truncate(length);
            }
        }
        Value::String(text) => fields.push((at.clone(), text.clone())),
        other => fields.push((at.clone(), other.to_string())),
    }
}

fn walk_xml(element: &Element<'_>, at: &str, fields: &mut Vec<Field>) {
    if fields.len() >= MAX_FIELDS {
        return;
    }
    for attribute in element.attributes() {
        fields.push((
            format!("{at}@{}", attribute.name()),
            attribute.value().to_owned(),
        ));
    }
    let own = element.text().trim();
    let empty = element.children().next().is_none() && element.attributes().next().is_none();
    if !own.is_empty() || empty {
        fields.push((at.to_owned(), own.to_owned()));
    }
    let mut counts: std::collections::HashMap<&str, (usize, usize)> =
        std::collections::HashMap::new();
    for child in element.children() {
        counts.entry(child.name()).or_default().0 += 1;
    }
    for child in element.children() {
        let name = child.name();
        let path = match counts.get_mut(name) {
            Some((several, number)) if *several > 1 => {
                *number += 1;
                format!("{at}/{name}[{number}]")
            }
            _ => format!("{at}/{name}"),
        };
        walk_xml(child, &path, fields);
        let tail = child.tail().trim();
        if !tail.is_empty() {
            fields.push((format!("{at}/text()"), tail.to_owned()));
        }
    }
}

/// Whether a path is of a pattern: `*` stands for one step, or for the number of one, and a pattern without a slash
/// for any field of that name.
pub(super) fn is_like(path: &str, pattern: &str) -> bool {
    if !pattern.starts_with('/') {
        let last = path.rsplit(['/', '@']).next().unwrap_or(path);
        return without_number(last) == pattern;
    }
    let mut steps = path.split('/');
    let mut wanted = pattern.split('/');
    loop {
        match (steps.next(), wanted.next()) {
            (None, None) => return true,
            (Some(step), Some(wanted)) if fits(step, wanted) => {}
            _ => return false,
        }
    }
}

fn fits(step: &str, wanted: &str) -> bool {
    let (step, attribute) = step.split_once('@').unwrap_or((step, ""));
    let (wanted, wanted_attribute) = wanted.split_once('@').unwrap_or((wanted, ""));
    let same = step == wanted
        || wanted == "*"
        || wanted
            .strip_suffix("[*]")
            .is_some_and(|name| without_number(step) == name);
    same && attribute == wanted_attribute
}

fn without_number(step: &str) -> &str {
    step.split('[').next().unwrap_or(step)
}
