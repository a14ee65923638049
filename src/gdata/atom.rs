//! The elements of Atom that feeds and entries share, made in one word each.
//!
//! Each function gives an [`Element`] for [`Feed::with`](crate::gdata::Feed::with) or
//! [`Entry::with`](crate::gdata::Entry::with); readers of the same elements stand on those types.
//!
//! # Source
//! RFC 4287, 4.2; `gd:kind` categories as in the recorded feeds of legacy-protocol.md 2.

use std::borrow::Cow;

use crate::gdata::{
    element::Element,
    namespaces::{ATOM, GD},
};

/// The `scheme` of the category that tells what kind of thing a gdata entry is.
pub const KIND: &str = "http://schemas.google.com/g/2005#kind";

/// `<name>text</name>`.
#[must_use]
pub fn text<'a>(name: impl Into<Cow<'a, str>>, text: impl Into<Cow<'a, str>>) -> Element<'a> {
    Element::new(ATOM, name).with_text(text)
}

/// The permanent identifier.
#[must_use]
pub fn id<'a>(id: impl Into<Cow<'a, str>>) -> Element<'a> {
    text("id", id)
}

/// The title, as plain text.
#[must_use]
pub fn title<'a>(title: impl Into<Cow<'a, str>>) -> Element<'a> {
    text("title", title)
}

/// When it last changed, in RFC 3339.
#[must_use]
pub fn updated<'a>(moment: impl Into<Cow<'a, str>>) -> Element<'a> {
    text("updated", moment)
}

/// When it first appeared, in RFC 3339.
#[must_use]
pub fn published<'a>(moment: impl Into<Cow<'a, str>>) -> Element<'a> {
    text("published", moment)
}

/// A link: its relation, media type and address.
///
/// # Examples
/// ```
/// use gdata_auth::gdata::{Entry, atom};
///
/// let address = "https://gdata.youtube.com/feeds/api/videos/x";
/// let entry = Entry::new().with(atom::link("self", "application/atom+xml", address));
/// assert_eq!(entry.self_url(), Some(address));
/// ```
#[must_use]
pub fn link<'a>(
    rel: impl Into<Cow<'a, str>>,
    media_type: impl Into<Cow<'a, str>>,
    href: impl Into<Cow<'a, str>>,
) -> Element<'a> {
    Element::new(ATOM, "link")
        .with_attribute("rel", rel)
        .with_attribute("type", media_type)
        .with_attribute("href", href)
}

/// A category: its scheme and term.
#[must_use]
pub fn category<'a>(scheme: impl Into<Cow<'a, str>>, term: impl Into<Cow<'a, str>>) -> Element<'a> {
    Element::new(ATOM, "category")
        .with_attribute("scheme", scheme)
        .with_attribute("term", term)
}

/// An author; add `uri` and `email` with [`text()`].
#[must_use]
pub fn author<'a>(name: impl Into<Cow<'a, str>>) -> Element<'a> {
    Element::new(ATOM, "author").with(text("name", name))
}

/// Content in line, such as type `text`.
#[must_use]
pub fn content<'a>(
    media_type: impl Into<Cow<'a, str>>,
    text: impl Into<Cow<'a, str>>,
) -> Element<'a> {
    Element::new(ATOM, "content")
        .with_attribute("type", media_type)
        .with_text(text)
}

/// Content elsewhere: its media type and address.
#[must_use]
pub fn content_at<'a>(
    media_type: impl Into<Cow<'a, str>>,
    source: impl Into<Cow<'a, str>>,
) -> Element<'a> {
    Element::new(ATOM, "content")
        .with_attribute("type", media_type)
        .with_attribute("src", source)
}

/// Sets `gd:etag`, which stands on the root of a feed or entry.
pub(super) fn tagged<'a>(root: Element<'a>, etag: Cow<'a, str>) -> Element<'a> {
    root.with_attribute_in(GD, "etag", etag)
}
