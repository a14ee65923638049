//! Definitions of nock: an array of calls as `nock.recorder` gives them with `output_objects`.
//!
//! A body under a coding is an array of hexadecimal chunks of the wire; a body of JSON is that JSON, whose white
//! space is gone; any other is a text. The recorder also prints JavaScript: that is refused, because it would have
//! to be executed.
//!
//! Source: `lib/recorder.js` and `lib/scope.js` of nock 13 and 14; cassettes.md 3.4.

use bytes::Bytes;
use serde_json::Value;

use super::{
    Format, Reading, Source,
    json::{Fields, Lost, Outline, Report, Shape, hex, items},
};
use crate::{
    cassette::{Body, Headers, Interaction, RecordedRequest, RecordedResponse, coding},
    error::{Error, Kind},
};

const FORMAT: Format = Format::Nock;

const KNOWN: &[&str] = &[
    "scope",
    "method",
    "path",
    "body",
    "status",
    "response",
    "rawHeaders",
    "headers",
    "reqheaders",
    "responseIsBinary",
];

/// What stands between calls that are printed as JavaScript.
const CUT: &[u8] = b"<<<<<<-- cut here -->>>>>>";

pub(super) fn is(source: &Source<'_>) -> bool {
    let outline = Outline::of(&source.bytes);
    let is_list = outline.is_array
        && outline.has_as("scope", Shape::Text)
        && (outline.has("path") || outline.has("method"));
    is_list || is_script(&source.bytes)
}

pub(super) fn read(source: &Source<'_>) -> Result<Reading, Error> {
    if is_script(&source.bytes) {
        return Err(Error::new(
            Kind::Unsupported,
            format!(
                "{}: expected definitions of nock in JSON, got JavaScript, which is not executed; record with \
                 `nock.recorder.rec({{ output_objects: true }})`, or print `JSON.stringify(nock.recorder.play())`",
                source.name
            ),
        ));
    }
    items(
        source,
        FORMAT,
        Some(&[]),
        |value, index, report| call(value, index, source, report),
        |_, _, _, _| {},
    )
}

fn is_script(bytes: &[u8]) -> bool {
    let front = bytes.get(..4_096).unwrap_or(bytes).trim_ascii_start();
    front.starts_with(b"nock(") || memchr::memmem::find(front, CUT).is_some()
}

fn call(
    value: &Value,
    index: usize,
    source: &Source<'_>,
    report: &mut Report<'_>,
) -> Result<Interaction, Lost> {
    let fields = Fields::of(value, "")?;
    let scope = fields.need("scope", fields.text("scope")?)?;
    let path = fields.need("path", fields.text("path")?)?;
    let method = fields.text("method")?.unwrap_or("GET").to_ascii_uppercase();
    let mut request = RecordedRequest::new(method, target(scope, path));
    request.headers = headers(&fields, "reqheaders", source)?;
    let (bytes, _) = body(&fields, "body", false, &request.headers)?;
    request.body = Body::unknown(bytes);

    let status = fields.whole("status")?.unwrap_or(200);
    let status = u16::try_from(status)
        .ok()
        .filter(|status| (100..=999).contains(status));
    let status =
        status.ok_or_else(|| Lost::new("status", "expected 100 to 999, got another number"))?;
    let mut response = RecordedResponse::new(status);
    // Older recorders call them `headers`, and keep an object.
    let name = if fields.value("rawHeaders").is_some() {
        "rawHeaders"
    } else {
        "headers"
    };
    response.headers = headers(&fields, name, source)?;
    let is_binary = fields.bool("responseIsBinary")?.unwrap_or_default();
    let (bytes, is_wire) = body(&fields, "response", is_binary, &response.headers)?;
    response.body = if is_wire {
        Body::wire(bytes)
    } else {
        Body::unknown(bytes)
    };
    if response.body.is_decoded(&response.headers) {
        let message = "expected chunks of the coding that the headers tell, got a body without it";
        report.note(Some(index + 1), "response", message);
    }
    let mut interaction = Interaction::new(request, response);
    interaction.provenance.extra = fields
        .others(KNOWN)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Ok(interaction)
}

/// `https://www.example.com:443` and `/path`, without the port that goes without saying.
fn target(scope: &str, path: &str) -> String {
    let default = if scope.starts_with("https:") {
        ":443"
    } else {
        ":80"
    };
    let (origin, base) = match scope
        .find("://")
        .and_then(|at| scope[at + 3..].find('/').map(|slash| at + 3 + slash))
    {
        Some(slash) => scope.split_at(slash),
        None => (scope, ""),
    };
    let origin = origin.strip_suffix(default).unwrap_or(origin);
    let slash = if path.starts_with('/') || path.is_empty() {
        ""
    } else {
        "/"
    };
    format!("{origin}{}{slash}{path}", base.trim_end_matches('/'))
}

/// The bytes, and whether they are surely those of the wire.
fn body(
    fields: &Fields<'_>,
    name: &str,
    is_binary: bool,
    headers: &Headers,
) -> Result<(Bytes, bool), Lost> {
    let damaged = || {
        Lost::new(
            fields.at(name),
            "expected hexadecimal digits, got other text",
        )
    };
    let is_coded = !coding::told(headers).is_empty();
    match fields.value(name) {
        None => Ok((Bytes::new(), false)),
        Some(Value::String(text)) if is_binary => {
            let bytes = hex(text.as_bytes()).ok_or_else(damaged)?;
            Ok((bytes.into(), true))
        }
        Some(Value::String(text)) => Ok((Bytes::copy_from_slice(text.as_bytes()), false)),
        Some(Value::Array(chunks)) if is_coded || is_binary => {
            let mut bytes = Vec::new();
            for chunk in chunks {
                let Some(text) = chunk.as_str() else {
                    return Err(Lost::kind(
                        fields.at(name),
                        "chunks of hexadecimal digits",
                        chunk,
                    ));
                };
                bytes.extend(hex(text.as_bytes()).ok_or_else(damaged)?);
            }
            Ok((bytes.into(), true))
        }
        // JSON that was parsed when it was recorded.
        Some(value) => Ok((value.to_string().into(), false)),
    }
}

/// A list `[name, value, name, value]`, or an object of values or of lists of them.
fn headers(fields: &Fields<'_>, name: &str, source: &Source<'_>) -> Result<Headers, Lost> {
    let place = fields.at(name);
    let text = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Number(_) | Value::Bool(_) => Ok(value.to_string()),
        other => Err(Lost::kind(&*place, "a text for each header", other)),
    };
    let mut headers = Headers::default();
    match fields.value(name) {
        None => {}
        Some(Value::Array(listed)) => {
            let (pairs, rest) = listed.as_chunks::<2>();
            if !rest.is_empty() {
                return Err(Lost::new(
                    &*place,
                    "expected names and values in turn, got a name without a value",
                ));
            }
            for [name, value] in pairs {
                headers.push(text(name)?, text(value)?);
            }
        }
        Some(Value::Object(named)) => {
            for (name, value) in named {
                match value {
                    Value::Array(values) => {
                        for value in values {
                            headers.push(name.clone(), text(value)?);
                        }
                    }
                    one => headers.push(name.clone(), text(one)?),
                }
            }
        }
        Some(other) => return Err(Lost::kind(&*place, "an array or an object", other)),
    }
    if headers.len() > source.limits.headers {
        return Err(Lost::new(
            &*place,
            format!(
                "expected at most {} headers, got more",
                source.limits.headers
            ),
        ));
    }
    Ok(headers)
}
