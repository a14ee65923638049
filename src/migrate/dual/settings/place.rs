//! Where in a text something stands, as a person looks for it: line, table, key.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// What is wrong, and where.
#[derive(Debug)]
pub(super) struct Fault {
    span: Option<Range<usize>>,
    message: String,
}

/// The most characters of a message: it may quote what it found.
const MAX_MESSAGE: usize = 300;

/// What to write where a key has to be and is not.
const MISSING: &[(&str, &str)] = &[
    (
        "otherwise",
        "expected a table [otherwise] at the end, for what no rule takes, with a line prefer = \"old\" or \
         prefer = \"new\"; there is none",
    ),
    (
        "prefer",
        "expected a line prefer = \"old\" or prefer = \"new\", there is none",
    ),
    (
        "old",
        "expected both fields of a pair, such as { old = \"/feed/entry[*]/title\", new = \"/items/*/snippet/title\" }, \
         there is no old",
    ),
    (
        "new",
        "expected both fields of a pair, such as { old = \"/feed/entry[*]/title\", new = \"/items/*/snippet/title\" }, \
         there is no new",
    ),
];

impl Fault {
    pub(super) fn whole(message: impl Into<String>) -> Self {
        Self {
            span: None,
            message: message.into(),
        }
    }

    pub(super) fn at<T>(place: &Spanned<T>, message: impl Into<String>) -> Self {
        Self {
            span: Some(place.span()),
            message: message.into(),
        }
    }

    pub(super) fn of(cause: &toml::de::Error) -> Self {
        let line = cause.message().lines().next().unwrap_or_default();
        let missing = MISSING
            .iter()
            .find(|(key, _)| line == format!("missing field `{key}`"));
        Self {
            // What is missing of the whole text is missing at no line of it.
            span: match missing {
                Some(("otherwise", _)) => None,
                _ => cause.span(),
            },
            message: match missing {
                Some((_, what)) => (*what).to_owned(),
                None => line.chars().take(MAX_MESSAGE).collect(),
            },
        }
    }

    /// `line 12, [[rule]] 2, percent: expected 0 to 100, got 140`.
    pub(super) fn told(&self, text: &str) -> String {
        let Some(span) = &self.span else {
            return self.message.clone();
        };
        let before = text.as_bytes().get(..span.start).unwrap_or_default();
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        let mut steps = vec![format!("line {line}")];
        // What is no TOML has a line, and nothing more.
        if let Ok(document) = DeTable::parse(text) {
            let within = document.get_ref();
            if let Some(path) = in_table(within, span.start, true) {
                steps.extend(path.into_iter().rev());
            }
        }
        format!("{}: {}", steps.join(", "), self.message)
    }
}

/// The steps to a place, the innermost first.
fn in_table(table: &DeTable<'_>, at: usize, top: bool) -> Option<Vec<String>> {
    table.iter().find_map(|(key, value)| {
        let name = key.get_ref();
        let found = within(name, value, at, top);
        let here = || key.span().contains(&at) || value.span().contains(&at);
        found.or_else(|| here().then(|| vec![shown(name, value.get_ref(), top)]))
    })
}

fn within(name: &str, value: &Spanned<DeValue<'_>>, at: usize, top: bool) -> Option<Vec<String>> {
    match value.get_ref() {
        DeValue::Table(table) => {
            let mut path = in_table(table, at, false)?;
            path.push(shown(name, value.get_ref(), top));
            Some(path)
        }
        DeValue::Array(items) => items.iter().enumerate().find_map(|(number, item)| {
            let step = format!("{} {}", shown(name, value.get_ref(), top), number + 1);
            let inner = match item.get_ref() {
                DeValue::Table(table) => in_table(table, at, false),
                _ => None,
            };
            match inner {
                Some(mut path) => {
                    path.push(step);
                    Some(path)
                }
                None => item.span().contains(&at).then(|| vec![step]),
            }
        }),
        _ => None,
    }
}

/// A table as its head is written.
fn shown(name: &str, value: &DeValue<'_>, top: bool) -> String {
    let name: String = name.chars().take(100).collect();
    match value {
        DeValue::Table(_) if top => format!("[{name}]"),
        DeValue::Array(items) if top && items.iter().any(|item| item.get_ref().is_table()) => {
            format!("[[{name}]]")
        }
        _ => name,
    }
}
