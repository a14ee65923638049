//! Simulations of Hoverfly, version 5: pairs of a pattern and an answer.
//!
//! A pair matches by fields, each with a list of matchers that all have to hold. States are a map; with one key, as
//! captured sequences have, it is a scenario, and the first state `1` of a `sequence:…` is `Started` here. What a
//! pair tells beyond that (delays, templates, labels, further states) is kept in
//! [`Provenance::extra`](crate::cassette::Provenance).
//!
//! Source: `core/handlers/v2/simulation_views_v5.go` and `core/matching/matchers`; cassettes.md 3.4.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Map, Value};

use super::{
    Format, Reading, Source, beside, example,
    json::{Fields, Lost, Outline, Report, Shape, base64, items},
};
use crate::{
    cassette::{
        Body, Criterion, Headers, Interaction, Outcome, Pattern, RecordedResponse, Scenario,
        Subject, Test,
    },
    error::Error,
};

const FORMAT: Format = Format::Hoverfly;

/// What a request has, in the order in which its criteria stand.
const FIELDS: &[(&str, Subject)] = &[
    ("method", Subject::Method),
    ("scheme", Subject::Scheme),
    ("destination", Subject::Host),
    ("path", Subject::Path),
    ("body", Subject::Body),
];

/// What has a name within a request.
type Named = fn(String) -> Subject;
const NAMED: &[(&str, Named)] = &[("query", Subject::Query), ("headers", Subject::Header)];

const REQUEST: &[&str] = &[
    "method",
    "scheme",
    "destination",
    "path",
    "body",
    "query",
    "headers",
    "requiresState",
    "deprecatedQuery",
];
const RESPONSE: &[&str] = &["status", "body", "bodyFile", "encodedBody", "headers"];

pub(super) fn is(source: &Source<'_>) -> bool {
    let outline = Outline::of(&source.bytes);
    !outline.is_array
        && (outline.has_as("data.pairs", Shape::Array)
            || outline.has("meta.schemaVersion") && outline.has_as("data", Shape::Object))
}

pub(super) fn read(source: &Source<'_>) -> Result<Reading, Error> {
    items(
        source,
        FORMAT,
        Some(&["data", "pairs"]),
        |value, index, report| pair(value, index, source, report),
        |name, value, cassette, report| {
            if name != "meta" {
                return;
            }
            let text = |name: &str| value.get(name).and_then(Value::as_str);
            cassette.recorded_with =
                text("hoverflyVersion").map(|version| format!("Hoverfly {version}"));
            if text("schemaVersion").is_some_and(|version| !version.starts_with("v5")) {
                report.note(
                    None,
                    "meta.schemaVersion",
                    "expected v5, got another; it is read as v5",
                );
            }
        },
    )
}

fn pair(
    value: &Value,
    index: usize,
    source: &Source<'_>,
    report: &mut Report<'_>,
) -> Result<Interaction, Lost> {
    let fields = Fields::of(value, "")?;
    let request = Fields::of(fields.need("request", fields.value("request"))?, "request")?;
    let response = Fields::of(
        fields.need("response", fields.value("response"))?,
        "response",
    )?;
    let mut extra = Map::new();
    let mut keep = |place: &str, name: &str, value: &Value| {
        extra.insert(format!("{place}{name}"), value.clone());
    };
    for (name, value) in fields.others(&["request", "response"]) {
        keep("", name, value);
    }
    for (name, value) in request.others(REQUEST) {
        keep("request.", name, value);
    }
    for (name, value) in response.others(RESPONSE) {
        keep("response.", name, value);
    }
    if response.bool("templated")?.unwrap_or_default() {
        let message = "expected a text, got a template, which is not filled in";
        report.note(Some(index + 1), "response.body", message);
    }

    let mut criteria = Vec::new();
    for (name, subject) in FIELDS {
        matchers(
            request.array(name)?,
            subject,
            &request.at(name),
            &mut criteria,
        )?;
    }
    for (group, of) in NAMED {
        for (name, value) in request.object(group)?.into_iter().flatten() {
            let place = request.at(group);
            let Some(listed) = value.as_array() else {
                return Err(Lost::kind(
                    place,
                    "an array of matchers for each name",
                    value,
                ));
            };
            matchers(listed, &of(name.clone()), &place, &mut criteria)?;
        }
    }
    for criterion in &criteria {
        if let Test::Foreign(name) = &criterion.test {
            let message =
                format!("expected matchers that are known here, got {name}: it matches nothing");
            report.note(Some(index + 1), "request", message);
        }
    }
    let scenario = scenario(&request, &response, &mut extra)?;
    let mut interaction = Interaction::of(
        example::of(&criteria),
        Outcome::Answered(answer(&response, source)?),
    );
    interaction.took = response
        .natural("fixedDelay")?
        .filter(|delay| *delay > 0)
        .map(Duration::from_millis);
    interaction.pattern = Some(Pattern {
        criteria,
        scenario,
        priority: 0,
    });
    interaction.provenance.extra = extra;
    Ok(interaction)
}

fn matchers(
    listed: &[Value],
    subject: &Subject,
    place: &str,
    criteria: &mut Vec<Criterion>,
) -> Result<(), Lost> {
    for item in listed {
        let fields = Fields::of(item, place)?;
        // The name may be left out, and some versions write it in other case.
        let name = fields
            .text("matcher")?
            .unwrap_or("exact")
            .to_ascii_lowercase();
        if name == "form" {
            for (field, value) in fields.object("value")?.into_iter().flatten() {
                let Some(listed) = value.as_array() else {
                    return Err(Lost::kind(
                        place,
                        "an array of matchers for each field of a form",
                        value,
                    ));
                };
                matchers(listed, &Subject::Form(field.clone()), place, criteria)?;
            }
            continue;
        }
        let value = fields.value("value");
        let text = || -> Result<String, Lost> {
            match value {
                Some(Value::String(text)) => Ok(text.clone()),
                // JSON may stand there as it is.
                Some(other @ (Value::Object(_) | Value::Number(_) | Value::Bool(_))) => {
                    Ok(other.to_string())
                }
                Some(other) => Err(Lost::kind(fields.at("value"), "a text", other)),
                None => Ok(String::new()),
            }
        };
        let json = |extra_members: bool| -> Result<Test, Lost> {
            let value = serde_json::from_str(&text()?)
                .map_err(|_| Lost::new(fields.at("value"), "expected JSON, got other text"))?;
            Ok(Test::Json {
                value,
                extra_members,
                ordered: true,
            })
        };
        // What is matched next is taken out of what was found first: no test here does that.
        let is_chain = fields.value("doMatch").is_some();
        let test = match name.as_str() {
            _ if is_chain => Test::Foreign(format!("{name} with doMatch")),
            "exact" => Test::Equals {
                text: text()?,
                ignore_case: false,
            },
            "glob" => Test::Glob(text()?),
            "regex" => Test::Matches(found(&text()?)),
            "json" => json(false)?,
            "jsonpartial" => json(true)?,
            "xml" => Test::Xml(text()?),
            "negate" => Test::DoesNotMatch(regex::escape(&text()?)),
            _ => Test::Foreign(name),
        };
        criteria.push(Criterion {
            subject: subject.clone(),
            test,
        });
    }
    Ok(())
}

/// Hoverfly looks for an expression anywhere; here all of a text has to match.
fn found(pattern: &str) -> String {
    let has_start = pattern.starts_with('^');
    let has_end = pattern.ends_with('$') && !pattern.ends_with("\\$");
    // Alternatives take the anchors with them: `^a|b$` is not `^(a|b)$`.
    if has_start && has_end && !pattern.contains('|') {
        return pattern.to_owned();
    }
    format!("(?s:.*)(?:{pattern})(?s:.*)")
}

fn scenario(
    request: &Fields<'_>,
    response: &Fields<'_>,
    extra: &mut Map<String, Value>,
) -> Result<Option<Scenario>, Lost> {
    let required = request.object("requiresState")?;
    let then = response.object("transitionsState")?;
    let names: Vec<&String> = required
        .into_iter()
        .chain(then)
        .flat_map(Map::keys)
        .collect();
    let Some(name) = names.first().copied() else {
        return Ok(None);
    };
    if names.iter().any(|other| *other != name) {
        // Several states at once are more than one scenario.
        if let Some(required) = required {
            extra.insert(
                "request.requiresState".to_owned(),
                Value::Object(required.clone()),
            );
        }
    }
    let state = |states: Option<&Map<String, Value>>| {
        let state = states?.get(name)?.as_str()?;
        let is_first = name.starts_with("sequence:") && state == "1";
        Some(if is_first { "Started" } else { state }.to_owned())
    };
    Ok(Some(Scenario {
        name: name.clone(),
        required: state(required),
        then: state(then),
    }))
}

fn answer(fields: &Fields<'_>, source: &Source<'_>) -> Result<RecordedResponse, Lost> {
    let status = fields.whole("status")?.unwrap_or(200);
    let status = u16::try_from(status)
        .ok()
        .filter(|status| (100..=999).contains(status));
    let status = status
        .ok_or_else(|| Lost::new("response.status", "expected 100 to 999, got another number"))?;
    let mut response = RecordedResponse::new(status);
    response.headers = headers(fields, source)?;
    let text = fields.text("body")?.unwrap_or_default();
    let is_coded = fields.bool("encodedBody")?.unwrap_or_default();
    let bytes = match fields.text("bodyFile")?.filter(|name| !name.is_empty()) {
        Some(name) => beside::read(source.folder, name, source.limits.body)
            .map_err(|message| Lost::new("response.bodyFile", message))?,
        None if is_coded => base64(text.as_bytes())
            .ok_or_else(|| Lost::new("response.body", "expected base64, got other text"))?
            .into(),
        None => Bytes::copy_from_slice(text.as_bytes()),
    };
    // Captured bodies are those of the wire; ones that were written by hand may be anything.
    response.body = Body::unknown(bytes);
    Ok(response)
}

fn headers(fields: &Fields<'_>, source: &Source<'_>) -> Result<Headers, Lost> {
    let mut headers = Headers::default();
    for (name, value) in fields.object("headers")?.into_iter().flatten() {
        let Some(values) = value.as_array() else {
            return Err(Lost::kind(
                "response.headers",
                "an array for each name",
                value,
            ));
        };
        for value in values {
            let Some(text) = value.as_str() else {
                return Err(Lost::kind("response.headers", "texts", value));
            };
            headers.push(name.clone(), text.to_owned());
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
