//! Stubs: interactions that hold a pattern instead of a request (WireMock, Hoverfly), with priority and states.

use std::collections::HashMap;

use regex::{Regex, RegexBuilder};
use serde_json::Value;

use crate::{
    cassette::{
        Criterion, Pattern, Subject, Test,
        explain::Tick,
        meaning::{Meaning, Rules, View, Whereto},
    },
    wire::query::Pairs,
};

/// A pattern, ready to be asked.
pub(super) struct Stub {
    pub(super) interaction: usize,
    pattern: Pattern,
    /// Beside the criteria: the compiled expression, where there is one.
    expressions: Vec<Option<Regex>>,
    later_first: bool,
}

/// What a stub looks at, read once for all stubs.
pub(super) struct Seen<'v> {
    view: &'v View<'v>,
    query: Pairs,
    form: Pairs,
}

impl<'v> Seen<'v> {
    pub(super) fn of(view: &'v View<'v>) -> Self {
        let text = std::str::from_utf8(&view.body).unwrap_or_default();
        Self {
            query: Pairs::parse(view.query).unwrap_or_default(),
            form: Pairs::parse(text).unwrap_or_default(),
            view,
        }
    }
}

impl Stub {
    /// `later_first`: of two stubs of one priority the one that was added last answers, as in WireMock.
    pub(super) fn new(interaction: usize, pattern: &Pattern, later_first: bool) -> Self {
        let expression = |criterion: &Criterion| match &criterion.test {
            Test::Matches(text) | Test::DoesNotMatch(text) => compiled(text),
            Test::Glob(text) => {
                let pieces: Vec<String> = text.split('*').map(regex::escape).collect();
                compiled(&pieces.join(".*"))
            }
            _ => None,
        };
        Self {
            interaction,
            expressions: pattern.criteria.iter().map(expression).collect(),
            pattern: pattern.clone(),
            later_first,
        }
    }

    /// Lower goes first.
    pub(super) fn rank(&self) -> (i64, i64) {
        let place = i64::try_from(self.interaction).unwrap_or(i64::MAX);
        let place = if self.later_first { -place } else { place };
        (self.pattern.priority, place)
    }

    pub(super) fn holds(&self, seen: &Seen<'_>, states: &HashMap<String, String>) -> bool {
        let state = self.pattern.scenario.as_ref().is_none_or(|scenario| {
            let now = states.get(&scenario.name).map_or(STARTED, String::as_str);
            scenario
                .required
                .as_deref()
                .is_none_or(|required| required == now)
        });
        let criteria = self.pattern.criteria.iter().zip(&self.expressions);
        state
            && criteria
                .into_iter()
                .all(|(criterion, expression)| test(criterion, expression.as_ref(), seen))
    }

    /// Moves the state machine after an answer.
    pub(super) fn played(&self, states: &mut HashMap<String, String>) {
        if let Some(scenario) = &self.pattern.scenario
            && let Some(then) = &scenario.then
        {
            states.insert(scenario.name.clone(), then.clone());
        }
    }

    /// Each criterion by itself, and the state.
    pub(super) fn ticks(&self, seen: &Seen<'_>, states: &HashMap<String, String>) -> Vec<Tick> {
        let criteria = self.pattern.criteria.iter().zip(&self.expressions);
        let mut ticks: Vec<Tick> = criteria
            .map(|(criterion, expression)| Tick {
                name: name(&criterion.subject),
                agrees: test(criterion, expression.as_ref(), seen),
                recorded: Some(asked(&criterion.test)),
                came: values(&criterion.subject, seen).into_iter().next().map(
                    |value| match is_open(&criterion.subject) {
                        true => value,
                        false => format!("({} characters)", value.chars().count()),
                    },
                ),
            })
            .collect();
        if let Some(scenario) = &self.pattern.scenario
            && let Some(required) = &scenario.required
        {
            let now = states.get(&scenario.name).map_or(STARTED, String::as_str);
            ticks.push(Tick {
                name: format!("state of {}", scenario.name),
                agrees: now == required,
                recorded: Some(required.clone()),
                came: Some(now.to_owned()),
            });
        }
        ticks
    }
}

fn compiled(text: &str) -> Option<Regex> {
    // All of the value, as Java's `matches` asks; a pattern from a file may not take all memory.
    RegexBuilder::new(&format!("(?s)^(?:{text})$"))
        .size_limit(1 << 20)
        .build()
        .ok()
}

fn test(criterion: &Criterion, expression: Option<&Regex>, seen: &Seen<'_>) -> bool {
    let values = values(&criterion.subject, seen);
    let any = |holds: &dyn Fn(&str) -> bool| values.iter().any(|value| holds(value));
    let is_method = criterion.subject == Subject::Method;
    match &criterion.test {
        Test::Equals { text, ignore_case } => any(&|value| match ignore_case | is_method {
            true => value.to_lowercase() == text.to_lowercase(),
            false => value == text,
        }),
        Test::Contains(text) => any(&|value| value.contains(text.as_str())),
        Test::Lacks(text) => !values.is_empty() && !any(&|value| value.contains(text.as_str())),
        Test::Matches(_) | Test::Glob(_) => {
            expression.is_some_and(|expression| any(&|value| expression.is_match(value)))
        }
        Test::DoesNotMatch(_) => {
            expression.is_some_and(|expression| !any(&|value| expression.is_match(value)))
        }
        Test::Json {
            value: wanted,
            extra_members,
            ordered,
        } => any(&|value| {
            serde_json::from_str::<Value>(value)
                .is_ok_and(|value| is_json(wanted, &value, *extra_members, *ordered))
        }),
        Test::Xml(wanted) => any(&|value| is_xml(wanted, value)),
        Test::Present => !values.is_empty(),
        Test::Absent => values.is_empty(),
        Test::Foreign(_) => false,
    }
}

/// Every value of a piece; none when it is not there.
fn values(subject: &Subject, seen: &Seen<'_>) -> Vec<String> {
    let view = seen.view;
    let all = |pairs: &Pairs, name: &str| pairs.all(name).map(str::to_owned).collect();
    let target = || match view.query {
        "" => view.path.to_owned(),
        query => format!("{}?{query}", view.path),
    };
    match subject {
        Subject::Method => vec![view.method.to_owned()],
        Subject::Scheme => match &view.origin {
            Whereto::Origin(origin) => vec![origin.scheme().to_owned()],
            _ => Vec::new(),
        },
        Subject::Host => match &view.origin {
            Whereto::Origin(origin) => vec![origin.host_header()],
            Whereto::Host(host) => vec![host.clone()],
            Whereto::Any => Vec::new(),
        },
        Subject::Url => vec![target()],
        Subject::Path => vec![view.path.to_owned()],
        Subject::Query(name) => all(&seen.query, name),
        Subject::Form(name) => all(&seen.form, name),
        Subject::Header(name) => {
            let lines = view.headers.all(&name.to_ascii_lowercase());
            lines
                .into_iter()
                .map(|line| String::from_utf8_lossy(line).into_owned())
                .collect()
        }
        Subject::Cookie(name) => {
            let lines = view.headers.all("cookie");
            let text = |line: &[u8]| String::from_utf8_lossy(line).into_owned();
            let mut found = Vec::new();
            for line in lines.into_iter().map(text) {
                let cookies = line
                    .split(';')
                    .filter_map(|cookie| cookie.trim().split_once('='));
                found.extend(
                    cookies
                        .filter(|(one, _)| one == name)
                        .map(|(_, value)| value.to_owned()),
                );
            }
            found
        }
        Subject::Body => match view.body.is_empty() {
            true => Vec::new(),
            false => vec![String::from_utf8_lossy(&view.body).into_owned()],
        },
    }
}

fn is_json(wanted: &Value, value: &Value, extra: bool, ordered: bool) -> bool {
    match (wanted, value) {
        (Value::Object(wanted), Value::Object(value)) => {
            (extra || wanted.len() == value.len())
                && wanted.iter().all(|(name, wanted)| {
                    value
                        .get(name)
                        .is_some_and(|value| is_json(wanted, value, extra, ordered))
                })
        }
        (Value::Array(wanted), Value::Array(value)) if ordered => {
            wanted.len() == value.len()
                && wanted
                    .iter()
                    .zip(value)
                    .all(|(wanted, value)| is_json(wanted, value, extra, ordered))
        }
        (Value::Array(wanted), Value::Array(value)) => {
            let mut left: Vec<&Value> = value.iter().collect();
            wanted.len() == value.len()
                && wanted.iter().all(|wanted| {
                    let at = left
                        .iter()
                        .position(|value| is_json(wanted, value, extra, ordered));
                    at.map(|at| left.swap_remove(at)).is_some()
                })
        }
        (Value::Number(wanted), Value::Number(value)) => wanted.as_f64() == value.as_f64(),
        (wanted, value) => wanted == value,
    }
}

/// Two documents by what they say: as bodies of two requests.
fn is_xml(wanted: &str, value: &str) -> bool {
    let meaning = |text: &str| {
        let mut request = crate::cassette::RecordedRequest::new("POST", "/");
        request.headers.push("content-type", "application/xml");
        request.body = crate::cassette::Body::decoded(text.to_owned());
        Meaning::of_view(&View::recorded(&request), &Rules::default())
    };
    meaning(wanted).is_same(&meaning(value))
}

fn name(subject: &Subject) -> String {
    match subject {
        Subject::Method => "method".to_owned(),
        Subject::Scheme => "scheme".to_owned(),
        Subject::Host => "host".to_owned(),
        Subject::Url => "url".to_owned(),
        Subject::Path => "path".to_owned(),
        Subject::Query(name) => format!("query {name}"),
        Subject::Header(name) => format!("header {name}"),
        Subject::Cookie(name) => format!("cookie {name}"),
        Subject::Form(name) => format!("form {name}"),
        Subject::Body => "body".to_owned(),
    }
}

/// Whether a value may be shown.
fn is_open(subject: &Subject) -> bool {
    !matches!(
        subject,
        Subject::Header(_)
            | Subject::Cookie(_)
            | Subject::Form(_)
            | Subject::Query(_)
            | Subject::Url
            | Subject::Body
    )
}

fn asked(test: &Test) -> String {
    match test {
        Test::Equals { text, .. } => text.clone(),
        Test::Contains(text) => format!("contains {text}"),
        Test::Lacks(text) => format!("lacks {text}"),
        Test::Matches(text) => format!("matches {text}"),
        Test::DoesNotMatch(text) => format!("does not match {text}"),
        Test::Glob(text) => format!("like {text}"),
        Test::Json { value, .. } => format!("JSON {value}"),
        Test::Xml(text) => format!("XML {text}"),
        Test::Present => "present".to_owned(),
        Test::Absent => "absent".to_owned(),
        Test::Foreign(name) => format!("{name}, a test that is not known here"),
    }
}

/// The state in which every scenario of WireMock begins.
const STARTED: &str = "Started";
