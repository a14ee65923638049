//! A document of any kind: what a recording holds is not always Atom.

use super::{Element, Limits, read};
use crate::error::Error;

/// The tree of a document of any kind, named `what` in errors.
///
/// # Errors
/// [`Kind::Reply`](crate::Kind::Reply) when it is no XML as the [module](super) reads it, or too large.
pub(crate) fn read_xml<'a>(what: &'static str, document: &'a [u8]) -> Result<Element<'a>, Error> {
    let limits = Limits {
        what,
        bytes: 64 << 20,
        depth: 64,
        nodes: 1_000_000,
    };
    read(document, &limits)
}
