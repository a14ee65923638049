//! Bodies of all dialects as bytes.
//!
//! HAR tells a decoded text. Polly keeps what came over the wire under a coding, as an array of chunks in a text.
//! Playwright keeps it in a file beside. A browser turns text of another charset into Unicode; of ISO-8859-1 and
//! windows-1252 without its own signs that is undone.

use bytes::Bytes;
use url::form_urlencoded;

use super::{
    super::json::{Lost, Scanner, Text, base64, hex},
    attached::Attached,
    draft::{Content, Ground, Param},
};
use crate::cassette::{Body, BodyForm, Headers, coding};

/// What was found beside the body.
pub(super) struct Found {
    pub(super) body: Body,
    /// What is worth knowing of it.
    pub(super) note: Option<&'static str>,
}

/// The body of one side. `field` names its text.
pub(super) fn of(
    content: Content<'_>,
    headers: &Headers,
    ground: Ground<'_>,
    attached: &mut Attached<'_>,
    field: &str,
) -> Result<Found, Lost> {
    let mut note = None;
    let mut is_chunked = false;
    let bytes: Bytes = match (content.file, content.text) {
        (Some(file), _) => attached.read(&file.to_str(), ground.limits)?,
        (None, Some(text)) => {
            let encoding = content.encoding.as_ref().map(|encoding| encoding.to_str());
            let (bytes, chunked) = decoded(
                text,
                encoding.as_deref().unwrap_or_default(),
                headers,
                ground,
                field,
            )?;
            is_chunked = chunked;
            bytes
        }
        (None, None) if !content.params.is_empty() => {
            note = Some(
                "expected the text that was posted, got its parameters; a form was made of them",
            );
            let mime = content.mime.as_ref().map(Text::to_str).unwrap_or_default();
            posted(&content.params, &mime).into()
        }
        (None, None) => Bytes::new(),
    };
    if bytes.len() > ground.limits.body {
        return Err(Lost::new(
            field,
            format!("expected at most {} bytes, got more", ground.limits.body),
        ));
    }
    let mut body = Body::wire(bytes);
    if !ground.is_own {
        if !body.bytes.is_empty() && !is_chunked && is_decoded(headers, &body.bytes) {
            body.form = BodyForm::Decoded;
        }
        // Browsers drop what was too large, or what they were told not to keep.
        body.truncated_from = content
            .size
            .filter(|size| body.bytes.is_empty() && *size > 0);
        if body.truncated_from.is_some() {
            note = Some("expected a body, got its size only");
        }
    }
    Ok(Found { body, note })
}

/// Whether the coding that the headers tell is undone, as HAR has it. Some recorders keep the bytes of the wire
/// nevertheless, and of some codings these bear a mark.
fn is_decoded(headers: &Headers, bytes: &[u8]) -> bool {
    match coding::told(headers).last().map(String::as_str) {
        None => false,
        Some("gzip" | "x-gzip" | "deflate") => coding::is_undone(headers, bytes),
        // RFC 8878, 3.1.1.
        Some("zstd") => !bytes.starts_with(b"\x28\xb5\x2f\xfd"),
        Some(_) => true,
    }
}

/// The bytes of a text, and whether they were in chunks of the wire.
fn decoded(
    text: Text<'_>,
    encoding: &str,
    headers: &Headers,
    ground: Ground<'_>,
    field: &str,
) -> Result<(Bytes, bool), Lost> {
    let damaged = |what: &str| Lost::new(field, format!("expected {what}, got other text"));
    let is_base64 = encoding.eq_ignore_ascii_case("base64");
    let looks_chunked = ground.is_polly && text.as_bytes().starts_with(b"[\"");
    if looks_chunked && (is_base64 || !coding::told(headers).is_empty()) {
        // A JSON array of hex texts can be a body, too; under a coding it cannot.
        let decode = if is_base64 { base64 } else { hex };
        if let Some(chunks) = chunks(text.as_bytes(), decode) {
            return Ok((chunks.into(), true));
        }
    }
    if is_base64 {
        return base64(text.as_bytes())
            .map(|bytes| (bytes.into(), false))
            .ok_or_else(|| damaged("base64"));
    }
    if !encoding.is_empty() && !ground.is_own {
        return Err(damaged("base64 or no encoding"));
    }
    if ground.is_own || text.as_bytes().is_ascii() || !is_latin(headers) {
        return Ok((text.into_bytes(ground.file), false));
    }
    let latin: Option<Vec<u8>> = text
        .to_str()
        .chars()
        .map(|c| u8::try_from(u32::from(c)).ok())
        .collect();
    let bytes = latin.map_or_else(|| text.into_bytes(ground.file), Bytes::from);
    Ok((bytes, false))
}

/// The chunks of a Polly body, put together.
fn chunks(text: &[u8], decode: fn(&[u8]) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    let mut scan = Scanner::new(text, 1);
    let mut whole = Some(Vec::new());
    let walked = scan.array(|scan, _| {
        let chunk = scan.text()?;
        whole = match (whole.take(), decode(chunk.as_bytes())) {
            (Some(mut whole), Some(chunk)) => {
                whole.extend_from_slice(&chunk);
                Some(whole)
            }
            _ => None,
        };
        Ok(())
    });
    walked.and_then(|()| scan.end()).ok().and(whole)
}

fn is_latin(headers: &Headers) -> bool {
    headers.text("content-type").is_some_and(|value| {
        let value = value.to_ascii_lowercase();
        value.split(';').skip(1).any(|param| {
            let charset = param.trim().strip_prefix("charset=").unwrap_or_default();
            matches!(
                charset.trim_matches('"'),
                "iso-8859-1" | "latin1" | "windows-1252"
            )
        })
    })
}

/// What a client would have sent for these parameters.
fn posted(params: &[Param<'_>], mime: &str) -> Vec<u8> {
    let text = |text: &Option<Text<'_>>| text.as_ref().map(|text| text.to_str().into_owned());
    let boundary = mime
        .split("boundary=")
        .nth(1)
        .map(|rest| rest.split(';').next().unwrap_or(rest));
    let Some(boundary) = boundary.filter(|_| mime.starts_with("multipart/")) else {
        let pairs = params.iter().map(|param| {
            (
                text(&param.name).unwrap_or_default(),
                text(&param.value).unwrap_or_default(),
            )
        });
        let mut form = form_urlencoded::Serializer::new(String::new());
        return form.extend_pairs(pairs).finish().into_bytes();
    };
    let mut body = String::new();
    for param in params {
        let name = text(&param.name).unwrap_or_default();
        body.push_str(&format!(
            "--{}\r\nContent-Disposition: form-data; name=\"{name}\"",
            boundary.trim_matches('"')
        ));
        if let Some(file) = text(&param.file_name) {
            body.push_str(&format!("; filename=\"{file}\""));
        }
        if let Some(kind) = text(&param.content_type) {
            body.push_str(&format!("\r\nContent-Type: {kind}"));
        }
        body.push_str(&format!(
            "\r\n\r\n{}\r\n",
            text(&param.value).unwrap_or_default()
        ));
    }
    body.push_str(&format!("--{}--\r\n", boundary.trim_matches('"')));
    body.into_bytes()
}
