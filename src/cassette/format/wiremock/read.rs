//! Stubs read as interactions with a pattern.

use std::{path::Path, time::Duration};

use bytes::Bytes;
use serde_json::{Map, Value};

use super::{
    super::{
        Reading, Source, beside, example,
        json::{Fields, Lost, Outline, Report, Shape, base64, items},
    },
    FILES, FORMAT, PRIORITY, pattern,
};
use crate::{
    cassette::{Body, Headers, Interaction, Outcome, Pattern, RecordedResponse, Scenario},
    error::Error,
};

/// What a stub has of its own.
const STUB: &[&str] = &[
    "request",
    "response",
    "priority",
    "scenarioName",
    "requiredScenarioState",
    "newScenarioState",
];

/// What an answer has, as far as the model holds it.
const RESPONSE: &[&str] = &[
    "status",
    "statusMessage",
    "headers",
    "body",
    "jsonBody",
    "base64Body",
    "bodyFileName",
    "fault",
];

const BODIES: &[&str] = &["body", "jsonBody", "base64Body", "bodyFileName"];

pub(in crate::cassette::format) fn read(source: &Source<'_>) -> Result<Reading, Error> {
    let each =
        |value: &Value, index: usize, report: &mut Report<'_>| stub(value, index, source, report);
    let is_list = Outline::of(&source.bytes).has_as("mappings", Shape::Array);
    let path: Option<&[&str]> = is_list.then_some(&["mappings"]);
    items(source, FORMAT, path, each, |_, _, _, _| {})
}

fn stub(
    value: &Value,
    index: usize,
    source: &Source<'_>,
    report: &mut Report<'_>,
) -> Result<Interaction, Lost> {
    let fields = Fields::of(value, "")?;
    let nothing = Value::Object(Map::new());
    let asked = pattern::parse(fields.value("request").unwrap_or(&nothing))?;
    let response = Fields::of(fields.value("response").unwrap_or(&nothing), "response")?;
    let mut extra: Map<String, Value> = fields
        .others(STUB)
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    for (name, value) in asked.extra {
        extra.insert(format!("request.{name}"), value);
    }
    for (name, value) in response.others(RESPONSE) {
        extra.insert(format!("response.{name}"), value.clone());
    }
    if !asked.foreign.is_empty() {
        let names: Vec<&str> = asked
            .foreign
            .iter()
            .filter_map(Value::as_object)
            .filter_map(|matcher| matcher.keys().next().map(String::as_str))
            .collect();
        let message = format!(
            "expected matchers that are known here, got {}: they match nothing",
            names.join(", ")
        );
        report.note(Some(index + 1), "request", message);
        extra.insert("foreign".to_owned(), asked.foreign.into());
    }
    if response.value("proxyBaseUrl").is_some() {
        return Err(Lost::new(
            "response.proxyBaseUrl",
            "expected an answer, got an address to fetch one from",
        ));
    }
    let scenario = fields.text("scenarioName")?.map(str::to_owned);
    let state = |name: &str| Ok::<_, Lost>(fields.text(name)?.map(str::to_owned));
    let (required, then) = (state("requiredScenarioState")?, state("newScenarioState")?);
    let mut interaction = Interaction::of(
        example::of(&asked.criteria),
        outcome(&response, index, source, report)?,
    );
    interaction.took = response
        .natural("fixedDelayMilliseconds")?
        .map(Duration::from_millis);
    interaction.pattern = Some(Pattern {
        criteria: asked.criteria,
        scenario: scenario.map(|name| Scenario {
            name,
            required,
            then,
        }),
        priority: fields.whole("priority")?.unwrap_or(PRIORITY),
    });
    interaction.provenance.extra = extra;
    Ok(interaction)
}

fn outcome(
    fields: &Fields<'_>,
    index: usize,
    source: &Source<'_>,
    report: &mut Report<'_>,
) -> Result<Outcome, Lost> {
    if let Some(fault) = fields.text("fault")? {
        return Ok(Outcome::Failed(fault.to_owned()));
    }
    let status = fields.whole("status")?.unwrap_or(200);
    let status = u16::try_from(status)
        .ok()
        .filter(|status| (100..=999).contains(status));
    let status = status
        .ok_or_else(|| Lost::new("response.status", "expected 100 to 999, got another number"))?;
    let mut response = RecordedResponse::new(status);
    response.reason = fields.text("statusMessage")?.map(str::to_owned);
    response.headers = headers(fields, source)?;
    let given: Vec<&str> = BODIES
        .iter()
        .copied()
        .filter(|name| fields.value(name).is_some())
        .collect();
    if given.len() > 1 {
        let message = format!(
            "expected one body, got {}; the first counts",
            given.join(" and ")
        );
        report.note(Some(index + 1), "response", message);
    }
    // The format does not say whether a body is under the coding that its headers tell.
    response.body = Body::unknown(body(fields, source)?);
    Ok(Outcome::Answered(response))
}

fn headers(fields: &Fields<'_>, source: &Source<'_>) -> Result<Headers, Lost> {
    let mut headers = Headers::default();
    for (name, value) in fields.object("headers")?.into_iter().flatten() {
        let values = match value {
            Value::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        for value in values {
            match value {
                Value::String(text) => headers.push(name.clone(), text.clone()),
                Value::Number(_) | Value::Bool(_) => headers.push(name.clone(), value.to_string()),
                other => {
                    return Err(Lost::kind(
                        "response.headers",
                        "a text for each header",
                        other,
                    ));
                }
            }
        }
    }
    if headers.len() > source.limits.headers {
        let message = format!(
            "expected at most {} headers, got more",
            source.limits.headers
        );
        return Err(Lost::new("response.headers", message));
    }
    Ok(headers)
}

fn body(fields: &Fields<'_>, source: &Source<'_>) -> Result<Bytes, Lost> {
    if let Some(text) = fields.text("body")? {
        return Ok(Bytes::copy_from_slice(text.as_bytes()));
    }
    if let Some(value) = fields.value("jsonBody") {
        return Ok(value.to_string().into());
    }
    if let Some(text) = fields.text("base64Body")? {
        let bytes = base64(text.as_bytes());
        let bytes = bytes
            .ok_or_else(|| Lost::new("response.base64Body", "expected base64, got other text"))?;
        return Ok(bytes.into());
    }
    match fields.text("bodyFileName")? {
        Some(name) => {
            attached(name, source).map_err(|message| Lost::new("response.bodyFileName", message))
        }
        None => Ok(Bytes::new()),
    }
}

/// A file of `__files`: beside the file of the stub, or beside the folder `mappings` in which that lies.
fn attached(name: &str, source: &Source<'_>) -> Result<Bytes, &'static str> {
    let cap = source.limits.body;
    let folder = source.folder;
    let near = beside::read(
        folder.map(|folder| folder.join(FILES)).as_deref(),
        name,
        cap,
    );
    let above = folder
        .filter(|folder| folder.file_name().is_some_and(|name| name == "mappings"))
        .and_then(Path::parent)
        .map(|parent| parent.join(FILES));
    match (near, above) {
        (Err(_), Some(above)) => beside::read(Some(&above), name, cap),
        (near, _) => near,
    }
}
