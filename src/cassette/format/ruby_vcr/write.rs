//! Cassettes as VCR 6 writes them.

use std::time::{SystemTime, UNIX_EPOCH};

use super::{
    super::{
        Format, Written,
        losses::{self, Holds},
        yaml::{
            emit::{self, Out, PSYCH},
            extra,
        },
    },
    body,
};
use crate::{
    cassette::{Cassette, Headers, Interaction, RecordedResponse},
    error::Error,
    time::Timestamp,
};

/// Writes one.
///
/// # Errors
/// None: what the format cannot hold is a loss of [`Written`].
pub(in crate::cassette::format) fn write(cassette: &Cassette) -> Result<Written, Error> {
    let mut report = losses::report(cassette, HOLDS);
    let earliest = cassette.began_at();
    let mut items = Vec::with_capacity(cassette.interactions.len());
    for (index, interaction) in cassette.interactions.iter().enumerate() {
        let Some(response) = interaction.response() else {
            continue;
        };
        if interaction.started_at.is_none() && interaction.provenance.format != Some(HOLDS.format) {
            let stand_in = "the moment is not known, and VCR needs one";
            report.push(format!("interaction {}: {stand_in}", index + 1));
        }
        items.push(item(interaction, response, earliest));
    }
    let recorder = cassette
        .recorded_with
        .clone()
        .unwrap_or_else(|| concat!("gdata-auth ", env!("CARGO_PKG_VERSION")).to_owned());
    let root = [
        ("http_interactions".to_owned(), Out::List(items)),
        ("recorded_with".to_owned(), Out::Text(recorder)),
    ];
    Ok(Written {
        bytes: emit::emit(&root, PSYCH),
        losses: report,
    })
}

fn item(
    interaction: &Interaction,
    response: &RecordedResponse,
    earliest: Option<SystemTime>,
) -> Out {
    // What other formats know has no place here; it is told as lost.
    let own = interaction.provenance.format == Some(HOLDS.format);
    let kept = if own {
        interaction.provenance.extra.clone()
    } else {
        serde_json::Map::new()
    };

    let request = &interaction.request;
    let mut asked = vec![
        text("method", &request.method.to_ascii_lowercase()),
        text("uri", &losses::address(interaction, HOLDS.format)),
        (
            "body".to_owned(),
            body::write(&request.body.bytes, "request.body", &kept),
        ),
        ("headers".to_owned(), headers(&request.headers)),
    ];
    asked.extend(extra::kept(&kept, "request.", &[]));

    let reason = response
        .reason
        .as_ref()
        .map_or(Out::Null, |reason| Out::Text(reason.clone()));
    let status = vec![
        ("code".to_owned(), Out::Bare(response.status.to_string())),
        ("message".to_owned(), reason),
    ];
    let fitting = losses::fitting(interaction, response, HOLDS.format);
    let mut answered = vec![
        ("status".to_owned(), Out::Map(status)),
        ("headers".to_owned(), headers(&fitting)),
        (
            "body".to_owned(),
            body::write(&response.body.bytes, "response.body", &kept),
        ),
    ];
    if let Some(version) = &response.version {
        let number = version.strip_prefix("HTTP/").unwrap_or(version);
        answered.push(text("http_version", number));
    }
    answered.extend(extra::kept(&kept, "response.", &[]));

    // VCR reads this date without asking whether it is there.
    let moment = if own {
        interaction.started_at
    } else {
        interaction.started_at.or(earliest)
    };
    let mut pairs = vec![
        ("request".to_owned(), Out::Map(asked)),
        ("response".to_owned(), Out::Map(answered)),
        text("recorded_at", &date(moment.unwrap_or(UNIX_EPOCH))),
    ];
    pairs.extend(extra::kept(&kept, "", &[]));
    Out::Map(pairs)
}

fn text(name: &str, value: &str) -> (String, Out) {
    (name.to_owned(), Out::Text(value.to_owned()))
}

/// Names in the order in which they first stand, each with its values.
fn headers(headers: &Headers) -> Out {
    let grouped = losses::grouped(headers).into_iter().map(|(name, values)| {
        let values = values
            .into_iter()
            .map(|value| match std::str::from_utf8(value) {
                Ok(text) => Out::Text(text.to_owned()),
                Err(_) => Out::Binary(value.to_vec()),
            })
            .collect();
        (name, Out::List(values))
    });
    Out::Map(grouped.collect())
}

fn date(moment: SystemTime) -> String {
    let seconds = match moment.duration_since(UNIX_EPOCH) {
        Ok(after) => i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
        Err(before) => {
            i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |before| -before)
        }
    };
    Timestamp::from_unix_seconds(seconds)
        .http_date()
        .unwrap_or_else(|| "Thu, 01 Jan 1970 00:00:00 GMT".to_owned())
}

const HOLDS: Holds = Holds {
    format: Format::RubyVcr,
    response_version: true,
    moments: true,
    recorder: true,
    repeated_request_headers: true,
    lower_methods: true,
};
