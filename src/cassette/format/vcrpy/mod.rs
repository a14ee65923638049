//! Cassettes of vcrpy: version 1 in YAML and JSON, its httpx dialect, and the list from before 1.0 (cassettes.md 3.2).
//!
//! ```text
//! version 1   interactions: [{request: {method, uri, body, headers}, response: {status, headers, body: {string}}}]
//! httpx       … response: {status_code, http_version, headers, content}
//! before 1.0  [{request: {protocol, host, port, path, method, body, headers}, response: …}]
//! ```
//!
//! Tags of Python are names: of a `BytesIO` the bytes in its state are read, of other objects nothing.

mod read;
mod write;

use super::{
    Format, Source,
    yaml::{self, Value, gather, sniff},
};
use crate::{cassette::Reading, error::Error};

pub(super) use write::write;

/// Whether it is one.
pub(super) fn is(source: &Source<'_>) -> bool {
    sniff::tell(source) == Some(Format::Vcrpy)
}

/// Reads one.
///
/// # Errors
/// [`Kind::Reply`](crate::Kind::Reply) when it holds no list of interactions.
pub(super) fn read(source: &Source<'_>) -> Result<Reading, Error> {
    let document = yaml::load(&source.bytes, source.limits);
    let mut scribe = gather::Scribe::new(source);
    let root = &document.root;
    let list = match root.value {
        Value::List(_) => (Some(root), ""),
        _ => {
            scribe.members(root, &["version", "interactions"]);
            (root.get("interactions"), "interactions")
        }
    };
    gather::gather(Format::Vcrpy, &document, list, scribe, read::interaction)
}
