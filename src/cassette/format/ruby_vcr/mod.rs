//! Cassettes of Ruby VCR, 1.x to 6.x, read; those of 6.x written (cassettes.md 3.1).
//!
//! ```text
//! 2.x on   a map   http_interactions: [{request, response, recorded_at}], recorded_with
//! 1.x      a list  - !ruby/struct:VCR::HTTPInteraction {request: !ruby/struct:VCR::Request …}
//! ```
//!
//! YAML or JSON, and YAML in a zlib stream (`:compressed`). ERB and placeholders stay text.

pub(super) mod body;
pub(super) mod read;
mod write;

use super::{
    Format, Source,
    yaml::{self, Document, Value, gather, sniff},
};
use crate::{
    cassette::{Reading, coding},
    error::Error,
};

pub(super) use write::write;

/// Whether it is one.
pub(super) fn is(source: &Source<'_>) -> bool {
    sniff::tell(source) == Some(Format::RubyVcr)
}

/// Reads one.
///
/// # Errors
/// [`Kind::Reply`](crate::Kind::Reply) when it holds no list of interactions.
pub(super) fn read(source: &Source<'_>) -> Result<Reading, Error> {
    if !coding::is_zlib(&source.bytes) {
        return of(
            Format::RubyVcr,
            source,
            &yaml::load(&source.bytes, source.limits),
        );
    }
    let (plain, damage) = coding::unzlib_part(&source.bytes, source.limits.file);
    let mut document = yaml::load(&plain, source.limits);
    if let Some(damage) = damage {
        document.tear(&damage.to_string());
    }
    of(Format::RubyVcr, source, &document)
}

/// Reads the map or the list; Betamax has the map too.
pub(super) fn of(
    format: Format,
    source: &Source<'_>,
    document: &Document,
) -> Result<Reading, Error> {
    let mut scribe = gather::Scribe::new(source);
    let root = &document.root;
    if let Value::List(_) = root.value {
        let list = (Some(root), "");
        return gather::gather(format, document, list, scribe, read::interaction);
    }
    scribe.members(root, &["http_interactions", "recorded_with"]);
    let list = (root.get("http_interactions"), "http_interactions");
    let mut reading = gather::gather(format, document, list, scribe, read::interaction)?;
    reading.cassette.recorded_with = root
        .get("recorded_with")
        .filter(|node| !node.is_null())
        .and_then(|node| node.scalar())
        .map(str::to_owned);
    Ok(reading)
}
