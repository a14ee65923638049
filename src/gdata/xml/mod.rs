//! XML documents, read into and printed from [`Element`] trees.
//!
//! ```text
//! bytes --read--> Element --print--> text        law: read(print(x)) == x
//! ```
//!
//! This module knows namespaces and bounds, and refuses to know Atom. Refused for good: `<!DOCTYPE>` and
//! with it every entity but the five predefined ones and numbered characters; encodings other than UTF-8,
//! which is all that Google declared; control characters, which XML 1.0 has no place for.

mod attributes;
#[cfg(feature = "cassette")]
mod document;
mod names;
mod print;
mod read;

use crate::gdata::element::{Attribute, Element};

#[cfg(feature = "cassette")]
pub(crate) use document::read_xml;
pub(super) use print::print;
pub(super) use read::read;

/// How much of a document is read or printed before it is refused, and what errors call it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// What the document is, for messages.
    pub(super) what: &'static str,
    /// The most bytes.
    pub(super) bytes: usize,
    /// The most elements inside one another.
    pub(super) depth: usize,
    /// The most elements and attributes together.
    pub(super) nodes: usize,
}

/// The most attributes of one element.
const MAX_ATTRIBUTES: usize = 64;
