//! HTTP Archive 1.2: our own form, and the dialects of browsers, Polly, Playwright and mitmproxy.
//!
//! ```text
//! draft      what an entry says, as slices of the file           any dialect
//! body       its bodies as bytes: base64, Polly's chunks, files beside
//! marks      `_gdataAuth` of an entry: what HAR cannot hold       our own form
//! read       log → cassette        write     cassette → log       append     entries at the end of a log
//! ```
//!
//! A log with a `_gdataAuth` object before its entries is our own: what is written is read back the same, to the
//! byte. Any other log is read as recorders mean it: content is decoded while `Content-Encoding` stands, a status of
//! 0 is a failure. Fields of a recorder's own (`_priority`) are kept in
//! [`Provenance::extra`](crate::cassette::Provenance).
//!
//! Source: HAR 1.2 (Jan Odvarko, 2012); cassettes.md 3.3.

mod append;
mod attached;
mod body;
mod draft;
mod marks;
mod pattern;
mod read;
mod write;

use super::{
    Format, Source,
    json::{Outline, Shape},
};

pub use self::append::append;
pub(super) use self::{read::read, write::write};

/// The format.
const FORMAT: Format = Format::Har;

/// The version of what `_gdataAuth` holds.
const VERSION: u64 = 1;

/// How a zip archive begins: Playwright packs a log with its bodies.
const ZIP: &[u8] = b"PK\x03\x04";

pub(super) fn is(source: &Source<'_>) -> bool {
    source.bytes.starts_with(ZIP) || {
        let outline = Outline::of(&source.bytes);
        !outline.is_array && outline.has_as("log", Shape::Object)
    }
}
