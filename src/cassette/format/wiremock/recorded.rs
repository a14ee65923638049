//! What a stub should ask for in place of a request that somebody sent.
//!
//! Timestamps, nonces and signatures differ in every run, and secrets are not in a recording: of the first nothing is
//! asked, of the second that they are there. `Authorization` has to be of the same scheme. A body is compared by what
//! it means, as far as its media type tells.

use serde_json::{Value, json};
use url::form_urlencoded;

use super::matcher;
use crate::cassette::{Criterion, KNOWN, Place, RecordedRequest, Role, Subject, Test};

/// Headers that change what is asked for; others are not looked at.
const TELLING: &[&str] = &[
    "if-match",
    "if-none-match",
    "x-http-method-override",
    "range",
];

/// Headers that say how, not what.
const SILENT: &[&str] = &[
    "authorization",
    "content-type",
    "content-length",
    "host",
    "connection",
    "transfer-encoding",
];

/// The criteria; matchers that no [`Test`] stands for; and what is not asked for.
pub(super) struct Asked {
    pub(super) criteria: Vec<Criterion>,
    pub(super) foreign: Vec<Value>,
    pub(super) losses: Vec<String>,
}

pub(super) fn of(request: &RecordedRequest) -> Asked {
    let mut asked = Asked {
        criteria: Vec::new(),
        foreign: Vec::new(),
        losses: Vec::new(),
    };
    let (path, query) = request.path_and_query();
    asked.push(Subject::Method, equals(&request.method));
    asked.push(
        Subject::Path,
        equals(if path.is_empty() { "/" } else { path }),
    );
    asked.params(query.unwrap_or_default(), Subject::Query);
    if let Some(value) = request.headers.text("authorization") {
        let scheme = value.split([' ', '\t']).next().unwrap_or_default();
        let pattern = format!("(?is){}(\\s.*)?", regex::escape(scheme));
        asked.push(
            Subject::Header("Authorization".to_owned()),
            Test::Matches(pattern),
        );
    }
    let mut ignored = Vec::new();
    for (name, value) in request.headers.iter() {
        let name = String::from_utf8_lossy(name);
        let lower = name.to_ascii_lowercase();
        if TELLING.contains(&lower.as_str()) {
            asked.push(
                Subject::Header(name.into_owned()),
                equals(&String::from_utf8_lossy(value)),
            );
        } else if !SILENT.contains(&lower.as_str()) && !ignored.contains(&lower) {
            ignored.push(lower);
        }
    }
    if !ignored.is_empty() {
        asked.losses.push(format!(
            "request headers that are not asked for: {}",
            ignored.join(", ")
        ));
    }
    asked.body(request);
    asked
}

impl Asked {
    fn push(&mut self, subject: Subject, test: Test) {
        self.criteria.push(Criterion { subject, test });
    }

    fn foreign(&mut self, subject: Subject, name: &str, matcher: Value) {
        self.foreign.push(matcher);
        self.push(subject, Test::Foreign(name.to_owned()));
    }

    fn params(&mut self, text: &str, subject: fn(String) -> Subject) {
        let mut params: Vec<(String, Vec<String>)> = Vec::new();
        for (name, value) in form_urlencoded::parse(text.as_bytes()) {
            match params.iter_mut().find(|(known, _)| *known == name) {
                Some((_, values)) => values.push(value.into_owned()),
                None => params.push((name.into_owned(), vec![value.into_owned()])),
            }
        }
        for (name, values) in params {
            let known = KNOWN
                .iter()
                .find(|known| known.place == Place::Param && known.name == name);
            match (known.map(|known| known.role), &values[..]) {
                (Some(Role::Volatile), _) => {}
                (Some(Role::Secret(_) | Role::Echoed), _) => {
                    self.push(subject(name), Test::Present);
                }
                (None, [value]) => self.push(subject(name), equals(value)),
                (None, values) => {
                    let exactly: Vec<Value> = values
                        .iter()
                        .map(|value| json!({"equalTo": value}))
                        .collect();
                    self.foreign(subject(name), "hasExactly", json!({"hasExactly": exactly}));
                }
            }
        }
    }

    fn body(&mut self, request: &RecordedRequest) {
        let bytes = &request.body.bytes;
        if bytes.is_empty() {
            return;
        }
        let media = request.headers.media_type().unwrap_or_default();
        let header = || Subject::Header("Content-Type".to_owned());
        let is_coded = request.headers.first("content-encoding").is_some();
        let Ok(text) = std::str::from_utf8(bytes) else {
            if media.starts_with("multipart/") {
                return self.multipart(header());
            }
            return self.foreign(Subject::Body, "binaryEqualTo", matcher::of_bytes(bytes));
        };
        let json = || serde_json::from_str::<Value>(text).ok();
        match media.as_str() {
            _ if is_coded => self.push(Subject::Body, equals(text)),
            "application/x-www-form-urlencoded" => {
                self.push(header(), Test::Contains(media.clone()));
                self.params(text, Subject::Form);
            }
            json_type if json_type == "application/json" || json_type.ends_with("+json") => {
                match json() {
                    Some(value) => self.push(
                        Subject::Body,
                        Test::Json {
                            value,
                            extra_members: false,
                            ordered: true,
                        },
                    ),
                    None => self.push(Subject::Body, equals(text)),
                }
            }
            xml if matches!(xml, "application/xml" | "text/xml") || xml.ends_with("+xml") => {
                self.push(Subject::Body, Test::Xml(text.to_owned()));
            }
            multipart if multipart.starts_with("multipart/") => self.multipart(header()),
            _ => self.push(Subject::Body, equals(text)),
        }
    }

    /// Its boundary differs in every run, and a part is no text of its own.
    fn multipart(&mut self, header: Subject) {
        self.push(header, Test::Contains("multipart/".to_owned()));
        self.losses
            .push("the multipart body of the request, which is not asked for".to_owned());
    }
}

fn equals(text: &str) -> Test {
    Test::Equals {
        text: text.to_owned(),
        ignore_case: false,
    }
}
