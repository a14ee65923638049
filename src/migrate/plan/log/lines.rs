//! Lines of a stream, none of them longer than a bound.

use std::io::{self, BufRead};

/// What came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// A line, in the buffer.
    Whole,
    /// A line above the bound; it is passed over.
    TooLong,
    /// Nothing more.
    End,
}

/// Reads the next line into `buffer`, without its end.
pub(super) fn next(from: &mut dyn BufRead, buffer: &mut Vec<u8>, max: usize) -> io::Result<Line> {
    buffer.clear();
    let (mut any, mut too_long) = (false, false);
    loop {
        let piece = match from.fill_buf() {
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => continue,
            piece => piece?,
        };
        if piece.is_empty() {
            return Ok(match (any, too_long) {
                (false, _) => Line::End,
                (true, true) => Line::TooLong,
                (true, false) => Line::Whole,
            });
        }
        any = true;
        let end = memchr::memchr(b'\n', piece);
        let part = &piece[..end.unwrap_or(piece.len())];
        too_long |= buffer.len() + part.len() > max;
        if !too_long {
            buffer.extend_from_slice(part);
        }
        let taken = part.len() + usize::from(end.is_some());
        from.consume(taken);
        if end.is_some() {
            return Ok(match too_long {
                true => Line::TooLong,
                false => Line::Whole,
            });
        }
    }
}
