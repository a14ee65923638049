//! Where the bytes of an upload come from: a place that can be read from again.

use std::io::{self, Read, Seek, SeekFrom};

use bytes::Bytes;

/// Gives the bytes of an upload, a chunk at a time, from any place: after a break the server may want
/// bytes again.
///
/// Implemented for [`Bytes`], for [`Stream`] over whatever can [`Read`] and [`Seek`], and for closures.
pub trait Source: Send {
    /// Exactly `length` bytes from `offset` on.
    ///
    /// # Errors
    /// What the medium says; [`io::ErrorKind::UnexpectedEof`] when there are fewer.
    fn read_at(&mut self, offset: u64, length: usize) -> io::Result<Bytes>;
}

impl<F: FnMut(u64, usize) -> io::Result<Bytes> + Send> Source for F {
    fn read_at(&mut self, offset: u64, length: usize) -> io::Result<Bytes> {
        self(offset, length)
    }
}

/// Slices, without a copy.
impl Source for Bytes {
    fn read_at(&mut self, offset: u64, length: usize) -> io::Result<Bytes> {
        let from = usize::try_from(offset).ok();
        from.and_then(|from| Some(from..from.checked_add(length)?))
            .filter(|range| range.end <= self.len())
            .map(|range| self.slice(range))
            .ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

/// A file, or anything else that can be read and sought.
///
/// It holds one chunk, in memory that is used again once the transport has let go of it. Reading blocks, as
/// files do: from a slow medium, give a closure that reads ahead.
///
/// # Examples
/// ```
/// use gdata_auth::client::{Source, Stream};
///
/// let mut stream = Stream::new(std::io::Cursor::new(b"tides and ferries"));
/// assert_eq!(stream.read_at(10, 7)?, "ferries");
/// assert_eq!(stream.read_at(0, 5)?, "tides");
/// assert!(stream.read_at(10, 8).is_err());
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct Stream<R> {
    inner: R,
    last: Bytes,
}

impl<R: Read + Seek> Stream<R> {
    /// Reads from `inner`, whose first byte is the first of the upload.
    pub fn new(inner: R) -> Self {
        Self {
            inner,
            last: Bytes::new(),
        }
    }

    /// How many bytes there are.
    ///
    /// # Errors
    /// What `inner` says.
    pub fn total(&mut self) -> io::Result<u64> {
        self.inner.seek(SeekFrom::End(0))
    }

    /// What it reads from.
    pub fn into_inner(self) -> R {
        self.inner
    }
}

impl<R: Read + Seek + Send> Source for Stream<R> {
    fn read_at(&mut self, offset: u64, length: usize) -> io::Result<Bytes> {
        let mut room = match std::mem::take(&mut self.last).try_into_mut() {
            Ok(unshared) => Vec::from(unshared),
            Err(_) => Vec::new(),
        };
        room.clear();
        room.reserve_exact(length);
        self.inner.seek(SeekFrom::Start(offset))?;
        let read = self
            .inner
            .by_ref()
            .take(length as u64)
            .read_to_end(&mut room)?;
        if read < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.last = Bytes::from(room);
        Ok(self.last.clone())
    }
}
