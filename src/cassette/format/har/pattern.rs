//! The pattern of a stub as JSON, both ways.

use serde_json::{Map, Value, json};

use super::super::json::{Fields, Lost};
use crate::cassette::{Criterion, Pattern, Scenario, Subject, Test};

/// Subjects without a name of their own.
const PLAIN: &[(&str, Subject)] = &[
    ("method", Subject::Method),
    ("scheme", Subject::Scheme),
    ("host", Subject::Host),
    ("url", Subject::Url),
    ("path", Subject::Path),
    ("body", Subject::Body),
];

/// Subjects with one.
type Named = fn(String) -> Subject;
const NAMED: &[(&str, Named)] = &[
    ("query", Subject::Query),
    ("header", Subject::Header),
    ("cookie", Subject::Cookie),
    ("form", Subject::Form),
];

/// Tests of one text.
type OfText = fn(String) -> Test;
const TEXTS: &[(&str, OfText)] = &[
    ("contains", Test::Contains),
    ("lacks", Test::Lacks),
    ("matches", Test::Matches),
    ("doesNotMatch", Test::DoesNotMatch),
    ("glob", Test::Glob),
    ("xml", Test::Xml),
    ("foreign", Test::Foreign),
];

pub(super) fn print(pattern: &Pattern) -> Value {
    let mut printed = Map::new();
    let criteria: Vec<Value> = pattern.criteria.iter().map(print_criterion).collect();
    printed.insert("criteria".to_owned(), criteria.into());
    printed.insert("priority".to_owned(), pattern.priority.into());
    if let Some(scenario) = &pattern.scenario {
        printed.insert(
            "scenario".to_owned(),
            json!({"name": scenario.name, "required": scenario.required, "then": scenario.then}),
        );
    }
    Value::Object(printed)
}

pub(super) fn parse(value: &Value) -> Result<Pattern, Lost> {
    let fields = Fields::of(value, "pattern")?;
    let criteria = fields.array("criteria")?;
    let scenario = match fields.value("scenario") {
        None => None,
        Some(value) => {
            let fields = Fields::of(value, "pattern.scenario")?;
            let text = |name: &str| Ok(fields.text(name)?.map(str::to_owned));
            Some(Scenario {
                name: text("name")?.unwrap_or_default(),
                required: text("required")?,
                then: text("then")?,
            })
        }
    };
    Ok(Pattern {
        criteria: criteria
            .iter()
            .map(parse_criterion)
            .collect::<Result<_, Lost>>()?,
        scenario,
        priority: fields.whole("priority")?.unwrap_or_default(),
    })
}

fn print_criterion(criterion: &Criterion) -> Value {
    let (on, name) = match &criterion.subject {
        Subject::Query(name) => ("query", Some(name)),
        Subject::Header(name) => ("header", Some(name)),
        Subject::Cookie(name) => ("cookie", Some(name)),
        Subject::Form(name) => ("form", Some(name)),
        plain => {
            let row = PLAIN.iter().find(|(_, subject)| subject == plain);
            (row.map_or("", |(on, _)| on), None)
        }
    };
    let mut printed = Map::new();
    printed.insert("on".to_owned(), on.into());
    if let Some(name) = name {
        printed.insert("name".to_owned(), name.as_str().into());
    }
    let (test, value) = match &criterion.test {
        Test::Equals { text, ignore_case } => {
            if *ignore_case {
                printed.insert("ignoreCase".to_owned(), true.into());
            }
            ("equals", text.as_str().into())
        }
        Test::Contains(text) => ("contains", text.as_str().into()),
        Test::Lacks(text) => ("lacks", text.as_str().into()),
        Test::Matches(text) => ("matches", text.as_str().into()),
        Test::DoesNotMatch(text) => ("doesNotMatch", text.as_str().into()),
        Test::Glob(text) => ("glob", text.as_str().into()),
        Test::Xml(text) => ("xml", text.as_str().into()),
        Test::Foreign(text) => ("foreign", text.as_str().into()),
        Test::Json {
            value,
            extra_members,
            ordered,
        } => {
            printed.insert("extraMembers".to_owned(), (*extra_members).into());
            printed.insert("ordered".to_owned(), (*ordered).into());
            ("json", value.clone())
        }
        Test::Present => ("present", true.into()),
        Test::Absent => ("present", false.into()),
    };
    printed.insert(test.to_owned(), value);
    Value::Object(printed)
}

fn parse_criterion(value: &Value) -> Result<Criterion, Lost> {
    let fields = Fields::of(value, "pattern.criteria")?;
    let on = fields.need("on", fields.text("on")?)?;
    let name = fields.text("name")?.unwrap_or_default();
    let plain = PLAIN
        .iter()
        .find(|(row, _)| *row == on)
        .map(|(_, subject)| subject.clone());
    let named = || {
        NAMED
            .iter()
            .find(|(row, _)| *row == on)
            .map(|(_, of)| of(name.to_owned()))
    };
    let subject = plain.or_else(named).ok_or_else(|| {
        Lost::new(
            fields.at("on"),
            "expected a piece of a request, got another word",
        )
    })?;
    Ok(Criterion {
        subject,
        test: parse_test(&fields)?,
    })
}

fn parse_test(fields: &Fields<'_>) -> Result<Test, Lost> {
    for (name, of) in TEXTS {
        if let Some(text) = fields.text(name)? {
            return Ok(of(text.to_owned()));
        }
    }
    if let Some(text) = fields.text("equals")? {
        return Ok(Test::Equals {
            text: text.to_owned(),
            ignore_case: fields.bool("ignoreCase")?.unwrap_or_default(),
        });
    }
    match fields.bool("present")? {
        Some(true) => return Ok(Test::Present),
        Some(false) => return Ok(Test::Absent),
        None => {}
    }
    // A null is a value here.
    let value = fields
        .iter()
        .find(|(name, _)| *name == "json")
        .map(|(_, value)| value);
    Ok(Test::Json {
        value: fields.need("json", value)?.clone(),
        extra_members: fields.bool("extraMembers")?.unwrap_or_default(),
        ordered: fields.bool("ordered")?.unwrap_or_default(),
    })
}
