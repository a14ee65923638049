//! One matcher as WireMock writes it, and as a [`Test`]; printing and reading are neighbours.

use serde_json::{Map, Value, json};

use super::super::json::{Lost, base64, to_base64};
use crate::cassette::Test;

/// How it is said that something is there, whatever it is.
const PRESENT: &str = "(?s).*";

/// Matchers of one text without further members.
type OfText = fn(String) -> Test;
const SIMPLE: &[(&str, OfText)] = &[
    ("contains", Test::Contains),
    ("doesNotContain", Test::Lacks),
    ("doesNotMatch", Test::DoesNotMatch),
];

/// The tests that a matcher makes: several of an `and`. A foreign one is named; its text stays with the caller.
pub(super) fn parse(matcher: &Value, place: &str) -> Result<Vec<Test>, Lost> {
    let Some(members) = matcher.as_object() else {
        return Err(Lost::kind(place, "a matcher", matcher));
    };
    let flag = |name: &str| {
        members
            .get(name)
            .and_then(Value::as_bool)
            .unwrap_or_default()
    };
    let text = |name: &str| -> Result<Option<String>, Lost> {
        match members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            // A number or a word stands for its text.
            Some(plain @ (Value::Number(_) | Value::Bool(_))) => Ok(Some(plain.to_string())),
            Some(other) => Err(Lost::kind(format!("{place}.{name}"), "a text", other)),
        }
    };
    if let Some(inner) = members.get("and") {
        let Some(inner) = inner.as_array() else {
            return Err(Lost::kind(format!("{place}.and"), "an array", inner));
        };
        let parsed: Result<Vec<_>, Lost> = inner.iter().map(|each| parse(each, place)).collect();
        return Ok(parsed?.into_iter().flatten().collect());
    }
    for (name, of) in SIMPLE {
        if let Some(text) = text(name)? {
            return Ok(vec![of(text)]);
        }
    }
    if let Some(text) = text("equalTo")? {
        let ignore_case = flag("caseInsensitive");
        return Ok(vec![Test::Equals { text, ignore_case }]);
    }
    if let Some(text) = text("matches")? {
        return Ok(vec![if text == PRESENT {
            Test::Present
        } else {
            Test::Matches(text)
        }]);
    }
    if let Some(absent) = members.get("absent") {
        return Ok(vec![if *absent == Value::Bool(false) {
            Test::Present
        } else {
            Test::Absent
        }]);
    }
    if let Some(value) = members.get("equalToJson") {
        // As a text of JSON, or as it is.
        let value = match value {
            Value::String(text) => serde_json::from_str(text).map_err(|_| {
                Lost::new(
                    format!("{place}.equalToJson"),
                    "expected JSON, got other text",
                )
            })?,
            value => value.clone(),
        };
        return Ok(vec![Test::Json {
            value,
            extra_members: flag("ignoreExtraElements"),
            ordered: !flag("ignoreArrayOrder"),
        }]);
    }
    if let Some(xml) = text("equalToXml")?
        && !flag("enablePlaceholders")
    {
        return Ok(vec![Test::Xml(xml)]);
    }
    if let Some(text) = text("binaryEqualTo")? {
        let bytes = base64(text.as_bytes());
        let bytes = bytes.ok_or_else(|| {
            Lost::new(
                format!("{place}.binaryEqualTo"),
                "expected base64, got other text",
            )
        })?;
        // Bytes that are a text are one; others have no test here.
        if let Ok(text) = String::from_utf8(bytes) {
            let ignore_case = false;
            return Ok(vec![Test::Equals { text, ignore_case }]);
        }
    }
    let name = members.keys().next().map_or("", String::as_str);
    Ok(vec![Test::Foreign(name.to_owned())])
}

/// A test as a matcher; `None` for a foreign one.
pub(super) fn print(test: &Test) -> Option<Value> {
    Some(match test {
        Test::Equals {
            text,
            ignore_case: false,
        } => json!({"equalTo": text}),
        Test::Equals {
            text,
            ignore_case: true,
        } => json!({"equalTo": text, "caseInsensitive": true}),
        Test::Contains(text) => json!({"contains": text}),
        Test::Lacks(text) => json!({"doesNotContain": text}),
        Test::Matches(text) => json!({"matches": text}),
        Test::DoesNotMatch(text) => json!({"doesNotMatch": text}),
        Test::Glob(glob) => json!({"matches": unglobbed(glob)}),
        Test::Json {
            value,
            extra_members,
            ordered,
        } => {
            // As a text: a bare null or word of JSON is no matcher otherwise.
            let mut matcher = Map::new();
            matcher.insert("equalToJson".to_owned(), value.to_string().into());
            if !ordered {
                matcher.insert("ignoreArrayOrder".to_owned(), true.into());
            }
            if *extra_members {
                matcher.insert("ignoreExtraElements".to_owned(), true.into());
            }
            Value::Object(matcher)
        }
        Test::Xml(text) => json!({"equalToXml": text}),
        Test::Present => json!({"matches": PRESENT}),
        Test::Absent => json!({"absent": true}),
        Test::Foreign(_) => return None,
    })
}

/// Several tests of one piece as one matcher.
pub(super) fn join(mut matchers: Vec<Value>) -> Value {
    if matchers.len() == 1 {
        matchers.remove(0)
    } else {
        json!({"and": matchers})
    }
}

/// A matcher of a body that is no text.
pub(super) fn of_bytes(bytes: &[u8]) -> Value {
    json!({"binaryEqualTo": to_base64(bytes)})
}

/// A glob as a regular expression.
fn unglobbed(glob: &str) -> String {
    let pieces: Vec<String> = glob.split('*').map(regex::escape).collect();
    pieces.join("(?s:.*)")
}
