//! A source as its readers see it: a beginning to look at, then records or the whole, never more than is allowed.

use std::io::{self, BufRead, Read};

/// How much is read at once.
///
/// # Examples
/// ```
/// use gdata_auth::migrate::import::Limits;
///
/// let limits = Limits::default();
/// assert!(limits.record < limits.document);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of one record, line or entry.
    pub record: usize,
    /// Bytes of a document that has to be read as a whole.
    pub document: usize,
    /// Values in a pickle or a PHP session.
    pub values: usize,
    /// Problems that are told of one file; the rest are counted.
    pub problems: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            record: 1 << 20,
            document: 64 << 20,
            values: 4_000_000,
            problems: 100,
        }
    }
}

/// The bytes that are looked at to tell a form.
pub(super) const HEAD: usize = 64 << 10;

/// How a record ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// At this byte.
    At(u8),
    /// At the end of the source.
    Source,
}

/// Reads up to one of two delimiters, which is taken and left out. False in the second place: the record was longer
/// than `most`, and only its beginning is there. `None`: nothing is left.
pub(super) fn record(
    reader: &mut dyn BufRead,
    into: &mut Vec<u8>,
    ends: (u8, u8),
    most: usize,
) -> io::Result<Option<(End, bool)>> {
    into.clear();
    let (mut whole, mut any) = (true, false);
    loop {
        let available = match reader.fill_buf() {
            Ok(available) => available,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
            Err(cause) => return Err(cause),
        };
        if available.is_empty() {
            return Ok(any.then_some((End::Source, whole)));
        }
        any = true;
        let end = memchr::memchr2(ends.0, ends.1, available);
        let piece = &available[..end.unwrap_or(available.len())];
        let room = most.saturating_sub(into.len());
        whole &= piece.len() <= room;
        into.extend_from_slice(&piece[..piece.len().min(room)]);
        let taken = piece.len() + usize::from(end.is_some());
        let delimiter = end.map(|at| available[at]);
        reader.consume(taken);
        if let Some(delimiter) = delimiter {
            return Ok(Some((End::At(delimiter), whole)));
        }
    }
}

/// The whole source, or `None` when it is longer than `most`.
pub(super) fn whole(reader: &mut dyn BufRead, most: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
    reader.take(limit).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= most).then_some(bytes))
}

/// The first bytes, as many as there are up to [`HEAD`].
pub(super) fn head(reader: &mut dyn BufRead) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(HEAD as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
