//! What a body says: a form by its pairs, JSON and XML by value, several parts one by one, all else by its bytes.

use std::{borrow::Cow, fmt::Write as _};

use bytes::Bytes;
use serde_json::{Number, Value};
use sha2::{Digest, Sha256};

use super::{
    facet::{FacetRole, Sink},
    fields,
    read::{Out, pairs},
    view::View,
};
use crate::{
    cassette::SecretKind,
    gdata::{self, Element, upload::Multipart},
};

/// A body by its kind.
pub(super) enum BodyForm<'b> {
    None,
    Form(Cow<'b, str>),
    Json(Value),
    Xml(&'b [u8]),
    Parts(Multipart),
    Bytes(&'b [u8]),
}

impl<'b> BodyForm<'b> {
    pub(super) fn of(view: &'b View<'_>) -> Self {
        let kind = view.known.content_type.map(String::from_utf8_lossy);
        Self::told(kind.as_deref(), &view.body)
    }

    /// By the content type; without one, by what it looks like, because some recorders keep no headers.
    fn told(kind: Option<&str>, body: &'b [u8]) -> Self {
        if body.is_empty() {
            return Self::None;
        }
        let essence = kind.and_then(|kind| kind.split(';').next()).unwrap_or("");
        let essence = essence.trim().to_ascii_lowercase();
        let begins = body.trim_ascii_start().first();
        let form = match essence.as_str() {
            "application/x-www-form-urlencoded" => Self::form(body),
            "" if looks_like_a_form(body) => Self::form(body),
            "" if matches!(begins, Some(b'{' | b'[')) => Self::json(body),
            "" if begins == Some(&b'<') => Some(Self::Xml(body)),
            kind if kind.ends_with("/json") || kind.ends_with("+json") => Self::json(body),
            kind if kind.ends_with("/xml") || kind.ends_with("+xml") => Some(Self::Xml(body)),
            several if several.starts_with("multipart/") => {
                let kind = kind.unwrap_or_default().trim();
                // Every kind of several parts is cut at its boundary the same way (RFC 2046, 5.1.1).
                let cut = kind.split_once(';').map(|(_, rest)| {
                    Multipart::parse(
                        &format!("multipart/related;{rest}"),
                        &Bytes::copy_from_slice(body),
                    )
                });
                cut.and_then(Result::ok).map(Self::Parts)
            }
            _ => None,
        };
        form.unwrap_or(Self::Bytes(body))
    }

    fn form(body: &'b [u8]) -> Option<Self> {
        std::str::from_utf8(body)
            .ok()
            .map(|text| Self::Form(Cow::Borrowed(text.trim())))
    }

    fn json(body: &[u8]) -> Option<Self> {
        serde_json::from_slice(body).ok().map(Self::Json)
    }
}

fn looks_like_a_form(body: &[u8]) -> bool {
    let plain = |byte: &u8| byte.is_ascii_graphic() && !b"{}<>\"".contains(byte);
    body.contains(&b'=') && body.trim_ascii().iter().all(plain)
}

/// Hands out what a body says; the pairs of a form are handed out elsewhere, but for those of a part.
pub(super) fn put<S: Sink>(prefix: &str, body: &BodyForm<'_>, out: &mut Out<'_, S>) {
    match body {
        BodyForm::None => {}
        BodyForm::Form(_) if prefix.is_empty() => {}
        BodyForm::Form(text) => match pairs(text) {
            Some(pairs) => {
                let place = format!("{prefix}form");
                for (name, value) in &pairs {
                    super::read::put(fields::parameter(name), &place, name, value, out);
                }
            }
            None => bytes(prefix, text.as_bytes(), out),
        },
        BodyForm::Json(value) => {
            let mut leaves = Leaves::default();
            leaves.json("", "", value);
            match leaves.full {
                true => bytes(prefix, value.to_string().as_bytes(), out),
                false => leaves.put(&format!("{prefix}json"), out),
            }
        }
        BodyForm::Xml(document) => match gdata::read_xml("body", document) {
            Ok(root) => {
                let mut leaves = Leaves::default();
                leaves.xml("", None, &root);
                match leaves.full {
                    true => bytes(prefix, document, out),
                    false => leaves.put(&format!("{prefix}xml"), out),
                }
            }
            Err(_) => bytes(prefix, document, out),
        },
        BodyForm::Parts(parts) => {
            for (at, part) in parts.parts().iter().enumerate() {
                let place = format!("part {}", at + 1);
                if let Some(name) = part.name() {
                    out.compared(&place, "name", name);
                }
                if let Some(name) = part.file_name() {
                    out.compared(&place, "file name", name);
                }
                let kind = part.content_type();
                let essence = kind.split(';').next();
                out.compared(&place, "type", essence.unwrap_or_default().trim());
                let inner = BodyForm::told(Some(kind), part.body());
                put(&format!("{place} "), &inner, out);
            }
        }
        BodyForm::Bytes(body) => bytes(prefix, body, out),
    }
}

/// Text as it is; other bytes by a digest, which an explanation can show.
fn bytes<S: Sink>(prefix: &str, body: &[u8], out: &mut Out<'_, S>) {
    let place = format!("{prefix}body");
    match std::str::from_utf8(body) {
        Ok(text) => out.compared(&place, "", text),
        Err(_) => {
            let mut digest = format!("{} bytes, sha256 ", body.len());
            for byte in Sha256::digest(body) {
                let _infallible = write!(digest, "{byte:02x}");
            }
            out.compared(&place, "", &digest);
        }
    }
}

/// The leaves of a document, each with its path.
#[derive(Default)]
struct Leaves {
    found: Vec<(FacetRole, String, String)>,
    full: bool,
}

impl Leaves {
    fn add(&mut self, role: FacetRole, path: String, value: String) {
        self.full |= self.found.len() == MAX_LEAVES;
        if !self.full {
            self.found.push((role, path, value));
        }
    }

    /// Members sorted by name; numbers by what they are worth.
    fn json(&mut self, path: &str, member: &str, value: &Value) {
        match value {
            Value::Object(members) if !members.is_empty() => {
                let mut members: Vec<_> = members.iter().collect();
                members.sort_by_key(|(name, _)| *name);
                for (name, value) in members {
                    let escaped = name.replace('~', "~0").replace('/', "~1");
                    self.json(&format!("{path}/{escaped}"), name, value);
                }
            }
            Value::Array(items) if !items.is_empty() => {
                for (at, value) in items.iter().enumerate() {
                    self.json(&format!("{path}/{at}"), member, value);
                }
            }
            leaf => {
                let text = match leaf {
                    Value::String(text) => text.clone(),
                    Value::Number(number) => worth(number),
                    other => other.to_string(),
                };
                // Texts and other values of one spelling differ: `1` is not `"1"`.
                let path = match leaf {
                    Value::String(_) => path.to_owned(),
                    _ => format!("{path}="),
                };
                self.add(fields::member(member), path, text);
            }
        }
    }

    /// Attributes sorted, blanks between elements passed over, namespaces by what they are.
    fn xml(&mut self, path: &str, parent: Option<&str>, element: &Element<'_>) {
        let namespace = element.namespace();
        let name = match namespace {
            Some(namespace) if Some(namespace) != parent => {
                format!("{path}/{{{namespace}}}{}", element.name())
            }
            _ => format!("{path}/{}", element.name()),
        };
        let mut attributes: Vec<_> = element.attributes().collect();
        attributes.sort_by_key(|attribute| (attribute.namespace(), attribute.name()));
        for attribute in attributes {
            let own = match attribute.namespace() {
                Some(namespace) => format!("{{{namespace}}}"),
                None => String::new(),
            };
            let path = format!("{name}/@{own}{}", attribute.name());
            self.add(FacetRole::Compared, path, attribute.value().to_owned());
        }
        let mut text = element.text().trim().to_owned();
        for child in element.children() {
            let tail = child.tail().trim();
            if !tail.is_empty() {
                text.push(' ');
                text.push_str(tail);
            }
        }
        // The token of a browser-based upload (KNOWN).
        let role = match element.name() {
            "token" => FacetRole::Secret(SecretKind::Other),
            _ => FacetRole::Compared,
        };
        self.add(role, name.clone(), text);
        for (at, child) in element.children().enumerate() {
            if self.full {
                return;
            }
            let same = |other: &&Element<'_>| {
                other.name() == child.name() && other.namespace() == child.namespace()
            };
            let before = element.children().take(at).filter(same).count();
            let inner = match before {
                0 => name.clone(),
                earlier => format!("{name}[{}]", earlier + 1),
            };
            self.xml(&inner, namespace, child);
        }
    }

    fn put<S: Sink>(self, place: &str, out: &mut Out<'_, S>) {
        for (role, path, value) in self.found {
            out.put(role, place, &path, &value);
        }
    }
}

/// A number in one spelling: `1`, `1.0` and `1e0` are the same.
fn worth(number: &Number) -> String {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < EXACT => {
            format!("{float:.0}")
        }
        _ => number.to_string(),
    }
}

/// A document with more leaves is compared as a whole.
const MAX_LEAVES: usize = 4_096;
