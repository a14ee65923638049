//! An Atom feed: what it says of itself, and its entries in order.
//!
//! Like an [`Entry`], a [`Feed`] keeps every element it was read with. Entries stand apart from the other
//! children, which print before them; only the white space behind an entry is not kept.
//!
//! ```text
//! bytes --Feed::parse--> Feed { element, entries }   borrows from the bytes
//!                          |-- into_owned()          keeps without them
//!                          `-- to_xml()              one line of text, as Google's servers sent it
//! ```

use std::borrow::Cow;

use crate::{
    error::Error,
    gdata::{
        atom,
        element::Element,
        entry::{self, Category, Entry, Link, Person},
        namespaces::{ATOM, GD, OPENSEARCH, OPENSEARCH_1_0},
        xml::{self, Limits},
    },
};

/// An Atom feed.
///
/// # Examples
/// ```
/// use gdata_auth::gdata::{Entry, Feed, atom};
///
/// let feed = Feed::new()
///     .with(atom::title("Uploads"))
///     .with_entry(Entry::new().with(atom::title("Tides")));
/// let document = feed.to_xml()?;
/// assert_eq!(
///     document,
///     "<?xml version='1.0' encoding='UTF-8'?><feed xmlns='http://www.w3.org/2005/Atom'>\
///      <title>Uploads</title><entry><title>Tides</title></entry></feed>"
/// );
///
/// let read = Feed::parse(document.as_bytes())?;
/// assert_eq!(read, feed);
/// assert_eq!(read.entries()[0].title(), Some("Tides"));
/// # Ok::<(), gdata_auth::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed<'a> {
    element: Element<'a>,
    entries: Vec<Entry<'a>>,
}

impl Default for Feed<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl<'a> Feed<'a> {
    /// The most bytes of a feed that are read.
    pub const MAX_BYTES: usize = 16 * 1024 * 1024;

    const LIMITS: Limits = Limits {
        what: "feed",
        bytes: Self::MAX_BYTES,
        depth: 64,
        nodes: 1_000_000,
    };

    /// A feed without anything in it.
    #[must_use]
    pub fn new() -> Self {
        Self {
            element: Element::new(ATOM, "feed"),
            entries: Vec::new(),
        }
    }

    /// Reads a feed document.
    ///
    /// # Errors
    /// [`Kind::Reply`](crate::Kind::Reply) when the document is no well-formed XML in UTF-8, has a
    /// document type, is larger than [`MAX_BYTES`](Self::MAX_BYTES) or absurdly nested, or its root is no
    /// `feed`.
    pub fn parse(document: &'a [u8]) -> Result<Self, Error> {
        let mut element = xml::read(document, &Self::LIMITS)?;
        if !element.is(ATOM, "feed") {
            return Err(Error::reply(
                "feed",
                "expected the element feed, got another",
            ));
        }
        let (entries, others) = std::mem::take(&mut element.children)
            .into_iter()
            .partition::<Vec<_>, _>(|child| child.is(ATOM, "entry"));
        element.children = others;
        let entries = entries.into_iter().map(Entry::from_element).collect();
        Ok(Self { element, entries })
    }

    /// Adds an element behind the others and before the entries; [`atom`] makes the common ones. An
    /// element `entry` becomes an entry.
    #[must_use]
    pub fn with(mut self, child: Element<'a>) -> Self {
        if child.is(ATOM, "entry") {
            return self.with_entry(Entry::from_element(child));
        }
        self.element.children.push(child);
        self
    }

    /// Adds an entry behind the others.
    #[must_use]
    pub fn with_entry(mut self, entry: Entry<'a>) -> Self {
        self.entries.push(entry);
        self
    }

    /// Sets the `gd:etag`.
    #[must_use]
    pub fn with_etag(mut self, etag: impl Into<Cow<'a, str>>) -> Self {
        self.element = atom::tagged(self.element, etag.into());
        self
    }

    /// Sets the numbers of the page: how many there are in all, the place of the first one here, counted
    /// from 1, and how many there are here at most.
    #[must_use]
    pub fn with_page(self, total_results: u64, start_index: u64, items_per_page: u64) -> Self {
        let number = |name: &'static str, number: u64| {
            Element::new(OPENSEARCH, name).with_text(number.to_string())
        };
        self.with(number("totalResults", total_results))
            .with(number("startIndex", start_index))
            .with(number("itemsPerPage", items_per_page))
    }

    /// The feed without its entries, as an element.
    #[must_use]
    pub fn element(&self) -> &Element<'a> {
        &self.element
    }

    /// The entries, in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry<'a>] {
        &self.entries
    }

    /// The entries, in order, without the feed.
    #[must_use]
    pub fn into_entries(self) -> Vec<Entry<'a>> {
        self.entries
    }

    /// The permanent identifier.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.element.child_text(ATOM, "id")
    }

    /// The title as text.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.element.child_text(ATOM, "title")
    }

    /// When the feed last changed, as written; a [`Timestamp`](crate::Timestamp) parses it.
    #[must_use]
    pub fn updated(&self) -> Option<&str> {
        self.element.child_text(ATOM, "updated")
    }

    /// The `gd:etag`, quotes and `W/` included, ready for `If-None-Match`.
    #[must_use]
    pub fn etag(&self) -> Option<&str> {
        self.element.attribute_in(GD, "etag")
    }

    /// How many entries there are on all pages.
    #[must_use]
    pub fn total_results(&self) -> Option<u64> {
        self.number("totalResults")
    }

    /// The place of the first entry here, counted from 1.
    #[must_use]
    pub fn start_index(&self) -> Option<u64> {
        self.number("startIndex")
    }

    /// How many entries a page has at most.
    #[must_use]
    pub fn items_per_page(&self) -> Option<u64> {
        self.number("itemsPerPage")
    }

    /// The first author.
    #[must_use]
    pub fn author(&self) -> Option<Person<'_>> {
        entry::author_of(&self.element)
    }

    /// All links, in order.
    pub fn links(&self) -> impl Iterator<Item = Link<'_>> {
        entry::links_of(&self.element)
    }

    /// All categories, in order.
    pub fn categories(&self) -> impl Iterator<Item = Category<'_>> {
        entry::categories_of(&self.element)
    }

    /// The address of the first link of that relation.
    #[must_use]
    pub fn url(&self, rel: &str) -> Option<&str> {
        self.links()
            .find(|link| link.rel == rel)
            .map(|link| link.href)
    }

    /// The next page, where there is one.
    #[must_use]
    pub fn next_url(&self) -> Option<&str> {
        self.url("next")
    }

    /// The feed document. Law: [`parse`](Self::parse) of it gives an equal feed.
    ///
    /// # Errors
    /// [`Kind::Input`](crate::Kind::Input) when a name is no XML name without a prefix, a text holds a
    /// control character, or a bound of [`parse`](Self::parse) is passed.
    pub fn to_xml(&self) -> Result<String, Error> {
        let entries: Vec<&Element<'_>> = self.entries.iter().map(Entry::element).collect();
        xml::print(&self.element, &entries, &Self::LIMITS)
    }

    /// The same feed, no longer tied to the document.
    #[must_use]
    pub fn into_owned(self) -> Feed<'static> {
        Feed {
            element: self.element.into_owned(),
            entries: self.entries.into_iter().map(Entry::into_owned).collect(),
        }
    }

    /// A number of OpenSearch 1.1 or, in version 1 feeds, 1.0.
    fn number(&self, name: &str) -> Option<u64> {
        [OPENSEARCH, OPENSEARCH_1_0]
            .into_iter()
            .find_map(|namespace| self.element.child_text(namespace, name))
            .and_then(|text| text.trim().parse().ok())
    }
}
