//! One XML element with everything in it: the tree that feeds, entries and error documents are read into.
//!
//! Names go by namespace and local part, never by prefix. Text is kept as `ElementTree` and lxml keep it:
//! [`text`](Element::text) stands before the first child, and a child's [`tail`](Element::tail) behind that
//! child, so mixed content survives in order. A parsed tree borrows from the document wherever it can.
//! Comments, processing instructions and the prefixes themselves are not kept.

use std::borrow::Cow;

use super::xml::{self, Limits};
use crate::error::Error;

/// An element: its name, attributes, text and children.
///
/// # Examples
/// ```
/// use gdata_auth::gdata::{Element, namespaces::MEDIA};
///
/// let group = Element::new(MEDIA, "group")
///     .with(Element::new(MEDIA, "title").with_attribute("type", "plain").with_text("Tides"));
///
/// let title = group.child(MEDIA, "title").ok_or("no title")?;
/// assert_eq!(title.attribute("type"), Some("plain"));
/// assert_eq!(title.text(), "Tides");
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Element<'a> {
    pub(super) namespace: Option<Cow<'a, str>>,
    pub(super) name: Cow<'a, str>,
    pub(super) attributes: Vec<Attribute<'a>>,
    pub(super) text: Cow<'a, str>,
    pub(super) children: Vec<Element<'a>>,
    pub(super) tail: Cow<'a, str>,
}

/// An attribute, its value unescaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute<'a> {
    pub(super) namespace: Option<Cow<'a, str>>,
    pub(super) name: Cow<'a, str>,
    pub(super) value: Cow<'a, str>,
}

impl<'a> Element<'a> {
    /// The most bytes of a document that [`parse`](Self::parse) reads.
    pub const MAX_BYTES: usize = 16 << 20;

    const LIMITS: Limits = Limits {
        what: "document",
        bytes: Self::MAX_BYTES,
        depth: 64,
        nodes: 500_000,
    };

    /// Reads a document of any root; [`Feed`](super::Feed) and [`Entry`](super::Entry) know theirs.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when it is no well-formed XML in UTF-8, has a document type, is larger than
    /// [`MAX_BYTES`](Self::MAX_BYTES) or absurdly nested.
    pub fn parse(document: &'a [u8]) -> Result<Self, Error> {
        xml::read(document, &Self::LIMITS)
    }

    /// An empty element; an empty `namespace` means none.
    #[must_use]
    pub fn new(namespace: impl Into<Cow<'a, str>>, name: impl Into<Cow<'a, str>>) -> Self {
        Self {
            namespace: some(namespace.into()),
            name: name.into(),
            attributes: Vec::new(),
            text: Cow::Borrowed(""),
            children: Vec::new(),
            tail: Cow::Borrowed(""),
        }
    }

    /// Adds a child behind the others.
    #[must_use]
    pub fn with(mut self, child: Element<'a>) -> Self {
        self.children.push(child);
        self
    }

    /// Sets the text before the first child.
    #[must_use]
    pub fn with_text(mut self, text: impl Into<Cow<'a, str>>) -> Self {
        self.text = text.into();
        self
    }

    /// Sets the text between this element and its next sibling.
    #[must_use]
    pub fn with_tail(mut self, tail: impl Into<Cow<'a, str>>) -> Self {
        self.tail = tail.into();
        self
    }

    /// Sets an attribute without a namespace, which is what unprefixed ones are.
    #[must_use]
    pub fn with_attribute(
        self,
        name: impl Into<Cow<'a, str>>,
        value: impl Into<Cow<'a, str>>,
    ) -> Self {
        self.with_attribute_in("", name, value)
    }

    /// Sets an attribute of a namespace, such as `gd:etag`.
    #[must_use]
    pub fn with_attribute_in(
        mut self,
        namespace: impl Into<Cow<'a, str>>,
        name: impl Into<Cow<'a, str>>,
        value: impl Into<Cow<'a, str>>,
    ) -> Self {
        let fresh = Attribute {
            namespace: some(namespace.into()),
            name: name.into(),
            value: value.into(),
        };
        self.attributes.retain(|old| !old.same_name(&fresh));
        self.attributes.push(fresh);
        self
    }

    /// The namespace, where there is one.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The local name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether the element has that name, in that namespace or in none at all, which YouTube's error
    /// documents and some old servers leave out (legacy-protocol.md 2.5).
    #[must_use]
    pub fn is(&self, namespace: &str, name: &str) -> bool {
        self.name == name && self.namespace().is_none_or(|own| own == namespace)
    }

    /// The text before the first child: all of it, in an element without children.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text between this element and its next sibling.
    #[must_use]
    pub fn tail(&self) -> &str {
        &self.tail
    }

    /// All text inside, children's included, in document order.
    #[must_use]
    pub fn inner_text(&self) -> Cow<'_, str> {
        if self.children.is_empty() {
            return Cow::Borrowed(&self.text);
        }
        let mut all = self.text.clone().into_owned();
        for child in &self.children {
            all.push_str(&child.inner_text());
            all.push_str(&child.tail);
        }
        Cow::Owned(all)
    }

    /// The value of an attribute without a namespace.
    #[must_use]
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| attribute.namespace.is_none() && attribute.name == name)
            .map(|attribute| &*attribute.value)
    }

    /// The value of an attribute of a namespace.
    #[must_use]
    pub fn attribute_in(&self, namespace: &str, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|attribute| {
                attribute.namespace.as_deref() == Some(namespace) && attribute.name == name
            })
            .map(|attribute| &*attribute.value)
    }

    /// All attributes, in order, without the namespace declarations.
    pub fn attributes(&self) -> impl Iterator<Item = &Attribute<'a>> {
        self.attributes.iter()
    }

    /// All children, in order.
    pub fn children(&self) -> impl Iterator<Item = &Element<'a>> {
        self.children.iter()
    }

    /// The first child of that name; see [`is`](Self::is).
    #[must_use]
    pub fn child(&self, namespace: &str, name: &str) -> Option<&Element<'a>> {
        self.children.iter().find(|child| child.is(namespace, name))
    }

    /// Every child of that name; see [`is`](Self::is).
    pub fn children_named<'s>(
        &'s self,
        namespace: &'s str,
        name: &'s str,
    ) -> impl Iterator<Item = &'s Element<'a>> {
        self.children
            .iter()
            .filter(move |child| child.is(namespace, name))
    }

    /// The text of the first child of that name.
    #[must_use]
    pub fn child_text(&self, namespace: &str, name: &str) -> Option<&str> {
        self.child(namespace, name).map(Element::text)
    }

    /// The same tree, no longer tied to the document.
    #[must_use]
    pub fn into_owned(self) -> Element<'static> {
        Element {
            namespace: self.namespace.map(own),
            name: own(self.name),
            attributes: self
                .attributes
                .into_iter()
                .map(Attribute::into_owned)
                .collect(),
            text: own(self.text),
            children: self.children.into_iter().map(Element::into_owned).collect(),
            tail: own(self.tail),
        }
    }
}

impl Attribute<'_> {
    /// The namespace, where there is one.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    /// The local name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    pub(super) fn same_name(&self, other: &Attribute<'_>) -> bool {
        self.name == other.name && self.namespace == other.namespace
    }

    fn into_owned(self) -> Attribute<'static> {
        Attribute {
            namespace: self.namespace.map(own),
            name: own(self.name),
            value: own(self.value),
        }
    }
}

fn some(namespace: Cow<'_, str>) -> Option<Cow<'_, str>> {
    Some(namespace).filter(|namespace| !namespace.is_empty())
}

fn own(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}
