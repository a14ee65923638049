//! Flows of mitmproxy, version 7 on: tnetstrings one after the other, `LEN:PAYLOADtag`.
//!
//! ```text
//! 4:true!   a bool        3:200#   an integer       5:hello,  bytes     5:hello;  text
//! 0:~       null          9:12.345678^ a float      …]        a list    …}        a dict
//! ```
//!
//! Source: cassettes.md 3.4. Older versions nest their flows differently; mitmproxy itself converts them.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use serde_json::Value;

use super::{Format, Source};
use crate::{
    cassette::{
        Body, Cassette, Headers, Interaction, Outcome, Problem, Reading, RecordedRequest,
        RecordedResponse, Severity,
    },
    error::{Error, Kind},
};

/// Whether it begins with a dict that says which version of a flow it is.
pub(super) fn is(source: &Source<'_>) -> bool {
    let head = &source.bytes[..source.bytes.len().min(PROBE)];
    let digits = head.iter().take_while(|byte| byte.is_ascii_digit()).count();
    // Keys come in any order; those of a flow are all short.
    (1..=12).contains(&digits)
        && head.get(digits) == Some(&b':')
        && head
            .get(digits + 1)
            .is_some_and(|byte| byte.is_ascii_digit())
        && MARKS
            .iter()
            .any(|mark| memchr::memmem::find(&source.bytes, mark).is_some())
}

/// Reads the flows.
pub(super) fn read(source: &Source<'_>) -> Result<Reading, Error> {
    let mut reading = Reading::new(Format::Mitmproxy, Cassette::default());
    let mut rest = source.bytes.clone();
    let mut count = 0;
    let problem = |interaction, field: &str, message: String, severity| Problem {
        file: source.name.to_owned(),
        interaction: Some(interaction),
        field: field.to_owned(),
        message,
        severity,
    };
    while !rest.is_empty() {
        count += 1;
        if count > source.limits.interactions {
            return Err(Error::input(
                source.name,
                format_args!(
                    "expected at most {} interactions, got more",
                    source.limits.interactions
                ),
            ));
        }
        let Some((flow, after)) = Net::parse(&rest, source.limits.depth) else {
            let at = source.bytes.len() - rest.len();
            let message = format!("expected a flow at byte {at}, got a torn one");
            reading
                .problems
                .push(problem(count, "", message, Severity::Torn));
            break;
        };
        rest = after;
        match flow.number("version") {
            Some(version) if version >= OLDEST => {}
            _ => {
                return Err(Error::new(
                    Kind::Unsupported,
                    format!(
                        "{}: expected flows of mitmproxy 7 or later, got older ones: write them anew with `mitmdump --rfile OLD --save-stream-file NEW`",
                        source.name
                    ),
                ));
            }
        }
        if flow.text("type").as_deref() != Some("http") {
            let message = "expected a flow of HTTP, got another: left out".to_owned();
            reading
                .problems
                .push(problem(count, "type", message, Severity::Note));
            continue;
        }
        match interaction(&flow) {
            Ok(mut interaction) => {
                interaction.provenance.format = Some(Format::Mitmproxy);
                interaction.provenance.index = count - 1;
                reading.cassette.interactions.push(interaction);
            }
            Err(field) => {
                let message = "expected it, got none or another sort of value".to_owned();
                reading
                    .problems
                    .push(problem(count, field, message, Severity::Lost));
            }
        }
    }
    Ok(reading)
}

fn interaction(flow: &Net) -> Result<Interaction, &'static str> {
    let request = flow.get("request").ok_or("request")?;
    let method = request.text("method").ok_or("request.method")?;
    let path = request.text("path").ok_or("request.path")?;
    let scheme = request
        .text("scheme")
        .filter(|scheme| !scheme.is_empty())
        .unwrap_or_else(|| "https".to_owned());
    let host = request.text("host").ok_or("request.host")?;
    let mut recorded = RecordedRequest::new(method, path);
    let authority = request.text("authority").filter(|text| !text.is_empty());
    let port = request.number("port").unwrap_or(0);
    let usual = matches!(
        (scheme.as_str(), port),
        ("https", 443) | ("http", 80) | (_, 0)
    );
    recorded.base = Some(match authority {
        Some(authority) => format!("{scheme}://{authority}"),
        None if usual => format!("{scheme}://{host}"),
        None => format!("{scheme}://{host}:{port}"),
    });
    recorded.version = request.text("http_version");
    recorded.headers = request.headers("headers").ok_or("request.headers")?;
    recorded.trailers = request.headers("trailers").ok_or("request.trailers")?;
    recorded.body = request.body();
    let outcome = match flow.get("response") {
        Some(response) if !matches!(response, Net::Null) => {
            let status = response
                .number("status_code")
                .and_then(|status| u16::try_from(status).ok())
                .filter(|status| (100..=999).contains(status))
                .ok_or("response.status_code")?;
            let mut answer = RecordedResponse::new(status);
            answer.reason = response.text("reason");
            answer.version = response.text("http_version");
            answer.headers = response.headers("headers").ok_or("response.headers")?;
            answer.trailers = response.headers("trailers").ok_or("response.trailers")?;
            answer.body = response.body();
            Outcome::Answered(answer)
        }
        _ => Outcome::Failed(
            flow.get("error")
                .and_then(|error| error.text("msg"))
                .unwrap_or_else(|| "no answer".to_owned()),
        ),
    };
    let mut interaction = Interaction::of(recorded, outcome);
    let start = request.float("timestamp_start");
    interaction.started_at = start.and_then(moment);
    let end = flow
        .get("response")
        .and_then(|response| response.float("timestamp_end"));
    interaction.took = match (start, end) {
        (Some(start), Some(end)) => Duration::try_from_secs_f64(end - start).ok(),
        _ => None,
    };
    for name in ["id", "comment", "marked"] {
        if let Some(text) = flow.text(name).filter(|text| !text.is_empty()) {
            let extra = &mut interaction.provenance.extra;
            extra.insert(name.to_owned(), Value::String(text));
        }
    }
    Ok(interaction)
}

fn moment(seconds: f64) -> Option<SystemTime> {
    let since = Duration::try_from_secs_f64(seconds).ok()?;
    SystemTime::UNIX_EPOCH.checked_add(since)
}

/// One value.
enum Net {
    Null,
    Bytes(Bytes),
    Int(i64),
    Float(f64),
    Bool,
    List(Vec<Net>),
    Dict(Vec<(Bytes, Net)>),
}

impl Net {
    /// The first value, and what comes after it.
    fn parse(bytes: &Bytes, depth: usize) -> Option<(Self, Bytes)> {
        let digits = bytes
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        if depth == 0 || digits == 0 || digits > 12 || bytes.get(digits) != Some(&b':') {
            return None;
        }
        let length: usize = std::str::from_utf8(&bytes[..digits]).ok()?.parse().ok()?;
        let end = (digits + 1).checked_add(length)?;
        let tag = *bytes.get(end)?;
        let payload = bytes.slice(digits + 1..end);
        let rest = bytes.slice(end + 1..);
        let text = || std::str::from_utf8(&payload).ok();
        let value = match tag {
            b'~' if length == 0 => Self::Null,
            b',' | b';' => Self::Bytes(payload),
            b'#' => Self::Int(text()?.parse().ok()?),
            b'^' => Self::Float(text()?.parse().ok()?),
            b'!' => Self::Bool,
            b']' => {
                let (mut items, mut inner) = (Vec::new(), payload);
                while !inner.is_empty() {
                    let (item, after) = Self::parse(&inner, depth - 1)?;
                    items.push(item);
                    inner = after;
                }
                Self::List(items)
            }
            b'}' => {
                let (mut pairs, mut inner) = (Vec::new(), payload);
                while !inner.is_empty() {
                    let (key, after) = Self::parse(&inner, depth - 1)?;
                    let (value, after) = Self::parse(&after, depth - 1)?;
                    let Self::Bytes(key) = key else { return None };
                    pairs.push((key, value));
                    inner = after;
                }
                Self::Dict(pairs)
            }
            _ => return None,
        };
        Some((value, rest))
    }

    fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Dict(pairs) => pairs
                .iter()
                .find(|(name, _)| name == key.as_bytes())
                .map(|(_, value)| value),
            _ => None,
        }
    }

    fn text(&self, key: &str) -> Option<String> {
        match self.get(key) {
            Some(Self::Bytes(bytes)) => Some(String::from_utf8_lossy(bytes).into_owned()),
            _ => None,
        }
    }

    fn number(&self, key: &str) -> Option<i64> {
        match self.get(key) {
            Some(Self::Int(number)) => Some(*number),
            _ => None,
        }
    }

    fn float(&self, key: &str) -> Option<f64> {
        match self.get(key) {
            Some(Self::Float(number)) => Some(*number),
            Some(Self::Int(number)) => i32::try_from(*number).ok().map(f64::from),
            _ => None,
        }
    }

    /// Ordered pairs; none where the key is absent or null.
    fn headers(&self, key: &str) -> Option<Headers> {
        let list = match self.get(key) {
            None | Some(Self::Null) => return Some(Headers::default()),
            Some(Self::List(list)) => list,
            Some(_) => return None,
        };
        let pairs = list.iter().map(|pair| match pair {
            Self::List(pair) => match pair.as_slice() {
                [Self::Bytes(name), Self::Bytes(value)] => Some((name.clone(), value.clone())),
                _ => None,
            },
            _ => None,
        });
        pairs.collect::<Option<Vec<_>>>().map(Headers::from_iter)
    }

    /// The bytes of the wire. `null` is a body that was streamed through and not kept.
    fn body(&self) -> Body {
        match self.get("content") {
            Some(Self::Bytes(bytes)) => Body::wire(bytes.clone()),
            _ => {
                let announced = self
                    .headers("headers")
                    .and_then(|headers| headers.text("content-length")?.trim().parse().ok())
                    .filter(|length| *length > 0);
                Body {
                    truncated_from: announced,
                    ..Body::wire(Bytes::new())
                }
            }
        }
    }
}

/// The first version whose flows have this shape.
const OLDEST: i64 = 7;

const MARKS: [&[u8]; 2] = [b"7:version;", b"7:version,"];

const PROBE: usize = 64;
