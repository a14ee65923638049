//! What became of one operation: its status, and why it failed.
//!
//! ```text
//! <batch:status code='201' reason='Created'/>
//! <batch:status code='400' reason='…' content-type='…'> <errors>… or a text </batch:status>
//! <batch:interrupted reason='…' success='3' failures='4' parsed='7'/>
//! ```
//!
//! A status that cannot be read is one failed operation, and no reason to lose the others.

use bytes::Bytes;
use http::{Response, StatusCode};

use super::{Operation, child, id_element, id_of, parted};
use crate::{
    error::{Error, Kind},
    gdata::{
        Element, Entry, Errors, Refusal,
        namespaces::{ATOM, BATCH, GD},
    },
};

/// The outcome of one operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    id: Option<String>,
    operation: Option<Operation>,
    status: Option<Status>,
    interrupted: Option<Interrupted>,
    entry: Entry<'static>,
}

/// `batch:status`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// The code, like a status of HTTP.
    pub code: u16,
    /// The reason in words; empty when there is none.
    pub reason: String,
    /// Of what type the text is.
    pub content_type: Option<String>,
    /// The text inside, such as a reason at length.
    pub text: String,
    /// The errors that the status, or the content of the entry beside it, lists.
    pub errors: Errors,
}

/// `batch:interrupted`: the server gave up on the batch, and nothing behind this was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Interrupted {
    /// Why.
    pub reason: String,
    /// How many operations had succeeded.
    pub success: Option<u64>,
    /// How many had failed.
    pub failures: Option<u64>,
    /// How many had been read.
    pub parsed: Option<u64>,
}

impl Status {
    /// A status without a text.
    #[must_use]
    pub fn new(code: u16, reason: impl Into<String>) -> Self {
        Self {
            code,
            reason: reason.into(),
            content_type: None,
            text: String::new(),
            errors: Errors::default(),
        }
    }

    /// Whether the operation was done: 200 to 299.
    #[must_use]
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.code)
    }

    fn read(element: &Element<'_>, entry: &Entry<'_>) -> Option<Self> {
        let code = element.attribute("code")?.trim();
        let digits = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
        let code = code.parse().ok().filter(|_| digits)?;
        let beside = || errors_in(entry.element().child(ATOM, "content")?);
        Some(Self {
            code,
            reason: element.attribute("reason").unwrap_or_default().to_owned(),
            content_type: element.attribute("content-type").map(str::to_owned),
            text: element.text().trim().to_owned(),
            errors: errors_in(element).or_else(beside).unwrap_or_default(),
        })
    }

    fn element(&self) -> Element<'static> {
        let mut element = Element::new(BATCH, "status")
            .with_attribute("code", self.code.to_string())
            .with_attribute("reason", self.reason.clone());
        if let Some(content_type) = &self.content_type {
            element = element.with_attribute("content-type", content_type.clone());
        }
        element = element.with_text(self.text.clone());
        match self.errors.entries().is_empty() {
            true => element,
            false => element.with(self.errors.to_element().into_owned()),
        }
    }

    /// The refusal that the same words would be over HTTP.
    fn refusal(&self) -> Option<Refusal> {
        let body = match (self.errors.to_xml(), self.text.is_empty()) {
            (Ok(xml), _) if !self.errors.entries().is_empty() => xml,
            (_, false) => self.text.clone(),
            _ => self.reason.clone(),
        };
        let mut reply = Response::new(Bytes::from(body));
        *reply.status_mut() = StatusCode::from_u16(self.code).ok()?;
        Refusal::read(&reply)
    }
}

/// `<errors>` as a child, or as text. As a child it has the namespace of its own documents, none, or by
/// default that of the feed around it.
fn errors_in(element: &Element<'_>) -> Option<Errors> {
    let child = element.child(GD, "errors");
    let read = match child.or_else(|| element.child(ATOM, "errors")) {
        Some(errors) => Errors::of(&without_atom(errors.clone())),
        None => Errors::parse(element.text().trim().as_bytes()),
    };
    read.ok().filter(|errors| !errors.entries().is_empty())
}

fn without_atom(mut element: Element<'_>) -> Element<'_> {
    if element.namespace() == Some(ATOM) {
        element.namespace = None;
    }
    element.children = element.children.into_iter().map(without_atom).collect();
    element
}

impl Interrupted {
    /// An interruption for a reason.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            ..Self::default()
        }
    }

    pub(super) fn read(element: &Element<'_>) -> Self {
        let number = |name: &str| element.attribute(name)?.trim().parse().ok();
        Self {
            reason: element.attribute("reason").unwrap_or_default().to_owned(),
            success: number("success"),
            failures: number("failures"),
            parsed: number("parsed"),
        }
    }

    pub(super) fn element(&self) -> Element<'static> {
        let numbers = [
            ("success", self.success),
            ("failures", self.failures),
            ("parsed", self.parsed),
        ];
        let element =
            Element::new(BATCH, "interrupted").with_attribute("reason", self.reason.clone());
        numbers
            .into_iter()
            .filter_map(|(name, number)| Some((name, number?)))
            .fold(element, |element, (name, number)| {
                element.with_attribute(name, number.to_string())
            })
    }
}

impl Outcome {
    /// What a server answers to one operation.
    #[must_use]
    pub fn new(id: impl Into<String>, operation: Operation, status: Status) -> Self {
        Self {
            id: Some(id.into()),
            operation: Some(operation),
            status: Some(status),
            interrupted: None,
            entry: Entry::new(),
        }
    }

    /// With the entry as it is now; elements of `batch` inside are left out.
    #[must_use]
    pub fn with_entry(mut self, entry: &Entry<'_>) -> Self {
        self.entry = parted(entry).1;
        self
    }

    /// Marks the operation at which the server gave up.
    #[must_use]
    pub fn with_interrupted(mut self, interrupted: Interrupted) -> Self {
        self.interrupted = Some(interrupted);
        self
    }

    /// By what the operation is known.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// What was to be done, where the server repeats it.
    #[must_use]
    pub fn operation(&self) -> Option<Operation> {
        self.operation
    }

    /// The status; none when the server gave none that can be read.
    #[must_use]
    pub fn status(&self) -> Option<&Status> {
        self.status.as_ref()
    }

    /// Whether the server gave up here.
    #[must_use]
    pub fn interrupted(&self) -> Option<&Interrupted> {
        self.interrupted.as_ref()
    }

    /// The entry that the server sent along. Of a failure, one that only says so.
    #[must_use]
    pub fn entry(&self) -> &Entry<'static> {
        &self.entry
    }

    /// Whether the operation was done.
    #[must_use]
    pub fn is_success(&self) -> bool {
        self.interrupted.is_none() && self.status.as_ref().is_some_and(Status::is_success)
    }

    /// What went wrong, told as the same refusal would be over HTTP; `None` after a success.
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        if self.is_success() {
            return None;
        }
        if let Some(refusal) = self.status.as_ref().and_then(Status::refusal) {
            return Some(refusal.into_error());
        }
        Some(match &self.status {
            _ if self.interrupted.is_some() => Error::new(
                Kind::Refused,
                "the server gave up on the batch at this operation",
            ),
            Some(status) => Error::reply(
                "batch:status",
                format_args!("expected a code from 200 to 599, got {}", status.code),
            ),
            None => Error::reply("batch:status", "expected a status with a code, got none"),
        })
    }

    pub(super) fn into_entry(self) -> Entry<'static> {
        self.entry
    }

    pub(super) fn read(entry: &Entry<'_>) -> Self {
        let (batch, entry) = parted(entry);
        Self {
            id: id_of(&batch),
            operation: child(&batch, "operation").and_then(Operation::read),
            status: child(&batch, "status").and_then(|status| Status::read(status, &entry)),
            interrupted: child(&batch, "interrupted").map(Interrupted::read),
            entry,
        }
    }

    /// The entry with its elements of `batch`.
    pub(super) fn print(&self) -> Entry<'static> {
        let parts = [
            self.id.as_deref().map(id_element),
            self.operation.map(Operation::element),
            self.status.as_ref().map(Status::element),
            self.interrupted.as_ref().map(Interrupted::element),
        ];
        let entry = self.entry.clone();
        parts.into_iter().flatten().fold(entry, Entry::with)
    }
}
