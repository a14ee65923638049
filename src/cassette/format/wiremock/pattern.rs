//! The `request` of a stub, and a [`Pattern`], both ways.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{
    super::json::{Fields, Lost, to_base64},
    matcher,
};
use crate::cassette::{Criterion, Subject, Test};

/// What a stub says of a request.
pub(super) struct Asked {
    pub(super) criteria: Vec<Criterion>,
    /// Matchers that have no test here, in the order of their [`Test::Foreign`].
    pub(super) foreign: Vec<Value>,
    /// Members that are kept as they are, by name.
    pub(super) extra: Map<String, Value>,
}

/// Matchers by the name of what they look at.
type Named = fn(String) -> Subject;
const NAMED: &[(&str, Named)] = &[
    ("queryParameters", Subject::Query),
    ("headers", Subject::Header),
    ("cookies", Subject::Cookie),
    ("formParameters", Subject::Form),
];

/// Members that say more than a criterion does, and are kept as they are.
const KEPT: &[&str] = &[
    "port",
    "clientIp",
    "multipartPatterns",
    "customMatcher",
    "pathParameters",
];

const REQUEST: &str = "request";

pub(super) fn parse(request: &Value) -> Result<Asked, Lost> {
    let fields = Fields::of(request, REQUEST)?;
    let mut asked = Asked {
        criteria: Vec::new(),
        foreign: Vec::new(),
        extra: Map::new(),
    };
    if let Some(method) = fields.text("method")?
        && method != "ANY"
    {
        asked.push(Subject::Method, equals(method));
    }
    if let Some(scheme) = fields.text("scheme")? {
        asked.push(Subject::Scheme, equals(scheme));
    }
    if let Some(host) = fields.value("host") {
        asked.matcher(&Subject::Host, host, "request.host")?;
    }
    asked.address(&fields)?;
    for (name, of) in NAMED {
        for (key, value) in fields.object(name)?.into_iter().flatten() {
            asked.matcher(&of(key.clone()), value, &fields.at(name))?;
        }
    }
    for name in ["basicAuth", "basicAuthCredentials"] {
        if let Some(value) = fields.value(name) {
            let inner = Fields::of(value, REQUEST)?;
            let part = |name: &str| inner.text(name).map(Option::unwrap_or_default);
            let credentials = format!("{}:{}", part("username")?, part("password")?);
            let value = format!("Basic {}", to_base64(credentials.as_bytes()));
            asked.push(Subject::Header("Authorization".to_owned()), equals(&value));
        }
    }
    for value in fields.array("bodyPatterns")? {
        asked.matcher(&Subject::Body, value, "request.bodyPatterns")?;
    }
    for name in KEPT {
        if let Some(value) = fields.value(name) {
            // What it looks at is unknown here, so it has to fail there.
            asked.extra.insert((*name).to_owned(), value.clone());
            if *name != "pathParameters" || !value.as_object().is_some_and(Map::is_empty) {
                asked.push(Subject::Url, Test::Foreign((*name).to_owned()));
            }
        }
    }
    Ok(asked)
}

/// The `request` of a stub again; what could not be said is told to `losses`.
pub(super) fn print(
    criteria: &[Criterion],
    foreign: &[Value],
    extra: &Map<String, Value>,
    losses: &mut Vec<String>,
) -> Map<String, Value> {
    let mut printed = Map::new();
    let mut foreign = foreign.iter();
    let mut bodies = Vec::new();
    let mut named: BTreeMap<(&str, &str), Vec<Value>> = BTreeMap::new();
    for Criterion { subject, test } in criteria {
        let matcher = match test {
            Test::Foreign(name) if KEPT.contains(&name.as_str()) && *subject == Subject::Url => {
                continue;
            }
            Test::Foreign(_) => foreign.next().cloned(),
            test => matcher::print(test),
        };
        let Some(matcher) = matcher else {
            losses.push("a criterion of another tool".to_owned());
            continue;
        };
        match subject {
            Subject::Method => {
                put_plain(&mut printed, "method", test, losses);
            }
            Subject::Scheme => put_plain(&mut printed, "scheme", test, losses),
            Subject::Host => {
                printed.insert("host".to_owned(), matcher);
            }
            Subject::Url | Subject::Path => put_address(&mut printed, subject, test, extra, losses),
            Subject::Query(name) => named
                .entry(("queryParameters", name))
                .or_default()
                .push(matcher),
            Subject::Header(name) => named.entry(("headers", name)).or_default().push(matcher),
            Subject::Cookie(name) => named.entry(("cookies", name)).or_default().push(matcher),
            Subject::Form(name) => named
                .entry(("formParameters", name))
                .or_default()
                .push(matcher),
            Subject::Body => bodies.push(matcher),
        }
    }
    for ((group, name), matchers) in named {
        let group = printed.entry(group).or_insert_with(|| json!({}));
        if let Value::Object(group) = group {
            group.insert(name.to_owned(), matcher::join(matchers));
        }
    }
    if !bodies.is_empty() {
        printed.insert("bodyPatterns".to_owned(), bodies.into());
    }
    for name in KEPT {
        if let Some(value) = extra.get(&format!("request.{name}")) {
            printed.insert((*name).to_owned(), value.clone());
        }
    }
    printed.entry("method").or_insert_with(|| "ANY".into());
    printed
}

impl Asked {
    fn push(&mut self, subject: Subject, test: Test) {
        self.criteria.push(Criterion { subject, test });
    }

    fn matcher(&mut self, subject: &Subject, value: &Value, place: &str) -> Result<(), Lost> {
        for test in matcher::parse(value, place)? {
            if matches!(test, Test::Foreign(_)) {
                self.foreign.push(value.clone());
            }
            self.push(subject.clone(), test);
        }
        Ok(())
    }

    fn address(&mut self, fields: &Fields<'_>) -> Result<(), Lost> {
        if let Some(url) = fields.text("url")? {
            self.push(Subject::Url, equals(url));
        }
        if let Some(pattern) = fields.text("urlPattern")? {
            self.push(Subject::Url, Test::Matches(pattern.to_owned()));
        }
        if let Some(path) = fields.text("urlPath")? {
            self.push(Subject::Path, equals(path));
        }
        if let Some(pattern) = fields.text("urlPathPattern")? {
            self.push(Subject::Path, Test::Matches(pattern.to_owned()));
        }
        if let Some(template) = fields.text("urlPathTemplate")? {
            self.push(Subject::Path, Test::Matches(untemplated(template)));
            self.extra
                .insert("urlPathTemplate".to_owned(), template.into());
        }
        Ok(())
    }
}

fn equals(text: &str) -> Test {
    Test::Equals {
        text: text.to_owned(),
        ignore_case: false,
    }
}

/// Method and scheme are a word, not a matcher.
fn put_plain(printed: &mut Map<String, Value>, name: &str, test: &Test, losses: &mut Vec<String>) {
    match test {
        Test::Equals { text, .. } => {
            printed.insert(name.to_owned(), text.as_str().into());
        }
        Test::Present => {}
        _ => losses.push(format!("the test of the {name}")),
    }
}

fn put_address(
    printed: &mut Map<String, Value>,
    subject: &Subject,
    test: &Test,
    extra: &Map<String, Value>,
    losses: &mut Vec<String>,
) {
    let is_path = *subject == Subject::Path;
    let template = extra.get("request.urlPathTemplate").and_then(Value::as_str);
    let (name, text) = match test {
        Test::Equals {
            text,
            ignore_case: false,
        } => (if is_path { "urlPath" } else { "url" }, text.clone()),
        Test::Matches(pattern) => {
            match template.filter(|template| is_path && untemplated(template) == *pattern) {
                Some(template) => ("urlPathTemplate", template.to_owned()),
                None => (
                    if is_path {
                        "urlPathPattern"
                    } else {
                        "urlPattern"
                    },
                    pattern.clone(),
                ),
            }
        }
        Test::Equals {
            text,
            ignore_case: true,
        } => (
            if is_path {
                "urlPathPattern"
            } else {
                "urlPattern"
            },
            format!("(?i){}", regex::escape(text)),
        ),
        Test::Contains(text) => (
            if is_path {
                "urlPathPattern"
            } else {
                "urlPattern"
            },
            format!(".*{}.*", regex::escape(text)),
        ),
        Test::Glob(_) => {
            let matcher = matcher::print(test);
            let pattern = matcher
                .as_ref()
                .and_then(|matcher| matcher["matches"].as_str())
                .unwrap_or_default();
            (
                if is_path {
                    "urlPathPattern"
                } else {
                    "urlPattern"
                },
                pattern.to_owned(),
            )
        }
        Test::Present => return,
        _ => {
            losses.push("the test of the address".to_owned());
            return;
        }
    };
    if super::URLS.iter().any(|url| printed.contains_key(*url)) {
        losses.push("a second test of the address".to_owned());
        return;
    }
    printed.insert(name.to_owned(), text.into());
}

/// A template as a regular expression: a variable takes one segment.
fn untemplated(template: &str) -> String {
    let mut pattern = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        pattern.push_str(&regex::escape(before));
        pattern.push_str("[^/]+");
        rest = after.split_once('}').map_or("", |(_, rest)| rest);
    }
    pattern + &regex::escape(rest)
}
