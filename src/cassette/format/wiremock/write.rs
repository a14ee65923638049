//! A cassette as `mappings`, with a report of what they cannot hold.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::{
    super::{Written, json::to_base64},
    FAULTS, FORMAT, PRIORITY, STARTED, pattern, recorded,
};
use crate::{
    cassette::{Cassette, Interaction, Outcome, RecordedResponse, Scenario},
    error::Error,
};

#[expect(clippy::unnecessary_wraps, reason = "the signature of every writer")]
pub(in crate::cassette::format) fn write(cassette: &Cassette) -> Result<Written, Error> {
    let mut stubs = Vec::new();
    let mut losses = Vec::new();
    for (index, interaction) in cassette.interactions.iter().enumerate() {
        let mut lost = Vec::new();
        stubs.push(match &interaction.pattern {
            Some(_) => of_pattern(interaction, &mut lost),
            None => of_request(interaction, &mut lost),
        });
        losses.extend(
            lost.iter()
                .map(|loss| format!("interaction {}: {loss}", index + 1)),
        );
    }
    chain(cassette, &mut stubs);
    if !cassette.stand_ins.is_empty() {
        losses.push("what stands in place of which secret".to_owned());
    }
    let mappings: Vec<Value> = stubs.into_iter().map(Value::Object).collect();
    let total = mappings.len();
    let mut bytes = format!(
        "{:#}",
        json!({"mappings": mappings, "meta": {"total": total}})
    )
    .into_bytes();
    bytes.push(b'\n');
    Ok(Written { bytes, losses })
}

/// A stub that was one, as it was.
fn of_pattern(interaction: &Interaction, losses: &mut Vec<String>) -> Map<String, Value> {
    let mut stub = Map::new();
    let Some(asked) = &interaction.pattern else {
        return stub;
    };
    let nothing = Map::new();
    let is_own = interaction.provenance.format == Some(FORMAT);
    let extra = if is_own {
        &interaction.provenance.extra
    } else {
        &nothing
    };
    let foreign = extra
        .get("foreign")
        .and_then(Value::as_array)
        .map_or(&[][..], Vec::as_slice);
    let request = pattern::print(&asked.criteria, foreign, extra, losses);
    stub.insert("request".to_owned(), Value::Object(request));
    if asked.priority != PRIORITY {
        stub.insert("priority".to_owned(), asked.priority.into());
    }
    if let Some(scenario) = &asked.scenario {
        put_scenario(&mut stub, scenario);
    }
    let mut response = response(&interaction.outcome, true, false, losses);
    for (name, value) in extra {
        match name.split_once('.') {
            Some(("response", name)) => response.insert(name.to_owned(), value.clone()),
            Some(_) => None,
            None if name == "foreign" => None,
            None => stub.insert(name.clone(), value.clone()),
        };
    }
    stub.insert("response".to_owned(), Value::Object(response));
    stub
}

/// A stub that takes what somebody sent once.
fn of_request(interaction: &Interaction, losses: &mut Vec<String>) -> Map<String, Value> {
    let request = &interaction.request;
    let asked = recorded::of(request);
    losses.extend(asked.losses);
    if let Some(origin) = request.origin() {
        losses.push(format!(
            "the origin {}://{}: a stub answers at any",
            origin.scheme(),
            origin.host_header()
        ));
    }
    if request.version.is_some()
        || interaction
            .response()
            .is_some_and(|response| response.version.is_some())
    {
        losses.push("the versions of HTTP".to_owned());
    }
    if interaction.started_at.is_some() || interaction.took.is_some() {
        losses.push("when it was sent and how long the answer took".to_owned());
    }
    if !request.trailers.is_empty() {
        losses.push("the trailers of the request".to_owned());
    }
    let printed = pattern::print(&asked.criteria, &asked.foreign, &Map::new(), losses);
    let is_head = request.method == "HEAD";
    let mut stub = Map::new();
    stub.insert("name".to_owned(), name(interaction).into());
    stub.insert("request".to_owned(), Value::Object(printed));
    stub.insert(
        "response".to_owned(),
        Value::Object(response(&interaction.outcome, false, is_head, losses)),
    );
    stub
}

fn response(
    outcome: &Outcome,
    is_stub: bool,
    is_head: bool,
    losses: &mut Vec<String>,
) -> Map<String, Value> {
    let mut printed = Map::new();
    let response = match outcome {
        Outcome::Answered(response) => response,
        Outcome::Failed(why) => {
            let known = FAULTS.iter().find(|fault| *fault == why);
            if known.is_none() {
                losses.push("why no answer came: the connection is reset instead".to_owned());
            }
            printed.insert("fault".to_owned(), (*known.unwrap_or(&FAULTS[0])).into());
            return printed;
        }
    };
    printed.insert("status".to_owned(), response.status.into());
    if let Some(reason) = response
        .reason
        .as_deref()
        .filter(|reason| is_stub || !reason.is_empty())
    {
        printed.insert("statusMessage".to_owned(), reason.into());
    }
    let headers = headers(response, is_stub, is_head, losses);
    if !headers.is_empty() {
        printed.insert("headers".to_owned(), Value::Object(headers));
    }
    if !response.trailers.is_empty() {
        losses.push("the trailers of the answer".to_owned());
    }
    if response.body.truncated_from.is_some() {
        losses.push("that the body of the answer was cut".to_owned());
    }
    match std::str::from_utf8(&response.body.bytes) {
        Ok("") => {}
        Ok(text) => {
            printed.insert("body".to_owned(), text.into());
        }
        Err(_) => {
            printed.insert(
                "base64Body".to_owned(),
                to_base64(&response.body.bytes).into(),
            );
        }
    }
    printed
}

/// Values by name, those of a recording fit for a server that frames its answers itself.
fn headers(
    response: &RecordedResponse,
    is_stub: bool,
    is_head: bool,
    losses: &mut Vec<String>,
) -> Map<String, Value> {
    let mut printed: Map<String, Value> = Map::new();
    let mut last = String::new();
    let is_decoded = response.body.is_decoded(&response.headers);
    for (name, value) in response.headers.iter() {
        let name = String::from_utf8_lossy(name);
        let lower = name.to_ascii_lowercase();
        let is_framing = match lower.as_str() {
            "transfer-encoding" => true,
            "content-length" => !is_head,
            "content-encoding" => is_decoded,
            _ => name.starts_with(':'),
        };
        if is_framing && !is_stub {
            continue;
        }
        if std::str::from_utf8(value).is_err() {
            losses.push(format!("bytes of the header {lower} that are no text"));
        }
        let value = Value::from(String::from_utf8_lossy(value));
        // One name in two cases is one header.
        let known = printed
            .keys()
            .find(|known| known.eq_ignore_ascii_case(&name))
            .cloned();
        match known {
            None => {
                printed.insert(name.into_owned(), value);
            }
            Some(known) => {
                if last != lower {
                    losses.push(format!("that the headers {lower} did not stand together"));
                }
                if let Some(slot) = printed.get_mut(&known) {
                    match slot {
                        Value::Array(values) => values.push(value),
                        one => *one = Value::Array(vec![one.take(), value]),
                    }
                }
            }
        }
        last = lower;
    }
    printed
}

/// The same request more than once: its answers in turn, the last one from then on.
fn chain(cassette: &Cassette, stubs: &mut [Map<String, Value>]) {
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    for (index, (interaction, stub)) in cassette.interactions.iter().zip(stubs.iter()).enumerate() {
        if interaction.pattern.is_none() {
            let request = stub
                .get("request")
                .map(ToString::to_string)
                .unwrap_or_default();
            groups.entry(request).or_default().push(index);
        }
    }
    for group in groups.into_values().filter(|group| group.len() > 1) {
        let name = format!(
            "{}-{}",
            group[0] + 1,
            stubs[group[0]]
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default()
        );
        let state = |turn: usize| {
            if turn == 0 {
                STARTED.to_owned()
            } else {
                format!("{name}-{}", turn + 1)
            }
        };
        for (turn, index) in group.iter().enumerate() {
            let scenario = Scenario {
                name: name.clone(),
                required: Some(state(turn)),
                then: (turn + 1 < group.len()).then(|| state(turn + 1)),
            };
            put_scenario(&mut stubs[*index], &scenario);
        }
    }
}

fn put_scenario(stub: &mut Map<String, Value>, scenario: &Scenario) {
    stub.insert("scenarioName".to_owned(), scenario.name.as_str().into());
    for (name, state) in [
        ("requiredScenarioState", &scenario.required),
        ("newScenarioState", &scenario.then),
    ] {
        if let Some(state) = state {
            stub.insert(name.to_owned(), state.as_str().into());
        }
    }
}

/// `post-accounts-clientlogin`.
fn name(interaction: &Interaction) -> String {
    let (path, _) = interaction.request.path_and_query();
    let words = format!("{} {path}", interaction.request.method).to_ascii_lowercase();
    let words: Vec<&str> = words
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.join("-")
}
