//! One Atom entry: a video, a calendar event, a contact.
//!
//! An [`Entry`] is its whole element with readers for what Atom defines (RFC 4287, 4.1.2) and for the
//! `gd:etag`; everything else is found through [`Entry::element`], so nothing is lost between reading and
//! writing. It refuses to know what the services put in their own namespaces.

use std::borrow::Cow;

use crate::{
    error::Error,
    gdata::{
        atom,
        element::Element,
        namespaces::{ATOM, GD},
        xml::{self, Limits},
    },
};

/// An Atom entry.
///
/// # Examples
/// ```
/// use gdata_auth::gdata::{Entry, namespaces::YOUTUBE};
///
/// let body = br#"<entry xmlns="http://www.w3.org/2005/Atom" xmlns:yt="http://gdata.youtube.com/schemas/2007">
///   <title>Tides</title><yt:statistics viewCount="7"/></entry>"#;
///
/// let entry = Entry::parse(body)?;
/// assert_eq!(entry.title(), Some("Tides"));
/// let statistics = entry.element().child(YOUTUBE, "statistics");
/// assert_eq!(statistics.and_then(|found| found.attribute("viewCount")), Some("7"));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry<'a>(Element<'a>);

/// A link of a feed or an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Link<'e> {
    /// The relation; `alternate` where none is given (RFC 4287, 4.2.7.2).
    pub rel: &'e str,
    /// The media type.
    pub media_type: Option<&'e str>,
    /// The address, as written.
    pub href: &'e str,
}

/// A category of a feed or an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Category<'e> {
    /// The vocabulary; [`KIND`](atom::KIND) for what an entry is.
    pub scheme: Option<&'e str>,
    /// The word of that vocabulary.
    pub term: &'e str,
    /// The word for people.
    pub label: Option<&'e str>,
}

/// An author.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Person<'e> {
    /// The name.
    pub name: Option<&'e str>,
    /// The address of a page or feed.
    pub uri: Option<&'e str>,
    /// The e-mail address.
    pub email: Option<&'e str>,
}

/// What an entry holds, or where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Content<'e> {
    /// `text`, `html`, `xhtml` or a media type; `text` where none is given (RFC 4287, 4.1.3.1).
    pub media_type: &'e str,
    /// The address, when the content is elsewhere.
    pub source: Option<&'e str>,
    /// The text in line; markup in line is in the element's children.
    pub text: &'e str,
}

impl Default for Entry<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> Entry<'a> {
    /// The most bytes of an entry that are read.
    pub const MAX_BYTES: usize = 4 * 1024 * 1024;

    const LIMITS: Limits = Limits {
        what: "entry",
        bytes: Self::MAX_BYTES,
        depth: 64,
        nodes: 100_000,
    };

    /// An entry without anything in it.
    #[must_use]
    pub fn new() -> Self {
        Self(Element::new(ATOM, "entry"))
    }

    /// Reads an entry document.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when the document is no well-formed XML in UTF-8, has a
    /// document type, is larger than [`MAX_BYTES`](Self::MAX_BYTES) or absurdly nested, or its root is no
    /// `entry`.
    pub fn parse(document: &'a [u8]) -> Result<Self, Error> {
        let root = xml::read(document, &Self::LIMITS)?;
        if !root.is(ATOM, "entry") {
            return Err(Error::reply(
                "entry",
                "expected the element entry, got another",
            ));
        }
        Ok(Self(root))
    }

    /// Adds an element behind the others; [`atom`] makes the common ones.
    #[must_use]
    pub fn with(self, child: Element<'a>) -> Self {
        Self(self.0.with(child))
    }

    /// Sets the `gd:etag`.
    #[must_use]
    pub fn with_etag(self, etag: impl Into<Cow<'a, str>>) -> Self {
        Self(atom::tagged(self.0, etag.into()))
    }

    /// The whole entry as an element.
    #[must_use]
    pub fn element(&self) -> &Element<'a> {
        &self.0
    }

    /// The permanent identifier.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.0.child_text(ATOM, "id")
    }

    /// The title as text.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.0.child_text(ATOM, "title")
    }

    /// When the entry last changed, as written; a [`Timestamp`](crate::Timestamp) parses it.
    #[must_use]
    pub fn updated(&self) -> Option<&str> {
        self.0.child_text(ATOM, "updated")
    }

    /// When the entry first appeared, as written.
    #[must_use]
    pub fn published(&self) -> Option<&str> {
        self.0.child_text(ATOM, "published")
    }

    /// The `gd:etag`, quotes and `W/` included, ready for `If-Match`.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.0.attribute_in(GD, "etag")
    }

    /// The content.
    #[must_use]
    pub fn content(&self) -> Option<Content<'_>> {
        self.0.child(ATOM, "content").map(|element| Content {
            media_type: element.attribute("type").unwrap_or("text"),
            source: element.attribute("src"),
            text: element.text(),
        })
    }

    /// The first author.
    #[must_use]
    pub fn author(&self) -> Option<Person<'_>> {
        author_of(&self.0)
    }

    /// All links, in order.
    pub fn links(&self) -> impl Iterator<Item = Link<'_>> {
        links_of(&self.0)
    }

    /// All categories, in order.
    pub fn categories(&self) -> impl Iterator<Item = Category<'_>> {
        categories_of(&self.0)
    }

    /// What kind of thing it is: the term of the [`KIND`](atom::KIND) category.
    #[must_use]
    pub fn kind(&self) -> Option<&str> {
        let kind = |category: &Category<'_>| category.scheme == Some(atom::KIND);
        self.categories().find(kind).map(|category| category.term)
    }

    /// The address of the first link of that relation.
    #[must_use]
    pub fn url(&self, rel: &str) -> Option<&str> {
        self.links()
            .find(|link| link.rel == rel)
            .map(|link| link.href)
    }

    /// Where the entry itself is.
    #[must_use]
    pub fn self_url(&self) -> Option<&str> {
        self.url("self")
    }

    /// Where to send a changed entry, or its deletion.
    #[must_use]
    pub fn edit_url(&self) -> Option<&str> {
        self.url("edit")
    }

    /// Where to send changed media (RFC 5023, 11.1).
    #[must_use]
    pub fn edit_media_url(&self) -> Option<&str> {
        self.url("edit-media")
    }

    /// The entry document. Law: [`parse`](Self::parse) of it gives an equal entry.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when a name is no XML name without a prefix, a text holds a
    /// control character, or a bound of [`parse`](Self::parse) is passed.
    pub fn to_xml(&self) -> Result<String, Error> {
        xml::print(&self.0, &[], &Self::LIMITS)
    }

    /// The same entry, no longer tied to the document.
    #[must_use]
    pub fn into_owned(self) -> Entry<'static> {
        Entry(self.0.into_owned())
    }

    /// Of an `entry` inside a feed. What follows the element belongs to the feed, and is let go.
    pub(super) fn from_element(mut element: Element<'a>) -> Self {
        element.tail = Cow::Borrowed("");
        Self(element)
    }
}

pub(super) fn links_of<'e>(root: &'e Element<'_>) -> impl Iterator<Item = Link<'e>> {
    root.children_named(ATOM, "link").filter_map(|element| {
        Some(Link {
            rel: element.attribute("rel").unwrap_or("alternate"),
            media_type: element.attribute("type"),
            href: element.attribute("href")?,
        })
    })
}

pub(super) fn categories_of<'e>(root: &'e Element<'_>) -> impl Iterator<Item = Category<'e>> {
    root.children_named(ATOM, "category").filter_map(|element| {
        Some(Category {
            scheme: element.attribute("scheme"),
            term: element.attribute("term")?,
            label: element.attribute("label"),
        })
    })
}

pub(super) fn author_of<'e>(root: &'e Element<'_>) -> Option<Person<'e>> {
    root.child(ATOM, "author").map(|element| Person {
        name: element.child_text(ATOM, "name"),
        uri: element.child_text(ATOM, "uri"),
        email: element.child_text(ATOM, "email"),
    })
}
