//! Pickles of gdata-python's own recorder (`atom.mock_http`, `atom.mock_http_core`): a list of requests and answers.
//!
//! Its recorder left every request body out or put a notice in its place, and did not look at the answers, so
//! that a token may stand in them (cassettes.md 1.2). The pickle is walked as data ([`crate::wire::pickle`]).

use super::{Format, Source};
use crate::{
    cassette::{
        Body, Cassette, Headers, Interaction, Outcome, Problem, Reading, RecordedRequest,
        RecordedResponse, Severity,
    },
    error::{Error, Kind},
    wire::{
        percent,
        pickle::{Id, Item, Pickle},
    },
};

/// Whether it begins as a pickle and names a class of the recorder.
pub(super) fn is(source: &Source<'_>) -> bool {
    let bytes = &source.bytes;
    let head = &bytes[..bytes.len().min(PROBE)];
    let starts = [b"(lp".as_slice(), b"\x80\x02]", b"\x80\x01]", b"]q"];
    starts.iter().any(|start| head.starts_with(start))
        && CLASSES
            .iter()
            .any(|class| memchr::memmem::find(head, class.as_bytes()).is_some())
}

/// Reads the list.
pub(super) fn read(source: &Source<'_>) -> Result<Reading, Error> {
    // A pair of messages takes some thirty values.
    let most = source.limits.interactions.saturating_mul(64);
    let pickle = Pickle::parse(&source.bytes, most)
        .map_err(|cause| Error::new(cause.kind(), format!("{}: {cause}", source.name)))?;
    let Item::List(pairs) = pickle.value(pickle.root()) else {
        return Err(Error::new(
            Kind::Reply,
            format!(
                "{}: expected a list of pairs, got another value",
                source.name
            ),
        ));
    };
    if pairs.len() > source.limits.interactions {
        return Err(Error::input(
            source.name,
            format_args!(
                "expected at most {} interactions, got {}",
                source.limits.interactions,
                pairs.len()
            ),
        ));
    }
    let mut reading = Reading::new(Format::GdataPickle, Cassette::default());
    for (index, pair) in pairs.iter().enumerate() {
        match interaction(&pickle, *pair) {
            Ok(mut interaction) => {
                interaction.provenance.format = Some(Format::GdataPickle);
                interaction.provenance.index = index;
                reading.cassette.interactions.push(interaction);
            }
            Err((field, expected)) => reading.problems.push(Problem {
                file: source.name.to_owned(),
                interaction: Some(index + 1),
                field: field.to_owned(),
                message: format!("expected {expected}, got another value"),
                severity: Severity::Lost,
            }),
        }
    }
    Ok(reading)
}

/// The field that is wrong, and what was expected of it.
type Wrong = (&'static str, &'static str);

fn interaction(pickle: &Pickle, pair: Id) -> Result<Interaction, Wrong> {
    let halves = match pickle.value(pair) {
        Item::Tuple(halves) | Item::List(halves) if halves.len() == 2 => halves,
        _ => return Err(("", "a request and an answer")),
    };
    Ok(Interaction::of(
        request(pickle, halves[0])?,
        Outcome::Answered(response(pickle, halves[1])?),
    ))
}

fn request(pickle: &Pickle, id: Id) -> Result<RecordedRequest, Wrong> {
    // Names of version 1, then of version 2 of the library.
    let method = first(pickle, id, &["operation", "method"])
        .and_then(|id| text(pickle, id))
        .ok_or(("request.operation", "a method"))?;
    let url =
        first(pickle, id, &["url", "uri"]).ok_or(("request.url", "the parts of an address"))?;
    let mut request = RecordedRequest::new(method, address(pickle, url)?);
    request.headers = headers(pickle, first(pickle, id, &["headers"]))
        .ok_or(("request.headers", "names and values"))?;
    let parts = first(pickle, id, &["data", "_body_parts"]);
    request.body = Body::unknown(
        body(pickle, parts).ok_or(("request.data", "text, a list of texts, or None"))?,
    );
    Ok(request)
}

fn response(pickle: &Pickle, id: Id) -> Result<RecordedResponse, Wrong> {
    let status = match pickle.get(id, "status").map(|id| pickle.value(id)) {
        Some(Item::Int(status)) => u16::try_from(*status).ok(),
        _ => None,
    };
    let status = status
        .filter(|status| (100..=999).contains(status))
        .ok_or(("response.status", "100 to 999"))?;
    let mut response = RecordedResponse::new(status);
    response.reason = pickle.get(id, "reason").and_then(|id| text(pickle, id));
    response.headers = headers(pickle, first(pickle, id, &["_headers", "headers"]))
        .ok_or(("response.headers", "names and values"))?;
    let content = first(pickle, id, &["body", "_body"]);
    response.body = Body::unknown(body(pickle, content).ok_or(("response.body", "text or None"))?);
    Ok(response)
}

fn address(pickle: &Pickle, url: Id) -> Result<String, Wrong> {
    let wrong = ("request.url", "a host and a path");
    let part = |names: &[&str]| first(pickle, url, names).and_then(|id| text(pickle, id));
    let scheme = part(&["protocol", "scheme"]).unwrap_or_else(|| "http".to_owned());
    let host = part(&["host"]).ok_or(wrong)?;
    let path = part(&["path"]).unwrap_or_else(|| "/".to_owned());
    let port = match first(pickle, url, &["port"]).map(|id| pickle.value(id)) {
        Some(Item::Int(port)) => format!(":{port}"),
        Some(Item::Bytes(port)) => format!(":{}", String::from_utf8_lossy(port)),
        _ => String::new(),
    };
    let mut query = String::new();
    if let Some(Item::Dict(pairs)) =
        first(pickle, url, &["params", "query"]).map(|id| pickle.value(id))
    {
        for (name, value) in pairs {
            let (name, value) = (text(pickle, *name), text(pickle, *value));
            let (Some(name), Some(value)) = (name, value) else {
                return Err(("request.url.params", "names and values"));
            };
            query.push(if query.is_empty() { '?' } else { '&' });
            query.push_str(&percent::encode(&name));
            query.push('=');
            query.push_str(&percent::encode(&value));
        }
    }
    Ok(format!("{scheme}://{host}{port}{path}{query}"))
}

fn headers(pickle: &Pickle, id: Option<Id>) -> Option<Headers> {
    let Some(id) = id else {
        return Some(Headers::default());
    };
    let pairs: Vec<(Id, Id)> = match pickle.value(id) {
        Item::None => Vec::new(),
        Item::Dict(pairs) => pairs.clone(),
        Item::List(items) => items
            .iter()
            .map(|item| match pickle.value(*item) {
                Item::Tuple(pair) if pair.len() == 2 => Some((pair[0], pair[1])),
                _ => None,
            })
            .collect::<Option<_>>()?,
        _ => return None,
    };
    let pairs = pairs
        .into_iter()
        .map(|(name, value)| Some((text(pickle, name)?, text(pickle, value)?)));
    pairs.collect::<Option<Vec<_>>>().map(Headers::from_iter)
}

fn body(pickle: &Pickle, id: Option<Id>) -> Option<Vec<u8>> {
    match id.map(|id| (id, pickle.value(id))) {
        None | Some((_, Item::None)) => Some(Vec::new()),
        Some((_, Item::List(parts))) => {
            let mut joined = Vec::new();
            for part in parts {
                joined.extend_from_slice(pickle.bytes(*part)?);
            }
            Some(joined)
        }
        Some((id, _)) => match pickle.bytes(id) {
            Some(bytes) => Some(bytes.to_vec()),
            // A StringIO keeps its text in `buf`.
            None => pickle
                .get(id, "buf")
                .and_then(|id| pickle.bytes(id))
                .map(<[u8]>::to_vec),
        },
    }
}

fn first(pickle: &Pickle, id: Id, names: &[&str]) -> Option<Id> {
    names.iter().find_map(|name| pickle.get(id, name))
}

fn text(pickle: &Pickle, id: Id) -> Option<String> {
    match pickle.value(id) {
        Item::Int(number) => Some(number.to_string()),
        _ => pickle
            .bytes(id)
            .map(|bytes| String::from_utf8_lossy(bytes).into_owned()),
    }
}

const CLASSES: [&str; 3] = ["MockRequest", "atom.http_core", "atom.mock_http"];

/// The classes are named in the first pair.
const PROBE: usize = 4 << 10;
