//! Cassettes of Betamax (Python): the map of VCR 2 in JSON (cassettes.md 3.4).
//!
//! Moments have no zone and are UTC. The old form has `status_code`, and headers of one value each.

use super::{
    Format, Source, ruby_vcr,
    yaml::{self, sniff},
};
use crate::{cassette::Reading, error::Error};

/// Whether it is one.
pub(super) fn is(source: &Source<'_>) -> bool {
    sniff::tell(source) == Some(Format::Betamax)
}

/// Reads one.
///
/// # Errors
/// [`Kind::Reply`](crate::Kind::Reply) when it holds no list of interactions.
pub(super) fn read(source: &Source<'_>) -> Result<Reading, Error> {
    let document = yaml::load(&source.bytes, source.limits);
    ruby_vcr::of(Format::Betamax, source, &document)
}
