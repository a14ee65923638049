//! Cassettes of version 1, as vcrpy writes them by PyYAML.

use serde_json::Value as Json;

use super::super::{
    Format, Written,
    losses::{self, Holds},
    yaml::{
        emit::{self, Out, PYYAML},
        extra,
    },
};
use crate::{
    cassette::{Cassette, Headers, Interaction, RecordedResponse},
    error::Error,
};

/// Writes one.
///
/// # Errors
/// None: what the format cannot hold is a loss of [`Written`].
pub(in crate::cassette::format) fn write(cassette: &Cassette) -> Result<Written, Error> {
    let items = cassette
        .interactions
        .iter()
        .filter_map(|interaction| Some(item(interaction, interaction.response()?)))
        .collect();
    let root = [
        ("interactions".to_owned(), Out::List(items)),
        ("version".to_owned(), Out::Bare("1".to_owned())),
    ];
    Ok(Written {
        bytes: emit::emit(&root, PYYAML),
        losses: losses::report(cassette, HOLDS),
    })
}

/// The members in the order of PyYAML, which sorts them.
fn item(interaction: &Interaction, response: &RecordedResponse) -> Out {
    let none = serde_json::Map::new();
    let kept = if interaction.provenance.format == Some(HOLDS.format) {
        &interaction.provenance.extra
    } else {
        &none
    };

    let request = &interaction.request;
    let asked = vec![
        (
            "body".to_owned(),
            match request.body.bytes.as_ref() {
                [] if kept.get("request.body").and_then(Json::as_str) == Some("") => {
                    Out::Text(String::new())
                }
                [] => Out::Null,
                bytes => content(bytes),
            },
        ),
        ("headers".to_owned(), headers(&request.headers)),
        ("method".to_owned(), Out::Text(request.method.clone())),
        (
            "uri".to_owned(),
            Out::Text(losses::address(interaction, HOLDS.format)),
        ),
    ];

    let fitting = losses::fitting(interaction, response, HOLDS.format);
    let reason = response
        .reason
        .as_ref()
        .map_or(Out::Null, |reason| Out::Text(reason.clone()));
    let body = vec![("string".to_owned(), content(&response.body.bytes))];
    let status = vec![
        ("code".to_owned(), Out::Bare(response.status.to_string())),
        ("message".to_owned(), reason),
    ];
    let mut answered = vec![
        ("body".to_owned(), Out::Map(body)),
        ("headers".to_owned(), headers(&fitting)),
        ("status".to_owned(), Out::Map(status)),
    ];
    answered.extend(extra::kept(kept, "response.", &[]));

    let mut pairs = vec![
        ("request".to_owned(), Out::Map(asked)),
        ("response".to_owned(), Out::Map(answered)),
    ];
    pairs.extend(extra::kept(kept, "", &[]));
    Out::Map(pairs)
}

/// Text where the bytes are UTF-8, as vcrpy has it.
fn content(bytes: &[u8]) -> Out {
    match std::str::from_utf8(bytes) {
        Ok(text) => Out::Text(text.to_owned()),
        Err(_) => Out::Binary(bytes.to_vec()),
    }
}

fn headers(headers: &Headers) -> Out {
    let grouped = losses::grouped(headers).into_iter().map(|(name, values)| {
        let values = values
            .into_iter()
            // Each byte as the character of its number, as Python's `http.client` has headers.
            .map(|value| Out::Text(value.iter().map(|byte| char::from(*byte)).collect()))
            .collect();
        (name, Out::List(values))
    });
    Out::Map(grouped.collect())
}

const HOLDS: Holds = Holds {
    format: Format::Vcrpy,
    response_version: false,
    moments: false,
    recorder: false,
    repeated_request_headers: false,
    lower_methods: false,
};
