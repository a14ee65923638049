//! Mappings of WireMock: one stub, or `mappings` with many; read, and written.
//!
//! ```text
//! matcher    one test of one piece ⇄ Criterion          both ways
//! read       stub → interaction with a pattern and an example of what it takes
//! write      interaction → stub; one that somebody sent gets a pattern by its media type
//! ```
//!
//! A stub is a pattern. What a mapping tells beyond [`Pattern`](crate::cassette::Pattern) (delays, transformers,
//! ids) stands in [`Provenance::extra`](crate::cassette::Provenance) under its own name, and is written again.
//! Nothing is executed: a template of Handlebars stays text.
//!
//! Source: WireMock 3 (`StubMapping`, `RequestPattern`, `ResponseDefinition`); cassettes.md 1.2 and 3.4.

mod matcher;
mod pattern;
mod read;
mod recorded;
mod write;

use super::{
    Format, Source,
    json::{Outline, Shape},
};

pub(super) use self::{read::read, write::write};

const FORMAT: Format = Format::WireMock;

/// Where `bodyFileName` leads, beside the mappings or beside their folder.
const FILES: &str = "__files";

/// The priority of a stub that names none.
const PRIORITY: i64 = 5;

/// The state in which each scenario begins.
const STARTED: &str = "Started";

/// What a stub does instead of answering (`Fault.java`).
const FAULTS: &[&str] = &[
    "CONNECTION_RESET_BY_PEER",
    "EMPTY_RESPONSE",
    "MALFORMED_RESPONSE_CHUNK",
    "RANDOM_DATA_THEN_CLOSE",
];

/// The kinds of address, of which a stub has one.
const URLS: &[&str] = &[
    "url",
    "urlPattern",
    "urlPath",
    "urlPathPattern",
    "urlPathTemplate",
];

pub(super) fn is(source: &Source<'_>) -> bool {
    let outline = Outline::of(&source.bytes);
    if outline.is_array {
        return false;
    }
    let is_stub = outline.has_as("request", Shape::Object)
        && outline.has_as("response", Shape::Object)
        && !outline.has("request.uri");
    outline.has_as("mappings", Shape::Array) || is_stub
}
