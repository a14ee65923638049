//! Logs of go-replayers (`httpreplay`), with which Google records the tests of its Go clients.
//!
//! Bodies are base64. A multipart request is kept as its parts, without their headers and without a boundary: one
//! is made up again here. The recorder takes `Authorization`, `Content-Type` and `Host` out and puts `CLEARED` in
//! place of what it was told to clear; both are told as notes, once a file.
//!
//! Source: `httpreplay/internal/proxy/{log,converter}.go`, version 0.2; cassettes.md 3.4.

use bytes::Bytes;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{
    Format, Reading, Source,
    json::{Fields, Lost, Outline, Report, Shape, base64, items},
};
use crate::{
    cassette::{Body, Headers, Interaction, Outcome, RecordedRequest, RecordedResponse},
    error::Error,
};

const FORMAT: Format = Format::GoReplayers;

/// Lists of what was taken out or cleared.
const SCRUBBED: &[(&str, &str)] = &[
    ("ScrubBody", "parts of request bodies that match"),
    ("ClearHeaders", "the values of headers that match"),
    ("ClearParams", "the values of query parameters that match"),
    ("RemoveRequestHeaders", "request headers that match"),
    ("RemoveResponseHeaders", "response headers that match"),
    ("RemoveParams", "query parameters that match"),
];

/// What stands in place of what was cleared.
const CLEARED: &str = "CLEARED";

pub(super) fn is(source: &Source<'_>) -> bool {
    let outline = Outline::of(&source.bytes);
    let has_mark = ["Initial", "Version", "Converter"]
        .iter()
        .any(|name| outline.has(name));
    !outline.is_array && has_mark && outline.has_as("Entries", Shape::Array)
}

pub(super) fn read(source: &Source<'_>) -> Result<Reading, Error> {
    items(
        source,
        FORMAT,
        Some(&["Entries"]),
        |value, index, report| entry(value, index, source, report),
        |name, value, cassette, report| match name {
            "Version" => {
                let version = value.as_str().unwrap_or_default();
                cassette.recorded_with =
                    Some(format!("go-replayers {version}").trim_end().to_owned());
                if version != "0.2" {
                    report.note(
                        None,
                        "Version",
                        "expected 0.2, got another; it is read as 0.2",
                    );
                }
            }
            "Converter" => scrubbed(value, report),
            _ => {}
        },
    )
}

/// Tells what the recorder took out: a replay cannot ask for it.
fn scrubbed(converter: &Value, report: &mut Report<'_>) {
    for (name, what) in SCRUBBED {
        let patterns: Vec<&str> = converter
            .get(name)
            .and_then(Value::as_array)
            .map(|patterns| patterns.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        if !patterns.is_empty() {
            let message = format!(
                "expected all that was sent, got it without {what} {}",
                patterns.join(" ")
            );
            report.note(None, format!("Converter.{name}"), message);
        }
    }
}

fn entry(
    value: &Value,
    index: usize,
    source: &Source<'_>,
    report: &mut Report<'_>,
) -> Result<Interaction, Lost> {
    let fields = Fields::of(value, "")?;
    let request = Fields::of(fields.need("Request", fields.value("Request"))?, "Request")?;
    let request = self::request(&request, index, source, report)?;
    let outcome = match fields.value("Response") {
        // The recorder stopped in between.
        None => Outcome::Failed("no answer was recorded".to_owned()),
        Some(response) => {
            Outcome::Answered(response_of(&Fields::of(response, "Response")?, source)?)
        }
    };
    let mut interaction = Interaction::of(request, outcome);
    interaction.provenance.extra = fields
        .others(&["Request", "Response"])
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Ok(interaction)
}

fn request(
    fields: &Fields<'_>,
    index: usize,
    source: &Source<'_>,
    report: &mut Report<'_>,
) -> Result<RecordedRequest, Lost> {
    let method = fields
        .text("Method")?
        .filter(|method| !method.is_empty())
        .unwrap_or("GET");
    let url = fields.need("URL", fields.text("URL")?)?;
    let mut request = RecordedRequest::new(method, url);
    request.headers = headers(fields, "Header", source)?;
    request.trailers = headers(fields, "Trailer", source)?;
    let mut parts = Vec::new();
    for part in fields.array("BodyParts")? {
        let Some(text) = part.as_str() else {
            return Err(Lost::kind(
                "Request.BodyParts",
                "a text for each part",
                part,
            ));
        };
        parts.push(decoded(text, "Request.BodyParts")?);
    }
    let media = fields.text("MediaType")?.unwrap_or_default();
    let is_multipart = media.starts_with("multipart/");
    let bytes: Bytes = if is_multipart {
        let boundary = boundary(&parts);
        let message = "expected a multipart body, got its parts without headers and boundary; a body was made of them";
        report.note(Some(index + 1), "Request.BodyParts", message);
        request
            .headers
            .set("Content-Type", format!("{media}; boundary={boundary}"));
        joined(&parts, &boundary).into()
    } else {
        if !media.is_empty() && request.headers.first("content-type").is_none() {
            request.headers.push("Content-Type", media.to_owned());
        }
        parts.concat().into()
    };
    request.body = if is_multipart {
        Body::unknown(bytes)
    } else {
        Body::wire(bytes)
    };
    let is_cleared = |bytes: &[u8]| memchr::memmem::find(bytes, CLEARED.as_bytes()).is_some();
    request.body.redacted = is_cleared(&request.body.bytes);
    if is_cleared(url.as_bytes())
        || request
            .headers
            .iter()
            .any(|(_, value)| **value == *CLEARED.as_bytes())
    {
        let message = "expected what was sent, got CLEARED in its place: match it by other fields";
        report.note(Some(index + 1), "Request", message);
    }
    Ok(request)
}

fn response_of(fields: &Fields<'_>, source: &Source<'_>) -> Result<RecordedResponse, Lost> {
    let status = fields.need("StatusCode", fields.whole("StatusCode")?)?;
    let status = u16::try_from(status)
        .ok()
        .filter(|status| (100..=999).contains(status));
    let status = status.ok_or_else(|| {
        Lost::new(
            "Response.StatusCode",
            "expected 100 to 999, got another number",
        )
    })?;
    let mut response = RecordedResponse::new(status);
    response.version = fields
        .text("Proto")?
        .filter(|version| !version.is_empty())
        .map(str::to_owned);
    response.headers = headers(fields, "Header", source)?;
    response.trailers = headers(fields, "Trailer", source)?;
    let text = fields.text("Body")?.unwrap_or_default();
    response.body = Body::wire(decoded(text, "Response.Body")?);
    Ok(response)
}

fn headers(fields: &Fields<'_>, name: &str, source: &Source<'_>) -> Result<Headers, Lost> {
    let place = fields.at(name);
    let mut headers = Headers::default();
    for (name, values) in fields.object(name)?.into_iter().flatten() {
        let Some(values) = values.as_array() else {
            return Err(Lost::kind(place, "an array for each name", values));
        };
        for value in values {
            let Some(text) = value.as_str() else {
                return Err(Lost::kind(place, "texts", value));
            };
            headers.push(name.clone(), text.to_owned());
        }
    }
    if headers.len() > source.limits.headers {
        return Err(Lost::new(
            place,
            format!(
                "expected at most {} headers, got more",
                source.limits.headers
            ),
        ));
    }
    Ok(headers)
}

fn decoded(text: &str, field: &str) -> Result<Vec<u8>, Lost> {
    base64(text.as_bytes()).ok_or_else(|| Lost::new(field, "expected base64, got other text"))
}

/// One that no part can hold on purpose, and the same in every reading.
fn boundary(parts: &[Vec<u8>]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part);
    }
    let digest: String = digest
        .finalize()
        .iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("part-{digest}")
}

fn joined(parts: &[Vec<u8>], boundary: &str) -> Vec<u8> {
    let mut body = Vec::new();
    for part in parts {
        body.extend_from_slice(format!("--{boundary}\r\n\r\n").as_bytes());
        body.extend_from_slice(part);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    body
}
