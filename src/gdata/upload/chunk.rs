//! One step of a resumable upload: some bytes, or the question how many have arrived.
//!
//! ```text
//! PUT  Content-Range: bytes 0-4194303/8000000   308  Range: bytes=0-4194303   Incomplete
//! PUT  Content-Range: bytes */8000000           308  without Range            Incomplete, nothing yet
//! PUT  Content-Range: bytes 4194304-…           201  entry                    Complete
//!                                               404, 410                      SessionGone
//!                                               308  with Location            a redirect, and no progress
//! ```
//!
//! # Source
//! legacy-protocol.md 2.7. That chunks are multiples of 256 KiB, and that 404 and 410 end a session, is how
//! Google documented the same protocol for its later APIs.

use std::{error::Error as StdError, fmt};

use bytes::Bytes;
use http::{Method, Request, Response, header};

use super::{
    range::{ContentRange, Received},
    session::Session,
    target::fill,
    uploaded::{Uploaded, unexpected},
};
use crate::{
    error::{Advice, Error, Kind},
    exchange::Exchange,
    gdata::{Cause, Refusal},
};

/// How many bytes a chunk has: a multiple of [`GRANULE`](Self::GRANULE).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChunkSize(usize);

impl ChunkSize {
    /// What all chunks but the last are a multiple of.
    pub const GRANULE: usize = 256 * 1024;

    /// A size of that many bytes.
    ///
    /// # Errors
    /// [`Kind::Input`] when it is 0 or no multiple of [`GRANULE`](Self::GRANULE).
    pub fn new(bytes: usize) -> Result<Self, Error> {
        if bytes == 0 || !bytes.is_multiple_of(Self::GRANULE) {
            return Err(Error::input(
                "chunk size",
                format_args!(
                    "expected a multiple of {} bytes, got {bytes}",
                    Self::GRANULE
                ),
            ));
        }
        Ok(Self(bytes))
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(self) -> usize {
        self.0
    }
}

/// 8 MiB.
impl Default for ChunkSize {
    fn default() -> Self {
        Self(8 * 1024 * 1024)
    }
}

/// Some bytes of the media.
#[derive(Clone, Debug)]
pub struct Chunk {
    session: Session,
    range: ContentRange,
    bytes: Bytes,
}

impl Chunk {
    /// The bytes from `offset` on.
    ///
    /// # Errors
    /// [`Kind::Input`] when there is no byte, one past the total of the session, or, before its end, no
    /// multiple of [`ChunkSize::GRANULE`].
    pub fn new(session: &Session, offset: u64, bytes: Bytes) -> Result<Self, Error> {
        let range = ContentRange::bytes(offset, bytes.len() as u64, session.total())?;
        let last = offset + bytes.len() as u64 == session.total();
        if !last && !bytes.len().is_multiple_of(ChunkSize::GRANULE) {
            return Err(Error::input(
                "chunk",
                format_args!(
                    "expected a multiple of {} bytes before the end, got {}",
                    ChunkSize::GRANULE,
                    bytes.len()
                ),
            ));
        }
        Ok(Self {
            session: session.clone(),
            range,
            bytes,
        })
    }

    /// Which bytes they are.
    #[must_use]
    pub fn range(&self) -> ContentRange {
        self.range
    }
}

impl Exchange for Chunk {
    type Output = Progress;

    fn request(&self) -> Request<Bytes> {
        request(&self.session, self.range, self.bytes.clone())
    }

    fn parse(&self, reply: &Response<Bytes>) -> Result<Progress, Error> {
        let most = match self.range {
            ContentRange::Bytes { last, .. } => last + 1,
            ContentRange::Probe { total } => total,
        };
        Progress::read(reply, most)
    }
}

/// The question how many bytes have arrived.
#[derive(Clone, Debug)]
pub struct Probe {
    session: Session,
}

impl Probe {
    /// Asks for the state of a session.
    #[must_use]
    pub fn new(session: &Session) -> Self {
        Self {
            session: session.clone(),
        }
    }
}

impl Exchange for Probe {
    type Output = Progress;

    fn request(&self) -> Request<Bytes> {
        let total = self.session.total();
        request(&self.session, ContentRange::Probe { total }, Bytes::new())
    }

    fn parse(&self, reply: &Response<Bytes>) -> Result<Progress, Error> {
        Progress::read(reply, self.session.total())
    }
}

/// How far an upload is.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// More is needed.
    Incomplete {
        /// How many bytes from the first one on have arrived.
        received: u64,
    },
    /// All of it is there.
    Complete(Uploaded),
}

impl Progress {
    /// Reads a reply to a chunk or a probe, after which the server can have `most` bytes.
    ///
    /// # Errors
    /// [`Kind::Refused`] with [`SessionGone`] as its source when the server does not know the session; what
    /// [`Refusal`] says of other refusals; [`Kind::Refused`] for a redirect, a 308 with `Location` included;
    /// [`Kind::Reply`] for other statuses, a broken `Range`, and more bytes than were sent.
    pub fn read(reply: &Response<Bytes>, most: u64) -> Result<Self, Error> {
        let status = reply.status().as_u16();
        let redirected = reply.headers().contains_key(header::LOCATION);
        match status {
            200 | 201 => Uploaded::read(reply).map(Self::Complete),
            308 if !redirected => {
                let Received(received) = Received::read(reply.headers())?;
                if received > most {
                    return Err(Error::reply(
                        "range",
                        format_args!("expected at most {most} bytes, got {received}"),
                    ));
                }
                Ok(Self::Incomplete { received })
            }
            404 | 410 => Err(SessionGone::error(reply)),
            _ => Err(unexpected(reply, "308, 200 or 201")),
        }
    }
}

/// The server does not know the session, or no longer: the media has to be sent from its start, with a new
/// [`CreateSession`](super::CreateSession).
///
/// It is the source of the error; the refusal itself is the source of this.
#[derive(Debug)]
pub struct SessionGone(Refusal);

impl SessionGone {
    /// Whether that is what happened.
    ///
    /// # Examples
    /// ```
    /// use bytes::Bytes;
    /// use gdata_auth::{Exchange, gdata::upload::{Probe, Session, SessionGone}};
    ///
    /// let session = Session::new("https://docs.google.com/u?upload_id=1", "video/mp4", 9)?;
    /// let reply = http::Response::builder().status(404).body(Bytes::new())?;
    /// let error = Probe::new(&session).parse(&reply).unwrap_err();
    /// assert!(SessionGone::is_cause_of(&error));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn is_cause_of(error: &Error) -> bool {
        StdError::source(error).is_some_and(|source| source.is::<Self>())
    }

    /// The refusal.
    #[must_use]
    pub fn refusal(&self) -> &Refusal {
        &self.0
    }

    fn error(reply: &Response<Bytes>) -> Error {
        let Some(refusal) = Refusal::read(reply) else {
            return unexpected(reply, "308, 200 or 201");
        };
        // A page of documentation where an endpoint was (legacy-protocol.md 3.3).
        if refusal.cause() == Cause::Retired && refusal.status().as_u16() == 404 {
            return refusal.into_error();
        }
        let gone = Self(refusal);
        Error::new(Kind::Refused, gone.to_string())
            .advising(Advice::Retry { after: None })
            .caused_by(gone)
    }
}

impl fmt::Display for SessionGone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the upload session is gone: create a new one and send the media from its start ({})",
            self.0
        )
    }
}

impl StdError for SessionGone {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.0)
    }
}

fn request(session: &Session, range: ContentRange, bytes: Bytes) -> Request<Bytes> {
    let mut request = Request::new(Bytes::new());
    *request.method_mut() = Method::PUT;
    *request.uri_mut() = session.uri().clone();
    request
        .headers_mut()
        .insert(header::CONTENT_RANGE, range.header());
    fill(&mut request, session.content_type(), bytes);
    request
}
