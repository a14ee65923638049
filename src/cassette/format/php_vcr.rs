//! Recordings of php-vcr, YAML and JSON (cassettes.md 1.2 and 3.4).
//!
//! A list of `{request, response, index}`, in which members without a value are left out. Old files have the
//! status as one text. A body is base64 exactly where php-vcr itself undoes it, by two headers.

use std::borrow::Cow;

use serde_json::Map;

use super::{
    Format, Source,
    yaml::{
        self, Node, extra,
        fields::{self, HeaderText, Part},
        gather::{self, Scribe},
        sniff,
    },
};
use crate::{
    cassette::{Body, Headers, Interaction, Reading, RecordedRequest, RecordedResponse},
    error::Error,
};

/// Whether it is one.
pub(super) fn is(source: &Source<'_>) -> bool {
    sniff::tell(source) == Some(Format::PhpVcr)
}

/// Reads one.
///
/// # Errors
/// [`Kind::Reply`](crate::Kind::Reply) when it is no list.
pub(super) fn read(source: &Source<'_>) -> Result<Reading, Error> {
    let document = yaml::load(&source.bytes, source.limits);
    let scribe = Scribe::new(source);
    let list = (Some(&document.root), "");
    gather::gather(Format::PhpVcr, &document, list, scribe, interaction)
}

fn interaction(node: &Node, scribe: &mut Scribe<'_>) -> Part<Interaction> {
    fields::map(Some(node), "interaction")?;
    let mut kept = Map::new();

    let half = fields::map(node.get("request"), "request")?;
    let method = fields::text(half.get("method"), "request.method")?;
    let url = fields::text(half.get("url"), "request.url")?;
    let mut request = RecordedRequest::new(method.to_ascii_uppercase(), url);
    request.headers = headers(half, "request.headers", scribe)?;
    let utf8 = |text: &str| text.as_bytes().to_vec();
    let body = fields::bytes(half.get("body"), "request.body", utf8)?;
    request.body = Body::unknown(body);
    if request.body.bytes.is_empty()
        && ["post_fields", "post_files"]
            .iter()
            .any(|name| half.get(name).is_some())
    {
        let message = "expected a body, got fields or files to post; the body stays empty";
        scribe.note("request.body", message);
    }
    extra::keep(
        &mut kept,
        half,
        "request.",
        &["method", "url", "headers", "body"],
    );

    let half = fields::map(node.get("response"), "response")?;
    let mut response = status(half)?;
    response.headers = headers(half, "response.headers", scribe)?;
    let mut body = fields::bytes(half.get("body"), "response.body", utf8)?;
    if is_packed(&response.headers) && !body.is_empty() {
        let text = String::from_utf8_lossy(&body);
        match fields::from_base64(&text, "response.body") {
            Ok(plain) => body = plain,
            Err(_) => scribe.note(
                "response.body",
                "expected base64, got other text, which is kept",
            ),
        }
    }
    response.body = Body::unknown(body);
    extra::keep(&mut kept, half, "response.", &["status", "headers", "body"]);

    extra::keep(&mut kept, node, "", &["request", "response"]);
    let mut interaction = Interaction::new(request, response);
    interaction.provenance.extra = kept;
    Ok(interaction)
}

/// `{http_version, code, message}`, or a text: `200`, `HTTP/1.1 200 OK`.
fn status(half: &Node) -> Part<RecordedResponse> {
    const FIELD: &str = "response.status";
    let status = half.get("status");
    if let Some(map) = status.filter(|status| status.map().is_some()) {
        let mut response = RecordedResponse::new(fields::status(map.get("code"), FIELD)?);
        response.reason = fields::optional_text(map.get("message"), FIELD)?.map(Cow::into_owned);
        response.version = fields::version(map.get("http_version"), FIELD)?;
        return Ok(response);
    }
    let line = fields::text(status, FIELD)?;
    let (version, rest) = match line.split_once(' ') {
        Some((version, rest)) if version.starts_with("HTTP/") => (Some(version), rest),
        _ => (None, line.as_ref()),
    };
    let (code, reason) = rest.split_once(' ').unwrap_or((rest, ""));
    let code = code
        .parse()
        .ok()
        .filter(|code| (100..=999).contains(code))
        .ok_or_else(|| {
            fields::Fault::new(FIELD, "expected a status of 100 to 999, got another text")
        })?;
    Ok(RecordedResponse {
        version: version.map(str::to_owned),
        reason: Some(reason.to_owned()).filter(|reason| !reason.is_empty()),
        ..RecordedResponse::new(code)
    })
}

/// As php-vcr asks: by names in this case.
fn is_packed(headers: &Headers) -> bool {
    let exact = |wanted: &str| {
        headers
            .iter()
            .find(|(name, _)| *name == wanted.as_bytes())
            .map(|(_, value)| String::from_utf8_lossy(value))
    };
    exact("Content-Type").is_some_and(|value| value.contains("application/x-gzip"))
        || exact("Content-Transfer-Encoding").is_some_and(|value| value == "binary")
}

fn headers(half: &Node, field: &str, scribe: &mut Scribe<'_>) -> Part<Headers> {
    fields::headers(half.get("headers"), field, HeaderText::Utf8, scribe)
}
