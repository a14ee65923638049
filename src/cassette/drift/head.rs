//! Status and headers: whether they are there, not what they say.

use std::collections::BTreeSet;

use super::{
    found::{Drift, Level},
    settings::DriftSettings,
};
use crate::cassette::Headers;

/// Headers that come and go, or are made anew with every answer, and tell a client nothing about its request.
pub const EVER_CHANGING: &[&str] = &[
    "accept-ranges",
    "age",
    "alt-svc",
    "connection",
    "content-encoding",
    "content-length",
    "content-security-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "date",
    "etag",
    "expires",
    "keep-alive",
    "last-modified",
    "nel",
    "p3p",
    "report-to",
    "reporting-endpoints",
    "server",
    "server-timing",
    "strict-transport-security",
    "transfer-encoding",
    "vary",
    "via",
    "x-content-type-options",
    "x-frame-options",
    "x-xss-protection",
];

/// Headers by which clients go.
const LOAD_BEARING: &[&str] = &["location", "retry-after", "www-authenticate"];

pub(super) fn status(recorded: u16, live: u16) -> Vec<Drift> {
    if recorded == live {
        return Vec::new();
    }
    let level = if recorded / 100 == live / 100 {
        Level::Notable
    } else {
        Level::Breaking
    };
    let message = format!("expected {recorded}, got {live}");
    vec![Drift::new(level, "status", message)]
}

pub(super) fn headers(recorded: &Headers, live: &Headers, settings: &DriftSettings) -> Vec<Drift> {
    let mut found = media_type(recorded, live);
    let (before, now) = (names(recorded, settings), names(live, settings));
    for name in before.difference(&now) {
        let level = if LOAD_BEARING.contains(&name.as_str()) {
            Level::Breaking
        } else {
            Level::Notable
        };
        found.push(Drift::new(level, format!("header {name}"), GONE));
    }
    for name in now.difference(&before) {
        found.push(Drift::new(Level::Harmless, format!("header {name}"), NEW));
    }
    let (before, now) = (cookies(recorded), cookies(live));
    if !before.is_empty() && !now.is_empty() {
        for name in before.difference(&now) {
            found.push(Drift::new(Level::Notable, format!("cookie {name}"), GONE));
        }
        for name in now.difference(&before) {
            found.push(Drift::new(Level::Harmless, format!("cookie {name}"), NEW));
        }
    }
    let (before, now) = (challenges(recorded), challenges(live));
    if !before.is_empty() && !now.is_empty() && before != now {
        let list = |schemes: &BTreeSet<String>| {
            schemes
                .iter()
                .map(String::as_str)
                .collect::<Vec<_>>()
                .join(", ")
        };
        let message = format!("expected the scheme {}, got {}", list(&before), list(&now));
        found.push(Drift::new(
            Level::Breaking,
            "header www-authenticate",
            message,
        ));
    }
    found
}

fn media_type(recorded: &Headers, live: &Headers) -> Vec<Drift> {
    let field = "header content-type";
    match (recorded.media_type(), live.media_type()) {
        (before, now) if before == now => {}
        (Some(before), Some(now)) => {
            let message = format!("expected {before}, got {now}");
            return vec![Drift::new(Level::Breaking, field, message)];
        }
        (Some(before), None) => {
            return vec![Drift::new(
                Level::Notable,
                field,
                format!("expected {before}, got none"),
            )];
        }
        (None, now) => {
            let message = format!("expected none, got {}", now.unwrap_or_default());
            return vec![Drift::new(Level::Notable, field, message)];
        }
    }
    match (charset(recorded), charset(live)) {
        (Some(before), Some(now)) if before != now => {
            let message = format!("expected the charset {before}, got {now}");
            vec![Drift::new(Level::Notable, field, message)]
        }
        _ => Vec::new(),
    }
}

fn charset(headers: &Headers) -> Option<String> {
    let value = headers.text("content-type")?;
    value.split(';').skip(1).find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches('"').to_ascii_lowercase())
    })
}

fn names(headers: &Headers, settings: &DriftSettings) -> BTreeSet<String> {
    headers
        .iter()
        .map(|(name, _)| String::from_utf8_lossy(name).to_ascii_lowercase())
        .filter(|name| {
            name != "content-type"
                && !name.starts_with(':')
                && !EVER_CHANGING.contains(&name.as_str())
                && !settings
                    .ignore_headers
                    .iter()
                    .any(|ignored| ignored.eq_ignore_ascii_case(name))
        })
        .collect()
}

fn cookies(headers: &Headers) -> BTreeSet<String> {
    headers
        .all("set-cookie")
        .filter_map(|cookie| {
            let text = String::from_utf8_lossy(cookie);
            Some(text.split_once('=')?.0.trim().to_owned())
        })
        .collect()
}

fn challenges(headers: &Headers) -> BTreeSet<String> {
    headers
        .all("www-authenticate")
        .filter_map(|value| {
            let text = String::from_utf8_lossy(value);
            Some(text.split_whitespace().next()?.to_ascii_lowercase())
        })
        .collect()
}

const GONE: &str = "expected it, got none";
const NEW: &str = "expected none, got one";
