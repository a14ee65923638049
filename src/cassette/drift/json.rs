//! The shape of JSON: members by path, elements of an array taken together.

use std::borrow::Cow;

use serde_json::Value;

use super::shape::{Kind, Shape};

/// `None` for what is not JSON; nesting is bounded by the parser.
pub(super) fn shape(bytes: &[u8]) -> Option<Shape> {
    // Google put this before JSON, so that no script could take it for its own.
    let bytes = bytes.strip_prefix(b")]}'").unwrap_or(bytes);
    let value: Value = serde_json::from_slice(bytes).ok()?;
    let mut shape = Shape::default();
    walk(&value, "", "$", &mut shape);
    Some(shape)
}

fn walk(value: &Value, parent: &str, path: &str, shape: &mut Shape) {
    let (kind, looks) = looks(value);
    shape.see(parent, path, kind, &looks);
    match value {
        Value::Array(elements) => {
            let below = format!("{path}[]");
            for element in elements {
                walk(element, path, &below, shape);
            }
        }
        Value::Object(members) => {
            for (name, member) in members {
                walk(member, path, &step(path, name), shape);
            }
        }
        _ => {}
    }
}

fn looks(value: &Value) -> (Kind, Cow<'static, str>) {
    match value {
        Value::Null => (Kind::Null, "null".into()),
        Value::Bool(_) => (Kind::Bool, "a boolean".into()),
        Value::Number(number) if number.is_f64() => (Kind::Number, "a number".into()),
        Value::Number(_) => (Kind::Integer, "an integer".into()),
        Value::String(text) => (
            Kind::String,
            format!("a string of {}", text.chars().count()).into(),
        ),
        Value::Array(elements) => (
            Kind::Array,
            format!("an array of {}", elements.len()).into(),
        ),
        Value::Object(_) => (Kind::Object, "an object".into()),
    }
}

fn step(path: &str, name: &str) -> String {
    let plain = |at: char| at.is_ascii_alphanumeric() || "_-$".contains(at);
    if !name.is_empty() && name.chars().all(plain) && name.len() <= LONGEST {
        return format!("{path}.{name}");
    }
    let shown: String = name.chars().take(LONGEST).collect();
    format!("{path}[{shown:?}]")
}

/// Of a name, so much is shown.
const LONGEST: usize = 80;
