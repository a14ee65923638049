//! The gdata `<errors>` document, read and printed.
//!
//! ```text
//! <errors xmlns='http://schemas.google.com/g/2005'>     or, from YouTube, no namespace
//!   <error>
//!     <domain>yt:validation</domain><code>too_long</code>
//!     <location type='xpath'>media:group/media:title/text()</location>
//!   </error>
//!   <error type='request' reason='…'/>                  batch operations
//! </errors>
//! ```
//!
//! Codes stay verbatim; what they mean is [`Cause`](super::Cause)'s business. Namespaces go by address, under
//! any prefix. Refused are other encodings than UTF-8, document types and documents past the bounds.
//!
//! # Source
//! legacy-protocol.md 2.5.

use crate::{
    error::Error,
    gdata::{
        element::Element,
        namespaces::GD,
        xml::{self, Limits},
    },
};

/// The errors of one reply, in order.
///
/// # Examples
/// ```
/// use gdata_auth::gdata::Errors;
///
/// let errors = Errors::parse(b"<errors><error><domain>yt:quota</domain>\
///     <code>too_many_recent_calls</code></error></errors>")?;
/// assert_eq!(errors.entries()[0].code.as_deref(), Some("too_many_recent_calls"));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errors {
    entries: Vec<ErrorEntry>,
    without_namespace: bool,
}

/// One error. Every part may be missing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorEntry {
    /// Who defines the code: `GData`, `yt:quota`, ….
    pub domain: Option<String>,
    /// The code, such as `too_many_recent_calls`.
    pub code: Option<String>,
    /// Which part of the request is at fault.
    pub location: Option<Location>,
    /// Why, for developers.
    pub internal_reason: Option<String>,
    /// The address of a page that explains more.
    pub extended_help: Option<String>,
    /// The address of a form to report the error with.
    pub send_report: Option<String>,
    /// What the server's developers want to see.
    pub debug_info: Option<String>,
    /// Of a batch operation: what is at fault, such as `request`.
    pub kind: Option<String>,
    /// Of a batch operation: why.
    pub reason: Option<String>,
}

/// Which part of a request an error is about.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// A place in the body.
    XPath(String),
    /// A header.
    Header(String),
    /// Anything else.
    Other(String),
}

impl Errors {
    /// The most bytes of an error document that are read.
    pub const MAX_BYTES: usize = 256 * 1024;
    /// The most errors of one document.
    pub const MAX: usize = 100;

    const LIMITS: Limits = Limits {
        what: "errors",
        bytes: Self::MAX_BYTES,
        depth: 16,
        nodes: 4_000,
    };

    /// Errors to print, in order; further ones than [`MAX`](Self::MAX) are left out.
    #[must_use]
    pub fn new(entries: impl IntoIterator<Item = ErrorEntry>) -> Self {
        Self {
            entries: entries.into_iter().take(Self::MAX).collect(),
            without_namespace: false,
        }
    }

    /// Prints without a namespace, as YouTube did.
    #[must_use]
    pub fn without_namespace(mut self) -> Self {
        self.without_namespace = true;
        self
    }

    /// The errors, in order.
    #[must_use]
    pub fn entries(&self) -> &[ErrorEntry] {
        &self.entries
    }

    /// Reads an error document. Unknown elements in it are passed over.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when the document is no well-formed XML in UTF-8, has a document
    /// type, is larger than [`MAX_BYTES`](Self::MAX_BYTES), deeply nested, holds more than
    /// [`MAX`](Self::MAX) errors, or its root is no `errors`.
    pub fn parse(document: &[u8]) -> Result<Self, Error> {
        Self::of(&xml::read(document, &Self::LIMITS)?)
    }

    /// Of an element `errors`, such as one inside a batch status.
    pub(super) fn of(root: &Element<'_>) -> Result<Self, Error> {
        if !root.is(GD, "errors") {
            return Err(Error::reply(
                "errors",
                "expected the element errors, got another",
            ));
        }
        let entries: Vec<ErrorEntry> = root
            .children_named(GD, "error")
            .take(Self::MAX + 1)
            .map(ErrorEntry::of)
            .collect();
        if entries.len() > Self::MAX {
            let most = Self::MAX;
            return Err(Error::reply(
                "errors",
                format_args!("expected at most {most} errors, got more"),
            ));
        }
        Ok(Self {
            entries,
            without_namespace: root.namespace().is_none(),
        })
    }

    /// The error document. Law: [`parse`](Self::parse) of it gives equal errors.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when a text holds a control character or the document is larger
    /// than [`MAX_BYTES`](Self::MAX_BYTES).
    pub fn to_xml(&self) -> Result<String, Error> {
        xml::print(&self.to_element(), &[], &Self::LIMITS)
    }

    pub(super) fn to_element(&self) -> Element<'_> {
        let namespace = if self.without_namespace { "" } else { GD };
        let errors = self.entries.iter().map(|entry| entry.element(namespace));
        errors.fold(Element::new(namespace, "errors"), Element::with)
    }

    /// The same errors with every text rewritten.
    pub(super) fn map_texts(mut self, rewrite: impl Fn(&str) -> String) -> Self {
        for text in self.entries.iter_mut().flat_map(ErrorEntry::texts_mut) {
            *text = rewrite(text);
        }
        self
    }
}

impl ErrorEntry {
    /// An error with its domain and code.
    ///
    /// # Examples
    /// ```
    /// use gdata_auth::gdata::{ErrorEntry, Errors};
    ///
    /// let mut entry = ErrorEntry::new("GData", "etagsUnsupported");
    /// entry.internal_reason = Some("Resource does not support Etags".to_owned());
    /// assert_eq!(
    ///     Errors::new([entry]).to_xml()?,
    ///     "<?xml version='1.0' encoding='UTF-8'?><errors xmlns='http://schemas.google.com/g/2005'><error>\
    ///      <domain>GData</domain><code>etagsUnsupported</code>\
    ///      <internalReason>Resource does not support Etags</internalReason></error></errors>"
    /// );
    /// # Ok::<(), gdata_auth::Error>(())
    /// ```
    #[must_use]
    pub fn new(domain: impl Into<String>, code: impl Into<String>) -> Self {
        Self {
            domain: Some(domain.into()),
            code: Some(code.into()),
            ..Self::default()
        }
    }

    fn of(element: &Element<'_>) -> Self {
        let attribute = |name| element.attribute(name).map(str::to_owned);
        let mut entry = Self {
            location: element.child(GD, "location").map(Location::of),
            kind: attribute("type"),
            reason: attribute("reason"),
            ..Self::default()
        };
        for (name, place) in entry.parts_mut() {
            *place = element
                .child(GD, name)
                .map(|child| child.inner_text().into_owned());
        }
        entry
    }

    fn element(&self, namespace: &'static str) -> Element<'_> {
        let mut element = Element::new(namespace, "error");
        for (name, value) in [("type", &self.kind), ("reason", &self.reason)] {
            if let Some(value) = value {
                element = element.with_attribute(name, value);
            }
        }
        for (name, value) in self.parts() {
            if let Some(value) = value {
                element = element.with(Element::new(namespace, name).with_text(value));
            }
            if let ("code", Some(location)) = (name, &self.location) {
                element = element.with(location.element(namespace));
            }
        }
        element
    }

    /// The child elements that are plain text, in the order they are printed in.
    fn parts(&self) -> [(&'static str, &Option<String>); 6] {
        [
            ("domain", &self.domain),
            ("code", &self.code),
            ("internalReason", &self.internal_reason),
            ("extendedHelp", &self.extended_help),
            ("sendReport", &self.send_report),
            ("debugInfo", &self.debug_info),
        ]
    }

    fn parts_mut(&mut self) -> [(&'static str, &mut Option<String>); 6] {
        [
            ("domain", &mut self.domain),
            ("code", &mut self.code),
            ("internalReason", &mut self.internal_reason),
            ("extendedHelp", &mut self.extended_help),
            ("sendReport", &mut self.send_report),
            ("debugInfo", &mut self.debug_info),
        ]
    }

    fn texts_mut(&mut self) -> impl Iterator<Item = &mut String> {
        let location = self.location.as_mut().map(Location::text_mut);
        [
            &mut self.domain,
            &mut self.code,
            &mut self.internal_reason,
            &mut self.extended_help,
            &mut self.send_report,
            &mut self.debug_info,
            &mut self.kind,
            &mut self.reason,
        ]
        .into_iter()
        .filter_map(Option::as_mut)
        .chain(location)
    }
}

impl Location {
    /// A location of the type that the wire names; unknown ones are [`Other`](Self::Other).
    #[must_use]
    pub fn new(kind: &str, text: impl Into<String>) -> Self {
        match kind {
            "xpath" => Self::XPath(text.into()),
            "header" => Self::Header(text.into()),
            _ => Self::Other(text.into()),
        }
    }

    /// The type, as the wire names it.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::XPath(_) => "xpath",
            Self::Header(_) => "header",
            Self::Other(_) => "other",
        }
    }

    /// The place itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::XPath(text) | Self::Header(text) | Self::Other(text) => text,
        }
    }

    fn of(element: &Element<'_>) -> Self {
        let kind = element.attribute("type").unwrap_or("other");
        Self::new(kind, element.inner_text())
    }

    fn element(&self, namespace: &'static str) -> Element<'_> {
        Element::new(namespace, "location")
            .with_attribute("type", self.kind())
            .with_text(self.as_str())
    }

    fn text_mut(&mut self) -> &mut String {
        match self {
            Self::XPath(text) | Self::Header(text) | Self::Other(text) => text,
        }
    }
}
