//! Sources that have to be held as a whole.

use std::io::BufRead;

use super::super::{
    input::{self, Limits},
    run::{Broken, Out},
};

/// The whole source, without a byte order mark; what is too long is told.
pub(super) fn whole(
    reader: &mut dyn BufRead,
    limits: &Limits,
    out: &mut Out<'_>,
) -> Result<Option<Vec<u8>>, Broken> {
    let whole = input::whole(reader, limits.document)?;
    if whole.is_none() {
        out.problem(
            "the file",
            format_args!(
                "expected at most {} bytes of a document, got more: split it, or write it as lines",
                limits.document
            ),
        )?;
    }
    Ok(
        whole.map(|bytes| match bytes.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) => rest.to_vec(),
            None => bytes,
        }),
    )
}
