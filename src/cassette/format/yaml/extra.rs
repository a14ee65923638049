//! What a dialect knows beyond the model, by the path of its field: kept when read, put back when written.

use serde_json::{Map, Value as Json};

use super::{
    emit::Out,
    node::{Node, Scalar, Value, plain_name},
};

/// Keeps the members of `node` that are not in `known`, as `prefix` and their name.
pub(in crate::cassette::format) fn keep(
    extra: &mut Map<String, Json>,
    node: &Node,
    prefix: &str,
    known: &[&str],
) {
    for (key, value) in node.map().into_iter().flatten() {
        let Some(name) = key.scalar().map(plain_name) else {
            continue;
        };
        if !known.contains(&name) {
            extra.insert(format!("{prefix}{name}"), json(value));
        }
    }
}

/// The members that were kept under `prefix`, to be written; those of deeper levels and in `but` are not.
pub(in crate::cassette::format) fn kept<'e>(
    extra: &'e Map<String, Json>,
    prefix: &'e str,
    but: &'e [&str],
) -> impl Iterator<Item = (String, Out)> + 'e {
    extra.iter().filter_map(move |(path, value)| {
        let name = path.strip_prefix(prefix)?;
        let levels: &[&str] = match prefix {
            "" => &["request.", "response."],
            "request." | "response." => &["body."],
            _ => &[],
        };
        let deeper = levels.iter().any(|level| name.starts_with(level));
        (!deeper && !but.contains(&name)).then(|| (name.to_owned(), out(value)))
    })
}

/// As JSON, with what YAML takes for numbers and truth.
pub(in crate::cassette::format) fn json(node: &Node) -> Json {
    match &node.value {
        _ if node.is_null() => Json::Null,
        Value::Scalar(Scalar::Plain, text) => match text.as_str() {
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            number if is_whole(number) => number
                .parse::<i64>()
                .map_or_else(|_| Json::String(text.clone()), Json::from),
            _ => Json::String(text.clone()),
        },
        Value::Scalar(Scalar::Text, text) => Json::String(text.clone()),
        Value::Scalar(Scalar::Binary, text) => {
            let mut tagged = Map::new();
            tagged.insert(BINARY.to_owned(), Json::String(text.clone()));
            Json::Object(tagged)
        }
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(pairs) => pairs
            .iter()
            .filter_map(|(key, value)| Some((key.scalar()?.to_owned(), json(value))))
            .collect::<Map<_, _>>()
            .into(),
    }
}

fn out(value: &Json) -> Out {
    match value {
        Json::Null => Out::Null,
        Json::Bool(truth) => Out::Bare(truth.to_string()),
        Json::Number(number) if number.is_i64() || number.is_u64() => Out::Bare(number.to_string()),
        Json::Number(number) => Out::Text(number.to_string()),
        Json::String(text) => Out::Text(text.clone()),
        Json::Array(items) => Out::List(items.iter().map(out).collect()),
        Json::Object(members) => match members.get(BINARY) {
            Some(Json::String(text)) if members.len() == 1 => {
                match super::fields::from_base64(text, "") {
                    Ok(bytes) => Out::Binary(bytes),
                    Err(_) => Out::Text(text.clone()),
                }
            }
            _ => Out::Map(
                members
                    .iter()
                    .map(|(name, value)| (name.clone(), out(value)))
                    .collect(),
            ),
        },
    }
}

/// A number as it is printed: no sign of plus, no leading zeros.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty()
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && (digits == "0" || !digits.starts_with('0'))
        && text != "-0"
}

const BINARY: &str = "!!binary";
