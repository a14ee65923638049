//! What a format cannot hold, told line by line when it is written.

use std::{borrow::Cow, collections::HashMap, time::UNIX_EPOCH};

use super::Format;
use crate::cassette::{Cassette, Headers, Interaction, Outcome, RecordedResponse};

/// What a written format holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Holds {
    pub(super) format: Format,
    pub(super) response_version: bool,
    /// To the second.
    pub(super) moments: bool,
    pub(super) recorder: bool,
    pub(super) repeated_request_headers: bool,
    /// Whether methods are written in lower case, and read in upper case.
    pub(super) lower_methods: bool,
}

/// The losses of a cassette.
pub(super) fn report(cassette: &Cassette, holds: Holds) -> Vec<String> {
    let mut lines = Vec::new();
    if !cassette.stand_ins.is_empty() {
        lines.push("the table of stand-ins".to_owned());
    }
    if cassette.recorded_with.is_some() && !holds.recorder {
        lines.push("the name of the recorder".to_owned());
    }
    for (index, interaction) in cassette.interactions.iter().enumerate() {
        let Outcome::Answered(response) = &interaction.outcome else {
            let line = "it failed without an answer, and is left out";
            lines.push(format!("interaction {}: {line}", index + 1));
            continue;
        };
        let halves = of_request(interaction, holds)
            .into_iter()
            .chain(of_response(interaction, response, holds))
            .chain(of_whole(interaction, holds));
        for (_, what) in halves.filter(|(lost, _)| *lost) {
            lines.push(format!("interaction {}: {what}", index + 1));
        }
        let foreign = interaction.provenance.format != Some(holds.format);
        if foreign && !interaction.provenance.extra.is_empty() {
            let names: Vec<&str> = interaction
                .provenance
                .extra
                .keys()
                .map(String::as_str)
                .collect();
            let line = format!("interaction {}: {}", index + 1, names.join(", "));
            lines.push(line);
        }
    }
    lines
}

fn of_request(interaction: &Interaction, holds: Holds) -> [(bool, &'static str); 8] {
    let request = &interaction.request;
    let upper = request.method.to_ascii_uppercase() == request.method;
    [
        (
            holds.lower_methods && !upper,
            "the case of the request's method",
        ),
        (
            request.base.is_some() && request.target.starts_with('/'),
            "that the request's target was a path",
        ),
        (
            request.version.is_some()
                && request.version
                    != interaction
                        .response()
                        .and_then(|response| response.version.clone()),
            "the request's version of HTTP",
        ),
        (
            !in_groups(&request.headers),
            "the order of the request's headers, which are grouped by name",
        ),
        (
            !holds.repeated_request_headers && is_repeated(&request.headers),
            "a repeated request header, of which the tool reads one value",
        ),
        (!request.trailers.is_empty(), "the request's trailers"),
        (
            request.body.truncated_from.is_some(),
            "that the request's body was cut",
        ),
        (
            request.body.redacted,
            "that the request's body was redacted",
        ),
    ]
}

fn of_response(
    interaction: &Interaction,
    response: &RecordedResponse,
    holds: Holds,
) -> [(bool, &'static str); 7] {
    let foreign = interaction.provenance.format != Some(holds.format);
    [
        (
            response.version.is_some() && !holds.response_version && foreign,
            "the response's version of HTTP",
        ),
        (
            !in_groups(&response.headers),
            "the order of the response's headers, which are grouped by name",
        ),
        (
            foreign && response.body.is_decoded(&response.headers),
            "the response's content-encoding, which its body no longer has",
        ),
        (!response.trailers.is_empty(), "the response's trailers"),
        (
            response.body.truncated_from.is_some(),
            "that the response's body was cut",
        ),
        (
            response.body.redacted,
            "that the response's body was redacted",
        ),
        (
            !names_are_text(&response.headers) || !names_are_text(&interaction.request.headers),
            "bytes in the name of a header",
        ),
    ]
}

fn of_whole(interaction: &Interaction, holds: Holds) -> [(bool, &'static str); 4] {
    let fraction = interaction.started_at.is_some_and(|moment| {
        moment
            .duration_since(UNIX_EPOCH)
            .is_ok_and(|since| since.subsec_nanos() > 0)
    });
    [
        (
            interaction.started_at.is_some() && !holds.moments,
            "the moment",
        ),
        (fraction && holds.moments, "the fraction of the second"),
        (interaction.took.is_some(), "how long the answer took"),
        (
            interaction.pattern.is_some(),
            "the pattern of the stub, of which the example is written",
        ),
    ]
}

/// The address: as it was, for what was read from this format, else absolute where it can be.
pub(super) fn address(interaction: &Interaction, format: Format) -> String {
    if interaction.provenance.format == Some(format) && interaction.request.base.is_none() {
        return interaction.request.target.clone();
    }
    interaction.request.url()
}

/// The headers that fit the body: without the coding that another recorder undid, and with its length.
pub(super) fn fitting<'h>(
    interaction: &Interaction,
    response: &'h RecordedResponse,
    format: Format,
) -> Cow<'h, Headers> {
    // What was read from this format goes back as it was.
    if interaction.provenance.format == Some(format) || !response.body.is_decoded(&response.headers)
    {
        return Cow::Borrowed(&response.headers);
    }
    let mut headers = response.headers.clone();
    headers.remove("content-encoding");
    if headers.first("content-length").is_some() {
        headers.set("content-length", response.body.bytes.len().to_string());
    }
    Cow::Owned(headers)
}

/// Names in the order in which they first stand, in their own case, with their values in order.
pub(super) fn grouped(headers: &Headers) -> Vec<(String, Vec<&[u8]>)> {
    let mut places: HashMap<&[u8], usize> = HashMap::new();
    let mut groups: Vec<(String, Vec<&[u8]>)> = Vec::new();
    for (name, value) in headers.iter() {
        let next = groups.len();
        let place = *places.entry(name).or_insert(next);
        if place == next {
            groups.push((String::from_utf8_lossy(name).into_owned(), Vec::new()));
        }
        groups[place].1.push(value);
    }
    groups
}

fn in_groups(headers: &Headers) -> bool {
    let names = headers.iter().map(|(name, _)| name);
    let mut seen: Vec<&[u8]> = Vec::new();
    for name in names {
        if seen.last() == Some(&name.as_ref()) {
            continue;
        }
        if seen.contains(&name.as_ref()) {
            return false;
        }
        seen.push(name);
    }
    true
}

fn is_repeated(headers: &Headers) -> bool {
    grouped(headers).iter().any(|(_, values)| values.len() > 1)
}

fn names_are_text(headers: &Headers) -> bool {
    headers
        .iter()
        .all(|(name, _)| std::str::from_utf8(name).is_ok())
}
