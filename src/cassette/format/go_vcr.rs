//! Cassettes of go-vcr, 1 to 4 (cassettes.md 3.4).
//!
//! From 3 on, `version: 2`, a request says its protocol, host and trailers too, and a response whether Go
//! gunzipped it. Names of headers are in Go's case, and their order is lost.

use std::time::Duration;

use serde_json::{Map, Value as Json};

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
    cassette::{Body, Interaction, Reading, RecordedRequest, RecordedResponse},
    error::Error,
};

/// Whether it is one.
pub(super) fn is(source: &Source<'_>) -> bool {
    sniff::tell(source) == Some(Format::GoVcr)
}

/// Reads one.
///
/// # Errors
/// [`Kind::Reply`](crate::Kind::Reply) when it holds no list of interactions.
pub(super) fn read(source: &Source<'_>) -> Result<Reading, Error> {
    let document = yaml::load(&source.bytes, source.limits);
    let mut scribe = Scribe::new(source);
    // `rwmutex` slipped into files of the first version.
    scribe.members(&document.root, &["version", "interactions", "rwmutex"]);
    let list = (document.root.get("interactions"), "interactions");
    gather::gather(Format::GoVcr, &document, list, scribe, interaction)
}

fn interaction(node: &Node, scribe: &mut Scribe<'_>) -> Part<Interaction> {
    fields::map(Some(node), "interaction")?;
    let mut kept = Map::new();
    let request = request(node, &mut kept, scribe)?;

    let half = fields::map(node.get("response"), "response")?;
    let code = match half.get("code").filter(|code| !code.is_null()) {
        None => fields::status(half.get("status"), "response.status")?,
        code => fields::status(code, "response.code")?,
    };
    let mut response = RecordedResponse::new(code);
    response.reason = reason(half, code)?;
    response.version = fields::version(half.get("proto"), "response.proto")?;
    response.headers = headers(half, "headers", "response.headers", scribe)?;
    response.trailers = headers(half, "trailer", "response.trailer", scribe)?;
    let bytes = bytes(half, "response.body")?;
    let gunzipped = half.get("uncompressed").and_then(Node::scalar) == Some("true");
    response.body = if gunzipped {
        Body::decoded(bytes)
    } else {
        Body::unknown(bytes)
    };
    extra::keep(&mut kept, half, "response.", RESPONSE);

    let mut interaction = Interaction::new(request, response);
    interaction.took = duration(half.get("duration"), scribe)?;
    extra::keep(&mut kept, node, "", &["request", "response"]);
    interaction.provenance.extra = kept;
    Ok(interaction)
}

fn request(
    node: &Node,
    kept: &mut Map<String, Json>,
    scribe: &mut Scribe<'_>,
) -> Part<RecordedRequest> {
    let half = fields::map(node.get("request"), "request")?;
    // Go takes no method for GET.
    let method = fields::optional_text(half.get("method"), "request.method")?
        .filter(|method| !method.is_empty())
        .unwrap_or_else(|| "GET".into());
    let url = fields::text(half.get("url"), "request.url")?;
    let mut request = RecordedRequest::new(method.to_ascii_uppercase(), url);
    request.version = fields::version(half.get("proto"), "request.proto")?;
    request.headers = headers(half, "headers", "request.headers", scribe)?;
    request.trailers = headers(half, "trailer", "request.trailer", scribe)?;
    request.body = Body::unknown(bytes(half, "request.body")?);
    let form = half.get("form").filter(|form| {
        form.map().is_some_and(|pairs| !pairs.is_empty()) && request.body.bytes.is_empty()
    });
    if form.is_some() {
        let message = "expected a body beside the form, got the form alone; the body stays empty";
        scribe.note("request.form", message);
    }
    extra::keep(kept, half, "request.", REQUEST);
    Ok(request)
}

fn headers(
    half: &Node,
    name: &str,
    field: &str,
    scribe: &mut Scribe<'_>,
) -> Part<crate::cassette::Headers> {
    fields::headers(half.get(name), field, HeaderText::Utf8, scribe)
}

fn bytes(half: &Node, field: &str) -> Part<Vec<u8>> {
    fields::bytes(half.get("body"), field, |text| text.as_bytes().to_vec())
}

/// `200 OK` without the number.
fn reason(half: &Node, code: u16) -> Part<Option<String>> {
    let line = fields::optional_text(half.get("status"), "response.status")?;
    Ok(line
        .map(|line| {
            let reason = line.strip_prefix(&code.to_string()).unwrap_or(&line);
            reason.trim_start().to_owned()
        })
        .filter(|reason| !reason.is_empty()))
}

/// `1.5s`, `120ms`, or a number of nanoseconds.
fn duration(node: Option<&Node>, scribe: &mut Scribe<'_>) -> Part<Option<Duration>> {
    let Some(text) = fields::optional_text(node, "response.duration")? else {
        return Ok(None);
    };
    if text.is_empty() {
        return Ok(None);
    }
    let took = go_duration(&text);
    if took.is_none() {
        scribe.note("response.duration", "expected a duration, got other text");
    }
    Ok(took.filter(|took| !took.is_zero()))
}

fn go_duration(text: &str) -> Option<Duration> {
    if let Ok(nanoseconds) = text.parse::<u64>() {
        return Some(Duration::from_nanos(nanoseconds));
    }
    let mut rest = text;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit() && letter != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        let after = &rest[digits..];
        let (unit, factor) = UNITS.iter().find(|(unit, _)| {
            after.strip_prefix(unit).is_some_and(|next| {
                next.is_empty() || next.starts_with(|first: char| first.is_ascii_digit())
            })
        })?;
        seconds += number * factor;
        rest = &after[unit.len()..];
    }
    Duration::try_from_secs_f64(seconds).ok()
}

const UNITS: &[(&str, f64)] = &[
    ("ns", 1e-9),
    ("us", 1e-6),
    ("µs", 1e-6),
    ("μs", 1e-6),
    ("ms", 1e-3),
    ("s", 1.0),
    ("m", 60.0),
    ("h", 3600.0),
];

const REQUEST: &[&str] = &["method", "url", "proto", "headers", "trailer", "body"];

const RESPONSE: &[&str] = &[
    "code",
    "status",
    "proto",
    "headers",
    "trailer",
    "body",
    "duration",
    "uncompressed",
];
