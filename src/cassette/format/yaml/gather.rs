//! Interactions out of a list: each by itself, so that a damaged one is told and the rest is read.

use super::{
    Document, Node, Value,
    fields::{Fault, Part},
    node::plain_name,
};
use crate::{
    cassette::{
        Cassette, Headers, Interaction, Limits, Problem, Reading, Severity,
        format::{Format, Source},
    },
    error::{Error, Kind},
};

/// Writes down what is wrong and worth knowing.
#[derive(Debug)]
pub(in crate::cassette::format) struct Scribe<'s> {
    source: &'s Source<'s>,
    interaction: Option<usize>,
    problems: Vec<Problem>,
}

impl<'s> Scribe<'s> {
    pub(in crate::cassette::format) fn new(source: &'s Source<'s>) -> Self {
        Self {
            source,
            interaction: None,
            problems: Vec::new(),
        }
    }

    pub(in crate::cassette::format) fn limits(&self) -> &'s Limits {
        self.source.limits
    }

    pub(in crate::cassette::format) fn source(&self) -> &'s Source<'s> {
        self.source
    }

    pub(in crate::cassette::format) fn note(
        &mut self,
        field: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.tell(Severity::Note, field.into(), message.into());
    }

    /// Tells the members of the file itself that are not known, and are left out.
    pub(in crate::cassette::format) fn members(&mut self, root: &Node, known: &[&str]) {
        for (key, _) in root.map().into_iter().flatten() {
            match key.scalar() {
                Some(name) if known.contains(&plain_name(name)) => {}
                Some(name) if name.len() <= LONGEST_NAME => {
                    let message = "expected a known member, got another; it is left out";
                    self.note(plain_name(name), message);
                }
                _ => self.note("", "expected a known member, got another; it is left out"),
            }
        }
    }

    fn tell(&mut self, severity: Severity, field: String, message: String) {
        let problem = Problem {
            file: self.source.name.to_owned(),
            interaction: self.interaction,
            field,
            message,
            severity,
        };
        // The same of one field need not be told twice.
        if self.problems.last() != Some(&problem) {
            self.problems.push(problem);
        }
    }
}

/// How one interaction is read.
pub(in crate::cassette::format) type ReadOne = fn(&Node, &mut Scribe<'_>) -> Part<Interaction>;

/// Reads each item of `list`.
///
/// # Errors
/// [`Kind::Reply`] when `list` is no list: nothing of the file could be read.
pub(in crate::cassette::format) fn gather(
    format: Format,
    document: &Document,
    (list, field): (Option<&Node>, &str),
    mut scribe: Scribe<'_>,
    read: ReadOne,
) -> Result<Reading, Error> {
    let items = match list.map(|node| &node.value) {
        Some(Value::List(items)) => items.as_slice(),
        // An empty recording of some tools.
        _ if list.is_some_and(Node::is_null) && document.torn.is_none() => &[],
        _ => return Err(unreadable(document, list, field, &scribe)),
    };
    let limits = scribe.limits();
    let mut interactions = Vec::with_capacity(items.len().min(1024));
    for (index, item) in items.iter().enumerate() {
        scribe.interaction = Some(index + 1);
        if index >= limits.interactions {
            let message = format!(
                "expected at most {} interactions, got more",
                limits.interactions
            );
            scribe.tell(Severity::Torn, String::new(), message);
            break;
        }
        let read = if item.torn {
            None
        } else {
            Some(read(item, &mut scribe).and_then(|one| within(one, limits)))
        };
        match read {
            // The cause of the tear is told below.
            None => {}
            Some(Ok(mut interaction)) => {
                interaction.provenance.format = Some(format);
                interaction.provenance.index = index;
                remark(&interaction, &mut scribe);
                interactions.push(interaction);
            }
            Some(Err(Fault { field, message })) => scribe.tell(Severity::Lost, field, message),
        }
    }
    scribe.interaction = items.last().filter(|last| last.torn).map(|_| items.len());
    if let Some(how) = &document.torn {
        scribe.tell(Severity::Torn, String::new(), how.clone());
    }
    scribe.interaction = None;
    if document.more {
        let message = "expected one document, got more; the first is read";
        scribe.tell(Severity::Torn, String::new(), message.to_owned());
    }
    let foreign: Vec<&str> = document
        .tags
        .iter()
        .map(String::as_str)
        .filter(|tag| !KNOWN_TAGS.contains(tag))
        .collect();
    if !foreign.is_empty() {
        let message =
            format!("expected data, got tags of objects: no object is made of {foreign:?}");
        scribe.note("", message);
    }
    let mut reading = Reading::new(format, Cassette::new(interactions));
    reading.problems = scribe.problems;
    Ok(reading)
}

fn unreadable(document: &Document, list: Option<&Node>, field: &str, scribe: &Scribe<'_>) -> Error {
    let fault = match &document.torn {
        Some(how) => how.clone(),
        None => Fault::expected("a list of interactions", list, field).message,
    };
    let place = if field.is_empty() { "" } else { ": " };
    Error::new(
        Kind::Reply,
        format!("{}: {field}{place}{fault}", scribe.source.name),
    )
}

fn within(interaction: Interaction, limits: &Limits) -> Part<Interaction> {
    let request = interaction.request.body.bytes.len();
    let response = interaction
        .response()
        .map_or(0, |response| response.body.bytes.len());
    for (field, length) in [("request.body", request), ("response.body", response)] {
        if length > limits.body {
            return Err(Fault::new(
                field,
                format!("expected at most {} bytes, got more", limits.body),
            ));
        }
    }
    Ok(interaction)
}

/// Says what a reader of the recording should know: bodies that no longer fit their headers, and text that
/// stands for other text.
fn remark(interaction: &Interaction, scribe: &mut Scribe<'_>) {
    let request = &interaction.request;
    stands_for(request.target.as_bytes(), "request.uri", scribe);
    headers_stand_for(&request.headers, "request.headers", scribe);
    stands_for(&request.body.bytes, "request.body", scribe);
    let Some(response) = interaction.response() else {
        return;
    };
    headers_stand_for(&response.headers, "response.headers", scribe);
    stands_for(&response.body.bytes, "response.body", scribe);
    if response.body.is_decoded(&response.headers) {
        scribe.note(
            "response.body",
            "expected the coding that content-encoding tells, got a body without it",
        );
    }
}

fn headers_stand_for(headers: &Headers, field: &str, scribe: &mut Scribe<'_>) {
    for (_, value) in headers.iter() {
        stands_for(value, field, scribe);
    }
}

fn stands_for(bytes: &[u8], field: &str, scribe: &mut Scribe<'_>) {
    if memchr::memmem::find(bytes, b"<%=").is_some() {
        scribe.note(
            field,
            "expected text, got ERB, which is kept and not evaluated",
        );
    }
    let markup = bytes.trim_ascii_start().starts_with(b"<") && field.ends_with("body");
    if !markup && has_placeholder(bytes) {
        scribe.note(
            field,
            "expected text, got a placeholder, which is kept as it is",
        );
    }
}

/// `<NAME>`, in capitals, also percent-encoded.
fn has_placeholder(bytes: &[u8]) -> bool {
    let named = |rest: &[u8]| {
        let length = rest
            .iter()
            .take_while(|byte| {
                byte.is_ascii_uppercase()
                    || byte.is_ascii_digit()
                    || matches!(byte, b'_' | b'-' | b' ')
            })
            .count();
        let end = &rest[length..];
        length >= 2
            && rest[0].is_ascii_uppercase()
            && (end.starts_with(b">") || end.starts_with(b"%3E") || end.starts_with(b"%3e"))
    };
    memchr::memchr2_iter(b'<', b'%', bytes).any(|at| {
        let rest = &bytes[at..];
        let open = [b"<".as_slice(), b"%3C", b"%3c"]
            .into_iter()
            .find(|open| rest.starts_with(open));
        open.is_some_and(|open| named(&rest[open.len()..]))
    })
}

/// A name that is worth showing.
const LONGEST_NAME: usize = 40;

/// Tags that the readers know as shapes.
const KNOWN_TAGS: &[&str] = &[
    "!tape",
    "!ruby/struct:VCR::HTTPInteraction",
    "!ruby/struct:VCR::Request",
    "!ruby/struct:VCR::Response",
    "!ruby/struct:VCR::ResponseStatus",
    "!!python/tuple",
    "!!python/object:vcr.request.Request",
    "!!python/object/apply:__builtin__.frozenset",
];
